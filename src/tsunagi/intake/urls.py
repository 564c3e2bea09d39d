"""Addresses of the desk. The ledger's import appends its own to this list."""

from django.urls import path

from .views import (
    asked_about,
    capture,
    consultation,
    ends,
    guarded,
    imports,
    meeting,
    sheets,
    slips,
    stocktaking,
    triage,
)

app_name = "intake"

urlpatterns = [
    path("", triage.index, name="index"),
    path("new/", capture.new, name="new"),
    path("lookup/", capture.lookup, name="lookup"),
    path("asked-about/", asked_about.asked_about, name="asked_about"),
    path("blank/", sheets.index, name="sheets"),
    path("blank/<int:sheet_id>.pdf", sheets.paper, name="sheets_paper"),
    path("slips/", slips.index, name="slips"),
    path("slips/new/", slips.new, name="slip_new"),
    path("slips/<int:slip_id>/", slips.detail, name="slip"),
    path("slips/<int:slip_id>/paper.pdf", slips.paper, name="slip_paper"),
    path("slips/<int:slip_id>/take/", slips.take, name="slip_take"),
    path("<int:consultation_id>/secret/", guarded.write, name="secret"),
    path("secret/<int:text_id>/", guarded.door, name="secret_door"),
    path("batch/", ends.batch, name="batch"),
    path("<int:consultation_id>/", consultation.detail, name="detail"),
    path("<int:consultation_id>/edit/", consultation.edit, name="edit"),
    path("<int:consultation_id>/who/", consultation.who, name="who"),
    path("<int:consultation_id>/informant/", consultation.informant, name="informant"),
    path("<int:consultation_id>/give/", consultation.give, name="give"),
    path("<int:consultation_id>/night/", consultation.night, name="night"),
    path("<int:consultation_id>/word-back/", consultation.word_back, name="word_back"),
    path("<int:consultation_id>/concerns/", ends.concerns, name="concerns"),
    path("<int:consultation_id>/end/", ends.end, name="end"),
    path("import/", imports.index, name="import"),
    path("import/same/", imports.same, name="import_same"),
    path("import/<int:import_id>/", imports.detail, name="import_detail"),
    path("import/<int:import_id>/repairs/", imports.repairs, name="import_repairs"),
    path("import/<int:import_id>/rejects.xlsx", imports.rejects, name="import_rejects"),
    path("kaigi/", meeting.index, name="meeting"),
    path("kaigi/conclude/", meeting.conclude, name="meeting_conclude"),
    path("kaigi/paper.pdf", meeting.paper, name="meeting_paper"),
    path("kaigi/<int:meeting_id>/", meeting.detail, name="meeting_detail"),
    path("kaigi/<int:meeting_id>/go-on/", meeting.go_on, name="meeting_go_on"),
    path("kaigi/<int:meeting_id>/paper.pdf", meeting.paper_of, name="meeting_paper_of"),
    path("tana-oroshi/", stocktaking.index, name="stocktaking"),
    path("tana-oroshi/sheets/<int:sheet_id>/", stocktaking.sheet, name="stocktaking_sheet"),
]
