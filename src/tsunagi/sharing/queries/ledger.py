"""The ledger as its readers see it: by number, without names where their role sees none; and the usual flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.queries import office_ids
from tsunagi.people.access import seen_among
from tsunagi.people.queries import party_names
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.sharing.models import Disclosure, UsualFlow
from tsunagi.sharing.rules import DisclosureSource

from .grounds import grounds

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAGE = 50


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger. `person` is empty where this worker may not see whom it is about."""

    id: int
    number: str
    on: date
    giver: str
    receiver: str
    items: str
    reason: str
    ground: str
    article: str
    from_on: date | None
    until_on: date | None
    decision: str
    conditions: str
    source: str
    person: str
    person_id: int | None


@dataclass(frozen=True)
class LedgerPage:
    """A page of the ledger; `next_before` is the key of the next one."""

    rows: tuple[LedgerRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class FlowCard:
    """A usual flow."""

    id: int
    number: str
    giver: str
    receiver: str
    ground: str
    items: str
    purpose: str
    conditions: str
    from_on: date
    until_on: date
    decided_words: str
    decided_on: date
    in_force: bool


def flow_between(
    giver_id: int, receiver_id: int | None, facets: Iterable[str], *, ground: str, on: date
) -> UsualFlow | None:
    """The usual flow in force that covers this giving, or None."""
    if receiver_id is None:
        return None
    return (
        UsualFlow.objects.filter(
            giver_id=giver_id,
            receiver_id=receiver_id,
            ground=ground,
            from_on__lte=on,
            until_on__gte=on,
            ended_at__isnull=True,
            facets__contains=list(facets),
        )
        .order_by("id")
        .first()
    )


def ledger(
    worker: Worker,
    *,
    from_on: date | None = None,
    until_on: date | None = None,
    ground: str = "",
    office: int | None = None,
    before: int | None = None,
    limit: int | None = PAGE,
) -> LedgerPage:
    """The ledger, newest first. 情報公開担当 sees every row without names; others their own offices' rows, and the names
    of whom they may see. `limit=None`: everything, for the export."""
    rows = Disclosure.objects.select_related("giver", "receiver").order_by("-id")
    everything = reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE
    if not everything:
        rows = rows.filter(giver_id__in=office_ids(worker))
    if from_on:
        rows = rows.filter(on__gte=from_on)
    if until_on:
        rows = rows.filter(on__lte=until_on)
    if office:
        rows = rows.filter(Q(giver_id=office) | Q(receiver_id=office))
    if ground:
        rows = rows.filter(ground=ground)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows if limit is None else rows[: limit + 1])
    more = limit is not None and len(found) > limit
    found = found[:limit] if limit is not None else found
    seen = (
        set()
        if everything
        else seen_among(worker, [row.person_id for row in found if row.person_id is not None])
    )
    names = party_names(worker, seen) if seen else {}
    known = {card.code: card for card in grounds()}
    made = tuple(
        LedgerRow(
            id=row.pk,
            number=row.number,
            on=row.on,
            giver=row.giver.label,
            receiver=row.receiver.label if row.receiver else row.receiver_words,
            items=row.items or "・".join(Facet.label_of(facet) for facet in row.facets),
            reason=row.reason,
            ground=row.ground,
            article=_article(known, row.ground),
            from_on=row.from_on,
            until_on=row.until_on,
            decision=row.decision,
            conditions=row.conditions,
            source=DisclosureSource.label_of(row.source),
            person=names.get(row.person_id, "") if row.person_id else "",
            person_id=row.person_id if row.person_id in seen else None,
        )
        for row in found
    )
    return LedgerPage(made, made[-1].id if more and made else None)


def _article(known: dict, code: str) -> str:  # type: ignore[type-arg]
    card = known.get(code)
    if card is None:
        return code
    return " ".join(part for part in (card.law, card.article) if part) or card.name


def flows(*, on: date) -> list[FlowCard]:
    """Usual flows, those in force first."""
    rows = UsualFlow.objects.select_related("giver", "receiver").order_by("-id")
    known = {card.code: card.label for card in grounds()}
    cards = [
        FlowCard(
            id=row.pk,
            number=row.number,
            giver=row.giver.label,
            receiver=row.receiver.label,
            ground=known.get(row.ground, row.ground),
            items="・".join(Facet.label_of(facet) for facet in row.facets),
            purpose=row.purpose,
            conditions=row.conditions,
            from_on=row.from_on,
            until_on=row.until_on,
            decided_words=row.decided_words,
            decided_on=row.decided_on,
            in_force=row.ended_at is None and row.from_on <= on <= row.until_on,
        )
        for row in rows
    ]
    return sorted(cards, key=lambda card: not card.in_force)
