"""Addresses of the city's code lists and settings, under /codes/."""

from django.urls import path

from . import views

app_name = "codes"
urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<str:key>/", views.code_list, name="list"),
    path("lists/<str:key>/<str:value>/", views.code, name="code"),
    path("lists/<str:key>/<str:value>/retire/", views.retire, name="retire"),
    path("settings/", views.settings, name="settings"),
    path("settings/<str:key>/", views.setting, name="setting"),
]
