"""Addresses of the diary."""

from django.urls import path

from . import views

app_name = "diary"

urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("mochidashi/", views.taken, name="taken"),
    path("mochidashi/<int:taken_id>/back/", views.back, name="back"),
    path("<int:appointment_id>/", views.detail, name="detail"),
    path("<int:appointment_id>/move/", views.move, name="move"),
    path("<int:appointment_id>/cancel/", views.cancel, name="cancel"),
    path("<int:appointment_id>/happened/", views.happened, name="happened"),
    path("night/<int:office_id>/", views.nights, name="nights"),
    path("night/<int:office_id>/key/", views.night_key, name="night_key"),
    path("night/<int:office_id>/<str:night>.pdf", views.night_file, name="night_file"),
]
