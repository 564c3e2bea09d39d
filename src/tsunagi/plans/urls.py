"""Addresses of plans."""

from django.urls import path

from . import views

app_name = "plans"

urlpatterns = [
    path("case/<int:case_id>/", views.index, name="index"),
    path("case/<int:case_id>/new/", views.new, name="new"),
    path("case/<int:case_id>/events/", views.events, name="events"),
    path("case/<int:case_id>/events/<int:event_id>/back/", views.event_back, name="event_back"),
    path("case/<int:case_id>/end/", views.end, name="end"),
    path("<int:plan_id>/", views.detail, name="detail"),
    path("<int:plan_id>/edit/", views.edit, name="edit"),
    path("<int:plan_id>/roles/", views.roles, name="roles"),
    path("<int:plan_id>/plain/", views.plain, name="plain"),
    path("<int:plan_id>/read/", views.read, name="read"),
    path("<int:plan_id>/agree/", views.agree, name="agree"),
    path("<int:plan_id>/confer/", views.confer, name="confer"),
    path("<int:plan_id>/decide/", views.decide, name="decide"),
    path("<int:plan_id>/begin/", views.begin, name="begin"),
    path("<int:plan_id>/correct/", views.correct, name="correct"),
    path("<int:plan_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:plan_id>/stop-roles/", views.stop_roles, name="stop_roles"),
    path("<int:plan_id>/monitor/", views.monitor, name="monitor"),
    path("<int:plan_id>/monitor/<int:monitoring_id>/", views.monitoring_correct, name="monitoring_correct"),
    path("role/<int:role_id>/", views.role, name="role"),
    path("follow-up/<int:follow_up_id>/", views.follow_up, name="follow_up"),
]
