"""Minutes written from what was typed: facts become lines, and what was agreed is hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import show_short

NOBODY_TYPED = "決まったことの記録はありません。"
LEFT_EMPTY = "（書かれていません）"


class MinutesState(Labelled):
    """How far minutes are."""

    DRAFT = "draft", "下書き"
    AGREED = "agreed", "確定"


Line = tuple[str, str]
"""(heading, words) of a part."""


@dataclass(frozen=True)
class Came:
    """Somebody of the body on that day."""

    name: str
    office: str
    came: bool
    observer: bool = False
    words: str = ""
    """来たとき・帰ったとき, 代理 …"""

    @property
    def shown(self) -> str:
        """「福祉課 佐藤（14時に退席）」."""
        who = " ".join(filter(None, (self.office, self.name)))
        return f"{who}（{self.words}）" if self.words else who


@dataclass(frozen=True)
class Decided:
    """One row that was typed."""

    what: str
    owner: str = ""
    due: str = ""
    kind: str = "decision"


@dataclass(frozen=True)
class ItemFacts:
    """What is on record of one item."""

    number: int
    mode: str
    consent: str
    subject: str
    asked: str
    circle: Sequence[str] = ()
    left: Sequence[str] = ()
    given: Sequence[str] = ()
    """Information given: office, ground, facets; in words."""
    decided: Sequence[Decided] = ()
    missing: Sequence[str] = ()
    next_look: str = ""
    outcome: str = ""
    shown_at: datetime | None = None
    minutes: int = 0
    read_out_at: datetime | None = None
    needs_reading_out: bool = False
    closed_why: str = ""
    said: str = ""


def sitting_lines(
    *, body: str, when: str, place: str, came: Iterable[Came], items: int, copies: str, chair: str = "", secretary: str = ""
) -> list[Line]:  # fmt: skip
    """The head of the minutes: what everybody who was there may read."""
    rows = list(came)
    present = [row.shown for row in rows if row.came and not row.observer]
    watching = [row.shown for row in rows if row.came and row.observer]
    absent = [row.shown for row in rows if not row.came]
    return _filled([
        ("会議", body),
        ("日時", when),
        ("場所", place),
        ("進行・記録", "　".join(filter(None, (f"進行 {chair}" if chair else "", f"記録 {secretary}" if secretary else "")))),
        ("出席", "\n".join(present) or "出席の記録がありません。"),
        ("傍聴・助言", "\n".join(watching)),
        ("欠席", "\n".join(absent)),
        ("件数", f"{items}件"),
        ("資料", copies),
    ])  # fmt: skip


def item_lines(item: ItemFacts, *, who_said: bool) -> list[Line]:
    """One item in lines. Who *said* what stands there only where the body's setting wants it (`who_said`)."""
    decided = [row for row in item.decided if row.kind not in ("missing", "next")]
    lacks = [*item.missing, *(row.what for row in item.decided if row.kind == "missing")]
    when = (
        f"{item.shown_at.astimezone():%H:%M}から{item.minutes}分"
        if item.shown_at
        else "会議では開きませんでした。"
    )
    read = (
        f"{item.read_out_at.astimezone():%H:%M}に読み上げた"
        if item.read_out_at
        else "読み上げの記録がありません。"
    )
    return _filled([
        ("会議の種類", item.mode),
        ("本人の同意", item.consent),
        ("対象", item.subject),
        ("時間", when),
        ("聞いた人", "\n".join(item.circle)),
        ("席を外した人", "\n".join(item.left)),
        ("目的外に使わないこと", read if item.needs_reading_out else ""),
        ("論点", item.asked or LEFT_EMPTY),
        ("出された情報", "\n".join(item.given)),
        ("途中で閉じたわけ", item.closed_why),
        ("だれが何を話したか", item.said if who_said else ""),
        ("結果", item.outcome),
        ("決まったこと・役割", "\n".join(decided_words(row) for row in decided) or NOBODY_TYPED),
        ("足りない資源", "\n".join(lacks)),
        ("次に見る日", item.next_look),
    ])  # fmt: skip


def decided_words(row: Decided) -> str:
    """「・学校と話す（教育支援課 山本、12月10日まで）」."""
    beside = "、".join(filter(None, (row.owner, f"{row.due}まで" if row.due else "")))
    return f"・{row.what}（{beside}）" if beside else f"・{row.what}"


def _filled(lines: Iterable[Line]) -> list[Line]:
    return [(heading, words) for heading, words in lines if words]


def digest(parts: Sequence[tuple[int | None, str, Sequence[Line], str]], *, sitting: int, number: int) -> str:
    """SHA-256 over everything that was agreed, in one spelling: (item, heading, lines, words) of each part, in order."""
    told = {
        "sitting": sitting,
        "number": number,
        "parts": [
            {"item": item, "heading": heading, "lines": [list(line) for line in lines], "words": words}
            for item, heading, lines, words in parts
        ],
    }
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def check_agreeing(*, state: str, undecided: int, still_open: bool) -> None:
    """Raise Refused for minutes that cannot be agreed yet."""
    if state == MinutesState.AGREED:
        raise Refused(
            "この議事録は確定しています。直すときは「訂正版をつくる」で、となりに新しい版を作ってください。"
        )
    if still_open:
        raise Refused("会議がまだ終わっていません。会議室で「会議を終える」を押してから、確定してください。")
    if undecided:
        raise Refused(
            f"会議室で書いたまま、役割になっていない行が{undecided}件あります。件を開いて「決まったことを確かめる」を押すか、行を取り消してください。"
        )


def check_correction(reason: str) -> str:
    """Why agreed minutes are written anew. Raises Refused when nothing is said."""
    if not reason.strip():
        raise Refused(
            "訂正するわけを、ひとこと書いてください（例：出席者の所属がちがっていた）。", field="reason"
        )
    return reason.strip()[:200]


def version_words(number: int, reason: str = "") -> str:
    """「第1版」「第2版（訂正：…）」."""
    return f"第{number}版（訂正：{reason}）" if reason else f"第{number}版"


def short_day(day: object) -> str:
    """R8.12.10; "" for none."""
    return show_short(day) if day else ""  # type: ignore[arg-type]
