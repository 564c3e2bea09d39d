"""Addresses of the desk's pages."""

from django.urls import path

from . import views, views_lists

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    path("mine/", views.mine, name="mine"),
    path("circulations/", views_lists.circulations, name="circulations"),
    path("circulations/<int:circulation_id>/", views_lists.circulation, name="circulation"),
    path("circulations/<int:circulation_id>/more/", views_lists.circulate_more, name="circulate_more"),
    path("circulations/<int:circulation_id>/decide/", views_lists.decide, name="circulation_decide"),
    path("circulate/<str:kind>/<int:subject_id>/", views_lists.circulate, name="circulate"),
    path("person/<int:party_id>/", views.person, name="person"),
    path("person/<int:party_id>/places/", views.places, name="places_named"),
]
