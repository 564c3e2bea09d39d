"""Who may hold, and how a post, an office or an absence begins without anybody being dropped (H2, H14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings
from tsunagi.shared.days import Calendar
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
