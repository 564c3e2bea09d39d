"""The page of reactions, read as a whole: every name on it exists, and every event is on it."""

from __future__ import annotations

import importlib
from dataclasses import is_dataclass

import pytest

from tsunagi.config import wiring
from tsunagi.config.modules import having


def test_every_event_and_every_reaction_exists() -> None:
    for event, reactions in wiring.REACTIONS.items():
        assert is_dataclass(wiring._from("events", event)), event
        for reaction in reactions:
            assert callable(wiring._from("reactions", reaction)), reaction


@pytest.mark.parametrize("module", having("events"))
def test_every_event_is_on_the_page(module: str) -> None:
    if module == "shared":
        return  # how events are announced, not an event
    events = importlib.import_module(f"tsunagi.{module}.events")
    announced = {
        f"{module}.{name}"
        for name, value in vars(events).items()
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == events.__name__
    }
    assert announced <= set(wiring.REACTIONS), "list it in config/wiring.py, with [] if nobody reacts"


@pytest.mark.parametrize("module", having("tasks"))
def test_every_module_s_jobs_can_be_loaded(module: str) -> None:
    importlib.import_module(f"tsunagi.{module}.tasks")
