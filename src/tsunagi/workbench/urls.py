"""Addresses of the workbench."""

from django.urls import path

from . import views

app_name = "workbench"
urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/<uuid:draft_id>/", views.draft, name="draft"),
    path("drafts/<uuid:draft_id>/discard/", views.discard, name="discard"),
    path("runs/", views.runs, name="runs"),
    path("runs/<int:run_id>/", views.run, name="run"),
    path("runs/<int:run_id>/cancel/", views.cancel, name="cancel"),
    path("runs/<int:run_id>/file/", views.file, name="file"),
]
