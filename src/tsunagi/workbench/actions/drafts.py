"""Drafts: nothing typed is lost, and a form that is sent twice is done once."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from tsunagi.shared.edges import Elsewhere
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.models import Draft
from tsunagi.workbench.rules import KEPT_FOR, body_of, is_here

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

Number = uuid.UUID | str | None


class AlreadyDone(Elsewhere):
    """This form was sent before; `result_link` (also `link`) is what came of it.

    Whether a view catches it and redirects or lets it pass, nothing of the second transaction is kept.
    """

    @property
    def result_link(self) -> str:
        """Where the first result is."""
        return self.link


class Overtaken(Refused):
    """A later version of this draft is stored already (another tab), and it says something else."""


def new_draft_id() -> uuid.UUID:
    """A number for a form that is opened; the draft itself exists from its first letter on."""
    return uuid.uuid4()


_KEEP = """
INSERT INTO workbench_draft AS known
    (id, worker_id, kind, subject, title, link, body, seq, created_at, touched_at, result_link)
VALUES (%(id)s, %(worker)s, %(kind)s, %(subject)s, %(title)s, %(link)s, %(body)s::jsonb, %(seq)s, %(at)s, %(at)s, '')
ON CONFLICT (id) DO UPDATE
   SET kind = excluded.kind, subject = excluded.subject, title = excluded.title, link = excluded.link,
       body = excluded.body, touched_at = excluded.touched_at,
       seq = CASE WHEN %(next)s THEN known.seq + 1 ELSE excluded.seq END
 WHERE known.worker_id = excluded.worker_id AND known.consumed_at IS NULL AND (%(next)s OR known.seq < excluded.seq)
RETURNING known.id
"""


def keep(
    worker: Worker,
    draft_id: Number,
    kind: str,
    subject: str,
    title: str,
    link: str,
    body: Mapping[str, Sequence[str]],
    seq: int | None,
    at: datetime,
) -> Draft:
    """Store what a form says now, unless a later version is stored already.

    `seq` counts the versions of one open form; None (a form without JavaScript) is always the next one. `body` is field name → values as sent; secrets and 個人番号 are not kept. Raises Overtaken for an older version that
    says something else, AlreadyDone when the form was sent meanwhile, Refused for somebody else's number or a body
    that is too long. The same version sent twice is stored once.
    """
    number = _number(draft_id)
    if number is None:
        raise Refused("下書きの番号が読み取れません。画面を開き直してください。")
    kept = body_of(body)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "id": number,
                "worker": worker.pk,
                "kind": kind[:60],
                "subject": subject[:60],
                "title": title[:80],
                "link": link if is_here(link) else "",
                "body": json.dumps(kept),
                "seq": seq or 0,
                "next": seq is None,
                "at": at,
            },
        )
        stored = cursor.fetchone() is not None
    draft = Draft.objects.filter(pk=number, worker=worker).first()
    if draft is None:
        raise Refused("この下書きは、ほかの職員のものです。画面を開き直してください。")
    if draft.consumed_at is not None:
        raise AlreadyDone(draft.result_link)
    if not stored and draft.body != kept:
        raise Overtaken("ほかの画面で、この下書きの続きが書かれています。")
    return draft


def begin_draft(
    worker: Worker, draft_id: Number, kind: str, subject: str, title: str, link: str, at: datetime
) -> None:
    """Make sure the draft exists, without a letter in it, when files are brought to it before anything is typed."""
    number = _number(draft_id)
    if (
        number is not None
        and is_here(link)
        and not Draft.objects.filter(pk=number).exclude(worker=worker).exists()
    ):
        # What is typed may be stored at the same moment, while the first file is on its way: then the draft is there.
        with contextlib.suppress(Overtaken):
            keep(worker, number, kind, subject, title, link, {}, 0, at)


def claim(worker: Worker, draft_id: Number) -> None:
    """Before a deed that would be refused the second time: wait for a twin that is being done, and stop if it was.

    Raises AlreadyDone. Holds the number until the transaction ends. Nothing happens for a form without a number.
    """
    number = _number(draft_id)
    if number is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('draft:' || %s::text, 0))", [str(number)]
        )
    done = Draft.objects.filter(pk=number, worker=worker, consumed_at__isnull=False).values_list(
        "result_link", flat=True
    )
    for link in done:
        raise AlreadyDone(link)


_CONSUME = """
INSERT INTO workbench_draft AS known
    (id, worker_id, kind, subject, title, link, body, seq, created_at, touched_at, consumed_at, result_link)
VALUES (%(id)s, %(worker)s, '', '', '', '', '{}', 0, %(at)s, %(at)s, %(at)s, %(result)s)
ON CONFLICT (id) DO UPDATE
   SET consumed_at = excluded.consumed_at, touched_at = excluded.touched_at, result_link = excluded.result_link, body = '{}'
 WHERE known.worker_id = excluded.worker_id AND known.consumed_at IS NULL
RETURNING known.id
"""


def consume(worker: Worker, draft_id: Number, result_link: str, at: datetime) -> None:
    """Finish a draft in its deed's transaction: what was typed is in the deed now, only where to find it is kept.

    Raises AlreadyDone when a twin of this form was done already: the deed of this transaction is undone with it. Of two
    at once the second waits for the first. A form without a number (typed by hand, a test) is simply done.
    """
    number = _number(draft_id)
    if number is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CONSUME, {"id": number, "worker": worker.pk, "at": at, "result": result_link[:200]})
        if cursor.fetchone() is not None:
            return
    first = Draft.objects.filter(pk=number, worker=worker).values_list("result_link", flat=True).first()
    if first is None:
        raise Refused("この画面は、ほかの職員が開いたものです。開き直してください。")
    # The view may catch this and redirect, which looks like success to the edge.
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    raise AlreadyDone(first)


def discard(draft: Draft) -> None:
    """Throw a draft away at its writer's wish, with the files that were brought to it."""
    from .attachments import forget_draft

    forget_draft(draft.worker_id, draft.pk)
    draft.delete()


def purge(at: datetime) -> int:
    """Delete drafts that nobody touched for 30 days; how many."""
    return Draft.objects.filter(touched_at__lt=at - KEPT_FOR).delete()[0]


def _number(draft_id: Number) -> uuid.UUID | None:
    if isinstance(draft_id, uuid.UUID):
        return draft_id
    try:
        return uuid.UUID(draft_id) if draft_id else None
    except ValueError:
        return None
