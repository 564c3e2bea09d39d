"""The web process itself asks before it serves, however it was started."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError


@pytest.fixture
def guarded(db: None) -> Any:
    """The guard around an application that answers "page"; `asked` is what it will hear."""
    from tsunagi.config.wsgi import Guarded

    asked: list[Any] = []

    def ask() -> str:
        answer = asked.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    def page(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"page"]

    guard = Guarded(page, ask)
    return guard, asked


def visit(guard: Any) -> tuple[str, bytes]:
    said: list[str] = []
    body = b"".join(guard({}, lambda status, headers: said.append(status)))
    return said[0], body


def test_once_it_may_serve_it_asks_no_more(guarded: Any) -> None:
    guard, asked = guarded
    asked.append("")
    assert visit(guard) == ("200 OK", b"page")
    assert visit(guard) == ("200 OK", b"page")
    assert asked == []


def test_a_demo_is_answered_with_what_to_do(guarded: Any) -> None:
    guard, asked = guarded
    asked += ["デモです。", "デモです。"]
    for _ in range(2):
        status, body = visit(guard)
        assert status.startswith("503")
        assert body.decode() == "デモです。"


def test_a_database_that_does_not_answer_is_asked_again(guarded: Any) -> None:
    guard, asked = guarded
    asked += [OperationalError("down"), "デモです。"]
    assert visit(guard) == ("200 OK", b"page")
    assert visit(guard)[0].startswith("503")
