"""By way of the city's own sign-on and back. What went wrong is told on the page before the door, with the other way in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tsunagi.accounts.actions.sign_on import begin_sign_on, finish_sign_on
from tsunagi.accounts.rules.second_factor import Proof
from tsunagi.shared.edges import Request, signs_in
from tsunagi.shared.refusal import Refused

from ._sign_in import PROOF

KEPT = "sign_on"


@login_not_required
@signs_in
def begin(request: Request) -> HttpResponse:
    """Send the browser to the sign-on. Absent where the city has none.

    A link and no form: the pages let no form lead to another server (Content-Security-Policy form-action).
    """
    _present()
    if request.user.is_authenticated:
        return redirect("/")
    asked = request.GET.get("next", "")
    # Only to a page of ours: the address came from outside.
    link = asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else ""
    way_back = request.build_absolute_uri(reverse("accounts:sign_on_back"))
    try:
        where, kept = begin_sign_on(way_back, next_link=link, at=request.now)
    except Refused as refusal:
        return _back(request, refusal)
    request.session[KEPT] = kept
    return redirect(where)


@login_not_required
@signs_in
def back(request: Request) -> HttpResponse:
    """Back from the sign-on: its word is checked, and the sign-in goes on as after a password."""
    _present()
    kept: dict[str, Any] | None = request.session.pop(KEPT, None)
    if request.user.is_authenticated:
        return redirect("/")
    try:
        came = finish_sign_on(kept or {}, request.GET.dict(), at=request.now)
    except Refused as refusal:
        return _back(request, refusal)
    state = {PROOF: str(Proof.SIGN_ON)} if came.proved_twice else {}
    record_authentication(request, came.worker, method="sign_on")
    login = Login(user=came.worker, redirect_url=(kept or {}).get("next") or "/", state=state)
    answer: HttpResponse = perform_login(request, login)
    return answer


def _present() -> None:
    if not settings.SIGN_ON["issuer"]:
        raise Http404


def _back(request: Request, refusal: Refused) -> HttpResponse:
    messages.warning(request, str(refusal))
    return redirect("account_login")
