"""The pages of consent, of who can see whom and why, of the ledger, and of an emergency: who gets there, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding import actions
from tsunagi.holding.models import Hold, Promise
from tsunagi.notices.models import Notice
from tsunagi.people.access import sight_of
from tsunagi.people.actions import protect, register_person
from tsunagi.people.models import Involvement, Person
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.models import BrokenGlass, Consent, Disclosure, PaperAskedBack, SilentWord, UsualFlow
from tsunagi.sharing.queries import consent_state
from tsunagi.sharing.rules import COLUMNS, NOTHING_OPENS, ConsentState

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("生活支援課"), name="相田 ゆき")


@pytest.fixture
def partner() -> Worker:
    return a_worker(an_office("すまい法人", legal_kind="private"), role="outside_worker")


@pytest.fixture
def her(worker: Worker) -> Person:
    person = a_person("丘 ゆり", birth_on=date(1980, 5, 5))
    a_concern(held_by=worker, of=person)
    return person


@pytest.fixture
def consent(her: Person, worker: Worker, partner: Worker) -> Consent:
    given = actions.give_consent(
        her.pk, agreed(office_of(partner)), office_id=office_of(worker).pk, by=worker, at=NOW
    )
    connection.check_constraints()
    return given


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.visits("holding:consents")
def test_who_came_in_by_consent_does_not_read_the_consents(
    three_people: Visit, client_of: Visit, worker: Worker, partner: Worker, consent: Consent
) -> None:
    url = f"/concerns/consents/{consent.person_id}/"
    shown = text(three_people(url, allowed=worker, stranger=a_worker()))
    assert "同意あり(全部)" in shown and "すまい法人" in shown
    assert client_of(partner).get(url).status_code == 404


def test_a_yearly_look_is_one_button(
    client_of: Visit, set_clock: Visit, worker: Worker, consent: Consent
) -> None:
    set_clock(NOW + timedelta(days=366))
    url = f"/concerns/consents/{consent.person_id}/"
    assert "見直しの時期" in text(client_of(worker).get(url))
    client_of(worker).post(url, {"looked_at": consent.pk})
    assert "見直しの時期" not in text(client_of(worker).get(url))


@pytest.mark.visits("holding:consent_new")
def test_one_tick_is_a_consent(
    three_people: Visit, client_of: Visit, worker: Worker, partner: Worker, her: Person
) -> None:
    url = f"/concerns/consents/{her.pk}/new/"
    three_people(url, allowed=worker, stranger=partner)
    said = {"state": "given_all", "preset": "standard", "given_by": "person", "explained_on": "R8.6.9"}
    answer = client_of(worker).post(url, said | {"offices": [office_of(partner).pk]})
    assert "署名・口頭・代理" in text(answer)
    answer = client_of(worker).post(url, said | {"offices": [office_of(partner).pk], "way": "oral"})
    assert answer.status_code == 302, text(answer)
    assert consent_state(her.pk, on=TODAY) == ConsentState.GIVEN_ALL
    assert sight_of(partner, her.pk) is not None


@pytest.mark.visits("holding:consent")
def test_one_consent_with_its_paper(three_people: Visit, worker: Worker, consent: Consent) -> None:
    three_people(f"/concerns/consents/one/{consent.pk}/", allowed=worker, stranger=a_worker())


@pytest.mark.visits("holding:consent_add", "holding:consent_office")
def test_a_new_office_and_when_the_person_was_told(
    three_people: Visit, client_of: Visit, worker: Worker, consent: Consent
) -> None:
    new = an_office("包括支援センター", legal_kind="entrusted")
    url = f"/concerns/consents/one/{consent.pk}/office/"
    three_people(url, allowed=worker, stranger=a_worker())
    client_of(worker).post(url, {"office": new.pk, "why": "介護の相談"})
    row = consent.offices.get(office=new)
    told = f"/concerns/consents/offices/{row.pk}/"
    three_people(told, allowed=worker, stranger=a_worker())
    client_of(worker).post(told, {"told_on": "R8.6.9"})
    row.refresh_from_db()
    assert row.told_on == TODAY
    assert not Promise.objects.filter(subject_kind="consent_office", is_open=True).exists()


@pytest.mark.visits("holding:consent_withdraw", "holding:consent_paper")
def test_taking_it_back_and_the_paper(
    three_people: Visit, client_of: Visit, worker: Worker, partner: Worker, consent: Consent
) -> None:
    url = f"/concerns/consents/one/{consent.pk}/withdraw/"
    three_people(url, allowed=worker, stranger=partner)
    stale = client_of(worker).post(url, {"what": "all", "revision": "9", "words": "もういい"})
    assert stale.status_code == 409 and "もういい" in text(stale)
    assert client_of(worker).post(url, {"what": "all", "revision": "1"}).status_code == 302
    assert sight_of(partner, consent.person_id) is None
    again = client_of(worker).post(url, {"what": "all", "revision": "1"})
    assert "すでに終わっています" in text(again)
    paper = PaperAskedBack.objects.get()
    page = f"/concerns/consents/papers/{paper.pk}/"
    # Both sides may write the answer; nobody else finds the page.
    shown = text(three_people(page, allowed=partner, stranger=a_worker()))
    assert "新しく読むこと" in shown
    assert client_of(partner).post(page, {"answer": "returned"}).status_code == 302
    assert "返ってきた" in text(client_of(worker).get(page))


@pytest.mark.visits("sharing:who", "sharing:who_draft")
def test_who_can_see_and_why(
    three_people: Visit, worker: Worker, partner: Worker, consent: Consent, her: Person
) -> None:
    Involvement.objects.create(
        party=her.party, office=an_office("女性相談"), facets=["basic"], ground="16", from_on=TODAY,
        reason_kind="case", reason_id=1,
    )  # fmt: skip
    shown = text(three_people(f"/sharing/who/{her.pk}/", allowed=worker, stranger=partner))
    assert "69条2項1号" in shown and "すまい法人" in shown and "女性相談" in shown
    whole = text(three_people(f"/sharing/who/{her.pk}/draft/", allowed=worker, stranger=partner))
    draft = whole.split("<tbody>")[1].split("</tbody>")[0]
    assert "すまい法人" in draft and "女性相談" not in draft and "相田" not in draft


@pytest.mark.visits("sharing:ledger", "sharing:ledger_file")
def test_the_ledger_has_the_citys_columns_and_no_names(
    three_people: Visit, client_of: Visit, worker: Worker, consent: Consent
) -> None:
    officer = a_worker(an_office("総務課"), role=Role.DISCLOSURE_OFFICER)
    shown = text(three_people("/sharing/ledger/", allowed=officer, stranger=worker))
    assert "R8-0001" in shown and "すまい法人" in shown and "丘 ゆり" not in shown
    three_people("/sharing/ledger/file/", allowed=officer, stranger=worker)
    made = client_of(officer).get("/sharing/ledger/file/?ground=02")
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(made.content)).active.iter_rows()]
    assert list(COLUMNS) in [row[: len(COLUMNS)] for row in cells]
    assert "丘 ゆり" not in str(cells)


def test_a_manager_sees_the_rows_of_the_own_office(
    client_of: Visit, worker: Worker, consent: Consent
) -> None:
    manager = office_of(worker).duty_worker
    shown = text(client_of(manager).get("/sharing/ledger/"))
    assert "丘 ゆり" in shown
    other = a_worker(an_office(), role=Role.MANAGER)
    assert "R8-0001" not in text(client_of(other).get("/sharing/ledger/"))


@pytest.mark.visits("sharing:flows")
def test_a_usual_flow_is_decided_once(
    three_people: Visit, client_of: Visit, worker: Worker, her: Person
) -> None:
    manager = office_of(worker).duty_worker
    three_people("/sharing/flows/", allowed=manager, stranger=worker)
    water = an_office("水道課", legal_kind="public_enterprise")
    said = {
        "number": "8-3", "giver": office_of(worker).pk, "receiver": water.pk, "ground": "04", "facets": ["basic"],
        "purpose": "滞納のある方の見守り", "from_on": "R8.4.1", "until_on": "R9.3.31", "decided_words": "福祉第9号",
        "decided_on": "R8.4.1",
    }  # fmt: skip
    assert "条件(70条)" in text(client_of(manager).post("/sharing/flows/", said))
    client_of(manager).post("/sharing/flows/", said | {"conditions": "ほかに使わない"})
    flow = UsualFlow.objects.get()
    row = sharing.write_disclosure(
        giver_id=office_of(worker).pk, receiver_id=water.pk, person_id=her.pk, facets=["basic"], reason="", ground="04",
        proposed="02", by=worker, at=NOW,
    )  # fmt: skip
    assert row is not None and (row.number, row.flow) == ("8-3", flow)
    client_of(manager).post("/sharing/flows/", {"end": flow.pk})
    with pytest.raises(Refused, match="根拠を替えたわけ"):
        sharing.write_disclosure(
            giver_id=office_of(worker).pk, receiver_id=water.pk, person_id=her.pk, facets=["basic"], reason="滞納",
            ground="04", proposed="02", by=worker, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("ground", "more", "words"),
    [
        ("99", {}, "個人情報管理者"),
        ("05", {}, "もうひとりの職員か決裁"),
        ("04", {"proposed": "02"}, "根拠を替えたわけ"),
    ],
    ids=["other grounds need the officer", "own interest needs two", "another than proposed needs why"],
)
def test_a_ground_asks_before_anything_opens(
    ground: str, more: dict[str, str], words: str, worker: Worker, her: Person
) -> None:
    with pytest.raises(Refused, match=words):
        sharing.write_disclosure(
            giver_id=office_of(worker).pk, receiver_words="警察署", person_id=her.pk, reason="さがすため", ground=ground,
            by=worker, at=NOW, **more,
        )  # fmt: skip
    assert not Disclosure.objects.exists()


# -- 緊急に開く -------------------------------------------------------------------------------------------------------

WHY = "倒れているとの通報があり、持病を知りたい"


@pytest.fixture
def registered(worker: Worker) -> Person:
    person = register_person(
        by=worker, at=NOW, name="川辺 はる", kana="カワベ ハル", birth="S30.4.1", phones=["075-111-2222"],
        office=office_of(worker).pk,
    )  # fmt: skip
    a_concern(held_by=worker, of=person)
    Notice.objects.all().delete()
    return person


@pytest.fixture
def night() -> Worker:
    return a_worker(an_office("高齢福祉課"), name="当番 かなえ")


def opens(client: Any, **said: str) -> Any:
    values = {"name": "川辺 はる", "birth": "S30.4.1", "phone": "", "reason": WHY} | said
    return client.post("/concerns/glass/", values, follow=True)


@pytest.mark.visits("holding:glass_new", "holding:glass")
def test_an_emergency_opens_one_card_for_one_worker_and_is_looked_at(
    three_people: Visit, client_of: Visit, run_jobs: Visit, registered: Person, night: Worker, worker: Worker
) -> None:
    officer = a_worker(an_office("総務課"), role=Role.DISCLOSURE_OFFICER)
    three_people("/concerns/glass/", allowed=night, stranger=officer)
    assert "別の人が読みます" in text(opens(client_of(night), reason="急ぎ"))
    answer = opens(client_of(night))
    glass = BrokenGlass.objects.get()
    assert "川辺" in text(answer) and glass.person == registered
    sight = sight_of(night, registered.pk)
    assert sight is not None and sight.ground == "05" and "money" not in sight.facets
    colleague = a_worker(office_of(night))
    assert sight_of(colleague, registered.pk) is None
    manager = office_of(night).duty_worker
    promised = Promise.objects.get(subject_kind="break_glass", is_open=True)
    assert promised.worker == manager and promised.due_on == date(2026, 6, 12)
    assert Notice.objects.filter(worker=manager, kind="break_glass").exists()
    run_jobs()
    assert Notice.objects.filter(worker=worker, kind="word").exists()
    page = f"/concerns/glass/{glass.pk}/"
    three_people(page, allowed=manager, stranger=worker)
    assert client_of(night).post(page, {"answer": "right"}).status_code in (200, 302)
    glass.refresh_from_db()
    assert glass.review == ""
    client_of(manager).post(page, {"answer": "not_right", "words": "電話で足りた"})
    glass.refresh_from_db()
    assert glass.reviewed_by == manager and sight_of(night, registered.pk) is None
    promised.refresh_from_db()
    assert promised.done_at is not None


def test_an_emergency_ends_by_itself(client_of: Visit, registered: Person, night: Worker) -> None:
    opens(client_of(night))
    glass = BrokenGlass.objects.get()
    after = glass.until_on + timedelta(days=1)
    assert sight_of(night, registered.pk, on=after) is None
    assert sharing.close_glass(after, at=NOW + timedelta(days=4)) == 1
    assert not Involvement.objects.filter(reason_kind="break_glass", ended_at__isnull=True).exists()


def test_a_protected_person_and_an_unknown_name_are_the_same_page_by_the_same_statements(
    client_of: Visit, queries: Visit, registered: Person, night: Worker, worker: Worker
) -> None:
    protect(registered, by=worker, at=NOW, reason="夫が探している")
    connection.check_constraints()
    opens(client_of(a_worker(office_of(night))))  # what is kept once per process is kept now
    with queries() as guarded:
        one = opens(client_of(night))
    with queries() as unknown:
        other = opens(client_of(night), name="西沢 なみ", birth="S31.5.2")
    assert NOTHING_OPENS in text(one) and NOTHING_OPENS in text(other)
    assert guarded.shape == unknown.shape
    assert not Involvement.objects.filter(reason_kind="break_glass").exists()
    assert SilentWord.objects.filter(kind="glass").count() == 3


def test_a_private_body_opens_on_its_own_ground(
    client_of: Visit, registered: Person, partner: Worker
) -> None:
    opens(client_of(partner))
    assert BrokenGlass.objects.get().ground == "31"


def test_nothing_held_is_left_alone_by_a_withdrawal_page(
    client_of: Visit, worker: Worker, partner: Worker, consent: Consent, her: Person
) -> None:
    """The page asks for each hold that rests on it, and the default takes it back."""
    from tsunagi.referrals.actions import accept, send_referral

    concern = her.party.concerns.get()
    sheet = send_referral(
        [concern.pk], to_office=office_of(partner), by=worker, at=NOW, reason="住まい", person_told="agreed",
        ground="02",
    )  # fmt: skip
    accept(sheet, by=partner, worker_id=partner.pk, at=NOW)
    connection.check_constraints()
    hold = Hold.objects.get(concern=concern, closed_at__isnull=True)
    url = f"/concerns/consents/one/{consent.pk}/withdraw/"
    assert "生活支援課に戻す" in text(client_of(worker).get(url))
    said = {"what": "all", "revision": "1", f"ground_{hold.pk}": "05"}
    assert "わけを書いてください" in text(client_of(worker).post(url, said))
    assert client_of(worker).post(url, {"what": "all", "revision": "1"}).status_code == 302
    assert Hold.objects.get(concern=concern, closed_at__isnull=True).office == office_of(worker)
