"""The config module as Django knows it: when everything is loaded, the wiring is read."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tsunagi.config"
    label = "config"

    def ready(self) -> None:
        """Connect announced events with their reactions and stored trails with the journal."""
        from . import wiring

        wiring.connect()
