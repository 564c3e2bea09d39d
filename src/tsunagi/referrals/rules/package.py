"""The `.tsunagi` package: a letter that only its addressee can read, and that only its sender can have written.

    TSUNAGI-PACKAGE-<version> LF | sender's key (16 bytes) | addressee's key (16 bytes) | sealed box

The sealed box (libsodium's `crypto_box_seal`: X25519, XSalsa20-Poly1305) holds an Ed25519 signature and a JSON body.
Signed are the head and the body together, and the body repeats both keys: a package can be neither re-addressed nor
passed on as if it had been written for somebody else. Nothing is compressed, so nothing can swell.

Values in, values out: no database, no clock (docs/decisions/0053). A key's fingerprint is read aloud by telephone before
anything is believed: forty digits of SHA-256 over both public keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

VERSION = 1
_MAGIC = b"TSUNAGI-PACKAGE-"
_KEY = "tsunagi-kagi-1:"
_SHORT, _PUBLIC, _SIGNATURE, _SEAL = 16, 32, 64, 48
BIGGEST = 1024 * 1024
"""Bytes a package may have: a sheet has a few thousand."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far two installations' clocks may stand apart."""
LONGEST = timedelta(days=60)
"""Longest life of a package: what claims more was not made by this program."""


class PackageKind(Labelled):
    """What a package carries."""

    REFERRAL = "referral", "つなぎ"
    ANSWER = "answer", "返事"


@dataclass(frozen=True)
class Card:
    """Somebody's two public keys: one to check what they signed, one to write to them."""

    verify: bytes
    box: bytes

    @property
    def digest(self) -> bytes:
        """What names this pair of keys."""
        return hashlib.sha256(b"tsunagi key 1" + self.verify + self.box).digest()

    @property
    def short(self) -> bytes:
        """As it stands in the head of a package."""
        return self.digest[:_SHORT]

    @property
    def name(self) -> str:
        """As the database names it."""
        return self.short.hex()

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits, to be read aloud (about 132 bits)."""
        digits = f"{int.from_bytes(self.digest, 'big') % 10**40:040d}"
        return " ".join(digits[place : place + 5] for place in range(0, 40, 5))

    @property
    def text(self) -> str:
        """One line to send to the partner; the last eight letters find a slip of the pen."""
        raw = self.verify + self.box
        return _KEY + base64.urlsafe_b64encode(raw + hashlib.sha256(raw).digest()[:4]).decode().rstrip("=")


@dataclass(frozen=True)
class Pair:
    """An installation's own secret keys. Never in a log, never shown."""

    signing: bytes
    opening: bytes

    def __repr__(self) -> str:
        return "Pair(…)"

    @property
    def card(self) -> Card:
        """The public half."""
        return Card(bytes(SigningKey(self.signing).verify_key), bytes(PrivateKey(self.opening).public_key))


@dataclass(frozen=True)
class Package:
    """What stands in a package that was opened: from whom (name of the key), which one, since when, until when."""

    kind: PackageKind
    number: uuid.UUID
    sender: str
    issued_at: datetime
    until_at: datetime
    content: Mapping[str, Any]
    answers: uuid.UUID | None = None


def new_pair() -> Pair:
    """A fresh pair of keys."""
    return Pair(bytes(SigningKey.generate()), bytes(PrivateKey.generate()))


def read_card(text: str) -> Card:
    """The keys in a line that a partner sent. Raises Refused when a letter of it is wrong or missing."""
    line = "".join(text.split())
    try:
        raw = base64.urlsafe_b64decode(line.removeprefix(_KEY) + "=" * (-len(line.removeprefix(_KEY)) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    keys, check = raw[: 2 * _PUBLIC], raw[2 * _PUBLIC :]
    if not line.startswith(_KEY) or len(keys) != 2 * _PUBLIC or hashlib.sha256(keys).digest()[:4] != check:
        raise Refused(
            "鍵の行が読めません。先方の「鍵」の画面にある1行を、はじめから終わりまで写し直してください。",
            field="card",
        )
    return Card(keys[:_PUBLIC], keys[_PUBLIC:])


def pack(
    kind: PackageKind,
    content: Mapping[str, Any],
    *,
    by: Pair,
    to: Card,
    at: datetime,
    until: datetime,
    answers: uuid.UUID | None = None,
    number: uuid.UUID | None = None,
) -> tuple[uuid.UUID, bytes]:
    """Write a package: (its number, the bytes of the file). Raises Refused when it says more than fits."""
    number = number or uuid.uuid4()
    own = by.card
    head = _MAGIC + str(VERSION).encode() + b"\n" + own.short + to.short
    body = json.dumps(
        {
            "kind": kind.value,
            "number": str(number),
            "from": own.digest.hex(),
            "to": to.digest.hex(),
            "issued": at.isoformat(),
            "until": until.isoformat(),
            "answers": str(answers) if answers else "",
            "content": dict(content),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    signature = SigningKey(by.signing).sign(head + body).signature
    made = head + SealedBox(PublicKey(to.box)).encrypt(signature + body)
    if len(made) > BIGGEST:
        raise Refused("シートの文が長すぎて包めません。文を短くして送り直してください。")
    return number, made


@dataclass(frozen=True)
class Envelope:
    """What can be read on the outside: between which keys it went."""

    sender: str
    addressee: str


def envelope(data: bytes) -> Envelope:
    """Who writes to whom. Raises Refused for what is no package of this version."""
    head, _ = _split(data)
    return Envelope(head[-2 * _SHORT : -_SHORT].hex(), head[-_SHORT:].hex())


def unpack(data: bytes, *, opened_by: Pair, sender: Card, at: datetime) -> Package:
    """Open a package, or raise Refused with what is wrong with it: altered, cut off, forged, expired, from the future."""
    head, box = _split(data)
    if head[-_SHORT:] != opened_by.card.short or head[-2 * _SHORT : -_SHORT] != sender.short:
        raise Refused("この包みは、別のあて先に送られたものです。届いた経路を先方に確かめてください。")
    try:
        plain = SealedBox(PrivateKey(opened_by.opening)).decrypt(box)
    except (CryptoError, ValueError, TypeError):
        raise Refused(ALTERED) from None
    signature, body = plain[:_SIGNATURE], plain[_SIGNATURE:]
    try:
        VerifyKey(sender.verify).verify(head + body, signature)
    except (CryptoError, ValueError, TypeError):
        raise Refused(FORGED) from None
    try:
        told = json.loads(body)
        package = Package(
            PackageKind(told["kind"]), uuid.UUID(told["number"]), sender.name,
            datetime.fromisoformat(told["issued"]), datetime.fromisoformat(told["until"]), dict(told["content"]),
            uuid.UUID(told["answers"]) if told["answers"] else None,
        )  # fmt: skip
        addressed = (told["from"], told["to"]) == (sender.digest.hex(), opened_by.card.digest.hex())
        age = at - package.issued_at
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("包みの中身が読めません。先方のシステムの担当に知らせてください。") from None
    if not addressed:
        raise Refused(FORGED)
    _check_days(package, age, at)
    return package


ALTERED = (
    "包みが途中で変わったか、切れています。中は読んでいません。もう一度送ってもらってください。"
    "メールの添付でうまくいかないときは、別の方法を先方と相談してください。"
)
FORGED = "署名が先方の鍵と合いません。にせものかもしれません。中は使わず、先方に電話で確かめ、情報システム担当にも知らせてください。"


def _check_days(package: Package, age: timedelta, at: datetime) -> None:
    if age < -CLOCKS_DIFFER:
        raise Refused(
            "まだ来ていない時刻に作られた包みです。どちらかの時計が狂っています。時計を直してから、もう一度読んでください。"
        )
    if package.until_at - package.issued_at > LONGEST or package.until_at < package.issued_at:
        raise Refused("期限の決め方がおかしい包みです。先方のシステムの担当に知らせてください。")
    if at > package.until_at:
        raise Refused("期限の過ぎた包みです。中は読んでいません。作り直して送ってもらってください。")


def _split(data: bytes) -> tuple[bytes, bytes]:
    """(head, sealed box), once it looks like a package that this program can read."""
    if len(data) > BIGGEST:
        raise Refused("ファイルが大きすぎます(上限1MB)。つなぎの包み(.tsunagi)かどうかを確かめてください。")
    if not data.startswith(_MAGIC):
        raise Refused("つなぎの包み(.tsunagi)ではありません。届いたファイルをそのまま選んでください。")
    line, _, rest = data[: len(_MAGIC) + 8].partition(b"\n")
    version = line.removeprefix(_MAGIC)
    if not version.isdigit() or int(version) < 1:
        raise Refused(ALTERED)
    if int(version) > VERSION:
        raise Refused(
            "新しい版の包みです。このシステムではまだ読めません。紙かExcelで送ってもらうか、システムの更新を待ってください。"
        )
    start = len(line) + 1
    end = start + 2 * _SHORT
    if (not rest and len(data) <= start) or len(data) < end + _SEAL + _SIGNATURE:
        raise Refused(ALTERED)
    return data[:end], data[end:]
