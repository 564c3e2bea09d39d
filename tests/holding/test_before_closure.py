"""休み前の点検, 見立て直し, 手が回らなかった, and the night of a 高."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, TOKYO, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.desk.queries import today_of
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.holding.models import Concern, Hold, Readiness
from tsunagi.holding.queries import (
    RowMaker,
    could_not_by_office,
    rethink_due_in,
    rethink_due_of,
    unsettled_in,
    unsettled_of,
)
from tsunagi.holding.rules import RethinkChoice
from tsunagi.safety_net.queries import board_of
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

# Monday 28 December 2026: the last working day before six closed days.
EVE = datetime(2026, 12, 28, 16, 50, tzinfo=TOKYO)
FIRST_CLOSED = date(2026, 12, 29)


@pytest.fixture(autouse=True)
def _eve(set_clock: Any) -> Any:
    set_clock(EVE)
    with opened_trail(None, "test"):
        yield


@pytest.fixture
def holder() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


def url(name: str, *args: Any) -> str:
    return reverse(f"holding:{name}", args=args)


def typed(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


def far(held_by: Worker, **fields: Any) -> Concern:
    """A concern whose next day lies after the closed days."""
    return a_concern(held_by=held_by, at=EVE, **({"kind": "supporting"} | fields))


def waiting(worker: Worker, at: datetime = EVE) -> dict[int, tuple[str, ...]]:
    return {one.row.concern_id or 0: one.why for one in unsettled_of(worker, RowMaker(at))}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("no_food", "食べ物"),
        ("heat_cold", "暑さ・寒さ"),
        ("lifeline_stopped", "電気・ガス・水道"),
        ("suicide_risk", "自傷・自死"),
        ("violence", "暴力・虐待"),
    ],
)
def test_what_a_concern_carries_is_read_from_its_codes(holder: Worker, code: str, why: str) -> None:
    carries, quiet = far(holder, codes=[code]), far(holder, codes=["debt_arrears"])
    found = waiting(holder)
    assert found == {carries.pk: (why,)}
    assert quiet.pk not in found


def test_what_falls_due_inside_and_what_is_high_is_listed(holder: Worker) -> None:
    inside = far(holder)
    Hold.objects.filter(concern=inside).update()
    soon = a_concern(held_by=holder, at=EVE - timedelta(days=3), urgency="middle")
    high = a_concern(held_by=holder, at=EVE, urgency="high")
    found = waiting(holder)
    assert found[high.pk] == ("緊急度が高",)
    assert inside.pk not in found
    due = Hold.objects.get(concern=soon).due_on
    assert (soon.pk in found) == (FIRST_CLOSED <= due <= date(2027, 1, 3))


def test_a_contact_settles_but_a_try_does_not(holder: Worker) -> None:
    concern = far(holder, codes=["no_food"])
    actions.record_contact("tried", [Served(concern.pk)], by=holder, at=EVE)
    assert concern.pk in waiting(holder)
    actions.record_contact("around", [Served(concern.pk)], by=holder, at=EVE)
    assert not waiting(holder)


def test_nothing_is_listed_before_a_weekend_of_two_days(holder: Worker) -> None:
    far(holder, codes=["no_food"])
    assert not waiting(holder, datetime(2026, 12, 18, 16, 0, tzinfo=TOKYO))


def test_a_part_timer_settles_on_their_own_last_day(holder: Worker) -> None:
    part = a_worker(office_of(holder), weekdays=[3])
    concern = far(part, codes=["no_food"])
    assert not waiting(part)
    assert concern.pk in waiting(part, datetime(2026, 12, 24, 10, 0, tzinfo=TOKYO))


@pytest.mark.visits("holding:before_closure")
def test_one_key_each_or_many_at_once(three_people: Any, client_of: Any, holder: Worker) -> None:
    rows = [far(holder, of=a_person(f"仮名 {n}"), codes=["no_food"]) for n in range(4)]
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    page = three_people(url("before_closure"), allowed=holder, stranger=administrator).content.decode()
    assert all(f"仮名 {n}" in page for n in range(4))
    me = client_of(holder)
    assert "休み前の点検" in me.get("/").content.decode()
    one, *many = rows
    # One key for one row, with its own words; nothing of the others.
    assert (
        me.post(url("before_closure"), typed(**{f"words-{one.pk}": "妹が毎日来る"}, only=one.pk)).status_code
        == 302
    )
    assert set(waiting(holder)) == {row.pk for row in many}
    refused = me.post(url("before_closure"), typed(words="米と水がある"))
    assert refused.status_code == 422
    assert "米と水がある" in refused.content.decode()
    assert me.post(url("before_closure"), typed(rows=[row.pk for row in many])).status_code == 422
    form = typed(
        rows=[row.pk for row in many], words="米と水がある", **{f"words-{many[0].pk}": "隣の方に電話"}
    )
    answers = [me.post(url("before_closure"), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert not waiting(holder)
    assert Readiness.objects.count() == 4
    assert {row.words for row in Readiness.objects.all()} == {"妹が毎日来る", "米と水がある", "隣の方に電話"}
    assert "点検する方は、もういません" in me.get(url("before_closure")).content.decode()
    assert "休み前の点検" not in me.get("/").content.decode()


def test_the_manager_sees_what_is_left_in_the_office_and_a_colleague_does_not(
    client_of: Any, holder: Worker
) -> None:
    far(holder, of=a_person("森田 ハル"), codes=["lifeline_stopped"])
    far(a_worker(), of=a_person("よその人"), codes=["no_food"])
    manager = office_of(holder).duty_worker
    assert manager is not None
    page = client_of(manager).get(url("before_closure") + "?of=office").content.decode()
    assert "森田 ハル" in page
    assert "よその人" not in page
    assert client_of(holder).get(url("before_closure") + "?of=office").status_code == 404
    assert board_of(manager, EVE).before_closure == (("福祉なんでも相談室", 1),)
    assert len(unsettled_in([office_of(holder).pk], RowMaker(EVE))) == 1


def test_it_can_be_written_days_before(client_of: Any, holder: Worker, set_clock: Any) -> None:
    early = set_clock(datetime(2026, 12, 21, 10, 0, tzinfo=TOKYO))
    concern = far(holder, codes=["no_food"])
    assert not waiting(holder, early)
    page = client_of(holder).get(url("before_closure")).content.decode()
    assert "いまから備えを書いておけます" in page
    client_of(holder).post(url("before_closure"), typed(only=concern.pk, words="米がある"))
    assert Readiness.objects.get().for_closed_from == FIRST_CLOSED
    assert not waiting(holder)


def test_the_words_of_one_concern_settle_it_too(client_of: Any, holder: Worker) -> None:
    concern = far(holder, codes=["no_food"])
    client_of(holder).post(url("ready", concern.pk), typed(words="妹に電話できる"))
    assert not waiting(holder)


# -- 見立て直し ----------------------------------------------------------------------------------------------------------


def test_after_four_contacts_without_seeing_two_people_look_again(client_of: Any) -> None:
    holder = a_worker(an_office())
    manager = office_of(holder).duty_worker
    assert manager is not None
    concern = a_concern(held_by=holder, kind="reaching_out", at=NOW)
    for number in range(4):
        assert not rethink_due_of(holder.pk, TODAY)
        at = NOW + timedelta(hours=number)
        actions.record_contact("tried", [Served(concern.pk)], by=holder, at=at)
    assert rethink_due_of(holder.pk, TODAY) == {concern.pk}
    assert rethink_due_in([office_of(holder).pk], TODAY) == 1
    assert [row.concern_id for row in today_of(holder, at).rethink] == [concern.pk]
    word = actions.ask_rethink(
        concern.pk, choice=RethinkChoice.GO_ON, due_on=None, reason="手紙を続ける", by=holder, at=at
    )
    # Asked for: it waits for the other, and is not asked for again.
    assert not rethink_due_of(holder.pk, TODAY)
    actions.answer_second(word, agreed=True, by=manager, at=at + timedelta(minutes=1))
    assert not rethink_due_of(holder.pk, TODAY)
    # Ninety days after that without seeing the person, it is due again.
    assert not rethink_due_of(holder.pk, TODAY + timedelta(days=89))
    assert rethink_due_of(holder.pk, TODAY + timedelta(days=90)) == {concern.pk}


def test_seeing_the_person_ends_the_run() -> None:
    holder = a_worker(an_office())
    concern = a_concern(held_by=holder, kind="reaching_out", at=NOW)
    for number in range(3):
        actions.record_contact("tried", [Served(concern.pk)], by=holder, at=NOW + timedelta(hours=number))
    actions.record_contact("seen", [Served(concern.pk)], by=holder, at=NOW + timedelta(hours=3))
    actions.record_contact("tried", [Served(concern.pk)], by=holder, at=NOW + timedelta(hours=4))
    assert not rethink_due_of(holder.pk, TODAY)


# -- 手が回らなかった -----------------------------------------------------------------------------------------------------


def test_could_not_is_counted_by_office_and_never_twice_or_on_high(client_of: Any, holder: Worker) -> None:
    concern, high = far(holder), a_concern(held_by=holder, at=EVE, urgency="high")
    actions.could_not(concern.pk, by=holder, at=EVE)
    with pytest.raises(Refused, match="もう一度使っています"):
        actions.could_not(concern.pk, by=holder, at=EVE)
    with pytest.raises(Refused, match="緊急度が高"):
        actions.could_not(high.pk, by=holder, at=EVE)
    assert could_not_by_office([office_of(holder).pk], EVE.date()) == [("福祉なんでも相談室", 1)]
    assert not could_not_by_office([office_of(holder).pk], EVE.date() + timedelta(days=31))
    manager = office_of(holder).duty_worker
    page = client_of(manager).get(reverse("safety_net:index")).content.decode()
    assert "手が回らなかった" in page
    assert "手が回らなかった" not in client_of(holder).get(reverse("safety_net:index")).content.decode()


def test_could_not_is_one_key_on_today_and_pressed_twice_it_is_one_deed(client_of: Any) -> None:
    holder = a_worker(an_office())
    concern, high = a_concern(held_by=holder, at=NOW), a_concern(held_by=holder, at=NOW, urgency="high")
    page = client_of(holder).get("/").content.decode()
    address = url("could_not", concern.pk)
    assert f'formaction="{address}"' in page
    assert url("could_not", high.pk) not in page
    row = next(row for row in today_of(holder, EVE).now if row.concern_id == concern.pk)
    answers = [client_of(holder).post(address, {"draft": row.one_key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Hold.objects.filter(concern=concern, deed="could_not").count() == 1


# -- 夜の引き継ぎ --------------------------------------------------------------------------------------------------------


def test_a_high_before_closed_days_is_falling_until_it_is_handed_for_the_night(
    client_of: Any, holder: Worker, set_clock: Any
) -> None:
    concern = a_concern(held_by=holder, at=EVE, urgency="high")
    assert (
        "帰る前に、夜間・休日の引き継ぎを"
        in client_of(holder).get(url("concern", concern.pk)).content.decode()
    )
    late = set_clock(datetime(2026, 12, 28, 17, 1, tzinfo=TOKYO))
    assert [row.lateness for row in today_of(holder, late).now] == ["falling"]
    answer = client_of(holder).post(
        url("night", concern.pk), typed(to_kind="night_duty", to_name="宿直 木下", clock="17:00")
    )
    assert answer.status_code == 302
    assert [row.lateness for row in today_of(holder, late).now] == ["amber"]


def test_an_office_that_closes_later_hands_over_later(set_clock: Any) -> None:
    from datetime import time

    late = a_worker(an_office("夜間も開く窓口", closing_time=time(20, 0)))
    a_concern(held_by=late, at=EVE, urgency="high")
    assert [row.lateness for row in today_of(late, EVE.replace(hour=18)).now] == ["amber"]
    assert [row.lateness for row in today_of(late, EVE.replace(hour=20, minute=1)).now] == ["falling"]
