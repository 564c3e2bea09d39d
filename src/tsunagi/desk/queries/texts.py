"""Texts as the index of words reads them, and hits as a page shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tsunagi.accounts.models import Office
from tsunagi.cases.access import visible_to as visible_cases
from tsunagi.cases.models import Note
from tsunagi.holding.models import Concern, Contact, ContactOn
from tsunagi.intake.access import visible_to as visible_consultations
from tsunagi.intake.models import Consultation
from tsunagi.people.access import closed_to, seen_among, visible_parties
from tsunagi.people.queries import party_names
from tsunagi.people.rules import Facet
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals.models import Referral
from tsunagi.referrals.queries import inbox, outbox
from tsunagi.search.queries import Found, Hit
from tsunagi.search.rules import Key, Piece, Question, Text, TextKind, excerpt, joined
from tsunagi.shared.edges import leave_trail

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class FoundText:
    """A text that holds the words: what kind, whose, when, by which office, and the place in it."""

    kind: str
    whose: str
    at: datetime
    office: str
    pieces: tuple[Piece, ...]
    url: str


# -- for the index ------------------------------------------------------------------------------------------------------


def texts_of(kind: TextKind, ids: Iterable[int]) -> list[Text]:
    """These texts as the index takes them; one that is there no more is left out."""
    return _READ[kind](list(ids))


def all_ids(kind: TextKind) -> Iterable[int]:
    """Every text of this kind, newest first, for an index made anew."""
    return _MODELS[kind].objects.order_by("-pk").values_list("pk", flat=True).iterator()


def _consultations(ids: list[int]) -> list[Text]:
    return [
        Text(
            TextKind.CONSULTATION, row.pk, joined(row.words, row.wishes, row.outcome_words), row.came_at,
            parties=(row.party_id,) if row.party_id else (), office_id=row.office_id,
            offices=(Key.DESK.of(row.office_id),),
        )
        for row in Consultation.objects.filter(pk__in=ids).order_by("pk")
    ]  # fmt: skip


def _notes(ids: list[int]) -> list[Text]:
    return [
        Text(
            TextKind.NOTE,
            row.pk,
            _note_words(row),
            row.happened_at,
            parties=(row.case.party_id,),
            office_id=row.office_id,
        )
        for row in Note.objects.filter(pk__in=ids).select_related("case").order_by("pk")
    ]


def _contacts(ids: list[int]) -> list[Text]:
    parties: defaultdict[int, list[int]] = defaultdict(list)
    for contact, party in (
        ContactOn.objects.filter(contact_id__in=ids)
        .order_by("id")
        .values_list("contact_id", "concern__party_id")
    ):
        parties[contact].append(party)
    return [
        Text(
            TextKind.CONTACT, row.pk, joined(row.words, row.with_whom), row.at, parties=tuple(parties[row.pk]),
            office_id=row.office_id,
        )
        for row in Contact.objects.filter(pk__in=ids).order_by("pk")
        if parties[row.pk]
    ]  # fmt: skip


def _concerns(ids: list[int]) -> list[Text]:
    return [
        Text(
            TextKind.CONCERN,
            row.pk,
            joined(row.description, row.around),
            row.opened_at,
            parties=(row.party_id,),
        )
        for row in Concern.objects.filter(pk__in=ids).order_by("pk")
    ]


def _referrals(ids: list[int]) -> list[Text]:
    return [
        Text(
            TextKind.REFERRAL, row.pk, _sheet_words(row), row.sent_at, parties=(row.party_id,), office_id=row.from_office_id,
            offices=(Key.END.of(row.from_office_id), Key.END.of(row.to_office_id)),
        )
        for row in Referral.objects.filter(pk__in=ids).order_by("pk")
    ]  # fmt: skip


def _sheet_words(row: Referral) -> str:
    return joined(row.reason, row.wishes, row.household_words)


def _note_words(row: Note) -> str:
    return joined(row.facts, row.judgement, row.policy, row.next_step, row.partner, row.place)


_MODELS: dict[TextKind, Any] = {
    TextKind.CONSULTATION: Consultation,
    TextKind.NOTE: Note,
    TextKind.CONTACT: Contact,
    TextKind.CONCERN: Concern,
    TextKind.REFERRAL: Referral,
}
_READ = {
    TextKind.CONSULTATION: _consultations,
    TextKind.NOTE: _notes,
    TextKind.CONTACT: _contacts,
    TextKind.CONCERN: _concerns,
    TextKind.REFERRAL: _referrals,
}


# -- for the page --------------------------------------------------------------------------------------------------------


def shown_of(worker: Worker, found: Found, question: Question, *, on: date) -> list[FoundText]:
    """What a page shows of the hits. Each record is asked for once more as its own page would: an index row that
    outlived a change of sight shows nothing. Leaves one trail with the numbers shown."""
    by_kind: defaultdict[TextKind, list[Hit]] = defaultdict(list)
    for hit in found.hits:
        by_kind[hit.kind].append(hit)
    ready: dict[tuple[TextKind, int], tuple[str, int | None, int | None, str]] = {}
    for kind, hits in by_kind.items():
        for pk, row in _SHOW[kind](worker, [hit.source_id for hit in hits], on).items():
            ready[kind, pk] = row
    parties = {party for _words, party, _office, _url in ready.values() if party is not None}
    names = party_names(worker, seen_among(worker, parties))
    wrote = {office for _words, _party, office, _url in ready.values() if office is not None}
    offices = {office.pk: office.label for office in Office.objects.filter(pk__in=wrote).order_by("pk")}
    shown = []
    for hit in found.hits:
        if (hit.kind, hit.source_id) not in ready:
            continue
        words, party, office, url = ready[hit.kind, hit.source_id]
        shown.append(
            FoundText(
                hit.kind.label,
                names.get(party or 0, ""),
                hit.at,
                offices.get(office or 0, ""),
                excerpt(words, question),
                url,
            )
        )
    leave_trail(
        "records.searched", subject_kind="search", subject_id=None, purpose=Purpose.READ_PERSON,
        detail={"shown": [f"{kind.value}:{pk}" for kind, pk in ready]},
    )  # fmt: skip
    return shown


Shown = dict[int, tuple[str, int | None, int | None, str]]
"""Number of the text → its words, whose it is, which office wrote it, where it opens."""


def _show_consultations(worker: Worker, ids: list[int], on: date) -> Shown:
    return {
        row.pk: (
            joined(row.words, row.wishes, row.outcome_words), row.party_id, row.office_id,
            reverse("intake:detail", args=[row.pk]),
        )
        for row in visible_consultations(worker).filter(pk__in=ids).order_by("pk")
    }  # fmt: skip


def _show_notes(worker: Worker, ids: list[int], on: date) -> Shown:
    rows = (
        Note.objects.filter(pk__in=ids, case__in=visible_cases(worker)).select_related("case").order_by("pk")
    )
    return {
        row.pk: (
            _note_words(row),
            row.case.party_id,
            row.office_id,
            reverse("cases:detail", args=[row.case_id]),
        )
        for row in rows
    }


def _show_contacts(worker: Worker, ids: list[int], on: date) -> Shown:
    seen = visible_parties(worker, Purpose.READ_CASE, on=on, facet=Facet.PROGRESS)
    rows = (
        ContactOn.objects.filter(contact_id__in=ids, concern__party_id__in=seen)
        .select_related("contact", "concern")
        .order_by("-id")
    )
    return {
        row.contact_id: (
            joined(row.contact.words, row.contact.with_whom), row.concern.party_id, row.contact.office_id,
            reverse("holding:concern", args=[row.concern_id]),
        )
        for row in rows
    }  # fmt: skip


def _show_concerns(worker: Worker, ids: list[int], on: date) -> Shown:
    seen = visible_parties(worker, Purpose.READ_CASE, on=on, facet=Facet.PROGRESS)
    return {
        row.pk: (
            joined(row.description, row.around),
            row.party_id,
            None,
            reverse("holding:concern", args=[row.pk]),
        )
        for row in Concern.objects.filter(pk__in=ids, party_id__in=seen).order_by("pk")
    }


def _show_referrals(worker: Worker, ids: list[int], on: date) -> Shown:
    rows = {
        row.pk: row
        for box in (inbox(worker), outbox(worker))
        for row in box.filter(pk__in=ids).exclude(party_id__in=closed_to(worker)).order_by("pk")
    }
    return {
        pk: (_sheet_words(row), row.party_id, row.from_office_id, reverse("referrals:detail", args=[pk]))
        for pk, row in rows.items()
    }


_SHOW = {
    TextKind.CONSULTATION: _show_consultations,
    TextKind.NOTE: _show_notes,
    TextKind.CONTACT: _show_contacts,
    TextKind.CONCERN: _show_concerns,
    TextKind.REFERRAL: _show_referrals,
}
