"""The envelope and the wire: a constant letter, given to the city's mail server over SMTP. Knows no row and no person.

A letter is never sent in the clear unless the city said `none`; a certificate must be right. Nothing that a server says
is kept but its number: what it says may quote the address.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

from .rules import SUBJECT_LINE


@dataclass(frozen=True)
class Server:
    """A mail server as the city's settings say it."""

    host: str
    tls: str = "starttls"
    authority: str = ""
    user: str = ""
    password_file: str = ""
    sender: str = ""
    seconds: float = 10.0

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        name, colon, port = self.host.rpartition(":")
        standard = {"starttls": 587, "tls": 465}.get(self.tls, 25)
        return (name, int(port)) if colon and port.isdigit() else (self.host, standard)


@dataclass(frozen=True)
class Answer:
    """What became of a letter: taken; not now (again later); or this address is refused for good. `code` is for people."""

    taken: bool = False
    refused: bool = False
    code: str = ""


def letter(to: str, body: str, number: UUID, *, sender: str, at: datetime) -> EmailMessage:
    """The letter: the same subject always, no names, no attachments, one number of its own so that a second copy is known."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = SUBJECT_LINE
    message["From"] = sender
    message["To"] = to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2] or 'tsunagi'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8", cte="base64")
    return message


def send(message: EmailMessage, server: Server) -> Answer:
    """Give a letter to the server. Never raises for what a server or a line does; takes six steps' time at the most."""
    try:
        return _talk(message, server)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        # 552: the box is full; 5.7.1 and the like concern the sender. Only "there is nobody of that name" is for good.
        return Answer(refused=code in (550, 551, 553), code=f"rcpt {code}")
    except smtplib.SMTPResponseException as trouble:
        return Answer(code=f"{_STEPS.get(type(trouble), 'answer')} {trouble.smtp_code}")
    except smtplib.SMTPNotSupportedError:
        return Answer(code="not offered")
    except ssl.SSLError:
        return Answer(code="certificate")
    except (TimeoutError, socket.gaierror) as trouble:
        return Answer(code="timeout" if isinstance(trouble, TimeoutError) else "unknown host")
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        # smtplib tells a silence as a line that was cut.
        return Answer(code="timeout" if isinstance(trouble.__context__, TimeoutError) else "line")


_STEPS: dict[type[Exception], str] = {
    smtplib.SMTPConnectError: "connect",
    smtplib.SMTPHeloError: "helo",
    smtplib.SMTPAuthenticationError: "auth",
    smtplib.SMTPSenderRefused: "from",
    smtplib.SMTPDataError: "data",
}


def _talk(message: EmailMessage, server: Server) -> Answer:
    context = ssl.create_default_context(cafile=server.authority or None)
    host, port = server.place
    peer = (
        smtplib.SMTP_SSL(timeout=server.seconds, context=context)
        if server.tls == "tls"
        else smtplib.SMTP(timeout=server.seconds)
    )
    peer._host = host  # type: ignore[attr-defined]  # what the certificate must name; smtplib sets it only in __init__
    # A server that answers a letter at a time never runs into the timeout of one step.
    watch = threading.Timer(6 * server.seconds, _hang_up, [peer])
    watch.daemon = True
    watch.start()
    try:
        code, words = peer.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        peer.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            peer.starttls(context=context)
            peer.ehlo_or_helo_if_needed()
        if server.user:
            peer.login(server.user, Path(server.password_file).read_text().strip())
        peer.send_message(message)
    except BaseException:
        peer.close()
        raise
    finally:
        watch.cancel()
    try:
        peer.quit()
    except (smtplib.SMTPException, OSError):
        peer.close()  # it was taken already
    return Answer(taken=True, code="250")


def _hang_up(peer: smtplib.SMTP) -> None:
    line = peer.sock
    if line is not None:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
