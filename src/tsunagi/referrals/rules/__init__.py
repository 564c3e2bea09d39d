"""Closed-loop hand-overs (つなぎ): states, and what may follow what (domain.md §2.3, holding.md H4–H5)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class ReferralState(Labelled):
    """Where a referral stands. Responsibility passes on acceptance, never on sending (H4)."""

    SENT = "sent", "返事待ち"
    CONSIDERING = "considering", "検討中"
    ACCEPTED = "accepted", "受けた"
    PARTLY = "partly", "一部を受けた"
    DECLINED = "declined", "受けられない"
    WITHDRAWN = "withdrawn", "取り下げた"


class ReferralDeed(Labelled):
    """What can be done with a referral."""

    SEE = "see", "開いた"
    CONSIDER = "consider", "検討する"
    ASK_BACK = "ask_back", "聞き返す"
    CONFIRM_ORAL = "confirm_oral", "口頭で受けてもらった"
    ACCEPT = "accept", "受ける"
    DECLINE = "decline", "受けられない"
    WITHDRAW = "withdraw", "取り下げる"
    FIRST_CONTACT = "first_contact", "はじめて会えた"
    RESULT = "result", "結果を知らせる"


class RowState(Labelled):
    """What became of one concern of a referral."""

    OFFERED = "offered", "返事待ち"
    ACCEPTED = "accepted", "受けた"
    DECLINED = "declined", "受けられない"
    WITHDRAWN = "withdrawn", "取り下げた"


class ReferralResult(Labelled):
    """What the receiver reports in the end (結果)."""

    CONNECTED = "connected", "つながった"
    PARTLY = "partly", "一部つながった"
    NOT_CONNECTED = "not_connected", "つながらなかった"
    PERSON_DECLINED = "person_declined", "本人が望まなかった"
    ONGOING = "ongoing", "支援を続けている"


class PersonTold(Labelled):
    """Whether the person knows of the referral."""

    AGREED = "agreed", "本人が了解している"
    TOLD = "told", "伝えた"
    NOT_YET = "not_yet", "まだ伝えていない"
    WITHOUT = "without", "伝えずに行う(わけを書く)"


NOT_WITHIN = "この機関は、本人の同意の範囲に入っていません。下の「同意」でいま記録するか、ほかの根拠を選んで、わけを書いてください。"


def check_within_consent(ground: str, *, within: bool, consent_grounds: Collection[str]) -> None:
    """Raise Refused where only the person's word would open, and they did not give it for this office (69条2項1号, 27条1項)."""
    if ground in consent_grounds and not within:
        raise Refused(NOT_WITHIN, field="consent")


OPEN_STATES = frozenset({ReferralState.SENT, ReferralState.CONSIDERING})

# (state, deed) -> next state. What is missing is refused.
NEXT: dict[tuple[ReferralState, ReferralDeed], ReferralState] = {
    (ReferralState.SENT, ReferralDeed.SEE): ReferralState.SENT,
    (ReferralState.SENT, ReferralDeed.CONSIDER): ReferralState.CONSIDERING,
    (ReferralState.SENT, ReferralDeed.ASK_BACK): ReferralState.SENT,
    (ReferralState.SENT, ReferralDeed.CONFIRM_ORAL): ReferralState.SENT,
    (ReferralState.SENT, ReferralDeed.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.SENT, ReferralDeed.DECLINE): ReferralState.DECLINED,
    (ReferralState.SENT, ReferralDeed.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.CONSIDERING, ReferralDeed.SEE): ReferralState.CONSIDERING,
    (ReferralState.CONSIDERING, ReferralDeed.CONSIDER): ReferralState.CONSIDERING,
    (ReferralState.CONSIDERING, ReferralDeed.ASK_BACK): ReferralState.CONSIDERING,
    (ReferralState.CONSIDERING, ReferralDeed.CONFIRM_ORAL): ReferralState.CONSIDERING,
    (ReferralState.CONSIDERING, ReferralDeed.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.CONSIDERING, ReferralDeed.DECLINE): ReferralState.DECLINED,
    (ReferralState.CONSIDERING, ReferralDeed.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.ACCEPTED, ReferralDeed.ASK_BACK): ReferralState.ACCEPTED,
    (ReferralState.ACCEPTED, ReferralDeed.FIRST_CONTACT): ReferralState.ACCEPTED,
    (ReferralState.ACCEPTED, ReferralDeed.RESULT): ReferralState.ACCEPTED,
    (ReferralState.PARTLY, ReferralDeed.ASK_BACK): ReferralState.PARTLY,
    (ReferralState.PARTLY, ReferralDeed.FIRST_CONTACT): ReferralState.PARTLY,
    (ReferralState.PARTLY, ReferralDeed.RESULT): ReferralState.PARTLY,
    (ReferralState.DECLINED, ReferralDeed.ASK_BACK): ReferralState.DECLINED,
}


def next_state(state: str, deed: ReferralDeed) -> ReferralState:
    """Where the deed leads, or Refused with what happened before."""
    following = NEXT.get((ReferralState(state), deed))
    if following is not None:
        return following
    said = ReferralState(state)
    if said in (ReferralState.ACCEPTED, ReferralState.PARTLY):
        raise Refused("このつなぎは、すでに受けられています。画面を開き直して、いまの様子を見てください。")
    if said is ReferralState.DECLINED:
        raise Refused("このつなぎは、受けられないと返事がありました。課題は送った機関に戻っています。")
    if said is ReferralState.WITHDRAWN:
        raise Refused("このつなぎは、送った機関が取り下げました。")
    raise Refused("まだ返事がありません。返事を記録してから、次に進んでください。")


# -- 返信番号: what comes back by FAX is read by eye, so the number says itself when it was misread ---------------------

# Damm's quasigroup of order ten: finds every single wrong digit and every swap of two neighbours (H. M. Damm, 2004).
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SHORTEST_COUNT = 5


def check_digit(digits: str) -> str:
    """The digit that belongs behind these digits (ASCII)."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def reply_number(number: str) -> str:
    """「つ8-00012」 → 「08-00012-2」: the year, the count and a check digit, as the 返信票 prints them."""
    year, _, count = number.removeprefix("つ").partition("-")
    digits = f"{int(year):02d}{int(count):0{_SHORTEST_COUNT}d}"
    return f"{digits[:2]}-{digits[2:]}-{check_digit(digits)}"


def referral_number(typed: str) -> str:
    """「08-00012-2」, however it is spaced → 「つ8-00012」. Raises Refused when digits are missing or one was misread."""
    digits = "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter in "0123456789")
    if len(digits) < 2 + _SHORTEST_COUNT + 1:
        raise Refused(
            "返信票の番号は8けたです。票の右上にある大きな番号を、右端の1けたまで入れてください。",
            field="number",
        )
    if len(digits) > 12 or check_digit(digits[:-1]) != digits[-1]:
        raise Refused(
            "番号のどこかが読み違っているようです。FAXでは3と8、1と7、5と6がよく似ます。票の上と下の番号を見くらべて、入れ直してください。",
            field="number",
        )
    return f"つ{int(digits[:2])}-{int(digits[2:-1]):0{_SHORTEST_COUNT}d}"
