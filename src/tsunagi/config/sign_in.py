"""How sign-in differs from allauth's habits."""

from __future__ import annotations

from typing import Any

# First: its parts import one another in a circle that only closes when it is entered here. Which of Django's checks
# comes first is chance, so a start would fail now and then.
from allauth.account import internal as _internal  # noqa: F401
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.actions.sessions import begin_session
from tsunagi.accounts.queries.sign_in import has_factor
from tsunagi.accounts.rules.sign_on import may_use_password

PROOF = "proof"
"""The key of the session under which stands what proved the worker besides the password (accounts.rules Proof)."""


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; the limiter counts by account *and* address, with a cool-off."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Workers are registered by a deed, never by themselves."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By account alone, a prankster could lock a colleague out; by address alone, a whole city hall.
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """By password, unless the city lets this worker in by its own sign-on alone (told only to who knows the word)."""
        user = super().authenticate(request, **credentials)
        if user is not None and settings.SIGN_ON["issuer"]:
            name = getattr(user, settings.ACCOUNT_USER_MODEL_USERNAME_FIELD)
            if not may_use_password(name, settings.SIGN_ON["passwords"]):
                raise ValidationError(
                    "この職員は、市の共通サインインから入ってください。パスワードは、非常用に決めた職員だけが使えます。"
                )
        return user

    def get_login_stages(self) -> list[str]:
        """What stands between the password and the session: the second step alone (nothing here needs e-mail)."""
        return ["tsunagi.config.sign_in.SecondStep"]

    def login(self, request: HttpRequest, user: Any) -> None:
        """The session begins; the worker finds it in their list of sessions."""
        super().login(request, user)
        begin_session(
            user,
            request.session.session_key or "",
            user_agent=request.headers.get("User-Agent", ""),
            proof=request.session.get(PROOF, ""),
            at=request.now,
        )


class SecondStep(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Whoever registered a second factor proves it before the session begins; until then nobody is signed in."""

    key = "second_step"
    urlname = "accounts:second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on when it is proved or there is nothing to prove; else ask."""
        if self.login.state.get(PROOF):  # the city's own sign-on had already asked
            self.request.session[PROOF] = self.login.state[PROOF]
            return None, True
        self.request.session.pop(PROOF, None)
        if not has_factor(self.login.user):
            return None, True
        return redirect("accounts:second_step"), True


def must_enrol(request: HttpRequest) -> bool:
    """Whether this session was opened by a password alone where that is not enough."""
    return settings.SECOND_FACTOR_REQUIRED and not request.session.get(PROOF)
