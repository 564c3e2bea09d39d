"""A database from nothing in seconds: Django's picture of the models is amended, not drawn anew at every step.

Before each step of a migration Django renders every model that is related to the touched one. Here nearly everything is
related to the worker and the party, so a first start spent nine tenths of its time on pictures nobody looked at (45 of
54 processor seconds). Three kinds of step need no new picture:

* a **new model** only needs itself: those it points at learn of it as they do when a program starts,
* a **constraint** or an **index** is a word in the model's options,
* everything else is done as Django does it.

What is sent to the database is the same; `tests/config/test_quick_states.py` compares the statements.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class QuickState(ProjectState):
    """A project state whose rendered models are amended where that is enough."""

    def add_model(self, model_state: ModelState) -> None:
        """Render the new model alone."""
        key = model_state.app_label, model_state.name_lower
        # A name that was there before, or one that others already wait for, is drawn with all its relations.
        if "apps" not in self.__dict__ or key in self.models or self.apps._pending_operations:
            super().add_model(model_state)
            return
        self.models[key] = model_state
        if self._relations is not None:  # type: ignore[attr-defined]
            self.resolve_model_relations(key)
        self.apps.render_multiple([model_state])

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        state = self.models[app_label, model_name]
        state.options[option_name] = [*state.options[option_name], obj]
        self._amend(app_label, model_name, option_name)

    def _remove_option(self, app_label: str, model_name: str, option_name: str, obj_name: str) -> None:
        state = self.models[app_label, model_name]
        state.options[option_name] = [one for one in state.options[option_name] if one.name != obj_name]
        self._amend(app_label, model_name, option_name)

    def _amend(self, app_label: str, model_name: str, option_name: str) -> None:
        """Tell the rendered model's options; the class itself stays, for the state before as for the state after."""
        if "apps" in self.__dict__:
            options = self.apps.get_model(app_label, model_name)._meta
            setattr(options, option_name, list(self.models[app_label, model_name].options[option_name]))


class QuickExecutor(MigrationExecutor):
    """Applies migrations upon a `QuickState`."""

    def _migrate_all_forwards(self, state: ProjectState, *args: Any, **kwargs: Any) -> ProjectState:
        # Drawn once more from the start: rendered models that were copied belong to another state.
        quick = QuickState({key: model.clone() for key, model in state.models.items()}, state.real_apps)
        found: ProjectState = super()._migrate_all_forwards(quick, *args, **kwargs)  # type: ignore[misc]
        return found


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Inside, `migrate` uses the quick executor."""
    plain = migrate.MigrationExecutor  # type: ignore[attr-defined]
    migrate.MigrationExecutor = QuickExecutor  # type: ignore[misc, attr-defined]
    try:
        yield
    finally:
        migrate.MigrationExecutor = plain  # type: ignore[misc, attr-defined]
