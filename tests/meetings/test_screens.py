"""The pages of meetings: who gets there, and what they do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from icalendar import Calendar

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
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
from tsunagi.cases.actions import open_case
from tsunagi.holding.models import Concern
from tsunagi.meetings import actions
from tsunagi.meetings.models import Acknowledgement, Body, BodyMember, Decision, DecisionRole, Item, Sitting

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


class World:
    """A body with a secretary and a teacher, a sitting that has begun, an item that is spoken of, a role."""

    def __init__(self) -> None:
        self.secretary = a_secretary()
        self.body = a_body(self.secretary)
        self.worker = a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")
        self.teacher = a_worker(an_office("第三小学校"), name="学校 はな")
        self.member = a_member(
            self.body, self.teacher, by=self.secretary, is_part_time=True, acknowledged=True
        )
        actions.acknowledge(seat_of(self.body, self.secretary), by=self.secretary, at=NOW)
        self.person = somebody_held_by(self.worker)
        self.sitting = a_sitting(self.body, self.secretary)
        self.item = an_item(self.sitting, self.person, by=self.worker)
        self.proposed = an_item(self.sitting, somebody_held_by(self.worker, "北 さくら"), by=self.worker)
        on_the_agenda(self.item, self.secretary, [self.member])
        it_begins(self.sitting, self.secretary, [self.member])
        self.decision = actions.decide_item(
            self.item,
            actions.DecisionWish(
                "roles",
                "学校が声をかける",
                [
                    actions.RoleWish(
                        office_of(self.teacher).pk, self.teacher.pk, "声かけ", TODAY + timedelta(days=7)
                    )
                ],
            ),
            by=self.secretary,
            at=NOW,
        )
        self.role = self.decision.roles.get()
        self.later = a_sitting(self.body, self.secretary, day=TODAY + timedelta(days=30))
        connection.check_constraints()


@pytest.fixture
def world() -> World:
    return World()


BODY, SITTING, LATER, ITEM, PROPOSED = (
    "body/{body}/",
    "sitting/{sitting}/",
    "sitting/{later}/",
    "item/{item}/",
    "item/{proposed}/",
)
PAGES = [
    pytest.param("index", "", "teacher", marks=pytest.mark.visits("meetings:index"), id="index"),
    pytest.param(
        "body_new", "body/new/", "secretary", marks=pytest.mark.visits("meetings:body_new"), id="body_new"
    ),
    pytest.param("body", BODY, "teacher", marks=pytest.mark.visits("meetings:body"), id="body"),
    pytest.param(
        "body_edit",
        BODY + "edit/",
        "secretary",
        marks=pytest.mark.visits("meetings:body_edit"),
        id="body_edit",
    ),
    pytest.param(
        "body_end", BODY + "end/", "secretary", marks=pytest.mark.visits("meetings:body_end"), id="body_end"
    ),
    pytest.param(
        "member_new",
        BODY + "member/",
        "secretary",
        marks=pytest.mark.visits("meetings:member_new"),
        id="member_new",
    ),
    pytest.param(
        "signatures",
        BODY + "signatures/",
        "secretary",
        marks=pytest.mark.visits("meetings:signatures"),
        id="signatures",
    ),
    pytest.param(
        "calendar",
        BODY + "calendar/",
        "secretary",
        marks=pytest.mark.visits("meetings:calendar"),
        id="calendar",
    ),
    pytest.param(
        "sitting_new",
        BODY + "sitting/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_new"),
        id="sitting_new",
    ),
    pytest.param(
        "member", "member/{member}/", "secretary", marks=pytest.mark.visits("meetings:member"), id="member"
    ),
    pytest.param(
        "member_end",
        "member/{member}/end/",
        "secretary",
        marks=pytest.mark.visits("meetings:member_end"),
        id="member_end",
    ),
    pytest.param(
        "acknowledge",
        "member/{member}/acknowledge/",
        "teacher",
        marks=pytest.mark.visits("meetings:acknowledge"),
        id="acknowledge",
    ),
    pytest.param("sitting", SITTING, "teacher", marks=pytest.mark.visits("meetings:sitting"), id="sitting"),
    pytest.param(
        "sitting_edit",
        LATER + "edit/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_edit"),
        id="sitting_edit",
    ),
    pytest.param(
        "sitting_call",
        LATER + "call/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_call"),
        id="sitting_call",
    ),
    pytest.param(
        "sitting_open",
        LATER + "open/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_open"),
        id="sitting_open",
    ),
    pytest.param(
        "sitting_finish",
        SITTING + "finish/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_finish"),
        id="sitting_finish",
    ),
    pytest.param(
        "sitting_cancel",
        LATER + "cancel/",
        "secretary",
        marks=pytest.mark.visits("meetings:sitting_cancel"),
        id="sitting_cancel",
    ),
    pytest.param(
        "attendance",
        SITTING + "attendance/",
        "secretary",
        marks=pytest.mark.visits("meetings:attendance"),
        id="attendance",
    ),
    pytest.param(
        "told", SITTING + "told/", "secretary", marks=pytest.mark.visits("meetings:told"), id="told"
    ),
    pytest.param(
        "order", SITTING + "order/", "secretary", marks=pytest.mark.visits("meetings:order"), id="order"
    ),
    pytest.param(
        "gather", SITTING + "gather/", "teacher", marks=pytest.mark.visits("meetings:gather"), id="gather"
    ),
    pytest.param(
        "propose",
        "propose/?party={party}",
        "worker",
        marks=pytest.mark.visits("meetings:propose"),
        id="propose",
    ),
    pytest.param("item", ITEM, "teacher", marks=pytest.mark.visits("meetings:item"), id="item"),
    pytest.param(
        "item_edit",
        ITEM + "edit/",
        "secretary",
        marks=pytest.mark.visits("meetings:item_edit"),
        id="item_edit",
    ),
    pytest.param(
        "take_back",
        PROPOSED + "take-back/",
        "worker",
        marks=pytest.mark.visits("meetings:take_back"),
        id="take_back",
    ),
    pytest.param(
        "arrange",
        PROPOSED + "arrange/",
        "secretary",
        marks=pytest.mark.visits("meetings:arrange"),
        id="arrange",
    ),
    pytest.param(
        "members",
        PROPOSED + "members/",
        "secretary",
        marks=pytest.mark.visits("meetings:members"),
        id="members",
    ),
    pytest.param(
        "mode", PROPOSED + "mode/", "secretary", marks=pytest.mark.visits("meetings:mode"), id="mode"
    ),
    pytest.param(
        "move", PROPOSED + "move/", "secretary", marks=pytest.mark.visits("meetings:move"), id="move"
    ),
    pytest.param("off", PROPOSED + "off/", "secretary", marks=pytest.mark.visits("meetings:off"), id="off"),
    pytest.param(
        "decide", ITEM + "decide/", "secretary", marks=pytest.mark.visits("meetings:decide"), id="decide"
    ),
    pytest.param("done", ITEM + "done/", "secretary", marks=pytest.mark.visits("meetings:done"), id="done"),
    pytest.param(
        "decision_back",
        "decision/{decision}/back/",
        "secretary",
        marks=pytest.mark.visits("meetings:decision_back"),
        id="decision_back",
    ),
    pytest.param("role", "role/{role}/", "teacher", marks=pytest.mark.visits("meetings:role"), id="role"),
    pytest.param("feed", "feed/", "teacher", marks=pytest.mark.visits("meetings:feed"), id="feed"),
]


def address(path: str, world: World) -> str:
    return "/kaigi/" + path.format(
        body=world.body.pk, sitting=world.sitting.pk, later=world.later.pk, item=world.item.pk, proposed=world.proposed.pk,
        member=world.member.pk, decision=world.decision.pk, role=world.role.pk, party=world.person.pk,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "path", "who"), PAGES)
def test_the_page_opens_to_whom_it_is_for_and_to_nobody_else(
    name: str, path: str, who: str, world: World, client_of: Client, client: Any
) -> None:
    where = address(path, world)
    assert client.get(where).status_code == 302
    assert client_of(getattr(world, who)).get(where).status_code == 200
    # Everybody who works with people has 会議's own pages; what is in them is theirs alone.
    stranger = a_worker() if name not in ("index", "feed") else a_worker(role="statistician")
    assert client_of(stranger).get(where).status_code == 404


@pytest.mark.visits("meetings:feed_file")
def test_the_calendar_address_tells_no_names_and_stops(world: World, client_of: Client, client: Any) -> None:
    page = client_of(world.teacher).post("/kaigi/feed/", {"make": "1"})
    where = page.context["address"].removeprefix("http://testserver")
    answer = client_of(a_worker()).get(where)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    words = answer.content.decode().replace("\r\n ", "")
    assert "森田" not in words and "声をかける" not in words
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert {str(one["SUMMARY"]) for one in events} == {"くらし支援会議"}
    assert {str(one["DESCRIPTION"]) for one in events} == {"議題 2件", "議題 0件"}
    assert client_of(world.secretary).get(where).status_code == 429
    assert client.get(where).status_code == 429
    client_of(world.teacher).post("/kaigi/feed/", {"stop": "1"})
    assert client.get(where).status_code == 404
    assert client.get("/kaigi/feed/nobody-ever-made-this.ics").status_code == 404


def test_the_agenda_of_a_member_names_only_their_own_items(world: World, client_of: Client) -> None:
    words = client_of(world.teacher).get(address(SITTING, world)).content.decode()
    assert "森田 ハル" in words
    assert "北 さくら" not in words
    assert "選ばれた方だけの議題が1件" in words


def test_a_colleague_of_the_members_office_sees_no_item(world: World, client_of: Client) -> None:
    colleague = a_worker(office_of(world.teacher))
    assert client_of(colleague).get(address(ITEM, world)).status_code == 404
    assert client_of(world.worker).get(address(ITEM, world)).status_code == 404


def post(client: Any, where: str, **fields: Any) -> Any:
    answer = client.post(where, fields)
    if answer.status_code == 200 or answer.status_code >= 400:
        return answer
    connection.check_constraints()
    return answer


def test_an_item_without_consent_is_refused_and_goes_to_the_support_meeting_with_one_key(
    world: World, client_of: Client
) -> None:
    other = somebody_held_by(world.worker, "南 もも")
    where = f"/kaigi/propose/?party={other.pk}"
    client = client_of(world.worker)
    fields = {"sitting": world.later.pk, "mode": "layered", "kind": "plan", "party": other.pk, "minutes": 15,
              "asked": "見守り方", "facets": ["basic"]}  # fmt: skip
    fields["kind"] = "person"
    refused = post(client, where, **fields)
    assert refused.status_code == 422
    assert "支援会議の議題にする" in refused.content.decode()
    assert post(client, where, **fields, as_support="1").status_code == 302
    made = Item.objects.get(party=other.party)
    assert (made.mode, made.state) == ("support", "proposed")


def test_a_case_is_proposed_from_its_page_with_the_hard_stops_told_before(
    world: World, client_of: Client
) -> None:
    person = somebody_held_by(world.worker, "南 もも")
    concern = Concern.objects.get(party_id=person.pk)
    case = open_case(person.pk, concern_ids=[concern.pk], by=world.worker, at=NOW)
    network = a_body(world.secretary, body_type="network", name="ネットワーク会議", modes=("no_persons",))
    papers = a_sitting(network, world.secretary, day=TODAY + timedelta(days=1))
    client = client_of(world.worker)
    where = f"/kaigi/propose/?party={person.pk}&case={case.pk}"
    assert where.replace("&", "&amp;") in client.get(f"/cases/{case.pk}/").content.decode()
    page = client.get(where)
    told = page.content.decode()
    assert "未説明" in told
    assert "まだ出せません" in told
    assert "同意がなくても話し合えます" in told
    # A body that speaks of nobody is not offered.
    offered = [number for number, _words in page.context["form"].fields["sitting"].choices]
    assert str(world.later.pk) in offered
    assert str(papers.pk) not in offered
    sent = post(
        client, where, sitting=world.later.pk, mode="support", kind="person", party=person.pk, minutes=15,
        asked="だれが見守るか", facets=["basic"],
    )  # fmt: skip
    assert (sent.status_code, sent["Location"]) == (302, f"/cases/{case.pk}/")
    made = Item.objects.get(case=case)
    assert (made.party_id, made.mode, made.state) == (person.pk, "support", "proposed")
    assert "もう議題になっています" in client.get(where).content.decode()
    # The candidates of the sitting show it: by name to who knows the person, by number to who prepares it.
    a_member(world.body, world.worker, by=world.secretary)
    mine = client.get(address(LATER + "gather/", world)).content.decode()
    assert "もう提案されているもの" in mine
    assert "南 もも" in mine
    theirs = client_of(world.secretary).get(address(LATER + "gather/", world)).content.decode()
    assert f"/kaigi/item/{made.pk}/arrange/" in theirs
    # With a consent the other basis opens, and what it means is told.
    consents(person, world.worker, office_of(world.secretary))
    told = client.get(where).content.decode()
    assert "まだ出せません" not in told
    assert "同意の範囲にある機関の方だけ" in told


def test_the_way_of_an_item_through_the_screens(world: World, client_of: Client) -> None:
    """Taken up, its members chosen, decided with a role, done; the sitting ends; the absent are noted."""
    secretary = client_of(world.secretary)
    assert post(secretary, address(PROPOSED + "arrange/", world)).status_code == 302
    seat = seat_of(world.body, world.secretary)
    chosen = {
        f"m{seat.pk}": "on",
        f"f{seat.pk}": ["basic"],
        f"m{world.member.pk}": "on",
        f"f{world.member.pk}": ["basic"],
    }
    assert post(secretary, address(PROPOSED + "members/", world), **chosen).status_code == 302
    who = f"{office_of(world.teacher).pk}-{world.teacher.pk}"
    decided = {
        "kind": "roles",
        "words": "見守る",
        "rows": "2",
        "role-0-what": "家庭訪問",
        "role-0-who": who,
        "role-0-due_on": "R8.6.20",
    }
    assert post(secretary, address(PROPOSED + "decide/", world), **decided).status_code == 302
    assert DecisionRole.objects.get(decision__item=world.proposed).worker == world.teacher
    for path in (PROPOSED + "done/", ITEM + "done/"):
        assert post(secretary, address(path, world)).status_code == 302
    assert post(secretary, address(SITTING + "finish/", world)).status_code == 302
    assert post(secretary, address(SITTING + "told/", world), members=[seat.pk]).status_code == 302
    item_after = client_of(world.teacher).get(address(PROPOSED, world)).content.decode()
    assert "家庭訪問" in item_after
    role = DecisionRole.objects.get(decision__item=world.proposed)
    teacher = client_of(world.teacher)
    assert post(teacher, f"/kaigi/role/{role.pk}/", deed="done", words="会えた").status_code == 302
    role.refresh_from_db()
    assert role.state == "done"


def test_bodies_and_members_are_made_on_screen(world: World, client_of: Client) -> None:
    secretary = client_of(world.secretary)
    office = office_of(world.secretary)
    fields = {"body_type": "network", "name": "ネットワーク会議", "modes": ["no_persons"], "office_id": office.pk,
              "minutes": 90, "call_days": 5, "holiday_rule": "after", "recall": "none", "week": "3", "weekday": "2"}  # fmt: skip
    assert post(secretary, "/kaigi/body/new/", **fields).status_code == 302
    made = Body.objects.get(name="ネットワーク会議")
    where = f"/kaigi/body/{made.pk}/"
    changed = {name: value for name, value in fields.items() if name != "body_type"} | {
        "place": "3階",
        "revision": 1,
    }
    assert post(secretary, where + "edit/", **changed).status_code == 302
    assert post(secretary, where + "edit/", **(changed | {"place": "4階"})).status_code == 409
    outside = {"name": "民生 とも", "office": office.pk, "role": "member", "from_on": "R8.4.1"}
    assert post(secretary, where + "member/", **outside).status_code == 302
    member = BodyMember.objects.get(body=made)
    signed = {"members": [member.pk], "on": "R8.6.9", "kept_where": "書庫"}
    assert post(secretary, where + "signatures/", **signed).status_code == 302
    assert Acknowledgement.objects.get(member=member).how == "paper"
    days = [
        value for value, _words in secretary.get(where + "calendar/").context["form"].fields["days"].choices
    ]
    assert (len(days), days[0]) == (12, "2026-06-17")
    assert post(secretary, where + "calendar/", days=days[:3]).status_code == 302
    assert Sitting.objects.filter(body=made).count() == 3
    assert post(secretary, f"/kaigi/member/{member.pk}/end/").status_code == 302


def test_the_order_is_computed_with_one_key_and_says_what_moving_costs(
    world: World, client_of: Client
) -> None:
    third = an_item(world.sitting, somebody_held_by(world.worker, "東 ゆず"), by=world.worker)
    on_the_agenda(third, world.secretary, [world.member])
    secretary = client_of(world.secretary)
    page = secretary.get(address(SITTING + "order/", world))
    assert "待ち15分" in page.content.decode()
    revision = page.context["form"]["revision"].value()
    ids = [world.item.pk, world.proposed.pk, third.pk]
    places = {f"i{number}": place for place, number in enumerate(ids, start=1)}
    assert (
        post(
            secretary, address(SITTING + "order/", world), revision=revision, computed="1", **places
        ).status_code
        == 302
    )
    order = list(world.sitting.items.order_by("position").values_list("pk", flat=True))
    assert order.index(third.pk) - order.index(world.item.pk) in (1, -1)
    assert post(secretary, address(SITTING + "order/", world), revision=revision, **places).status_code == 409


def test_what_the_work_proposes_is_ticked(world: World, client_of: Client, set_clock: Any) -> None:
    later = NOW + timedelta(days=28)
    set_clock(later)
    client = client_of(world.secretary)
    assert client.get(address(LATER + "gather/", world)).status_code == 200
    a_member(world.body, world.worker, by=world.secretary)
    mine = client_of(world.worker)
    page = mine.get(address(LATER + "gather/", world))
    keys = [row.key for row in page.context["suggested"]]
    assert any(key.startswith("falling-") for key in keys)
    assert post(mine, address(LATER + "gather/", world), chosen=keys[:1]).status_code == 302
    assert Item.objects.filter(sitting=world.later, source="falling").count() == 1


def test_the_first_page_asks_a_fixed_number_of_questions(
    world: World, client_of: Client, django_assert_num_queries: Any
) -> None:
    client = client_of(world.secretary)

    def count() -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get("/kaigi/").status_code == 200
        return len(seen)

    count()
    before = count()
    for number in range(6):
        an_item(world.later, somebody_held_by(world.worker, f"仮名 {number}番"), by=world.worker)
    assert count() == before


def test_a_consent_that_is_there_lets_the_item_change_its_basis(world: World, client_of: Client) -> None:
    secretary = client_of(world.secretary)
    where = address(PROPOSED + "mode/", world)
    assert post(secretary, where, mode="layered", reason="同意がもらえた").status_code == 422
    for item in (world.item, world.proposed):
        consents(item.party.person, world.worker, office_of(world.secretary))
    assert post(secretary, where, mode="layered", reason="").status_code == 422
    assert post(secretary, where, mode="layered", reason="同意がもらえた").status_code == 302
    world.proposed.refresh_from_db()
    assert world.proposed.mode == "layered"
    # Of the other one something was decided already: it keeps its basis.
    refused = post(secretary, address(ITEM + "mode/", world), mode="layered", reason="同意がもらえた")
    assert refused.status_code == 422
    assert "その会議の中だけのもの" in refused.content.decode()


def test_a_decision_is_taken_back_with_a_reason(world: World, client_of: Client) -> None:
    where = address("decision/{decision}/back/", world)
    secretary = client_of(world.secretary)
    assert post(secretary, where, reason="").status_code == 422
    assert post(secretary, where, reason="書き違い").status_code == 302
    assert Decision.objects.get(pk=world.decision.pk).taken_back_reason == "書き違い"


def test_nobody_acknowledges_for_somebody_else(world: World, client_of: Client) -> None:
    seat = a_member(world.body, world.worker, by=world.secretary)
    assert client_of(world.teacher).get(f"/kaigi/member/{seat.pk}/acknowledge/").status_code == 404
    assert post(client_of(world.worker), f"/kaigi/member/{seat.pk}/acknowledge/").status_code == 302
    assert Acknowledgement.objects.filter(member=seat, how="screen").exists()


def test_unknown_numbers_and_odd_ones_are_absent(world: World, client_of: Client) -> None:
    client: Any = client_of(world.secretary)
    for path in ("body/999999/", "sitting/999999/", "item/999999/", "role/999999/", "decision/999999/back/"):
        assert client.get("/kaigi/" + path).status_code == 404
    assert client.get("/kaigi/propose/?party=999999").status_code == 404
    assert client.get("/kaigi/propose/?concern=1").status_code == 404
    assert client.get("/kaigi/propose/?party=" + "9" * 40).status_code == 200
