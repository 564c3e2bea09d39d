"""Addresses of accounts, under /accounts/ (sign-in itself is allauth's)."""

from django.urls import path

from . import views
from .views import second_factor, sessions, sign_on

app_name = "accounts"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/days/", views.my_days, name="my_days"),
    path("me/days/<int:day_id>/remove/", views.remove_my_day, name="remove_my_day"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/<int:sign_in_id>/end/", sessions.end_session, name="end_session"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/app/", second_factor.app, name="app"),
    path("second-factor/key/", second_factor.key, name="key"),
    path("second-factor/spare-codes/", second_factor.spare_codes, name="spare_codes"),
    path("second-factor/<int:factor_id>/remove/", second_factor.remove_factor, name="remove_factor"),
    path("login/second-step/", second_factor.second_step, name="second_step"),
    path("login/sign-on/", sign_on.begin, name="sign_on"),
    path("login/sign-on/back/", sign_on.back, name="sign_on_back"),
]
