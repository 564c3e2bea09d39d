"""Addresses of the meetings."""

from django.urls import path

from .views import minutes, papers, room

app_name = "meetings"

urlpatterns = [
    path("sitting/<int:sitting_id>/room/", room.index, name="room"),
    path("sitting/<int:sitting_id>/room/screen/", room.projector, name="room_screen"),
    path("sitting/<int:sitting_id>/room/screen/part/", room.projector_part, name="room_screen_part"),
    path("sitting/<int:sitting_id>/room/state/", room.state, name="room_state"),
    path("sitting/<int:sitting_id>/room/<int:item_id>/line/", room.line, name="room_line"),
    path("sitting/<int:sitting_id>/copies/", papers.copies, name="copies"),
    path("sitting/<int:sitting_id>/copies/recall/", papers.recall, name="copies_recall"),
    path("copy/<int:copy_id>/", papers.copy, name="copy"),
    path("sitting/<int:sitting_id>/minutes/", minutes.minutes, name="minutes"),
    path("sitting/<int:sitting_id>/minutes/draft/", minutes.draft, name="minutes_draft"),
    path("minutes/part/<int:part_id>/", minutes.words, name="minutes_words"),
    path("minutes/<int:minutes_id>/agree/", minutes.agree, name="minutes_agree"),
]
