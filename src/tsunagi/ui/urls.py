"""Addresses of the ui: the pulse of drafts.js, and the gallery where it is switched on."""

from django.conf import settings
from django.urls import path

from . import session

app_name = "ui"
urlpatterns = [path("pulse/", session.pulse, name="pulse")]

if settings.DEBUG or getattr(settings, "TSUNAGI_GALLERY", False):
    from . import gallery

    urlpatterns += [
        path("gallery/", gallery.gallery, name="gallery"),
        path("gallery/draft/", gallery.draft, name="gallery_draft"),
        path("gallery/public/", gallery.public, name="gallery_public"),
    ]
