"""The permission table (権限表): purpose × role × legal kind of office → reach. Pure; the page the city signs.

`reach_for` is the only question. Involvement decides *which* persons (people.Involvement); this table decides whether
a role may come that far at all. Administrators and statisticians see no persons; auditors see the journal by number.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.shared.labels import Labelled


class Reach(IntEnum):
    """How far a role sees for a purpose. Ordered: compare, never enumerate."""

    NONE = 0
    NUMBERS = 1
    INVOLVED = 2
    OFFICE = 3
    CITY = 4

    @property
    def label(self) -> str:
        """The word on the printed table."""
        return ("なし", "件数・番号だけ", "関わりのある方", "自分の機関", "市全体")[self.value]


class Purpose(Labelled):
    """What somebody wants to do (目的)."""

    TODAY = "today", "今日を見る"
    CONSULT = "consult", "相談を受け付ける"
    LOOK_UP = "look_up", "方をさがす"
    READ_PERSON = "read_person", "人・世帯を見る"
    WRITE_PERSON = "write_person", "人・世帯を書く"
    PROTECT = "protect", "保護をかける・終える"
    HOLD = "hold", "課題を受け持つ"
    REFER = "refer", "つなぐ・つなぎを受ける"
    READ_CASE = "read_case", "支援を見る"
    WRITE_CASE = "write_case", "支援を書く"
    CONSENT = "consent", "同意を聞く・記録する"
    ATTEND = "attend", "会議に出る"
    CONVENE = "convene", "会議を準備する・進める"
    BREAK_GLASS = "break_glass", "緊急に開く"
    IMPORT = "import", "台帳を取り込む"
    NET = "net", "網を見る"
    AGREE = "agree", "二人目として確認する"
    HAND_OVER = "hand_over", "離任・不在の引き継ぎをする"
    REVIEW = "review", "権限の見直しをする"
    GAPS = "gaps", "はざまを見る"
    STATISTICS = "statistics", "件数を見る"
    MESSAGE = "message", "伝言を残す"
    JOURNAL = "journal", "閲覧・操作の記録を調べる"
    DISCLOSURE = "disclosure", "開示・照会に答える"
    INCIDENT = "incident", "事故・苦情を届け出る"
    ANSWER_FOR = "answer_for", "事故・苦情に答える"
    RETAIN = "retain", "保存と廃棄を決める"
    ADMINISTER = "administer", "機関・職員・設定を変える"


_WORKS_WITH_PEOPLE: dict[Purpose, Reach] = {
    Purpose.TODAY: Reach.OFFICE,
    Purpose.CONSULT: Reach.OFFICE,
    Purpose.LOOK_UP: Reach.INVOLVED,
    Purpose.READ_PERSON: Reach.INVOLVED,
    Purpose.WRITE_PERSON: Reach.INVOLVED,
    Purpose.PROTECT: Reach.INVOLVED,
    Purpose.HOLD: Reach.OFFICE,
    Purpose.REFER: Reach.OFFICE,
    Purpose.READ_CASE: Reach.INVOLVED,
    Purpose.WRITE_CASE: Reach.OFFICE,
    Purpose.IMPORT: Reach.OFFICE,
    Purpose.NET: Reach.OFFICE,
    Purpose.AGREE: Reach.OFFICE,
    Purpose.CONSENT: Reach.INVOLVED,
    Purpose.ATTEND: Reach.INVOLVED,
    Purpose.BREAK_GLASS: Reach.INVOLVED,
    Purpose.INCIDENT: Reach.CITY,
    Purpose.GAPS: Reach.CITY,
    Purpose.MESSAGE: Reach.CITY,
}

MATRIX: dict[Role, dict[Purpose, Reach]] = {
    Role.COUNSELLOR: dict(_WORKS_WITH_PEOPLE),
    Role.COORDINATOR: _WORKS_WITH_PEOPLE
    | {Purpose.NET: Reach.CITY, Purpose.AGREE: Reach.CITY, Purpose.CONVENE: Reach.CITY},
    Role.SECTION_CLERK: dict(_WORKS_WITH_PEOPLE),
    Role.OUTSIDE_WORKER: _WORKS_WITH_PEOPLE | {Purpose.IMPORT: Reach.NONE, Purpose.GAPS: Reach.NONE},
    Role.OUTREACH_WORKER: dict(_WORKS_WITH_PEOPLE),
    Role.PARTICIPATION_WORKER: dict(_WORKS_WITH_PEOPLE),
    Role.COMMUNITY_COORDINATOR: _WORKS_WITH_PEOPLE | {Purpose.IMPORT: Reach.NONE},
    Role.MANAGER: _WORKS_WITH_PEOPLE
    | {
        Purpose.NET: Reach.CITY,
        Purpose.HAND_OVER: Reach.OFFICE,
        Purpose.REVIEW: Reach.OFFICE,
        Purpose.STATISTICS: Reach.NUMBERS,
        Purpose.CONVENE: Reach.CITY,
        Purpose.ANSWER_FOR: Reach.OFFICE,
    },
    Role.STATISTICIAN: {
        Purpose.STATISTICS: Reach.NUMBERS,
        Purpose.GAPS: Reach.CITY,
        Purpose.MESSAGE: Reach.CITY,
        Purpose.INCIDENT: Reach.CITY,
    },
    Role.AUDITOR: {Purpose.JOURNAL: Reach.NUMBERS, Purpose.MESSAGE: Reach.CITY, Purpose.INCIDENT: Reach.CITY},
    Role.DISCLOSURE_OFFICER: {
        # One ledger for the city (sharing.md); of a person they see what a demand names, nothing else.
        Purpose.DISCLOSURE: Reach.CITY,
        Purpose.MESSAGE: Reach.CITY,
        Purpose.INCIDENT: Reach.CITY,
        Purpose.ANSWER_FOR: Reach.CITY,
        Purpose.RETAIN: Reach.CITY,
    },
    Role.SYSTEM_ADMINISTRATOR: {
        Purpose.ADMINISTER: Reach.CITY,
        Purpose.REVIEW: Reach.CITY,
        Purpose.MESSAGE: Reach.CITY,
        Purpose.INCIDENT: Reach.CITY,
    },
}

# A body outside the city never reaches further than this, whatever the role (個情法 69条; sharing.md).
_OUTSIDE = {
    Purpose.LOOK_UP: Reach.INVOLVED,
    Purpose.NET: Reach.OFFICE,
    Purpose.AGREE: Reach.OFFICE,
    Purpose.IMPORT: Reach.NONE,
    Purpose.ADMINISTER: Reach.NONE,
    Purpose.REVIEW: Reach.OFFICE,
    Purpose.JOURNAL: Reach.NONE,
    Purpose.DISCLOSURE: Reach.NONE,
    Purpose.STATISTICS: Reach.NONE,
    Purpose.CONVENE: Reach.NONE,
    Purpose.ANSWER_FOR: Reach.NONE,
    Purpose.RETAIN: Reach.NONE,
}
CAPS: dict[LegalKind, dict[Purpose, Reach]] = {
    LegalKind.OTHER_MUNICIPALITY: _OUTSIDE,
    LegalKind.NATIONAL: _OUTSIDE,
    LegalKind.INCORPORATED: _OUTSIDE,
    LegalKind.PRIVATE: _OUTSIDE,
    LegalKind.INDIVIDUAL: _OUTSIDE | {Purpose.CONSULT: Reach.NONE, Purpose.LOOK_UP: Reach.NONE},
}


def reach_for(posts: Iterable[tuple[str, str]], purpose: Purpose) -> Reach:
    """How far somebody with these posts — (role, legal kind of office) — reaches for a purpose.

    The widest of the posts counts; each is capped by what its office is before the law.
    """
    best = Reach.NONE
    for role, legal_kind in posts:
        given = MATRIX.get(Role(role), {}).get(purpose, Reach.NONE)
        cap = CAPS.get(LegalKind(legal_kind), {}).get(purpose, Reach.CITY)
        best = max(best, min(given, cap))
    return best


def may(posts: Iterable[tuple[str, str]], purpose: Purpose, reach: Reach = Reach.NUMBERS) -> bool:
    """Whether these posts reach at least that far."""
    return reach_for(posts, purpose) >= reach


def roles_with(purpose: Purpose, reach: Reach) -> tuple[str, ...]:
    """The roles that reach at least that far where no legal kind caps them: for guards in the database."""
    return tuple(role.value for role, given in MATRIX.items() if given.get(purpose, Reach.NONE) >= reach)
