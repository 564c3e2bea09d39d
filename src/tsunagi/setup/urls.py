"""Addresses of 開設 and of the yearly review, under /kaisetsu/."""

from django.urls import path

from .views import places, ready, reviews

app_name = "setup"
urlpatterns = [
    path("", ready.checklist, name="ready"),
    path("looked/", ready.looked, name="looked"),
    path("city/", places.city, name="city"),
    path("districts/", places.districts, name="districts"),
    path("districts/new/", places.new_district, name="new_district"),
    path("districts/<int:district_id>/", places.edit_district, name="district"),
    path("towns/", places.towns, name="towns"),
    path("towns/new/", places.new_town, name="new_town"),
    path("towns/<int:town_id>/", places.edit_town, name="town"),
    path("reviews/", reviews.index, name="reviews"),
    path("reviews/begin/", reviews.begin, name="begin_reviews"),
    path("reviews/<int:review_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/hand/", reviews.hand, name="hand_review"),
    path("reviews/<int:review_id>/close/", reviews.close, name="close_review"),
    path("reviews/<int:review_id>/sheet/<str:kind>/", reviews.sheet, name="review_sheet"),
]
