"""The browser of the journeys, for forms that save themselves."""

from tests.journeys.conftest import (
    _playwright,
    axe_clean,
    browser,
    open_page,
    page,
    phone,
    plain,
    sign_in,
    site,
)

__all__ = ["_playwright", "axe_clean", "browser", "open_page", "page", "phone", "plain", "sign_in", "site"]
