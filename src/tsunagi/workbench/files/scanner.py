"""Asking ClamAV (clamd) about a file, where a city runs it. Without it nothing is scanned, and the administrator is told."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import IO, Any

from tsunagi.shared.labels import Labelled


class ScanState(Labelled):
    """What the virus scanner said of a file."""

    NONE = "none", "検査していません"
    CLEAN = "clean", "検査済み"
    WAITING = "waiting", "検査待ち"
    INFECTED = "infected", "ウイルスが見つかりました"


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: a path (`/run/clamav/clamd.ctl`) or `host:port`; seconds a whole scan may take."""

    address: str
    seconds: float = 20.0

    def scan(self, stream: IO[bytes]) -> ScanState:
        """CLEAN, INFECTED, or WAITING when no answer came in time (down, slow, refusing, talking nonsense)."""
        from clamav_client.clamd import ClamdError

        stream.seek(0)
        try:
            answer = self._peer().instream(_Timed(stream, time.monotonic() + self.seconds))
        except (ClamdError, OSError, UnicodeDecodeError):
            return ScanState.WAITING
        finally:
            stream.seek(0)
        states = {state for state, _ in answer.values()}
        if "FOUND" in states:
            return ScanState.INFECTED
        return ScanState.CLEAN if states == {"OK"} else ScanState.WAITING

    def version(self) -> str:
        """What clamd says of itself and its signatures; empty when it does not answer."""
        from clamav_client.clamd import ClamdError

        peer = self._peer(short=True)
        try:
            return str(peer.version()).strip()[:200]
        except (ClamdError, OSError, UnicodeDecodeError):
            return ""
        finally:
            # The client closes what it opened only once it is connected.
            opened = getattr(peer, "clamd_socket", None)
            if opened is not None:
                opened.close()

    def _peer(self, *, short: bool = False) -> Any:
        from clamav_client.clamd import ClamdNetworkSocket, ClamdUnixSocket

        seconds = min(self.seconds, 2.0) if short else self.seconds
        if self.address.startswith(("/", "unix:")):
            return ClamdUnixSocket(self.address.removeprefix("unix://"), timeout=seconds)  # type: ignore[arg-type]
        host, _, port = self.address.rpartition(":")
        return ClamdNetworkSocket(host.strip("[]") or self.address, int(port or 3310), timeout=seconds)


class _Timed:
    """A stream that stops being read when the time is over: a peer that swallows slowly may not hold the desk up."""

    def __init__(self, stream: IO[bytes], until: float) -> None:
        self.stream, self.until = stream, until

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self.until:
            raise TimeoutError
        return self.stream.read(size)
