"""The one-time link: made with a PIN told by telephone, opened on one device, dead after eight days."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password

from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.referrals.models import AnswerLink, LinkTry, Referral
from tsunagi.referrals.queries.beyond import check_words_for_outside, why_no_answer_is_taken
from tsunagi.referrals.rules import OPEN_STATES
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .replies import Reply

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LIVES = timedelta(days=8)
PIN_DIGITS = 6
MOST_WRONG = 5
"""Wrong PINs after which a link is locked: one in 200,000 guesses right."""
OVERALL_WRONG = 60
OVERALL_WITHIN = timedelta(minutes=10)
"""Wrong PINs over all links after which nobody may try for a while."""


@dataclass(frozen=True)
class MadeLink:
    """What the sender is shown once and never again: the token for the address, the PIN for the telephone."""

    id: int
    token: str
    pin: str


def hash_of(secret: str) -> str:
    """How tokens are stored and found: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(referral: Referral, *, by: Worker, at: datetime) -> MadeLink:
    """A fresh link; the one before it is dead. Raises Refused when nothing is waiting for an answer."""
    locked = Referral.objects.select_for_update(of=("self",)).select_related("to_office").get(pk=referral.pk)
    told = why_no_answer_is_taken(locked)
    if told or locked.state not in OPEN_STATES:
        raise Refused(told or "返事はすでに記録されています。リンクは要りません。")
    check_words_for_outside(locked)
    AnswerLink.objects.filter(referral=locked, ended_at__isnull=True).update(ended_at=at)
    token, pin = secrets.token_urlsafe(32), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    link = AnswerLink.objects.create(
        referral=locked,
        token_hash=hash_of(token),
        pin_hash=make_password(pin),
        made_by=by,
        made_at=at,
        until_at=at + LIVES,
    )
    record(
        "referral_link.made",
        subject_kind="referral_link",
        subject_id=link.pk,
        by=by.pk,
        at=at,
        detail={"referral": locked.pk},
    )
    return MadeLink(link.pk, token, pin)


def end_link(referral: Referral, *, by: Worker, at: datetime) -> None:
    """The sender closes it."""
    for link in AnswerLink.objects.filter(referral=referral, ended_at__isnull=True).order_by("id"):
        link.ended_at = at
        link.save(update_fields=["ended_at"])
        record("referral_link.ended", subject_kind="referral_link", subject_id=link.pk, by=by.pk, at=at)


def open_link(link: AnswerLink, pin: str, *, browser: str, at: datetime) -> str:
    """Try a PIN. Returns "" and binds the link to this device, or the sentence to show; a wrong one counts.

    It never raises for a wrong PIN: the count must be kept.
    """
    link = AnswerLink.objects.select_for_update(of=("self",)).select_related("referral").get(pk=link.pk)
    if link.locked_at is not None:
        return LOCKED
    if LinkTry.objects.filter(at__gt=at - OVERALL_WITHIN).count() >= OVERALL_WRONG:
        return "いま、番号の確かめを休んでいます。10分ほどたってから、もう一度お試しください。"
    if not check_password("".join(pin.split()), link.pin_hash):
        return _wrong(link, at)
    if link.browser_hash and link.browser_hash != hash_of(browser):
        _tell(
            link,
            f"つなぎ {link.referral.number} のリンクが、はじめと違う端末で開かれようとしました。先方に確かめてください。",
            at,
        )
        record("referral_link.elsewhere", subject_kind="referral_link", subject_id=link.pk, by=None, at=at)
        return ELSEWHERE
    if not link.browser_hash:
        link.browser_hash, link.opened_at = hash_of(browser), at
        _tell(link, f"つなぎ {link.referral.number} のリンクが開かれました。", at)
    link.wrong_pins = 0
    link.save(update_fields=["browser_hash", "opened_at", "wrong_pins"])
    record("referral_link.opened", subject_kind="referral_link", subject_id=link.pk, by=None, at=at)
    return ""


LOCKED = "番号の間違いが続いたため、このリンクは使えなくなりました。お手数ですが、送った窓口に電話をください。新しいリンクをお送りします。"
ELSEWHERE = (
    "このリンクは、はじめに開いた端末でだけ使えます。ほかの端末で見たいときは、送った窓口に電話をください。"
)


def _wrong(link: AnswerLink, at: datetime) -> str:
    LinkTry.objects.create(link=link, at=at)
    link.wrong_pins += 1
    if link.wrong_pins >= MOST_WRONG:
        link.locked_at = at
        _tell(
            link,
            f"つなぎ {link.referral.number} のリンクは、番号の間違いが続いたため止めました。先方に確かめてください。",
            at,
        )
        record("referral_link.locked", subject_kind="referral_link", subject_id=link.pk, by=None, at=at)
    link.save(update_fields=["wrong_pins", "locked_at"])
    return (
        LOCKED
        if link.locked_at
        else "番号が違います。電話でお伝えした6けたの番号を、もう一度確かめてください。"
    )


def answer_by_link(link: AnswerLink, reply: Reply, *, at: datetime) -> None:
    """Keep what the agency answered, and tell the sender at once. It moves nothing until the sender records it.

    Raises Refused when it was answered already, or is not a yes or a no.
    """
    link = AnswerLink.objects.select_for_update(of=("self",)).select_related("referral").get(pk=link.pk)
    if link.answered_at is not None or link.ended_at is not None:
        raise Refused("お返事はすでに届いています。変わったことがあれば、送った窓口に電話をください。")
    if reply.accepted is None:
        raise Refused("受けますか、受けませんかを選んでください。", field="answer")
    if reply.accepted and not reply.who.strip():
        raise Refused("担当の方のお名前を書いてください。", field="who")
    if reply.accepted is False and not reply.reason:
        raise Refused("受けられないわけを選んでください。", field="reason")
    if reply.met_on and (reply.accepted is False or reply.met_on > at.date()):
        raise Refused(
            "会えた日を確かめてください。これからの日や、「受けません」と一緒には書けません。", field="met_on"
        )
    refuse_my_number(reply.words, "お伝えになりたいこと", "words")
    refuse_my_number(reply.who, "担当の方", "who")
    link.answered_at, link.accepted, link.decline_reason = at, reply.accepted, reply.reason
    link.who, link.met_on, link.next_on = reply.who.strip()[:100], reply.met_on, reply.next_on
    link.words = reply.words.strip()
    link.save(
        update_fields=["answered_at", "accepted", "decline_reason", "who", "met_on", "next_on", "words"]
    )
    record("referral_link.answered", subject_kind="referral_link", subject_id=link.pk, by=None, at=at)
    _tell(
        link, f"つなぎ {link.referral.number} の返事が、リンクから届きました。確かめて記録してください。", at
    )


def _tell(link: AnswerLink, sentence: str, at: datetime) -> None:
    referral = link.referral
    tell(
        {link.made_by_id, referral.from_worker_id},
        sentence,
        f"/tsunagi/{referral.pk}/paper/",
        kind="referral",
        at=at,
    )


def forget_tries(before: datetime) -> None:
    """Wrong tries are kept for a day."""
    LinkTry.objects.filter(at__lt=before).delete()
