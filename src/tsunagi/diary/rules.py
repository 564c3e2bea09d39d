"""What appointments, papers that were taken out and night papers are; when two things are at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

ASSUMED = timedelta(hours=1)
"""How long something lasts whose end nobody wrote down, where two things at once are looked for."""

FURTHEST = 366
"""Days ahead an appointment may lie; what is typed further away is a slip of the year."""

SHEETS_AT_ONCE = 20


class AppointmentKind(Labelled):
    """What is agreed for a day (予定)."""

    VISIT = "visit", "訪問"
    TOGETHER = "together", "同行"
    EXPERT = "expert", "専門相談"
    COMES = "comes", "来所"
    PHONE = "phone", "電話"


class AppointmentState(Labelled):
    """What became of an appointment. It stays planned until somebody says."""

    PLANNED = "planned", "予定"
    HAPPENED = "happened", "済み"
    CANCELLED = "cancelled", "取りやめ"


class PaperKind(Labelled):
    """What was printed to be carried outside (持ち出し簿)."""

    TODAY = "today", "今日の一覧"
    VISITS = "visits", "今日の訪問"


class HowReturned(Labelled):
    """What became of a paper that was carried outside."""

    FILED = "filed", "持ち帰って保管した"
    SHREDDED = "shredded", "持ち帰って裁断した"
    UNUSED = "unused", "印刷しただけで、持ち出さなかった"
    LOST = "lost", "見つからない（管理職に伝えた）"


GOES_OUT = (AppointmentKind.VISIT, AppointmentKind.TOGETHER)


@dataclass(frozen=True)
class Hours:
    """From when to when on a day; either may be unknown."""

    day: date
    begins: time | None = None
    ends: time | None = None

    @property
    def words(self) -> str:
        """「10:00–11:00」 as a page prints it; 「時刻は未定」 when nothing was said."""
        if self.begins is None:
            return "時刻は未定"
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}" if self.ends else f"{self.begins:%H:%M}–"

    def is_over(self, now: datetime) -> bool:
        """Whether this lies behind `now` (aware, in the city's time): then somebody has to say what became of it."""
        if self.day != now.date():
            return self.day < now.date()
        over = self.ends or self._assumed_end()
        return over is not None and over <= now.time()

    def meets(self, other: Hours) -> bool:
        """Whether both need the same hands at once. What has no hour meets nothing."""
        if self.day != other.day or self.begins is None or other.begins is None:
            return False
        return self.begins < other._until() and other.begins < self._until()

    def _until(self) -> time:
        return self.ends or self._assumed_end() or time.max

    def _assumed_end(self) -> time | None:
        if self.begins is None:
            return None
        end = datetime.combine(self.day, self.begins) + ASSUMED
        return end.time() if end.date() == self.day else time.max


def check_hours(hours: Hours, *, today: date) -> None:
    """Raise Refused for a day that has passed or lies too far away, or hours that end before they begin."""
    if hours.day < today:
        raise Refused(
            "過ぎた日です。もう会えたのなら「連絡を記録する」に書いてください。これからの予定なら、日を直してください。",
            field="day",
        )
    if (hours.day - today).days > FURTHEST:
        raise Refused("1年より先の日です。年を確かめてください。", field="day")
    if hours.begins is None and hours.ends is not None:
        raise Refused(
            "終わりの時刻だけが入っています。始まりも書くか、両方とも空けてください。", field="begins"
        )
    if hours.begins is not None and hours.ends is not None and hours.ends <= hours.begins:
        raise Refused("終わりが始まりより前です。時刻を確かめてください。", field="ends")


def remarks(
    *, office_open: bool, worker_works: bool, away: bool, second_away: bool = False
) -> tuple[str, ...]:
    """What is odd about a day, to be said and never refused: visits happen on Sundays too."""
    said = []
    if not office_open:
        said.append("機関の閉庁日です")
    elif not worker_works:
        said.append("担当の勤務日ではありません")
    if away:
        said.append("担当は不在の予定です")
    if second_away:
        said.append("もうひとりは不在の予定です")
    return tuple(said)


def at_once(mine: Iterable[tuple[int, Hours]]) -> set[int]:
    """The numbers of those that meet another one in the same hands."""
    rows = sorted(mine, key=lambda row: (row[1].day, row[1].begins or time.max, row[0]))
    found: set[int] = set()
    for place, (number, hours) in enumerate(rows):
        for other, theirs in rows[place + 1 :]:
            if theirs.day != hours.day:
                break
            if hours.meets(theirs):
                found |= {number, other}
    return found


# Letters that are not mistaken for one another when a password is read from a sheet.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LETTERS = 16
SHORTEST_PASSWORD = 12


def check_password(typed: str) -> str:
    """A password for the night papers as it is kept. Raises Refused when it is short or could not be typed anywhere."""
    password = typed.strip()
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。", field="password")
    if not password.isascii() or not password.isprintable() or " " in password:
        raise Refused(
            "パスワードは半角の英数字と記号だけにしてください。停電の日に、どのパソコンでも打てるようにするためです。",
            field="password",
        )
    if len(set(password)) < 6:
        raise Refused("同じ文字のくり返しです。6種類以上の文字を使ってください。", field="password")
    return password


def readable(password: str) -> str:
    """A password in groups of four, to be read from a sheet."""
    return " ".join(password[start : start + 4] for start in range(0, len(password), 4))
