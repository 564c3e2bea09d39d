"""The root addresses: every module's own urls under its prefix."""

from __future__ import annotations

import importlib
import logging

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from .modules import having

PREFIXES = {
    "desk": "",
    "intake": "uketsuke/",
    "people": "people/",
    "holding": "concerns/",
    "referrals": "tsunagi/",
    "cases": "cases/",
    "safety_net": "net/",
    "workbench": "work/",
    "notices": "notices/",
    "places": "places/",
    "codes": "codes/",
    "sharing": "sharing/",
    "search": "search/",
    "permissions": "kanri/",
    "journal": "kanri/journal/",
    "accounts": "accounts/",
    "ui": "ui/",
}


def _loads(module: str) -> bool:
    """Whether the module's addresses can be imported; only a house under construction may lack some."""
    if not getattr(settings, "UNDER_CONSTRUCTION", False):
        return True
    try:
        importlib.import_module(f"tsunagi.{module}.urls")
    except Exception as trouble:
        logging.getLogger("tsunagi").error("the addresses of %s cannot be loaded: %s", module, trouble)
        return False
    return True


_present = [module for module in having("urls") if _loads(module)]

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path(prefix, include(f"tsunagi.{module}.urls"))
        for module, prefix in PREFIXES.items()
        if module in _present
    ),
    path("accounts/", include("tsunagi.config.sign_in_urls")),
]

handler400 = "tsunagi.config.errors.bad_request"
handler403 = "tsunagi.config.errors.permission_denied"
handler404 = "tsunagi.config.errors.page_not_found"
handler500 = "tsunagi.config.errors.server_error"
