"""The search module as Django knows it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tsunagi.search"
    label = "search"
