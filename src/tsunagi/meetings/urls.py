"""Addresses of meetings."""

from django.urls import path

from . import views

app_name = "meetings"

urlpatterns = [
    path("", views.index, name="index"),
    path("body/new/", views.body_new, name="body_new"),
    path("body/<int:body_id>/", views.body, name="body"),
    path("body/<int:body_id>/edit/", views.body_edit, name="body_edit"),
    path("body/<int:body_id>/end/", views.body_end, name="body_end"),
    path("body/<int:body_id>/member/", views.member_new, name="member_new"),
    path("body/<int:body_id>/signatures/", views.signatures, name="signatures"),
    path("body/<int:body_id>/calendar/", views.calendar, name="calendar"),
    path("body/<int:body_id>/sitting/", views.sitting_new, name="sitting_new"),
    path("member/<int:member_id>/", views.member, name="member"),
    path("member/<int:member_id>/end/", views.member_end, name="member_end"),
    path("member/<int:member_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("sitting/<int:sitting_id>/", views.sitting, name="sitting"),
    path("sitting/<int:sitting_id>/edit/", views.sitting_edit, name="sitting_edit"),
    path("sitting/<int:sitting_id>/call/", views.sitting_call, name="sitting_call"),
    path("sitting/<int:sitting_id>/open/", views.sitting_open, name="sitting_open"),
    path("sitting/<int:sitting_id>/finish/", views.sitting_finish, name="sitting_finish"),
    path("sitting/<int:sitting_id>/cancel/", views.sitting_cancel, name="sitting_cancel"),
    path("sitting/<int:sitting_id>/attendance/", views.attendance, name="attendance"),
    path("sitting/<int:sitting_id>/told/", views.told, name="told"),
    path("sitting/<int:sitting_id>/order/", views.order, name="order"),
    path("sitting/<int:sitting_id>/gather/", views.gather, name="gather"),
    path("propose/", views.propose, name="propose"),
    path("item/<int:item_id>/", views.item, name="item"),
    path("item/<int:item_id>/edit/", views.item_edit, name="item_edit"),
    path("item/<int:item_id>/take-back/", views.take_back, name="take_back"),
    path("item/<int:item_id>/arrange/", views.arrange, name="arrange"),
    path("item/<int:item_id>/members/", views.members, name="members"),
    path("item/<int:item_id>/mode/", views.mode, name="mode"),
    path("item/<int:item_id>/move/", views.move, name="move"),
    path("item/<int:item_id>/off/", views.off, name="off"),
    path("item/<int:item_id>/decide/", views.decide, name="decide"),
    path("item/<int:item_id>/done/", views.done, name="done"),
    path("decision/<int:decision_id>/back/", views.decision_back, name="decision_back"),
    path("role/<int:role_id>/", views.role, name="role"),
    path("feed/", views.feed, name="feed"),
    path("feed/<str:token>.ics", views.feed_file, name="feed_file"),
]
