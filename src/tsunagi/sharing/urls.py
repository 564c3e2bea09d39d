"""Addresses of sharing: the button of the page 「ご覧になれません」, and what its holder was told."""

from django.urls import path

from . import views

app_name = "sharing"

urlpatterns = [
    path("knock/", views.knock, name="knock"),
    path("told/<int:told_id>/", views.told, name="told"),
]
