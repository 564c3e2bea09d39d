"""An Excel of five cells per referral for one agency: sent out, and read back row by row.

No name of a person stands in it: the number finds the sheet on the agency's desk.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core import signing

from tsunagi.holding.rules import DeclineReason
from tsunagi.referrals.models import Referral
from tsunagi.referrals.rules import OPEN_STATES, referral_number, reply_number
from tsunagi.shared import wareki
from tsunagi.shared.days import day_of
from tsunagi.shared.excel import damaged, weigh
from tsunagi.shared.my_number import find
from tsunagi.shared.refusal import Refused

from .beyond import of_agencies, why_no_answer_is_taken

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SHEET = "返信"
FIRST_ROW = 4
MOST_ROWS = 500
BIGGEST = 5 * 1024 * 1024
FIXED = ("返信票の番号", "送った日", "返事の期限", "送った担当")
CELLS = ("返事", "受けませんのわけ", "会えた日", "担当の方", "次の予定")
YES, NO = "受けます", "受けません"
SALT = "referrals.answer-book"
SIGNED_SECONDS = 3600


@dataclass(frozen=True)
class BookRow:
    """A line that came back: what it would do, or why it changes nothing. Days as ISO texts, so it can be signed."""

    line: int
    referral_id: int | None = None
    number: str = ""
    accepted: bool | None = None
    reason: str = ""
    met_on: str = ""
    who: str = ""
    next_on: str = ""
    would: str = ""
    why_not: str = ""


def answer_book(worker: Worker, office_id: int, *, at: datetime) -> bytes:
    """The book for one agency: everything that still waits for its answer or for 「会えました」."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Protection, Side
    from openpyxl.worksheet.datavalidation import DataValidation

    rows = list(
        of_agencies(worker, office_id)
        .select_related("from_worker", "from_office", "to_office")
        .order_by("sent_at", "id")[:MOST_ROWS]
    )
    if not rows:
        raise Refused("この機関の返事を待っているつなぎは、いまはありません。")
    book = Workbook()
    page: Any = book.active
    page.title = SHEET
    sender = rows[0].from_office
    page.append(
        [
            f"{rows[0].to_office.name} 御中　返信のお願い　({at:%Y-%m-%d} {sender.name} 電話 {sender.phone} FAX {sender.fax})"
        ]
    )
    page.append(
        [
            "右の5つの欄だけに書いて、このファイルのままお返しください。番号はお手元のつなぐシートの番号です。お名前は書かないでください。"
        ]
    )
    page.append([*FIXED, *CELLS])
    for row in rows:
        page.append(
            [
                *_fixed(row),
                YES if row.state not in OPEN_STATES else None,
                None,
                None,
                row.answered_who or None,
                None,
            ]
        )
    thin = Side(style="thin")
    for line in page.iter_rows(min_row=3, max_row=2 + 1 + len(rows), max_col=9):
        for cell in line:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if cell.row >= FIRST_ROW:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
                cell.number_format = (
                    "@" if cell.column <= 4 else ("yyyy-mm-dd" if cell.column in (7, 9) else "General")
                )
                cell.protection = Protection(locked=cell.column <= len(FIXED))
            else:
                cell.font = Font(bold=True)
    last = FIRST_ROW + len(rows) - 1
    for column, choices in (("E", (YES, NO)), ("F", [reason.label for reason in DeclineReason])):
        # A list in the cell may have 255 letters and no comma of its own.
        told = ",".join(label.replace(",", "、") for label in choices)
        menu = DataValidation(type="list", formula1=f'"{told}"', allow_blank=True)
        page.add_data_validation(menu)
        menu.add(f"{column}{FIRST_ROW}:{column}{last}")
    days = DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",
        allow_blank=True,
        errorTitle="日付",
        error="2026-11-24 のように入れてください。",
    )
    page.add_data_validation(days)
    days.add(f"G{FIRST_ROW}:G{last}")
    days.add(f"I{FIRST_ROW}:I{last}")
    for column, width in zip("ABCDEFGHI", (15, 12, 12, 14, 12, 20, 13, 16, 13), strict=True):
        page.column_dimensions[column].width = width
    for place in ("A1:I1", "A2:I2"):
        page.merge_cells(place)
    page["A1"].font = Font(bold=True, size=12)
    page.freeze_panes = "A4"
    page.print_title_rows = "3:3"
    page.protection.sheet = True
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fixed(row: Referral) -> list[str]:
    return [
        reply_number(row.number or ""),
        day_of(row.sent_at).isoformat(),
        row.answer_due_on.isoformat(),
        row.from_worker.name,
    ]


def read_answer_book(worker: Worker, data: bytes, *, on: date) -> list[BookRow]:
    """Every filled line, with what it would do or why it does nothing. Raises Refused when it is no such book."""
    lines = list(_lines(data))
    rows = [_read(worker, line, cells, on) for line, cells in lines]
    seen: set[int] = set()
    checked = []
    for row in rows:
        if row.referral_id is not None and row.referral_id in seen:
            row = BookRow(
                row.line, number=row.number, why_not="同じ番号の行が上にもあります。上の行だけを読みます。"
            )
        elif row.referral_id is not None:
            seen.add(row.referral_id)
        checked.append(row)
    if not checked:
        raise Refused("返事の書かれた行がありません。返ってきたファイルかどうか、開いて確かめてください。")
    return checked


def signed(worker: Worker, rows: Iterable[BookRow]) -> str:
    """What the preview showed, so that exactly this is taken in."""
    return signing.dumps(
        [worker.pk, [asdict(row) for row in rows if not row.why_not]], salt=SALT, compress=True
    )


def unsigned(worker: Worker, text: str) -> list[BookRow]:
    """The rows of a preview of this worker's. Raises Refused when it is older than an hour or not theirs."""
    try:
        whose, rows = signing.loads(text, salt=SALT, max_age=SIGNED_SECONDS)
    except signing.BadSignature:
        whose, rows = None, []
    if whose != worker.pk:
        raise Refused("下見から1時間たったか、画面が古くなっています。もう一度ファイルを選んでください。")
    return [BookRow(**row) for row in rows]


def _lines(data: bytes) -> Iterable[tuple[int, list[Any]]]:
    from openpyxl import load_workbook

    if len(data) > BIGGEST:
        raise Refused("ファイルが大きすぎます(上限5MB)。こちらから送ったExcelかどうかを確かめてください。")
    if data.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        raise Refused(
            "パスワードのかかったExcelか、古い形のExcel(.xls)です。パスワードを外し、「Excelブック(*.xlsx)」で保存し直してください。"
        )
    if not data.startswith(b"PK\x03\x04"):
        raise Refused(
            "Excelブック(.xlsx)ではありません。CSVや文書ではなく、こちらから送ったExcelのまま返してもらってください。"
        )
    weigh(data, "返信")
    try:
        book = load_workbook(io.BytesIO(data), keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken part makes it raise
        raise damaged() from error
    if SHEET not in book.sheetnames:
        raise Refused("「返信」のシートがありません。こちらから送ったExcelのまま返してもらってください。")
    page = book[SHEET]
    heads = [str(page.cell(3, column).value or "").strip() for column in range(1, 10)]
    if heads != [*FIXED, *CELLS]:
        raise Refused(
            "3行目の見出しが変わっています。列を足したり並べかえたりせず、送ったままの形で返してもらってください。"
        )
    for line in range(FIRST_ROW, min(page.max_row, FIRST_ROW + MOST_ROWS) + 1):
        cells = [page.cell(line, column) for column in range(1, 10)]
        if any(str(cell.value or "").strip() for cell in cells):
            yield line, cells


def _read(worker: Worker, line: int, cells: list[Any], on: date) -> BookRow:
    """One line; the first trouble found is the reason."""
    shown = _text(cells[0])
    try:
        if any(cell.data_type == "f" for cell in cells):
            raise Refused("数式が入っています。数式ではなく、値を入れて返してもらってください。")
        if any(cell.data_type == "e" for cell in cells):
            raise Refused("エラー(#N/Aなど)になっている欄があります。値を入れ直してもらってください。")
        if any(find(_text(cell)) for cell in cells):
            raise Refused("個人番号と思われる番号があります。消してから読み込んでください。")
        referral = _referral(worker, shown)
        if [_text(cell) for cell in cells[:4]] != _fixed(referral):
            raise Refused(
                "番号・送った日・期限・担当の欄が、送ったときと変わっています。行がずれていないか確かめてください。"
            )
        return _of_row(line, shown, referral, cells[4:], on)
    except Refused as refusal:
        return BookRow(line, number=shown[:20], why_not=str(refusal))


def _referral(worker: Worker, shown: str) -> Referral:
    found = (
        Referral.objects.filter(number=referral_number(shown), from_office_id__in=_offices(worker))
        .select_related("to_office", "from_worker")
        .first()
    )
    if found is None:
        raise Refused("この番号のつなぎは、こちらの機関からは送られていません。")
    return found


def _offices(worker: Worker) -> Iterable[int]:
    from tsunagi.permissions.queries import offices_for
    from tsunagi.permissions.rules import Purpose

    return offices_for(worker, Purpose.REFER)


def _of_row(line: int, shown: str, referral: Referral, cells: list[Any], on: date) -> BookRow:
    answer, reason_label, who = _text(cells[0]), _text(cells[1]), _text(cells[3])
    met_on, next_on = _day(cells[2], "会えた日", on), _day(cells[4], "次の予定", on)
    told = why_no_answer_is_taken(referral)
    if told:
        raise Refused(told)
    if answer not in ("", YES, NO):
        raise Refused("「返事」の欄は「受けます」か「受けません」だけが読めます。")
    is_open = referral.state in OPEN_STATES
    if not answer and is_open:
        raise Refused("「返事」の欄が空です。")
    accepted = {YES: True, NO: False}.get(answer)
    reasons = {reason.label.replace(",", "、"): reason.value for reason in DeclineReason}
    reason = reasons.get(reason_label, "") if accepted is False else ""
    if accepted is False and not reason:
        raise Refused("「受けませんのわけ」が空か、選べることばではありません。")
    if accepted is False and not is_open:
        raise Refused("受けるとの返事がすでに記録されています。")
    if accepted and is_open and not who:
        raise Refused("「担当の方」が空です。どなたが受けるのか、電話で聞いてから読み込んでください。")
    if met_on and (accepted is False or met_on > on or met_on < day_of(referral.sent_at)):
        raise Refused("「会えた日」が、これからの日か、送る前の日か、「受けません」と合わない日です。")
    if not is_open and met_on is None:
        raise Refused("返事はすでに記録されています(この行で変わることはありません)。")
    would = (
        "受けられないと記録し、課題が手元に戻ります"
        if accepted is False
        else "・".join(
            [
                *(["受けると記録し、見届けに入ります"] if is_open else []),
                *(["会えたと記録します"] if met_on else []),
            ]
        )
    )
    return BookRow(
        line, referral.pk, shown, accepted if is_open else None, reason, met_on.isoformat() if met_on else "",
        who[:100], next_on.isoformat() if next_on else "", would,
    )  # fmt: skip


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return unicodedata.normalize("NFKC", str(value)).strip() if not isinstance(value, str) else value.strip()


def _day(cell: Any, label: str, on: date) -> date | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        found = wareki.from_cell(value, on=on).exact
    except wareki.NotADate:
        found = None
    if found is None:
        raise Refused(f"「{label}」を日付として読めません。2026-11-24 のように入れてもらってください。")
    return found
