"""The assessment module as Django knows it."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "tsunagi.assessment"
    label = "assessment"
