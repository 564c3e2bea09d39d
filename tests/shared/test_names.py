"""Names: what must be found by another spelling, what must stay two names, and what is shown as given."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.names import (
    display_ok,
    fold_kana,
    fold_name,
    loose_kana,
    may_be_name_lost,
    similar,
    spellings,
    tokens,
)
from tsunagi.shared.old_forms import GROUPS

names = st.text(
    st.sampled_from(
        "山田渡邉邊辺髙高﨑齋斉𠮷吉々ノ之瀬花子あいうおケイイチーヴァィョッヅヂヲ゛ﾊﾟｻﾄｳ Aéñß・-　?\U000e0100"
    ),
    max_size=12,
)
kana = st.text(st.sampled_from("アイウエオカキコサシタチツトノユヨリンッャュョーヅヂヲヴァ"), max_size=10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡辺花子", "渡邊花子"),
        ("渡辺花子", "渡邉　花子"),
        ("斎藤", "齋藤"),
        ("斎藤", "斉藤"),
        ("斎藤", "齊藤"),
        ("高橋", "髙橋"),
        ("高橋", "髙𣘺"),
        ("山崎", "山﨑"),
        ("山崎", "山嵜"),
        ("山崎", "山碕"),
        ("吉田翼", "𠮷田　翼"),
        ("浜田", "濱田"),
        ("浜田", "濵田"),
        ("沢田", "澤田"),
        ("広田", "廣田"),
        ("国枝", "國枝"),
        ("桜井", "櫻井"),
        ("島田", "嶋田"),
        ("島田", "嶌田"),
        ("富田", "冨田"),
        ("竜一", "龍一"),
        ("浅井", "淺井"),
        ("恵子", "惠子"),
        ("真理", "眞理"),
        ("徳子", "德子"),
        ("黒田", "黑田"),
        ("渋谷", "澁谷"),
        ("渋谷", "澀谷"),
        ("栄子", "榮子"),
        ("円", "圓"),
        ("関", "關"),
        ("神谷", "神谷"),
        ("祐子", "祐子"),
        ("塚本", "塚本"),
        ("戸田", "戶田"),
        ("曽我", "曾我"),
        ("滝", "瀧"),
        ("峰", "峯"),
        ("実", "實"),
        ("渕上", "淵上"),
        ("秋山", "穐山"),
        ("鶴田", "靏田"),
        ("葛城", "葛\U000e0100城"),
        ("辻", "辻\U000e0101"),
        ("辻", "辻\ufe00"),
        ("一ノ瀬", "一之瀬"),
        ("一ノ瀬", "一の瀬"),
        ("関ヶ原", "関ケ原"),
        ("佐々木稔", "佐佐木　稔"),
        ("さくら", "サクラ"),
        ("みすゞ", "みすず"),
        ("田中 太郎", "田中太郎"),
        ("田中\u3000太郎", "田中・太郎"),
        ("Nguyễn Văn Anh", "ＮＧＵＹＥＮ ｖａｎ ａｎｈ"),
        ("José", "JOSE"),
        ("Łukasz", "LUKASZ"),
        ("O'Brien", "O’BRIEN"),
        ("Anna-Maria", "ANNA MARIA"),
        ("ジョン・スミス", "ｼﾞｮﾝ ｽﾐｽ"),
        ("ヴィクトル", "ビクトル"),
    ],
)
def test_one_name_in_two_spellings(one, other):
    assert fold_name(one) == fold_name(other)
    assert similar(one, other) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡辺", "渡部"),
        ("吉田", "古田"),
        ("坂田", "阪田"),
        ("川崎", "河崎"),
        ("太田", "大田"),
        ("小野", "大野"),
        ("阿部", "安部"),
        ("伊藤", "伊東"),
        ("佐藤", "左藤"),
        ("畑山", "畠山"),
        ("荻原", "萩原"),
        ("岩", "巌"),
        ("修", "脩"),
        ("祐子", "裕子"),
        ("雅之", "雅乃"),
        ("綾", "彩"),
        ("山田太郎", "山田次郎"),
        ("井上", "井ノ上"),
        ("竹内", "武内"),
        ("菊地", "菊池"),
        ("JOHN SMITH", "JOAN SMITH"),
        ("", "山田"),
    ],
)
def test_two_names_stay_two(one, other):
    assert fold_name(one) != fold_name(other)
    assert similar(one, other) <= 95


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サトウ ハナコ", "ｻﾄｳ ﾊﾅｺ"),
        ("サトウ ハナコ", "さとう　はなこ"),
        ("サトウハナコ", "サトー・ハナコ"),
        ("ヨシダ", "ﾖｼﾀﾞ"),
        ("ヨシダ", "ヨシタ\u3099"),
        ("ヨシダ", "ヨシタ゛"),
        ("パク", "ﾊﾟｸ"),
        ("ショウコ", "ｼﾖｳｺ"),
        ("ショウコ", "ショーコ"),
        ("ハットリ", "ﾊﾂﾄﾘ"),
        ("コウイチ", "コオイチ"),
        ("コウイチ", "コーイチ"),
        ("コウイチ", "ｺ-ｲﾁ"),
        ("ケイコ", "ケエコ"),
        ("ケイコ", "ケーコ"),
        ("ユウコ", "ユーコ"),
        ("オオノ", "オーノ"),
        ("オオノ", "オウノ"),
        ("ケイイチ", "ケーイチ"),
        ("シズ", "シヅ"),
        ("チヂワ", "チジワ"),
        ("カヲル", "カオル"),
        ("チヱ", "チエ"),
        ("ヰチロウ", "イチロー"),
        ("ヴァン", "バン"),
        ("ヴィオラ", "ビオラ"),
        ("ヴュルツ", "ビュルツ"),
        ("ゔぁん", "バン"),
        ("マリー", "マリ−"),
    ],
)
def test_one_reading_in_two_spellings(one, other):
    assert fold_kana(one) == fold_kana(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("オノ", "オオノ"),
        ("ユキ", "ユウキ"),
        ("コジ", "コウジ"),
        ("エコ", "エイコ"),
        ("オウラ", "オオウラ"),
        ("ハシモト", "バシモト"),
        ("ヤマサキ", "ヤマザキ"),
        ("サトウ", "サトミ"),
        ("アベ", "アンベ"),
        ("ジュンイチ", "ジュニチ"),
    ],
)
def test_two_readings_stay_two(one, other):
    assert fold_kana(one) != fold_kana(other)
    assert similar(one, other) < 90


@pytest.mark.parametrize(
    ("one", "other"),
    [("オノ", "オオノ"), ("ユキ", "ユウキ"), ("コウジ", "コジ"), ("エイコ", "エコ"), ("マリ", "マリー")],
)
def test_the_loose_key_forgets_the_length_of_vowels(one, other):
    assert loose_kana(one) == loose_kana(other)


def test_the_parts_of_a_name():
    assert tokens("Nguyễn Văn Anh") == ["NGUYEN", "VAN", "ANH"]
    assert tokens("ジョン・スミス") == ["ジヨン", "スミス"]
    assert tokens("　渡邉　 花子 ") == ["渡辺", "花子"]
    assert tokens(" ・ ") == []


def test_a_foreign_name_is_found_in_any_order():
    assert spellings("JOHN SMITH") & spellings("Smith, John")
    assert spellings("ジョン・スミス") & spellings("スミス ジョン")
    assert spellings("John Smith", "ジョン・スミス") & spellings("ｽﾐｽ ｼﾞｮﾝ")
    assert not spellings("山田 花子") & spellings("花子 山田")
    assert spellings("", "　") == frozenset()
    assert spellings("オノ ウタ") & spellings("オノウタ")


@pytest.mark.parametrize(
    "text", ["?田亮介", "？田亮介", "〓田亮介", "□田亮介", "\ue000田亮介", "\ufffd田亮介"]
)
def test_a_lost_character_is_seen_and_left_open(text):
    assert may_be_name_lost(text)
    assert similar(text, "吉田　亮介") == 95
    assert similar(text, "吉田　亮子") < 95
    assert similar(text, "亮介") < 95


@pytest.mark.parametrize("text", ["吉田亮介", "𠮷田", "葛\U000e0100城", "ｻﾄｳ", "O'Brien", ""])
def test_a_whole_name_has_lost_nothing(text):
    assert not may_be_name_lost(text)


def test_nothing_is_like_everything():
    assert similar("", "") == 0
    assert similar("〓〓", "山田") < 50
    assert similar("?", "山") < 50


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("神谷", "神谷"),
        ("髙﨑", "髙﨑"),
        ("ﾖｼﾀﾞ", "ﾖｼﾀﾞ"),
        ("が\u3099", "が\u3099"),
        ("か\u3099く", "がく"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        (" 山田　太郎", " 山田　太郎"),
    ],
)
def test_a_name_is_shown_as_stored(stored, shown):
    assert display_ok(stored) == shown


def test_the_table_of_old_forms_is_sound():
    groups = GROUPS.split()
    letters = [unicodedata.normalize("NFKC", letter) for group in groups for letter in group]
    assert len(letters) == len(set(letters))
    assert all(len(letter) == 1 for letter in letters)
    assert sum(len(group) - 1 for group in groups) >= 500
    for group in groups:
        assert len({fold_name(letter) for letter in group}) == 1


@given(st.one_of(names, st.text(max_size=10)))
def test_folding_a_key_gives_the_key(text):
    for fold in (fold_name, fold_kana, loose_kana, display_ok):
        assert fold(fold(text)) == fold(text)


@given(names, names)
def test_likeness_is_mutual_and_bounded(one, other):
    assert similar(one, other) == pytest.approx(similar(other, one))
    assert 0 <= similar(one, other) <= 100
    if similar(one, other) == 100:
        assert spellings(one) & spellings(other)


@given(kana)
def test_width_and_script_do_not_count(text):
    hiragana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヴ" else letter for letter in text)
    assert fold_kana(hiragana) == fold_kana(text)
    assert fold_kana(unicodedata.normalize("NFD", text)) == fold_kana(text)
    assert fold_kana(" ".join([text[:3], text[3:]])) == fold_kana(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_old_forms_never_change_the_length_or_the_display(text):
    assert len(fold_name(text)) == len(text)
    assert display_ok(text) == text
