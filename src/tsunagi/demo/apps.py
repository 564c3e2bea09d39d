"""The demo module as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "tsunagi.demo"
    label = "demo"
