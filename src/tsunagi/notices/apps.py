"""The notices module as Django knows it."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tsunagi.notices"
    label = "notices"
