"""Why a deed does not fit where a concern stands, and what to do instead: the sentences of the empty cells."""

from __future__ import annotations

from collections.abc import Mapping

from tsunagi.holding.rules.deeds import Deed
from tsunagi.holding.rules.kinds import HoldKind, Standing, State

_WHY_NOT: Mapping[State, str] = {
    Standing.NEW: "まだ受け付けていません。先に「受け付ける」を押して、受け持つ人を決めてください。",
    Standing.CLOSED: "この課題は終結しています。新しい動きがあれば「再開する」を押してください。",
    Standing.LOOKING_BACK: "ふりかえりの課題です。心配があれば「再開する」を押し、なければ終えてください。",
    HoldKind.STOCKTAKING: (
        "移行分の棚卸しがまだです。先に「続いている・終わっていた・分からない」を選んでください。"
    ),
    HoldKind.HANDING_OVER: (
        "つなぎ先の返事を待っています。別のやり方にするときは、先につなぎを取り下げてください。"
    ),
    HoldKind.FOLLOWING_THROUGH: (
        "見届けの途中です。つながったら終結し、つながらなければ「引き取り直す」で見立てに戻してください。"
    ),
    HoldKind.COORDINATING: (
        "多機関で調整中です。役割分担と見通しがまとまったら「主担当へ戻す」を押してください。"
    ),
}

_WHY_NOT_DEED: Mapping[Deed, str] = {
    Deed.RECEIVE: "この課題は、もう受け付けて受け持っています。続きは、受け持ちの画面から記録してください。",
    Deed.CONFIRM_ORAL: "今はつないでいる途中ではありません。先に「つなぐ」で送ってください。",
    Deed.ACCEPT: "今はつないでいる途中ではありません。送った機関に確かめてください。",
    Deed.DECLINE: "今はつないでいる途中ではありません。送った機関に確かめてください。",
    Deed.WITHDRAW: "取り下げるつなぎがありません。今の受け持ちのまま続けてください。",
    Deed.HAND_BACK: "多機関で調整中の課題ではありません。別の機関へは「つなぐ」で送ってください。",
    Deed.TAKE_STOCK: "棚卸しは済んでいます。続きは、受け持ちの画面から記録してください。",
    Deed.REOPEN: "この課題は今も受け持たれています。受け持ちの画面から、次の動きを記録してください。",
}


def _already(kind: State) -> str:
    return f"すでに「{kind.label}」です。期日を動かすには、連絡を記録するか「期日を延ばす」を使ってください。"


def refusal_of(state: State, deed: Deed) -> str:
    """The sentence of an empty cell of the transition table."""
    if state in (Standing.NEW, Standing.CLOSED):
        return _WHY_NOT[state]
    if deed in _WHY_NOT_DEED:
        return _WHY_NOT_DEED[deed]
    return _WHY_NOT.get(state, _already(state))
