"""死者情報: a dead person's record keeps what guards it; who may ask for what of it is the city's own rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
from tests.records.conftest import Secretaries
from tests.records.test_demands import aoi, named, taken, text_of
from tests.sharing.test_consents import agreed
from tsunagi.codes.actions import decide as decide_setting
from tsunagi.holding.actions import die, give_consent
from tsunagi.intake.models import Informant
from tsunagi.people.access import sight_of
from tsunagi.people.models import Involvement, Protection
from tsunagi.people.queries import is_protected, lookup
from tsunagi.records.actions import demanding
from tsunagi.records.queries.demands import demand_page, warnings_of
from tsunagi.records.rules.demands import (
    NOT_SAID_SENTENCE,
    Answer,
    DemandKind,
    Facts,
    answers_for,
    check_decision,
)
from tsunagi.safety_net import net
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.models import Consent

__all__ = ["aoi"]
# -- the rule, without a database ------------------------------------------------------------------------------------------

READY = Facts(
    kind="dead", identity="photo_card", powers="family_register", child="not_a_child", requester_is_other_party=False,
    has_record=True, is_protected=False, is_dead=True, asks_as="spouse", dead_rule="要綱 第5条",
)  # fmt: skip


def decided(facts: Facts, answer: str) -> None:
    check_decision(facts, answer, decided_by=1, with_whom=2, words="わけ", document_number="1")


@pytest.mark.parametrize(
    ("changed", "answer", "words"),
    [
        ({"is_dead": False}, "part", "亡くなったことが"),
        ({"is_dead": False}, "refused", "亡くなったことが"),
        ({"dead_rule": " "}, "part", "要綱が設定されていません"),
        ({"asks_as": ""}, "part", "どういう関係"),
        ({"asks_as": ""}, "refused", "どういう関係"),
        ({"powers": "not_needed"}, "refused", "戸籍"),
        ({"identity": "not_yet"}, "refused", "確かめた方法"),
        ({"requester_is_other_party": True}, "part", "相手方"),
        ({"kind": "disclosure_self"}, "part", "死者情報の申出として"),
        ({"kind": "disclosure_legal", "child": "fine"}, "full", "死者情報の申出として"),
        ({"kind": "disclosure_agent"}, "full", "死者情報の申出として"),
        ({}, "full", "選べない"),
        ({}, "nothing", "選べない"),
    ],
    ids=str,
)
def test_of_the_dead_nothing_is_given_when(changed: dict[str, Any], answer: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decided(replace(READY, **changed), answer)


def test_what_the_citys_rule_lets_somebody_have_may_be_given_in_part() -> None:
    decided(READY, "part")
    decided(replace(READY, dead_rule=""), "refused")
    decided(replace(READY, is_dead=False), "not_said")
    for kind in ("court", "police"):
        decided(replace(READY, kind=kind, asks_as="", dead_rule=""), "part")
    assert Answer.FULL not in answers_for(DemandKind.DEAD)


# -- what a death leaves, and what it ends -----------------------------------------------------------------------------------

pytest_db = pytest.mark.django_db


@pytest.fixture
def _clock(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def dead(db: None, _clock: None, they: Secretaries, aoi: Any) -> Any:
    """She agreed to let a body know, and died."""
    partner = a_worker(an_office("すまい法人", legal_kind="private"), role="outside_worker")
    give_consent(aoi.pk, agreed(office_of(partner)), office_id=office_of(they.desk).pk, by=they.desk, at=NOW)
    assert sight_of(partner, aoi.pk) is not None
    die(aoi.pk, died_on=TODAY, left_behind="子が残る", by=they.desk, at=NOW)
    connection.check_constraints()
    aoi.partner = partner
    return aoi


@pytest_db
def test_a_death_ends_consents_and_what_rested_on_her_concerns_and_nothing_that_guards_her(
    they: Secretaries, dead: Any
) -> None:
    assert not Consent.objects.filter(person=dead, ended_at__isnull=True).exists()
    assert sight_of(dead.partner, dead.pk) is None
    living = Involvement.objects.filter(party_id=dead.pk, ended_at__isnull=True)
    assert not living.filter(reason_kind__in=["concern", "consent"]).exists()
    # The file stays open until it is closed; who keeps it sees her, protected as she was.
    assert set(living.values_list("reason_kind", flat=True)) <= {"case", "consultation", "promise"}
    assert is_protected(dead.pk)
    assert Protection.objects.get(person=dead).other_party_name == "水野 剛"
    assert lookup(they.two, "水野 葵", on=TODAY, trail=False) == []
    assert Informant.objects.get(consultation__party_id=dead.pk).name == "田島 良子"
    assert not net.check(connection, today=TODAY).broken


@pytest_db
def test_a_husband_asks_for_his_dead_wifes_record_and_learns_nothing(
    they: Secretaries, dead: Any, run_jobs: Any
) -> None:
    decide_setting("demand.dead_rule", "長岡京市死者情報の要綱 第5条")
    made = taken(
        they, "dead", run_jobs, requester="水野 剛", identity="photo_card", powers="family_register",
        asks_as="spouse",
    )  # fmt: skip
    named(made, dead, they)
    assert "other_party" in [one.code for one in warnings_of(made) if one.stops]
    with pytest.raises(Refused, match="相手方"):
        demanding.decide(made, "part", words="", document_number="1", with_whom=they.two, by=they.one, at=NOW)
    demanding.decide(made, "not_said", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    made.refresh_from_db()
    assert demand_page(made, they.one).sentence == NOT_SAID_SENTENCE


@pytest_db
def test_her_mother_is_given_a_part_by_two_and_neither_informant_nor_place_nor_child(
    they: Secretaries, dead: Any, run_jobs: Any, client_of: Any
) -> None:
    made = taken(
        they, "dead", run_jobs, requester="谷口 とし", identity="photo_card", powers="family_register",
        asks_as="child_or_parent",
    )  # fmt: skip
    named(made, dead, they)
    page = client_of(they.one).get(reverse("records:demand", args=[made.pk])).content.decode()
    assert "渡せる範囲" in page and "子・父母" in page and "生きている方のこと" in page
    with pytest.raises(Refused, match="要綱が設定されていません"):
        demanding.decide(made, "part", words="", document_number="1", with_whom=they.two, by=they.one, at=NOW)
    decide_setting("demand.dead_rule", "長岡京市死者情報の要綱 第5条")
    with pytest.raises(Refused, match="ふたり"):
        demanding.decide(made, "part", words="", document_number="1", with_whom=None, by=they.one, at=NOW)
    demanding.decide(made, "part", words="", document_number="1", with_whom=they.two, by=they.one, at=NOW)
    made.refresh_from_db()
    _package, paper = demanding.make_package(made, demanding.Wish(["keika"], "real", {}), by=they.one, at=NOW)
    words = "".join(text_of(paper).split())
    assert "田島" not in words and "良子" not in words


@pytest_db
@pytest.mark.usefixtures("_clock")
def test_who_only_says_that_she_died_learns_nothing(they: Secretaries, aoi: Any, run_jobs: Any) -> None:
    made = taken(
        they, "dead", run_jobs, requester="谷口 とし", identity="photo_card", powers="family_register",
        asks_as="child_or_parent",
    )  # fmt: skip
    named(made, aoi, they)
    assert "not_dead" in [one.code for one in warnings_of(made) if one.stops]
    with pytest.raises(Refused, match="亡くなったことが"):
        demanding.decide(
            made, "refused", words="x", document_number="1", with_whom=they.two, by=they.one, at=NOW
        )


@pytest_db
@pytest.mark.usefixtures("_clock")
def test_as_what_somebody_asks_is_one_of_the_citys_list(they: Secretaries, run_jobs: Any) -> None:
    with pytest.raises(Refused, match="選び直して"):
        taken(they, "dead", run_jobs, asks_as="neighbour")
