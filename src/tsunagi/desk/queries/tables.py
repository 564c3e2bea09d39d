"""Lists as tables to take away: own rows, or the office's; never protected persons, informants or narrow facets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing

from tsunagi.codes import queries as codes
from tsunagi.holding.queries import RowCard, RowMaker
from tsunagi.holding.rules import Lateness
from tsunagi.intake.queries import TriageRow, triage_list
from tsunagi.people.queries import guarded_among, people_of
from tsunagi.referrals.queries import cards, filtered, inbox, outbox
from tsunagi.safety_net.queries import board_of
from tsunagi.workbench.rules import ListPlace

from .mine import Asked, lines_of, rows_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SALT = "desk.days"
HEADS = ("番号", "だれの", "こと", "受け持ち方", "緊急度", "次に動く日", "最後に様子が分かった日", "待ち")
DAY, WORD, CHECK = "新しい期日", "ひとこと", "照合"
MINE_HEADS = (*HEADS, DAY, WORD, CHECK)
KEPT_BACK = "(書き出しでは伏せます)"
MOST = 20_000
WEEK = 7


@dataclass(frozen=True)
class Table:
    """A table to take away: headers, rows, how many persons, whether rows of others are in it, the filter in words."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    persons: int
    others_rows: bool
    filter_words: str
    widths: tuple[float, ...] = ()


def check_of(worker: Worker, mark: str) -> str:
    """What proves that this worker was given this row: it fits no other row and no other worker."""
    return signing.Signer(salt=SALT).signature(f"{worker.pk}.{mark}")[:20]


def table_of(worker: Worker, place: str, said: Any, now: datetime) -> Table:
    """The list at this place as a table, with the filter of its address."""
    return _TABLES[ListPlace(place)](worker, said, now)


# -- each list -----------------------------------------------------------------------------------------


def _mine(worker: Worker, said: Any, now: datetime) -> Table:
    return _own_rows(worker, Asked.of(said), now, title="受け持ち一覧")


def _today(worker: Worker, _said: Any, now: datetime) -> Table:
    return _own_rows(worker, Asked(), now, title="今日", until=now.date() + timedelta(days=WEEK))


def _own_rows(worker: Worker, asked: Asked, now: datetime, *, title: str, until: date | None = None) -> Table:
    maker = RowMaker(now)
    lines = lines_of(worker, maker, asked, whole=True)
    if until is not None:
        lines = [line for line in lines if line.lateness != Lateness.GREEN or line.shown_on <= until]
    hidden = narrow_codes()
    guarded = guarded_among(line.facts.party_id for line in lines)
    lines = [line for line in lines if line.facts.party_id not in guarded]
    made = [
        (
            *_cells(row, bool(hidden & set(getattr(line.facts, "codes", ())))),
            "",
            "",
            _check(worker, line.mark),
        )
        for line, row in zip(lines, rows_of(maker, lines), strict=True)
    ]
    people = {line.facts.party_id for line in lines if line.facts.party_id}
    words = "今日から1週間と、過ぎたもの" if until else asked.words
    return Table(
        title,
        MINE_HEADS,
        tuple(made),
        len(people),
        False,
        words,
        (10, 18, 40, 14, 10, 13, 13, 20, 14, 24, 22),
    )


def _check(worker: Worker, mark: str) -> str:
    # A promise's day is not moved by this table: it ends by its own deed.
    return check_of(worker, mark) if mark[0] == "h" else "(約束)"


def _cells(row: RowCard, narrow: bool) -> tuple[Any, ...]:
    mark = f"{row.row_kind[0]}{row.id}"
    what = KEPT_BACK if narrow else row.what
    waiting = f"{row.waiting} {row.waiting_from}".strip() if row.waiting else ""
    return (
        mark, row.party_label, what, row.kind_label, row.urgency_label, row.due_on, row.last_seen_on, waiting,
    )  # fmt: skip


def _triage(worker: Worker, said: Any, now: datetime) -> Table:
    scope, sort = said.get("scope", "open"), said.get("sort", "due")
    rows: list[TriageRow] = []
    after = ""
    while True:
        found = triage_list(worker, now, scope=scope, sort=sort, urgency=said.get("urgency", ""), after=after)
        rows += found.rows
        after = found.next
        if not after or len(rows) >= MOST:
            break
    guarded = guarded_among(row.party_id for row in rows)
    rows = [row for row in rows if row.party_id not in guarded and not (row.who and not row.party_id)]
    made = tuple(
        (
            row.number,
            row.came_at,
            row.office,
            row.who if row.party_id else "",
            row.due_on,
            row.worker,
            row.outcome,
        )
        for row in rows
    )
    heads = ("受付番号", "来た日時", "窓口", "だれのこと", "いつまでに", "整理する人", "どうなったか")
    return Table(
        "受付", heads, made, len(made), True, f"範囲 {scope}・緊急度 {said.get('urgency') or 'すべて'}",
        (14, 18, 18, 18, 14, 16, 20),
    )  # fmt: skip


def _people(worker: Worker, said: Any, now: datetime) -> Table:
    district = said.get("district", "")
    rows: list[Any] = []
    after = ""
    while True:
        found = people_of(
            worker, on=now.date(), district_id=int(district) if district.isdigit() else None,
            sort=said.get("sort", "kana"), after=after, size=500,
        )  # fmt: skip
        rows += found.rows
        after = found.next
        if not after or len(rows) >= MOST:
            break
    made = tuple((row.name, row.kana, row.birth, row.town, row.district, row.household) for row in rows)
    words = "校区でしぼった" if district else "すべて"
    return Table(
        "人・世帯", ("お名前", "よみ", "生年月日", "町", "校区", "世帯"), made, len(made), True, words,
        (18, 20, 24, 18, 16, 18),
    )  # fmt: skip


def _referrals(worker: Worker, said: Any, now: datetime) -> Table:
    out = said.get("box") == "out"
    show = said.get("show", "open")
    rows = filtered(outbox(worker) if out else inbox(worker), show, on=now.date())
    found = cards(list(rows[:MOST]), on=now.date())
    guarded = guarded_among(row.party_id for row in found)
    made = tuple(
        (
            row.number,
            row.party_label,
            row.from_office,
            row.to_office,
            row.state_label,
            row.sent_at,
            row.answer_due_on,
        )
        for row in found
        if row.party_id not in guarded
    )
    people = {row.party_id for row in found if row.party_id not in guarded}
    return Table(
        "つなぎ", ("番号", "だれの", "どこから", "どこへ", "状態", "送った日時", "返事の期限"), made, len(people), True,
        "送ったもの" if out else "受けたもの", (14, 18, 20, 20, 14, 18, 14),
    )  # fmt: skip


def _net(worker: Worker, said: Any, now: datetime) -> Table:
    """Figures by office: no row of anybody."""
    office = said.get("office", "")
    board = board_of(worker, now)
    lines = [line for line in board.offices if not office.isdigit() or line.office_id == int(office)]
    made = tuple((line.office, line.falling, line.red) for line in lines)
    return Table("網", ("機関", "こぼれそう", "期限切れ"), made, 0, False, "件数だけ", (26, 14, 14))


_TABLES: dict[ListPlace, Callable[[Worker, Any, datetime], Table]] = {
    ListPlace.MINE: _mine,
    ListPlace.TODAY: _today,
    ListPlace.TRIAGE: _triage,
    ListPlace.PEOPLE: _people,
    ListPlace.REFERRALS: _referrals,
    ListPlace.NET: _net,
}

# -- what stays here -----------------------------------------------------------------------------------


def narrow_codes() -> frozenset[str]:
    """Codes of the narrow facets (触法, 在留, 性のあり方 …): what they stand beside is not taken away."""
    return frozenset(
        code.value
        for card in codes.lists()
        if card.key in ("worries", "case_types")
        for code in card.codes
        if code.attributes.get("narrow")
    )
