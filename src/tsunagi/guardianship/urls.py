"""Addresses of powers and of 市長申立て."""

from django.urls import path

from . import views

app_name = "guardianship"

urlpatterns = [
    path("<int:party_id>/", views.index, name="index"),
    path("<int:party_id>/new/", views.power_new, name="power_new"),
    path("<int:party_id>/petition/new/", views.petition_new, name="petition_new"),
    path("power/<int:power_id>/", views.power, name="power"),
    path("power/<int:power_id>/edit/", views.power_edit, name="power_edit"),
    path("power/<int:power_id>/settle/", views.power_settle, name="power_settle"),
    path("power/<int:power_id>/end/", views.power_end, name="power_end"),
    path("petition/<int:petition_id>/", views.petition, name="petition"),
    path("petition/<int:petition_id>/step/", views.petition_step, name="petition_step"),
    path("petition/<int:petition_id>/move/", views.petition_move, name="petition_move"),
    path("petition/<int:petition_id>/edit/", views.petition_edit, name="petition_edit"),
    path("petition/<int:petition_id>/stop/", views.petition_stop, name="petition_stop"),
]
