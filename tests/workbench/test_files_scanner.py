"""Asking clamd over a real socket: clean, infected, down, slow, refusing, talking nonsense."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest

from tests.workbench.clamd import a_clamd
from tests.workbench.files import EICAR, a_pdf
from tsunagi.workbench.files.scanner import Scanner, ScanState


def scan(address: str, content: bytes, seconds: float = 5) -> ScanState:
    stream = io.BytesIO(content)
    state = Scanner(address, seconds).scan(stream)
    assert stream.tell() == 0
    return state


def test_clean_and_infected() -> None:
    with a_clamd() as peer:
        assert scan(peer.address, a_pdf(size=100_000)) is ScanState.CLEAN
        assert peer.seen == [a_pdf(size=100_000)]
        assert scan(peer.address, a_pdf(EICAR)) is ScanState.INFECTED
        assert Scanner(peer.address).version().startswith("ClamAV 1.4.2")


def test_over_a_unix_socket(tmp_path: Path) -> None:
    with a_clamd(tmp_path / "c") as peer:
        assert scan(peer.address, EICAR) is ScanState.INFECTED
        assert scan(f"unix://{peer.address}", b"x") is ScanState.CLEAN


def test_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"  # bound, not listening
        assert scan(address, b"x") is ScanState.WAITING
        assert Scanner(address).version() == ""
    assert scan("/nowhere/clamd.ctl", b"x") is ScanState.WAITING


def test_slow() -> None:
    with a_clamd() as peer:
        peer.may_answer.clear()
        assert scan(peer.address, b"x", seconds=0.2) is ScanState.WAITING


@pytest.mark.parametrize(
    "answer", [b"", b"\n", b"hello\n", b"stream: ERROR\n", b"\xff\xfe\n", b"stream: Access denied. ERROR\n"]
)
def test_nonsense_is_no_answer(answer: bytes) -> None:
    with a_clamd(answer=answer) as peer:
        assert scan(peer.address, b"x") is ScanState.WAITING


def test_larger_than_the_scanner_takes_is_no_answer() -> None:
    with a_clamd(limit=1000) as peer:
        assert scan(peer.address, bytes(3_000_000)) is ScanState.WAITING
