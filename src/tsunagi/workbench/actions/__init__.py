"""Deeds of the workbench: keep and finish a draft, carry out a long run, make a table to take away."""

from .drafts import AlreadyDone, Overtaken, claim, consume, discard, keep, new_draft_id, purge
from .runs import (
    Cancelled,
    Outcome,
    Report,
    ask_cancel,
    begin,
    cancelled,
    carry_out,
    fail,
    finish,
    forget_files,
    report_progress,
    start_run,
)
from .tables import XLSX, table_to_take_away

__all__ = [
    "XLSX",
    "AlreadyDone",
    "Cancelled",
    "Outcome",
    "Overtaken",
    "Report",
    "ask_cancel",
    "begin",
    "cancelled",
    "carry_out",
    "claim",
    "consume",
    "discard",
    "fail",
    "finish",
    "forget_files",
    "keep",
    "new_draft_id",
    "purge",
    "report_progress",
    "start_run",
    "table_to_take_away",
]
