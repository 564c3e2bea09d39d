"""なぜこの機関はこの方の記録を見られるのか: for workers on screen, and as a draft for the 開示 desk, which decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office, Posting
from tsunagi.journal.queries import looks
from tsunagi.people.models import Involvement, Party
from tsunagi.people.queries import involvements_of, is_protected
from tsunagi.people.rules import ReasonKind

from .grounds import grounds

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# By default the draft leaves these out: councils, reports of abuse, protection, courts and police (78条, 81条).
LEFT_OUT = frozenset({"06", "07", "08", "09", "10", "11", "16", "20", "21", "22"})
_PAGES = {
    ReasonKind.CONCERN: "holding:concern",
    ReasonKind.REFERRAL: "referrals:detail",
    ReasonKind.CASE: "cases:detail",
    ReasonKind.CONSULTATION: "intake:detail",
    ReasonKind.CONSENT: "holding:consent",
    ReasonKind.PROMISE: "holding:promise",
    ReasonKind.BREAK_GLASS: "holding:glass",
}
LOOKED_DAYS = 90


@dataclass(frozen=True)
class WhoRow:
    """An office that can see the person, and why. `page`/`reason_id`: where the reason stands, "" where there is no page."""

    office: str
    worker: str
    reason: str
    page: str
    reason_id: int
    ground: str
    article: str
    facets: tuple[str, ...]
    from_on: date
    until_on: date | None
    ended_at: datetime | None
    through: str


@dataclass(frozen=True)
class LookRow:
    """How often workers of an office opened the record lately."""

    office: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class DraftRow:
    """A line of the draft for the 開示 desk: an office, never a worker."""

    office: str
    reason: str
    article: str
    facets: tuple[str, ...]
    from_on: date
    until_on: date | None


def who_and_why(worker: Worker, party: Party) -> list[WhoRow]:
    """Every office that can or could see this person, living ones first. Ask through the person's open door."""
    cards = involvements_of(worker, party, ended=True)
    reasons = {
        pk: (kind, number)
        for pk, kind, number in Involvement.objects.filter(pk__in=[card.id for card in cards])
        .order_by("pk")
        .values_list("pk", "reason_kind", "reason_id")
    }
    known = {card.code: card for card in grounds()}
    rows = []
    for card in cards:
        kind, number = reasons[card.id]
        law = known.get(card.ground)
        article = " ".join(part for part in (law.law, law.article) if part) if law else ""
        rows.append(
            WhoRow(
                office=card.office,
                worker=card.worker,
                reason=card.reason,
                page=_PAGES.get(ReasonKind(kind), ""),
                reason_id=number,
                ground=f"{card.ground} {card.ground_name}",
                article=article,
                facets=card.facets,
                from_on=card.from_on,
                until_on=card.until_on,
                ended_at=card.ended_at,
                through=card.through,
            )
        )
    return sorted(rows, key=lambda row: row.ended_at is not None)


def looks_at(party: Party, *, at: datetime) -> list[LookRow]:
    """Who opened the record in the last ninety days, by office. Nothing for a protected person: an office tells a place."""
    if is_protected(party.pk):
        return []
    seen = looks(party.kind, [party.pk], from_at=at - timedelta(days=LOOKED_DAYS), until_at=at)
    offices = dict(
        Posting.objects.filter(worker_id__in=[row.worker_id for row in seen])
        .order_by("is_main", "id")
        .values_list("worker_id", "office_id")
    )
    names = {row.pk: row.label for row in Office.objects.filter(pk__in=offices.values())}
    counted: dict[str, tuple[int, datetime]] = {}
    for row in seen:
        office = names.get(offices.get(row.worker_id, 0), "所属のない職員")
        times, last = counted.get(office, (0, row.last))
        counted[office] = (times + row.times, max(last, row.last))
    return sorted(
        (LookRow(office, times, last) for office, (times, last) in counted.items()),
        key=lambda row: (-row.times, row.office),
    )


def disclosure_draft(party: Party) -> list[DraftRow]:
    """What the 開示 desk decides on: living and past sights without councils, reports, protection, courts; offices alone.

    Prepared here, decided there: nothing of it goes to anybody by itself.
    """
    rows = (
        Involvement.objects.filter(party_id=party.pk)
        .exclude(ground__in=LEFT_OUT)
        .exclude(reason_kind__in=[ReasonKind.MEETING, ReasonKind.ROLE])
        .select_related("office")
        .order_by("from_on", "office__code", "id")
    )
    known = {card.code: card for card in grounds()}
    guarded = is_protected(party.pk)
    lines: dict[tuple[str, str, str], DraftRow] = {}
    from tsunagi.people.rules import Facet

    for row in rows:
        law = known.get(row.ground)
        article = " ".join(part for part in (law.law, law.article) if part) if law else row.ground
        office = "市の機関" if guarded else row.office.label
        key = (office, row.reason_kind, row.ground)
        facets = tuple(Facet.label_of(facet) for facet in row.facets if facet != Facet.INFORMANT)
        over = row.ended_at.date() if row.ended_at else row.until_on
        if key not in lines:
            lines[key] = DraftRow(
                office, ReasonKind.label_of(row.reason_kind), article, facets, row.from_on, over
            )
    return list(lines.values())
