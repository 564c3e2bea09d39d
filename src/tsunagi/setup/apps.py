"""The app `setup`."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """開設: how a real city begins, and the yearly review of who may what."""

    name = "tsunagi.setup"
    verbose_name = "開設"
