"""What plans do when another module announces something."""

from __future__ import annotations

from tsunagi.cases.events import CaseClosed, CaseMoved

from . import actions


def end_with_the_case(event: CaseClosed) -> None:
    """The plan ends with its file; while a role is open, the file stays open."""
    actions.end_with_case(event.case_id, by_id=event.worker_id, at=event.at)


def go_with_the_file(event: CaseMoved) -> None:
    """What was promised for a file goes along to the record it belongs to."""
    actions.go_with_the_file(event.case_id, event.party_id, by_id=event.worker_id, at=event.at)
