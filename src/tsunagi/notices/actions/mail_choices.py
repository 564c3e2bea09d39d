"""An address for letters: given, confirmed by a code, its choices; switched on again by asking anew."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from tsunagi.journal.actions import record
from tsunagi.shared.refusal import Refused

from ..models import Letter, MailAddress
from ..rules import CODE_VALID, MOST_CODE_TRIES, MOST_CODES_AN_HOUR, MailKind, MailWish
from .letters import _ask, code_hash

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def ask_address(worker: Worker, address: str, *, at: datetime) -> MailAddress:
    """Take an address and send its code there. Until the code is typed no other letter goes to it.

    Raises Refused for a domain the city does not allow, and for too many codes in an hour.
    """
    domain = address.rpartition("@")[2].lower()
    if settings.MAIL_DOMAINS and domain not in settings.MAIL_DOMAINS:
        allowed = "・".join(f"@{name}" for name in settings.MAIL_DOMAINS)
        raise Refused(f"送れるのは、市の決めたアドレス({allowed})だけです。", field="address")
    recent = Letter.objects.filter(
        worker=worker, purpose="code", asked_at__gt=at - timedelta(hours=1)
    ).count()
    if recent >= MOST_CODES_AN_HOUR:
        raise Refused(
            "番号を何度も送りました。1時間ほどたってから、もう一度お試しください。", field="address"
        )
    row, _ = MailAddress.objects.get_or_create(worker=worker, defaults={"address": address, "asked_at": at})
    row.address, row.asked_at, row.confirmed_at = address, at, None
    row.code_hash, row.code_sent_at, row.code_tries = "", None, 0
    row.refusals, row.switched_off_at = 0, None
    row.save()
    _ask(worker.pk, "code", at)
    record("mail.address_given", subject_kind="worker", subject_id=worker.pk, by=worker.pk, at=at)
    return row


def look_again(worker: Worker, *, at: datetime) -> MailAddress:
    """Send another code to the same address (none came, or it was switched off)."""
    row = MailAddress.objects.filter(worker=worker).first()
    if row is None:
        raise Refused("先にメールアドレスを入れてください。", field="address")
    return ask_address(worker, row.address, at=at)


def confirm(worker: Worker, code: str, *, at: datetime) -> str:
    """Check a code; the sentence that stands in the way, or empty when the address is confirmed.

    Returned, not raised: a wrong try must be counted, and a refusal would be rolled back.
    """
    row = MailAddress.objects.select_for_update().filter(worker=worker).first()
    if row is None or not row.code_hash or row.code_sent_at is None:
        return "番号をまだ送れていません。少し待ってから、届いた番号を入れてください。"
    if at > row.code_sent_at + CODE_VALID or row.code_tries >= MOST_CODE_TRIES:
        return "この番号は使えなくなりました。「番号をもう一度送る」を押してください。"
    typed = "".join(character for character in code if character.isdecimal())
    if not hmac.compare_digest(row.code_hash, code_hash(worker.pk, typed)):
        row.code_tries += 1
        row.save(update_fields=["code_tries"])
        return "番号が違います。届いた6けたの番号を、もう一度確かめて入れてください。"
    row.confirmed_at, row.code_hash, row.last_sent_at = at, "", at
    row.save(update_fields=["confirmed_at", "code_hash", "last_sent_at"])
    record("mail.address_confirmed", subject_kind="worker", subject_id=worker.pk, by=worker.pk, at=at)
    return ""


def choose(worker: Worker, choices: Mapping[str, str], *, at: datetime) -> None:
    """What is sent at once, once a day, or not."""
    row = MailAddress.objects.filter(worker=worker).first()
    if row is None:
        raise Refused("先にメールアドレスを入れてください。")
    row.choices = {kind.value: MailWish(choices.get(kind.value) or MailWish.DAILY).value for kind in MailKind}
    row.save(update_fields=["choices"])
    record(
        "mail.chosen",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail=dict(row.choices),
    )


def forget_address(worker: Worker, *, at: datetime) -> None:
    """No letters any more; the address is deleted."""
    if MailAddress.objects.filter(worker=worker).delete()[0]:
        record("mail.address_forgotten", subject_kind="worker", subject_id=worker.pk, by=worker.pk, at=at)
