"""A mail server on loopback that speaks SMTP as told: an ordinary one, one that refuses, hangs, hangs up, or has TLS."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_UP, SILENCE = b"<hang up>", b"<silence>"


class MailServer:
    """`says` replaces the answer to a command ("RCPT": b"550 …"); `letters` is what was taken, `heard` every command."""

    def __init__(
        self, says: dict[str, bytes] | None = None, certificate: Path | None = None, *, at_once: bool = False
    ) -> None:
        self.says = dict(says or {})
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.heard: list[str] = []
        self.lines: list[socket.socket] = []
        self.connections = 0
        self.certificate, self.at_once = certificate, at_once
        self.over = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listening.getsockname()[1]}"

    def stop(self) -> None:
        self.over.set()
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
            self.connections += 1
            self.lines = [peer]
            with contextlib.suppress(OSError, EOFError):
                if self.at_once:
                    peer = self._wrapped(peer)
                self._talk(peer)
            for line in self.lines:
                line.close()

    def _wrapped(self, peer: socket.socket) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.certificate))
        wrapped = context.wrap_socket(peer, server_side=True)
        self.lines.append(wrapped)
        return wrapped

    def _say(self, peer: Any, command: str, usual: bytes) -> None:
        words = self.says.get(command, usual)
        if words == HANG_UP:
            raise EOFError
        if words == SILENCE:
            self.over.wait(10)
            raise EOFError
        peer.sendall(words + b"\r\n")

    def _talk(self, peer: Any) -> None:
        self._say(peer, "CONNECT", b"220 mail.example.lg.jp ESMTP")
        told = peer.makefile("rb")
        while line := told.readline():
            command = line[:4].decode("latin-1").strip().upper()
            self.heard.append(command)
            if command in ("EHLO", "HELO"):
                offers = (
                    b"250-mail\r\n250-STARTTLS\r\n250 8BITMIME"
                    if self.certificate and not self.at_once
                    else b"250 mail"
                )
                self._say(peer, "EHLO", offers)
            elif command == "STAR":
                self._say(peer, "STAR", b"220 go ahead")
                peer = self._wrapped(peer)
                told = peer.makefile("rb")
            elif command == "DATA":
                self._say(peer, "DATA", b"354 go ahead")
                raw = b""
                while (part := told.readline()) != b".\r\n":
                    if not part:
                        return
                    raw += part
                self._say(peer, "END", b"250 taken")
                if not self.says.get("END", b"250").startswith((b"4", b"5")):
                    self.raw.append(raw)
                    self.letters.append(message_from_bytes(raw, policy=default))  # type: ignore[arg-type]
            elif command == "QUIT":
                self._say(peer, "QUIT", b"221 bye")
                return
            else:
                self._say(peer, command, b"250 ok")


@contextlib.contextmanager
def a_mail_server(
    says: dict[str, bytes] | None = None, certificate: Path | None = None, *, at_once: bool = False
) -> Iterator[MailServer]:
    """A running one."""
    server = MailServer(says, certificate, at_once=at_once)
    try:
        yield server
    finally:
        server.stop()


def a_certificate(directory: Path, *, of: str = "127.0.0.1") -> Path:
    """A certificate (with its key) for this address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, of)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(of))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = directory / f"{of}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
