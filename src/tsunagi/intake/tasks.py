"""Slow work of intake: a ledger is taken in by a job, or by the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tsunagi.accounts.queries import offices
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.actions import Outcome, Report, carry_out

from . import actions
from .queries.imports import asker_of, state_of
from .rules import ImportState


def import_file(path: str | Path, *, office: str | None, dry_run: bool, at: datetime) -> dict[str, Any]:
    """Take a ledger file in, all rows or none: what `tsunagi import-consultations` does.

    `office`: the code of the office that kept it; without one, the only front desk. Returns the figures, where
    rows == stored + known + rejected. Raises Refused.
    """
    return actions.import_ledger(Path(path), office_id=_office_id(office), dry_run=dry_run, by=None, at=at)


@job(tries=1)
def run_import(run_id: int, import_id: int) -> None:
    """Take an uploaded ledger in, under its long run; what stops or fails leaves the file as it was."""
    at = timezone.localtime()

    def deed(report: Report) -> Outcome:
        figures = actions.take_in(import_id, at=at, report=report)
        return Outcome(_sentence(figures), result={"link": f"/uketsuke/import/{import_id}/"})

    with opened_trail(asker_of(import_id), "task", at):
        try:
            carry_out(run_id, deed, now=timezone.localtime)
        finally:
            # In a transaction of its own: also after a roll-back the file can be tried again.
            if state_of(import_id) == ImportState.RUNNING:
                with transaction.atomic():
                    actions.give_back(import_id, at=timezone.localtime())


@job(tries=1)
def read_import(run_id: int, import_id: int) -> None:
    """Read a large ledger for its preview, under its long run."""
    at = timezone.localtime()

    def deed(_report: Report) -> Outcome:
        actions.look_from_afar(import_id, at=at)
        return Outcome(
            "台帳を読みました。まだ何も取り込んでいません。",
            result={"link": f"/uketsuke/import/{import_id}/"},
        )

    with opened_trail(asker_of(import_id), "task", at):
        carry_out(run_id, deed, now=timezone.localtime)


@job(every="50 16 * * *")  # the scheduler counts in UTC: ten to two at night in the city
def forget_files() -> None:
    """Files that nobody decided on for a day are forgotten."""
    with transaction.atomic():
        actions.forget_old_files(timezone.localtime())


def _sentence(figures: dict[str, Any]) -> str:
    parts = [f"{figures['stored']}件を取り込みました。"]
    if figures["known"]:
        parts.append(f"{figures['known']}件はすでにありました。")
    if figures["rejected"]:
        parts.append(f"{figures['rejected']}件は取り込めませんでした。")
    return "".join(parts)


def _office_id(code: str | None) -> int:
    known = offices(signing_in=True)
    if code:
        found = [one for one in known if one.code == code]
        if not found:
            raise Refused(
                f"機関コード「{code}」の機関が見つかりません。管理画面の機関の一覧でコードを確かめてください。"
            )
        return found[0].pk
    desks = [one for one in known if one.is_front_desk]
    if len(desks) != 1:
        said = "・".join(f"{one.code}({one.label})" for one in (desks or known)[:12])
        raise Refused(
            f"台帳をつけていた機関を --office で指定してください。{'選べるのは ' + said + ' です。' if said else '機関がまだ登録されていません。'}"
        )
    return desks[0].pk
