"""`ui_site` serves the components without a database; the browser's fixtures are those of the journeys."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from tsunagi.ui import navigation

from tests.journeys.conftest import (  # noqa: F401
    Live,
    _Handler,
    _playwright,
    _Server,
    axe_clean,
    browser,
    page,
    phone,
    plain,
)
from tests.ui import site


def _templates() -> list[dict[str, Any]]:
    templates = copy.deepcopy(settings.TEMPLATES)
    engine, places = templates[0]["OPTIONS"]["loaders"][0]
    cached, inner = places[0]
    own = ("django.template.loaders.filesystem.Loader", [str(Path(__file__).parent / "templates")])
    templates[0]["OPTIONS"]["loaders"] = [(engine, [(cached, [*inner, own])])]
    # No accounts here: the sessions of this site live in the cookie.
    templates[0]["OPTIONS"]["context_processors"] = [
        name for name in templates[0]["OPTIONS"]["context_processors"] if "auth" not in name
    ]
    return templates


@pytest.fixture
def ui_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[site.Desk]:
    """The settings of the small site; yields the desk whose answers a test may change."""
    monkeypatch.setattr(site, "desk", site.Desk())
    monkeypatch.setattr(
        navigation,
        "_wiring",
        navigation._Wiring({}, lambda worker: "福祉なんでも相談室", lambda worker: 3, "notices:index", "desk:lookup"),
    )
    with override_settings(
        ROOT_URLCONF="tests.ui.site",
        MIDDLEWARE=site.MIDDLEWARE,
        TEMPLATES=_templates(),
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
    ):
        yield site.desk


@pytest.fixture
def live_server(ui_site: site.Desk) -> Iterator[Live]:
    """The small site on a free port of this machine."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Live(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
