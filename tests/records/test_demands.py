"""The ledger of demands: what may never be given, what is given page by page, and that who asks learns nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, office_of
from tests.records.conftest import Secretaries
from tsunagi.cases.actions import open_case, write_note
from tsunagi.holding.models import Promise
from tsunagi.intake.actions import take_consultation
from tsunagi.intake.actions.consultations import InformantWish
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.actions import protect
from tsunagi.people.actions.search_keys import rebuild_keys
from tsunagi.press.pdf import text_of
from tsunagi.records.actions import demanding
from tsunagi.records.models import Demand, DemandPage
from tsunagi.records.queries.demands import demand_page, warnings_of
from tsunagi.records.queries.keeping import held_by
from tsunagi.records.rules.demands import (
    NOT_SAID_SENTENCE,
    DemandKind,
    answer_sentence,
    answers_for,
    given_words,
)
from tsunagi.safety_net import net
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


def taken(they: Secretaries, kind: str, run_jobs: Any, **more: str) -> Demand:
    made = demanding.take_demand(
        kind, came_on=TODAY - timedelta(days=20), by=they.one, at=NOW,
        **({"requester": "水野 葵", "about_name": "水野 葵", "about_kana": "ミズノ アオイ", "wanted": "相談の記録"} | more),
    )  # fmt: skip
    run_jobs()
    made.refresh_from_db()
    return made


@pytest.fixture
def aoi(they: Secretaries) -> Any:
    """A protected woman with a child, a file, an informant; the other party is her husband."""
    person, child = a_person("水野 葵", kana="ミズノ アオイ"), a_person("水野 海", kana="ミズノ カイ")
    a_household(person, child)
    concern = a_concern(held_by=they.desk, of=person, description="夫から逃げてきた")
    take_consultation(
        by=they.desk, at=NOW, office_id=office_of(they.desk).pk, came_at=NOW, party_id=person.pk, words="隣の音が心配",
        informant=InformantWish(name="田島 良子", contact="075-000-9999", source_kind="neighbour"),
    )  # fmt: skip
    file = open_case(person.pk, by=they.desk, at=NOW, title="水野さん", concern_ids=[concern.pk])
    write_note(
        file,
        by=they.desk,
        at=NOW,
        kind="visit",
        happened_at=NOW,
        facts="田島 良子さんから聞いた。上司の大森さんが見舞いに来た。",
    )
    protect(person, reason="DV", by=they.desk, at=NOW, other_party_name="水野 剛", other_party_relation="夫")
    connection.check_constraints()
    return person


def named(made: Demand, person: Any, they: Secretaries) -> Demand:
    demanding.name_record(made, person.pk, by=they.one, at=NOW)
    made.refresh_from_db()
    return made


# -- who may never be given anything ----------------------------------------------------------------------------------------


def test_a_husband_who_demands_as_the_childs_legal_agent_is_given_nothing(
    they: Secretaries, aoi: Any, run_jobs: Any
) -> None:
    made = taken(
        they,
        "disclosure_legal",
        run_jobs,
        requester="水野 剛",
        identity="photo_card",
        powers="family_register",
        child="fine",
    )
    assert aoi.pk in made.candidates
    named(made, aoi, they)
    assert [one.code for one in warnings_of(made) if one.stops] == ["other_party"]
    for second in (None, they.two):
        with pytest.raises(Refused, match="相手方"):
            demanding.decide(
                made, "full", words="", document_number="1", with_whom=second, by=they.one, at=NOW
            )
    demanding.decide(made, "not_said", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    made.refresh_from_db()
    assert demand_page(made, they.one).sentence == NOT_SAID_SENTENCE
    with pytest.raises(Refused, match="応じる決定"):
        demanding.make_package(made, demanding.Wish(["keika"], "real", {}), by=they.one, at=NOW)


def test_a_lawyer_for_the_husband_is_the_husband(they: Secretaries, aoi: Any, run_jobs: Any) -> None:
    made = named(
        taken(they, "bar", run_jobs, requester="弁護士 谷", agent="水野　剛", identity="official_paper"),
        aoi,
        they,
    )
    with pytest.raises(Refused, match="相手方"):
        demanding.decide(made, "part", words="", document_number="1", with_whom=they.two, by=they.one, at=NOW)


def test_a_child_who_said_no_or_was_not_asked_stops_the_parent(they: Secretaries, run_jobs: Any) -> None:
    child = a_person("高木 楓", kana="タカギ カエデ")
    rebuild_keys([child.pk])
    made = taken(
        they,
        "disclosure_legal",
        run_jobs,
        requester="高木 美咲",
        about_name="高木 楓",
        about_kana="タカギ カエデ",
        identity="photo_card",
        powers="family_register",
    )
    named(made, child, they)
    assert made.child == "not_asked"
    with pytest.raises(Refused, match="気持ちを聞いてから"):
        demanding.decide(made, "full", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    demanding.write(made, revision=made.revision, by=they.one, at=NOW, child="no")
    with pytest.raises(Refused, match="いやだと言っています"):
        demanding.decide(made, "full", words="", document_number="1", with_whom=None, by=they.one, at=NOW)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"identity": "not_yet"}, "だれからの請求か"), ({"identity": "photo_card"}, "ふたりの職員")],
    ids=["nobody was identified", "a protected person takes two"],
)
def test_it_is_given_only_when(
    more: dict[str, str], words: str, they: Secretaries, aoi: Any, run_jobs: Any
) -> None:
    made = named(taken(they, "disclosure_self", run_jobs, **more), aoi, they)
    with pytest.raises(Refused, match=words):
        demanding.decide(made, "full", words="", document_number="1", with_whom=None, by=they.one, at=NOW)


# -- nothing is learnt --------------------------------------------------------------------------------------------------------


def test_those_who_may_not_learn_get_one_sentence_and_one_day() -> None:
    for kind in ("family", "press", "councillor"):
        assert {answer_sentence(kind, one) for one in answers_for(kind) if one != "passed"} == {
            NOT_SAID_SENTENCE
        }
    for kind in DemandKind:
        assert "nothing" not in answers_for(kind) or kind not in (
            "family",
            "press",
            "councillor",
            "information",
            "bar",
        )


def test_a_quick_no_is_not_possible(they: Secretaries, run_jobs: Any) -> None:
    made = demanding.take_demand(
        "press",
        came_on=TODAY,
        by=they.one,
        at=NOW,
        requester="新聞",
        about_name="だれか",
        wanted="相談に来ていたか",
    )
    demanding.decide(made, "not_said", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    with pytest.raises(Refused, match="同じ日"):
        demanding.answer(made, TODAY, how="電話", by=they.one, at=NOW)
    demanding.answer(made, TODAY + timedelta(days=14), how="電話", by=they.one, at=NOW + timedelta(days=14))
    connection.check_constraints()
    assert not Promise.objects.filter(subject_kind="demand", is_open=True).exists()


def test_who_answers_for_her_is_told_and_the_requester_never(
    they: Secretaries, aoi: Any, run_jobs: Any
) -> None:
    Notice.objects.all().delete()
    made = taken(they, "family", run_jobs, requester="水野 剛")
    assert (
        "あなたの担当の方のことかもしれない問い合わせ"
        in Notice.objects.filter(worker=they.desk).latest("pk").sentence
    )
    assert not Notice.objects.filter(worker=they.one).exists()
    with pytest.raises(Refused, match="見つかった記録"):
        demanding.name_record(made, aoi.pk, by=they.one, at=NOW)


# -- what it does while it is open ---------------------------------------------------------------------------------------------


def test_an_open_demand_stops_disposal_and_a_withdrawn_one_lets_go(
    they: Secretaries, aoi: Any, run_jobs: Any
) -> None:
    made = named(taken(they, "disclosure_self", run_jobs), aoi, they)
    assert held_by([aoi.pk]) == {aoi.pk: ("demand",)}
    with pytest.raises(Refused, match="取り下げのわけ"):
        demanding.withdraw(made, "", by=they.one, at=NOW)
    demanding.withdraw(made, "本人から電話", by=they.one, at=NOW)
    connection.check_constraints()
    assert held_by([aoi.pk]) == {}
    assert all(not law.violations for law in net.check(connection, today=TODAY).laws)
    with pytest.raises(Refused, match="もう終わっています"):
        demanding.decide(made, "full", words="", document_number="1", with_whom=they.two, by=they.one, at=NOW)


def test_it_is_put_off_once(they: Secretaries, run_jobs: Any) -> None:
    made = taken(they, "disclosure_self", run_jobs)
    with pytest.raises(Refused, match="までの日"):
        demanding.extend(made, TODAY + timedelta(days=90), words="量が多い", by=they.one, at=NOW)
    demanding.extend(made, made.came_on + timedelta(days=60), words="量が多い", by=they.one, at=NOW)
    made.refresh_from_db()
    assert Promise.objects.get(subject_kind="demand", is_open=True).due_on == made.due_on
    with pytest.raises(Refused, match="もう一度延ばして"):
        demanding.extend(made, made.came_on + timedelta(days=60), words="もう一度", by=they.one, at=NOW)


# -- what is given ------------------------------------------------------------------------------------------------------------------


def test_what_is_given_is_blacked_numbered_and_listed_page_by_page(
    they: Secretaries, aoi: Any, run_jobs: Any
) -> None:
    made = named(taken(they, "disclosure_self", run_jobs, identity="photo_card"), aoi, they)
    assert {"protected", "informants", "third"} <= {one.code for one in warnings_of(made)}
    demanding.add_mask(made, "大森", "78-2", by=they.one, at=NOW)
    demanding.decide(
        made,
        "part",
        words="ほかの方の名前を除く",
        document_number="福第9号",
        with_whom=they.two,
        by=they.one,
        at=NOW,
    )
    made.refresh_from_db()
    seen = text_of(demanding.preview(made, demanding.Wish(["keika"], "real", {}), by=they.one, at=NOW))
    assert "下見" in seen
    row, pdf = demanding.make_package(
        made, demanding.Wish(["keika", "plan"], "real", {2: "78-7"}), by=they.one, at=NOW
    )
    said = "".join(text_of(pdf).split())
    for words in ("大森", "田島", "075-000-9999"):
        assert words not in said
    assert b"\xe5\xa4\xa7\xe6\xa3\xae" not in pdf
    assert "写し" in said
    assert f"1/{row.pages}頁" in said
    assert "この頁は渡しません" in said
    assert row.digest == sha256(pdf).hexdigest()
    pages = {one.number: one for one in DemandPage.objects.filter(package=row)}
    assert pages[2].withheld
    assert pages[2].reasons == ["78-7"]
    assert "78-2" in pages[1].reasons
    assert pages[1].blacked >= 2, "the informant, and the boss"
    entry = Entry.objects.filter(action="demand.given").latest("pk")
    assert (entry.ground, entry.detail["pages"], entry.detail["withheld"]) == ("23", row.pages, [2])
    with pytest.raises(Refused, match="頁はありません"):
        demanding.make_package(made, demanding.Wish(["keika"], "real", {99: "78-7"}), by=they.one, at=NOW)
    demanding.answer(made, TODAY, how="窓口で本人に", by=they.one, at=NOW)
    connection.check_constraints()


def test_a_court_gets_the_tail_of_the_journal(they: Secretaries, run_jobs: Any) -> None:
    person = a_person("高木 楓", kana="タカギ カエデ")
    rebuild_keys([person.pk])
    concern = a_concern(held_by=they.desk, of=person)
    open_case(person.pk, by=they.desk, at=NOW, concern_ids=[concern.pk])
    connection.check_constraints()
    made = taken(
        they,
        "court",
        run_jobs,
        requester="京都地裁",
        about_name="高木 楓",
        about_kana="タカギ カエデ",
        identity="official_paper",
    )
    named(made, person, they)
    demanding.decide(made, "full", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    made.refresh_from_db()
    row, pdf = demanding.make_package(made, demanding.Wish(["keika"], "real", {}), by=they.one, at=NOW)
    assert row.journal_head[:20] in "".join(text_of(pdf).split())
    assert Entry.objects.filter(action="demand.given", ground="20").exists()


def test_page_numbers_in_words() -> None:
    assert given_words([5, 1, 2, 3]) == "1–3、5"


def test_an_office_of_officers_alone_keeps_its_ledger_without_a_promise(
    they: Secretaries, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody may hold a promise the demand is taken all the same; the ledger shows its day."""
    monkeypatch.setattr(demanding, "can_answer", lambda office_id: False)
    made = taken(they, "press", run_jobs)
    assert not Promise.objects.filter(subject_kind="demand", subject_id=made.pk).exists()
    demanding.withdraw(made, "電話で取り下げ", by=they.one, at=NOW)
    connection.check_constraints()
