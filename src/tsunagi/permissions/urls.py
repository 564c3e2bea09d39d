"""Addresses of 管理, under /kanri/."""

from django.urls import path

from .views import offices, proposals, table, workers

app_name = "permissions"
urlpatterns = [
    path("", table.index, name="index"),
    path("table/", table.table, name="table"),
    path("journal/", table.journal, name="journal"),
    path("offices/", offices.offices, name="offices"),
    path("offices/new/", offices.new_office, name="new_office"),
    path("offices/<int:office_id>/", offices.office, name="office"),
    path("offices/<int:office_id>/edit/", offices.edit_office, name="edit_office"),
    path("offices/<int:office_id>/calendar/", offices.office_calendar, name="office_calendar"),
    path("calendar/", offices.city_calendar, name="calendar"),
    path("calendar/<int:day_id>/remove/", offices.remove_day, name="remove_day"),
    path("workers/", workers.workers, name="workers"),
    path("workers/new/", workers.new_worker, name="new_worker"),
    path("workers/<int:worker_id>/", workers.worker, name="worker"),
    path("workers/<int:worker_id>/edit/", workers.edit_worker, name="edit_worker"),
    path("workers/<int:worker_id>/post/", proposals.post, name="post"),
    path("workers/<int:worker_id>/password/", workers.give_password, name="give_password"),
    path("postings/<int:posting_id>/end/", proposals.end_posting, name="end_posting"),
    path("workers/<int:worker_id>/reset-factor/", proposals.reset_factor, name="reset_factor"),
    path("workers/<int:worker_id>/sign-on/", proposals.bind_sign_on, name="bind_sign_on"),
    path("workers/<int:worker_id>/end-sessions/", proposals.end_sessions, name="end_sessions"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
]
