"""A worker, and a journal that only remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.config import pages
from tests.strictness import StrictClient
from tsunagi.accounts.models import Worker
from tsunagi.shared import edges


@pytest.fixture
def a_worker() -> Callable[..., Any]:
    """Makes a worker without any post."""

    def make(sign_in_name: str = "someone") -> Any:
        return Worker.objects.create(sign_in_name=sign_in_name, name="架空 花子")

    return make


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was stored as trail: (actions, worker, channel, number of groups seen at that moment)."""
    stored: list[tuple[Any, ...]] = []

    def store(entries: Any, worker_id: int | None, at: Any, channel: str) -> None:
        found = pages.ask("SELECT count(*), current_setting('tsunagi.worker') FROM auth_group")
        stored.append(([entry.action for entry in entries], worker_id, channel, found))

    monkeypatch.setattr(edges, "_store", store)
    return stored


@pytest.fixture
def signed_in(db: None, a_worker: Any, client_of: Any) -> StrictClient:
    """A client that is signed in; the views' memory is empty."""
    pages.tries.clear()
    found = client_of(a_worker())
    found.raise_request_exception = False
    return found
