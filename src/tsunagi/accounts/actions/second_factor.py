"""The second thing that proves a worker: registered, used once, taken off. Secrets are sealed under a key that is not in
the database (AES-256-GCM, bound to the worker: a row copied to somebody else opens nothing).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tsunagi.accounts.models import CodeTries, SecondFactor, SignIn, SpareCode, Worker
from tsunagi.accounts.rules.second_factor import (
    MOST_KEYS,
    SECRET_BYTES,
    FactorKind,
    Proof,
    check_removal,
    check_tries,
    failed_before,
    new_spare_codes,
    step_of_code,
    tidied,
)
from tsunagi.journal.actions import record
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .sessions import end_sessions

WRONG_CODE = "コードが違うか、もう使われています。確認アプリに今出ている6桁を入れてください。"
UNREADABLE = "登録が読めなくなっています。システム管理者に、二つ目の確認の登録し直しを頼んでください。"


@dataclass(frozen=True)
class AppOffer:
    """What an app needs to know, shown while it is being registered: the secret in letters, and as an address."""

    letters: str
    address: str


# -- an app --------------------------------------------------------------------------------------------------


def begin_app(worker: Worker, *, at: datetime) -> None:
    """Make a new secret for the worker's app; it counts only after a code of it was typed."""
    SecondFactor.objects.filter(worker=worker, kind=FactorKind.APP, confirmed_at__isnull=True).delete()
    SecondFactor.objects.create(
        worker=worker,
        kind=FactorKind.APP,
        name=FactorKind.APP.label,
        sealed=_seal(secrets.token_bytes(SECRET_BYTES), worker.pk),
        made_at=at,
    )


def app_offer(worker: Worker) -> AppOffer | None:
    """The secret that waits to be registered, or None when none was begun."""
    row = SecondFactor.objects.filter(worker=worker, kind=FactorKind.APP, confirmed_at__isnull=True).first()
    if row is None:
        return None
    letters = b32encode(_unseal(bytes(row.sealed), worker.pk)).decode()
    label = quote(f"つなぎ:{worker.sign_in_name}")
    return AppOffer(
        letters,
        f"otpauth://totp/{label}?{urlencode({'secret': letters, 'issuer': 'つなぎ'}, quote_via=quote)}",
    )


def confirm_app(worker: Worker, code: str, *, session_key: str | None, at: datetime) -> list[str]:
    """The app is registered and takes the place of an earlier one; the spare codes when these are the first.

    Every other session of the worker ends: it was proved by less. Raises Refused for a code that does not fit.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    row = SecondFactor.objects.filter(worker=worker, kind=FactorKind.APP, confirmed_at__isnull=True).first()
    if row is None:
        raise Refused("登録をはじめから行ってください。")
    step = step_of_code(_unseal(bytes(row.sealed), worker.pk), code, at=at, last_step=0)
    if step is None:
        raise Refused(
            "コードが合いません。端末の時刻が合っているか確かめて、今出ている6桁を入れてください。",
            field="code",
        )
    SecondFactor.objects.filter(worker=worker, kind=FactorKind.APP, confirmed_at__isnull=False).delete()
    row.confirmed_at = row.last_used_at = at
    row.counter = step
    row.save(update_fields=["confirmed_at", "last_used_at", "counter"])
    return _registered(worker, row, session_key=session_key, at=at)


# -- keys ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """Where the browser says it is: the name a key is bound to, and the exact origin that may use it."""

    host: str
    origin: str

    def server(self) -> Fido2Server:
        """What checks a key's answers for this site, and for no other origin."""
        return Fido2Server(
            PublicKeyCredentialRpEntity(id=self.host, name="つなぎ"),
            verify_origin=lambda origin: origin == self.origin,
        )


def begin_key(worker: Worker, site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser asks a new key, and what to keep until it answers."""
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(
            id=f"tsunagi-{worker.pk}".encode(), name=worker.sign_in_name, display_name=worker.sign_in_name
        ),
        credentials=_credentials(worker),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), dict(state)


def add_key(
    worker: Worker,
    site: Site,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
    *,
    name: str,
    session_key: str | None,
    at: datetime,
) -> list[str]:
    """The key is registered; the spare codes when this is the first second factor. Raises Refused for a bad answer."""
    refuse_my_number(name, "呼び名", "name")
    Worker.objects.select_for_update().get(pk=worker.pk)
    if SecondFactor.objects.filter(worker=worker, kind=FactorKind.KEY).count() >= MOST_KEYS:
        raise Refused(f"登録できるのは{MOST_KEYS}本までです。使わないものを先に外してください。")
    try:
        data = site.server().register_complete(dict(state), dict(answer))
        made = data.credential_data
    except (ValueError, TypeError, KeyError, InvalidSignature):
        made = None
    if made is None:
        raise Refused("キーの答えを確かめられませんでした。もう一度「登録する」を押してください。")
    if SecondFactor.objects.filter(credential_id=_letters(made.credential_id)).exists():
        raise Refused("このキーは、すでに登録されています。")
    row = SecondFactor.objects.create(
        worker=worker,
        kind=FactorKind.KEY,
        name=name.strip()[:60] or FactorKind.KEY.label,
        credential_id=_letters(made.credential_id),
        public=bytes(made),
        counter=data.counter,
        made_at=at,
        confirmed_at=at,
    )
    return _registered(worker, row, session_key=session_key, at=at)


def ask_key(worker: Worker, site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser asks the worker's keys at sign-in, and what to keep until one answers."""
    options, state = site.server().authenticate_begin(
        _credentials(worker), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), dict(state)


def prove_by_key(
    worker: Worker, site: Site, state: Mapping[str, Any], answer: Mapping[str, Any], *, at: datetime
) -> Proof:
    """A key of the worker answered this very question; Refused otherwise. A count that does not rise is a copied key."""
    with transaction.atomic():
        Worker.objects.select_for_update().get(pk=worker.pk)
        row = _proved(worker, site, state, answer)
        if row is not None:
            row.last_used_at = at
            row.save(update_fields=["counter", "last_used_at"])
            return Proof.KEY
        record("worker.key_refused", subject_kind="worker", subject_id=worker.pk, by=None, at=at)
    raise Refused(
        "キーを確かめられませんでした。もう一度「キーで確かめる」を押すか、別の方法で確かめてください。"
    )


def _proved(
    worker: Worker, site: Site, state: Mapping[str, Any], answer: Mapping[str, Any]
) -> SecondFactor | None:
    try:
        used = site.server().authenticate_complete(dict(state), _credentials(worker), dict(answer))
        row = SecondFactor.objects.get(worker=worker, credential_id=_letters(used.credential_id))
        from fido2.webauthn import AuthenticationResponse

        count = AuthenticationResponse.from_dict(dict(answer)).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, InvalidSignature, SecondFactor.DoesNotExist):
        return None
    if count and count <= row.counter:
        return None
    row.counter = count
    return row


def _credentials(worker: Worker) -> list[AttestedCredentialData]:
    rows = SecondFactor.objects.filter(worker=worker, kind=FactorKind.KEY).order_by("id")
    return [AttestedCredentialData(bytes(row.public)) for row in rows]


def _letters(credential_id: bytes) -> str:
    return urlsafe_b64encode(credential_id).decode().rstrip("=")


# -- codes at the door ---------------------------------------------------------------------------------------


def prove_by_code(worker: Worker, code: str, *, at: datetime) -> Proof:
    """The code of the worker's app, or one of their spare codes; each works once. Refused otherwise.

    Wrong ones are counted in the database under a lock, so that many tries at once count as many; after five the next
    are not looked at for a quarter of an hour. Call it outside a transaction: the count must survive the refusal.
    """
    with transaction.atomic():
        CodeTries.objects.get_or_create(worker=worker)
        tries = CodeTries.objects.select_for_update().get(worker=worker)
        check_tries(failed=tries.failed, last_at=tries.last_at, at=at)
        proof = _by_app(worker, code, at) or _by_spare_code(worker, code, at)
        if proof:
            CodeTries.objects.filter(worker=worker).update(failed=0, last_at=None)
            return proof
        failed = failed_before(failed=tries.failed, last_at=tries.last_at, at=at) + 1
        CodeTries.objects.filter(worker=worker).update(failed=failed, last_at=at)
        record(
            "worker.code_refused",
            subject_kind="worker",
            subject_id=worker.pk,
            by=None,
            at=at,
            detail={"failed": failed},
        )
    raise Refused(WRONG_CODE, field="code")


def _by_app(worker: Worker, code: str, at: datetime) -> Proof | None:
    row = (
        SecondFactor.objects.select_for_update()
        .filter(worker=worker, kind=FactorKind.APP, confirmed_at__isnull=False)
        .first()
    )
    if row is None:
        return None
    step = step_of_code(_unseal(bytes(row.sealed), worker.pk), code, at=at, last_step=row.counter)
    if step is None:
        return None
    row.counter, row.last_used_at = step, at
    row.save(update_fields=["counter", "last_used_at"])
    return Proof.APP


def _by_spare_code(worker: Worker, code: str, at: datetime) -> Proof | None:
    unused = SpareCode.objects.filter(worker=worker, digest=_digest(worker.pk, code), used_at__isnull=True)
    if not unused.update(used_at=at):
        return None
    record(
        "worker.spare_code_used",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"left": SpareCode.objects.filter(worker=worker, used_at__isnull=True).count()},
    )
    return Proof.SPARE


def make_spare_codes(worker: Worker, *, at: datetime) -> list[str]:
    """Ten new spare codes, shown this once; the earlier ones stop working."""
    Worker.objects.select_for_update().get(pk=worker.pk)
    codes = new_spare_codes(secrets.choice)
    SpareCode.objects.filter(worker=worker).delete()
    SpareCode.objects.bulk_create(SpareCode(worker=worker, digest=_digest(worker.pk, code)) for code in codes)
    record("worker.spare_codes_made", subject_kind="worker", subject_id=worker.pk, by=worker.pk, at=at)
    return codes


# -- taken off -----------------------------------------------------------------------------------------------


def remove_factor(factor: SecondFactor, *, by: Worker, at: datetime) -> None:
    """A worker takes off a second factor of their own; never the last one where one must be on."""
    Worker.objects.select_for_update().get(pk=factor.worker_id)
    others = SecondFactor.objects.filter(worker_id=factor.worker_id, confirmed_at__isnull=False)
    left = others.exclude(pk=factor.pk).count()
    check_removal(required=settings.SECOND_FACTOR_REQUIRED, others=left)
    if left == 0:
        SpareCode.objects.filter(worker_id=factor.worker_id).delete()
    factor.delete()
    record(
        "worker.factor_removed",
        subject_kind="worker",
        subject_id=by.pk,
        by=by.pk,
        at=at,
        detail={"kind": factor.kind},
    )


def reset_factors(worker: Worker, *, by: int, at: datetime) -> None:
    """Everything that proved the worker besides the password is gone, and every session; they enrol anew.

    Only `proposals` calls this: an administrator and a second one agreed.
    """
    for model in (SecondFactor, SpareCode, CodeTries):
        model.objects.filter(worker=worker).delete()
    end_sessions(worker, by=by, at=at)
    record("worker.factor_reset", subject_kind="worker", subject_id=worker.pk, by=by, at=at)


# -- small steps ---------------------------------------------------------------------------------------------


def _registered(worker: Worker, row: SecondFactor, *, session_key: str | None, at: datetime) -> list[str]:
    end_sessions(worker, by=worker.pk, at=at, besides=session_key)
    SignIn.objects.filter(session_key=session_key or "").update(proof=row.kind)
    record(
        "worker.factor_registered",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"kind": row.kind},
    )
    if SpareCode.objects.filter(worker=worker, used_at__isnull=True).exists():
        return []
    return make_spare_codes(worker, at=at)


@cache
def _key(purpose: bytes, word: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tsunagi " + purpose).derive(word.encode())


def _seal(secret: bytes, worker_id: int) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(b"app secret", settings.SECRETS_KEY)).encrypt(nonce, secret, b"%d" % worker_id)


def _unseal(sealed: bytes, worker_id: int) -> bytes:
    """The secret; Refused when the key is another one (a restore without the word kept beside the database)."""
    try:
        return AESGCM(_key(b"app secret", settings.SECRETS_KEY)).decrypt(
            sealed[:12], sealed[12:], b"%d" % worker_id
        )
    except (InvalidTag, ValueError):
        raise Refused(UNREADABLE) from None


def _digest(worker_id: int, code: str) -> str:
    key = _key(b"spare code", settings.SECRETS_KEY)
    return hmac.new(key, f"{worker_id}:{tidied(code)}".encode(), hashlib.sha256).hexdigest()
