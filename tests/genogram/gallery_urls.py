"""The product's addresses with the gallery, as where it is switched on."""

from django.urls import path

from tsunagi.config.urls import urlpatterns as product
from tsunagi.genogram import views

urlpatterns = [path("the-gallery/", views.gallery), *product]
