"""What every request passes: headers, the only clock, sign-in required."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tsunagi.accounts.actions import note_seen
from tsunagi.accounts.actions.sessions import note_session
from tsunagi.accounts.queries.sign_in import has_factor

from . import clock as city_clock
from . import errors
from .sign_in import PROOF, must_enrol

GetResponse = Callable[[HttpRequest], HttpResponse]

TOUCH_SECONDS = 60
"""A session's end moves at most once in so many seconds: an idle time-out without a write per request."""

BEFORE_ENROLMENT = {
    "accounts:second_factor",
    "accounts:app",
    "accounts:key",
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "ui:pulse",
}
"""What a worker may open who has not registered a second factor where one must be on."""


def headers(get_response: GetResponse) -> GetResponse:
    """Nothing from elsewhere may run or frame a page, and no page of people may lie in a cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "HEAD" and not response.streaming:
            length = str(len(response.content))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return middleware


def clock(get_response: GetResponse) -> GetResponse:
    """Give the request its moment, its day and its worker; nothing else reads the clock."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = city_clock.now()
        request.today = request.now.date()  # already the city's time
        request.worker = request.user
        return get_response(request)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Anonymous is refused by default, and never in a way that looks like success or loses typed text."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the signed-in pass (and note that they are there), send others to sign in."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and request.user.is_authenticated and must_enrol(request):
            answer = self._lead_to_enrol(request, view_func)
        if answer is None and request.user.is_authenticated:
            moment = int(request.now.timestamp())
            if moment - request.session.get("touched", 0) >= TOUCH_SECONDS:
                request.session["touched"] = moment
                note_seen(request.user, request.now)
                note_session(
                    request.user,
                    request.session.session_key or "",
                    user_agent=request.headers.get("User-Agent", ""),
                    proof=request.session.get(PROOF, ""),
                    at=request.now,
                )
        return answer

    def _lead_to_enrol(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase | None:
        """A password alone opens only the pages that register a second factor; nothing typed is lost by it."""
        match = request.resolver_match
        if match is not None and match.view_name in BEFORE_ENROLMENT:
            return None
        if has_factor(request.worker):  # a session of before: it was never asked
            logout(request)
            request.worker = request.user
            return self.handle_no_permission(request, view_func)
        if getattr(request, "htmx", False) or request.method == "POST":
            return errors.enrol_first(request)
        return redirect("accounts:second_factor")

    def handle_no_permission(  # type: ignore[override]  # Django's annotation knows only the redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """htmx gets 401, a form gets its text back (401), a page leads to sign-in."""
        if getattr(request, "htmx", False):
            return errors.signed_out_fragment(request)
        if request.method == "POST":
            return errors.signed_out(request)
        return super().handle_no_permission(request, view_func)
