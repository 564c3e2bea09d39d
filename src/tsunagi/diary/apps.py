"""The diary module as Django knows it."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "tsunagi.diary"
    label = "diary"
