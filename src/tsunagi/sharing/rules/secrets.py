"""Facts under a special secret (税・水道・生活保護・医療・要対協・住基) and the three doors they come in by (sharing.md)."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class SecretKind(Labelled):
    """Which special secret a fact is under."""

    TAX = "tax", "税(地方税法22条)"
    WATER = "water", "水道の使用・料金"
    WELFARE = "welfare", "生活保護"
    MEDICAL = "medical", "医療・健診"
    CHILDREN = "children", "要対協で知ったこと"
    RESIDENCE = "residence", "住民基本台帳・戸籍"


class Door(Labelled):
    """The three doors. As long as none is chosen the text is its writer's alone."""

    CONSENT = "consent", "本人の同意あり(連絡票)"
    NOTICED = "noticed", "その秘密を含まない気づき"
    MEETING = "meeting", "支援会議の求めに応じて"


@dataclass(frozen=True)
class DoorWish:
    """Which door, and what it asks for: the consent slip's number, the other words, or who of the meeting asked."""

    door: str = ""
    slip_number: str = ""
    shown_words: str = ""
    meeting_words: str = ""


def check_door(wish: DoorWish, *, secret_words: str) -> None:
    """Raise Refused with what the chosen door still needs. No door at all is always right."""
    if wish.door == Door.CONSENT and not wish.slip_number.strip():
        raise Refused(
            "同意をもらった連絡票の番号を入れてください。まだなら、連絡票を印刷できます。",
            field="slip_number",
        )
    if wish.door == Door.NOTICED:
        if not wish.shown_words.strip():
            raise Refused(
                "秘密の中身を書かずに、気づいたことだけを書いてください。例：家計のことで困っておられるようです。",
                field="shown_words",
            )
        if wish.shown_words.strip() == secret_words.strip():
            raise Refused(
                "秘密を含む文と同じです。金額・滞納・病名などを除いて書き直してください。",
                field="shown_words",
            )
    if wish.door == Door.MEETING and not wish.meeting_words.strip():
        raise Refused("どの支援会議の、だれの求めか(日付も)を書いてください。", field="meeting_words")
