"""Addresses of the safety net."""

from django.urls import path

from . import views

app_name = "safety_net"

urlpatterns = [
    path("", views.index, name="index"),
    path("office/<int:office_id>/", views.office, name="office"),
]
