"""Who answers for what this module agrees, and by which day: promises of holding, so that nothing here is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import coordination_office, main_office_id, managers_of, may_hold_in, office_ids
from tsunagi.holding.actions import keep_promise, pass_promise, promise, withdraw_promise
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def answerer_in(office_id: int, wanted: int | None = None, *, besides: Iterable[int] = ()) -> int:
    """Who may hold a promise in this office: the wanted worker, a manager, the duty worker; never one of `besides`."""
    duty = Office.objects.filter(pk=office_id).values_list("duty_worker_id", flat=True).first()
    apart = set(besides)
    for candidate in (wanted, *managers_of(office_id), duty):
        if candidate and candidate not in apart and may_hold_in(candidate, office_id):
            return candidate
    raise Refused("この機関には、いま約束を受けられる職員がいません。管理者に当番を決めてもらってください。")


def can_answer(office_id: int) -> bool:
    """Whether anybody in this office may hold a promise: an office of disclosure officers alone has nobody."""
    try:
        answerer_in(office_id)
    except Refused:
        return False
    return True


def answering_office(worker: Worker) -> int:
    """The office that answers for what this worker reports: their own, else くらし連携担当. Raises Refused without either."""
    own = home_of(worker)
    if can_answer(own):
        return own
    other = coordination_office()
    if other is None or not can_answer(other.pk):
        raise Refused(
            "届け出を受けられる機関がありません。システム管理者に、当番のいる機関を決めてもらってください。"
        )
    return other.pk


def home_of(worker: Worker) -> int:
    """The office of this worker."""
    office = main_office_id(worker)
    if office is None:
        raise Refused("いまの所属がありません。管理者に配属を登録してもらってください。")
    return office


def promised(
    subject: str,
    subject_id: int,
    what: str,
    due_on: date,
    *,
    office_id: int,
    worker_id: int,
    by: Worker,
    at: datetime,
) -> Promise:
    """Promise one step of a demand, an incident or a complaint. It says no name, and opens no record."""
    return promise(
        PromiseKind.OTHER, what, subject_kind=subject, subject_id=subject_id, office_id=office_id, worker_id=worker_id, due_on=due_on,
        by=by, at=at,
    )  # fmt: skip


def open_promise(subject: str, subject_id: int) -> Promise | None:
    """The open promise of a step."""
    return (
        Promise.objects.select_for_update()
        .filter(subject_kind=subject, subject_id=subject_id, is_open=True)
        .first()
    )


def kept(subject: str, subject_id: int, *, by: Worker, at: datetime) -> None:
    """The step was done."""
    found = open_promise(subject, subject_id)
    if found is not None:
        keep_promise(found, by=by, at=at)


def called_off(subject: str, subject_id: int, reason: str, *, by: Worker, at: datetime) -> None:
    """The step is not needed any more."""
    found = open_promise(subject, subject_id)
    if found is not None:
        withdraw_promise(found, by=by, at=at, reason=reason)


def moved(subject: str, subject_id: int, due_on: date, *, by: Worker, at: datetime) -> None:
    """The step has another day."""
    found = open_promise(subject, subject_id)
    if found is not None and found.due_on != due_on:
        pass_promise(found, worker_id=found.worker_id, due_on=due_on, by=by, at=at, reason="期限が変わった")


__all__ = ["answerer_in", "called_off", "home_of", "kept", "moved", "office_ids", "open_promise", "promised"]
