"""An exported list read back: which rows have a new day, and what stands in the way of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils.crypto import constant_time_compare

from tsunagi.holding.models import Hold
from tsunagi.holding.queries import mine_today
from tsunagi.intake.queries import read_tables
from tsunagi.shared import wareki
from tsunagi.shared.refusal import Refused

from .tables import CHECK, DAY, WORD, check_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SALT = "desk.days.preview"
SIGNED_SECONDS = 3600
MOST_ROWS = 2000
BIGGEST = 5 * 1024 * 1024
FORGED = "この行の照合が合いません。書き出した表の行だけを読みます。番号や照合を書き換えないでください。"
MOVED_ON = "書き出したあとに動いています。いまの期日を画面で確かめてください。"
NOT_MINE = "いまはあなたの受け持ちではありません。"
TWICE = "同じ番号の行が上にもあります。上の行だけを読みます。"
WHICH_DAY = "新しい期日がありません。ひとことだけでは期日は動きません。"
KEPT_PROMISE = "約束の日は、この表では動かせません。約束の画面で果たすか、伝言で頼んでください。"


@dataclass(frozen=True)
class DayRow:
    """One filled line of the table: which hold, the new day, a word; or why it does nothing."""

    line: int
    mark: str
    who: str = ""
    due_before: str = ""
    day_typed: str = ""
    due: str = ""
    words: str = ""
    why_not: str = ""

    @property
    def hold_id(self) -> int:
        """The hold behind the mark."""
        return int(self.mark[1:])

    @property
    def due_on(self) -> date | None:
        """The new day."""
        return date.fromisoformat(self.due) if self.due else None

    def refused(self, sentence: str) -> DayRow:
        """The same row with what stands in its way; itself when nothing does."""
        return replace(self, why_not=sentence) if sentence else self


@dataclass(frozen=True)
class Stands:
    """Where a row of the table stands now."""

    concern_id: int
    why_not: str = ""


def how_it_stands(worker: Worker, hold_id: int) -> Stands:
    """Whether the hold that was exported is still the open one and this worker's (or they act in it)."""
    hold = Hold.objects.filter(pk=hold_id).first()
    if hold is None:
        return Stands(0, FORGED)
    if hold.closed_at is None:
        return Stands(hold.concern_id)
    later = Hold.objects.filter(concern_id=hold.concern_id, closed_at__isnull=True).first()
    if later is None or later.worker_id != worker.pk:
        return Stands(hold.concern_id, NOT_MINE)
    return Stands(hold.concern_id, MOVED_ON)


def read_days(worker: Worker, data: bytes, name: str, *, on: date) -> list[DayRow]:
    """Every line with a new day or a word, with what stands in its way. Raises Refused when it is no such table."""
    if len(data) > BIGGEST:
        raise Refused("ファイルが大きすぎます(上限5MB)。こちらから書き出した表かどうかを確かめてください。")
    rows: list[DayRow] = []
    seen: set[str] = set()
    for number, cells, epoch_1904 in _filled(data, name):
        row = _read(worker, number, cells, epoch_1904=epoch_1904, on=on)
        if row.mark in seen and not row.why_not:
            row = row.refused(TWICE)
        seen.add(row.mark)
        rows.append(row)
    if not rows:
        raise Refused(
            f"「{DAY}」の書かれた行がありません。書き出した表の右のほうの「{DAY}」の列に書いて、保存してから選んでください。"
        )
    return _alive(worker, rows, on)


def signed(worker: Worker, rows: Iterable[DayRow]) -> str:
    """What the preview showed, so that exactly this is taken in."""
    return signing.dumps(
        [worker.pk, [asdict(row) for row in rows if not row.why_not]], salt=SALT, compress=True
    )


def unsigned(worker: Worker, text: str) -> list[DayRow]:
    """The rows of a preview of this worker's. Raises Refused when it is older than an hour or not theirs."""
    try:
        whose, rows = signing.loads(text, salt=SALT, max_age=SIGNED_SECONDS)
    except signing.BadSignature:
        whose, rows = None, []
    if whose != worker.pk:
        raise Refused("下見から1時間たったか、画面が古くなっています。もう一度ファイルを選んでください。")
    return [DayRow(**row) for row in rows]


# -- pieces --------------------------------------------------------------------------------------------


def _filled(data: bytes, name: str) -> Iterator[tuple[int, dict[str, Any], bool]]:
    """Lines with something in the two columns a worker fills, by header."""
    for sheet in read_tables(data, name):
        heads: list[str] = []
        count = 0
        for line in sheet.lines():
            texts = [str(cell).strip() if cell is not None else "" for cell in line.cells]
            if not heads:
                if "番号" in texts and CHECK in texts and DAY in texts:
                    heads = texts
                continue
            cells = dict(zip(heads, line.cells, strict=False))
            if not (_text(cells.get(DAY)) or _text(cells.get(WORD))):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Refused(f"一度に読めるのは{MOST_ROWS}行までです。分けて保存してください。")
            yield line.number, cells, sheet.epoch_1904
        if heads:
            return
    raise Refused(
        f"「番号」「{DAY}」「{CHECK}」の見出しが見つかりません。受け持ち一覧か今日から書き出した表かどうかを確かめてください。"
    )


def _read(worker: Worker, number: int, cells: dict[str, Any], *, epoch_1904: bool, on: date) -> DayRow:
    mark = _text(cells.get("番号"))
    row = DayRow(
        number,
        mark,
        who=_text(cells.get("だれの"))[:80],
        day_typed=_text(cells.get(DAY))[:40],
        words=_text(cells.get(WORD))[:500],
    )
    if mark[:1] == "p":
        return row.refused(KEPT_PROMISE)
    if mark[:1] != "h" or not mark[1:].isdecimal() or len(mark) > 16:
        return row.refused(FORGED)
    if not constant_time_compare(check_of(worker, mark), _text(cells.get(CHECK))):
        return row.refused(FORGED)
    if not row.day_typed:
        return row.refused(WHICH_DAY)
    try:
        return replace(row, due=_day(cells.get(DAY), epoch_1904=epoch_1904, on=on).isoformat())
    except ValueError as error:
        return row.refused(f"新しい期日「{row.day_typed}」が読み取れません。{error}")


def _day(cell: Any, *, epoch_1904: bool, on: date) -> date:
    """A cell's day: Excel's own, its serial number, 和暦 or 西暦. ValueError with a sentence when there is none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    serial = text.removesuffix(".0")
    if isinstance(cell, int | float) or (serial.isdecimal() and len(serial) == 5):
        begin = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        days = int(float(serial))
        if not 20_000 <= days <= 80_000:
            raise ValueError("年月日で書いてください。例：R8.12.1")
        return begin + timedelta(days=days)
    found = wareki.parse(text, on=on).exact
    if found is None:
        raise ValueError("年・月・日まで書いてください。例：R8.12.1")
    return found


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None or cell is False else str(cell).strip()


def _alive(worker: Worker, rows: list[DayRow], on: date) -> list[DayRow]:
    """What became of the exported holds meanwhile, in one question."""
    wanted = {row.hold_id for row in rows if not row.why_not}
    held = {hold.pk: hold for hold in Hold.objects.filter(pk__in=wanted).order_by("pk")}
    mine = set(
        Hold.objects.filter(mine_today(worker.pk, on), pk__in=wanted, closed_at__isnull=True)
        .order_by()
        .values_list("pk", flat=True)
    )
    ready = []
    for row in rows:
        if not row.why_not:
            hold = held.get(row.hold_id)
            if hold is None:
                row = row.refused(FORGED)
            else:
                row = replace(row, due_before=hold.due_on.isoformat())
                if hold.closed_at is not None:
                    row = row.refused(how_it_stands(worker, hold.pk).why_not)
                elif hold.pk not in mine:
                    row = row.refused(NOT_MINE)
                elif hold.due_on == row.due_on:
                    row = row.refused("いまの期日と同じ日です。")
        ready.append(row)
    return ready
