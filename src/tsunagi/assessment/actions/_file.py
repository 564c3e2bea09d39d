"""What every deed of this module begins with: the file, open and locked."""

from __future__ import annotations

from datetime import date
from typing import Any

from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState
from tsunagi.shared.refusal import Refused

SUBJECT = "case"
CLOSED = "この支援は終結しています。続けるときは、支援の画面で「再開する」を押してください。"
BOTH_WROTE = "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"
FINISHED = "このアセスメントはまとめ終わっています。続きは「アセスメントをやり直す」から始めてください。"
LONG_WORDS = 20_000


def open_file(case_id: int) -> Case:
    """The file, locked. Raises Refused for a closed one: it is only read."""
    locked = Case.objects.select_for_update().get(pk=case_id)
    if locked.state == CaseState.CLOSED:
        raise Refused(CLOSED)
    return locked


def plain(value: Any) -> Any:
    """A value as a version keeps it."""
    return value.isoformat() if isinstance(value, date) else value
