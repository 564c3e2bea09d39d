"""The paperwork module as Django knows it."""

from django.apps import AppConfig


class PaperworkConfig(AppConfig):
    name = "tsunagi.paperwork"
    label = "paperwork"
