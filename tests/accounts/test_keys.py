"""Passkeys and security keys: what a browser's answer must be. (With a real browser's key: test_browser.)"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.factories import NOW, a_worker
from tsunagi.accounts.actions import second_factor as deeds
from tsunagi.accounts.actions.second_factor import Site
from tsunagi.accounts.models import SecondFactor, Worker
from tsunagi.accounts.rules.second_factor import MOST_KEYS
from tsunagi.shared.refusal import Refused

SITE = Site("tsunagi.city.example.lg.jp", "https://tsunagi.city.example.lg.jp")
EVIL = "https://tsunagi.city.example.lg.jp.evil.example"

pytestmark = pytest.mark.django_db


class Key:
    """A security key as the standard describes one: it signs what it is asked, and counts."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.count = 0

    def _data(self, host: str, credential: AttestedCredentialData | None) -> bytes:
        self.count += 1
        flags = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.AT if credential else 0)
        return bytes(AuthenticatorData.create(sha256(host.encode()), flags, self.count, credential or b""))

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return bytes(CollectedClientData.create(kind, websafe_decode(challenge), origin))

    def registers(self, options: Any, origin: str = SITE.origin, host: str = SITE.host) -> dict[str, Any]:
        from fido2 import cbor

        public = ES256.from_cryptography_key(self.private.public_key())
        data = self._data(host, AttestedCredentialData.create(b"\0" * 16, self.id, public))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["publicKey"]["challenge"], origin)
        return self._answer({"attestationObject": attestation, "clientDataJSON": client})

    def proves(self, options: Any, origin: str = SITE.origin, host: str = SITE.host) -> dict[str, Any]:
        data = self._data(host, None)
        client = self._client("webauthn.get", options["publicKey"]["challenge"], origin)
        signature = self.private.sign(data + sha256(client), ec.ECDSA(hashes.SHA256()))
        return self._answer({"authenticatorData": data, "clientDataJSON": client, "signature": signature})

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        letters = {name: websafe_encode(value) for name, value in response.items()}
        found = {
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
            "response": letters, "clientExtensionResults": {},
        }  # fmt: skip
        return dict(json.loads(json.dumps(found)))


def somebody_with(key: Key) -> Worker:
    worker = a_worker()
    options, state = deeds.begin_key(worker, SITE)
    codes = deeds.add_key(
        worker, SITE, state, key.registers(options), name="机の鍵", session_key=None, at=NOW
    )
    assert len(codes) == 10
    return worker


def test_a_key_is_registered_and_proves_its_worker() -> None:
    key = Key()
    worker = somebody_with(key)
    options, state = deeds.ask_key(worker, SITE)
    assert deeds.prove_by_key(worker, SITE, state, key.proves(options), at=NOW) == "key"
    assert SecondFactor.objects.get(worker=worker).last_used_at == NOW


def test_an_answer_proves_once_and_only_for_its_own_question() -> None:
    key = Key()
    worker = somebody_with(key)
    options, state = deeds.ask_key(worker, SITE)
    answer = key.proves(options)
    deeds.prove_by_key(worker, SITE, state, answer, at=NOW)
    for question in (state, {}, deeds.ask_key(worker, SITE)[1]):
        with pytest.raises(Refused, match="確かめられませんでした"):
            deeds.prove_by_key(worker, SITE, question, answer, at=NOW)


def test_a_copied_key_is_known_by_its_count() -> None:
    key = Key()
    worker = somebody_with(key)
    key.count = 0  # the copy has not counted on
    options, state = deeds.ask_key(worker, SITE)
    with pytest.raises(Refused, match="確かめられませんでした"):
        deeds.prove_by_key(worker, SITE, state, key.proves(options), at=NOW)


@pytest.mark.parametrize(
    "how",
    [{"origin": EVIL}, {"origin": "http://tsunagi.city.example.lg.jp"}, {"host": "evil.example"}],
    ids=["a look-alike's page", "without TLS", "made for another site"],
)
def test_another_site_gets_nowhere(how: dict[str, str]) -> None:
    key = Key()
    worker = somebody_with(key)
    options, state = deeds.ask_key(worker, SITE)
    with pytest.raises(Refused):
        deeds.prove_by_key(worker, SITE, state, key.proves(options, **how), at=NOW)
    fresh, other = Key(), a_worker()
    options, state = deeds.begin_key(other, SITE)
    with pytest.raises(Refused, match="もう一度"):
        deeds.add_key(other, SITE, state, fresh.registers(options, **how), name="", session_key=None, at=NOW)


def test_somebody_else_s_key_proves_nothing() -> None:
    key, mine = Key(), Key()
    somebody_with(key)
    worker = somebody_with(mine)
    options, state = deeds.ask_key(worker, SITE)
    with pytest.raises(Refused):
        deeds.prove_by_key(worker, SITE, state, key.proves(options), at=NOW)


def test_a_key_belongs_to_one_worker_and_there_is_an_end_to_them() -> None:
    key = Key()
    worker = somebody_with(key)
    other = a_worker()
    options, state = deeds.begin_key(other, SITE)
    with pytest.raises(Refused, match="すでに登録"):
        deeds.add_key(other, SITE, state, key.registers(options), name="", session_key=None, at=NOW)
    for number in range(MOST_KEYS - 1):
        SecondFactor.objects.create(
            worker=worker, kind="key", credential_id=f"x{number}", made_at=NOW, confirmed_at=NOW
        )
    with pytest.raises(Refused, match=f"{MOST_KEYS}本まで"):
        deeds.add_key(worker, SITE, {}, {}, name="", session_key=None, at=NOW)


@pytest.mark.parametrize("answer", [{}, {"id": 1}, {"response": "x"}, {"rawId": "!", "response": {}}])
def test_nonsense_is_a_sentence(answer: dict[str, Any]) -> None:
    key = Key()
    worker = somebody_with(key)
    _, state = deeds.ask_key(worker, SITE)
    with pytest.raises(Refused):
        deeds.prove_by_key(worker, SITE, state, answer, at=NOW)
    other = a_worker()
    with pytest.raises(Refused):
        deeds.add_key(other, SITE, deeds.begin_key(other, SITE)[1], answer, name="", session_key=None, at=NOW)
