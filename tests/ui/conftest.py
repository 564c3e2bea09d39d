"""`ui_site` serves the components without a database; the browser's fixtures are those of the journeys."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.conftest import (  # noqa: F401  (some are fixtures)
    DESKTOP,
    PHONE,
    _Handler,
    _playwright,
    _Server,
    axe_clean,
    browser,
)
from tests.ui import site
from tsunagi.ui import navigation


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
        navigation._Wiring(
            {}, lambda worker: "福祉なんでも相談室", lambda worker: 3, "notices:index", "desk:lookup", "live"
        ),
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
def address(ui_site: site.Desk) -> Iterator[str]:
    """The small site on a free port of this machine."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def _opened(chromium: Browser, address: str, **how: Any) -> Iterator[Page]:
    """A page that fails its test when a script fails, the CSP refuses something or another server is asked."""
    context = chromium.new_context(base_url=address, locale="ja-JP", timezone_id="Asia/Tokyo", **how)
    context.set_default_timeout(10_000)
    page = context.new_page()
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Answers of 401 and 503 and a cut line are what these tests are about; the browser logs them as errors.
        expected = ("Failed to load resource", "Response Status Error Code")
        if message.type == "error" and not message.text.startswith(expected):
            wrong.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda asked: asked.url.startswith((address, "data:")) or wrong.append(f"asks {asked.url}")
    )
    yield page
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A desktop page, 1280 wide."""
    with _opened(browser, address, viewport=DESKTOP) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A small phone, 360 × 740."""
    with _opened(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A desktop page without JavaScript."""
    with _opened(browser, address, viewport=DESKTOP, java_script_enabled=False) as page:
        yield page
