"""The sheet of a review for signature: an A4 paper, or an Excel."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tsunagi.codes.queries import city_name
from tsunagi.press.pdf import typeset
from tsunagi.press.sheets import Column, workbook
from tsunagi.setup.models import Review
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show, show_short

from .reviewing import PostingLine, posting_lines, review_card

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

COLUMNS = (
    Column("氏名", 18),
    Column("サインイン名", 14),
    Column("雇用元", 16, wrap=True),
    Column("役割", 16, wrap=True),
    Column("いつから", 14),
    Column("最後に使った日", 14),
    Column("見られるもの", 44, wrap=True),
    Column("ほかの配属", 26, wrap=True),
    Column("答え", 10),
    Column("わけ", 26, wrap=True),
    Column("答えた人・日", 20, wrap=True),
)


def _row(line: PostingLine) -> tuple[str, ...]:
    return (
        line.worker,
        line.sign_in_name,
        line.employer,
        line.role + ("(当番)" if line.is_duty else "") + ("(派遣)" if line.is_secondment else ""),
        show_short(line.since),
        show_short(day_of(line.last_seen_at)) if line.last_seen_at else "なし",
        line.sees,
        "、".join(line.elsewhere),
        (line.verdict_label or "まだ") + ("(終わりました)" if line.has_ended else ""),
        line.reason,
        f"{line.answered_by} {show_short(day_of(line.answered_at))}" if line.answered_at else "",
    )


def review_xlsx(review: Review, worker: Worker, *, at: datetime) -> bytes:
    """The review as an Excel sheet."""
    card = review_card(review, on=day_of(at))
    cover = f"{city_name()} {card.year} 権限の見直し {card.office} 見直す人 {card.reviewer} 期限 {show(card.due_on)}"
    rows = [_row(line) for line in posting_lines(review, worker)]
    return workbook(f"権限の見直し {card.office}", cover, COLUMNS, rows, landscape=True, head="取扱注意")


def review_pdf(review: Review, worker: Worker, *, at: datetime) -> bytes:
    """The review as an A4 paper with room for signatures."""
    on = day_of(at)
    card = review_card(review, on=on)
    values: dict[str, Any] = {
        "title": "権限の見直し",
        "number": f"{card.year} {card.office}",
        "city": city_name(),
        "office": card.office,
        "reviewer": card.reviewer,
        "due_on": show(card.due_on),
        "state": f"{show(day_of(card.closed_at))}に終えました"
        if card.closed_at
        else f"まだ{card.unanswered}件",
        "printed_on": show(on),
        "headers": [column.header for column in COLUMNS if column.header not in _NOT_ON_PAPER],
        "lines": [_paper_row(line) for line in posting_lines(review, worker)],
        "footer": f"取扱注意 {card.office} {show(on)}",
    }
    return typeset("setup/papers/review.typ", values, at=at)


_NOT_ON_PAPER = {"サインイン名", "雇用元", "ほかの配属", "答えた人・日"}


def _paper_row(line: PostingLine) -> list[str]:
    return [
        cell for column, cell in zip(COLUMNS, _row(line), strict=True) if column.header not in _NOT_ON_PAPER
    ]
