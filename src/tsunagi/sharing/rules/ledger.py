"""情報提供・目的外利用台帳: when a giving is written down, its columns, and what a ground asks before anything opens.

Law: 個人情報の保護に関する法律 69条, 70条. The columns are those of the city's own ledger (協議番号 … 決裁).
"""

from __future__ import annotations

from dataclasses import dataclass

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

COLUMNS = ("協議番号", "日付", "提供元課", "提供先", "項目", "目的外利用の理由", "根拠号", "期間", "決裁")
"""The columns of the exported ledger, in this order (domain.md §1.5)."""

WITHIN_THE_PURPOSE = frozenset({"01"})
NEEDS_THE_OFFICER = "99"
NEEDS_TWO = frozenset({"05"})


class DisclosureSource(Labelled):
    """What deed a giving came with (何から)."""

    REFERRAL = "referral", "つなぎ"
    MEETING = "meeting", "会議"
    CONSENT = "consent", "同意による共有"
    PAPER = "paper", "紙を渡した"
    DEMAND = "demand", "請求・照会"
    GLASS = "glass", "緊急の閲覧"
    BY_HAND = "by_hand", "手で書いた"


def is_written_down(ground: str) -> bool:
    """Whether a giving on this ground belongs in the ledger: everything but use within the purpose (66条)."""
    return ground not in WITHIN_THE_PURPOSE


@dataclass(frozen=True)
class Giving:
    """A giving as typed. `proposed`: the ground the system pre-chose; `why`: why another one was taken.

    `decision`: 決裁 (文書番号, who decided); `second_id`: the second person; `flow_id`: a usual flow that covers it.
    """

    ground: str
    proposed: str
    why: str = ""
    decision: str = ""
    second_id: int | None = None
    by_id: int | None = None
    flow_id: int | None = None


def check_giving(giving: Giving) -> None:
    """Raise Refused with what the ground still needs. A usual flow was decided once and needs nothing more."""
    if giving.flow_id is not None:
        return
    if giving.proposed and giving.ground != giving.proposed and not giving.why.strip():
        raise Refused(
            "根拠を替えたわけを書いてください。例：今回だけ、警察への協力が必要なため", field="ground_why"
        )
    if giving.ground == NEEDS_THE_OFFICER and not giving.decision.strip():
        raise Refused(
            "「その他」の根拠では、個人情報管理者の了承が要ります。了承の日と文書番号を入れてください。",
            field="decision",
        )
    if (
        giving.ground in NEEDS_TWO
        and not giving.decision.strip()
        and giving.second_id in (None, giving.by_id)
    ):
        raise Refused(
            "この根拠では、もうひとりの職員か決裁が要ります。どちらかを入れてください。", field="second"
        )
