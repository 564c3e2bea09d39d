"""What proves a worker, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session

from tsunagi.accounts.models import SecondFactor, SignIn, SignOnName, SpareCode, Worker
from tsunagi.accounts.rules.second_factor import FactorKind, Proof


@dataclass(frozen=True)
class FactorCard:
    """A second factor as its owner sees it; never its secret."""

    id: int
    kind: str
    kind_label: str
    name: str
    since: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class SessionCard:
    """A session as its owner recognises it."""

    id: int
    browser: str
    proof: str
    began_at: datetime
    last_seen_at: datetime
    is_here: bool


def factors_of(worker_id: int) -> list[FactorCard]:
    """The worker's second factors, the app first."""
    rows = SecondFactor.objects.filter(worker_id=worker_id, confirmed_at__isnull=False).order_by("kind", "id")
    return [
        FactorCard(
            row.pk, row.kind, FactorKind.label_of(row.kind), row.name, row.confirmed_at, row.last_used_at
        )
        for row in rows
        if row.confirmed_at is not None
    ]


def has_factor(worker: Worker) -> bool:
    """Whether anything besides the password proves this worker."""
    return SecondFactor.objects.filter(worker_id=worker.pk, confirmed_at__isnull=False).exists()


def has_key(worker: Worker) -> bool:
    """Whether a passkey or security key proves this worker."""
    return SecondFactor.objects.filter(worker_id=worker.pk, kind=FactorKind.KEY).exists()


def has_app(worker: Worker) -> bool:
    """Whether an app proves this worker."""
    return SecondFactor.objects.filter(
        worker_id=worker.pk, kind=FactorKind.APP, confirmed_at__isnull=False
    ).exists()


def spare_codes_left(worker_id: int) -> int:
    """How many spare codes were not used yet."""
    return SpareCode.objects.filter(worker_id=worker_id, used_at__isnull=True).count()


def sessions_of(worker_id: int, *, at: datetime, here: str | None = None) -> list[SessionCard]:
    """Where the worker is signed in now, the last used first; `here` is the session that asks."""
    living = Session.objects.filter(expire_date__gt=at).values("session_key")
    rows = SignIn.objects.filter(worker_id=worker_id, session_key__in=living).order_by("-last_seen_at", "-id")
    return [
        SessionCard(
            row.pk,
            row.browser,
            Proof.label_of(row.proof),
            row.began_at,
            row.last_seen_at,
            row.session_key == here,
        )
        for row in rows
    ]


def sign_on_name_of(worker_id: int) -> str:
    """The worker's name at the city's sign-on, or nothing."""
    return SignOnName.objects.filter(worker_id=worker_id).values_list("subject", flat=True).first() or ""
