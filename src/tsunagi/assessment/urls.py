"""Addresses of the assessment, strengths and lives of one file."""

from django.urls import path

from . import views

app_name = "assessment"

urlpatterns = [
    path("<int:case_id>/", views.index, name="index"),
    path("<int:case_id>/sheet/", views.whole, name="whole"),
    path("<int:case_id>/begin/", views.begin, name="begin"),
    path("<int:case_id>/section/<slug:section>/<int:person_id>/", views.section, name="section"),
    path("<int:case_id>/unknown/<int:unknown_id>/", views.unknown, name="unknown"),
    path("<int:case_id>/difference/<int:number>/", views.difference, name="difference"),
    path("<int:case_id>/screening/", views.screening, name="screening"),
    path("<int:case_id>/finish/", views.finish, name="finish"),
    path("<int:case_id>/pattern/<slug:pattern>/", views.pattern, name="pattern"),
    path("<int:case_id>/history/", views.history, name="history"),
    path("<int:case_id>/strength/new/", views.strength_new, name="strength_new"),
    path("<int:case_id>/strength/<int:strength_id>/", views.strength_edit, name="strength_edit"),
    path("<int:case_id>/life/<int:person_id>/new/", views.life_new, name="life_new"),
    path("<int:case_id>/life/event/<int:event_id>/", views.life_edit, name="life_edit"),
    path("<int:case_id>/life/event/<int:event_id>/remove/", views.life_remove, name="life_remove"),
]
