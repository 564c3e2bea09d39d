"""Addresses of sharing: the button of the page 「ご覧になれません」, and what its holder was told."""

from django.urls import path

from . import views

app_name = "sharing"

urlpatterns = [
    path("knock/", views.knock, name="knock"),
    path("told/<int:told_id>/", views.told, name="told"),
    path("who/<int:party_id>/", views.who, name="who"),
    path("who/<int:person_id>/draft/", views.who_draft, name="who_draft"),
    path("ledger/", views.ledger_page, name="ledger"),
    path("ledger/file/", views.ledger_file, name="ledger_file"),
    path("explanations/", views.explanations_page, name="explanations"),
    path("explanations/new/", views.explanation_new, name="explanation_new"),
    path("flows/", views.flows_page, name="flows"),
]
