"""The family's file (支援): its states and when it may close (holding.md H9)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class CaseState(Labelled):
    """Where a file stands. Assessment and plan states come with their own forms."""

    OPEN = "open", "支援中"
    CLOSED = "closed", "終結"


class NoteKind(Labelled):
    """How the worker met or worked (対応方法, domain.md §3.5)."""

    PHONE = "phone", "電話相談・連絡"
    VISIT = "visit", "訪問・同行支援"
    MEETING = "meeting", "面談"
    INTERNAL = "internal", "所内会議"
    OTHER_OFFICE = "other_office", "他機関との電話照会・協議"
    CONFERENCE = "conference", "他機関との会議"
    OTHER = "other", "その他(メール・手紙等)"


def check_case_closing(*, still_held: int, main_office: str, no_main_reason: str) -> None:
    """A case closes when each concern is closed or WATCHING for a look-back, and names the 主担当 (H9)."""
    if still_held:
        raise Refused(
            f"まだ終わっていない課題が{still_held}件あります。それぞれを終えるか、ふりかえりにしてから終結してください。"
        )
    if not main_office.strip() and not no_main_reason:
        raise Refused(
            "終結のあとも連絡のとれる主担当を書くか、いないわけを選んでください。", field="main_office"
        )
