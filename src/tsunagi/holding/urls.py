"""Addresses of held concerns and what stands beside them."""

from django.urls import path

from .views import beside, closure, concerns, handing_over

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
    path("messages/new/", beside.message, name="message"),
    path("rows/<str:row_kind>/<int:row_id>/reached-out/", beside.reached_out, name="reached_out"),
    path("gaps/", beside.gaps, name="gaps"),
    path("gaps/<int:gap_id>/solve/", beside.solve_gap, name="solve_gap"),
    path("before-closure/", closure.before_closure, name="before_closure"),
    path("handing-over/", handing_over.index, name="handing_over"),
    path("leaving/<int:worker_id>/", handing_over.leaving, name="leaving"),
    path("leaving/<int:worker_id>/call-off/", handing_over.call_off, name="call_off_leaving"),
    path("leaving/<int:worker_id>/leave/", handing_over.leave, name="leave"),
    path("posts/<int:posting_id>/end/", handing_over.end_post, name="end_post"),
    path("offices/<int:office_id>/ending/", handing_over.ending, name="ending"),
    path("offices/<int:office_id>/ending/carry-out/", handing_over.end_office, name="end_office"),
    path("absence/", handing_over.absence, name="absence"),
    path("absence/<int:worker_id>/", handing_over.absence_of, name="absence_of"),
    path("absence/back/", handing_over.back, name="back"),
    path("absence/<int:worker_id>/back/", handing_over.back_of, name="back_of"),
]
