"""How long a draft is kept, what may be in it, and the states of a long run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.my_number import scrub
from tsunagi.shared.refusal import Refused

KEPT_FOR = timedelta(days=30)
"""A draft nobody touched for so long is deleted (個情法 22条: what is no longer needed is not kept)."""

LONGEST_DRAFT = 300_000
"""Letters of all fields of one draft together."""

MOST_FILES = 20
"""Files one form may bring at once."""

_NOT_TYPED = ("csrfmiddlewaretoken", "seq", "keep", "drop_file")
_EXCERPT = 40


class RunState(Labelled):
    """Where a long run is."""

    WAITING = "waiting", "順番待ち"
    RUNNING = "running", "実行中"
    DONE = "done", "終わりました"
    FAILED = "failed", "できませんでした"
    CANCELLED = "cancelled", "中止しました"

    @classmethod
    def ended(cls) -> tuple[RunState, ...]:
        """The states nothing follows."""
        return (cls.DONE, cls.FAILED, cls.CANCELLED)


class TooLong(Refused):
    """More than a draft can hold."""


def body_of(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What is kept of a form's fields: no tokens, no passwords, no 個人番号 (番号法 20条: it may not be kept).

    Raises TooLong.
    """
    kept = {
        # PostgreSQL keeps no NUL in a text.
        name.replace("\0", ""): [scrub(value.replace("\0", ""))[0] for value in values]
        for name, values in fields.items()
        if name not in _NOT_TYPED and "password" not in name
    }
    if sum(len(value) for values in kept.values() for value in values) > LONGEST_DRAFT:
        raise TooLong("長すぎて下書きにできません。分けて保存してください。")
    return kept


def excerpt_of(body: Mapping[str, Sequence[str]]) -> str:
    """The first words of the longest text, so that its writer knows which draft this is."""
    texts = [
        value.strip() for name, values in body.items() if not name.startswith("draft") for value in values
    ]
    longest = " ".join(max(texts, key=len, default="").split())
    return longest if len(longest) <= _EXCERPT else longest[:_EXCERPT] + "…"


def size_words(size: int) -> str:
    """A size as people say it: 「320KB」「1.4MB」."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}KB"
    return f"{size / 1024 / 1024:.1f}MB"


def is_here(link: str) -> bool:
    """Whether a link stays in this product: a path, not another server's address."""
    return link.startswith("/") and not link.startswith(("//", "/\\")) and len(link) <= 200


def is_forgotten(touched_at: datetime, at: datetime) -> bool:
    """Whether a draft has not been touched for as long as drafts are kept."""
    return touched_at < at - KEPT_FOR


class ListPlace(Labelled):
    """A list that can be filtered, kept and taken away."""

    TRIAGE = "triage", "受付"
    MINE = "mine", "受け持ち一覧"
    PEOPLE = "people", "人・世帯"
    NET = "net", "網"
    REFERRALS = "referrals", "つなぎ"
    TODAY = "today", "今日"


PARAMETERS: dict[ListPlace, tuple[str, ...]] = {
    ListPlace.TRIAGE: ("scope", "sort", "urgency"),
    ListPlace.MINE: ("show", "sort", "kind", "urgency"),
    ListPlace.PEOPLE: ("district", "sort"),
    ListPlace.NET: ("office",),
    ListPlace.REFERRALS: ("box", "show"),
}
"""What a filter of each list may hold: never the box for names, and only codes and numbers."""

_CODE = re.compile(r"[a-z0-9_\-]{1,40}")


def asked_of(place: str, said: Mapping[str, str]) -> dict[str, str]:
    """What of an address can be kept as a filter: the list's own parameters, as codes and numbers. Nothing typed."""
    known = PARAMETERS.get(ListPlace(place), ()) if place in ListPlace.values() else ()
    return {name: said[name] for name in known if _CODE.fullmatch(said.get(name, ""))}


class ShownKind(Labelled):
    """What can be shown round (供覧)."""

    CONSULTATION = "consultation", "相談"
    CONCERN = "concern", "課題・終結"
    CASE = "case", "支援の記録"
    MEETING = "meeting", "所内会議"


MOST_WITHOUT_A_REASON = 50
"""Persons: more of them leave the office only with a reason the manager sees (screens.md)."""


def needs_reason(*, persons: int, others_rows: bool) -> bool:
    """Whether a list may only be taken away with a reason."""
    return others_rows or persons > MOST_WITHOUT_A_REASON


def check_taking_away(*, persons: int, others_rows: bool, reason: str) -> None:
    """My own rows freely; more than fifty persons, or rows of others, with a reason (screens.md)."""
    if needs_reason(persons=persons, others_rows=others_rows) and not reason.strip():
        raise Refused(
            "50人を超える一覧と、ほかの職員の行は、わけを書くと書き出せます。わけは管理職に見えます。",
            field="reason",
        )


def check_filter_name(name: str) -> str:
    """The name a worker gives a filter: short, without numbers. Whose names may not be in it is asked by the caller."""
    plain = " ".join(name.split())
    if not plain:
        raise Refused("条件に名前を付けてください。例：遅れているもの", field="name")
    if len(plain) > 30:
        raise Refused("名前は30字までにしてください。", field="name")
    if sum(letter.isdigit() for letter in plain) >= 6:
        raise Refused(
            "条件の名前に、電話や番号は書けません。何の一覧かが分かる言葉にしてください。", field="name"
        )
    return plain


def check_mark(*, ended: bool, is_reader: bool, read: bool) -> None:
    """A reader marks a record read once."""
    if not is_reader:
        raise Refused("この供覧は、あなたには回っていません。")
    if ended and not read:
        raise Refused("この供覧は、もう終わっています。")


def check_decision(*, decided: bool, decided_on: date, asked_on: date, on: date) -> None:
    """決裁: once, on a day between being shown round and today."""
    if decided:
        raise Refused("この供覧には、もう決裁があります。")
    if decided_on > on:
        raise Refused("決裁の日が先の日付です。決めた日を入れてください。", field="decided_on")
    if decided_on < asked_on:
        raise Refused("供覧を回す前の日です。決めた日を確かめてください。", field="decided_on")
