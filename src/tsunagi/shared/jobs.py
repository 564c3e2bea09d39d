"""Slow work, by name: a job exists only if its transaction committed.

A module's `tasks.py` holds plain functions; each public one is a job called `"<module>.<function>"`. `@job` adds how
it runs. `enqueue("intake.run_import", run_id=12)` stores it in the current transaction.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class How:
    """How a job runs: when by itself (`every`, in cron's words), how often again, and what it may not overlap."""

    every: str | None = None
    tries: int = 3
    lock: str | None = None
    queue: str = "default"


def job(
    *, every: str | None = None, tries: int = 3, lock: str | None = None, queue: str = "default"
) -> Callable[[Function], Function]:
    """Say how the function below runs as a job; it stays an ordinary function."""

    def mark(function: Function) -> Function:
        function.how = How(every, tries, lock, queue)  # type: ignore[attr-defined]
        return function

    return mark


def jobs_of(module: ModuleType) -> dict[str, tuple[Callable[..., Any], How]]:
    """The public functions a tasks module itself defines, by name."""
    return {
        name: (function, getattr(function, "how", How()))
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


def enqueue(name: str, **kwargs: Any) -> int:
    """Store the job in the current transaction and return its number.

    Arguments are numbers, texts, dates as texts: what JSON can hold, never personal data.
    Raises procrastinate's TaskNotFound for a name nobody has.
    """
    from procrastinate.contrib.django import app

    return int(app.configure_task(name, allow_unknown=False).defer(**kwargs))
