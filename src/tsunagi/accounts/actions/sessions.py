"""Where a worker is signed in: begun, seen, ended. A worker who is deactivated loses them all (a trigger sees to it)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from tsunagi.accounts.models import SignIn, Worker
from tsunagi.accounts.rules.second_factor import browser_kind
from tsunagi.journal.actions import record
from tsunagi.shared.refusal import Refused


def begin_session(worker: Worker, session_key: str, *, user_agent: str, proof: str, at: datetime) -> None:
    """The worker signed in here."""
    SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "worker": worker,
            "browser": browser_kind(user_agent),
            "proof": proof,
            "began_at": at,
            "last_seen_at": at,
        },
    )
    record(
        "worker.signed_in",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"proof": proof or "password"},
    )


def note_session(worker: Worker, session_key: str, *, user_agent: str, proof: str, at: datetime) -> None:
    """The session is in use; one that changed its key (a new password) is known under the new one."""
    if not SignIn.objects.filter(session_key=session_key).update(last_seen_at=at, proof=proof):
        SignIn.objects.get_or_create(
            session_key=session_key,
            defaults={
                "worker": worker,
                "browser": browser_kind(user_agent),
                "proof": proof,
                "began_at": at,
                "last_seen_at": at,
            },
        )


def end_session(sign_in: SignIn, *, by: Worker, at: datetime) -> None:
    """One session ends at once: whoever sits there is asked to sign in."""
    _end([sign_in.session_key])
    record(
        "worker.session_ended",
        subject_kind="worker",
        subject_id=sign_in.worker_id,
        by=by.pk,
        at=at,
        detail={"n": 1},
    )


def end_sessions(worker: Worker, *, by: int | None, at: datetime, besides: str | None = None) -> int:
    """Every session of the worker ends, but for the one they sit at (`besides`); how many."""
    keys = list(
        SignIn.objects.filter(worker=worker)
        .exclude(session_key=besides or "")
        .values_list("session_key", flat=True)
    )
    if keys:
        _end(keys)
        record(
            "worker.session_ended",
            subject_kind="worker",
            subject_id=worker.pk,
            by=by,
            at=at,
            detail={"n": len(keys)},
        )
    return len(keys)


def end_sessions_of(worker: Worker, *, by: Worker, at: datetime) -> int:
    """An administrator ends all of somebody's sessions (a lost tablet, a machine left open)."""
    if worker.pk == by.pk:
        raise Refused("自分の端末は、マイページの「サインインしている端末」から終えてください。")
    return end_sessions(worker, by=by.pk, at=at)


def forget_ended_sessions() -> None:
    """Forget sign-ins whose session is gone (signed out, timed out)."""
    SignIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
