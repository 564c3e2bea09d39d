"""Addresses of the pictures; the gallery where it is switched on."""

from django.conf import settings
from django.urls import path

from . import views

app_name = "genogram"

urlpatterns = [
    path("<int:party_id>/", views.picture, name="picture"),
    path("<int:party_id>/export/<str:kind>/", views.export, name="export"),
    path("<int:party_id>/person/<int:who_id>/", views.person, name="person"),
    path("<int:party_id>/person/<int:who_id>/add/", views.add, name="add"),
    path("<int:party_id>/person/<int:who_id>/tie/", views.tie, name="tie"),
    path("<int:party_id>/person/<int:who_id>/around/", views.around, name="around"),
    path(
        "<int:party_id>/person/<int:who_id>/relation/<int:relation_id>/end/",
        views.relation_end,
        name="relation_end",
    ),
    path("<int:party_id>/person/<int:who_id>/tie/<int:tie_id>/end/", views.tie_end, name="tie_end"),
]

if settings.DEBUG or getattr(settings, "TSUNAGI_GALLERY", False):
    urlpatterns += [path("gallery/", views.gallery, name="gallery")]
