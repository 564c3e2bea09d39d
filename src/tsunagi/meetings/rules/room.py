"""What stands on the screen of the room: only what everybody present may see (sharing.md, Meetings).

The item waits, the sitting never does. Source: 社会福祉法106条の6 (支援会議), the municipal 要綱 read in domain.md §1.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tsunagi.shared.labels import Labelled

NOT_FOR_OTHER_ENDS = (
    "この支援会議で知ったことは、支援のためだけに使います。捜査、税や料金の徴収、指導など、ほかの目的には使えません。"
    "会議の外で話すこともできません（社会福祉法第106条の6）。"
)
PLEASE_LEAVE = "次の方は退室をお願いします"
CONSENT_ENDED = "この件は、ここまでとします。画面を閉じました。"
CONSENT_ENDED_WHY = (
    "本人の同意が取りやめられたので、この件はここまでです。話し合って決めていた役割も取りやめ、担当に知らせました。"
    "この件を下ろして、次の件へ進んでください。"
)
WAY_OUT = (
    "同意がなくても話し合うことが要るときは、支援会議の議題として、改めて提案できます"
    "（選ばれて守秘義務を確かめた方だけで話し合い、プランは決められません）。"
)
NO_WAY_OUT = "続けるには、本人に同意を聞き直してください。同意がもらえたら、次の会議の議題にできます。"
NOT_IN_SIGHT = (
    "この件は、事務局の機関からは見られません。件の担当に進行を替わってもらうか、次の件へ進んでください。"
)
OUR_CONSENT_ENDED = (
    "本人が、事務局の機関への同意を取りやめました。この件は、同意の範囲にある機関に進行を替わってもらうか、"
    "ここまでにして次の件へ進んでください。"
)


class Shut(Labelled):
    """Why an item that is before the room stands on no screen."""

    CONSENT = "consent", "本人の同意が取りやめられた"
    OURS = "ours", "事務局の機関への同意が取りやめられた"
    SIGHT = "sight", "事務局の機関からは見られない"


SHUT_WORDS = {
    Shut.CONSENT: CONSENT_ENDED_WHY,
    Shut.OURS: OUR_CONSENT_ENDED,
    Shut.SIGHT: NOT_IN_SIGHT,
}
"""For the secretary alone; the wall never says why."""


def why_shut(*, in_sight: bool, may_be_heard: bool, within_consent: bool) -> Shut | None:
    """Why nothing of an item may be shown; None where it may. `within_consent`: the office of who leads the room."""
    if not may_be_heard:
        return Shut.CONSENT
    if in_sight:
        return None
    return Shut.SIGHT if within_consent else Shut.OURS


class Stage(Labelled):
    """What the screen of the room does."""

    IDLE = "idle", "件を選んでいません"
    CLEARING = "clearing", "退室を待っています"
    CLOSED = "closed", "画面を閉じました"
    SHOWING = "showing", "映しています"
    OVER = "over", "会議は終わりました"


class EndedWhy(Labelled):
    """Why an item left the screen."""

    NEXT = "next", "次の件へ"
    BREAK = "break", "画面を空けた"
    CONSENT = "consent", "同意が変わった"
    OVER = "over", "会議が終わった"


class LineKind(Labelled):
    """What a row typed in the room is."""

    ROLE = "role", "役割"
    DECISION = "decision", "決まったこと"
    MISSING = "missing", "足りない資源"
    NEXT = "next", "次に見る日"


@dataclass(frozen=True)
class Seat:
    """Somebody of the body, before one item."""

    member_id: int
    name: str
    office: str = ""
    present: bool = False
    chosen: bool = False
    acknowledged: bool = False
    within_consent: bool = True
    """Whether the person's consent reaches their office; True where the item needs none."""
    was_chosen: bool = False
    """Chosen for it once, and closed since."""

    @property
    def inside(self) -> bool:
        """Whether they may hear this item: chosen for it, bound to secrecy, and within the consent it needs."""
        return self.chosen and self.acknowledged and self.within_consent

    @property
    def why_outside(self) -> str:
        """The reason, for the secretary alone; "" when inside."""
        if self.inside:
            return ""
        if self.was_chosen and not self.within_consent:
            return "本人の同意の範囲から外れました"
        if not self.chosen:
            return "この件の構成員ではありません"
        if not self.acknowledged:
            return "守秘義務の確認がまだです"
        return "本人の同意の範囲の外です"


def leaving(seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Who is in the room and may not hear this item, in the order of the seats."""
    return tuple(seat for seat in seats if seat.present and not seat.inside)


def needs_confirming(outside: Iterable[int], confirmed: Iterable[int] | None) -> bool:
    """Whether the secretary has still to say that those outside have left.

    `confirmed` are those who were said to have left, None when nothing was said. Somebody who came in since empties the
    screen again; somebody who was said to have left and whose acknowledgement came meanwhile does not.
    """
    waiting = set(outside)
    return bool(waiting) if confirmed is None else not waiting <= set(confirmed)


def stage_of(
    *, over: bool, item: bool, in_sight: bool, may_be_heard: bool, outside: Sequence[int], confirmed: Iterable[int] | None
) -> Stage:  # fmt: skip
    """What the screen does now. `may_be_heard`: the item's mode still allows it (a consent it needs still lives)."""
    if over:
        return Stage.OVER
    if not item:
        return Stage.IDLE
    if not (in_sight and may_be_heard):
        return Stage.CLOSED
    return Stage.CLEARING if needs_confirming(outside, confirmed) else Stage.SHOWING


def not_before(at: datetime, *earlier: datetime | None) -> datetime:
    """`at`, or the latest of what is stored already: a clock set back must not let a thing end before it began."""
    return max([at, *(one for one in earlier if one is not None)])


def seconds_of(spans: Iterable[tuple[datetime, datetime | None]], now: datetime) -> int:
    """How long an item was before the room, in whole seconds; never less than nothing, whatever the clock did."""
    return sum(max(0, int(((end or now) - begin).total_seconds())) for begin, end in spans)


def clock_words(seconds: int) -> str:
    """「12:05」, minutes and seconds; hours stand in the minutes."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def in_time(seconds: int, minutes: int | None) -> bool:
    """Whether an item is within the minutes planned for it."""
    return not minutes or seconds <= minutes * 60
