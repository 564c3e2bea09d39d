"""Who reacts to what: the one page to read. Read when everything is loaded (AppConfig.ready)."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from tsunagi.shared import edges, jobs

from . import errors
from .modules import having

REACTIONS: dict[str, list[str]] = {
    "accounts.ProposalMade": ["notices.ask_for_a_second_yes"],
    "accounts.ProposalAnswered": ["notices.tell_of_the_answer"],
    "cases.CaseClosed": ["plans.end_with_the_case"],
    "cases.CaseMoved": ["plans.go_with_the_file"],
    "holding.SecondWordGiven": ["intake.finish_what_two_agreed"],
    "holding.HoldPassed": ["referrals.withdraw_when_the_receiver_holds"],
    "holding.PersonMet": ["referrals.note_that_they_met"],
    "holding.HandingOverEnded": ["referrals.take_out_of_the_sheet"],
    "holding.ConcernClosed": [],
    "holding.OfficeClosed": ["meetings.leave_with_office"],
    "intake.ConsultationEnded": [],
    "people.LookedUp": ["sharing.keep_for_those_who_answer"],
    "people.MeasureMayConcern": ["holding.look_whether_it_is_theirs"],
    "people.OtherPartyKnown": ["holding.pass_on_what_is_closed", "diary.leave_what_is_closed"],
    "people.PartyJoined": ["sharing.hear_both_records"],
    "people.PersonProtected": ["holding.promise_to_decide"],
    "referrals.ReferralAnswered": [],
    "sharing.ConsentGiven": [],
    "sharing.ConsentWithdrawn": [
        "meetings.take_off_without_consent",
        "referrals.leave_what_consent_let",
        "holding.follow_the_withdrawal",
    ],
    "sharing.EnquirySent": ["holding.ask_those_who_hold"],
    "sharing.GlassBroken": ["holding.tell_of_glass"],
    "sharing.GlassOpenedByTwo": ["holding.tell_of_two"],
    "sharing.NumberAsked": [
        "holding.tell_of_number",
        "intake.tell_of_number",
        "cases.tell_of_number",
        "referrals.tell_of_number",
    ],
    "sharing.WordLeft": ["holding.pass_word_on"],
    "workbench.FileInfected": ["notices.tell_of_infected"],
}
"""Event → what is called, in this order, inside the deed's transaction. `module.EventClass: [module.function]`,
the event from the module's `events`, the function from the module's `reactions`."""


FILES_HANG_ON: dict[str, str] = {
    "consultation": "intake.consultation_with_files",
    "contact": "holding.contact_with_files",
    "consent": "holding.consent_with_files",
    "note": "cases.note_with_files",
    "referral": "referrals.sheet_with_files",
    "answer": "referrals.answer_with_files",
}
"""What attachments hang on → the door of that record: `kind: module.function`, the function from its `access`."""


def connect() -> None:
    """Register the trail's store, the refusal page, the reactions and the doors of attachments."""
    edges.store_with(_store_trail)
    edges.answer_with(errors.refusal)
    _tell_the_frame()
    _ask_of_powers()
    _hang_files()
    if REACTIONS:
        from tsunagi.shared import events

        events.wire(
            {
                _from("events", event): [partial(_react, reaction) for reaction in reactions]
                for event, reactions in REACTIONS.items()
            }
        )


def _tell_the_frame() -> None:
    """What every page's frame asks of the modules above `ui`: which entries, which office, how many notices."""
    from tsunagi.accounts.queries import posts_of
    from tsunagi.notices.queries import unread_count
    from tsunagi.permissions.queries import reach_of
    from tsunagi.permissions.rules import Purpose, Reach
    from tsunagi.sharing.access import may_see_ledger
    from tsunagi.ui import navigation

    opens = {
        "today": Purpose.TODAY,
        "intake": Purpose.CONSULT,
        "people": Purpose.READ_PERSON,
        "cases": Purpose.READ_CASE,
        "referrals": Purpose.REFER,
        "meetings": Purpose.ATTEND,
        "net": Purpose.NET,
        "lookup": Purpose.LOOK_UP,
    }
    navigation.wire(
        may_open={
            entry: partial(lambda purpose, worker: reach_of(worker, purpose) > Reach.NONE, purpose)
            for entry, purpose in opens.items()
        }
        | {"ledger": may_see_ledger},
        office_of=lambda worker: "・".join(dict.fromkeys(post.office for post in posts_of(worker))),
        notices_of=unread_count,
        lookup_url="people:search",
        lookup_live_url="people:lookup",
    )


def _ask_of_powers() -> None:
    """Whether a guardian's powers cover a consent: sharing asks, guardianship knows."""
    from tsunagi.guardianship.queries import consent_powers
    from tsunagi.sharing.queries.guardians import ask_of_powers

    ask_of_powers(consent_powers)


def _hang_files() -> None:
    """Say whose doors the attachments pass."""
    from tsunagi.workbench.access import hang_on

    hang_on({kind: partial(_open, door) for kind, door in FILES_HANG_ON.items()})


def _open(door: str, worker: Any, subject_id: int, add: bool) -> Any:
    return _from("access", door)(worker, subject_id, add)


def _from(file: str, name: str) -> Any:
    module, _, attribute = name.partition(".")
    return getattr(importlib.import_module(f"tsunagi.{module}.{file}"), attribute)


def _react(reaction: str, event: Any) -> None:
    """Import the reaction when it is first needed: reading this page must not load every module's deeds."""
    _from("reactions", reaction)(event)


def _store_trail(entries: Sequence[edges.Entry], worker_id: int | None, at: datetime, channel: str) -> None:
    from tsunagi.journal import actions

    actions.store_trail(entries, worker_id, at, channel)


def register_tasks(app: Any) -> None:
    """Give every public function of every module's tasks.py its name as a job: `module.function`."""
    from procrastinate import RetryStrategy

    for module in having("tasks"):
        found = jobs.jobs_of(importlib.import_module(f"tsunagi.{module}.tasks"))
        for name, (function, how) in found.items():
            task = app.task(
                partial(_run, function),
                name=f"{module}.{name}",
                queue=how.queue,
                queueing_lock=f"{module}.{name}" if how.every else None,
                lock=how.lock,
                retry=RetryStrategy(max_attempts=how.tries, exponential_wait=5) if how.tries > 1 else False,
            )
            if how.every:
                app.periodic(cron=how.every)(task)
    task = app.task(
        _retry_stalled, name="config.retry_stalled", queueing_lock="config.retry_stalled", pass_context=True
    )
    app.periodic(cron="* * * * *")(task)


SILENT_SECONDS = 60
"""A worker that gave no sign of life for so long was killed (a living one gives one every ten seconds)."""

MOST_TRIES = 5
"""A job that was under way in so many dying workers is taken out: it may be what kills them."""


async def _retry_stalled(context: Any, timestamp: int) -> None:
    """Take up again what killed workers left `doing`: procrastinate does not do that by itself."""
    from procrastinate.jobs import Status

    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts >= MOST_TRIES:
            logging.getLogger("tsunagi.jobs").error(
                "%s: given up after %s tries", job.task_name, job.attempts
            )
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            if "run_id" in job.task_kwargs:
                await asyncio.to_thread(_give_up_run, int(job.task_kwargs["run_id"]))
        else:
            await manager.retry_job(job)


def _give_up_run(run_id: int) -> None:
    """Whoever waits for a long run is told that it broke; else its page would say 「作業中」 for ever."""
    from django.db import connection
    from django.utils import timezone

    from tsunagi.workbench.actions.runs import BROKEN, fail

    try:
        fail(run_id, BROKEN, timezone.localtime())
    finally:
        connection.close()


def _run(function: Any, timestamp: int | None = None, **kwargs: Any) -> None:
    """Run a job; what it raises is logged without row values (procrastinate would store nothing else)."""
    from django.db import DatabaseError

    try:
        function(**kwargs)
        return
    except DatabaseError as error:
        trouble = error
    logging.getLogger("tsunagi.jobs").error("%s: %s", function.__qualname__, type(trouble).__name__)
    edges.raise_bare(trouble)
