"""The places module as Django knows it."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tsunagi.places"
    label = "places"
