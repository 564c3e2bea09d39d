"""How a file lies on the disk: nothing readable, nothing changed unseen, little memory; keys are kept and changed."""

from __future__ import annotations

import os
import secrets
import stat
import threading
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tsunagi.workbench.files import sealing

BLOB = uuid.UUID(int=7)
KEY = bytes(range(32))


def sealed(root: Path, content: bytes) -> Path:
    sealing.seal([content], root, BLOB, KEY)
    return sealing.place_of(root, BLOB)


def unsealed(place: Path, *, key: bytes = KEY, blob: uuid.UUID = BLOB) -> bytes:
    return b"".join(sealing.unseal(place.open("rb"), blob, key))


@pytest.mark.parametrize("size", [1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 3 * sealing.PIECE])
def test_what_is_sealed_comes_back(tmp_path: Path, size: int) -> None:
    content = secrets.token_bytes(size)
    place = sealed(tmp_path, content)
    assert unsealed(place) == content
    # One byte stands in any sealed file by chance; sixty-four do not.
    assert size < 64 or content[:64] not in place.read_bytes()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def _flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


PIECE = sealing.PIECE + 16
HEAD = 15


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: _flip(raw, 0),
        lambda raw: _flip(raw, 10),
        lambda raw: _flip(raw, HEAD + 5),
        lambda raw: _flip(raw, len(raw) - 1),
        lambda raw: raw[:-1],
        lambda raw: raw[: HEAD + PIECE],
        lambda raw: raw[:HEAD],
        lambda raw: b"",
        lambda raw: raw + b"x",
        lambda raw: raw[:HEAD] + raw[HEAD + PIECE : HEAD + 2 * PIECE] + raw[HEAD : HEAD + PIECE] + raw[HEAD + 2 * PIECE :],
        lambda raw: raw[:HEAD] + raw[HEAD + PIECE :],
    ],
    ids=["sign", "prefix", "a bit", "the last bit", "a byte less", "the end cut off", "only the head", "nothing", "a byte more",
         "pieces exchanged", "a piece left out"],
)  # fmt: skip
def test_a_change_is_seen(tmp_path: Path, change: object) -> None:
    place = sealed(tmp_path, secrets.token_bytes(3 * sealing.PIECE))
    place.write_bytes(change(place.read_bytes()))  # type: ignore[operator]
    with pytest.raises(sealing.SealBroken):
        unsealed(place)


def test_another_file_s_key_or_number_does_not_open_it(tmp_path: Path) -> None:
    place = sealed(tmp_path, b"words")
    with pytest.raises(sealing.SealBroken):
        unsealed(place, key=bytes(32))
    with pytest.raises(sealing.SealBroken):
        unsealed(place, blob=uuid.UUID(int=8))


def test_a_large_file_needs_little_memory_either_way(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(160):
            yield bytes(sealing.PIECE)

    tracemalloc.start()
    told = sealing.seal(chunks(), tmp_path, BLOB, KEY)
    size = sum(len(piece) for piece in sealing.unseal(sealing.place_of(tmp_path, BLOB).open("rb"), BLOB, KEY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told.size == size == 160 * sealing.PIECE
    assert peak < 8 * sealing.PIECE


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * sealing.PIECE * 2
        raise OSError("the line is gone")

    with pytest.raises(OSError, match="line"):
        sealing.seal(chunks(), tmp_path, BLOB, KEY)
    assert list(sealing.lying_there(tmp_path)) == []


# -- the installation's keys --------------------------------------------------------------------------------------


def test_the_first_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keys"
    assert sealing.read_keys(path) is None
    found: list[sealing.Keys] = []
    threads = [threading.Thread(target=lambda: found.append(sealing.first_keys(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({keys.current for keys in found}) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["keys"]


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    sealing.first_keys(path)
    path.chmod(0o640)
    with pytest.raises(sealing.KeyTrouble, match="chmod 600"):
        sealing.read_keys(path)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"current": "a", "keys": {}}', b'{"current": "a", "keys": {"a": "eA=="}}']
)
def test_a_broken_key_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(sealing.KeyTrouble, match="控えから戻して"):
        sealing.read_keys(path)


def test_a_new_key_opens_what_the_old_one_wrapped_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    before = sealing.first_keys(path)
    key_id, wrapped = before.wrap(KEY, BLOB)
    after = sealing.with_a_new_key(path, before)
    assert after.current != before.current
    assert after.unwrap(key_id, wrapped, BLOB) == KEY
    only_new = sealing.without_old_keys(path, after)
    with pytest.raises(sealing.KeyTrouble, match="控えから"):
        only_new.unwrap(key_id, wrapped, BLOB)
    assert sealing.read_keys(path) == only_new
    with pytest.raises(sealing.SealBroken):
        before.unwrap(key_id, wrapped, uuid.UUID(int=8))
