"""How a file lies on the disk: sealed with a key of its own, in pieces, so that neither way needs much memory.

A file is `TSUNAGI1`, a 7-byte prefix, then pieces of 256 KiB, each AES-256-GCM with nonce = prefix + number of the piece
+ 1 for the last (the STREAM construction: no piece can be changed, moved, left out or cut off unseen), bound to the
file's number. Its key lies in the row, wrapped by the installation's key; without the row the file is noise.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"TSUNAGI1"
PIECE = 256 * 1024
_TAG = 16
_PREFIX = 7


class SealBroken(Exception):
    """The file is not what was sealed: damaged, exchanged, cut off, or sealed with another key."""


class KeyTrouble(Exception):
    """The installation's key cannot be used; the text says why and what to do."""


# -- the installation's keys --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """The keys that wrap the files' keys: the current one, and older ones that rows (or a backup) may still need."""

    current: str
    known: dict[str, bytes]

    def wrap(self, key: bytes, blob: UUID) -> tuple[str, bytes]:
        """(which key, the file's key as it may be stored)."""
        nonce = secrets.token_bytes(12)
        return self.current, nonce + AESGCM(self.known[self.current]).encrypt(nonce, key, blob.bytes)

    def unwrap(self, key_id: str, wrapped: bytes, blob: UUID) -> bytes:
        """The file's key. Raises KeyTrouble without the right installation's key, SealBroken when it was changed."""
        master = self.known.get(key_id)
        if master is None:
            raise KeyTrouble(f"鍵 {key_id} がありません。鍵のファイルを控えから戻してください。")
        try:
            return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], blob.bytes)
        except InvalidTag as error:
            raise SealBroken("ファイルの鍵を開けられません。") from error


def read_keys(path: Path) -> Keys | None:
    """The keys, or None when there is no file yet. Raises KeyTrouble for one that others can read, or that is broken."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            told = json.load(file)
        known = {name: base64.b64decode(value) for name, value in told["keys"].items()}
        keys = Keys(told["current"], known)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise KeyTrouble(f"鍵のファイル {path} を読めません。控えから戻してください。") from error
    if mode & 0o077:
        raise KeyTrouble(f"鍵のファイル {path} が、ほかの利用者にも読めます。chmod 600 にしてください。")
    if keys.current not in known or any(len(value) != 32 for value in known.values()):
        raise KeyTrouble(f"鍵のファイル {path} が壊れています。控えから戻してください。")
    return keys


def first_keys(path: Path) -> Keys:
    """Make the file with its first key, 0600; of two processes at once one makes it and both read the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = secrets.token_hex(4)
    part = _written(path, Keys(fresh, {fresh: secrets.token_bytes(32)}))
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
    _sync(path.parent)
    found = read_keys(path)
    if found is None:
        raise KeyTrouble(f"鍵のファイル {path} を作れません。書ける場所か確かめてください。")
    return found


def with_a_new_key(path: Path, keys: Keys) -> Keys:
    """Add a key and make it the current one; the older ones stay until they are forgotten."""
    fresh = secrets.token_hex(4)
    return _replace(path, Keys(fresh, keys.known | {fresh: secrets.token_bytes(32)}))


def without_old_keys(path: Path, keys: Keys) -> Keys:
    """Keep only the current key."""
    return _replace(path, Keys(keys.current, {keys.current: keys.known[keys.current]}))


def _replace(path: Path, keys: Keys) -> Keys:
    os.replace(_written(path, keys), path)
    _sync(path.parent)
    return keys


def _written(path: Path, keys: Keys) -> Path:
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    told = {
        "current": keys.current,
        "keys": {name: base64.b64encode(key).decode() for name, key in keys.known.items()},
    }
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    return part


# -- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sealed:
    """What was written: how many bytes the file has in the open, and their sha256."""

    size: int
    digest: str


def place_of(root: Path, blob: UUID) -> Path:
    """Where a file lies, below the directory of attachments."""
    return root / blob.hex[:2] / f"{blob.hex}.sealed"


def seal(chunks: Iterable[bytes], root: Path, blob: UUID, key: bytes) -> Sealed:
    """Write a file, whole or not at all, on the disk for good when this returns."""
    place = place_of(root, blob)
    for directory in (root, place.parent):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    prefix, cipher, hashed, size = secrets.token_bytes(_PREFIX), AESGCM(key), hashlib.sha256(), 0
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(MAGIC + prefix)
            for count, (piece, is_last) in enumerate(_pieces(chunks)):
                hashed.update(piece)
                size += len(piece)
                file.write(cipher.encrypt(_nonce(prefix, count, is_last), piece, _bound(blob)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, place)
        _sync(place.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Sealed(size, hashed.hexdigest())


def unseal(file: IO[bytes], blob: UUID, key: bytes) -> Generator[bytes]:
    """The pieces in the open, one at a time. Raises SealBroken at the first that is not as it was sealed."""
    with file:
        head = file.read(len(MAGIC) + _PREFIX)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + _PREFIX:
            raise SealBroken("つなぎの添付の形ではありません。")
        prefix, cipher = head[len(MAGIC) :], AESGCM(key)
        count, piece = 0, file.read(PIECE + _TAG)
        while True:
            following = file.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(_nonce(prefix, count, not following), piece, _bound(blob))
            except InvalidTag as error:
                raise SealBroken("中身が、預かったときと違います。") from error
            if not following:
                return
            count, piece = count + 1, following


def forget(root: Path, blob: UUID) -> None:
    """Take a file from the disk; one that is gone already is fine."""
    place_of(root, blob).unlink(missing_ok=True)


def lying_there(root: Path) -> Iterator[tuple[UUID, Path, float]]:
    """Every file there: its number, where, and when it was last written (seconds since the epoch). Others are left out."""
    for place in sorted(root.glob("??/*")):
        with contextlib.suppress(ValueError, FileNotFoundError):
            if place.suffix in (".sealed", ".part"):
                yield UUID(hex=place.stem), place, place.stat().st_mtime


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of one size, the last one marked; at least one piece."""
    held = b""
    for chunk in chunks:
        held += chunk
        while len(held) > PIECE:
            yield held[:PIECE], False
            held = held[PIECE:]
    yield held, True


def _nonce(prefix: bytes, count: int, is_last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + (b"\1" if is_last else b"\0")


def _bound(blob: UUID) -> bytes:
    return MAGIC + blob.bytes


def _sync(directory: Path) -> None:
    """Make a new name in a directory last, too."""
    number = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
