"""Responsibility passes on acceptance, not on sending (H4), and never by silence (H5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tsunagi.holding.rules.gaps import DeclineReason, GapKind, gap_of
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings
from tsunagi.holding.rules.promises import HandoverIntroduction
from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused


def check_acceptance(sent: Collection[int], accepted: Collection[int]) -> frozenset[int]:
    """The concerns that stay with the sender when `accepted` of `sent` are accepted (H4).

    Accepting none is declining, with a reason; accepting what was not sent is refused.
    """
    if not accepted:
        raise Refused(
            "受ける課題を一つ以上選んでください。どれも受けられないときは、理由を選んで返してください。"
        )
    if not set(accepted) <= set(sent):
        raise Refused("このつなぎに入っていない課題が選ばれています。画面を開き直して選んでください。")
    return frozenset(set(sent) - set(accepted))


def oral_yes_until(on: date, calendar: Calendar, settings: HoldingSettings = STANDARD) -> date:
    """Through which day an oral yes recorded on `on` keeps the sender's row green (H4). It moves nothing."""
    return calendar.add(on, settings.oral_yes.count)


def check_oral_yes(*, said_by: str, said_on: date | None, on: date) -> None:
    """An oral yes says who said it and when."""
    if not said_by.strip():
        raise Refused("だれが受けると答えたかを書いてください。", field="oral_by")
    if said_on is not None and said_on > on:
        raise Refused("返事を聞いた日が先の日付になっています。聞いた日を入れてください。", field="oral_on")


def check_decline(
    reason: DeclineReason | None, *, declines_before: int, by_coordinator_on_request: bool, words: str = ""
) -> GapKind | None:
    """The gap a decline leaves, if any (H5).

    くらし連携担当 cannot decline a request that came out of a gap; その他 needs a word.
    """
    if by_coordinator_on_request:
        raise Refused(
            "行き先のない課題の依頼は、断らずに受けるきまりです。"
            "担当者の名前を入れて受けてください。それまでは送った機関が受け持ちます。"
        )
    if reason is None:
        raise Refused(
            "受けられない理由を選んでください。課題は送った機関へ戻ります。", field="decline_reason"
        )
    if reason == DeclineReason.OTHER and not words.strip():
        raise Refused("「その他」のときは、理由をひとこと書いてください。", field="reason")
    return gap_of(reason, declines_before=declines_before)


def check_handed_note(
    *, what_works: str, person_told: bool, told_by: str, introduced: HandoverIntroduction | None
) -> None:
    """A change of holder carries what works, whether the person was told and by whom, and how introduced."""
    if introduced is None:
        raise Refused(
            "次の人をどう引き合わせたか（同行・電話・手紙・まだ）を選んでください。", field="introduced_how"
        )
    if person_told and not told_by.strip():
        raise Refused("担当が替わることを、だれが本人に伝えたかを書いてください。", field="told_by")
    if not what_works.strip():
        raise Refused(
            "うまくいく関わり方を、ひとことでも書いてください。分からなければ「分からない」で構いません。",
            field="handed_note",
        )


def not_yet_met(holder_since: date, last_met_by_holder_on: date | None) -> bool:
    """Has the holder since this day not met the person yet (替わってまだ会えていない)?"""
    return last_met_by_holder_on is None or last_met_by_holder_on < holder_since
