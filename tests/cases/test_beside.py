"""What stands beside the record: supervision, jottings, own words, templates, stage and consent; who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from tests.factories import (
    NOW,
    TODAY,
    a_concern,
    a_household,
    a_person,
    a_worker,
    an_office,
    office_of,
)
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import (
    TemplateWish,
    close_case,
    forget_jottings,
    jot,
    open_case,
    set_consent,
    state_own_words,
    write_note,
    write_supervision,
    write_template,
)
from tsunagi.cases.models import Case, Jotting, Note, NoteTemplate, OwnWords, Supervision
from tsunagi.cases.queries import jottings_of, own_words_of, supervisions_of, templates_for
from tsunagi.cases.rules import Consent, fill
from tsunagi.cases.tasks import forget_jottings as nightly
from tsunagi.guardianship.actions import PowerWish, state_power
from tsunagi.holding.actions import close_concern
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.journal.models import Entry
from tsunagi.people.actions import involve
from tsunagi.people.rules import SUPPORTING_FACETS
from tsunagi.search.models import Due
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Client) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def haru() -> Any:
    return a_person("森田 ハル")


@pytest.fixture
def case(worker: Worker, haru: Any) -> Case:
    home = a_household(haru, a_person("森田 健一"), label="森田さんの世帯")
    concern = a_concern(held_by=worker, of=home)
    opened = open_case(home.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk])
    connection.check_constraints()
    return opened


@pytest.fixture
def other_office(case: Case) -> Worker:
    """Another office that supports the household and reads the whole file."""
    other = a_worker(an_office("地域包括支援センター"))
    involve(
        case.party_id, office_of(other).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="registered",
        reason_id=case.pk, at=NOW,
    )  # fmt: skip
    return other


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def home_of(case: Case) -> str:
    return f"/cases/{case.pk}/"


# -- supervision ---------------------------------------------------------------------------------------------------------


@pytest.mark.visits("cases:supervision_new")
def test_a_supervision_is_its_office_s_and_on_no_paper(
    three_people: Client, client_of: Client, case: Case, worker: Worker, other_office: Worker
) -> None:
    address = f"{home_of(case)}supervision/new/"
    three_people(address, allowed=worker, stranger=a_worker())
    assert client_of(other_office).get(address).status_code == 404
    client = client_of(worker)
    assert "だれとの" in client.post(address, {"about": "急いでしまう"}).content.decode()
    assert "何について話したか" in client.post(address, {"supervisor": "主任"}).content.decode()
    typed = {
        "supervisor": "主任相談員",
        "about": "訪問のとき急いでしまう",
        "next_try": "世間話から入る",
        "held_on": "R8.6.8",
    }
    assert client.post(address, typed).status_code == 302
    colleague, manager = a_worker(case.office), case.office.duty_worker
    assert manager is not None
    for reader in (worker, colleague, manager):
        assert "訪問のとき急いでしまう" in text(client_of(reader).get(home_of(case)))
    assert "急いでしまう" not in text(client_of(other_office).get(home_of(case)))
    assert supervisions_of(other_office, case) == []
    assert "急いでしまう" not in text(client.get(f"{home_of(case)}paper/"))
    # Neither the index of words nor the journal hears of it.
    assert set(Due.objects.order_by().values_list("kind", flat=True)) <= {
        "note",
        "concern",
        "contact",
        "consultation",
    }
    assert "世間話" not in str(list(Entry.objects.order_by("id").values_list("detail")))


def test_a_supervision_is_not_changed(case: Case, worker: Worker) -> None:
    made = write_supervision(case, supervisor="主任", about="話した", by=worker, at=NOW)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Supervision.objects.filter(pk=made.pk).update(about="なかったことに")
    with pytest.raises(Refused, match="まだ来ていない"):
        write_supervision(
            case, supervisor="主任", about="話", held_on=TODAY + timedelta(days=1), by=worker, at=NOW
        )


# -- jottings ------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("cases:jotting_new", "cases:jotting_edit")
def test_a_jotting_is_nobody_else_s(
    three_people: Client, client_of: Client, case: Case, worker: Worker, other_office: Worker
) -> None:
    address = f"{home_of(case)}jottings/new/"
    three_people(address, allowed=worker, stranger=a_worker())
    client = client_of(worker)
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "靴の向きが変わっていた"}).status_code == 302
    jotting = Jotting.objects.get()
    page = text(client.get(home_of(case)))
    assert "靴の向きが変わっていた" in page
    assert "7月9日" in page
    assert "記録です（開示の対象になります）" in page
    edit = f"{home_of(case)}jottings/{jotting.pk}/"
    three_people(edit, allowed=worker, stranger=a_worker())
    manager = case.office.duty_worker
    assert manager is not None
    for other in (a_worker(case.office), manager, other_office):
        seen = text(client_of(other).get(home_of(case)))
        assert "靴の向き" not in seen
        assert client_of(other).get(edit).status_code == 404
        assert client_of(other).get(f"{home_of(case)}notes/new/?jotting={jotting.pk}").status_code == 404
        assert jottings_of(other, case, TODAY) == []
    for paper in (f"{home_of(case)}paper/",):
        assert "靴の向き" not in text(client.get(paper))
    assert "靴の向き" not in str(list(Entry.objects.order_by("id").values_list("detail")))
    assert client.post(edit, {"words": "靴が2足になった"}).status_code == 302
    jotting.refresh_from_db()
    assert jotting.words == "靴が2足になった"
    assert client.post(edit, {"delete": "1"}).status_code == 302
    assert not Jotting.objects.exists()


def test_a_jotting_goes_after_thirty_days(
    client_of: Client, set_clock: Client, case: Case, worker: Worker
) -> None:
    jot(case, "覚え", by=worker, at=NOW)
    last = NOW + timedelta(days=30)
    assert forget_jottings(last) == 0
    assert jottings_of(worker, case, last.date())
    # Past its day it is not shown, even when the nightly task did not run.
    set_clock(NOW + timedelta(days=31))
    assert "覚え</p>" not in text(client_of(worker).get(home_of(case)))
    assert forget_jottings(NOW + timedelta(days=31)) == 1
    assert not Jotting.objects.exists()


def test_the_nightly_task_runs(case: Case, worker: Worker) -> None:
    jot(case, "覚え", by=worker, at=NOW - timedelta(days=400))
    nightly()
    assert not Jotting.objects.exists()


def test_a_jotting_moves_into_the_record(client_of: Client, case: Case, worker: Worker) -> None:
    jotting = jot(case, "靴の向きが変わっていた", by=worker, at=NOW)
    client, address = client_of(worker), f"{home_of(case)}notes/new/"
    page = client.get(f"{address}?jotting={jotting.pk}")
    assert page.context["form"]["facts"].value() == "靴の向きが変わっていた"
    assert "覚え書きを記録に移します" in text(page)
    assert client.post(address, {"facts": "", "jotting": jotting.pk}).status_code == 422
    assert Jotting.objects.exists()
    assert client.post(address, {"facts": "靴の向きが変わっていた", "jotting": jotting.pk}).status_code == 302
    assert Note.objects.get().facts == "靴の向きが変わっていた"
    assert not Jotting.objects.exists()


def test_nobody_moves_another_s_jotting(case: Case, worker: Worker) -> None:
    jotting = jot(case, "覚え", by=worker, at=NOW)
    write_note(case, by=a_worker(case.office), at=NOW, facts="話", jotting_id=jotting.pk)
    assert Jotting.objects.exists()


# -- the person's own words ----------------------------------------------------------------------------------------------


@pytest.mark.visits("cases:own_words_new")
def test_own_words_stand_beside_the_record_and_are_never_changed(
    three_people: Client, client_of: Client, case: Case, worker: Worker, haru: Any, other_office: Worker
) -> None:
    note = write_note(case, by=worker, at=NOW, facts="本人は困っていると話した")
    address = f"{home_of(case)}own-words/new/"
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    assert "森田 健一" in page
    assert client_of(other_office).get(address).status_code == 404
    client = client_of(worker)
    refused = client.post(address, {"person": haru.pk, "on": "note", "how": "spoken", "words": "ちがう"})
    assert "どの記録への付記か" in refused.content.decode()
    typed = {
        "person": haru.pk, "on": "note", "note": note.pk, "how": "spoken", "said_on": "R8.6.8", "words": "困っていません。急かされるのがいやです。",
    }  # fmt: skip
    assert client.post(address, typed).status_code == 302
    made = OwnWords.objects.get()
    for reader, where in ((worker, ""), (worker, "paper/"), (other_office, "")):
        assert "急かされるのがいやです" in text(client_of(reader).get(f"{home_of(case)}{where}"))
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        OwnWords.objects.filter(pk=made.pk).update(words="別のこと")
    anew = f"{address}?corrects={made.pk}"
    assert "急かされるのがいやです" in text(client.get(anew))
    assert (
        client.post(anew, {"words": "少し困っています。", "how": "written", "said_on": "R8.6.9"}).status_code
        == 302
    )
    first, second = own_words_of(case)
    assert (first.replaced, second.replaced, second.note_id) == (True, False, note.pk)
    page = text(client.get(home_of(case)))
    assert "新しい付記があります" in page
    assert "少し困っています。" in page
    again = client.post(anew, {"words": "もう一度", "how": "written"})
    assert "すでに新しい付記" in again.content.decode()


@pytest.mark.parametrize("on", ["file", "assessment"])
def test_own_words_on_the_whole_or_the_assessment(
    client_of: Client, case: Case, worker: Worker, haru: Any, on: str
) -> None:
    state_own_words(
        case,
        on=on,
        on_words="住まいのところ",
        person_id=haru.pk,
        words="ここに居たい。",
        how="read_out",
        by=worker,
        at=NOW,
    )
    page = text(client_of(worker).get(home_of(case)))
    assert "ここに居たい。" in page
    assert "代読・代筆" in page
    assert "ここに居たい。" in text(client_of(worker).get(f"{home_of(case)}paper/"))


def test_a_closed_file_still_takes_the_persons_words(
    client_of: Client, case: Case, worker: Worker, haru: Any
) -> None:
    pause = ClosingWish(
        ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="いつでも", card="名前と電話"
    )
    concern = case.case_concerns.order_by("id")[0].concern_id
    close_concern(concern, pause, by=worker, at=NOW)
    a_concern(held_by=worker, of=case.party.household)
    close_case(case, by=worker, at=NOW, main_office="相談室")
    typed = {"person": haru.pk, "on": "file", "how": "spoken", "words": "ありがとう。でも早かった。"}
    assert client_of(worker).post(f"{home_of(case)}own-words/new/", typed).status_code == 302


# -- templates -----------------------------------------------------------------------------------------------------------


@pytest.mark.visits("cases:templates", "cases:template_new", "cases:template_edit")
def test_templates_of_the_city_the_office_and_one_s_own(
    three_people: Client, client_of: Client, worker: Worker
) -> None:
    auditor = a_worker(role=Role.AUDITOR)
    city = NoteTemplate.objects.filter(of="city").order_by("id")[0]
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    assert city.name in text(three_people("/cases/templates/", allowed=worker, stranger=auditor))
    three_people("/cases/templates/new/", allowed=worker, stranger=auditor)
    three_people(f"/cases/templates/{city.pk}/", allowed=administrator, stranger=worker)
    client = client_of(worker)
    refused = client.post("/cases/templates/new/", {"of": "own", "name": "受診同行"})
    assert refused.status_code == 422
    typed = {"name": "受診同行", "kind": "visit", "facts": "{日付} {氏名}さんと受診。"}
    for of in ("own", "office"):
        assert client.post("/cases/templates/new/", typed | {"of": of}).status_code == 302
    assert client.post("/cases/templates/new/", typed | {"of": "city"}).status_code == 422
    own, office = NoteTemplate.objects.exclude(of="city").order_by("id")
    colleague = a_worker(office_of(worker))
    mine = [card.id for card in templates_for(colleague)]
    assert office.pk in mine
    assert own.pk not in mine
    assert client_of(colleague).get(f"/cases/templates/{own.pk}/").status_code == 404
    change = f"/cases/templates/{office.pk}/"
    assert client.post(change, typed | {"name": "受診", "revision": 1}).status_code == 302
    stale = client.post(change, typed | {"name": "通院", "revision": 1})
    assert stale.status_code == 409
    assert client.post(change, {"retire": "1"}).status_code == 302
    assert office.pk not in [card.id for card in templates_for(worker)]


def test_a_template_fills_what_is_empty_and_never_what_is_typed(
    client_of: Client, case: Case, worker: Worker
) -> None:
    made = write_template(
        "own",
        TemplateWish(
            "訪問", "visit", "{日付} {氏名} 会えた人：{わたし} {知らない}", "前と変わったこと：", "次は："
        ),
        by=worker,
        at=NOW,
    )
    client, address = client_of(worker), f"{home_of(case)}notes/new/"
    page = client.get(f"{address}?template={made.pk}")
    form = page.context["form"]
    assert form["facts"].value() == "2026年6月9日 森田さんの世帯 会えた人：相田 ゆき {知らない}"
    assert form["kind"].value() == "visit"
    # Without a script: the button keeps what is typed and fills the rest; nothing is saved.
    typed = {
        "facts": "もう書いた",
        "day": "R8.6.8",
        "partner": "母",
        "template": made.pk,
        "use_template": "1",
    }
    filled = client.post(address, typed)
    form = filled.context["form"]
    assert filled.status_code == 200
    assert (form["facts"].value(), form["judgement"].value()) == ("もう書いた", "前と変わったこと：")
    assert (form["day"].value(), form["partner"].value()) == ("R8.6.8", "母")
    assert not Note.objects.exists()
    # A draft that was saved keeps its words too.
    draft = str(page.context["sheet"].id)
    client.post(page.context["sheet"].url, {"draft": draft, "facts": "下書きのことば", "seq": "1"})
    again = client.get(f"{address}?draft={draft}&template={made.pk}").context["form"]
    assert (again["facts"].value(), again["policy"].value()) == ("下書きのことば", "次は：")
    # Somebody else's template, or none, fills nothing.
    for number in (made.pk + 999, "x"):
        assert not client.get(f"{address}?template={number}").context["form"]["facts"].value()
    assert (
        not client_of(a_worker(case.office))
        .get(f"{address}?template={made.pk}")
        .context["form"]["facts"]
        .value()
    )


def test_placeholders_are_plain_words() -> None:
    assert fill("{日付} {日付} {x}", {"日付": "6月9日"}) == "6月9日 6月9日 {x}"


# -- stage and consent ---------------------------------------------------------------------------------------------------


@pytest.mark.visits("cases:stage")
def test_a_stage_is_chosen_from_those_that_may_follow(
    three_people: Client, client_of: Client, case: Case, worker: Worker, haru: Any, other_office: Worker
) -> None:
    state_power(
        haru,
        PowerWish(kind="mandate", holder_name="甥の森田 進", agency_words="申請と受領"),
        by=worker,
        at=NOW,
    )
    address = f"{home_of(case)}stage/"
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    # Who may sign stands where the consent is written.
    assert "甥の森田 進" in page
    assert "アセスメント中" in page
    assert "完了" not in page
    assert client_of(other_office).get(address).status_code == 404
    client = client_of(worker)
    assert client.post(address, {"stage": "closed"}).status_code == 422
    assert client.post(address, {"stage": "supporting"}).status_code == 422
    answer = client.post(address, {"stage": "assessing", "consent": "whole", "consent_on": "R8.6.8"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.consent, case.consent_on) == ("assessing", "whole", date(2026, 6, 8))
    page = text(client.get(home_of(case)))
    assert "アセスメント中" in page
    assert "同意あり" in page
    late = client.post(address, {"stage": "assessing", "consent": "whole", "consent_on": "R9.6.8"})
    assert "まだ来ていない日" in late.content.decode()


def test_the_same_consent_again_changes_nothing(case: Case, worker: Worker) -> None:
    for _ in range(2):
        set_consent(case, Consent.PARTLY, on=TODAY, by=worker, at=NOW)
    assert Entry.objects.filter(action="case.consent").count() == 1


def test_every_beside_page_of_an_unknown_file_is_absent(client_of: Client, worker: Worker) -> None:
    for name in ("quick", "stage", "supervision_new", "jotting_new", "own_words_new"):
        assert client_of(worker).get(reverse(f"cases:{name}", args=[99999999])).status_code == 404
