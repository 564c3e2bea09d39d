"""The browser of the journeys, for the pages of sign-in."""

from tests.journeys.conftest import _playwright, axe_clean, browser, open_page, page, phone, plain, site

__all__ = ["_playwright", "axe_clean", "browser", "open_page", "page", "phone", "plain", "site"]
