"""The records module as Django knows it."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tsunagi.records"
    label = "records"
