"""The deeds of the desk on the real database: a consultation is held until it has become something (H10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tsunagi.holding.actions import Stale, answer_second, hand_over_for_the_night
from tsunagi.holding.models import Contact, Hold, NightHandover, Promise
from tsunagi.intake.actions import (
    AboutWish,
    ConcernWish,
    InformantWish,
    correct_consultation,
    end_consultation,
    give_consultation,
    give_word_back,
    make_concerns,
    say_who,
    say_who_as,
    take_consultation,
)
from tsunagi.intake.laws import LAWS
from tsunagi.intake.models import Consultation, ConsultationChange, Informant
from tsunagi.intake.rules import CallerKind, InformantReach, WayBack
from tsunagi.people.models import Involvement, Person
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

MY_NUMBER = "123456789018"


@pytest.fixture
def clerk():
    return a_worker(an_office("福祉なんでも相談室"))


def held(consultation, kind="triage"):
    return Promise.objects.get(
        subject_kind="consultation", subject_id=consultation.pk, kind=kind, is_open=True
    )


def sees(party_id, worker):
    return Involvement.objects.filter(
        party_id=party_id, office=office_of(worker), ended_at__isnull=True
    ).exists()


# -- taking ---------------------------------------------------------------------------------------------------


def test_whoever_wrote_it_holds_it_from_that_moment(clerk):
    consultation = a_consultation(clerk, words="ことば")
    promise = held(consultation)
    assert (promise.worker_id, promise.office_id) == (clerk.pk, office_of(clerk).pk)
    assert promise.due_on > TODAY


def test_each_gets_a_number_of_its_fiscal_year(clerk):
    first, second = a_consultation(clerk), a_consultation(clerk)
    assert first.number.startswith("8-")
    assert first.number != second.number


@pytest.mark.parametrize(
    ("urgency", "days"), [("high", -1), ("unclear", 0), ("middle", 2), ("low", 2), ("", 2)]
)
def test_the_day_counts_from_the_hour_it_came(clerk, urgency, days):
    monday = NOW - timedelta(days=1)  # written down on Tuesday: a 高 of Monday is late already
    assert held(a_consultation(clerk, came_at=monday, urgency=urgency)).due_on == TODAY + timedelta(days=days)


def test_an_hour_that_has_not_come_is_refused(clerk):
    with pytest.raises(Refused, match="まだ来ていない") as refused:
        a_consultation(clerk, came_at=NOW + timedelta(minutes=1))
    assert refused.value.field == "came_at"


@pytest.mark.parametrize("field", ["words", "wishes", "about_words", "caller_words", "way_back_words"])
def test_a_my_number_is_refused_in_every_text(clerk, field):
    with pytest.raises(Refused, match="個人番号") as refused:
        take_consultation(by=clerk, at=NOW, office_id=office_of(clerk).pk, **{field: MY_NUMBER})
    assert refused.value.field == field


def test_a_my_number_is_refused_in_the_boxes_beside_the_text(clerk):
    with pytest.raises(Refused, match="個人番号"):
        a_consultation(clerk, informant=InformantWish(contact=MY_NUMBER))
    with pytest.raises(Refused, match="個人番号"):
        a_consultation(clerk, about=AboutWish(new=True, name="山田", address=f"番号 {MY_NUMBER}"))
    assert Person.objects.count() == 0


def test_the_desk_may_see_whom_it_is_about_while_it_is_open(clerk):
    person = a_person()
    consultation = a_consultation(clerk, party_id=person.pk)
    assert sees(person.pk, clerk)
    end_consultation(consultation, outcome="withdrawn", words="本人が、もうよいと", by=clerk, at=NOW)
    connection.check_constraints()
    assert not sees(person.pk, clerk)


def test_new_without_a_word_stays_open(clerk):
    assert a_consultation(clerk, about=AboutWish(new=True)).party_id is None


SOME = {
    "words": st.sampled_from(["", "家賃が払えない\n食べるものがない", "・・・"]),
    "wishes": st.sampled_from(["", "話を聞いてほしい"]),
    "caller_kind": st.sampled_from(["", *CallerKind.values()]),
    "caller_words": st.sampled_from(["", "長女"]),
    "way_back": st.sampled_from(["", *WayBack.values()]),
    "way_back_words": st.sampled_from(["", "075-955-0000 夜だけ"]),
    "means": st.sampled_from(["", "phone", "night_slip"]),
    "cut_off": st.booleans(),
    "came_about": st.booleans(),
    "worries": st.dictionaries(st.sampled_from(["01", "08", "16"]), st.sampled_from(["circle", "double"])),
    "urgency": st.sampled_from(["", "high", "unclear", "middle", "low"]),
    "language": st.sampled_from(["", "vi"]),
    "interpreter": st.sampled_from(["", "needed"]),
    "about_words": st.sampled_from(["", "駅前の男性"]),
    "about": st.sampled_from(
        [None, AboutWish(), AboutWish(new=True, kana="ヤマダ"), AboutWish(unknown=True, place="駅")]
    ),
    "informant": st.sampled_from(
        [
            None,
            InformantWish(),
            InformantWish(name="隣人", wants_word_back=True),
            InformantWish(reach=InformantReach.SUCCESSORS),
        ]
    ),
    "came_at": st.sampled_from([None, NOW - timedelta(days=3), NOW - timedelta(minutes=1)]),
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.fixed_dictionaries({}, optional=SOME))
def test_any_subset_of_fields_is_stored_and_held_once(clerk, fields):
    consultation = a_consultation(clerk, **fields)
    consultation.refresh_from_db()
    for name, value in fields.items():
        if name not in ("about", "informant", "came_at", "about_words") and value:
            assert getattr(consultation, name) == value
    assert held(consultation).worker_id == clerk.pk
    informant = fields.get("informant")
    assert Informant.objects.filter(pk=consultation.pk).exists() == bool(informant and not informant.is_empty)


# -- correcting -----------------------------------------------------------------------------------------------


def test_the_older_words_stay(clerk):
    consultation = a_consultation(clerk, words="はじめの文", worries={"01": "circle"})
    correct_consultation(consultation, revision=1, words="直した文", worries={}, by=clerk, at=NOW)
    change = ConsultationChange.objects.get()
    assert (change.before["words"], change.before["worries"]) == ("はじめの文", {"01": "circle"})
    with pytest.raises(Stale):
        correct_consultation(consultation, revision=1, words="古い画面から", by=clerk, at=NOW)


def test_a_consultation_judged_more_urgent_is_due_sooner_and_never_later(clerk):
    consultation = a_consultation(clerk, urgency="middle")
    correct_consultation(consultation, revision=1, urgency="high", by=clerk, at=NOW)
    assert (held(consultation).due_on, held(consultation).urgency) == (TODAY, "high")
    correct_consultation(consultation, revision=2, urgency="low", by=clerk, at=NOW)
    assert held(consultation).due_on == TODAY


# -- whom it is about -----------------------------------------------------------------------------------------


def test_it_was_somebody_else_and_the_first_is_no_longer_ours_to_see(clerk):
    first, second = a_person(), a_person()
    consultation = a_consultation(clerk, party_id=first.pk)
    say_who(consultation, second.pk, by=clerk, at=NOW)
    connection.check_constraints()
    assert not sees(first.pk, clerk)
    assert sees(second.pk, clerk)
    assert held(consultation).party_id == second.pk


def test_it_was_not_who_we_thought_and_nobody_is_said(clerk):
    person = a_person()
    consultation = a_consultation(clerk, party_id=person.pk)
    say_who(consultation, None, by=clerk, at=NOW)
    connection.check_constraints()
    assert not sees(person.pk, clerk)
    assert held(consultation).party_id is None


def test_saying_who_asks_for_somebody(clerk):
    with pytest.raises(Refused, match="だれのことか"):
        say_who_as(a_consultation(clerk), AboutWish(), by=clerk, at=NOW)


# -- a colleague ----------------------------------------------------------------------------------------------


def test_only_a_colleague_of_the_desk_may_be_given_it(clerk):
    consultation = a_consultation(clerk)
    with pytest.raises(Refused, match="同じ窓口"):
        give_consultation(consultation, worker_id=a_worker().pk, by=clerk, at=NOW)
    colleague = a_worker(office_of(clerk))
    give_consultation(consultation, worker_id=colleague.pk, by=clerk, at=NOW)
    connection.check_constraints()
    assert held(consultation).worker_id == colleague.pk
    end_consultation(consultation, outcome="withdrawn", words="本人が", by=colleague, at=NOW)
    with pytest.raises(Refused, match="すでに終わって"):
        give_consultation(consultation, worker_id=clerk.pk, by=colleague, at=NOW)


# -- becoming -------------------------------------------------------------------------------------------------


def test_concerns_are_held_before_the_consultation_lets_go(clerk):
    person, colleague = a_person(), a_worker(office_of(clerk))
    consultation = a_consultation(
        clerk, party_id=person.pk, caller_kind="self", means="phone", urgency="middle"
    )
    wishes = [
        ConcernWish(description="家賃"),
        ConcernWish(description="借金", worker_id=colleague.pk, urgency="low"),
    ]
    opened = make_concerns(consultation, wishes, by=clerk, at=NOW)
    connection.check_constraints()
    assert [concern.urgency for concern in opened] == ["middle", "low"]
    assert {hold.worker_id for hold in Hold.objects.filter(closed_at__isnull=True)} == {
        clerk.pk,
        colleague.pk,
    }
    assert Contact.objects.get().kind == "met"  # the person spoke with us: once, for both
    assert not Promise.objects.filter(
        subject_kind="consultation", subject_id=consultation.pk, is_open=True
    ).exists()
    with pytest.raises(Refused, match="すでに終わって"):
        make_concerns(consultation, wishes, by=clerk, at=NOW)


def test_a_neighbours_word_is_no_contact_with_the_person(clerk):
    consultation = a_consultation(clerk, party_id=a_person().pk, caller_kind="neighbour")
    (concern,) = make_concerns(consultation, [ConcernWish(description="泣き声")], by=clerk, at=NOW)
    assert concern.last_seen_on is None
    assert Contact.objects.count() == 0


def test_nobody_said_yet_is_refused_unless_it_begins_with_someone_unknown(clerk):
    consultation = a_consultation(clerk, about_words="駅前の男性")
    with pytest.raises(Refused, match="まだ分からない"):
        make_concerns(consultation, [ConcernWish(description="寝ている")], by=clerk, at=NOW)
    (concern,) = make_concerns(
        consultation, [ConcernWish(description="寝ている")], by=clerk, at=NOW, as_unknown=True
    )
    connection.check_constraints()
    assert concern.whose == "unknown"


def test_what_was_handed_over_for_the_night_stays_handed_over(clerk):
    evening = NOW.replace(hour=18)
    consultation = a_consultation(clerk, at=evening, urgency="high", party_id=a_person().pk)
    hand_over_for_the_night(
        subject_kind="consultation", subject_id=consultation.pk, to_kind="night_duty", to_name="宿直", handed_at=evening,
        by=clerk, at=evening,
    )  # fmt: skip
    (concern,) = make_concerns(consultation, [ConcernWish(description="今夜が心配")], by=clerk, at=evening)
    assert NightHandover.objects.get(concern_id=concern.pk).to_name == "宿直"


# -- ending ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("information_given", "何を伝えたか"),
        ("told_those_involved", "どの機関のだれに"),
        ("could_not_reach", "いつ、どのように"),
        ("withdrawn", "だれが、なぜ"),
        ("not_a_consultation", "間違い"),
        ("existing_concern", "課題かつなぎ"),
        ("", "どうなったか"),
    ],
)
def test_every_end_says_what_it_needs(clerk, outcome, words):
    with pytest.raises(Refused, match=words):
        end_consultation(a_consultation(clerk), outcome=outcome, by=clerk, at=NOW)


def test_it_may_join_a_concern_there_is(clerk):
    person = a_person()
    concern = a_concern(held_by=clerk, of=person)
    consultation = a_consultation(clerk, party_id=person.pk)
    end_consultation(consultation, outcome="existing_concern", became=[concern.pk], by=clerk, at=NOW)
    connection.check_constraints()
    consultation.refresh_from_db()
    assert consultation.outcome == "existing_concern"
    assert sees(person.pk, clerk)  # the concern is still held


@pytest.mark.parametrize("outcome", ["could_not_reach", "not_a_consultation"])
def test_two_end_it_together(clerk, outcome):
    colleague = a_worker(office_of(clerk))
    consultation = a_consultation(clerk)
    word = end_consultation(
        consultation, outcome=outcome, words="3回電話", second=colleague.pk, by=clerk, at=NOW
    )
    connection.check_constraints()
    assert held(consultation)
    with pytest.raises(Refused, match="待っています"):
        end_consultation(consultation, outcome=outcome, words="もう一度", by=clerk, at=NOW)
    answer_second(word, agreed=True, by=colleague, at=NOW)
    connection.check_constraints()
    consultation.refresh_from_db()
    assert (consultation.outcome, consultation.outcome_by_id, consultation.outcome_second_by_id) == (
        outcome,
        clerk.pk,
        colleague.pk,
    )


def test_what_became_something_else_meanwhile_stays_what_it_became(clerk):
    colleague = a_worker(office_of(clerk))
    consultation = a_consultation(clerk, party_id=a_person().pk)
    word = end_consultation(
        consultation, outcome="could_not_reach", words="3回電話", second=colleague.pk, by=clerk, at=NOW
    )
    make_concerns(consultation, [ConcernWish(description="かけ直してくれた")], by=clerk, at=NOW)
    answer_second(word, agreed=True, by=colleague, at=NOW)
    connection.check_constraints()
    assert Consultation.objects.get(pk=consultation.pk).outcome == "new_concern"


def test_the_second_is_somebody_else(clerk):
    with pytest.raises(Refused, match="自分以外"):
        end_consultation(
            a_consultation(clerk), outcome="could_not_reach", words="3回", second=clerk.pk, by=clerk, at=NOW
        )


def test_the_net_finds_nothing_after_all_of_it_and_names_what_is_forced(clerk):
    for outcome in ("withdrawn", "information_given"):
        end_consultation(a_consultation(clerk), outcome=outcome, words="ことば", by=clerk, at=NOW)
    make_concerns(
        a_consultation(clerk, party_id=a_person().pk), [ConcernWish(description="家賃")], by=clerk, at=NOW
    )
    a_consultation(clerk, about=AboutWish(unknown=True))
    connection.check_constraints()
    assert rows_against("H10") == []
    Consultation.objects.filter(outcome="withdrawn").update(outcome="could_not_reach")
    assert [kind for kind, _ in rows_against("H10")] == ["consultation"]


def rows_against(law):
    """What the law's own query finds."""
    (found,) = (one for one in LAWS if one.number == law)
    with connection.cursor() as cursor:
        cursor.execute(found.violations)
        return cursor.fetchall()


def test_a_word_back_is_kept_once(clerk):
    consultation = a_consultation(
        clerk, caller_kind="neighbour", informant=InformantWish(name="隣人", wants_word_back=True)
    )
    give_word_back(held(consultation, "word_back"), by=clerk, at=NOW)
    connection.check_constraints()
    assert not Promise.objects.filter(kind="word_back", is_open=True).exists()
