"""What stands beside the record: jottings, the person's own words, templates; and what each of them is."""

from __future__ import annotations

from datetime import date, timedelta

from tsunagi.shared.labels import Labelled

JOTTING_DAYS = 30
JOTTING_SENTENCE = "ほかの職員に見せたり、仕事に使ったりした覚え書きは、記録です（開示の対象になります）。「記録に移す」で移してください。"
"""Said on the page: what is used by the office is a record of it (個情法78条, 公文書の「組織的に用いるもの」)."""


def jotting_gone_on(written_on: date) -> date:
    """The day on whose night a jotting is deleted."""
    return written_on + timedelta(days=JOTTING_DAYS)


class WordsOn(Labelled):
    """What the person's own words stand beside."""

    FILE = "file", "支援の全体"
    NOTE = "note", "ひとつの記録"
    ASSESSMENT = "assessment", "アセスメント"


class HowGiven(Labelled):
    """How the person gave their words."""

    SPOKEN = "spoken", "話した"
    WRITTEN = "written", "書いた"
    READ_OUT = "read_out", "代読・代筆"


class TemplateOf(Labelled):
    """Whose a template is."""

    CITY = "city", "市の定型"
    OFFICE = "office", "機関の定型"
    OWN = "own", "わたしの定型"


PLACEHOLDERS = {
    "日付": "今日の日付",
    "時刻": "今の時刻",
    "氏名": "支援の方・世帯の名前",
    "わたし": "書く人の名前",
    "機関": "書く人の機関",
}


def fill(text: str, values: dict[str, str]) -> str:
    """A template's text with {日付} and the other placeholders replaced; one nobody knows stays as it is."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
