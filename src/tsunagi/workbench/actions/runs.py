"""Long runs: asked for on a page, carried out by a job, seen and stopped while they run.

The state of a run is written on a second connection, so that it is seen while the deed's own transaction is still open
and stays true when that transaction is undone. Only the end of a run that succeeded is written with the deed itself:
either both are stored or neither.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor

from tsunagi.journal.actions import record
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.models import LongRun
from tsunagi.workbench.rules import KEPT_FOR, RunState

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

BROKEN = "途中で止まりました。何も保存していません。もう一度お試しください。続くときはシステム管理者に伝えてください。"
STOPPED = "中止しました。何も保存していません。"
_PIECE = 4_000_000
_OFTEN = 0.5  # seconds between two reports: more would only cost


class Cancelled(Exception):
    """Whoever asked for the run wants it stopped; nothing of it is kept."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: a sentence, figures for a page, perhaps a file."""

    sentence: str
    result: dict[str, Any] = field(default_factory=dict)
    file_name: str = ""
    file: bytes | IO[bytes] | None = None
    """The file, or an open one to be read from its beginning: it is stored piece by piece and closed."""


Report = Callable[[int, int, str], None]
"""`report(done, total, sentence)`: raises Cancelled when somebody asked to stop. Cheap: call it for every row."""


def start_run(kind: str, title: str, *, worker: Worker | None, at: datetime, total: int = 0) -> LongRun:
    """Write down that work is asked for. Enqueue the job in the same transaction, with the run's number."""
    run = LongRun.objects.create(kind=kind, title=title[:120], worker=worker, asked_at=at, total=total)
    record(
        "run.asked",
        subject_kind="run",
        subject_id=run.pk,
        by=worker.pk if worker else None,
        at=at,
        detail={"kind": kind},
    )
    return run


def begin(run_id: int, at: datetime) -> bool:
    """Take a run up, also again after a killed worker; False when it has ended or is to be stopped."""
    return bool(
        _apart(
            "UPDATE workbench_longrun SET state = 'running', started_at = %s, done = 0"
            " WHERE id = %s AND state IN ('waiting', 'running') AND cancel_asked_at IS NULL RETURNING id",
            [at, run_id],
        )
    )


def report_progress(run_id: int, done: int, total: int, sentence: str = "") -> None:
    """Say how far a run is. Seen at once, whatever becomes of the deed. Raises Cancelled when it is to stop."""
    found = _apart(
        "UPDATE workbench_longrun SET done = %s, total = %s, sentence = %s WHERE id = %s AND state = 'running'"
        " RETURNING cancel_asked_at",
        [done, total, sentence[:300], run_id],
    )
    if found and found[0] is not None:
        raise Cancelled


def ask_cancel(run: LongRun, *, by: Worker, at: datetime) -> None:
    """Ask a run to stop; one that still waits is ended at once. Raises Refused when it has ended already."""
    locked = LongRun.objects.select_for_update().get(pk=run.pk)
    if locked.state in RunState.ended():
        raise Refused("この作業は、もう終わっています。")
    locked.cancel_asked_at = at
    if locked.state == RunState.WAITING:
        locked.state, locked.ended_at, locked.sentence = RunState.CANCELLED, at, STOPPED
    locked.save(update_fields=["cancel_asked_at", "state", "ended_at", "sentence"])
    record("run.cancel_asked", subject_kind="run", subject_id=run.pk, by=by.pk, at=at)


def finish(run_id: int, outcome: Outcome, at: datetime) -> None:
    """The run has done its work: written in the deed's transaction, so that both are true or neither."""
    run = LongRun.objects.select_for_update().get(pk=run_id)
    run.state, run.ended_at, run.sentence = RunState.DONE, at, outcome.sentence[:300]
    run.done, run.result, run.file_name = run.total, outcome.result, outcome.file_name[:200]
    run.save(update_fields=["state", "ended_at", "sentence", "done", "result", "file_name"])
    if outcome.file is not None:
        _keep_file(run_id, outcome.file)
    record("run.done", subject_kind="run", subject_id=run_id, by=run.worker_id, at=at, channel="task")


def _keep_file(run_id: int, file: bytes | IO[bytes]) -> None:
    """Store a file a few megabytes at a time: as one parameter it would stand in memory four times over."""
    connection.ensure_connection()
    raw: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    with (
        io.BytesIO(file) if isinstance(file, bytes) else file as source,
        connection.make_cursor(raw) as cursor,
    ):
        source.seek(0)
        whole, piece = "%b", source.read(_PIECE)
        while piece or whole == "%b":
            cursor.execute(f"UPDATE workbench_longrun SET file = {whole} WHERE id = %s", [piece, run_id])
            whole, piece = "file || %b", source.read(_PIECE)


def fail(run_id: int, sentence: str, at: datetime) -> None:
    """The run could not do its work, and nothing of it was kept."""
    _end(run_id, RunState.FAILED, sentence, at)


def cancelled(run_id: int, at: datetime) -> None:
    """The run was stopped, and nothing of it was kept."""
    _end(run_id, RunState.CANCELLED, STOPPED, at)


def carry_out(run_id: int, deed: Callable[[Report], Outcome], now: Callable[[], datetime]) -> None:
    """Do the work of a run in one transaction and write down how it ended. For `tasks`: call it outside a transaction.

    `deed(report)` does the work and returns its Outcome; what it refuses is the run's sentence, what breaks it is told
    without details and raised again. A run that has ended (a job that came twice) is left alone. `now` is the clock.
    """
    if not begin(run_id, now()):
        _end(run_id, RunState.CANCELLED, STOPPED, now(), only_asked=True)
        return
    try:
        with transaction.atomic():
            outcome = deed(_reporter(run_id))
            connection.check_constraints()
            finish(run_id, outcome, now())
    except Cancelled:
        cancelled(run_id, now())
    except Refused as refusal:
        fail(run_id, str(refusal), now())
    except BaseException:
        fail(run_id, BROKEN, now())
        raise


def forget_files(at: datetime) -> int:
    """Empty the files of runs that ended 30 days ago: a copy of people's data is not kept for nothing."""
    return LongRun.objects.filter(ended_at__lt=at - KEPT_FOR, file__isnull=False).update(file=None)


def _reporter(run_id: int) -> Report:
    said_at = 0.0

    def report(done: int, total: int, sentence: str = "") -> None:
        nonlocal said_at
        moment = time.monotonic()
        if done >= total or moment - said_at >= _OFTEN:
            said_at = moment
            report_progress(run_id, done, total, sentence)

    return report


def _end(run_id: int, state: RunState, sentence: str, at: datetime, *, only_asked: bool = False) -> None:
    _apart(
        "UPDATE workbench_longrun SET state = %s, ended_at = %s, sentence = %s"
        " WHERE id = %s AND ended_at IS NULL AND (NOT %s OR cancel_asked_at IS NOT NULL) RETURNING id",
        [str(state), at, sentence[:300], run_id, only_asked],
    )


def _apart(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    """Run one statement on a connection of its own, committed at once.

    A run that is not visible there was started in the transaction we are in (the command line, a test): then here.
    """
    with _second_connection() as second, second.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    if found is None and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchone()
    return found


@contextlib.contextmanager
def _second_connection() -> Iterator[Any]:
    second = connection.copy()
    try:
        yield second
    finally:
        second.close()
