"""A withdrawal where both ends are seen: holds go back in the same deed, and the net stays at zero (H1, H17)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.accounts.models import Worker
from tsunagi.holding import actions
from tsunagi.holding.actions import Keep
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.holding.queries.consents import resting_holds
from tsunagi.notices.models import Notice
from tsunagi.people.access import sight_of
from tsunagi.people.models import Involvement, Person
from tsunagi.referrals.actions import accept, send_referral
from tsunagi.referrals.models import Referral
from tsunagi.safety_net.net import check
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.models import Consent, Disclosure
from tsunagi.sharing.rules import ConsentWish

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("生活支援課"))


@pytest.fixture
def partner() -> Worker:
    return a_worker(an_office("すまい法人", legal_kind="private"), role="outside_worker")


@pytest.fixture
def her() -> Person:
    return a_person("丘 ゆり", birth_on=date(1980, 5, 5))


@pytest.fixture
def concern(her: Person, worker: Worker) -> Concern:
    return a_concern(held_by=worker, of=her)


def given(her: Person, worker: Worker, *offices: Any, **fields: Any) -> Consent:
    return actions.give_consent(
        her.pk, agreed(*offices, **fields), office_id=office_of(worker).pk, by=worker, at=NOW
    )


def sent(concern: Concern, worker: Worker, partner: Worker) -> Referral:
    return send_referral(
        [concern.pk],
        to_office=office_of(partner),
        reason="住まいをさがす",
        person_told="agreed",
        ground="02",
        by=worker,
        at=NOW,
    )


def held_there(concern: Concern, worker: Worker, partner: Worker) -> Hold:
    accept(sent(concern, worker, partner), by=partner, worker_id=partner.pk, at=NOW + timedelta(hours=1))
    connection.check_constraints()
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def broken(today: date = TODAY) -> list[Any]:
    connection.check_constraints()
    return [(row.law.title, row.violations) for row in check(connection, today=today).laws if row.violations]


LATER = NOW + timedelta(hours=2)


def test_what_was_held_by_consent_goes_back_in_the_same_deed(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    consent = given(her, worker, office_of(partner))
    hold = held_there(concern, worker, partner)
    assert hold.office == office_of(partner)
    (card,) = resting_holds(her.pk, office_of(worker).pk, [office_of(partner).pk], on=TODAY)
    assert card.back_to == office_of(worker).label and "02" not in dict(card.grounds)
    assert actions.withdraw_consent(consent, by=worker, at=LATER, words="もういい") is None
    now = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert (now.office, now.worker) == (office_of(worker), worker)
    assert sight_of(partner, her.pk) is None
    # Not only the laws: nothing of the office's sight is left, neither living nor without a reason.
    assert not Involvement.objects.filter(
        office=office_of(partner), party=her.party, ended_at__isnull=True
    ).exists()
    assert check(connection, today=TODAY).involvements_without_a_reason == 0
    assert not Promise.objects.filter(office=office_of(partner), is_open=True, party=her.party).exists()
    assert Notice.objects.filter(sentence__startswith="本人が同意を取り消しました").exists()
    assert not broken()


def test_a_hold_may_stay_on_another_ground_with_the_reason(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    consent = given(her, worker, office_of(partner))
    hold = held_there(concern, worker, partner)
    with pytest.raises(Refused, match="使えない根拠"):
        actions.withdraw_consent(consent, by=worker, at=LATER, keep={hold.pk: Keep("01", "続けたい")})
    with pytest.raises(Refused, match="わけを書いて"):
        actions.withdraw_consent(consent, by=worker, at=LATER, keep={hold.pk: Keep("05", " ", "起案1号")})
    with pytest.raises(Refused, match="もうひとりの職員か決裁"):
        actions.withdraw_consent(consent, by=worker, at=LATER, keep={hold.pk: Keep("05", "命にかかわる")})
    actions.withdraw_consent(
        consent, by=worker, at=LATER, keep={hold.pk: Keep("05", "命にかかわる", "福祉第12号")}
    )
    now = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert now.pk == hold.pk
    sight = sight_of(partner, her.pk)
    assert sight is not None and sight.ground == "05"
    assert Disclosure.objects.filter(ground="05", decision="福祉第12号", person=her.party).exists()
    assert not broken()


def test_a_referral_that_waits_is_taken_back(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    consent = given(her, worker, office_of(partner))
    referral = sent(concern, worker, partner)
    actions.withdraw_consent(consent, by=worker, at=LATER)
    referral.refresh_from_db()
    assert referral.state == "withdrawn"
    assert sight_of(partner, her.pk) is None
    assert Hold.objects.get(concern=concern, closed_at__isnull=True).office == office_of(worker)
    assert not broken()


def test_fewer_facets_narrow_what_is_held(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    consent = given(her, worker, office_of(partner))
    held_there(concern, worker, partner)
    actions.withdraw_consent(consent, by=worker, at=LATER, facets=["health"])
    sight = sight_of(partner, her.pk)
    assert sight is not None and "health" not in sight.facets
    assert Hold.objects.get(concern=concern, closed_at__isnull=True).office == office_of(partner)
    assert not broken()


def test_the_persons_own_day_takes_back_too(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    last = TODAY + timedelta(days=40)
    given(her, worker, office_of(partner), until_on=last)
    ahead = Promise.objects.get(subject_kind="consent_day")
    assert TODAY < ahead.due_on < last - timedelta(days=12)
    held_there(concern, worker, partner)
    # The day after is a closed day or not: the door looks at the day, the job follows.
    sharing.end_consents_past_their_day(last + timedelta(days=1), at=NOW + timedelta(days=41))
    assert Hold.objects.get(concern=concern, closed_at__isnull=True).office == office_of(worker)
    assert not Promise.objects.filter(subject_kind="consent_day", is_open=True).exists()
    assert not broken(last + timedelta(days=1))


def test_unable_is_asked_again(her: Person, worker: Worker) -> None:
    wish = ConsentWish(
        state="unable",
        explained_on=TODAY,
        judged_by="主治医",
        judged_on="面談",
        ask_again_on=date(2026, 7, 1),
    )
    actions.give_consent(her.pk, wish, office_id=office_of(worker).pk, by=worker, at=NOW)
    asked = Promise.objects.get(subject_kind="consent")
    assert asked.due_on == date(2026, 7, 1) and asked.worker == worker
    given(her, worker, an_office())
    asked.refresh_from_db()
    assert asked.done_at is not None
    assert not broken()


def test_a_new_office_is_told_to_the_person(her: Person, worker: Worker) -> None:
    consent, new = given(her, worker), an_office("包括支援センター", legal_kind="entrusted")
    row = actions.add_to_consent(consent, new.pk, why="介護の相談", told_on=None, by=worker, at=NOW)
    told = Promise.objects.get(subject_kind="consent_office")
    actions.note_person_told(row, told_on=TODAY, by=worker, at=NOW)
    told.refresh_from_db()
    assert told.done_at is not None
    assert not broken()


def test_at_eighteen_a_parents_word_ends(worker: Worker, partner: Worker) -> None:
    child = a_person("丘 そら", birth_on=date(2011, 9, 1))
    with pytest.raises(Refused, match="親権者"):
        given(child, worker, office_of(partner))
    fields: dict[str, Any] = {
        "given_by": "child_and_parent",
        "given_by_name": "丘 ゆり(母)",
        "child_word": "いいよ",
    }
    consent = given(child, worker, office_of(partner), **fields)
    assert consent.of_age_on == date(2029, 9, 1)
    assert not Promise.objects.filter(subject_kind="consent_age").exists()
    actions.look_ahead(at=NOW.replace(year=2029, month=4, day=2))
    assert Promise.objects.get(subject_kind="consent_age").kind == "cliff"
    sharing.end_consents_past_their_day(date(2029, 9, 1), at=NOW.replace(year=2029, month=9, day=1))
    consent.refresh_from_db()
    assert consent.ended_how == "of_age"
    assert not broken(date(2029, 9, 1))


def test_the_paper_that_comes_back_is_written_down(her: Person, worker: Worker, partner: Worker) -> None:
    consent = given(her, worker, office_of(partner))
    actions.withdraw_consent(consent, by=worker, at=LATER)
    paper = consent.papers_back.get()
    assert Promise.objects.filter(subject_kind="consent_paper", is_open=True).exists()
    with pytest.raises(Refused, match="わけを書いて"):
        actions.record_paper(paper, answer="kept", words="", by=partner, at=LATER)
    actions.record_paper(paper, answer="returned", words="", by=partner, at=LATER)
    assert not Promise.objects.filter(subject_kind="consent_paper", is_open=True).exists()


def test_what_opened_by_consent_never_outlives_it(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    """Raw SQL that leaves a sight behind is seen by the net."""
    consent = given(her, worker, office_of(partner))
    row = Involvement.objects.get(reason_kind="consent")
    actions.withdraw_consent(consent, by=worker, at=LATER)
    assert not broken()
    Involvement.objects.create(
        party=her.party,
        office=office_of(partner),
        facets=row.facets,
        ground=row.ground,
        from_on=TODAY,
        reason_kind=row.reason_kind,
        reason_id=row.reason_id,
    )
    assert check(connection, today=TODAY).involvements_without_a_reason == 1


@pytest.mark.parametrize(
    "kind", ["referral", "case", "consent", "break_glass", "promise", "concern", "consultation"]
)
def test_each_reason_is_counted_when_it_is_not_alive(kind: str, her: Person, worker: Worker) -> None:
    Involvement.objects.create(
        party=her.party,
        office=office_of(worker),
        facets=["basic"],
        ground="01",
        from_on=TODAY,
        reason_kind=kind,
        reason_id=987_654,
    )
    assert check(connection, today=TODAY).involvements_without_a_reason == 1


def test_an_office_that_closes_leaves_no_sight_behind(
    her: Person, worker: Worker, partner: Worker, concern: Concern
) -> None:
    given(her, worker, office_of(partner))
    held_there(concern, worker, partner)
    office, follows = office_of(partner), an_office("あとを継ぐ法人", legal_kind="private")
    actions.close_office(office, to_office=follows, by=worker, at=LATER)
    assert not Involvement.objects.filter(office=office, ended_at__isnull=True).exists()
    assert not broken()
