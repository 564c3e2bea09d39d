"""A password that was handed over on paper opens one page only: the one on which its worker chooses their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tsunagi.accounts.rules.second_factor import Proof

from .sign_in import PROOF

BEFORE = {"account_change_password", "account_logout", "account_reauthenticate", "ui:pulse"}
"""What a worker may open before they chose a password that only they know."""


class FirstPassword:
    """Leads to 「パスワードを変える」 whoever signed in with a password that somebody else has seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do around the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let everybody pass but those with a password handed over on paper."""
        match = request.resolver_match
        if not getattr(request.user, "password_is_temporary", False):
            return None
        if request.session.get(PROOF) == Proof.SIGN_ON:
            return None  # they came by the city's own sign-on: no password of ours was typed
        if match is not None and match.view_name in BEFORE:
            return None
        return redirect("account_change_password")


class NotTheOneHandedOver:
    """A validator of new passwords: the one on the slip of paper was seen by somebody else."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when a temporary password is chosen again."""
        if getattr(user, "password_is_temporary", False) and user.check_password(password):
            raise ValidationError(
                "渡された仮のパスワードとは別のものにしてください。紙に書かれたものは、ほかの人も見ています。",
                code="password_handed_over",
            )

    def get_help_text(self) -> str:
        """What the page says of it."""
        return "渡された仮のパスワードは使えません。"
