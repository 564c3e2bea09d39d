"""Deeds of the workbench: keep and finish a draft, carry out a long run, make a table to take away."""

from .circulations import circulate, decide_circulation, let_lapse, mark_read, show_to_more
from .drafts import AlreadyDone, Overtaken, claim, consume, discard, keep, new_draft_id, purge
from .filters import drop_filter, keep_filter, share_filter, use_first
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
from .tables import XLSX, note_taken_away, see_taken_away, table_to_take_away

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
    "drop_filter",
    "fail",
    "finish",
    "forget_files",
    "keep",
    "keep_filter",
    "let_lapse",
    "mark_read",
    "new_draft_id",
    "note_taken_away",
    "purge",
    "report_progress",
    "see_taken_away",
    "share_filter",
    "show_to_more",
    "start_run",
    "table_to_take_away",
    "use_first",
]
