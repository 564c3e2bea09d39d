"""Addresses of the desk. The ledger's import appends its own to this list."""

from django.urls import path

from .views import capture, consultation, ends, triage

app_name = "intake"

urlpatterns = [
    path("", triage.index, name="index"),
    path("new/", capture.new, name="new"),
    path("lookup/", capture.lookup, name="lookup"),
    path("<int:consultation_id>/", consultation.detail, name="detail"),
    path("<int:consultation_id>/edit/", consultation.edit, name="edit"),
    path("<int:consultation_id>/who/", consultation.who, name="who"),
    path("<int:consultation_id>/informant/", consultation.informant, name="informant"),
    path("<int:consultation_id>/give/", consultation.give, name="give"),
    path("<int:consultation_id>/night/", consultation.night, name="night"),
    path("<int:consultation_id>/word-back/", consultation.word_back, name="word_back"),
    path("<int:consultation_id>/concerns/", ends.concerns, name="concerns"),
    path("<int:consultation_id>/end/", ends.end, name="end"),
]
