"""The accounts module as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tsunagi.accounts"
    label = "accounts"
