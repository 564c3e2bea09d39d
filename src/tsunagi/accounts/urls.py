"""Addresses of accounts, under /accounts/ (sign-in itself is allauth's)."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/days/", views.my_days, name="my_days"),
    path("me/days/<int:day_id>/remove/", views.remove_my_day, name="remove_my_day"),
]
