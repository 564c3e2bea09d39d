"""The permissions module as Django knows it."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "tsunagi.permissions"
    label = "permissions"
