"""One tick where consent is spoken of: the desk, the plan and the sheet write the real consent in their own deed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.plans.factories import a_case, a_draft, a_role
from tests.sharing.test_consents import agreed
from tsunagi.accounts.models import Office, Worker
from tsunagi.holding import actions
from tsunagi.holding.models import Promise
from tsunagi.intake.models import Consultation
from tsunagi.people.access import sight_of
from tsunagi.people.models import Household, Person
from tsunagi.plans.models import Consent as PlanConsent
from tsunagi.referrals.models import Referral
from tsunagi.sharing.actions import write_explanation
from tsunagi.sharing.models import Consent, Disclosure
from tsunagi.sharing.queries import consent_state, may_be_told
from tsunagi.sharing.rules import ConsentState

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def desk() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def npo() -> Worker:
    return a_worker(an_office("すまい法人", legal_kind="private"), role="outside_worker")


@pytest.fixture
def her() -> Person:
    return a_person("丘 ゆり", birth_on=date(1980, 5, 5))


def sheet(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


def answered(**fields: Any) -> dict[str, Any]:
    return {"consent": "standard", "consent_way": "oral", "consent_explained_on": "R8.6.9"} | fields


# -- the receiving desk ------------------------------------------------------------------------------------------------


def test_a_call_and_the_callers_yes_are_one_deed(client_of: Client, desk: Worker, npo: Worker) -> None:
    explained = write_explanation(
        title="個人情報のこと", words="…", plain_words="", from_on=TODAY, by=desk, at=NOW
    )
    page = client_of(desk).get(reverse("intake:new")).content.decode()
    assert "情報を伝え合うことへの、本人の答え" in page
    sent = {
        "words": "家賃が払えない", "about_name": "丘 ゆり", "about": "new", "consent_offices": [office_of(npo).pk],
        "consent_present": "包括の職員", "consent_explanation_id": explained.pk,
    }  # fmt: skip
    assert client_of(desk).post(reverse("intake:new"), sheet(**sent, **answered())).status_code == 302
    taken, said = Consultation.objects.get(), Consent.objects.get()
    assert said.person_id == taken.party_id
    assert (said.state, said.way, said.present) == (ConsentState.GIVEN_ALL, "oral", "包括の職員")
    assert said.explanation == explained
    assert sight_of(npo, said.person_id, on=TODAY) is not None
    shown = client_of(desk).get(reverse("intake:detail", args=[taken.pk])).content.decode()
    assert "同意あり(全部)" in shown
    assert "すまい法人" in shown


def test_a_yes_of_nobody_in_particular_keeps_what_was_typed(client_of: Client, desk: Worker) -> None:
    answer = client_of(desk).post(
        reverse("intake:new"), sheet(words="家賃が払えない", about="", **answered())
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "だれのことかを決めてください" in page
    assert "家賃が払えない" in page
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"consent": "unable", "consent_explained_on": "R8.6.9"}, "だれが判断したか"),
        ({"consent": "this_office", "consent_way": "oral", "consent_explained_on": "R8.6.9"}, "どの機関に"),
        ({"consent": "standard", "consent_way": "signed", "consent_explained_on": "R8.6.9"}, "どこに保管したか"),
        ({"consent": "standard", "consent_way": "oral", "consent_words": "123456789018"}, "個人番号"),
    ],
    ids=["unable without a judge", "one office without one", "a signature without a place", "a my number"],
)  # fmt: skip
def test_what_is_missing_in_the_tick_is_said_at_its_field(
    client_of: Client, desk: Worker, typed: dict[str, Any], words: str
) -> None:
    answer = client_of(desk).post(
        reverse("intake:new"), sheet(words="家賃", about_name="丘 ゆり", about="new", **typed)
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consultation.objects.exists()
    assert not Consent.objects.exists()


def test_a_consultation_without_a_word_of_consent_writes_none(client_of: Client, desk: Worker) -> None:
    client_of(desk).post(reverse("intake:new"), sheet(words="家賃", about_name="丘 ゆり", about="new"))
    taken = Consultation.objects.get()
    assert not Consent.objects.exists()
    shown = client_of(desk).get(reverse("intake:detail", args=[taken.pk])).content.decode()
    assert "未説明" in shown


# -- the plan ----------------------------------------------------------------------------------------------------------


def test_the_plan_and_the_sharing_are_agreed_to_at_once(client_of: Client, desk: Worker, npo: Worker) -> None:
    case = a_case(desk)
    a_concern(held_by=npo, of=case.party)
    mother = Household.objects.get(pk=case.party_id).memberships.order_by("id").first()
    assert mother is not None
    plan = a_draft(case, desk, roles=[a_role(desk), a_role(npo, "住まいを探す")])
    page = client_of(desk).get(reverse("plans:agree", args=[plan.pk])).content.decode()
    assert "未説明" in page
    assert "すまい法人" in page
    sent = sheet(
        revision=plan.revision, explained_on="R8.6.9", agreed_by="person", way="signed", kept_where="鍵つき書庫",
        consent="standard", consent_person=mother.person_id, consent_offices=[office_of(npo).pk],
    )  # fmt: skip
    unsaid = client_of(desk).post(
        reverse("plans:agree", args=[plan.pk]), sent | {"consent_person": "", "draft": str(uuid.uuid4())}
    )
    assert unsaid.status_code == 422
    assert "だれの同意か" in unsaid.content.decode()
    assert client_of(desk).post(reverse("plans:agree", args=[plan.pk]), sent).status_code == 302
    said = Consent.objects.get()
    assert (said.person_id, said.way, said.kept_where) == (mother.person_id, "signed", "鍵つき書庫")
    assert may_be_told(mother.person_id, office_of(npo).pk, on=TODAY)
    assert PlanConsent.objects.get().plan_id == plan.pk
    shown = client_of(desk).get(reverse("plans:detail", args=[plan.pk])).content.decode()
    assert "同意あり(全部)" in shown


def test_the_family_does_not_consent_in_the_persons_place(client_of: Client, desk: Worker) -> None:
    case = a_case(desk)
    plan = a_draft(case, desk)
    sent = sheet(
        revision=plan.revision, explained_on="R8.6.9", agreed_by="family", name="長女", way="oral", consent="standard",
        consent_person=Household.objects.get(pk=case.party_id).memberships.order_by("id").first().person_id,  # type: ignore[union-attr]
    )  # fmt: skip
    answer = client_of(desk).post(reverse("plans:agree", args=[plan.pk]), sent)
    assert answer.status_code == 422
    assert "本人の代わりに同意できません" in answer.content.decode()
    assert not PlanConsent.objects.exists()


# -- the sheet ---------------------------------------------------------------------------------------------------------


def refer(client: Any, concern: Any, office: Office, **fields: Any) -> Any:
    return client.post(
        f"{reverse('referrals:new')}?concern={concern.pk}",
        sheet(concerns=[concern.pk], to_office=office.pk, reason="住まいの相談") | fields,
    )


def test_a_sheet_to_an_office_outside_the_consent_is_held_back(
    client_of: Client, desk: Worker, npo: Worker, her: Person
) -> None:
    concern, client = a_concern(held_by=desk, of=her), client_of(desk)
    page = client.get(f"{reverse('referrals:new')}?concern={concern.pk}").content.decode()
    assert "すまい法人（同意が要ります）" in page
    assert "未説明" in page
    refused = refer(client, concern, office_of(npo), person_told="agreed")
    assert refused.status_code == 422
    assert "同意の範囲に入っていません" in refused.content.decode()
    assert "住まいの相談" in refused.content.decode()
    sent = refer(client, concern, office_of(npo), person_told="agreed", **answered(consent="this_office"))
    assert sent.status_code == 302
    row = Referral.objects.get()
    assert row.ground == "02"
    assert may_be_told(her.pk, office_of(npo).pk, on=TODAY)
    assert set(Disclosure.objects.values_list("source", "ground")) == {("consent", "02"), ("referral", "02")}
    again = client.get(f"{reverse('referrals:new')}?concern={a_concern(held_by=desk, of=her).pk}")
    assert "すまい法人（同意の範囲）" in again.content.decode()


def test_a_no_beside_the_sheet_is_written_and_the_sheet_waits(
    client_of: Client, desk: Worker, npo: Worker, her: Person
) -> None:
    concern = a_concern(held_by=desk, of=her)
    answer = refer(client_of(desk), concern, office_of(npo), **answered(consent="refused"))
    assert answer.status_code == 422
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_a_new_office_is_added_to_the_standard_consent_and_the_person_told(
    client_of: Client, desk: Worker, npo: Worker, her: Person
) -> None:
    concern = a_concern(held_by=desk, of=her)
    given = actions.give_consent(her.pk, agreed(), office_id=office_of(desk).pk, by=desk, at=NOW)
    sent = refer(client_of(desk), concern, office_of(npo), person_told="not_yet", consent="add")
    assert sent.status_code == 302
    added = given.offices.get()
    assert (added.office_id, added.told_on) == (office_of(npo).pk, None)
    assert Promise.objects.filter(subject_kind="consent_office", subject_id=added.pk, is_open=True).exists()


def test_another_ground_says_why(client_of: Client, desk: Worker, npo: Worker, her: Person) -> None:
    concern, client = a_concern(held_by=desk, of=her), client_of(desk)
    silent = refer(client, concern, office_of(npo), ground="05")
    assert silent.status_code == 422
    assert "根拠を替えたわけ" in silent.content.decode()
    assert "使えない根拠" in refer(client, concern, office_of(npo), ground="01").content.decode()
    said = refer(
        client, concern, office_of(npo), ground="05", ground_why="今夜の宿が要る", decision="福相第9号"
    )
    assert said.status_code == 302
    row = Disclosure.objects.get()
    assert (row.ground, row.ground_why, row.decision) == ("05", "今夜の宿が要る", "福相第9号")


def test_within_the_city_nothing_more_is_asked(client_of: Client, desk: Worker, her: Person) -> None:
    other = an_office("障がい福祉課")
    assert refer(client_of(desk), a_concern(held_by=desk, of=her), other).status_code == 302
    assert Referral.objects.get().ground == "01"
    assert consent_state(her.pk, on=TODAY) == ConsentState.NOT_EXPLAINED
