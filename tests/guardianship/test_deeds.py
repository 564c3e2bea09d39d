"""Powers and 市長申立て: written, corrected, followed, ended; each end and each open step answered for by one promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.guardianship.actions import (
    PowerWish,
    correct_power,
    describe_petition,
    end_power,
    finish_step,
    look_again,
    move_step,
    open_petition,
    settle_end,
    state_power,
    stop_petition,
)
from tsunagi.guardianship.laws import LAWS
from tsunagi.guardianship.models import Petition, PetitionStep, Power, PowerVersion
from tsunagi.guardianship.queries import petitions_of, powers_of, signers_of
from tsunagi.guardianship.rules import STEPS
from tsunagi.holding.actions import Stale, keep_plain_promise, leave, prepare_leaving
from tsunagi.holding.models import Promise
from tsunagi.journal.models import Entry
from tsunagi.people.actions import involve, protect
from tsunagi.people.models import Relation
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
WISH = PowerWish(
    kind="curatorship", holder_name="司法書士 北川 実", holder_kind="scrivener", agency_words="預貯金の払戻し",
    court="京都家庭裁判所", case_number="令和8年(家)第12345号", keeps_money=True, from_on=date(2026, 4, 1),
)  # fmt: skip
YEAR_ON = TODAY + timedelta(days=365)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def haru(worker: Worker) -> Any:
    """Somebody this worker supports."""
    person = a_person("森田 ハル")
    a_concern(held_by=worker, of=person, at=NOW - timedelta(days=3))
    return person


def promises(kind: str, pk: int) -> list[Promise]:
    return list(Promise.objects.filter(subject_kind=kind, subject_id=pk, is_open=True).order_by("id"))


def laws_are_kept() -> bool:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for law in LAWS:
            cursor.execute(law.violations)
            if cursor.fetchall():
                return False
    return True


def test_a_power_without_an_end_asks_nobody(worker: Worker, haru: Any) -> None:
    power = state_power(haru, WISH, by=worker, at=NOW)
    assert not promises("power", power.pk)
    assert laws_are_kept()
    (card,) = powers_of(worker, haru.pk, TODAY)
    assert (card.holder_name, card.kind_label, card.may_sign) == ("司法書士 北川 実", "保佐", True)
    assert signers_of(worker, haru.pk, TODAY) == [card]


def test_an_end_is_known_half_a_year_ahead(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    (kept,) = promises("power", power.pk)
    assert (kept.kind, kept.due_on, kept.worker_id) == ("cliff", date(2026, 12, 9), worker.pk)
    assert laws_are_kept()
    with pytest.raises(Refused, match="あとのことを決める"):
        keep_plain_promise(kept, by=worker, at=NOW)


def test_an_end_that_is_near_is_asked_about_at_once(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=TODAY + timedelta(days=40)), by=worker, at=NOW)
    assert promises("power", power.pk)[0].due_on == TODAY + timedelta(days=14)


def test_a_successor_settles_the_end(worker: Worker, haru: Any) -> None:
    support = state_power(haru, replace(WISH, kind="daily_support", until_on=YEAR_ON), by=worker, at=NOW)
    following = state_power(haru, WISH, by=worker, at=NOW, follows=support)
    support.refresh_from_db()
    assert support.successor_id == following.pk
    assert not promises("power", support.pk)
    assert laws_are_kept()


def test_an_end_may_need_nobody_but_a_word(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    with pytest.raises(Refused, match="要らないわけ"):
        settle_end(power, revision=1, by=worker, at=NOW)
    settle_end(power, revision=1, words="本人が自分で払えるようになった", by=worker, at=NOW)
    assert laws_are_kept()
    # Another end is another cliff.
    power.refresh_from_db()
    correct_power(power, replace(WISH, until_on=YEAR_ON + timedelta(days=9)), revision=2, by=worker, at=NOW)
    assert len(promises("power", power.pk)) == 1
    assert laws_are_kept()


def test_looked_at_again_but_not_after_the_end(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    other = a_worker(office_of(worker))
    look_again(
        power, TODAY + timedelta(days=30), owner_id=other.pk, words="長女の返事待ち", by=worker, at=NOW
    )
    (kept,) = promises("power", power.pk)
    assert (kept.worker_id, kept.due_on) == (other.pk, TODAY + timedelta(days=30))
    with pytest.raises(Refused, match="終わる日より後"):
        look_again(power, YEAR_ON + timedelta(days=1), by=worker, at=NOW)
    with pytest.raises(Refused, match="この職員は選べません"):
        look_again(power, TODAY + timedelta(days=3), owner_id=a_worker().pk, by=worker, at=NOW)


def test_nothing_ends_by_the_calendar(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    later = YEAR_ON + timedelta(days=5)
    (card,) = powers_of(worker, haru.pk, later)
    assert card.is_past
    assert signers_of(worker, haru.pk, later) == []
    assert promises("power", power.pk)
    end_power(power, how="expired", ended_on=YEAR_ON, revision=1, by=worker, at=NOW + timedelta(days=370))
    assert laws_are_kept()
    assert powers_of(worker, haru.pk, later) == []
    assert powers_of(worker, haru.pk, later, ended=True)[0].how_ended == "期間が終わった"
    with pytest.raises(Refused, match="すでに終わった"):
        end_power(power, how="expired", ended_on=None, revision=2, by=worker, at=NOW + timedelta(days=371))


def test_a_correction_keeps_what_was_said_and_two_are_told(worker: Worker, haru: Any) -> None:
    power = state_power(haru, WISH, by=worker, at=NOW)
    correct_power(
        power, replace(WISH, agency_words="すべて"), revision=1, why="登記を見た", by=worker, at=NOW
    )
    version = PowerVersion.objects.get()
    assert version.body["agency_words"] == "預貯金の払戻し"
    with pytest.raises(Stale):
        correct_power(power, WISH, revision=1, by=worker, at=NOW)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"holder_name": ""}, "だれが後見人等か"),
        ({"kind": "nonsense"}, "種類を選んで"),
        ({"until_on": date(2026, 3, 1)}, "始まりの日より前"),
        ({"note": "123456789018"}, "個人番号"),
    ],
    ids=["nobody", "no kind", "backwards", "an individual number"],
)
def test_a_power_is_refused_when(worker: Worker, haru: Any, change: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        state_power(haru, replace(WISH, **change), by=worker, at=NOW)


def test_nobody_is_their_own_guardian_and_no_two_at_once(worker: Worker, haru: Any) -> None:
    with pytest.raises(Refused, match="本人の後見人等には"):
        state_power(haru, replace(WISH, holder_name="", holder_id=haru.pk), by=worker, at=NOW)
    with pytest.raises(Refused, match="どれかひとつ"):
        state_power(haru, replace(WISH, holder_id=a_person().pk), by=worker, at=NOW)


def test_parental_authority_ends_before_the_eighteenth_birthday(worker: Worker) -> None:
    child = a_person("森田 空", birth_on=date(2009, 1, 20))
    a_concern(held_by=worker, of=child)
    power = state_power(child, PowerWish(kind="parental", holder_name="母"), by=worker, at=NOW)
    assert power.until_on == date(2027, 1, 19)
    assert promises("power", power.pk)[0].due_on == date(2026, 7, 19)


def test_the_database_itself_wants_who_answers(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="あとを決める人"), transaction.atomic():
        Promise.objects.filter(subject_kind="power", subject_id=power.pk).update(done_at=NOW, done_by=worker)
        connection.check_constraints()


def test_a_leavers_ends_and_steps_go_to_the_successor(worker: Worker, haru: Any) -> None:
    power = state_power(haru, replace(WISH, until_on=YEAR_ON), by=worker, at=NOW)
    petition = begun(haru, worker)
    office = office_of(worker)
    successor = a_worker(office)
    manager = office.duty_worker
    assert manager is not None
    prepare_leaving(worker, leaving_on=TODAY, rows={}, by=manager, at=NOW)
    leave(worker, by=manager, at=NOW, rest_to_duty=True)
    for kind, pk in (("power", power.pk), ("petition", petition.pk)):
        assert promises(kind, pk)[0].worker_id in (successor.pk, manager.pk)
    assert laws_are_kept()


# -- who sees it ---------------------------------------------------------------------------------------------------------


def test_only_offices_with_the_facet_see_it(worker: Worker, haru: Any) -> None:
    state_power(haru, replace(WISH, aid="granted", aid_words="月2万円"), by=worker, at=NOW)
    assert powers_of(a_worker(), haru.pk, TODAY) == []
    assert powers_of(worker, haru.pk, TODAY)[0].aid == "決まっている"
    # Who was given 世帯・関係 without 経済 learns who may sign, not what it costs.
    for facets, seen in ((["basic", "household"], 1), (["basic"], 0)):
        asked = a_worker()
        involve(
            haru.pk, office_of(asked).pk, ground="02", facets=facets, reason_kind="registered", reason_id=haru.pk,
            at=NOW,
        )  # fmt: skip
        cards = powers_of(asked, haru.pk, TODAY)
        assert [(card.aid, card.aid_words, card.may_sign) for card in cards] == [("", "", True)] * seen


def test_a_protected_guardian_is_not_named_and_an_untold_one_is_marked(worker: Worker, haru: Any) -> None:
    child = a_person("森田 空", birth_on=date(2015, 1, 20))
    a_concern(held_by=worker, of=child)
    Relation.objects.create(person=haru, other=child, kind="parent", untold=True, written_at=NOW)
    mother = a_person("水野 花")
    for holder in (haru, mother):
        state_power(
            child, PowerWish(kind="parental", holder_id=holder.pk, reach_words="075-000-1"), by=worker, at=NOW
        )
    protect(mother, category="provisional", reason="暴力", by=a_worker(), at=NOW)
    first, second = powers_of(worker, child.pk, TODAY)
    assert (first.holder_name, first.untold) == ("森田 ハル", True)
    assert "水野" not in second.holder_name
    assert second.reach_words == ""


# -- 市長申立て ----------------------------------------------------------------------------------------------------------


def begun(person: Any, worker: Worker, **more: Any) -> Petition:
    said = {"why": "お金の管理ができず、親族もいない。", "asked_by": "地域包括支援センター"} | more
    petition = open_petition(person, due_on=TODAY + timedelta(days=7), by=worker, at=NOW, **said)
    connection.check_constraints()
    return petition


def test_an_application_goes_its_steps_each_with_one_owner_and_a_day(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    other = a_worker(office_of(worker))
    for number, step in enumerate(STEPS):
        (kept,) = promises("petition", petition.pk)
        assert kept.what == f"市長申立て：{step.label}"
        assert laws_are_kept()
        last = number == len(STEPS) - 1
        petition = finish_step(
            petition, step, words="済み", owner_id=other.pk, due_on=None if last else TODAY + timedelta(days=20),
            revision=petition.revision, by=worker, at=NOW,
        )  # fmt: skip
    assert petition.state == "granted"
    assert not promises("petition", petition.pk)
    assert laws_are_kept()
    (card,) = petitions_of(worker, haru.pk, NOW)
    assert [step.state for step in card.steps] == ["done"] * 6


def test_a_step_may_be_skipped_with_a_reason_and_no_other_order(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    with pytest.raises(Refused, match="いま進めているのは「申出を受ける」"):
        finish_step(petition, "kin", due_on=TODAY, revision=1, by=worker, at=NOW)
    with pytest.raises(Refused, match="省くわけ"):
        finish_step(petition, "request", skipped=True, due_on=TODAY, revision=1, by=worker, at=NOW)
    with pytest.raises(Refused, match="いつまでに"):
        finish_step(petition, "request", revision=1, by=worker, at=NOW)
    with pytest.raises(Refused, match="過ぎた日"):
        finish_step(petition, "request", due_on=TODAY - timedelta(days=1), revision=1, by=worker, at=NOW)
    with pytest.raises(Refused, match="まだ来ていない日"):
        finish_step(
            petition,
            "request",
            done_on=TODAY + timedelta(days=1),
            due_on=TODAY,
            revision=1,
            by=worker,
            at=NOW,
        )
    finish_step(
        petition,
        "request",
        skipped=True,
        words="相談票が申出書を兼ねる",
        due_on=TODAY,
        revision=1,
        by=worker,
        at=NOW,
    )
    assert PetitionStep.objects.get(step="request").state == "skipped"
    with pytest.raises(Refused, match=r"いま進めているのは|先に進めました"):
        finish_step(petition, "request", due_on=TODAY, revision=1, by=worker, at=NOW)


def test_a_step_moves_with_a_reason(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    with pytest.raises(Refused, match="わけ"):
        move_step(petition, due_on=TODAY + timedelta(days=20), revision=1, by=worker, at=NOW)
    move_step(
        petition, due_on=TODAY + timedelta(days=20), words="戸籍が届かない", revision=1, by=worker, at=NOW
    )
    (kept,) = promises("petition", petition.pk)
    assert kept.due_on == TODAY + timedelta(days=20)
    assert laws_are_kept()


def test_it_is_stopped_with_a_reason_and_only_one_runs_at_a_time(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    with pytest.raises(Refused, match="すでに進んでいます"):
        begun(haru, worker)
    with pytest.raises(Refused, match="取りやめるわけ"):
        stop_petition(petition, words=" ", revision=1, by=worker, at=NOW)
    stop_petition(petition, words="長女が申し立てる", revision=1, by=worker, at=NOW)
    assert laws_are_kept()
    assert begun(haru, worker).pk != petition.pk


def test_costs_court_and_number_are_written_as_they_become_known(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    describe_petition(
        petition, revision=1, fee_words="市が立て替え", case_number="令和8年(家)1号", by=worker, at=NOW
    )
    with pytest.raises(Stale):
        describe_petition(petition, revision=1, fee_words="本人負担", by=worker, at=NOW)
    assert petitions_of(worker, haru.pk, NOW)[0].fee_words == "市が立て替え"


def test_the_database_wants_one_step_and_one_owner(worker: Worker, haru: Any) -> None:
    petition = begun(haru, worker)
    with pytest.raises(IntegrityError, match="答える人"), transaction.atomic():
        PetitionStep.objects.filter(petition=petition).update(state="done", done_on=TODAY)
        connection.check_constraints()


def test_the_journal_holds_numbers_only(worker: Worker, haru: Any) -> None:
    state_power(haru, WISH, by=worker, at=NOW)
    begun(haru, worker)
    told = str(list(Entry.objects.order_by("id").values_list("action", "detail")))
    assert "power.stated" in told
    assert "petition.opened" in told
    assert "北川" not in told
    assert "お金の管理" not in told


def test_powers_are_what_they_are(worker: Worker, haru: Any) -> None:
    power = state_power(haru, WISH, by=worker, at=NOW)
    assert str(power) == f"権限 #{power.pk}"
    assert Power.objects.count() == 1
