"""Incidents and complaints: the days, the second person, and that the worker meant does not see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from tests.factories import NOW, TODAY, a_person, a_post, a_worker, an_office, office_of
from tests.records.conftest import Secretaries
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Promise
from tsunagi.people.access import person_for
from tsunagi.records.access import voice_for, voices_in_reach
from tsunagi.records.actions import accidents, voicing
from tsunagi.records.models import Incident, Voice
from tsunagi.records.queries.accidents import incident_page
from tsunagi.records.queries.keeping import held_by
from tsunagi.records.rules.accidents import STOPS, judge
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.mark.parametrize(
    ("facts", "must", "words"),
    [
        ({"sensitive": True, "persons": 1}, True, "1人でも"),
        ({"sensitive": False, "persons": 100}, False, "義務はありません"),
        ({"sensitive": False, "persons": 101}, True, "100人を超える"),
        ({"sensitive": False, "persons": 1, "money": True}, True, "財産的"),
    ],
    ids=["one with 要配慮", "a hundred without", "a hundred and one", "money"],
)
def test_who_must_be_told(facts: dict[str, Any], must: bool, words: str) -> None:
    said = judge(**({"money": False, "wilful": False, "found_on": date(2026, 6, 9)} | facts))
    assert said.must_report is must
    assert words in said.words
    assert (said.quick_on, said.full_on) == (date(2026, 6, 14), date(2026, 7, 9))
    assert judge(
        sensitive=True, persons=1, money=False, wilful=True, found_on=date(2026, 6, 9)
    ).full_on == date(2026, 8, 8)


def reported(they: Secretaries, **more: Any) -> Incident:
    made = accidents.report("missent", words="通知を取り違えた", by=they.desk, at=NOW, **more)
    connection.check_constraints()
    return made


def steps(made: Incident) -> set[str]:
    return set(
        Promise.objects.filter(
            subject_kind__startswith="incident_", subject_id=made.pk, is_open=True
        ).values_list("subject_kind", flat=True)
    )


def test_its_days_are_promises_and_follow_what_is_known(they: Secretaries) -> None:
    made = reported(they)
    assert steps(made) == {"incident_quick", "incident_full", "incident_tell"}
    assert (
        Promise.objects.filter(subject_id=made.pk, subject_kind="incident_quick").get().worker_id
        == they.manager.pk
    )
    accidents.write(made, revision=1, by=they.manager, at=NOW, sensitive=False)
    assert steps(made) == {"incident_tell"}, "nothing is due any more"
    accidents.write(
        made, revision=2, by=they.manager, at=NOW, sensitive=True, wilful=True, quick_on=TODAY, told_on=TODAY
    )
    assert steps(made) == {"incident_full"}
    connection.check_constraints()
    assert all(not law.violations for law in net.check(connection, today=TODAY).laws)


def test_it_fills_itself_from_the_journal(they: Secretaries) -> None:
    from tests.factories import a_concern

    person = a_person("森田 ハル")
    a_concern(held_by=they.desk, of=person)
    with opened_trail(they.desk.pk, "web", NOW):
        person_for(they.desk, person.pk)
    made = reported(they, party_ids=[person.pk])
    seen = incident_page(made, they.manager, NOW)
    assert [(line.who, line.times) for line in seen.looks] == [("相田 ゆき", 1)]
    assert incident_page(made, they.desk, NOW).looks == (), "who reported does not learn who looked"
    assert held_by([person.pk]) == {person.pk: ("incident",)}


def test_it_ends_with_a_second_persons_look_back(they: Secretaries) -> None:
    made = reported(they)
    with pytest.raises(Refused, match="いま止めること"):
        accidents.finish(made, by=they.manager, at=NOW)
    for one in STOPS["missent"]:
        accidents.stop(made, one.code, applies=True, by=they.desk, at=NOW)
    with pytest.raises(Refused, match="確報"):
        accidents.finish(made, by=they.manager, at=NOW)
    accidents.write(
        made,
        revision=1,
        by=they.manager,
        at=NOW,
        quick_on=TODAY,
        full_on=TODAY,
        told_words="電話でおわび",
        cause="封入を一人でしていた",
        measures="二人で封をする",
    )
    made.refresh_from_db()
    accidents.finish(made, by=they.manager, at=NOW)
    made.refresh_from_db()
    for who in (they.manager, they.desk):
        with pytest.raises(Refused, match="別の人"):
            accidents.look_back(made, "続いている", by=who, at=NOW)
    accidents.look_back(made, "続いている", by=they.one, at=NOW + timedelta(days=60))
    connection.check_constraints()
    made.refresh_from_db()
    assert made.state == "closed"
    assert not steps(made)
    with pytest.raises(Refused, match="もう終わって"):
        accidents.write(made, revision=made.revision, by=they.one, at=NOW, cause="x")


def test_two_who_write_at_once_keep_both_texts(they: Secretaries) -> None:
    from tsunagi.shared.refusal import Stale

    made = reported(they)
    accidents.write(made, revision=1, by=they.manager, at=NOW, cause="忙しかった")
    with pytest.raises(Stale) as stale:
        accidents.write(made, revision=1, by=they.desk, at=NOW, cause="封筒が似ていた")
    assert ("なぜ起きたか", "忙しかった", "封筒が似ていた") in stale.value.differences


# -- complaints -------------------------------------------------------------------------------------------------------------


def said(they: Secretaries, **more: Any) -> Voice:
    values: dict[str, Any] = {
        "office_id": office_of(they.desk).pk,
        "said_by": "person",
        "words": "電話が来なかった",
        "by": they.desk,
        "at": NOW,
    }
    made = voicing.take_voice("complaint", **(values | more))
    connection.check_constraints()
    return made


def test_the_worker_meant_does_not_see_it_even_when_they_wrote_it_down(they: Secretaries) -> None:
    made = said(they, about_worker_id=they.desk.pk)
    assert made.answers_id == they.manager.pk
    assert not voices_in_reach(they.desk).exists()
    with pytest.raises(Http404), opened_trail(they.desk.pk, "web", NOW):
        voice_for(they.desk, made.pk)
    assert voices_in_reach(they.manager).get() == made


def test_a_complaint_about_the_manager_goes_to_another_who_was_named(they: Secretaries) -> None:
    with pytest.raises(Refused, match="代わりに答える人"):
        said(they, about_worker_id=they.manager.pk)
    other = an_office("福祉総務課").duty_worker
    with pytest.raises(Refused, match="管理職ではない人"):
        voicing.name_overseer(office_of(they.desk).pk, they.manager.pk, by=they.one, at=NOW)
    voicing.name_overseer(office_of(they.desk).pk, other.pk, by=they.one, at=NOW)
    made = said(they, about_worker_id=they.manager.pk)
    assert made.answers_id == other.pk
    assert not voices_in_reach(they.manager).exists()
    assert Promise.objects.get(subject_kind="voice", subject_id=made.pk).worker_id == other.pk
    voicing.answer_voice(made, "話を聞いた", by=other, at=NOW)
    with pytest.raises(Refused, match="もう答えて"):
        voicing.answer_voice(made, "もう一度", by=other, at=NOW)
    assert all(not law.violations for law in net.check(connection, today=TODAY).laws)


def test_a_second_manager_answers_before_anybody_from_outside(they: Secretaries) -> None:
    second = a_worker(office_of(they.desk), Role.MANAGER)
    made = said(they, about_worker_id=they.manager.pk)
    assert made.answers_id == second.pk
    a_post(second, an_office("別の課"), Role.COUNSELLOR)
    assert voices_in_reach(second).get() == made
