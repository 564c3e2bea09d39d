"""Whoever asks about another person, the silent word to those who answer for that person, and 心当たり照会 (sharing.md)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled

SENTENCE_TO_SAY = "どなたについても、ご相談の有無をお答えしていません。ご用件と連絡先を承ります。"
"""What is said to whoever asks about another person, known here or not."""

SAME_ANSWER = "担当がいれば、声をかけます。担当から連絡があるまで、そのままお進めください。"
"""What the one who pressed the button is told, whether anybody is there or not."""


class CallerRelation(Labelled):
    """Who asks about another person (尋ねてきた方). On the telephone nobody is believed."""

    SPOUSE = "spouse", "配偶者・パートナー"
    FORMER_SPOUSE = "former_spouse", "元の配偶者・パートナー"
    PARENT = "parent", "親"
    CHILD = "child", "子"
    SIBLING = "sibling", "きょうだい"
    KIN = "kin", "そのほかの親族"
    GUARDIAN = "guardian", "後見人・法定代理人という方"
    LAWYER = "lawyer", "弁護士・司法書士"
    SCHOOL = "school", "学校・園"
    POLICE = "police", "警察・検察・裁判所"
    EMPLOYER = "employer", "勤め先・大家・貸した人"
    NEIGHBOUR = "neighbour", "近所・知人"
    AGENCY = "agency", "関係機関・庁内の課"
    UNKNOWN = "unknown", "名乗らない・分からない"


# A body writes and is answered in writing by a decision; a person is called back on the number on file.
IN_WRITING = frozenset({CallerRelation.LAWYER, CallerRelation.SCHOOL, CallerRelation.POLICE})


class WordKind(Labelled):
    """What happened that those who answer for a person are told of at once (声かけ)."""

    CONSULTATION = "consultation", "相談"
    ASKED_ABOUT = "asked_about", "ほかの方についての問い合わせ"
    LOOKUP = "lookup", "検索"
    ENQUIRY = "enquiry", "心当たり照会"
    NUMBER = "number", "番号からの声かけ"
    GLASS = "glass", "緊急に開くための検索"


# Looking and pressing happen again and again: one word a day for each who asks and each person is enough.
ONCE_A_DAY = frozenset({WordKind.LOOKUP, WordKind.NUMBER})
MOST_PERSONS = 3
"""More unprotected persons than this fit a question by chance: then nobody of them is told."""


class EnquiryReply(Labelled):
    """What a holder answers to 心当たり照会."""

    INVOLVED = "involved", "関わっています・連絡ください"
    CANNOT_SAY = "cannot_say", "お答えできません"
    SOMEBODY_ELSE = "somebody_else", "別の方"


def is_worth_a_word(
    *, names: tuple[str, ...], readings: tuple[str, ...], phone: str, address: str, whole_birth: bool
) -> bool:
    """Whether what was typed says enough to mean one person. Looks at the typed words alone, never at who exists."""
    name, reading = sum(map(len, names)), sum(map(len, readings))
    digits = sum(letter.isdigit() for letter in phone)
    return (
        name >= 3 or reading >= 4 or digits >= 9 or len(address) >= 5 or (whole_birth and name + reading >= 1)
    )


def notice_of(kind: str, *, when: str, desk: str, relation: str, guarded: bool) -> str:
    """The sentence a holder is told: when, which desk, the relation of who asked. Never a name."""
    what = {
        WordKind.CONSULTATION: "あなたの担当の方のことかもしれない相談がありました",
        WordKind.ASKED_ABOUT: "あなたの担当の方のことかもしれない問い合わせがありました",
        WordKind.LOOKUP: "あなたの担当の方かもしれない検索がありました",
        WordKind.ENQUIRY: "あなたの担当の方かもしれない心当たり照会がありました",
        WordKind.NUMBER: "あなたの担当の記録の番号を開こうとした職員がいます",
        WordKind.GLASS: "あなたの担当の方かもしれない記録を、緊急に開こうとした職員がいます",
    }[WordKind(kind)]
    said = f"{when}、{desk}で、{what}。"
    if relation:
        said += f"尋ねた方は「{relation}」です。"
    if guarded:
        said += "相手方かもしれません。"
    return said
