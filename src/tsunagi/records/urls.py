"""Addresses of keeping, demands, incidents, complaints, papers a city signs; under /hozon/."""

from django.urls import path

from .views import accidents, demands, keeping, papers, voices

app_name = "records"

urlpatterns = [
    path("", keeping.index, name="index"),
    path("kikan/", keeping.rules, name="rules"),
    path("kikan/<str:kind>/", keeping.rule, name="rule"),
    path("teishi/", keeping.holds, name="holds"),
    path("teishi/<int:hold_id>/", keeping.release, name="release"),
    path("haiki/", keeping.due, name="due"),
    path("haiki/<int:disposal_id>/", keeping.disposal, name="disposal"),
    path("haiki/<int:disposal_id>/item/<int:item_id>/", keeping.take_out, name="take_out"),
    path("seikyu/", demands.ledger, name="demands"),
    path("seikyu/new/", demands.new, name="new_demand"),
    path("seikyu/<int:demand_id>/", demands.detail, name="demand"),
    path("seikyu/<int:demand_id>/edit/", demands.edit, name="edit_demand"),
    path("seikyu/<int:demand_id>/record/", demands.name_record, name="name_record"),
    path("seikyu/<int:demand_id>/masks/", demands.masks, name="masks"),
    path("seikyu/<int:demand_id>/extend/", demands.extend, name="extend"),
    path("seikyu/<int:demand_id>/decide/", demands.decide, name="decide"),
    path("seikyu/<int:demand_id>/package/", demands.package, name="package"),
    path("seikyu/<int:demand_id>/answer/", demands.answer_demand, name="answer"),
    path("seikyu/<int:demand_id>/withdraw/", demands.withdraw, name="withdraw"),
    path("jiko/", accidents.incidents, name="incidents"),
    path("jiko/new/", accidents.report, name="report"),
    path("jiko/<int:incident_id>/", accidents.incident, name="incident"),
    path("jiko/<int:incident_id>/write/", accidents.write, name="write_incident"),
    path("jiko/<int:incident_id>/party/", accidents.add_party, name="add_party"),
    path("jiko/<int:incident_id>/stop/", accidents.stop, name="stop"),
    path("jiko/<int:incident_id>/letter.pdf", accidents.letter, name="letter"),
    path("jiko/<int:incident_id>/finish/", accidents.finish, name="finish"),
    path("jiko/<int:incident_id>/look-back/", accidents.look_back, name="look_back"),
    path("koe/", voices.voices, name="voices"),
    path("koe/new/", voices.new, name="new_voice"),
    path("koe/<int:voice_id>/", voices.voice, name="voice"),
    path("koe/<int:voice_id>/answer/", voices.answer_voice, name="answer_voice"),
    path("koe/overseer/", voices.overseer, name="overseer"),
    path("miuchi/", voices.own_people, name="own_people"),
    path("kami/", papers.papers, name="papers"),
    path("kami/<str:code>.<str:ending>", papers.paper, name="paper"),
]
