"""The second thing that proves a worker (二つ目の確認): codes of an app, keys, spare codes; and when guessing must wait.

Codes are those of RFC 6238 (six digits, SHA-1, thirty seconds), which every such app knows.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class FactorKind(Labelled):
    """What a worker proves themselves with besides the password."""

    APP = "app", "確認アプリ"
    KEY = "key", "パスキー・セキュリティキー"


class Proof(Labelled):
    """What the second step of a sign-in was. Kept with the session, shown in the list of sessions."""

    NONE = "", "パスワードだけ"
    APP = "app", "パスワードと確認アプリ"
    KEY = "key", "パスワードとパスキー"
    SPARE = "spare", "パスワードと予備コード"
    SIGN_ON = "sign_on", "市の共通サインイン"


PERIOD_SECONDS = 30
DIGITS = 6
TOLERANCE = 1
"""How many periods a clock may be off, each way."""

SECRET_BYTES = 20
SPARE_CODES = 10
MOST_KEYS = 8

MOST_TRIES = 5
COOL_OFF = timedelta(minutes=15)
"""So many wrong codes in a row, and the next is looked at only after so long. Whoever comes here already knew the
password, so nobody locks a colleague out by guessing."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NOISE = re.compile(r"[\s\-‐‑–—−ー－_・.]")


def tidied(code: str) -> str:
    """A code as it was meant: full-width, spaces and hyphens folded, letters small."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", code)).lower()


def step_of(at: datetime) -> int:
    """The number of the thirty-second period that holds this moment."""
    return int(at.timestamp()) // PERIOD_SECONDS


def app_code(secret: bytes, step: int) -> str:
    """The six digits an app shows in this period."""
    # RFC 4226's truncated HMAC does not rest on SHA-1 being free of collisions, and apps know no other.
    sha1 = SHA1()  # noqa: S303
    return HOTP(secret, DIGITS, sha1, enforce_key_length=False).generate(step).decode()


def step_of_code(secret: bytes, code: str, *, at: datetime, last_step: int) -> int | None:
    """The period a typed code belongs to, or None when it is wrong, too old or was used already.

    A code at or before the last one used never counts again, even within its thirty seconds (RFC 6238 5.2).
    """
    typed = tidied(code)
    now = step_of(at)
    found = None
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(app_code(secret, step).encode(), typed.encode()) and step > last_step:
            found = step
    return found


def new_spare_codes(draw: Callable[[str], str]) -> list[str]:
    """Ten codes for the day the device is lost, three times four letters; `draw` picks one letter at random."""
    return ["-".join("".join(draw(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(SPARE_CODES)]


def check_tries(*, failed: int, last_at: datetime | None, at: datetime) -> None:
    """Refuse to look at a code while too many wrong ones are fresh."""
    if failed >= MOST_TRIES and last_at is not None and at - last_at < COOL_OFF:
        minutes = -(-int((COOL_OFF - (at - last_at)).total_seconds()) // 60)
        raise Refused(
            f"違うコードが続いたため、{minutes}分ほど待ってください。急ぐときは、システム管理者に声をかけてください。",
            field="code",
        )


def failed_before(*, failed: int, last_at: datetime | None, at: datetime) -> int:
    """How many wrong tries still count: after the cool-off they are forgotten."""
    return 0 if last_at is None or at - last_at >= COOL_OFF else failed


def check_removal(*, required: bool, others: int) -> None:
    """Refuse to take away the last second factor where one must be on."""
    if required and others == 0:
        raise Refused("最後のひとつは外せません。先に別の確認アプリかパスキーを登録してください。")


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_kind(user_agent: str) -> str:
    """The browser and the kind of machine in two words, or 「分からない端末」. Nothing else of it is kept."""
    browser = next((word for sign, word in _BROWSERS if sign in user_agent), "")
    machine = next((word for sign, word in _MACHINES if sign in user_agent), "")
    return "・".join(word for word in (browser, machine) if word) or "分からない端末"
