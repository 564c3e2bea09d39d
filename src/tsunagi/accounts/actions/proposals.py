"""Roles given and taken, a lost device, a name at the sign-on: one administrator proposes, another agrees (申し出).

Nothing is done when it is proposed; everything is checked again when it is agreed to. Where a city has one administrator
(`TSUNAGI_ONE_ADMINISTRATOR`), and while the first one founds the installation, the deed is done at once and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings

from tsunagi.accounts.events import ProposalAnswered, ProposalMade
from tsunagi.accounts.models import Office, Posting, Proposal, SecondFactor, SignOnName, Worker
from tsunagi.accounts.queries.proposals import administrators, administrators_ever
from tsunagi.accounts.rules import Role, check_posting
from tsunagi.accounts.rules.proposals import (
    ProposalAnswer,
    ProposalKind,
    acts_alone,
    check_answering,
    check_proposing,
    check_reason,
)
from tsunagi.accounts.rules.sign_on import check_subject
from tsunagi.journal.actions import record
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from . import end_posting, post
from .second_factor import reset_factors

ANSWERED = "この申し出には、もう返事が出ています。画面を開き直してください。"


# -- proposed ------------------------------------------------------------------------------------------------


def propose_role(
    worker: Worker,
    office: Office,
    role: str,
    *,
    since: date,
    reason: str,
    by: Worker,
    at: datetime,
    is_main: bool = True,
    is_secondment: bool = False,
    planned_until: date | None = None,
) -> Proposal:
    """Propose a role for a worker. Raises Refused for what could not be done even with a second yes."""
    check_posting(
        own=worker.pk == by.pk,
        worker_is_active=worker.is_active,
        office_is_active=office.is_active,
        signs_in=office.signs_in,
        since=since,
        planned_until=planned_until,
    )
    if Posting.objects.filter(worker=worker, office=office, role=role, ended_at__isnull=True).exists():
        raise Refused("この職員は、すでに同じ役割でこの機関にいます。", field="role")
    row = Proposal(
        kind=ProposalKind.GIVE_ROLE,
        worker=worker,
        office=office,
        role=Role(role),
        since=since,
        is_main=is_main,
        is_secondment=is_secondment,
        planned_until=planned_until,
    )
    return _propose(row, reason, by=by, at=at)


def propose_ending(posting: Posting, *, reason: str, by: Worker, at: datetime) -> Proposal:
    """Propose to end a role. What the worker still holds there is handed on first (H2), by holding's own deed."""
    if posting.ended_at is not None:
        raise Refused("この配属は、もう終わっています。")
    row = Proposal(
        kind=ProposalKind.END_ROLE,
        worker=posting.worker,
        office=posting.office,
        posting=posting,
        role=posting.role,
    )
    return _propose(row, reason, by=by, at=at)


def propose_reset(worker: Worker, *, reason: str, by: Worker, at: datetime) -> Proposal:
    """Propose that a worker whose device is lost may register a second factor anew."""
    if not SecondFactor.objects.filter(worker=worker, confirmed_at__isnull=False).exists():
        raise Refused(
            "この職員は、二つ目の確認をまだ登録していません。次のサインインのときに登録してもらってください。"
        )
    return _propose(Proposal(kind=ProposalKind.RESET_FACTOR, worker=worker), reason, by=by, at=at)


def propose_sign_on(worker: Worker, subject: str, *, reason: str, by: Worker, at: datetime) -> Proposal:
    """Propose to bind a worker to a name at the city's sign-on: whoever holds that name comes in as this worker."""
    if not settings.SIGN_ON["issuer"]:
        raise Refused("市の共通サインインは、この市では使っていません。")
    row = Proposal(kind=ProposalKind.BIND_SIGN_ON, worker=worker, subject=check_subject(subject))
    _check_unbound(row)
    return _propose(row, reason, by=by, at=at)


def _propose(row: Proposal, reason: str, *, by: Worker, at: datetime) -> Proposal:
    check_proposing(by=by.pk, worker=row.worker_id, worker_is_active=row.worker.is_active)
    refuse_my_number(reason, "わけ", "reason")
    row.reason = check_reason(reason)
    row.asked_by, row.asked_at = by, at
    same = Proposal.objects.filter(
        worker=row.worker, kind=row.kind, office=row.office, role=row.role, answer=""
    )
    if same.exists():
        raise Refused("同じ申し出が、もう返事を待っています。「申し出」の画面で確かめてください。")
    row.save()
    _record("proposal.made", row, by=by, at=at)
    there = administrators()
    if acts_alone(
        one_is_enough=settings.ONE_ADMINISTRATOR,
        administrators=there,
        by=by.pk,
        ever=administrators_ever(),
    ):
        return _settle(row, ProposalAnswer.ALONE, by=by, at=at)
    ask = tuple(sorted(there - {by.pk, row.worker_id}))
    announce(ProposalMade(proposal_id=row.pk, kind=row.kind, ask=ask, at=at))
    return row


# -- answered ------------------------------------------------------------------------------------------------


def agree(proposal: Proposal, *, by: Worker, at: datetime) -> Proposal:
    """A second administrator says yes: it is done now, or Refused with what stands in the way now."""
    row = _open(proposal)
    check_answering(by=by.pk, asked_by=row.asked_by_id, worker=row.worker_id, kind=row.kind)
    return _settle(row, ProposalAnswer.AGREED, by=by, at=at)


def decline(proposal: Proposal, *, by: Worker, at: datetime) -> Proposal:
    """A second administrator says no."""
    row = _open(proposal)
    if by.pk == row.asked_by_id:
        raise Refused("自分の申し出は、「取り下げる」で終えてください。")
    return _answer(row, ProposalAnswer.DECLINED, by=by, at=at)


def withdraw(proposal: Proposal, *, by: Worker, at: datetime) -> Proposal:
    """Who proposed it takes it back."""
    row = _open(proposal)
    if by.pk != row.asked_by_id:
        raise Refused("取り下げられるのは、申し出た本人だけです。「認めない」で返してください。")
    return _answer(row, ProposalAnswer.WITHDRAWN, by=by, at=at)


def _open(proposal: Proposal) -> Proposal:
    row = Proposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)
    if row.answer:
        raise Refused(ANSWERED)
    return row


def _settle(row: Proposal, answer: ProposalAnswer, *, by: Worker, at: datetime) -> Proposal:
    _DEEDS[ProposalKind(row.kind)](row, by, at)
    return _answer(row, answer, by=by, at=at)


def _answer(row: Proposal, answer: ProposalAnswer, *, by: Worker, at: datetime) -> Proposal:
    row.answer, row.answered_by, row.answered_at = answer, by, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    _record(f"proposal.{answer}", row, by=by, at=at)
    announce(
        ProposalAnswered(
            proposal_id=row.pk,
            kind=row.kind,
            answer=str(answer),
            asked_by=row.asked_by_id,
            answered_by=by.pk,
            worker_id=row.worker_id,
            at=at,
        )
    )
    return row


def _record(action: str, row: Proposal, *, by: Worker, at: datetime) -> None:
    record(
        action,
        subject_kind="proposal",
        subject_id=row.pk,
        by=by.pk,
        at=at,
        detail={"kind": row.kind, "worker": row.worker_id, "office": row.office_id, "role": row.role},
    )


# -- done ----------------------------------------------------------------------------------------------------


def _give_role(row: Proposal, by: Worker, at: datetime) -> None:
    assert row.office is not None
    assert row.since is not None
    post(
        row.worker,
        row.office,
        row.role,
        since=row.since,
        by=row.asked_by,
        at=at,
        is_main=row.is_main,
        is_secondment=row.is_secondment,
        planned_until=row.planned_until,
    )


def _end_role(row: Proposal, by: Worker, at: datetime) -> None:
    assert row.posting is not None
    end_posting(row.posting, by=row.asked_by, at=at)


def _reset(row: Proposal, by: Worker, at: datetime) -> None:
    reset_factors(row.worker, by=by.pk, at=at)


def _bind(row: Proposal, by: Worker, at: datetime) -> None:
    _check_unbound(row)
    SignOnName.objects.filter(worker=row.worker).delete()
    SignOnName.objects.create(
        worker=row.worker, issuer=settings.SIGN_ON["issuer"], subject=row.subject, bound_at=at, bound_by=by
    )
    record("worker.sign_on_bound", subject_kind="worker", subject_id=row.worker_id, by=by.pk, at=at)


def _check_unbound(row: Proposal) -> None:
    others = SignOnName.objects.filter(issuer=settings.SIGN_ON["issuer"], subject=row.subject)
    if others.exclude(worker_id=row.worker_id).exists():
        raise Refused(
            "この共通サインインの名前は、別の職員と結ばれています。先にそちらを確かめてください。",
            field="subject",
        )


_DEEDS: dict[ProposalKind, Callable[[Proposal, Worker, datetime], None]] = {
    ProposalKind.GIVE_ROLE: _give_role,
    ProposalKind.END_ROLE: _end_role,
    ProposalKind.RESET_FACTOR: _reset,
    ProposalKind.BIND_SIGN_ON: _bind,
}


def check_opening(duty_worker_id: int | None, *, by: Worker) -> None:
    """Opening an office posts its duty worker there as a manager: no way to give that role with one yes alone.

    Refuses a duty worker who is nowhere a manager, unless one administrator is enough just now.
    """
    alone = acts_alone(
        one_is_enough=settings.ONE_ADMINISTRATOR,
        administrators=administrators(),
        by=by.pk,
        ever=administrators_ever(),
    )
    if duty_worker_id is None or alone:
        return
    manages = Posting.objects.filter(worker_id=duty_worker_id, role=Role.MANAGER, ended_at__isnull=True)
    if not manages.exists():
        raise Refused(
            "機関を開くと当番は管理職になります。先に「配属する」から管理職の役割を申し出るか、管理職にある職員を当番にしてください。",
            field="duty_worker",
        )
