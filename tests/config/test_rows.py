"""Row-level security: every table is spoken of, and a forgotten filter shows nothing instead of everything."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from tests import harness
from tests.factories import a_worker, an_office, office_of
from tsunagi.config import clock, embedded
from tsunagi.config import rows as guards
from tsunagi.config.modules import PACKAGE
from tsunagi.holding.actions import open_concern
from tsunagi.holding.models import Concern, Hold
from tsunagi.people.actions import register_person
from tsunagi.people.models import Person
from tsunagi.shared import edges, rows
from tsunagi.shared.rows import Guard, Open

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.TOKYO)


def test_every_table_is_guarded_or_says_why_not(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        found = dict(cursor.fetchall())
    said = guards.rules()
    assert set(found) - set(said) == set(), "say in the module's ROWS what guards these tables"
    wrong = {name for name, on in found.items() if on != isinstance(said[name], Guard)}
    assert not wrong
    assert all(rule.why for rule in said.values() if isinstance(rule, Open))


def test_the_owner_is_not_bound_and_the_application_owns_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE c.relforcerowsecurity), count(*) FILTER (WHERE r.rolname = current_user),"
            " bool_or(r.rolbypassrls OR r.rolsuper) FILTER (WHERE r.rolname = current_user)"
            " FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
            " WHERE c.relnamespace IN ('public'::regnamespace, 'seen'::regnamespace)"
        )
        assert cursor.fetchone() == (0, 0, None)


def test_no_law_is_blind(db: None) -> None:
    """A trigger's function that reads tables runs as the owner, with a fixed search path, and so sees all rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.proname FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid"
            " WHERE NOT g.tgisinternal AND p.pronamespace = 'public'::regnamespace AND p.proname NOT LIKE 'procrastinate%'"
            " AND (NOT p.prosecdef OR NOT COALESCE(p.proconfig::text LIKE '%search_path=public%', false))"
        )
        assert cursor.fetchall() == []


@pytest.fixture
def held(db: None) -> Concern:
    worker = a_worker(an_office())
    person = register_person(by=worker, at=NOW, name="竹田 さくら", kana="タケダ サクラ", office=office_of(worker).pk,
                             phones=["075-000-1234"], addresses=["開田1-1"])  # fmt: skip
    return open_concern(person.pk, office_id=office_of(worker).pk, worker_id=worker.pk, by=worker, at=NOW,
                        description="家計に困っている")  # fmt: skip


def counts(worker: Any, schema: str = "seen") -> dict[str, int]:
    """How many rows of each guarded table a worker's transaction finds by a bare SELECT."""
    found = {}
    guarded = [name for name, rule in guards.rules().items() if isinstance(rule, Guard)]
    asker = worker.pk if worker else None
    with transaction.atomic(), edges._introduced(asker, read_only=False), connection.cursor() as cursor:
        for table in guarded:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
            found[table] = cursor.fetchone()[0]
    return found


SHARED_BY_ALL = {"holding_nighthandover"}


@pytest.mark.parametrize("schema", ["seen", "public"])
def test_a_stranger_and_nobody_find_no_row_of_any_table(held: Concern, schema: str) -> None:
    stranger = a_worker(an_office())
    for who in (stranger, None):
        assert {name: n for name, n in counts(who, schema).items() if n and name not in SHARED_BY_ALL} == {}


@pytest.mark.parametrize("schema", ["seen", "public"])
def test_whoever_holds_finds_exactly_theirs(held: Concern, schema: str) -> None:
    other = a_worker(an_office())
    somebody = register_person(by=other, at=NOW, name="梅本 はな", office=office_of(other).pk)
    open_concern(
        somebody.pk, office_id=office_of(other).pk, worker_id=other.pk, by=other, at=NOW, description="別の方"
    )
    holder = Hold.objects.get(concern=held).worker
    found = counts(holder, schema)
    for table in (
        "people_party",
        "people_person",
        "people_phone",
        "people_address",
        "holding_concern",
        "holding_hold",
    ):
        assert found[table] == 1, table
    assert Person.objects.count() >= 2  # outside a request a test sees the whole


def test_a_filter_that_was_forgotten_shows_nothing(held: Concern) -> None:
    stranger = a_worker(an_office())
    with transaction.atomic(), edges._introduced(stranger.pk, read_only=True):
        assert list(Concern.objects.all()) == []
        assert list(Person.objects.select_related("party")) == []
        with rows.whole("a test"):
            assert Concern.objects.filter(pk=held.pk).exists()
        assert not Concern.objects.filter(pk=held.pk).exists()


def test_without_an_edge_the_application_finds_nothing(
    fresh_database: None, owner: psycopg.Connection
) -> None:
    with transaction.atomic():
        worker = a_worker(an_office())
        register_person(by=worker, at=NOW, name="竹田 さくら", office=office_of(worker).pk)
    with harness.CLUSTER.connect(embedded.APP, harness.CLONE) as bare:
        for schema in ("seen", "public"):
            assert bare.execute(f"SELECT count(*) FROM {schema}.people_person").fetchone() == (0,)
            assert bare.execute(f"UPDATE {schema}.people_party SET out_of_search = true").rowcount == 0
    assert owner.execute("SELECT count(*) FROM people_person").fetchone() == (1,)


def test_a_law_sees_what_its_doer_does_not(held: Concern) -> None:
    """H1: a concern that is open has exactly one holder, also for a worker who sees neither."""
    stranger = a_worker(an_office())
    with transaction.atomic(), edges._introduced(stranger.pk, read_only=False):
        with connection.cursor() as cursor, rows.whole("a test"):
            cursor.execute(
                "UPDATE holding_hold SET closed_at = %s, closing_reason = 'ended' WHERE concern_id = %s",
                [NOW + timedelta(hours=1), held.pk],
            )
        assert not Hold.objects.filter(concern=held).exists()
        with pytest.raises(DatabaseError) as refused:
            connection.check_constraints()
        assert refused.value.__cause__.diag.constraint_name.startswith("law_h1")
        transaction.set_rollback(True)


def test_who_sees_the_whole_is_written_down() -> None:
    """Each place where a page sees more than its worker may is known; add one only with its reason."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path in (PACKAGE / "shared" / "rows.py", PACKAGE / "config" / "rows.py"):
            continue
        text = path.read_text()
        if "sees_whole" not in text and "whole(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (
                any("sees_whole" in ast.unparse(one) for one in node.decorator_list)
                or any(
                    isinstance(one, ast.With)
                    and any(
                        ast.unparse(item.context_expr).startswith(("whole(", "rows.whole("))
                        for item in one.items
                    )
                    for one in ast.walk(node)
                )
            ):
                found.add(f"{path.relative_to(PACKAGE).with_suffix('')}.{node.name}".replace("/", "."))
    assert found == SEE_THE_WHOLE


SEE_THE_WHOLE = {
    "assessment.access._facets_among",
    "cases.queries.listing.cases_of",
    "desk.queries.places.places_named",
    "desk.queries.places.words_of_place",
    "diary.queries.is_guarded",
    "genogram.queries.gather.gather",
    "guardianship.queries._guarded",
    "guardianship.queries._untold",
    "guardianship.queries.consent_powers",
    "holding.access.concern_for",
    "holding.access.consent_paper_for",
    "holding.access.may_open_concern",
    "holding.access.row_for",
    "holding.queries.handing_over.leaving_list",
    "holding.queries.rows.who_answers",
    "meetings.access.role_for",
    "meetings.queries.cards._how_many",
    "meetings.queries.cards.slots",
    "meetings.queries.minutes._how_many_parts",
    "meetings.queries.papers.own_sight",
    "meetings.queries.room.number_of",
    "notices.queries.mail_state",
    "paperwork.queries.file._informants",
    "paperwork.queries.file._protected",
    "paperwork.queries.planned._protected",
    "people.access._closed_to",
    "people.access.root_of",
    "people.access.sight_of",
    "people.queries.families._household_cards",
    "people.queries.families.hidden_from",
    "people.queries.families.relations_of",
    "people.queries.guarded.guarded_among",
    "people.queries.involved.involvements_of",
    "people.queries.lookup.keys_of",
    "people.queries.lookup.lookup",
    "people.queries.lookup.match",
    "people.queries.lookup.match_many",
    "people.queries.oversight.kept_apart",
    "people.queries.parties.is_protected",
    "people.queries.parties.records_together",
    "people.queries.parties.same_person",
    "people.queries.parties.together_with",
    "plans.access.follow_up_for",
    "plans.access.role_for",
    "records.queries.accidents.incident_page",
    "records.queries.demands.candidate_cards",
    "records.queries.demands.demand_page",
    "records.queries.demands.facts_of",
    "records.queries.demands.files_of",
    "records.queries.demands.is_dead",
    "records.queries.demands.other_party_asks",
    "records.queries.demands.warnings_of",
    "records.queries.keeping._runs",
    "records.queries.keeping.cluster_of",
    "records.queries.keeping.due_loose",
    "records.queries.keeping.due_parties",
    "records.queries.keeping.held_by",
    "records.queries.keeping.is_due",
    "records.queries.keeping.item_cards",
    "records.queries.keeping.kinds_of",
    "records.queries.voices._children",
    "records.queries.voices.like_own_people",
    "records.queries.voices.topics_counted",
    "referrals.access.__init__.referral_for",
    "referrals.access.by_link.link_by_token",
    "referrals.queries.__init__.referral_page",
    "referrals.queries.beyond.check_words_for_outside",
    "referrals.queries.beyond.sheet_by_link",
    "safety_net.queries.board.board_of",
    "search.queries.find",
    "sharing.queries.consents._said",
}
