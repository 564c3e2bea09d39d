"""The journal module as Django knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tsunagi.journal"
    label = "journal"
