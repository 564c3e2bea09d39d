"""The password of the demo city is told to everybody: outside demo mode it opens nothing and nobody may choose it."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tsunagi.demo.cast import PASSWORD


def _is_known(password: str | None) -> bool:
    return not settings.DEMO and (password or "").strip() == PASSWORD


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's own, which never tries the password everybody knows."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """The worker, or None; a refused password is counted like a wrong one."""
        return (
            None if _is_known(credentials.get("password")) else super().authenticate(request, **credentials)
        )


class NotKnownToEverybody:
    """A validator of new passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for the demo's password."""
        if _is_known(password):
            raise ValidationError(
                "デモで公開されているパスワードなので、使えません。別のパスワードにしてください。",
                code="password_known",
            )

    def get_help_text(self) -> str:
        """What the page says of it."""
        return "デモで公開されているパスワードは使えません。"
