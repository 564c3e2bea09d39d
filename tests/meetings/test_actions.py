"""Bodies, items, who sees them, decisions and roles: what the deeds do and refuse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import (
    NOW,
    TODAY,
    TOKYO,
    a_concern,
    a_household,
    a_person,
    a_worker,
    an_office,
    an_outside_agency,
    office_of,
)
from tests.meetings.factories import (
    a_body,
    a_member,
    a_secretary,
    a_sitting,
    an_item,
    consents,
    it_begins,
    on_the_agenda,
    seat_of,
    somebody_held_by,
)
from tests.plans.factories import a_case, a_draft
from tsunagi.accounts.models import Worker
from tsunagi.holding.actions import close_office
from tsunagi.holding.models import Gap, Hold, Promise
from tsunagi.meetings import actions, tasks
from tsunagi.meetings.access import visible_items
from tsunagi.meetings.actions import DecisionWish, RoleWish
from tsunagi.meetings.actions.room import show_item
from tsunagi.meetings.laws import LAWS
from tsunagi.meetings.models import Acknowledgement, Body, Item, ItemMember, ItemMove
from tsunagi.meetings.rules import NoConsent
from tsunagi.notices.models import Notice
from tsunagi.people.access import sight_of
from tsunagi.people.actions import end_involvement, end_past_their_day, involve, protect
from tsunagi.people.models import Involvement
from tsunagi.plans.models import Plan
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing.actions import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary() -> Worker:
    return a_secretary()


@pytest.fixture
def body(secretary: Worker) -> Body:
    return a_body(secretary)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def school(body: Body, secretary: Worker) -> Worker:
    """A member from a school who comes for some items only."""
    teacher = a_worker(an_office("第三小学校"), name="学校 はな")
    a_member(body, teacher, by=secretary, is_part_time=True)
    return teacher


@pytest.fixture
def haru(worker: Worker) -> Any:
    return somebody_held_by(worker)


def acknowledges(body: Body, worker: Worker, at: datetime = NOW) -> None:
    actions.acknowledge(seat_of(body, worker), by=worker, at=at)
    connection.check_constraints()


def sees(worker: Worker, item: Item, on: date = TODAY) -> bool:
    return visible_items(Worker.objects.get(pk=worker.pk), on).filter(pk=item.pk).exists()


def sees_person(worker: Worker, person: Any, on: date = TODAY) -> Any:
    return sight_of(Worker.objects.get(pk=worker.pk), person.pk, on=on)


def violations() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for law in LAWS:
            cursor.execute(law.violations)
            if rows := cursor.fetchall():
                found[law.words] = rows
    return found


# -- who sees an item -----------------------------------------------------------------------------------------


def test_an_item_opens_to_a_chosen_member_when_they_have_acknowledged(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    acknowledges(body, school)
    assert sees(school, item)
    sight = sees_person(school, haru)
    assert sight.ground == "06"
    assert sight.facets == {"basic", "household", "consultation", "meeting"}
    assert violations() == {}


def test_nobody_else_of_the_members_office_sees_it(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    colleague = a_worker(office_of(school))
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    acknowledges(body, school)
    assert not sees(colleague, item)
    assert sees_person(colleague, haru) is None


def test_another_member_of_the_body_does_not_see_it(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = on_the_agenda(an_item(a_sitting(body, secretary), haru, by=worker), secretary)
    acknowledges(body, school)
    assert not sees(school, item)
    assert not sees(worker, item)


def test_the_acknowledgement_of_last_year_opens_nothing(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    last_year = datetime(2026, 3, 30, 10, tzinfo=TOKYO)
    acknowledges(body, school, last_year)
    assert not sees(school, item)
    assert not sees(school, item, on=TODAY)


def test_on_the_first_of_april_an_open_item_closes_until_it_is_acknowledged_again(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    acknowledges(body, school)
    april = datetime(2027, 4, 1, 9, tzinfo=TOKYO)
    assert not sees(school, item, on=april.date())
    assert sees_person(school, haru, on=april.date()) is None
    end_past_their_day(april.date(), at=april)
    assert violations() == {}
    acknowledges(body, school, april)
    assert sees(school, item, on=april.date())
    assert sees_person(school, haru, on=april.date()) is not None
    # A clock that was set back reads under the year it shows, and finds the other acknowledgement missing.
    assert not sees(school, item, on=date(2026, 3, 1))
    assert violations() == {}


def test_whoever_is_left_out_loses_it_at_once(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    assert sees_person(school, haru)
    actions.choose_members(item, {}, by=secretary, at=NOW)
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    assert violations() == {}


def test_the_household_is_the_subject_of_a_support_item_but_never_its_protected_member(
    body: Body, secretary: Worker, worker: Worker, school: Worker
) -> None:
    mother, son, aunt = a_person("森田 ハル"), a_person("森田 健一"), a_person("森田 とめ")
    household = a_household(mother, son, aunt)
    a_concern(held_by=worker, of=household)
    protect(aunt.pk, by=worker, at=NOW)
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), household, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    assert sees_person(school, son).ground == "06"
    assert sees_person(school, aunt) is None
    assert violations() == {}


def test_no_more_is_shown_than_was_brought_and_never_the_informant(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = an_item(
        a_sitting(body, secretary), haru, by=worker, facets=("basic", "money", "informant", "justice")
    )
    on_the_agenda(
        item, secretary, [seat_of(body, school)], facets=("basic", "money", "health", "informant", "justice")
    )
    assert sees_person(school, haru).facets == {"basic", "money"}


def test_somebody_on_paper_opens_nothing_to_their_office(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    clinic = an_office("診療所")
    doctor = a_member(body, by=secretary, name="医師 みどり", office_id=clinic.pk)
    nurse = a_worker(clinic)
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [doctor])
    actions.acknowledge_row(body, [doctor.pk], on=TODAY, kept_where="書庫", by=secretary, at=NOW)
    connection.check_constraints()
    assert item.members.get(member=doctor).opened_at is not None
    assert sees_person(nurse, haru) is None
    assert violations() == {}


def test_somebody_of_an_office_outside_is_named_among_those_who_may_know(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    doctor = a_member(body, by=secretary, name="医師 みどり", office_id=an_outside_agency().pk)
    on_the_agenda(an_item(a_sitting(body, secretary), haru, by=worker), secretary, [doctor])
    actions.acknowledge_row(body, [doctor.pk], on=TODAY, kept_where="書庫", by=secretary, at=NOW)
    assert Involvement.objects.filter(office=doctor.office, party=haru.party, ended_at__isnull=True).exists()
    assert violations() == {}


def test_a_worker_who_may_not_see_the_person_cannot_be_chosen(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    from tsunagi.people.models import OwnPerson

    OwnPerson.objects.create(
        worker=school, relation="kin", name="森田 ハル", declared_at=NOW, matched=[haru.pk]
    )
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    with pytest.raises(Refused, match="席を外して"):
        on_the_agenda(item, secretary, [seat_of(body, school)])


def test_only_the_member_acknowledges_on_a_screen(body: Body, secretary: Worker, school: Worker) -> None:
    with pytest.raises(Refused, match="本人の画面"):
        actions.acknowledge(seat_of(body, school), by=secretary, at=NOW)


def test_a_row_of_signatures_is_one_deed_and_twice_is_once(
    body: Body, secretary: Worker, school: Worker
) -> None:
    members = [seat_of(body, school).pk, seat_of(body, secretary).pk]
    assert actions.acknowledge_row(body, members, on=TODAY, kept_where="書庫", by=secretary, at=NOW) == 2
    assert actions.acknowledge_row(body, members, on=TODAY, kept_where="書庫", by=secretary, at=NOW) == 0
    assert Acknowledgement.objects.count() == 2


# -- consent --------------------------------------------------------------------------------------------------


def test_without_consent_a_layered_item_is_refused_with_the_way_out(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    with pytest.raises(NoConsent, match=r"同意がない.*支援会議"):
        an_item(a_sitting(body, secretary), haru, by=worker, mode="layered")


def test_a_household_as_such_cannot_consent(body: Body, secretary: Worker, worker: Worker) -> None:
    household = a_household(a_person("森田 ハル"))
    a_concern(held_by=worker, of=household)
    with pytest.raises(NoConsent):
        an_item(a_sitting(body, secretary), household, by=worker, mode="layered")


def test_with_consent_offices_within_it_are_at_the_table_and_no_others(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    consents(haru, worker, office_of(secretary))
    item = an_item(a_sitting(body, secretary), haru, by=worker, mode="layered")
    acknowledges(body, secretary)
    taken = on_the_agenda(item, secretary)
    assert sees(secretary, taken)
    with pytest.raises(Refused, match="第三小学校は、本人の同意の範囲に入っていません"):
        actions.choose_members(taken, {seat_of(body, school).pk: ()}, by=secretary, at=NOW)


def test_withdrawal_takes_the_item_off_at_once_and_tells_the_secretary(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    given = consents(haru, worker, office_of(secretary), office_of(school))
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), haru, by=worker, mode="layered")
    on_the_agenda(item, secretary, [seat_of(body, school)])
    assert sees(school, item)
    Notice.objects.all().delete()
    withdraw_consent(given, by=worker, at=NOW, words="やめたい")
    connection.check_constraints()
    item.refresh_from_db()
    assert (item.state, item.settled_words) == ("withdrawn", "同意が取り消された")
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    assert Notice.objects.filter(worker=secretary, sentence__contains="同意の取り消し").count() == 1
    assert violations() == {}


def test_partial_withdrawal_closes_the_item_to_that_office_alone(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    given = consents(haru, worker, office_of(secretary), office_of(school))
    acknowledges(body, school)
    acknowledges(body, secretary)
    item = an_item(a_sitting(body, secretary), haru, by=worker, mode="layered")
    on_the_agenda(item, secretary, [seat_of(body, school)])
    withdraw_consent(given, by=worker, at=NOW, words="学校はやめたい", office_ids=[office_of(school).pk])
    connection.check_constraints()
    item.refresh_from_db()
    assert item.state == "taken"
    assert not sees(school, item)
    assert sees(secretary, item)
    assert violations() == {}


def test_fewer_facets_narrow_what_the_members_see(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    given = consents(haru, worker, office_of(secretary), office_of(school))
    acknowledges(body, school)
    item = an_item(
        a_sitting(body, secretary), haru, by=worker, mode="layered", facets=("basic", "money", "plan")
    )
    on_the_agenda(item, secretary, [seat_of(body, school)], facets=("basic", "money"))
    withdraw_consent(given, by=worker, at=NOW, words="お金のことはやめたい", facets=["money"])
    connection.check_constraints()
    living = Involvement.objects.filter(reason_kind="meeting", worker=school, ended_at__isnull=True)
    assert [row.facets for row in living] == [["basic"]]
    assert violations() == {}


def test_when_consent_comes_the_item_gets_its_other_basis(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    with pytest.raises(NoConsent):
        actions.change_mode(item, "layered", reason="同意がもらえた", by=secretary, at=NOW)
    consents(haru, worker, office_of(secretary))
    with pytest.raises(Refused, match="わけを書いて"):
        actions.change_mode(item, "layered", reason=" ", by=secretary, at=NOW)
    actions.change_mode(item, "layered", reason="同意がもらえた", by=secretary, at=NOW)
    connection.check_constraints()
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    assert [move.was_mode for move in item.moves.all()] == ["support"]
    assert violations() == {}


@pytest.mark.parametrize("how", ["shown", "typed", "decided"])
def test_what_was_heard_is_never_taken_over_to_another_basis(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any, how: str
) -> None:
    acknowledges(body, school)
    acknowledges(body, secretary)
    sitting = a_sitting(body, secretary)
    item = on_the_agenda(an_item(sitting, haru, by=worker), secretary, [seat_of(body, school)])
    consents(haru, worker, office_of(secretary), office_of(school))
    sitting = it_begins(sitting, secretary)
    if how == "shown":
        show_item(sitting, item.pk, by=secretary, at=NOW)
    elif how == "typed":
        Item.objects.filter(pk=item.pk).update(heard="警察から、夜に声がすると聞いた。")
    else:
        actions.decide_item(item, actions.DecisionWish("watch", "見守る", []), by=secretary, at=NOW)
    item.refresh_from_db()
    with pytest.raises(Refused, match="その会議の中だけのもの"):
        actions.change_mode(item, "layered", reason="同意がもらえた", by=secretary, at=NOW)
    # Nor by whoever writes past the deed.
    with pytest.raises(DatabaseError, match="law_meeting_heard_keeps_its_basis"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(mode="layered")
    # The way out: it ends, and a new item begins on its own basis, with nothing of what was heard.
    actions.finish_item(item, by=secretary, at=NOW)
    again = an_item(sitting, haru, by=worker, mode="layered")
    assert (again.heard, again.live_decision, again.began_at) == ("", "", None)


def test_who_was_chosen_stays_chosen_only_within_the_consent(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    given = consents(haru, worker, office_of(secretary), office_of(school))
    actions.change_mode(item, "layered", reason="同意がもらえた", by=secretary, at=NOW)
    connection.check_constraints()
    assert sees(school, item)
    withdraw_consent(given, by=secretary, at=NOW, office_ids=[office_of(school).pk])
    connection.check_constraints()
    assert not sees(school, item)
    with pytest.raises(DatabaseError, match="law_meeting_chosen_within_consent"), transaction.atomic():
        ItemMember.objects.filter(item=item, member=seat_of(body, school)).update(closed_at=None)
        connection.check_constraints()
    # Without a written reason no basis changes, whoever writes.
    with pytest.raises(DatabaseError, match="law_meeting_basis_changes_with_a_reason"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(mode="support")
        ItemMove.objects.create(item=item, was_mode="support", was_sitting=item.sitting, reason="x", at=NOW)
        connection.check_constraints()
    assert violations() == {}


def test_an_office_that_stops_working_with_somebody_reads_no_more_of_an_item_by_consent(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    """Nobody withdrew anything, but what brought their office to the table (01) has ended."""
    nurse = a_worker(an_office("健康づくり課"))
    a_member(body, nurse, by=secretary, acknowledged=True)
    acknowledges(body, secretary)
    involve(
        haru.pk, office_of(nurse).pk, ground="01", facets=["basic"], reason_kind="case", reason_id=1, at=NOW
    )
    consents(haru, worker, office_of(secretary))
    item = an_item(a_sitting(body, secretary), haru, by=worker, mode="layered")
    on_the_agenda(item, secretary, [seat_of(body, nurse)])
    assert sees(nurse, item)
    end_involvement("case", 1, at=NOW)
    assert not sees(nurse, item)
    assert sees(secretary, item)
    # The hour's job ends what it opened below as well.
    tasks.close_outside_consent()
    assert sees_person(nurse, haru) is None
    assert sees_person(secretary, haru) is not None
    assert violations() == {}


def test_a_body_without_persons_refuses_a_person(secretary: Worker, worker: Worker, haru: Any) -> None:
    network = a_body(secretary, body_type="network", name="ネットワーク会議", modes=("no_persons",))
    sitting = a_sitting(network, secretary)
    with pytest.raises(Refused, match="個人のことを話し合う会議ではありません"):
        an_item(sitting, haru, by=worker)
    assert an_item(sitting, by=worker).title == "第2四半期の進み"


def test_a_body_cannot_rest_on_a_basis_it_cannot_have(secretary: Worker) -> None:
    with pytest.raises(Refused, match="根拠にできません"):
        a_body(secretary, body_type="bonds", modes=("support",))


# -- proposing and the agenda ---------------------------------------------------------------------------------


def test_who_does_not_see_somebody_cannot_propose_them(body: Body, secretary: Worker, haru: Any) -> None:
    with pytest.raises(Refused, match="記録を見られない"):
        an_item(a_sitting(body, secretary), haru, by=a_worker())


def test_the_same_person_is_not_twice_on_one_agenda(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    sitting = a_sitting(body, secretary)
    an_item(sitting, haru, by=worker)
    with pytest.raises(Refused, match="もうこの会議の議題"):
        an_item(sitting, haru, by=worker)


def test_an_item_put_off_goes_on_at_another_sitting(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    on_the_agenda(item, secretary, [seat_of(body, school)])
    later = a_sitting(body, secretary, day=TODAY + timedelta(days=30))
    again = actions.move_item(item, later, reason="時間が足りない", by=secretary, at=NOW)
    connection.check_constraints()
    item.refresh_from_db()
    assert (item.state, again.previous_id, again.state, again.proposed_by) == (
        "deferred",
        item.pk,
        "proposed",
        worker,
    )
    assert sees_person(school, haru) is None
    assert violations() == {}


def test_two_secretaries_who_move_items_at_once_are_told(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    sitting = a_sitting(body, secretary)
    one, two = an_item(sitting, haru, by=worker), an_item(sitting, by=worker)
    actions.order_items(sitting, [two.pk, one.pk], revision=1, by=secretary, at=NOW)
    with pytest.raises(Stale):
        actions.order_items(sitting, [one.pk, two.pk], revision=1, by=secretary, at=NOW)


def test_two_secretaries_who_change_one_item_see_both_texts(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    item = an_item(a_sitting(body, secretary), haru, by=worker)
    actions.change_item(item, asked="見守り方", minutes=20, revision=1, by=secretary, at=NOW)
    with pytest.raises(Stale) as stale:
        actions.change_item(item, asked="役割", minutes=10, revision=1, by=secretary, at=NOW)
    assert ("論点", "見守り方", "役割") in stale.value.differences


def test_an_emergency_sits_within_minutes_and_everybody_is_told(
    body: Body, secretary: Worker, school: Worker
) -> None:
    with pytest.raises(Refused, match="随時に開くわけ"):
        a_sitting(body, secretary, is_ad_hoc=True)
    sitting = a_sitting(body, secretary, is_ad_hoc=True, reason="住まいを失うおそれ")
    assert sitting.state == "called"
    assert Notice.objects.filter(worker=school, sentence__startswith="急ぎの会議").exists()


def test_by_phone_only_where_the_articles_allow_it(body: Body, secretary: Worker) -> None:
    with pytest.raises(Refused, match="要綱"):
        a_sitting(body, secretary, how="phone")


def test_a_sitting_does_not_end_while_items_wait(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    sitting = a_sitting(body, secretary)
    on_the_agenda(an_item(sitting, haru, by=worker), secretary)
    it_begins(sitting, secretary)
    with pytest.raises(Refused, match="議題が1件"):
        actions.end_sitting(sitting, by=secretary, at=NOW)


def test_the_absent_are_told_what_came_of_it(body: Body, secretary: Worker, school: Worker) -> None:
    sitting = it_begins(a_sitting(body, secretary), secretary, [seat_of(body, secretary)])
    actions.end_sitting(sitting, by=secretary, at=NOW)
    assert Notice.objects.filter(worker=school, sentence__contains="欠席された会議").exists()
    assert actions.tell_absent(sitting, [seat_of(body, school).pk], by=secretary, at=NOW) == 1
    assert actions.tell_absent(sitting, [seat_of(body, school).pk], by=secretary, at=NOW) == 0


def test_my_number_is_refused(body: Body, secretary: Worker, worker: Worker, haru: Any) -> None:
    with pytest.raises(Refused, match="個人番号"):
        an_item(a_sitting(body, secretary), haru, by=worker, asked="番号は123456789018です")


# -- decisions and roles --------------------------------------------------------------------------------------


def spoken_of(
    body: Body, secretary: Worker, worker: Worker, person: Any, *members: Worker, **fields: Any
) -> Item:
    """An item that is being spoken of; these members are there."""
    for one in (secretary, *members):
        acknowledges(body, one)
    sitting = a_sitting(body, secretary)
    item = an_item(sitting, person, by=worker, **fields)
    seats = [seat_of(body, one) for one in members]
    on_the_agenda(item, secretary, seats)
    it_begins(sitting, secretary, [seat_of(body, secretary), *seats])
    return item


def a_role_of(worker: Worker, what: str = "毎朝の声かけ") -> RoleWish:
    return RoleWish(office_of(worker).pk, worker.pk, what, TODAY + timedelta(days=14))


def test_a_role_becomes_a_promise_and_keeps_a_narrow_sight_until_it_is_looked_at_again(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru, school)
    decision = actions.decide_item(
        item, DecisionWish("roles", "学校が声をかける", [a_role_of(school)]), by=secretary, at=NOW
    )
    actions.finish_item(item, by=secretary, at=NOW)
    connection.check_constraints()
    role = decision.roles.get()
    kept = Promise.objects.get(subject_kind="meeting_role", subject_id=role.pk, is_open=True)
    assert (kept.worker, kept.due_on, kept.what) == (school, TODAY + timedelta(days=14), "毎朝の声かけ")
    sight = sees_person(school, haru)
    assert sight.ground == "06"
    assert sight.facets == {"basic", "household", "consultation"}
    assert violations() == {}
    actions.say_of_role(role, "done", words="毎朝来ている", by=school, at=NOW)
    connection.check_constraints()
    assert sees_person(school, haru) is not None
    looks = Promise.objects.get(subject_kind="meeting_role", subject_id=role.pk, is_open=True)
    assert looks.worker == secretary
    actions.say_of_role(role, "review", by=secretary, at=NOW)
    connection.check_constraints()
    assert sees_person(school, haru) is None
    assert violations() == {}


def test_who_was_not_there_is_asked_and_the_secretary_answers_meanwhile(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    acknowledges(body, school)
    item = spoken_of(body, secretary, worker, haru)
    actions.choose_members(
        item, {seat_of(body, school).pk: (), seat_of(body, secretary).pk: ()}, by=secretary, at=NOW
    )
    decision = actions.decide_item(item, DecisionWish("roles", "", [a_role_of(school)]), by=secretary, at=NOW)
    connection.check_constraints()
    role = decision.roles.get()
    assert (role.state, role.worker, role.asked_worker) == ("asked", secretary, school)
    actions.say_of_role(role, "accept", by=school, at=NOW)
    connection.check_constraints()
    role.refresh_from_db()
    assert (role.state, role.worker) == ("open", school)
    assert Promise.objects.get(subject_kind="meeting_role", is_open=True).worker == school
    assert violations() == {}


def test_a_no_leaves_the_role_with_who_asked(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru)
    decision = actions.decide_item(item, DecisionWish("roles", "", [a_role_of(school)]), by=secretary, at=NOW)
    role = decision.roles.get()
    with pytest.raises(Refused, match="わけ"):
        actions.say_of_role(role, "decline", by=school, at=NOW)
    actions.say_of_role(role, "decline", words="担任が替わるため", by=school, at=NOW)
    connection.check_constraints()
    role.refresh_from_db()
    assert (role.state, role.worker, role.asked_worker) == ("open", secretary, None)
    assert violations() == {}


def test_a_role_goes_to_another_office_only_when_it_says_yes_and_may_know(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru, school)
    decision = actions.decide_item(
        item, DecisionWish("roles", "", [a_role_of(secretary)]), by=secretary, at=NOW
    )
    role = decision.roles.get()
    stranger = a_worker()
    with pytest.raises(Refused, match="議題に選ばれていない機関"):
        actions.say_of_role(
            role, "pass", office_id=office_of(stranger).pk, worker_id=stranger.pk, by=secretary, at=NOW
        )
    actions.say_of_role(
        role, "pass", office_id=office_of(school).pk, worker_id=school.pk, by=secretary, at=NOW
    )
    role.refresh_from_db()
    assert (role.state, role.worker) == ("asked", secretary)
    actions.say_of_role(role, "accept", by=school, at=NOW)
    connection.check_constraints()
    assert Involvement.objects.get(reason_kind="role", ended_at__isnull=True).office == office_of(school)
    assert violations() == {}


def test_a_support_item_never_decides_a_plan(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru)
    with pytest.raises(Refused, match="支援会議では、プランを決められません"):
        actions.decide_item(item, DecisionWish("plan_fit"), by=secretary, at=NOW)


def test_the_meeting_records_the_conference_of_a_plan(body: Body, secretary: Worker, worker: Worker) -> None:
    case = a_case(worker)
    plan: Plan = a_draft(case, worker)
    mother = case.party.household.memberships.order_by("id").first().person
    consents(mother, worker, office_of(secretary))
    item = spoken_of(
        body, secretary, worker, mother, mode="layered", kind="plan", plan_id=plan.pk, case_id=case.pk
    )
    plan.refresh_from_db()
    assert plan.state == "conferring"
    decision = actions.decide_item(
        item, DecisionWish("plan_revised", "訪問を月2回に", decided_by="福祉課長"), by=secretary, at=NOW
    )
    connection.check_constraints()
    plan.refresh_from_db()
    assert (plan.state, plan.decided_by_words) == ("decided", "福祉課長")
    assert decision.conference is not None
    assert (decision.conference.kind, decision.conference.result) == ("multi", "fit_revised")


def test_watching_moves_the_hold_and_a_gap_is_recorded(
    body: Body, secretary: Worker, worker: Worker, haru: Any
) -> None:
    concern = haru.party.concerns.get()
    item = spoken_of(body, secretary, worker, haru, concern_id=concern.pk)
    actions.decide_item(
        item,
        DecisionWish("watch", "新聞店も見守る", watch_on=TODAY + timedelta(days=60)),
        by=secretary,
        at=NOW,
    )
    connection.check_constraints()
    hold = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert (hold.kind, hold.worker) == ("watching", worker)
    papers = an_item(item.sitting, by=worker, kind="resources")
    actions.take_item(papers, by=secretary, at=NOW)
    actions.decide_item(
        papers, DecisionWish("resource", "夜の居場所", gap_kind=_a_gap_kind()), by=secretary, at=NOW
    )
    assert Gap.objects.get().needed == "夜の居場所"


def _a_gap_kind() -> str:
    from tsunagi.holding.rules import GapKind

    return next(iter(GapKind)).value


def test_a_decision_taken_back_stops_its_roles(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru, school)
    decision = actions.decide_item(item, DecisionWish("roles", "", [a_role_of(school)]), by=secretary, at=NOW)
    actions.take_back_decision(decision, reason="書き違い", by=secretary, at=NOW)
    connection.check_constraints()
    assert not Promise.objects.filter(subject_kind="meeting_role", is_open=True).exists()
    assert decision.roles.get().state == "stopped"
    assert violations() == {}


def test_withdrawal_stops_roles_of_offices_that_may_no_longer_be_told(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    given = consents(haru, worker, office_of(secretary), office_of(school))
    item = spoken_of(body, secretary, worker, haru, school, mode="layered")
    decision = actions.decide_item(item, DecisionWish("roles", "", [a_role_of(school)]), by=secretary, at=NOW)
    actions.finish_item(item, by=secretary, at=NOW)
    connection.check_constraints()
    assert sees_person(school, haru) is not None
    withdraw_consent(given, by=worker, at=NOW, words="やめたい")
    connection.check_constraints()
    assert decision.roles.get().state == "stopped"
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    assert violations() == {}


# -- offices and members that go -----------------------------------------------------------------------------


def test_a_member_who_leaves_the_body_loses_its_items(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru, school)
    actions.end_member(seat_of(body, school), by=secretary, at=NOW)
    connection.check_constraints()
    assert not sees(school, item)
    assert sees_person(school, haru) is None
    assert violations() == {}


def test_a_closed_office_leaves_nothing_behind(
    body: Body, secretary: Worker, worker: Worker, school: Worker, haru: Any
) -> None:
    item = spoken_of(body, secretary, worker, haru, school)
    decision = actions.decide_item(item, DecisionWish("roles", "", [a_role_of(school)]), by=secretary, at=NOW)
    follower = an_office("教育支援課")
    close_office(office_of(school), to_office=follower, by=secretary, at=NOW)
    connection.check_constraints()
    role = decision.roles.get()
    assert role.office == follower
    living = Involvement.objects.filter(reason_kind__in=["meeting", "role"], ended_at__isnull=True)
    assert not living.filter(office__is_active=False).exists()
    assert not body.members.filter(worker=school, ended_at__isnull=True).exists()
    assert violations() == {}
