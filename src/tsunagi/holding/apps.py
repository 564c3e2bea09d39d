"""The holding module as Django knows it."""

from django.apps import AppConfig


class HoldingConfig(AppConfig):
    name = "tsunagi.holding"
    label = "holding"
