"""Which words find which texts: written one way, asked another; and what must not be found."""

from __future__ import annotations

import re

import pytest

from tsunagi.search.rules import LONGEST, Text, TextKind, excerpt, question_of, tokens_of, vector_of

# (the text, what is asked). Answered by PostgreSQL itself in test_index.py; here by the lexemes alone.
FOUND = [
    ("長男は20年引きこもっている", "ひきこもり"), ("ひきこもりの息子", "引きこもり"), ("引き籠りの相談", "ひきこもり"), ("ヒキコモリの長男", "引きこもり"),
    ("ﾋｷｺﾓﾘ気味", "ひきこもり"), ("部屋に引き籠もる", "引きこもり"), ("家賃の滞納が3か月", "家賃 滞納"), ("家賃の滞納が3か月", "家賃滞納"),
    ("滞納した家賃", "滞納"), ("８０５０問題", "8050"), ("8050の世帯", "８０５０"), ("不登校の中学生", "不登校"), ("生活保護を受けている", "生活保護"),
    ("生活保護を申請した", "生保"), ("生保を受給", "生活保護"), ("社会福祉協議会に相談", "社協"), ("社協と訪問", "社会福祉協議会"),
    ("民生委員から連絡", "民生"), ("介護支援専門員と話す", "ケアマネ"), ("ケアマネージャーが同席", "ケアマネ"), ("ヤングケアラーの疑い", "ヤングケアラー"),
    ("ごみ屋敷になっている", "ゴミ屋敷"), ("ゴミ屋敷の片づけ", "ごみ屋敷"), ("発達障がいの診断", "発達障害"), ("障碍者手帳", "障害者手帳"),
    ("打合せをした", "打ち合わせ"), ("打ち合わせの日", "打合せ"), ("髙橋さんが来所", "高橋"), ("高橋さん", "髙橋"), ("渡邊様の件", "渡辺"),
    ("𠮷田さんに電話", "吉田"), ("電話に出ない", "電話"), ("電話した", "TEL"), ("留守だった", "不在"), ("児童相談所へ通告", "児相"),
    ("払えない", "払う"), ("食べるものがない", "食べる"), ("眠れていない", "眠れる"), ("父に殴られた", "殴る"), ("長岡京市開田2丁目", "開田"),
    ("ＤＶの相談", "DV"), ("配偶者暴力", "ＤＶ"), ("スクールソーシャルワーカーが訪問", "SSW"), ("認知症の検査", "認知症"), ("ﾃﾞｲｻｰﾋﾞｽを利用", "デイサービス"),
    ("通院が途切れた", "通院"), ("母と話した。長男は不在", "長男"), ("仕事を辞めた", "仕事"), ("借金の督促状", "督促"), ("水道が止まった", "水道"),
    ("葛󠄀城さん", "葛城"), ("保健師と同行訪問", "保健師"), ("保健師と同行訪問", "訪問"), ("フードバンクの米", "フードバンク"), ("アルコール依存", "依存"),
]  # fmt: skip
NOT_FOUND = [
    ("家賃を払った", "滞納"), ("滞納はあるが住まいの費用ではない", "家賃滞納"), ("母と話した", "父"), ("登校している", "不登校"), ("上がる", "上げる"),
    ("渡部さん", "渡辺"), ("電気が止まった", "水道"), ("中学生", "小学生"), ("訪問した", "電話"), ("社員食堂で食べた", "社協"), ("", "母"), ("母", "の"),
]  # fmt: skip


def answers(text: str, asked: str) -> bool:
    """What PostgreSQL does with `@@`, for questions of words side by side: enough for a table of words."""
    places: dict[str, set[int]] = {}
    for token in tokens_of(text):
        for lexeme in token.lexemes:
            places.setdefault(lexeme, set()).update({token.first, token.last})
    query = question_of(asked).tsquery
    return bool(query) and all(_way(part, places) for part in _split(query, " & "))


def _way(part: str, places: dict[str, set[int]]) -> bool:
    return bool(_ends(part, places))


def _ends(part: str, places: dict[str, set[int]]) -> set[int]:
    """Where a stretch that answers `part` ends."""
    part = _bare(part)
    ways = _split(part, " | ")
    if len(ways) > 1:
        return set().union(*(_ends(way, places) for way in ways))
    steps = _split(part, " <-> ")
    if len(steps) > 1:
        here = _ends(steps[0], places)
        for step in steps[1:]:
            here = {end for end in _ends(step, places) if end - 1 in here}
        return here
    word = re.fullmatch(r"'(.*)'(:\*)?", part)
    assert word, part
    lexeme = word[1].replace("''", "'").replace("\\\\", "\\")
    if word[2]:
        return set().union(*(found for known, found in places.items() if known.startswith(lexeme)))
    return places.get(lexeme, set())


def _bare(part: str) -> str:
    while part.startswith("(") and _closes(part) == len(part) - 1:
        part = part[1:-1]
    return part


def _closes(part: str) -> int:
    depth = 0
    for place, letter in enumerate(part):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place
    return -1


def _split(part: str, sign: str) -> list[str]:
    found, depth, begin = [], 0, 0
    for place, letter in enumerate(part):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and part.startswith(sign, place):
            found.append(part[begin:place])
            begin = place + len(sign)
    return [*found, part[begin:]]


def test_what_was_meant_is_found():
    assert [row for row in FOUND if not answers(*row)] == []


def test_what_was_not_asked_for_is_not_found():
    assert [row for row in NOT_FOUND if answers(*row)] == []


def test_the_table_is_long():
    assert len(FOUND) + len(NOT_FOUND) >= 60


@pytest.mark.parametrize("asked", ["", "の", "、。", "' \\ : * & ! | ( )", "を が に"])
def test_nothing_to_find_is_no_question(asked):
    assert question_of(asked).tsquery == ""


@pytest.mark.parametrize(
    "text",
    ["\ud800\x00\x07", "👪", "a" * 10_000, "'quoted' \\back", "𠮷" * 9_000],
    ids=["lost", "emoji", "long", "signs", "old"],
)
def test_messy_text_is_taken(text):
    assert isinstance(vector_of(text), str)


def test_a_very_long_text_is_read_to_its_limit():
    assert "終端語" not in vector_of("あ" * LONGEST + "終端語")


def test_a_text_stands_under_each_party():
    from datetime import UTC, datetime

    visit = Text(TextKind.CONTACT, 5, "訪問した", datetime(2026, 11, 24, tzinfo=UTC), parties=(3, 4, 3))
    assert visit.rows() == [(3, ("file:3",)), (4, ("file:4",))]
    letter = Text(TextKind.CONSULTATION, 6, "手紙", datetime(2026, 11, 24, tzinfo=UTC), offices=("desk:9",))
    assert letter.rows() == [(None, ("desk:9",))]


def test_what_is_shown_is_cut_and_marked():
    text = "前置き。" * 40 + "家賃の滞納が3か月。<b>次回</b>は社協と訪問する。" + "あと。" * 60
    pieces = excerpt(text, question_of("家賃滞納"))
    assert [piece.words for piece in pieces if piece.marked] == ["家賃", "滞納"]
    whole = "".join(piece.words for piece in pieces)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) < 200
    assert "<b>" in whole  # a template escapes it; nothing here makes markup
