"""Addresses of the notices, under /notices/."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("read/", views.read_all, name="read_all"),
    path("mail/", views.mail, name="mail"),
    path("mail/state/", views.mail_state, name="mail_state"),
    path("<int:notice_id>/", views.open_notice, name="open"),
]
