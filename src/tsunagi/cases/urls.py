"""Addresses of the files."""

from django.urls import path

from . import views

app_name = "cases"

urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<int:case_id>/", views.detail, name="detail"),
    path("<int:case_id>/paper/", views.paper, name="paper"),
    path("<int:case_id>/notes/new/", views.note_new, name="note_new"),
    path("<int:case_id>/notes/<int:note_id>/", views.note_edit, name="note_edit"),
    path("<int:case_id>/secret/", views.secret, name="secret"),
    path("<int:case_id>/concerns/", views.concerns, name="concerns"),
    path("<int:case_id>/close/", views.close, name="close"),
    path("<int:case_id>/reopen/", views.reopen, name="reopen"),
]
