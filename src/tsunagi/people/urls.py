"""Addresses of people. A person's, household's or unknown's own page is `desk:person`."""

from django.urls import path

from .views import finding, households, measures, merging, persons

app_name = "people"

urlpatterns = [
    path("", finding.index, name="index"),
    path("search/", finding.search, name="search"),
    path("lookup/", finding.lookup, name="lookup"),
    path("new/", persons.new, name="new"),
    path("<int:party_id>/edit/", persons.edit, name="edit"),
    path("<int:party_id>/safe-contact/", persons.safe_contact, name="safe_contact"),
    path("<int:party_id>/reach/", persons.reach, name="reach"),
    path("<int:party_id>/reach/phone/", persons.phone_add, name="phone_add"),
    path("<int:party_id>/reach/address/", persons.address_add, name="address_add"),
    path("<int:party_id>/reach/name/", persons.alias_add, name="alias_add"),
    path("<int:party_id>/protect/", persons.protect, name="protect"),
    path("measures/", measures.measures, name="measures"),
    path("own/", persons.own, name="own"),
    path("duplicates/", merging.duplicates, name="duplicates"),
    path("<int:party_id>/merge/", merging.choose, name="merge_choose"),
    path("<int:party_id>/merge/<int:other_id>/", merging.merge, name="merge"),
    path("<int:party_id>/relation/", households.relation_add, name="relation_add"),
    path("<int:party_id>/relation/<int:relation_id>/end/", households.relation_end, name="relation_end"),
    path("<int:party_id>/household/new/", households.household_new, name="household_new"),
    path("household/<int:party_id>/", households.household, name="household"),
    path("household/<int:party_id>/edit/", households.household_edit, name="household_edit"),
    path("household/<int:party_id>/add/", households.member_add, name="member_add"),
    path("household/<int:party_id>/leave/<int:person_id>/", households.member_leave, name="member_leave"),
    path("unknown/new/", households.unknown_new, name="unknown_new"),
    path("unknown/<int:party_id>/join/", households.unknown_join, name="unknown_join"),
    path("unknown/<int:party_id>/part/", households.unknown_part, name="unknown_part"),
]
