"""Addresses of the desk's pages."""

from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    path("mine/", views.mine, name="mine"),
    path("person/<int:party_id>/", views.person, name="person"),
    path("person/<int:party_id>/places/", views.places, name="places_named"),
    path("person/merges/<int:merge_id>/", views.merged, name="merged"),
    path("person/merges/<int:merge_id>/part/", views.part, name="part"),
]
