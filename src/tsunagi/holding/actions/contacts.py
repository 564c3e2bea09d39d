"""One contact is recorded once, for every concern it served; each row's day moves as the contact table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import main_office_id, office_ids
from tsunagi.holding.events import PersonMet
from tsunagi.holding.models import Concern, Contact, ContactOn, Hold
from tsunagi.holding.rules import CONTACTS, ContactKind, Decision, DeedWish, Urgency
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .deeds import perform

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Served:
    """One concern a contact served: the next day (None = the standard one) and the urgency judged anew."""

    concern_id: int
    due_on: date | None = None
    urgency: str = ""


@dataclass(frozen=True)
class Recorded:
    """A stored contact and what it led to, per concern, in the order given."""

    contact: Contact
    decisions: tuple[Decision, ...]

    @property
    def hints(self) -> tuple[str, ...]:
        """Sentences to show although nothing was refused (this contact moved no day …), each once."""
        return tuple(dict.fromkeys(decision.hint for decision in self.decisions if decision.hint))


def record_contact(
    kind: str,
    served: Sequence[Served],
    *,
    by: Worker,
    at: datetime,
    happened_at: datetime | None = None,
    means: str = "",
    with_whom: str = "",
    words: str = "",
) -> Recorded:
    """Record one contact for all the concerns it served. Raises Refused; then nothing is stored."""
    kind = ContactKind(kind)
    for text, label in ((words, "ようす"), (with_whom, "だれと")):
        refuse_my_number(text, label)
    happened = happened_at or at
    if happened > at:
        raise Refused(
            "まだ来ていない時刻です。会った日時を直してください。これからの予定は「次に動く日」に書きます。",
            field="at",
        )
    if not served:
        raise Refused("どの課題についての連絡かを、ひとつ以上選んでください。", field="concerns")
    if len({row.concern_id for row in served}) != len(served):
        raise Refused("同じ課題が二度選ばれています。画面を開き直してください。", field="concerns")
    # The order in which everybody locks.
    in_order = sorted(served, key=lambda row: row.concern_id)
    office_id = _office_of(by, in_order)
    contact = Contact.objects.create(
        kind=kind,
        at=happened,
        written_at=at,
        worker=by,
        office_id=office_id,
        means=means,
        with_whom=with_whom.strip()[:120],
        words=words.strip(),
    )
    decisions: dict[int, Decision] = {}
    for row in in_order:
        decision = perform(
            CONTACTS[kind].deed,
            row.concern_id,
            DeedWish(due_on=row.due_on, urgency=Urgency(row.urgency) if row.urgency else None, reason=""),
            by=by,
            at=at,
        )
        decisions[row.concern_id] = decision
        ContactOn.objects.create(
            contact=contact, concern_id=row.concern_id, kind=kind, at=happened, moved_due=decision.moved
        )
        if CONTACTS[kind].resets_last_seen:
            seen_on = day_of(happened)
            Concern.objects.filter(pk=row.concern_id, last_seen_on__isnull=True).update(last_seen_on=seen_on)
            Concern.objects.filter(pk=row.concern_id, last_seen_on__lt=seen_on).update(last_seen_on=seen_on)
    record(
        "contact.recorded",
        subject_kind="contact",
        subject_id=contact.pk,
        by=by.pk,
        at=at,
        detail={"kind": str(kind), "concerns": [row.concern_id for row in in_order]},
    )
    if kind is ContactKind.MET:
        announce(
            PersonMet(
                concern_ids=tuple(row.concern_id for row in in_order),
                worker_id=by.pk,
                met_at=happened,
                at=at,
            )
        )
    return Recorded(contact, tuple(decisions[row.concern_id] for row in served))


def _office_of(by: Worker, served: Sequence[Served]) -> int:
    held_in = (
        Hold.objects.filter(
            concern_id=served[0].concern_id, closed_at__isnull=True, office_id__in=office_ids(by)
        )
        .values_list("office_id", flat=True)
        .first()
    )
    office_id = held_in or main_office_id(by)
    if office_id is None:
        raise Refused("いまの所属がありません。管理者に配属を登録してもらってください。")
    return office_id
