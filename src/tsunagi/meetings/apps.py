"""The meetings module as Django knows it."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "tsunagi.meetings"
    label = "meetings"
