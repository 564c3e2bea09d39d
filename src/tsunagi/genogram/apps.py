"""The genogram module as Django knows it."""

from django.apps import AppConfig


class GenogramConfig(AppConfig):
    name = "tsunagi.genogram"
    label = "genogram"
