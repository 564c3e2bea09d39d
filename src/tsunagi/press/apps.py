"""The press module as Django knows it."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "tsunagi.press"
    label = "press"
    verbose_name = "印刷"
