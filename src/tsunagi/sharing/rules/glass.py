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


class PairEnd(Labelled):
    """How the asking of a second person ended (ふたりで開く)."""

    AGREED = "agreed", "ふたりで開いた"
    REFUSED = "refused", "二人目が開かないと答えた"
    TIMED_OUT = "timed_out", "時間が過ぎた"
    CALLED_OFF = "called_off", "取りやめた"


CODE_DIGITS = 6
"""Digits of the number that the one reads out and the other types."""

MOST_WRONG = 5
"""Wrong numbers one worker may type within the life of a number; then they wait."""

WRONG_NUMBER = "この番号では待っている人がいません。電話の相手に、いま画面に出ている番号を、もう一度読んでもらってください。"
TOO_MANY_WRONG = (
    "違う番号が続きました。{minutes}分たってから、電話の相手に新しい番号を出してもらってください。"
)


def check_second(*, worker: int, second: int, found_by: int | None, ended: bool) -> None:
    """Raise Refused unless this colleague may answer: somebody else, who typed the number, while it is awaited."""
    if worker == second:
        raise Refused(
            "二人目は、頼んだ人とは別の職員です。別の端末で、別の職員がサインインして答えてください。"
        )
    if ended or found_by != second:
        raise Refused("この頼みは、もう終わっています。電話の相手に、番号をもう一度出してもらってください。")


class GlassReview(Labelled):
    """What somebody else says afterwards."""

    RIGHT = "right", "必要だった"
    NOT_RIGHT = "not_right", "必要ではなかった(事故として届け出る)"


# Bodies outside the city: they may open in an emergency, and confirm nobody else's.
NEVER_SECOND = frozenset(
    {
        LegalKind.OTHER_MUNICIPALITY.value,
        LegalKind.NATIONAL.value,
        LegalKind.INCORPORATED.value,
        LegalKind.PRIVATE.value,
        LegalKind.INDIVIDUAL.value,
    }
)
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
