"""The web server's way in, guarded: a demo city is never served as a real one, whoever started the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagi.config.settings")
os.environ.pop("TSUNAGI_REACH", None)  # whoever started us: a page sees a worker's rows only


def what_forbids() -> str:
    """Why this database may not be served in this mode; nothing when it may. DatabaseError when it does not answer."""
    from django.conf import settings
    from django.db import connection

    from tsunagi.setup.queries import what_forbids_serving

    try:
        return what_forbids_serving(demo=settings.DEMO)
    finally:
        connection.close()


class Guarded:
    """An application that asks before its first answer, and goes on asking while the database does not answer."""

    def __init__(self, application: Callable[..., Iterable[bytes]], ask: Callable[[], str]) -> None:
        self.application, self.ask = application, ask
        self.may_serve = False

    def refusal(self) -> str:
        """Why nothing is served; nothing when it may be, or when that cannot be known yet."""
        from django.db import DatabaseError

        if self.may_serve:
            return ""
        try:
            forbidden = self.ask()
        except DatabaseError:
            return ""  # nothing can be served without a database either: the pages say so themselves
        self.may_serve = not forbidden
        return forbidden

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or say why nothing is served."""
        forbidden = self.refusal()
        if not forbidden:
            return self.application(environ, start_response)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
        return [forbidden.encode()]


application = Guarded(get_wsgi_application(), what_forbids)
if refused := application.refusal():
    sys.stderr.write(f"{refused}\n")
    sys.exit(1)
