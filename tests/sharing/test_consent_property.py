"""Whatever is given, taken back and expires, in any order: an office that came in by consent sees no more than was agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import NOW, TODAY, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.people.access import sight_of
from tsunagi.people.rules import SUPPORTING_FACETS
from tsunagi.safety_net.net import check
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions
from tsunagi.sharing.models import Consent
from tsunagi.sharing.queries import may_be_told

pytestmark = pytest.mark.django_db
OFFICES = 2
STEPS = st.one_of(
    st.tuples(
        st.just("give"),
        st.sets(st.integers(0, OFFICES - 1), min_size=1),
        st.sets(st.sampled_from(SUPPORTING_FACETS), min_size=1, max_size=4),
        st.one_of(st.none(), st.integers(1, 20)),
    ),
    st.tuples(st.just("take"), st.sets(st.integers(0, OFFICES - 1)), st.just(set()), st.none()),
    st.tuples(
        st.just("narrow"), st.just(set()), st.sets(st.sampled_from(SUPPORTING_FACETS), min_size=1), st.none()
    ),
    st.tuples(st.just("refuse"), st.just(set()), st.just(set()), st.none()),
    st.tuples(st.just("wait"), st.just(set()), st.just(set()), st.integers(1, 15)),
)


class _RolledBack(Exception):
    pass


@settings(max_examples=12)
@given(steps=st.lists(STEPS, min_size=2, max_size=6))
def test_what_is_seen_by_consent_was_agreed_to(steps: list) -> None:  # type: ignore[type-arg]
    with pytest.raises(_RolledBack), transaction.atomic():
        _play(steps)
        raise _RolledBack


def _play(steps: list) -> None:  # type: ignore[type-arg]
    worker, her = a_worker(), a_person(birth_on=date(1980, 5, 5))
    partners = [a_worker(an_office(legal_kind="private"), role="outside_worker") for _ in range(OFFICES)]
    moment = NOW
    for kind, offices, facets, days in steps:
        moment += timedelta(minutes=1)
        on = moment.date()
        living = (
            Consent.objects.filter(ended_at__isnull=True, state__startswith="given").order_by("id").first()
        )
        try:
            with transaction.atomic():
                if kind == "give":
                    wish = agreed(
                        *(office_of(partners[n]) for n in sorted(offices)), preset="own", facets=tuple(facets),
                        until_on=on + timedelta(days=days) if days else None,
                    )  # fmt: skip
                    actions.record_consent(her.pk, wish, office_id=office_of(worker).pk, by=worker, at=moment)
                elif kind == "refuse":
                    actions.record_consent(
                        her.pk, agreed(state="refused"), office_id=office_of(worker).pk, by=worker, at=moment
                    )
                elif kind == "wait":
                    moment += timedelta(days=days)
                elif living is not None:
                    chosen = [office_of(partners[n]).pk for n in sorted(offices)] or None
                    actions.withdraw_consent(
                        living,
                        by=worker,
                        at=moment,
                        office_ids=chosen if kind == "take" else None,
                        facets=facets,
                    )
        except Refused:
            pass
        _holds(her.pk, partners, moment.date())
    actions.end_consents_past_their_day(moment.date() + timedelta(days=30), at=moment)
    connection.check_constraints()
    assert check(connection, today=TODAY).involvements_without_a_reason == 0


def _holds(person_id: int, partners: list, on: date) -> None:  # type: ignore[type-arg]
    for partner in partners:
        sight = sight_of(partner, person_id, on=on)
        seen = sight.facets if sight else frozenset()
        assert seen <= may_be_told(person_id, office_of(partner).pk, on=on)
