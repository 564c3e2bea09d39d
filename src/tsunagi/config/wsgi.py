"""The web server's way in."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application


def _refuse_unless_right() -> None:
    """Stop before the first request when this database may not be served in this mode, whoever started the server."""
    from django.conf import settings
    from django.db import connection

    from tsunagi.setup.queries import what_forbids_serving

    forbidden = what_forbids_serving(demo=settings.DEMO)
    connection.close()
    if forbidden:
        sys.stderr.write(f"{forbidden}\n")
        sys.exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagi.config.settings")
application = get_wsgi_application()
_refuse_unless_right()
