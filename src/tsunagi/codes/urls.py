"""Addresses of the city's settings, under /codes/."""

from django.urls import path

from . import views

app_name = "codes"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/<str:key>/", views.setting, name="setting"),
]
