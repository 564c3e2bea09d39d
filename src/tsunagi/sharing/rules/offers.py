"""Which grounds can be right between two bodies, and which one is proposed (sharing.md 「根拠」)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsunagi.accounts.rules import LegalKind as K
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

from .grounds import CITY_BODIES, SHIPPED, GroundCard, by_code


class MeetingBasis(Labelled):
    """The basis of the meeting item the information is for; an item has exactly one."""

    SUPPORT = "06", "支援会議(社会福祉法106条の6)"
    SUPPORT_POVERTY = "07", "支援会議(困窮者自立支援法9条)"
    CHILDREN = "08", "要保護児童対策地域協議会"
    COORDINATION = "11", "調整会議(生活保護法27条の3)"
    WOMEN = "16", "支援調整会議(困難女性支援法15条)"
    LONELINESS = "17", "孤独・孤立対策地域協議会"
    OTHER = "18", "ほかの法律の会議"


# What opens only when the thing itself happened: a report, a demand. Offered, never proposed by the kinds alone.
_BY_EVENT = frozenset({"09", "10", "12", "15", "20", "21", "22", "23"})
_MEETINGS = frozenset(basis.value for basis in MeetingBasis)


@dataclass(frozen=True)
class Offer:
    """A ground that can be right here. `proposed`: pre-chosen (exactly one); changing it asks why.

    `missing` is the sentence for what is still needed before anything opens, "" when nothing is.
    """

    ground: GroundCard
    proposed: bool
    missing: str


def same_body(giver: str, receiver: str) -> bool:
    """Whether both are the same organ of the city (実施機関). 教育委員会 and 水道 are bodies of their own."""
    return giver == receiver and giver in CITY_BODIES


def works_for_the_other(giver: str, receiver: str) -> bool:
    """Whether one handles personal data for the other by contract (委託): that is use, not giving (66条)."""
    pair = {giver, receiver}
    return pair in ({K.MAYOR.value, K.ENTRUSTED.value}, {K.ENTRUSTED.value})


def grounds_between(
    giver: str,
    receiver: str,
    *,
    consent: bool,
    meeting: str = "",
    source: str = "",
    cards: Iterable[GroundCard] = SHIPPED,
) -> list[Offer]:
    """The grounds that can be right from `giver` to `receiver` (legal kinds), the proposed one first.

    `consent`: the person agreed to this. `meeting`: the basis of the item it is for (`MeetingBasis`). `source`: the code
    of what happened (09 a report, 21 an enquiry …) when that is why. Raises Refused for a ground that cannot be meant.
    """
    giver, receiver = K(giver).value, K(receiver).value
    known = by_code(cards)
    if source and source not in known:
        raise Refused("その根拠は登録されていません。根拠を選び直してください。", field="ground")
    fitting = [card for card in known.values() if _fits(card, giver, receiver, meeting)]
    chosen = _proposal(giver, receiver, consent=consent, meeting=meeting, source=source)
    codes = [card.code for card in fitting]
    if chosen not in codes:
        chosen = next((code for code in ("02", "30", "99") if code in codes), codes[0] if codes else "")
    offers = [Offer(card, card.code == chosen, _missing(card, consent)) for card in fitting]
    return sorted(offers, key=lambda offer: (not offer.proposed, offer.ground.code))


def _fits(card: GroundCard, giver: str, receiver: str, meeting: str) -> bool:
    if giver not in card.givers or receiver not in card.receivers:
        return False
    individual = receiver == K.INDIVIDUAL
    one_body = same_body(giver, receiver)
    entrusted = works_for_the_other(giver, receiver)
    if card.code == "01":
        return one_body or entrusted or individual
    if card.code == "03":
        return one_body or (individual and giver == K.MAYOR)
    if card.code == "04":
        return not one_body and not entrusted
    if card.code in _MEETINGS:
        # 29条の調査 (11) needs no meeting; everything else in a council's box comes by its own meeting alone.
        return card.code == meeting or (card.code == "11" and not meeting)
    return True


def _proposal(giver: str, receiver: str, *, consent: bool, meeting: str, source: str) -> str:
    if meeting:
        return meeting
    if source in _BY_EVENT:
        return source
    if giver == K.PRIVATE:
        return "30"
    if giver == K.INDIVIDUAL:
        # A neighbour or 民生委員 who tells the city needs nobody's leave.
        return "30" if consent or receiver in (K.PRIVATE, K.INDIVIDUAL) else "33"
    if giver == K.ASSEMBLY:
        return "99"
    if same_body(giver, receiver) or works_for_the_other(giver, receiver):
        return "01"
    if consent or receiver in (K.PRIVATE, K.INDIVIDUAL):
        return "02"
    return "04"


def _missing(card: GroundCard, consent: bool) -> str:
    if card.needs_consent and not consent:
        return "本人の同意がまだありません。説明して同意を聞いてください。"
    if card.code == "99":
        return "個人情報管理者の了承が必要です。了承されるまで、何も開きません。"
    if card.needs_second_person:
        return "もうひとりの職員か決裁が必要です。"
    return ""
