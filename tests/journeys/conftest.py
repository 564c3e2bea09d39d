"""Journeys: whole stories in a real browser (Debian's Chromium), on a fresh clone of the database.

`site`  the product, served on loopback as the application's role; `.url`
`page`         a desktop page (1280 wide) in a context of its own; `phone` is 360 × 740; `plain` has no JavaScript
`axe_clean(page)`   fails with what axe found
`sign_in(page, sign_in_name, password)`   through the real sign-in page

A page that logs an error, asks another server or gets a 5xx fails its test.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up in the middle is no error of ours."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _closing_its_connections(application: Any) -> Any:
    """Each request runs in a thread of its own, whose database connection must not outlive it."""

    def served(environ: Any, start_response: Any) -> Any:
        try:
            answer = application(environ, start_response)
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
            return [body]
        finally:
            connections.close_all()

    return served


@dataclass(frozen=True)
class Live:
    """The served product."""

    url: str


@pytest.fixture
def site(fresh_database: None) -> Iterator[Live]:
    """The product on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.set_app(_closing_its_connections(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Live(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


_BROWSER = pytest.StashKey[tuple[Playwright, Browser]]()


def _started(config: pytest.Config) -> tuple[Playwright, Browser]:
    """One Playwright and one Chromium per process, also when other test files import these fixtures."""
    if _BROWSER not in config.stash:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if path is None:
            pytest.fail(
                "Chromium is missing: apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
            )
        playwright = sync_playwright().start()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True)
        config.stash[_BROWSER] = (playwright, browser)

        def stop() -> None:
            browser.close()
            playwright.stop()

        config.add_cleanup(stop)
    return config.stash[_BROWSER]


@pytest.fixture(scope="session")
def _playwright(pytestconfig: pytest.Config) -> Playwright:
    return _started(pytestconfig)[0]


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Browser:
    """Debian's Chromium, once per process."""
    return _started(pytestconfig)[1]


@contextmanager
def _opened(browser: Browser, base: str, **how: Any) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        base_url=base, locale="ja-JP", timezone_id="Asia/Tokyo", **how
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda asked: wrong.append(f"asks {asked.url}") if not _ours(asked.url, base) else None
    )
    page.on("response", lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 500 else None)
    yield page
    context.close()
    # These are answers of ours (403: a token of before, shown back); Chromium logs them as failed resources.
    wrong = [text for text in wrong if not any(code in text for code in ("401", "403", "404", "409", "422"))]
    assert not wrong, "\n".join(wrong)


def _ours(url: str, base: str) -> bool:
    return url.startswith((base, "data:", "about:", "blob:"))


@pytest.fixture
def page(browser: Browser, site: Live) -> Iterator[Page]:
    """A desktop page, 1280 wide."""
    with _opened(browser, site.url, viewport=DESKTOP) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, site: Live) -> Iterator[Page]:
    """A small phone, 360 × 740."""
    with _opened(browser, site.url, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def plain(browser: Browser, site: Live) -> Iterator[Page]:
    """A desktop page without JavaScript."""
    with _opened(browser, site.url, viewport=DESKTOP, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def open_page(browser: Browser, site: Live) -> Iterator[Callable[..., Page]]:
    """Opens further pages, each in a context (a browser profile) of its own."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def another(**how: Any) -> Page:
            return stack.enter_context(_opened(browser, site.url, **({"viewport": DESKTOP} | how)))

        yield another


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than its window; asked only when the page stands.

    A click comes back as soon as the next page has begun, and a page that has only begun has no document to measure.
    """
    page.wait_for_load_state("load")
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def tab_to(page: Page, label: str, *, most: int = 150, hidden: str = "") -> None:
    """Press Tab until what is focused is called so: what somebody without a mouse does.

    `hidden`: a script that says whether what is focused cannot be seen; then it fails on the way.
    """
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const e = document.activeElement; return [e.getAttribute('aria-label') || '',"
            " e.labels && e.labels.length ? e.labels[0].innerText : '', e.innerText || ''] }"
        )
        assert not (hidden and page.evaluate(hidden)), f"hidden: {said}"
        if any(words.strip().startswith(label) for words in said):
            return
    raise AssertionError(f"Tab never came to {label!r}")


@pytest.fixture(scope="session")
def axe_clean() -> Callable[[Page], None]:
    """Fails when axe finds anything on the page."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state("load")
        results = axe.run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture(scope="session")
def sign_in() -> Callable[[Page, str, str], None]:
    """Signs in as a newcomer does: on the sign-in page."""

    def through_the_door(page: Page, sign_in_name: str, password: str) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(sign_in_name)
        page.locator("input[name=password]").fill(password)
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return through_the_door
