"""The city's own sign-on (市の共通サインイン, OpenID Connect): what its word must say before a worker may come in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tsunagi.shared.refusal import Refused

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that only the sign-on has; never `none`, never a shared word (RFC 8725 3.1)."""

WAY_OPEN = timedelta(minutes=10)
"""How long a sign-in at the sign-on may take from our page and back."""

LEEWAY = timedelta(seconds=60)
"""How far the two clocks may differ."""

NOT_OURS = (
    "共通サインインからの答えを確かめられませんでした。もう一度、サインインの画面からやり直してください。"
)
UNKNOWN = "共通サインインでは確かめられましたが、この名前はつなぎの職員と結ばれていません。システム管理者に伝えてください。"
DOWN = "市の共通サインインにつながりません。少し待ってやり直すか、情報システム担当に知らせてください。"


def check_subject(subject: str) -> str:
    """A name at the sign-on as it stands in its claim; refuses none, and what no claim could be (OIDC Core 2)."""
    name = subject.strip()
    if not name or len(name) > 255 or not name.isascii() or not name.isprintable():
        raise Refused("共通サインインの名前を、半角のまま255文字までで入れてください。", field="subject")
    return name


def check_way_back(*, sent_state: str, got_state: str, sent_at: datetime, at: datetime) -> None:
    """Refuse an answer to a question we did not ask, or asked long ago."""
    if not sent_state or not hmac.compare_digest(sent_state.encode(), got_state.encode()):
        raise Refused(NOT_OURS)
    if at - sent_at > WAY_OPEN:
        raise Refused("時間がたったため、サインインをやり直してください。")


def check_claims(claims: Mapping[str, Any], *, issuer: str, client: str, nonce: str, at: datetime) -> None:
    """Refuse a word that is not this sign-on's, not for us, not fresh, or not the answer to this question.

    OpenID Connect Core 3.1.3.7. The signature was checked before; the claims are checked here so that the moment is
    the request's own.
    """
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else list(audience or [])
    moment = at.timestamp()
    slack = LEEWAY.total_seconds()
    expires, issued, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
    good = (
        claims.get("iss") == issuer
        and client in audiences
        and (len(audiences) == 1 or claims.get("azp") == client)
        and claims.get("azp") in (None, client)
        and isinstance(expires, int | float)
        and moment < expires + slack
        and isinstance(issued, int | float)
        and issued - slack <= moment
        and (begins is None or (isinstance(begins, int | float) and begins - slack <= moment))
        and isinstance(claims.get("nonce"), str)
        and hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode())
    )
    if not good:
        raise Refused(NOT_OURS)


def proves_twice(claims: Mapping[str, Any], strong: Sequence[str]) -> bool:
    """Whether the sign-on says that it asked for a second factor too: its acr or one of its amr is on the city's list."""
    methods = claims.get("amr")
    said = {str(claims.get("acr", ""))} | {str(one) for one in (methods if isinstance(methods, list) else [])}
    return bool((said - {""}) & set(strong))


def may_use_password(sign_in_name: str, allowed: Sequence[str]) -> bool:
    """Whether a worker may come in by password beside the sign-on: `*` for everybody, else the names on the list."""
    return "*" in allowed or sign_in_name in allowed
