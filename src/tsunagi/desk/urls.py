"""Addresses of the desk's pages."""

from django.urls import path

from . import views, views_lists

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    path("words/", views.words, name="words"),
    path("mine/", views.mine, name="mine"),
    path("filters/", views_lists.filters, name="filters"),
    path("filters/keep/", views_lists.filter_keep, name="filter_keep"),
    path("filters/<int:filter_id>/", views_lists.filter_change, name="filter"),
    path("take-away/<str:place>/", views_lists.take_away, name="take_away"),
    path("taken-away/", views_lists.taken_away, name="taken_away"),
    path("taken-away/seen/", views_lists.taken_away_seen, name="taken_away_seen"),
    path("read-back/", views_lists.read_back, name="read_back"),
    path("read-back/days/", views_lists.days_taken_in, name="days_taken_in"),
    path("circulations/", views_lists.circulations, name="circulations"),
    path("circulations/<int:circulation_id>/", views_lists.circulation, name="circulation"),
    path("circulations/<int:circulation_id>/more/", views_lists.circulate_more, name="circulate_more"),
    path("circulations/<int:circulation_id>/decide/", views_lists.decide, name="circulation_decide"),
    path("circulate/<str:kind>/<int:subject_id>/", views_lists.circulate, name="circulate"),
    path("person/<int:party_id>/", views.person, name="person"),
    path("kami/", views.going_out, name="going_out"),
    path("kami/<int:taken_id>.pdf", views.paper, name="paper"),
    path("person/<int:party_id>/card/", views.card, name="card"),
    path("person/<int:party_id>/card.pdf", views.card_pdf, name="card_pdf"),
    path("person/<int:party_id>/places/", views.places, name="places_named"),
    path("person/merges/<int:merge_id>/", views.merged, name="merged"),
    path("person/merges/<int:merge_id>/part/", views.part, name="part"),
]
