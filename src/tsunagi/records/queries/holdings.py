"""What every module says it holds (its `retention.py`), collected."""

from __future__ import annotations

import functools
import importlib
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from tsunagi.shared.held import Held, Loose, Moment


@functools.cache
def _said() -> tuple[tuple[str, ModuleType], ...]:
    found = []
    for config in apps.get_app_configs():
        if config.name.startswith("tsunagi.") and find_spec(f"{config.name}.retention"):
            found.append((config.label, importlib.import_module(f"{config.name}.retention")))
    return tuple(found)


def modules_that_say() -> tuple[str, ...]:
    """The modules that say what they hold."""
    return tuple(label for label, _module in _said())


def held() -> list[Held]:
    """Rows of parties in every module, in an order that may be carried out."""
    return [one for _label, module in _said() for one in module.HELD]


def moments() -> list[Moment]:
    """From when each kind of record is counted."""
    return [one for _label, module in _said() for one in module.MOMENTS]


def loose() -> dict[str, Loose]:
    """Records of no party, by key."""
    return {one.key: one for _label, module in _said() for one in getattr(module, "LOOSE", ())}


def of_no_party() -> dict[str, str]:
    """Tables that hold nothing of a party, and why."""
    return {table: why for _label, module in _said() for table, why in module.NOT_OF_A_PARTY.items()}
