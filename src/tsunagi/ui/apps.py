"""The ui module as Django knows it."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tsunagi.ui"
    label = "ui"
    verbose_name = "画面"
