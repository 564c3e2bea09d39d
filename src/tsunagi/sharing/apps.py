"""The sharing module as Django knows it."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "tsunagi.sharing"
    label = "sharing"
