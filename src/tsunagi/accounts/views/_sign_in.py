"""What the pages of sign-in share: the site a key is bound to, a proof that is fresh enough, a code as a picture."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from tsunagi.accounts.actions.second_factor import Site

PROOF = "proof"
"""The key of the session under which stands what proved the worker besides the password."""

FRESH_SECONDS = 600
"""Who changes what proves them must have proved themselves so lately: a machine left open is not enough."""


def site_of(request: HttpRequest) -> Site:
    """Where the browser says it is (the host was checked against the names this server answers to)."""
    return Site(request.get_host().partition(":")[0], f"{request.scheme}://{request.get_host()}")


def must_prove_again(request: HttpRequest) -> HttpResponse | None:
    """None when the worker proved themselves lately; else the way to do it and come back."""
    now = request.now.timestamp()
    records = get_authentication_records(request, request.user)
    if any(now - record["at"] < FRESH_SECONDS for record in records):
        return None
    if not request.worker.has_usable_password():
        messages.warning(
            request, "大事な操作です。一度サインアウトし、サインインし直してから行ってください。"
        )
        return redirect("accounts:me")
    here = request.path if request.method == "GET" else reverse("accounts:second_factor")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")


def picture_of(text: str, words: str) -> SafeString:
    """The text as a QR code, drawn here: an SVG of one path, with its alternative in words."""
    import qrcode

    drawn = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    drawn.add_data(text)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        len(rows),
        len(rows),
        words,
        path,
    )
