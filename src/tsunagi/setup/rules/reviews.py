"""The yearly review of who may what: what may be answered by whom, and when it is over (個人情報安全管理措置; ISMAP, 地方公共団体
における情報セキュリティポリシーに関するガイドライン: アクセス権の定期的な見直し)."""

from __future__ import annotations

from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

DAYS_TO_REVIEW = 30
"""How long a review may take where nobody said otherwise, in calendar days."""


class Verdict(Labelled):
    """What a review says of a posting."""

    CONFIRMED = "confirmed", "このまま"
    TO_END = "to_end", "終える"


def usual_due(on: date) -> date:
    """The day until which a review that begins today is done."""
    return on + timedelta(days=DAYS_TO_REVIEW)


def check_beginning(*, due_on: date, on: date) -> None:
    """Refuse a review that would be late before it began, or has most of a year."""
    if due_on < on:
        raise Refused("期限が過ぎた日になっています。今日より先の日にしてください。", field="due_on")
    if due_on > on + timedelta(days=120):
        raise Refused(
            "期限は120日より近くにしてください。先すぎると、見直す前に人が替わります。", field="due_on"
        )


def check_answer(*, own: bool, ended: bool, closed: bool, verdict: str, reason: str) -> None:
    """Refuse an answer about oneself, about a posting that has ended, in a review that is over, or an end without why."""
    if closed:
        raise Refused("この見直しは終わっています。変えたいときは、配属の画面から行ってください。")
    if own:
        raise Refused("自分の配属は自分では確かめられません。ほかのシステム管理者か管理職に頼んでください。")
    if ended:
        raise Refused("この配属は、もう終わっています。画面を開き直してください。")
    if verdict == Verdict.TO_END and not reason.strip():
        raise Refused("「終える」には、わけを書いてください。", field="reason")


def check_closing(*, unanswered: int) -> None:
    """Refuse to close a review while somebody has not been looked at."""
    if unanswered:
        raise Refused(
            f"まだ答えのない配属が{unanswered}件あります。すべて「このまま」か「終える」を選んでください。"
        )
