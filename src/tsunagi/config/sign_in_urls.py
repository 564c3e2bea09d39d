"""The pages of allauth this product opens, under /accounts/. Nothing that needs e-mail, nothing that registers anybody.

A forgotten password is given anew on paper by an administrator (管理 → 職員), so the page that would send a letter by
e-mail only says so.
"""

from __future__ import annotations

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from tsunagi.shared.edges import Request, reads
from tsunagi.ui.pages import page


@login_not_required
@reads
def forgotten(request: Request) -> HttpResponse:
    """Whom to ask when the password is forgotten. The same for everybody, whether the name exists or not."""
    return page(request, "account/password_reset.html")


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", forgotten, name="account_reset_password"),
]
