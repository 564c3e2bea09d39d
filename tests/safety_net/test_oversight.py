"""The manager of a worker who is the other party loses oversight of that row to a named other (sharing.md "Our own people")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.queries import managers_of
from tsunagi.accounts.rules import Role
from tsunagi.holding import tasks
from tsunagi.holding.actions import leave, prepare_leaving, record_absence
from tsunagi.holding.actions.seconds import somebody_for
from tsunagi.holding.actions.ways import ask_reassign, stand_in
from tsunagi.holding.models import Hold, Promise
from tsunagi.notices.models import Notice
from tsunagi.people.actions import declare_own, protect, register_person
from tsunagi.people.models import Person
from tsunagi.people.queries import not_overseen, overseers_of, watched_instead
from tsunagi.records.actions.voicing import name_overseer
from tsunagi.safety_net import net
from tsunagi.safety_net.queries import board_of
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

NAME = "北山 剛"


@dataclass
class Place:
    """An office with her holder, him, and their manager; whom the city may name; くらし連携担当."""

    office: Office
    holder: Worker
    he: Worker
    manager: Worker
    other: Worker
    coordinator: Worker
    her: Person
    hold: Hold


@pytest.fixture
def place(set_clock: Callable[..., Any]) -> Place:
    set_clock(NOW)
    office = an_office("子育て支援課")
    holder, he = a_worker(office, name="守屋 あい"), a_worker(office, name=NAME)
    manager = a_worker(office, Role.MANAGER, "課長 ただし")
    Office.objects.filter(pk=office.pk).update(duty_worker=manager)
    other = a_worker(an_office("人権推進課"), name="人権 まもる")
    coordinator = a_worker(an_office("くらし連携担当", field="coordination"), Role.COORDINATOR, "連携 つむぎ")
    her = a_person("南 しおり")
    concern = a_concern(held_by=holder, of=her, description="家を出たい", at=NOW - timedelta(days=90))
    return Place(
        office,
        holder,
        he,
        manager,
        other,
        coordinator,
        her,
        Hold.objects.get(concern=concern, closed_at=None),
    )


def fresh(worker: Worker) -> Worker:
    """The worker as the next request sees them."""
    return Worker.objects.get(pk=worker.pk)


def named(place: Place) -> None:
    officer = a_worker(an_office("情報公開担当"), Role.DISCLOSURE_OFFICER, "安藤 弘")
    name_overseer(place.office.pk, place.other.pk, by=officer, at=NOW)


def guarded(place: Place, **more: Any) -> None:
    protect(place.her, by=place.holder, at=NOW, **({"other_party_name": NAME} | more))
    connection.check_constraints()


def rows(worker: Worker) -> set[int]:
    board = board_of(fresh(worker), NOW)
    return {item.row.concern_id for item in board.heaviest if item.row.row_kind == "hold"}


def instead(worker: Worker) -> set[int]:
    return {
        item.row.concern_id for item in board_of(fresh(worker), NOW).instead if item.row.row_kind == "hold"
    }


def test_the_row_passes_from_the_manager_to_the_named_other(place: Place, client_of: Any) -> None:
    named(place)
    concern, url = place.hold.concern_id, reverse("holding:reached_out", args=["hold", place.hold.pk])
    before = board_of(fresh(place.manager), NOW).total
    assert concern in rows(place.manager)
    assert not instead(place.other)
    assert client_of(place.other).get(url).status_code == 404
    guarded(place)
    # Neither the row nor its figure; the city's coordinator sees it as before; the named other does now.
    assert concern not in rows(place.manager)
    after = board_of(fresh(place.manager), NOW).total
    assert (before.open - after.open, before.late - after.late) == (1, 1)
    assert concern in rows(place.coordinator)
    assert instead(place.other) == {concern}
    assert instead(place.coordinator) == set()
    assert client_of(fresh(place.manager)).get(url).status_code == 404
    assert client_of(fresh(place.he)).get(url).status_code == 404
    assert client_of(fresh(place.other)).get(url).status_code == 200
    page = client_of(fresh(place.other)).get(reverse("safety_net:index")).content.decode()
    assert "代わりに見る行" in page
    assert "しおり" not in page, "oversight is by number: no involvement, no name"
    assert (
        "代わりに見る行"
        not in client_of(fresh(place.manager)).get(reverse("safety_net:index")).content.decode()
    )
    # Told once, without a name.
    (notice,) = Notice.objects.filter(worker=place.other, kind="instead")
    assert "しおり" not in notice.sentence
    assert not net.check(connection, today=TODAY).broken


def test_without_a_named_other_it_stands_with_the_coordinator(place: Place) -> None:
    guarded(place)
    assert instead(place.coordinator) == {place.hold.concern_id}
    assert instead(place.other) == set()
    named(place)
    assert instead(place.coordinator) == set()
    assert instead(place.other) == {place.hold.concern_id}
    Worker.objects.filter(pk=place.other.pk).update(is_active=False)
    assert instead(place.coordinator) == {place.hold.concern_id}


def test_a_named_other_who_may_not_either_watches_nothing(place: Place) -> None:
    named(place)
    Worker.objects.filter(pk=place.other.pk).update(name=NAME)
    guarded(place)
    assert instead(place.other) == set()
    assert overseers_of(place.office.pk, place.her.pk) == [office_of(place.coordinator).duty_worker_id]


@pytest.mark.parametrize("how", ["declared", "same household"])
def test_it_is_the_same_when_he_is_near_to_the_other_party(how: str, place: Place, run_jobs: Any) -> None:
    him = register_person(
        by=place.holder, at=NOW, name="東 大樹", kana="ヒガシ ダイキ", office=place.office.pk
    )
    guarded(place, other_party_name="東 大樹", other_party_id=him.pk)
    assert place.her.pk not in not_overseen(fresh(place.manager))
    own = {"relation": "household", "name": "東 大樹", "kana": "ヒガシ ダイキ"}
    if how == "same household":
        from tsunagi.people.actions import start_household

        me = register_person(
            by=place.holder, at=NOW, name="北山 剛", kana="キタヤマ ツヨシ", office=place.office.pk
        )
        start_household(by=place.holder, at=NOW, members=[(him, "self"), (me, "sibling")])
        own = {"relation": "self", "name": "北山 剛", "kana": "キタヤマ ツヨシ"}
    declare_own(place.he, at=NOW, **own)
    run_jobs()
    assert place.her.pk in not_overseen(fresh(place.manager))
    assert (place.office.pk, place.her.pk) in watched_instead(fresh(place.coordinator))


def test_words_for_managers_go_past_this_one(place: Place) -> None:
    named(place)
    managers = managers_of(place.office.pk)
    assert place.manager.pk in managers
    assert overseers_of(place.office.pk, place.her.pk) == managers
    guarded(place)
    assert overseers_of(place.office.pk, place.her.pk) == [place.other.pk]
    assert overseers_of(place.office.pk, None) == managers
    # Whoever answers as a second person, and decides on the protection, is not the manager while somebody else is there.
    found = somebody_for(place.office.pk, besides=place.holder.pk, party_id=place.her.pk, on=TODAY)
    assert found is not None and found[0] not in (place.manager.pk, place.he.pk)
    decides = Promise.objects.get(subject_kind="protection", is_open=True)
    assert decides.worker_id not in (place.manager.pk, place.he.pk)
    assert not Notice.objects.filter(worker__in=[place.manager, place.he]).exists()


def test_the_hand_over_list_leaves_it_out_and_it_passes_all_the_same(place: Place, client_of: Any) -> None:
    third = a_worker(place.office, name="三田 さち")
    plain = a_concern(held_by=place.holder, description="家賃のこと")
    url = reverse("holding:leaving", args=[place.holder.pk])
    assert "南 しおり" in client_of(fresh(place.manager)).get(url).content.decode()
    guarded(place)
    page = client_of(fresh(place.manager)).get(url).content.decode()
    assert "しおり" not in page and "家を出たい" not in page
    for name in ("holding:before_closure", "holding:absence_of"):
        args = [place.holder.pk] if name == "holding:absence_of" else []
        shown = client_of(fresh(place.manager)).get(reverse(name, args=args) + "?of=office").content.decode()
        assert "しおり" not in shown, name
    # The duty worker of the office may be he: it goes to a colleague to whom it is not closed.
    Office.objects.filter(pk=place.office.pk).update(duty_worker=place.he)
    hold = Hold.objects.get(concern=plain, closed_at=None)
    prepare_leaving(
        place.holder, leaving_on=TODAY, rows={("hold", hold.pk): _line(third.pk)}, by=place.manager, at=NOW
    )
    leave(place.holder, by=place.manager, at=NOW)
    connection.check_constraints()
    now = Hold.objects.get(concern_id=place.hold.concern_id, closed_at=None)
    assert now.worker_id not in (place.he.pk, place.holder.pk)
    assert not net.check(connection, today=TODAY).broken


def _line(successor: int) -> Any:
    from tsunagi.holding.actions import Line

    return Line(successor, None, None, None)


def test_he_never_acts_for_her_holder(place: Place) -> None:
    guarded(place)
    record_absence(
        place.holder,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=30),
        acting_id=place.he.pk,
        by=place.manager,
        at=NOW,
    )
    connection.check_constraints()
    hold = Hold.objects.get(concern_id=place.hold.concern_id, closed_at=None)
    assert hold.acting_id not in (None, place.he.pk)
    assert not Promise.objects.filter(party=place.her.pk, is_open=True, acting=place.he).exists()


def test_nobody_gives_her_to_him_and_what_comes_to_him_passes_the_same_night(
    place: Place, client_of: Any
) -> None:
    guarded(place)
    concern = place.hold.concern_id
    with pytest.raises(Refused, match="この職員には、渡さないで"):
        ask_reassign(concern, to_worker=place.he.pk, by=place.holder, at=NOW)
    with pytest.raises(Refused, match="この職員には、渡さないで"):
        stand_in(
            concern,
            acting_id=place.he.pk,
            from_on=TODAY,
            until_on=TODAY + timedelta(days=3),
            by=place.holder,
            at=NOW,
        )
    # A duty, an import, a deed that knows nothing of it: it stands on no list of his, and passes at night.
    other = a_concern(held_by=place.he, of=place.her, description="家計のこと")
    for name in ("desk:today", "desk:mine"):
        assert "しおり" not in client_of(fresh(place.he)).get(reverse(name)).content.decode()
    tasks.end_consents()
    connection.check_constraints()
    assert Hold.objects.get(concern=other, closed_at=None).worker_id not in (place.he.pk, place.manager.pk)
    assert not net.check(connection, today=TODAY).broken
