"""The city's own sign-on, against a small real one on this machine: what it says, and everything it must not get away with."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.factories import NOW, PASSWORD, a_worker
from tests.strictness import StrictClient
from tsunagi.accounts.actions import proposals
from tsunagi.accounts.models import SignIn, SignOnName, Worker
from tsunagi.accounts.rules import Role
from tsunagi.accounts.rules.sign_on import may_use_password, proves_twice
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused

CLIENT, WORD = "tsunagi", "a-word-between-two-servers"
BEGIN, BACK, LOGIN, ME = (
    "/accounts/login/sign-on/",
    "/accounts/login/sign-on/back/",
    "/accounts/login/",
    "/accounts/me/",
)


@functools.cache
def _a_key(whose: str) -> rsa.RSAPrivateKey:
    """Made once for all tests: it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class SignOn:
    """A small OpenID Connect server: discovery, keys, codes that work once, words signed with RS256."""

    def __init__(self) -> None:
        self.key, self.stranger = _a_key("its own"), _a_key("of a stranger")
        self.codes: dict[str, dict[str, str]] = {}
        self.change: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda claims: claims
        self.sign_with: Any = None
        self.algorithm = "RS256"
        self.kid = "k1"
        self.broken = ""
        self.asked: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                owner.asked.append(self.path)
                if self.path == "/.well-known/openid-configuration":
                    self._say(200, owner.discovery())
                elif self.path == "/keys":
                    self._say(200, {"keys": [owner.public()]})
                else:
                    self._say(404, {})

            def do_POST(self) -> None:
                owner.asked.append(self.path)
                length = int(self.headers.get("Content-Length", 0))
                form = {
                    name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()
                }
                self._say(*owner.exchange(form, self.headers.get("Authorization", "")))

            def _say(self, status: int, values: Any) -> None:
                body = b"<html>" if owner.broken == "nonsense" else json.dumps(values).encode()
                if owner.broken == "500":
                    status = 500
                if owner.broken == "elsewhere":
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:1/")
                    self.end_headers()
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": "http://127.0.0.1:1" if self.broken == "another" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def public(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return found | {"kid": "k1", "use": "sig", "alg": "RS256"}

    def visit(self, address: str) -> dict[str, str]:
        """What the sign-on's own page does once the person proved themselves: a code for this question."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{WORD}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or authorization != expected
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        at = int(NOW.timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "sub": "a-0001", "nonce": asked["nonce"],
            "iat": at, "exp": at + 300,
        }  # fmt: skip
        changed = self.change(claims)
        if changed is None:
            return 200, {"access_token": "x"}
        key = self.sign_with or self.key
        return 200, {
            "id_token": jwt.encode(changed, key, algorithm=self.algorithm, headers={"kid": self.kid})
        }


@pytest.fixture
def sign_on(settings: Any, set_clock: Any) -> Iterator[SignOn]:
    """It runs, and the city wrote it down."""
    peer = SignOn()
    set_clock(NOW)
    settings.SIGN_ON = settings.SIGN_ON | {"issuer": peer.issuer, "client": CLIENT, "secret": WORD}
    yield peer
    peer.stop()


def bound(peer: SignOn, subject: str = "a-0001", **fields: Any) -> Worker:
    """A worker whose name at the sign-on two administrators agreed to."""
    first, second = a_worker(role=Role.SYSTEM_ADMINISTRATOR), a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    worker = a_worker(name="架空 花子", **fields)
    row = proposals.propose_sign_on(worker, subject, reason="4月の着任", by=first, at=NOW)
    proposals.agree(row, by=second, at=NOW)
    return worker


def come(client: StrictClient, peer: SignOn, **more: str) -> Any:
    """The whole way: our page, the sign-on, and back."""
    away = client.get(BEGIN, {"next": ME})
    assert away.headers["Location"].startswith(f"{peer.issuer}/authorize?")
    return client.get(BACK, peer.visit(away.headers["Location"]) | more)


def is_in(client: StrictClient) -> bool:
    return client.get(ME).status_code == 200


# -- rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "twice"),
    [
        ({"acr": "urn:mfa"}, True),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "otp"}, False),
        ({"acr": ""}, False),
        ({}, False),
    ],
)
def test_what_counts_as_a_second_factor(claims: dict[str, Any], twice: bool) -> None:
    assert proves_twice(claims, ["urn:mfa", "otp"]) is twice
    assert not proves_twice(claims, [])


def test_who_may_use_a_password_beside_it() -> None:
    assert may_use_password("kanri", ["*"])
    assert may_use_password("kanri", ["kanri"])
    assert not may_use_password("hanako", ["kanri"])


# -- the way in ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.visits("accounts:sign_on", "accounts:sign_on_back")
def test_a_bound_worker_comes_in_and_lands_where_they_wanted(
    client: StrictClient, client_of: Any, sign_on: SignOn
) -> None:
    worker = bound(sign_on)
    assert "市の共通サインインで入る" in client.get(LOGIN).content.decode()
    answer = come(client, sign_on)
    assert answer.headers["Location"] == ME
    assert "架空 花子" in client.get(ME).content.decode()
    assert SignIn.objects.filter(worker=worker).exists()
    assert StrictClient().get(BACK).headers["Location"] == LOGIN
    signed_in = client_of(worker)
    assert signed_in.get(BEGIN).headers["Location"] == "/"
    assert signed_in.get(BACK).headers["Location"] == "/"


@pytest.mark.django_db
def test_without_a_sign_on_there_is_no_such_page(client: StrictClient) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "共通サインイン" not in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_it_leads_to_no_other_server(client: StrictClient, sign_on: SignOn) -> None:
    bound(sign_on)
    away = client.get(BEGIN, {"next": "https://evil.example/"})
    assert client.get(BACK, sign_on.visit(away.headers["Location"])).headers["Location"] == "/"


@pytest.mark.django_db
def test_the_second_factor_is_ours_unless_the_sign_on_asked_for_one(
    client: StrictClient, sign_on: SignOn, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    worker = bound(sign_on)
    come(client, sign_on)
    assert client.get(ME).headers["Location"] == "/accounts/second-factor/"

    settings.SIGN_ON = settings.SIGN_ON | {"strong": ["otp"]}
    sign_on.change = lambda claims: claims | {"amr": ["pwd", "otp"]}
    other = StrictClient()
    come(other, sign_on)
    assert is_in(other)
    assert SignIn.objects.filter(worker=worker, proof="sign_on").exists()


@pytest.mark.django_db
def test_who_registered_an_app_is_asked_for_it_after_the_sign_on(
    client: StrictClient, sign_on: SignOn
) -> None:
    from tests.accounts.test_second_factor import STEP
    from tsunagi.accounts.models import SecondFactor

    worker = bound(sign_on)
    SecondFactor.objects.create(worker=worker, kind="app", made_at=NOW, confirmed_at=NOW)
    assert come(client, sign_on).headers["Location"] == STEP
    assert not is_in(client)


@pytest.mark.django_db
def test_another_claim_may_carry_the_name(client: StrictClient, sign_on: SignOn, settings: Any) -> None:
    settings.SIGN_ON = settings.SIGN_ON | {"claim": "employee_number"}
    bound(sign_on, "12345")
    sign_on.change = lambda claims: claims | {"employee_number": "12345"}
    come(client, sign_on)
    assert is_in(client)


# -- what it must not get away with ----------------------------------------------------------------------------

AT = int(NOW.timestamp())
BAD: dict[str, dict[str, Any]] = {
    "wrong nonce": {"nonce": "of-another-question"},
    "no nonce": {"nonce": None},
    "for another system": {"aud": "kyuyo"},
    "for us and another, given to the other": {"aud": [CLIENT, "kyuyo"], "azp": "kyuyo"},
    "for us and another, given to nobody": {"aud": [CLIENT, "kyuyo"]},
    "by another sign-on": {"iss": "http://127.0.0.1:1"},
    "expired": {"iat": AT - 900, "exp": AT - 600},
    "no end": {"exp": None},
    "from the future": {"iat": AT + 600},
    "not yet": {"nbf": AT + 600},
    "no subject": {"sub": None},
    "an unknown subject": {"sub": "a-9999"},
    "a subject that is no text": {"sub": 1},
    "a subject that looks alike": {"sub": "A-0001"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_word_is_refused(client: StrictClient, sign_on: SignOn, change: dict[str, Any]) -> None:
    bound(sign_on)
    sign_on.change = lambda claims: {
        name: value for name, value in (claims | change).items() if value is not None
    }
    # A word whose subject is no text cannot even be made by this library's rules: it is signed as it stands.
    if isinstance(change.get("sub"), int):
        sign_on.exchange = lambda form, authorization: (  # type: ignore[method-assign]
            200,
            {
                "id_token": jwt.api_jws.encode(
                    json.dumps(
                        {
                            "iss": sign_on.issuer, "aud": CLIENT, "sub": 1, "iat": AT, "exp": AT + 300,
                            "nonce": sign_on.codes[form["code"]]["nonce"],
                        }
                    ).encode(),
                    sign_on.key, "RS256", {"kid": "k1"},
                )
            },
        )  # fmt: skip
    answer = come(client, sign_on)
    assert answer.headers["Location"] == LOGIN
    assert not is_in(client)
    assert "共通サインイン" in client.get(LOGIN).content.decode()
    assert Entry.objects.filter(action="sign_on.sign_on_refused").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how", ["another key", "no signature", "a shared word", "an unknown key", "no word at all"]
)
def test_a_word_nobody_signed_is_refused(client: StrictClient, sign_on: SignOn, how: str) -> None:
    bound(sign_on)
    if how == "another key":
        sign_on.sign_with = sign_on.stranger
    elif how == "no signature":
        sign_on.algorithm, sign_on.exchange = "none", _unsigned(sign_on)  # type: ignore[method-assign]
    elif how == "a shared word":
        sign_on.algorithm, sign_on.sign_with = "HS256", "x" * 64
    elif how == "an unknown key":
        sign_on.kid = "k9"
    else:
        sign_on.change = lambda claims: None
    come(client, sign_on)
    assert not is_in(client)


def _unsigned(peer: SignOn) -> Callable[..., tuple[int, dict[str, Any]]]:
    def exchange(form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        claims = {
            "iss": peer.issuer, "aud": CLIENT, "sub": "a-0001", "iat": AT, "exp": AT + 300,
            "nonce": peer.codes[form["code"]]["nonce"],
        }  # fmt: skip
        return 200, {"id_token": jwt.encode(claims, None, algorithm="none")}

    return exchange


@pytest.mark.django_db
def test_an_answer_is_used_once(client: StrictClient, sign_on: SignOn) -> None:
    bound(sign_on)
    away = client.get(BEGIN)
    answer = sign_on.visit(away.headers["Location"])
    client.get(BACK, answer)
    assert is_in(client)
    client.post("/accounts/logout/")
    client.get(BACK, answer)  # the same address again, from the browser's history
    assert not is_in(client)
    thief = StrictClient()
    thief.get(BEGIN)
    thief.get(BACK, answer)  # and in somebody else's browser
    assert not is_in(thief)


@pytest.mark.django_db
def test_an_answer_to_somebody_else_s_question_is_refused(client: StrictClient, sign_on: SignOn) -> None:
    bound(sign_on)
    theirs = sign_on.visit(client.get(BEGIN).headers["Location"])
    victim = StrictClient()
    mine = sign_on.visit(victim.get(BEGIN).headers["Location"])
    # The code of another's question under the right state: the verifier does not fit, nor does the nonce.
    victim.get(BACK, mine | {"code": theirs["code"]})
    assert not is_in(victim)
    for state in ("", "made-up"):
        victim.get(BEGIN)
        victim.get(BACK, {"code": mine["code"], "state": state})
        assert not is_in(victim)


@pytest.mark.django_db
def test_who_took_too_long_begins_anew(client: StrictClient, sign_on: SignOn, set_clock: Any) -> None:
    bound(sign_on)
    answer = sign_on.visit(client.get(BEGIN).headers["Location"])
    set_clock(NOW + timedelta(minutes=11))
    client.get(BACK, answer)
    assert not is_in(client)
    assert "時間がたったため" in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_who_turned_back_is_told(client: StrictClient, sign_on: SignOn) -> None:
    bound(sign_on)
    answer = sign_on.visit(client.get(BEGIN).headers["Location"])
    client.get(BACK, {"state": answer["state"], "error": "access_denied"})
    assert "取りやめたか" in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_nobody_is_made_by_signing_in(client: StrictClient, sign_on: SignOn) -> None:
    before = Worker.objects.count()
    come(client, sign_on)
    assert Worker.objects.count() == before
    assert "結ばれていません" in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_who_left_stays_outside(client: StrictClient, sign_on: SignOn) -> None:
    worker = bound(sign_on)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    come(client, sign_on)
    assert not is_in(client)


# -- when it is down -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["down", "500", "nonsense", "elsewhere", "another"])
def test_when_it_is_down_the_password_way_stays(client: StrictClient, sign_on: SignOn, how: str) -> None:
    worker = bound(sign_on)
    worker.set_password(PASSWORD)
    worker.save()
    if how == "down":
        sign_on.server.shutdown()
        sign_on.server.server_close()
    else:
        sign_on.broken = how
    assert client.get(BEGIN).headers["Location"] == LOGIN
    assert "市の共通サインインにつながりません" in client.get(LOGIN).content.decode()
    client.post(LOGIN, {"login": worker.sign_in_name, "password": PASSWORD})
    assert is_in(client)


@pytest.mark.django_db
def test_it_may_die_between_the_question_and_the_answer(client: StrictClient, sign_on: SignOn) -> None:
    bound(sign_on)
    answer = sign_on.visit(client.get(BEGIN).headers["Location"])
    sign_on.broken = "500"
    assert client.get(BACK, answer).headers["Location"] == LOGIN
    assert "つながりません" in client.get(LOGIN).content.decode()


@pytest.mark.django_db
def test_only_emergency_accounts_use_a_password_where_a_city_says_so(
    client: StrictClient, sign_on: SignOn, settings: Any
) -> None:
    worker, keeper = bound(sign_on), a_worker()
    for one in (worker, keeper):
        one.set_password(PASSWORD)
        one.save()
    settings.SIGN_ON = settings.SIGN_ON | {"passwords": [keeper.sign_in_name]}
    refused = client.post(LOGIN, {"login": worker.sign_in_name, "password": PASSWORD}).content.decode()
    assert "市の共通サインインから入ってください" in refused
    wrong = client.post(LOGIN, {"login": worker.sign_in_name, "password": "guess"}).content.decode()
    assert "市の共通サインインから入って" not in wrong  # only to who knows the word
    assert not is_in(client)
    client.post(LOGIN, {"login": keeper.sign_in_name, "password": PASSWORD})
    assert is_in(client)


# -- binding ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_name_belongs_to_one_worker(sign_on: SignOn) -> None:
    first, second = a_worker(role=Role.SYSTEM_ADMINISTRATOR), a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    one, other = a_worker(), a_worker()
    rows = [
        proposals.propose_sign_on(who, "a-1", reason="4月の着任", by=first, at=NOW) for who in (one, other)
    ]
    proposals.agree(rows[0], by=second, at=NOW)
    with pytest.raises(Refused, match="別の職員と結ばれています"):
        proposals.agree(rows[1], by=second, at=NOW)
    again = proposals.propose_sign_on(one, "a-2", reason="番号が変わった", by=first, at=NOW)
    proposals.agree(again, by=second, at=NOW)
    assert SignOnName.objects.get(worker=one).subject == "a-2"
    with pytest.raises(Refused, match="半角のまま"):
        proposals.propose_sign_on(one, "職員1", reason="番号が変わった", by=first, at=NOW)
