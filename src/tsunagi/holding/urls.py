"""Addresses of held concerns and what stands beside them."""

from django.urls import path

from .views import beside, concerns, enquiries, protections

app_name = "holding"

urlpatterns = [
    path("<int:concern_id>/", concerns.concern, name="concern"),
    path("<int:concern_id>/edit/", concerns.edit, name="edit"),
    path("<int:concern_id>/way/", concerns.way, name="way"),
    path("<int:concern_id>/could-not/", concerns.could_not, name="could_not"),
    path("<int:concern_id>/take-back/", concerns.take_back, name="take_back"),
    path("<int:concern_id>/extend/", concerns.extend, name="extend"),
    path("<int:concern_id>/wait/", concerns.wait, name="wait"),
    path("<int:concern_id>/rethink/", concerns.rethink, name="rethink"),
    path("<int:concern_id>/reassign/", concerns.reassign, name="reassign"),
    path("<int:concern_id>/stand-in/", concerns.stand_in, name="stand_in"),
    path("<int:concern_id>/together/", concerns.together, name="together"),
    path("<int:concern_id>/close/", concerns.close, name="close"),
    path("<int:concern_id>/look-back/", concerns.look_back, name="look_back"),
    path("<int:concern_id>/reopen/", concerns.reopen, name="reopen"),
    path("<int:concern_id>/safety/", concerns.safety, name="safety"),
    path("<int:concern_id>/night/", concerns.night, name="night"),
    path("<int:concern_id>/ready/", concerns.ready, name="ready"),
    path("<int:concern_id>/managers-word/", concerns.managers_word, name="managers_word"),
    path("<int:concern_id>/gap/", concerns.gap, name="gap"),
    path("contact/", concerns.contact, name="contact"),
    path("second/<int:word_id>/", beside.second, name="second"),
    path("promises/<int:promise_id>/", beside.promise, name="promise"),
    path("promises/<int:promise_id>/coordination/", beside.coordination, name="coordination"),
    path("enquiries/", enquiries.index, name="enquiries"),
    path("enquiries/new/", enquiries.new, name="enquiry_new"),
    path("enquiries/<int:enquiry_id>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/answer/<int:answer_id>/", enquiries.answer, name="enquiry_answer"),
    path("protections/<int:protection_id>/", protections.detail, name="protection"),
    path("protections/<int:protection_id>/decide/", protections.decide, name="protection_decide"),
    path("protections/<int:protection_id>/end/", protections.end, name="protection_end"),
    path("protections/<int:protection_id>/show/", protections.show, name="protection_show"),
    path("messages/new/", beside.message, name="message"),
    path("rows/<str:row_kind>/<int:row_id>/reached-out/", beside.reached_out, name="reached_out"),
    path("gaps/", beside.gaps, name="gaps"),
    path("gaps/<int:gap_id>/solve/", beside.solve_gap, name="solve_gap"),
    path("leaving/<int:worker_id>/", beside.leaving, name="leaving"),
    path("leaving/<int:worker_id>/leave/", beside.leave, name="leave"),
    path("absence/", beside.absence, name="absence"),
    path("absence/back/", beside.back, name="back"),
]
