"""Addresses of the files."""

from django.urls import path

from . import views

app_name = "cases"

urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("templates/", views.templates, name="templates"),
    path("templates/new/", views.template_new, name="template_new"),
    path("templates/<int:template_id>/", views.template_edit, name="template_edit"),
    path("<int:case_id>/", views.detail, name="detail"),
    path("<int:case_id>/paper/", views.paper, name="paper"),
    path("<int:case_id>/notes/new/", views.note_new, name="note_new"),
    path("<int:case_id>/notes/<int:note_id>/", views.note_edit, name="note_edit"),
    path("<int:case_id>/quick/", views.quick, name="quick"),
    path("<int:case_id>/quick/help/", views.quick_help, name="quick_help"),
    path("<int:case_id>/stage/", views.stage, name="stage"),
    path("<int:case_id>/supervision/new/", views.supervision_new, name="supervision_new"),
    path("<int:case_id>/jottings/new/", views.jotting_new, name="jotting_new"),
    path("<int:case_id>/jottings/<int:jotting_id>/", views.jotting_edit, name="jotting_edit"),
    path("<int:case_id>/own-words/new/", views.own_words_new, name="own_words_new"),
    path("<int:case_id>/secret/", views.secret, name="secret"),
    path("<int:case_id>/concerns/", views.concerns, name="concerns"),
    path("<int:case_id>/close/", views.close, name="close"),
    path("<int:case_id>/reopen/", views.reopen, name="reopen"),
]
