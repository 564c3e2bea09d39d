"""Who may hold, and how a post, an office or an absence begins without anybody being dropped (H2, H14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings
from tsunagi.shared.days import Calendar
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


def check_holder(*, worker_is_active: bool, posted_here: bool, office_is_active: bool) -> None:
    """The holder is an active worker with an active posting in an active office (H2)."""
    if not office_is_active:
        raise Refused("この機関は終了しています。引き継いだ機関を選んでください。", field="office")
    if not worker_is_active:
        raise Refused("この方は今は在籍していません。受け持てる職員を選んでください。", field="worker")
    if not posted_here:
        raise Refused(
            "この方はこの機関に席がありません。機関の職員を選ぶか、先に席を登録してください。", field="worker"
        )


def check_leaving(rows: Collection[int], successors: Mapping[int, int], *, leaver: int) -> None:
    """Every hold and promise of a leaver, or of an office that ends, has a named successor (H2).

    `rows`: what must be handed over; `successors`: row → worker (the duty worker where nobody is named).
    """
    missing = [row for row in rows if row not in successors]
    if missing:
        raise Refused(
            f"後任の決まっていない受け持ち・約束が{len(missing)}件あります。"
            "後任を選ぶか、当番に引き継ぐを押してください。"
        )
    if leaver in successors.values():
        raise Refused("異動する本人が後任に選ばれています。別の職員を選んでください。")


class Caution(Labelled):
    """What a manager should know before a row goes to this successor (引き継ぎ表の注意)."""

    NOT_POSTED = "not_posted", "この機関に席がありません。席がないままなら、当番に渡ります"
    AWAY = "away", "長い不在の記録があります。代行がいなければ、当番に渡ります"
    LEAVING = "leaving", "この職員も離任の予定です"
    LOAD = "load", "渡したあとの受け持ちが多すぎます"


def cautions_for(
    *,
    posted: bool,
    away: bool,
    leaving_too: bool,
    load_after: int,
    settings: HoldingSettings = STANDARD,
) -> tuple[Caution, ...]:
    """What stands against this successor. Nothing of it refuses: the manager decides, the deed keeps everybody held."""
    found = {
        Caution.NOT_POSTED: not posted,
        Caution.AWAY: away,
        Caution.LEAVING: leaving_too,
        Caution.LOAD: load_after > settings.load_shown_from,
    }
    return tuple(caution for caution, stands in found.items() if stands)


def check_leaving_day(leaving_on: date | None, on: date) -> None:
    """The list is carried out on the day of leaving or later; an earlier day is written into the list first."""
    if leaving_on is not None and on < leaving_on:
        raise Refused(
            f"離任の日({leaving_on.month}月{leaving_on.day}日)は、まだ来ていません。"
            "早まったときは、引き継ぎ表の離任の日を直してから押してください。"
        )


# How often a family may change hands before somebody should ask why.
OFTEN_IN_60_DAYS = 3
OFTEN_IN_A_YEAR = 4


def changes_often(*, in_60_days: int, in_a_year: int) -> bool:
    """Has the holder of a family changed so often that it is shown (more than twice in 60 days, or a fourth time in a year)?"""
    return in_60_days >= OFTEN_IN_60_DAYS or in_a_year >= OFTEN_IN_A_YEAR


def needs_acting(
    from_on: date, until_on: date, calendar: Calendar, settings: HoldingSettings = STANDARD
) -> bool:
    """Is an absence longer than five business days, so that somebody must act for each row (H14)?"""
    return calendar.count(from_on, until_on) + calendar.is_open(from_on) > settings.absence_alone.count


def check_absence_cover(
    rows: Collection[int],
    acting: Mapping[int, int],
    *,
    worker: int,
    from_on: date,
    until_on: date,
    calendar: Calendar,
) -> None:
    """An absence longer than five business days names who acts for each row, in the same deed (H14)."""
    if not needs_acting(from_on, until_on, calendar):
        return
    missing = [row for row in rows if row not in acting]
    if missing:
        raise Refused(
            f"{STANDARD.absence_alone}を超える不在です。代わりの決まっていない受け持ち・約束が{len(missing)}件あります。"
            "代わりの職員を選んでください。"
        )
    if worker in acting.values():
        raise Refused("不在になる本人が代わりに選ばれています。別の職員を選んでください。")


def check_acting(*, holder: int, acting: int, from_on: date, until_on: date) -> None:
    """Who acts is somebody else, from a day until a day."""
    if holder == acting:
        raise Refused("代わりには、受け持ちの人とは別の職員を選んでください。", field="acting")
    if until_on < from_on:
        raise Refused(
            "代わりの終わりの日が、始まりの日より前になっています。日付を直してください。",
            field="acting_until",
        )
