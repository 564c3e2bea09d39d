"""The root addresses: every module's own urls under its prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import rows
from .modules import having

rows.prepare_the_program()

PREFIXES = {
    "desk": "",
    "intake": "uketsuke/",
    "people": "people/",
    "holding": "concerns/",
    "referrals": "tsunagi/",
    "diary": "yotei/",
    "cases": "cases/",
    "assessment": "assessment/",
    "plans": "plans/",
    "genogram": "genogram/",
    "guardianship": "kouken/",
    "paperwork": "chouhyou/",
    "meetings": "kaigi/",
    "records": "hozon/",
    "safety_net": "net/",
    "workbench": "workbench/",
    "notices": "notices/",
    "setup": "kaisetsu/",
    "places": "places/",
    "codes": "codes/",
    "sharing": "sharing/",
    "search": "search/",
    "permissions": "kanri/",
    "journal": "kanri/journal/",
    "accounts": "accounts/",
    "ui": "ui/",
}

_present = having("urls")

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
