"""Signing in at the city's own sign-on (市の共通サインイン): OpenID Connect, authorization code with PKCE, state and nonce.

Its word only finds a worker who is already registered and bound; it never makes one. What it says is checked by its
published keys and by `rules.sign_on`; whatever is wrong is one sentence, and the journal says that it was refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.db import transaction

from tsunagi.accounts.models import SignOnName, Worker
from tsunagi.accounts.rules.sign_on import (
    ALGORITHMS,
    DOWN,
    NOT_OURS,
    UNKNOWN,
    check_claims,
    check_subject,
    check_way_back,
    proves_twice,
)
from tsunagi.journal.actions import record
from tsunagi.shared.refusal import Refused

PATIENCE = (3.05, 8)
"""Seconds to connect, and to wait for an answer: a sign-on that hangs must not hang the desk."""

BIGGEST = 256 * 1024
"""Bytes of an answer that are read at most."""


class NotReachable(Refused):
    """The sign-on is down, slow or answers nonsense: the way by password is shown."""

    def __init__(self) -> None:
        super().__init__(DOWN)


@dataclass(frozen=True)
class Came:
    """Who came in, and whether the sign-on asked for a second factor too."""

    worker: Worker
    proved_twice: bool


def begin_sign_on(way_back: str, *, next_link: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """The address to send the browser to, and what to keep in its session until it comes back.

    Raises NotReachable when the sign-on does not answer.
    """
    verifier = secrets.token_urlsafe(48)
    kept = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": verifier,
        "way_back": way_back,
        "next": next_link,
        "at": at.timestamp(),
    }
    digest = hashlib.sha256(verifier.encode()).digest()
    question = {
        "response_type": "code",
        "scope": "openid",
        "client_id": settings.SIGN_ON["client"],
        "redirect_uri": way_back,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    if settings.SIGN_ON["ask"]:
        question["acr_values"] = settings.SIGN_ON["ask"]
    where = _discovered()["authorization_endpoint"]
    return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(question)}", kept


def finish_sign_on(kept: Mapping[str, Any], got: Mapping[str, str], *, at: datetime) -> Came:
    """Who came back from the sign-on. `kept` is what `begin_sign_on` gave, used once; `got` the address's query.

    Raises NotReachable when the sign-on does not answer, Refused for a word that is not its own, not for us, not fresh,
    not the answer to this very question, or about nobody we know.
    """
    sent_at = datetime.fromtimestamp(float(kept.get("at", 0)), at.tzinfo)
    try:
        check_way_back(
            sent_state=str(kept.get("state", "")), got_state=got.get("state", ""), sent_at=sent_at, at=at
        )
        if got.get("error") or not got.get("code"):
            raise Refused(
                "共通サインインで取りやめたか、断られました。もう一度、サインインの画面からやり直してください。"
            )
        if got.get("iss", settings.SIGN_ON["issuer"]) != settings.SIGN_ON["issuer"]:
            raise Refused(NOT_OURS)  # an answer of another sign-on (RFC 9207)
        claims = _claims(got["code"], kept, at)
        return _known(claims)
    except NotReachable:
        raise
    except Refused:
        with transaction.atomic():
            record("sign_on.sign_on_refused", subject_kind="sign_on", subject_id=None, by=None, at=at)
        raise


def _known(claims: Mapping[str, Any]) -> Came:
    name = claims.get(settings.SIGN_ON["claim"])
    if not isinstance(name, str):
        raise Refused(UNKNOWN)
    row = (
        SignOnName.objects.select_related("worker")
        .filter(issuer=settings.SIGN_ON["issuer"], subject=check_subject(name), worker__is_active=True)
        .first()
    )
    if row is None:
        raise Refused(UNKNOWN)
    return Came(row.worker, proves_twice(claims, settings.SIGN_ON["strong"]))


def _claims(code: str, kept: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What the sign-on says in exchange for the code: signed by one of its keys, and checked claim by claim."""
    there = _discovered()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": str(kept["way_back"]),
        "client_id": settings.SIGN_ON["client"],
        "code_verifier": str(kept["verifier"]),
    }
    secret = settings.SIGN_ON["secret"]
    answer = _asked(
        "POST",
        there["token_endpoint"],
        data=form,
        auth=(settings.SIGN_ON["client"], secret) if secret else None,
    )
    word = answer.get("id_token")
    if not isinstance(word, str):
        raise Refused(NOT_OURS)
    claims = _signed(word, there["jwks_uri"])
    check_claims(
        claims,
        issuer=settings.SIGN_ON["issuer"],
        client=settings.SIGN_ON["client"],
        nonce=str(kept["nonce"]),
        at=at,
    )
    return claims


def _signed(word: str, keys_at: str) -> dict[str, Any]:
    """The claims of a word that one of the published keys signed."""
    try:
        head = jwt.get_unverified_header(word)
        if head.get("alg") not in ALGORITHMS:
            raise Refused(NOT_OURS)
        keys = jwt.PyJWKSet.from_dict(_asked("GET", keys_at)).keys
        usable = [
            key
            for key in keys
            if key.public_key_use in (None, "sig") and head.get("kid") in (None, key.key_id)
        ]
        if len(usable) != 1:
            raise Refused(NOT_OURS)
        # Times and audience are checked by rules.sign_on, by the request's own clock.
        unchecked = {
            "verify_signature": True, "verify_exp": False, "verify_nbf": False, "verify_iat": False,
            "verify_aud": False, "verify_iss": False, "verify_sub": False, "verify_jti": False,
        }  # fmt: skip
        claims: dict[str, Any] = jwt.decode(word, usable[0], algorithms=list(ALGORITHMS), options=unchecked)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise Refused(NOT_OURS) from None
    return claims


def _discovered() -> dict[str, str]:
    """Where the sign-on's doors are, as it publishes them; its own name must be the one the city wrote down."""
    issuer = settings.SIGN_ON["issuer"]
    found = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    doors = {name: found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if found.get("issuer") != issuer or not all(isinstance(door, str) for door in doors.values()):
        raise NotReachable
    secure = issuer.startswith("https://")
    if secure and not all(str(door).startswith("https://") for door in doors.values()):
        raise NotReachable
    return {name: str(door) for name, door in doors.items()}


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """The sign-on's answer as values: no redirects, no proxy, no more bytes than such an answer has."""
    session = requests.Session()
    session.trust_env = False
    try:
        with session.request(
            method,
            address,
            timeout=PATIENCE,
            allow_redirects=False,
            stream=True,
            verify=settings.SIGN_ON["certificates"] or True,
            headers={"Accept": "application/json"},
            **more,
        ) as answer:
            body = answer.raw.read(BIGGEST + 1, decode_content=True)
            status = answer.status_code
        if status in (400, 401) and method == "POST":
            raise Refused(NOT_OURS)  # a code that was used already, or never given
        if status != 200 or len(body) > BIGGEST:
            raise NotReachable
        found = json.loads(body)
    except (requests.RequestException, OSError, ValueError):
        raise NotReachable from None
    finally:
        session.close()
    if not isinstance(found, dict):
        raise NotReachable
    return found
