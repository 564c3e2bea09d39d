"""One line, typed in a hurry, read as an entry: 「訪問 14:00 30分 母:玄関で話せた 方針:来週電話」. Pure.

What stands first is read as kind, day, hour and minutes, in any order, until a word is none of them; 「だれか:」 is the
partner; the rest are the words, where 見立て: 方針: 次: begin their boxes. Nothing is guessed: what is not read as
something else is 事実.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tsunagi.shared.refusal import Refused

from .files import NoteKind

KINDS = {
    "訪問": NoteKind.VISIT,
    "同行": NoteKind.VISIT,
    "電話": NoteKind.PHONE,
    "電": NoteKind.PHONE,
    "tel": NoteKind.PHONE,
    "面談": NoteKind.MEETING,
    "面接": NoteKind.MEETING,
    "来所": NoteKind.MEETING,
    "所内": NoteKind.INTERNAL,
    "所内会議": NoteKind.INTERNAL,
    "他機関": NoteKind.OTHER_OFFICE,
    "照会": NoteKind.OTHER_OFFICE,
    "協議": NoteKind.OTHER_OFFICE,
    "会議": NoteKind.CONFERENCE,
    "手紙": NoteKind.OTHER,
    "メール": NoteKind.OTHER,
    "fax": NoteKind.OTHER,
}
_DAYS_AGO = {"今日": 0, "本日": 0, "きのう": 1, "昨日": 1, "おととい": 2, "一昨日": 2}
_DAY = re.compile(r"(?:(\d{4})[/年-])?(\d{1,2})[/月](\d{1,2})日?")
_CLOCK = re.compile(r"(午前|午後)?(\d{1,2})(?::(\d{2})|時(?:(半)|(\d{1,2})分)?)")
_SPAN = re.compile(r"(\d{1,2}:\d{2})[-~〜–](\d{1,2}:\d{2})")
_MINUTES = re.compile(r"(?:(\d{1,2})時間(半)?)?(?:(\d{1,3})分)?")
_BOXES = {
    "事実": "facts",
    "見立て": "judgement",
    "方針": "policy",
    "次": "next_step",
    "次の予定": "next_step",
}
_BOX = re.compile(r"(?:^|(?<=[\s。、]))(事実|見立て|方針|次の予定|次)[:：]\s*")
_PARTNER = re.compile(r"(?!\d+[:：])([^\s:：]{1,20})[:：](?!//)\s*")
LONGEST_LINE = 2_000


@dataclass(frozen=True)
class QuickLine:
    """How a line was read."""

    kind: NoteKind | None
    happened_at: datetime
    timed: bool
    minutes: int | None
    partner: str
    facts: str
    judgement: str
    policy: str
    next_step: str

    def as_note(self) -> dict[str, object]:
        """What `actions.write_note` takes."""
        return {
            "kind": self.kind.value if self.kind else "",
            "happened_at": self.happened_at,
            "minutes": self.minutes,
            "partner": self.partner,
            "facts": self.facts,
            "judgement": self.judgement,
            "policy": self.policy,
            "next_step": self.next_step,
        }


def read_line(line: str, *, now: datetime) -> QuickLine:
    """Read one line at `now` (aware, the city's time). Raises Refused for an empty line, or one of hours alone."""
    words = line.strip()
    if not words:
        raise Refused("ひとこと書いてください。例：訪問 14:00 30分 母:玄関で話せた", field="line")
    if len(words) > LONGEST_LINE:
        raise Refused(
            f"一行で書けるのは{LONGEST_LINE:,}文字までです。長い記録は「記録を書く」から書いてください。",
            field="line",
        )
    kind, day, clock, minutes = None, None, None, None
    rest = words
    while rest:
        token, _, after = rest.partition(" ") if " " in rest else _first(rest)
        plain = unicodedata.normalize("NFKC", token)
        if kind is None and plain.lower() in KINDS:
            kind = KINDS[plain.lower()]
        elif day is None and (found := _day_in(plain, now.date())) is not None:
            day = found
        elif clock is None and (span := _span_in(plain)) is not None:
            clock, minutes = span
        elif clock is None and (hour := _clock_in(plain)) is not None:
            clock = hour
        elif minutes is None and (lasted := _minutes_in(plain)) is not None:
            minutes = lasted
        else:
            break
        rest = after.lstrip()
    partner, rest = _partner_in(rest)
    boxes = _boxes_in(rest)
    if not any(boxes.values()):
        raise Refused(
            "何があったかが書かれていません。日時のあとに、ひとこと足してください。例：訪問 14:00 不在",
            field="line",
        )
    day = day or now.date()
    if clock is None:
        hour = now.time() if day == now.date() else time(12, 0)
    else:
        hour = clock
    happened_at = datetime.combine(day, hour, tzinfo=now.tzinfo)
    return QuickLine(kind, happened_at, clock is not None, minutes, partner, **boxes)


def _first(rest: str) -> tuple[str, str, str]:
    """The first word, where blanks may be full-width too."""
    pieces = re.split(r"\s", rest, maxsplit=1)
    return pieces[0], " ", pieces[1] if len(pieces) > 1 else ""


def _day_in(token: str, today: date) -> date | None:
    if token in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[token])
    found = _DAY.fullmatch(token)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        said = date(int(year or today.year), int(month), int(day))
        # Without a year it is the last such day, never one to come.
        return said if year or said <= today else date(today.year - 1, int(month), int(day))
    except ValueError:
        return None


def _clock_in(token: str) -> time | None:
    found = _CLOCK.fullmatch(token)
    if found is None:
        return None
    half_day, hours, minutes, half, spoken = found.groups()
    hour = int(hours) + (12 if half_day == "午後" and int(hours) < 12 else 0)
    minute = 30 if half else int(minutes or spoken or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _span_in(token: str) -> tuple[time, int] | None:
    found = _SPAN.fullmatch(token)
    if found is None:
        return None
    begins, ends = _clock_in(found[1]), _clock_in(found[2])
    if begins is None or ends is None or ends <= begins:
        return None
    return begins, (ends.hour - begins.hour) * 60 + ends.minute - begins.minute


def _minutes_in(token: str) -> int | None:
    found = _MINUTES.fullmatch(token)
    if found is None or not token:
        return None
    hours, half, minutes = found.groups()
    total = int(hours or 0) * 60 + (30 if half else 0) + int(minutes or 0)
    return total if 0 < total <= 1440 else None


def _partner_in(rest: str) -> tuple[str, str]:
    found = _PARTNER.match(rest)
    if found is None or found[1] in _BOXES:
        return "", rest
    return found[1], rest[found.end() :]


def _boxes_in(rest: str) -> dict[str, str]:
    boxes = dict.fromkeys(("facts", "judgement", "policy", "next_step"), "")
    at, name = 0, "facts"
    for found in _BOX.finditer(rest):
        boxes[name] = f"{boxes[name]} {rest[at : found.start()].strip()}".strip()
        at, name = found.end(), _BOXES[found[1]]
    boxes[name] = f"{boxes[name]} {rest[at:].strip()}".strip()
    return boxes
