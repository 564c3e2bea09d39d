"""The plans module as Django knows it."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tsunagi.plans"
    label = "plans"
