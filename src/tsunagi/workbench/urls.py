"""Addresses of the workbench."""

from django.urls import path

from .views import drafts, files

app_name = "workbench"
urlpatterns = [
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft_id>/discard/", drafts.discard, name="discard"),
    path("drafts/<uuid:draft_id>/files/", files.draft_files, name="draft_files"),
    path("drafts/<uuid:draft_id>/files/<int:attachment_id>/drop/", files.drop, name="drop_file"),
    path("runs/", drafts.runs, name="runs"),
    path("runs/<int:run_id>/", drafts.run, name="run"),
    path("runs/<int:run_id>/cancel/", drafts.cancel, name="cancel"),
    path("runs/<int:run_id>/file/", drafts.file, name="file"),
    path("files/state/", files.state, name="files_state"),
    path("files/<int:attachment_id>/", files.open_file, name="attachment"),
    path("files/<int:attachment_id>/remove/", files.remove, name="remove_file"),
    path("files/<slug:kind>/<int:subject_id>/", files.of_record, name="files"),
]
