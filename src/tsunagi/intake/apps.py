"""The intake module as Django knows it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "tsunagi.intake"
    label = "intake"
