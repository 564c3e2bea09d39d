"""The guardianship module as Django knows it."""

from django.apps import AppConfig


class GuardianshipConfig(AppConfig):
    name = "tsunagi.guardianship"
    label = "guardianship"
