"""The workbench module as Django knows it."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "tsunagi.workbench"
    label = "workbench"
