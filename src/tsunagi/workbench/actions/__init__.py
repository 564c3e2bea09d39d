"""Deeds of the workbench: keep and finish a draft, carry out a long run, make a table to take away."""

from .circulations import circulate, decide_circulation, let_lapse, mark_read, show_to_more
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
    "circulate",
    "claim",
    "consume",
    "decide_circulation",
    "discard",
    "fail",
    "finish",
    "forget_files",
    "keep",
    "let_lapse",
    "mark_read",
    "new_draft_id",
    "purge",
    "report_progress",
    "show_to_more",
    "start_run",
    "table_to_take_away",
]
