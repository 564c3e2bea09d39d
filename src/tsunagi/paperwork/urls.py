"""Addresses of the papers."""

from django.urls import path

from . import views

app_name = "paperwork"

urlpatterns = [
    path("", views.many, name="many"),
    path("blank/<slug:code>.<slug:fmt>", views.blank, name="blank"),
    path("<int:case_id>/", views.index, name="index"),
    path("<int:case_id>/copies/<int:printed_id>/file/", views.file, name="file"),
    path("<int:case_id>/copies/<int:printed_id>/", views.copy, name="copy"),
    path("sitting/<int:sitting_id>/packets/", views.packets, name="packets"),
    path("sitting/<int:sitting_id>/shidai.pdf", views.shidai, name="shidai"),
    path("sitting/copy/<int:copy_id>/", views.copy_file, name="copy_file"),
    path("sitting/minutes/<int:minutes_id>.pdf", views.giroku, name="giroku"),
]
