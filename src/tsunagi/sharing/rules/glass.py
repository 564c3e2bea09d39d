"""緊急に開く (break-glass): what must be typed, on which ground, for how long, and what is said when nothing opens."""

from __future__ import annotations

from tsunagi.accounts.rules import LegalKind
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

LEAST_REASON = 10
"""A reason shorter than this says nothing to whoever reviews it."""

NOTHING_OPENS = (
    "この方の記録は、ここでは開けません。担当がいれば、いま知らせました。急ぐときは119・110・189へ、"
    "または当番の管理職に電話してください。"
)
"""Said for somebody unknown, for somebody protected, and for whom this worker may never see: the same, in the same time."""


class GlassReview(Labelled):
    """What somebody else says afterwards."""

    RIGHT = "right", "必要だった"
    NOT_RIGHT = "not_right", "必要ではなかった(事故として届け出る)"


_PRIVATE = frozenset({LegalKind.PRIVATE.value, LegalKind.INDIVIDUAL.value})


def glass_ground(legal_kind: str) -> str:
    """05 for the city and public bodies (69条2項4号), 31 for private ones (27条1項2号)."""
    return "31" if legal_kind in _PRIVATE else "05"


def check_glass(*, name: str, birth: str, phone: str, reason: str) -> None:
    """Raise Refused with what is missing. Looks at the typed words alone, never at who exists."""
    if not name.strip():
        raise Refused("氏名を入れてください。", field="name")
    if not birth.strip() and not phone.strip():
        raise Refused("生年月日か電話番号の、どちらかを入れてください。", field="birth")
    if len("".join(reason.split())) < LEAST_REASON:
        raise Refused(
            "なぜ今、開かないといけないかを書いてください。あとで別の人が読みます。例：倒れているとの通報。持病を知りたい",
            field="reason",
        )
