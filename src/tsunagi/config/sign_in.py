"""How sign-in differs from allauth's habits."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; the limiter counts by account *and* address, with a cool-off."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Workers are registered by a deed, never by themselves."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By account alone, a prankster could lock a colleague out; by address alone, a whole city hall.
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"
