"""Who administers, and what waits for a second administrator's yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tsunagi.accounts.models import Posting, Proposal
from tsunagi.accounts.rules import Role
from tsunagi.accounts.rules.proposals import ProposalAnswer, ProposalKind


@dataclass(frozen=True)
class ProposalCard:
    """A proposal as administrators read it."""

    id: int
    kind: str
    worker_id: int
    worker: str
    what: str
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    since: date | None


def administrators() -> set[int]:
    """The active workers who administer the system now."""
    rows = Posting.objects.filter(
        role=Role.SYSTEM_ADMINISTRATOR, ended_at__isnull=True, worker__is_active=True, office__is_active=True
    )
    return set(rows.values_list("worker_id", flat=True))


def administrators_ever() -> int:
    """How many workers ever administered the system."""
    rows = Posting.objects.filter(role=Role.SYSTEM_ADMINISTRATOR)
    return rows.values("worker_id").distinct().count()


def waiting_count() -> int:
    """How many proposals wait for an answer."""
    return Proposal.objects.filter(answer="").count()


def proposal_cards(*, waiting: bool, worker_id: int | None = None, most: int = 50) -> list[ProposalCard]:
    """Proposals that wait (the oldest first), or were answered (the newest first), of everybody or one worker."""
    rows = Proposal.objects.select_related("worker", "office", "asked_by", "answered_by")
    rows = rows.filter(answer="") if waiting else rows.exclude(answer="")
    if worker_id is not None:
        rows = rows.filter(worker_id=worker_id)
    order = ("asked_at", "id") if waiting else ("-answered_at", "-id")
    return [_card(row) for row in rows.order_by(*order)[:most]]


def proposal_card(proposal: Proposal) -> ProposalCard:
    """One of them."""
    return _card(
        Proposal.objects.select_related("worker", "office", "asked_by", "answered_by").get(pk=proposal.pk)
    )


def _card(row: Proposal) -> ProposalCard:
    where = f"{row.office.label}({Role.label_of(row.role)})" if row.office else ""
    what = {
        ProposalKind.GIVE_ROLE: f"{where}の役割を渡す",
        ProposalKind.END_ROLE: f"{where}の役割を終える",
        ProposalKind.RESET_FACTOR: ProposalKind.RESET_FACTOR.label,
        ProposalKind.BIND_SIGN_ON: f"市の共通サインインの「{row.subject}」と結ぶ",
    }[ProposalKind(row.kind)]
    return ProposalCard(
        row.pk,
        row.kind,
        row.worker_id,
        row.worker.name,
        what,
        row.reason,
        row.asked_by_id,
        row.asked_by.name,
        row.asked_at,
        ProposalAnswer.label_of(row.answer) if row.answer else "",
        row.answered_by.name if row.answered_by else "",
        row.answered_at,
        row.since,
    )
