"""The door of a one-time link: whoever holds the address and the PIN, and nobody else. The trail names the link."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tsunagi.referrals.models import AnswerLink
from tsunagi.referrals.rules import OPEN_STATES
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole

GONE = "このリンクは使えません。お手数ですが、送った窓口に電話で確かめてください。"
EXPIRED = "このリンクは期限(8日)が過ぎました。お手数ですが、送った窓口に電話をください。新しいリンクか紙をお送りします。"
WITHDRAWN = "このリンクは、送った窓口が取り消しました。お返事はいりません。"
ANSWERED = "お返事は届いています。ありがとうございました。変わったことがあれば、送った窓口に電話をください。"


@sees_whole("whoever holds the address is no worker of this system")
def link_by_token(token: str) -> AnswerLink | None:
    """The link of an address, or None. The look is noted by the link's number."""
    found = (
        AnswerLink.objects.filter(token_hash=hashlib.sha256(token.encode()).hexdigest())
        .select_related(
            "referral__from_office",
            "referral__to_office",
            "referral__from_worker",
            "referral__party__person",
            "referral__party__household",
            "referral__party__unknown",
            "made_by",
        )
        .first()
    )
    if found is not None:
        leave_trail("referral_link.looked", subject_kind="referral_link", subject_id=found.pk)
    return found


def why_closed(link: AnswerLink | None, now: datetime) -> str:
    """Why a link shows nothing (any more); "" while it may be opened. No sentence says whom it was about."""
    if link is None:
        return GONE
    if link.answered_at is not None:
        return ANSWERED
    if link.referral.state == "withdrawn":
        return WITHDRAWN
    if link.ended_at is not None or link.referral.state not in OPEN_STATES:
        return GONE
    if link.until_at <= now:
        return EXPIRED
    return ""
