"""Who may what, asked of a signed-in worker; and the journal and the table in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import posts_of
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.journal import queries as journal

from .rules import CAPS, MATRIX, Purpose, Reach, reach_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECTS = [
    ("person", "人"),
    ("household", "世帯"),
    ("unknown", "まだ分からない人"),
    ("party", "人・世帯"),
    ("consultation", "相談"),
    ("concern", "課題"),
    ("hold", "受け持ち"),
    ("promise", "約束"),
    ("contact", "接触"),
    ("referral", "つなぎ"),
    ("case", "支援"),
    ("note", "記録"),
    ("power", "権限（後見など）"),
    ("petition", "市長申立て"),
    ("gap", "はざま"),
    ("worker", "職員"),
    ("office", "機関"),
    ("posting", "配属"),
    ("run", "作業"),
    ("proposal", "申し出"),
    ("meeting_body", "会議体"),
    ("meeting", "会議"),
    ("meeting_item", "議題"),
    ("meeting_role", "会議の役割"),
    ("meeting_feed", "カレンダーのアドレス"),
    ("package", "包み"),
    ("partner_key", "相手の鍵"),
    ("own_key", "こちらの鍵"),
]
_SUBJECT_WORDS = dict(SUBJECTS)
_VERBS = {
    "seen": "見た",
    "listed": "一覧で見た",
    "looked_up": "さがした",
    "searched": "記録を調べた",
    "taken": "受け付けた",
    "taken_away": "書き出した",
    "file_taken": "ファイルを受け取った",
    "opened": "開いた",
    "closed": "終えた",
    "changed": "変えた",
    "corrected": "直した",
    "registered": "登録した",
    "begun": "始めた",
    "ended": "終えた",
    "sent": "送った",
    "accepted": "受けた",
    "declined": "断った",
    "withdrawn": "取り下げた",
    "recorded": "記録した",
    "protected": "保護した",
    "made": "約束した",
    "kept": "果たした",
    "left": "離任した",
    "absence": "不在を記録した",
    "password_given": "パスワードを渡した",
    "printed": "印刷した",
    "agreed": "二人目として認めた",
    "alone": "ひとりで行った",
    "signed_in": "サインインした",
    "session_ended": "サインインを終えさせた",
    "code_refused": "確認コードが違った",
    "key_refused": "キーが合わなかった",
    "factor_registered": "二つ目の確認を登録した",
    "factor_removed": "二つ目の確認を外した",
    "factor_reset": "二つ目の確認を消した",
    "spare_codes_made": "予備コードを作った",
    "spare_code_used": "予備コードを使った",
    "sign_on_bound": "共通サインインと結んだ",
    "sign_on_refused": "共通サインインを断った",
    "own_key_made": "鍵を作った",
    "partner_key_entered": "相手の鍵を登録した",
    "partner_key_compared": "相手の鍵を読み合わせた",
    "partner_key_ended": "相手の鍵を止めた",
    "read": "読み込んだ",
}
_CHANNELS = {"web": "画面", "task": "自動", "cli": "コマンド"}


@dataclass(frozen=True)
class JournalLine:
    """One line of the journal in words. Numbers stay numbers."""

    id: int
    at: datetime
    worker_id: int | None
    what: str
    code: str
    subject: str
    purpose: str
    ground: str
    channel: str
    detail: str


@dataclass(frozen=True)
class TableRow:
    """A purpose and, for each role or legal kind in order, how far it reaches (None: no limit)."""

    purpose: str
    reaches: tuple[Reach | None, ...]


@dataclass(frozen=True)
class Table:
    """The permission table for a page."""

    roles: tuple[str, ...]
    rows: tuple[TableRow, ...]
    kinds: tuple[str, ...]
    caps: tuple[TableRow, ...]
    mine: tuple[tuple[str, Reach], ...]


def reach_of(worker: Worker, purpose: Purpose) -> Reach:
    """How far this worker reaches for this purpose, by all living postings together."""
    return reach_for(((post.role, post.legal_kind) for post in posts_of(worker)), purpose)


def offices_for(worker: Worker, purpose: Purpose) -> tuple[int, ...]:
    """The worker's offices in which they may do this; the ids every `visible_to` is built on."""
    return tuple(
        sorted(
            {
                post.office_id
                for post in posts_of(worker)
                if reach_for([(post.role, post.legal_kind)], purpose) > Reach.NONE
            }
        )
    )


def table_for(worker: Worker) -> Table:
    """The whole table, and what it comes to for this worker."""
    purposes = [purpose for purpose in Purpose if any(purpose in caps for caps in CAPS.values())]
    return Table(
        tuple(role.label for role in Role),
        tuple(
            TableRow(purpose.label, tuple(MATRIX[role].get(purpose, Reach.NONE) for role in Role))
            for purpose in Purpose
        ),
        tuple(LegalKind(kind).label for kind in CAPS),
        tuple(
            TableRow(purpose.label, tuple(CAPS[kind].get(purpose) for kind in CAPS)) for purpose in purposes
        ),
        tuple(
            (purpose.label, reach) for purpose in Purpose if (reach := reach_of(worker, purpose)) > Reach.NONE
        ),
    )


def journal_lines(
    *,
    subject_kind: str = "",
    subject_id: int | None = None,
    worker_id: int | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    before: int | None = None,
) -> tuple[tuple[JournalLine, ...], journal.Lines]:
    """Lines of the journal in words, and the page they are on."""
    found = journal.lines(
        subject_kind=subject_kind,
        subject_id=subject_id,
        worker_id=worker_id,
        from_on=from_on,
        until_on=until_on,
        before=before,
    )
    return tuple(_in_words(line) for line in found.lines), found


def journal_head() -> journal.Head | None:
    """How far the journal's chain goes."""
    return journal.head()


def _in_words(line: journal.Line) -> JournalLine:
    _, _, verb = line.action.rpartition(".")
    subject = _SUBJECT_WORDS.get(line.subject_kind, line.subject_kind)
    return JournalLine(
        line.id,
        line.at,
        line.worker_id,
        _VERBS.get(verb, line.action),
        line.action,
        f"{subject} #{line.subject_id}" if line.subject_id is not None else subject,
        Purpose.label_of(line.purpose),
        line.ground,
        _CHANNELS.get(line.channel, line.channel),
        line.detail,
    )
