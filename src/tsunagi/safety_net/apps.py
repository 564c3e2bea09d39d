"""The safety_net module as Django knows it."""

from django.apps import AppConfig


class SafetyNetConfig(AppConfig):
    name = "tsunagi.safety_net"
    label = "safety_net"
