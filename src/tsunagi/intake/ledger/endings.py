"""Whether a row of an old ledger has an end (H11): closed history, 見届け, or 棚卸し.

Only an express end closes. What is unclear, contradictory or new to us becomes 棚卸し, so that a worker looks once
more; nothing is closed by a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tsunagi.shared.labels import Labelled

from .words import folded
from .worries import FOOD, VIOLENCE


class EndingKind(Labelled):
    """What an imported row becomes."""

    CLOSED_HISTORY = "closed_history", "終わった記録"
    FOLLOWING_THROUGH = "following_through", "見届け"
    STOCKTAKING = "stocktaking", "棚卸し"


@dataclass(frozen=True, slots=True)
class Ending:
    """What a row becomes, why in a sentence, and how heavy it is (0–100) for spreading the 棚卸し heaviest first."""

    kind: EndingKind
    why: str
    weight: int = 0


_CLOSED = (
    r"終結",
    r"終了",
    r"完了",
    r"完結",
    r"解決(済|ずみ)?",
    r"情報提供のみ",
    r"(説明|案内|助言|傾聴|情報提供)のみ",
    r"取り?下げ",
    r"クローズ",
    r"^(済|済み|完|終|了|close|closed|done)$",
    r"相談ではない",
    r"間違い電話",
    r"いたずら",
    r"営業(電話)?$",
    r"問い?合わせのみ",
    r"聞き置き",
)
_HANDED = (
    r"つなぎ(済|ずみ|完)",
    r"繋ぎ(済|ずみ|完)",
    r"つない?だ",
    r"繋い?だ",
    r"引き?継(ぎ|)(済|ずみ|完)",
    r"引き?継いだ",
    r"(紹介|案内|情報提供|依頼|送致|通告|通報|申し?送り|取り?次ぎ?|移管|連携|送付)(済|ずみ)",
    r"(紹介|移管|送致|引き?継ぎ)(した)?$",
    r"へつなぐ$",
    r"につなぐ$",
)
_OPEN = (
    r"継続",
    r"連絡待ち",
    r"(返事|回答|返答|結果|返信|折り?返し|審査|判定)待ち",
    r"待機",
    r"訪問予定",
    r"(来所|面談|電話|再訪|同行|連絡|支援|対応|終結|終了|会議|調整)予定",
    r"不在",
    r"(対応|支援|調整|検討|確認|相談|手続き?|申請|審査)中",
    r"見守り",
    r"様子を?見",
    r"経過観察",
    r"保留",
    r"再相談",
    r"再開",
    r"要(対応|確認|訪問|連絡|支援|フォロー|調整)",
    r"(次回|再度|後日)",
    r"未",
    r"拒否",
    r"つながら",
    r"連絡(が)?(取れ|とれ|つか)",
)
# Words of an end that are none: 「未終結」「終結見込み」「終了せず」.
_NOT_AN_END = re.compile(
    r"(未|非|一旦|いったん|仮)(終結|終了|完了|解決)|(終結|終了|完了|解決|取り?下げ)(予定|見込|見通|せず|しない|できず|に至らず|していない|ならず|検討|前|後|とせず|の方向|後再)"
    r"|(終結|終了)[→⇒>](再|継続)|のみでは|(解決|終結|終了|完了)しません|不(終結|完了)"
)
_NEEDS_A_LOOK = re.compile(r"死亡|逝去|亡くな|転出|転居|入所|入院|逮捕|収監|行方不明|失踪")
_CLOSED_BY = re.compile("|".join(_CLOSED))
_HANDED_BY = re.compile("|".join(_HANDED))
_OPEN_BY = re.compile("|".join(_OPEN))

LONG = 30

# What makes a row heavy, found in its own words.
_GRAVE = re.compile(
    r"死にたい|自殺|自死|自傷|消えたい|殺(す|され)|虐待|暴力|殴|DV|首を|飛び降り|餓死|衰弱|命", re.IGNORECASE
)
_HEAVY = re.compile(
    r"食べるもの|食べ物|所持金|電気が止|ガスが止|水道が止|退去|立ち退き|住むところ|家を出|ホームレス|車中泊|野宿|妊娠|乳児|未就学|ヤングケアラー"
    r"|出所|ごみ|ゴミ|認知症|拒否|断られ|眠れない"
)


def is_state(words: str) -> bool:
    """Whether words name a state of the matter (終結, 連絡待ち, 情報提供のみで終了 …) rather than a place or a deed."""
    plain = folded(words)
    return bool(plain) and bool(
        _CLOSED_BY.search(plain)
        or _HANDED_BY.search(plain)
        or _OPEN_BY.search(plain)
        or _NEEDS_A_LOOK.search(plain)
    )


def ending_by(
    *, outcome: str, destination: str = "", response: str = "", ended_on: str = "", note: str = ""
) -> tuple[EndingKind, str]:
    """(kind, why) from the words of a row. The outcome speaks first; without one, the response."""
    said, column = (outcome, "結果") if outcome.strip() else (response, "対応")
    plain = folded(said)
    place = f"({destination})" if destination else ""
    if _NEEDS_A_LOOK.search(plain):
        return EndingKind.STOCKTAKING, f"{column}に「{_short(said)}」とあるので、終わり方を確かめます。"
    if _NOT_AN_END.search(plain):
        return EndingKind.STOCKTAKING, f"{column}の「{_short(said)}」は、まだ終わっていないと読めます。"
    handed, opened = _HANDED_BY.search(plain), _OPEN_BY.search(plain)
    closed = next(reversed(list(_CLOSED_BY.finditer(plain))), None)
    if closed and len(plain) > LONG and closed.end() < len(plain) - 8:
        closed = None  # a story that mentions an end; only its last words could be the end of this matter
    if closed and opened:
        if re.search(
            r"(継続支援|継続相談|見守り)(を)?(終結|終了)|(連絡|電話|連絡が)(取れ|とれ|つか|つなが).*(終結|終了)|拒否.*(終結|終了)",
            plain,
        ):
            return (
                EndingKind.CLOSED_HISTORY,
                f"{column}に「{_short(said)}」とあるので、終わった記録にします。",
            )
        return EndingKind.STOCKTAKING, f"{column}の「{_short(said)}」は、終わったとも続いているとも読めます。"
    if closed:
        return EndingKind.CLOSED_HISTORY, f"{column}に「{_short(said)}」とあるので、終わった記録にします。"
    if ended_on and not opened:
        return EndingKind.CLOSED_HISTORY, f"終結日({ended_on})があるので、終わった記録にします。"
    if ended_on:
        return EndingKind.STOCKTAKING, f"終結日({ended_on})がありますが、{column}は「{_short(said)}」です。"
    if handed and not opened:
        if not destination:
            return (
                EndingKind.FOLLOWING_THROUGH,
                f"{column}に「{_short(said)}」とあり、つないだ結果がありません(つなぎ先の記入なし)。",
            )
        return (
            EndingKind.FOLLOWING_THROUGH,
            f"{column}に「{_short(said)}」{place}とあり、つないだ結果がありません。",
        )
    if opened:
        return EndingKind.STOCKTAKING, f"{column}が「{_short(said)}」で、まだ終わっていません。"
    if not plain and destination:
        return EndingKind.STOCKTAKING, f"つなぎ先{place}だけで、どうなったかが書かれていません。"
    if not plain:
        return EndingKind.STOCKTAKING, "どうなったかが書かれていません。"
    return EndingKind.STOCKTAKING, f"{column}の「{_short(said)}」からは、終わったかどうか分かりません。"


def heaviness(
    *, text: str, worries: dict[str, str], urgency: str, kind: EndingKind, unanswered: bool = False
) -> int:
    """0–100: how soon a worker should look. Life and violence first, then food and roof, then the number of worries."""
    if kind is EndingKind.CLOSED_HISTORY:
        return 0
    weight = 10 + 4 * min(len(worries), 5)
    weight += {"high": 30, "unclear": 15, "middle": 8}.get(urgency, 0)
    weight += 35 if _GRAVE.search(text) or VIOLENCE in worries else 0
    weight += 15 if _HEAVY.search(text) or FOOD in worries else 0
    weight += 5 if "double" in worries.values() else 0
    weight += 5 if unanswered else 0
    return min(weight, 100)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 24 else plain[:23] + "…"
