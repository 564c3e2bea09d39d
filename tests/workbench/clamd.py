"""A peer that speaks clamd's INSTREAM on loopback: an ordinary one, and ones that are ill in different ways."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.workbench.files import EICAR


class Clamd:
    """Listens on TCP (or a Unix socket) and answers as told; `seen` is what it was sent."""

    def __init__(
        self, path: Path | None = None, *, limit: int = 25 * 2**20, answer: bytes | None = None
    ) -> None:
        self.path, self.limit, self.answer = path, limit, answer
        self.seen: list[bytes] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.listening.bind(str(path) if path else ("127.0.0.1", 0))
        self.listening.listen(8)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        """As a city writes it in TSUNAGI_CLAMAV."""
        if self.path:
            return str(self.path)
        return f"127.0.0.1:{self.listening.getsockname()[1]}"

    def stop(self) -> None:
        self.may_answer.set()
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.listening.accept()
            except OSError:
                return
            with peer, contextlib.suppress(OSError), peer.makefile("rb") as told:
                self._talk(peer, told.readline().strip(), told.read)

    def _talk(self, peer: socket.socket, command: bytes, read: Callable[[int], bytes]) -> None:
        if command == b"nVERSION":
            peer.sendall(b"ClamAV 1.4.2/27000/Tue Jun  9 08:00:00 2026\n")
            return
        if command != b"nINSTREAM":
            peer.sendall(b"UNKNOWN COMMAND\n")
            return
        content = b""
        while size := struct.unpack("!L", read(4))[0]:
            content += read(size)
            if len(content) > self.limit:
                peer.sendall(b"INSTREAM size limit exceeded. ERROR\n")
                return
        self.seen.append(content)
        self.may_answer.wait(10)
        if self.answer is not None:
            peer.sendall(self.answer)
        elif EICAR in content:
            peer.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\n")
        else:
            peer.sendall(b"stream: OK\n")


@contextlib.contextmanager
def a_clamd(
    path: Path | None = None, *, limit: int = 25 * 2**20, answer: bytes | None = None
) -> Iterator[Clamd]:
    """A running one."""
    peer = Clamd(path, limit=limit, answer=answer)
    try:
        yield peer
    finally:
        peer.stop()
