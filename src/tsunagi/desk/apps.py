"""The desk module as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tsunagi.desk"
    label = "desk"
