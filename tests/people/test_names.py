"""Who is found by what somebody types: one city, one table of questions."""

from __future__ import annotations

import pytest

from tests.factories import NOW, TODAY, a_worker, office_of
from tsunagi.accounts.models import Worker
from tsunagi.people.actions import register_person
from tsunagi.people.queries import lookup
from tsunagi.people.rules import NewAddress, NewAlias

pytestmark = pytest.mark.django_db

# key → what was written down. All invented.
CITY: dict[str, dict] = {
    "渡邊花子": {"name": "渡邊　花子", "kana": "ワタナベ　ハナコ", "birth": "S23.1.15", "phones": ["075-955-1234"],
              "addresses": ["長岡京市開田2丁目25番14号"]},
    "渡辺英子": {"name": "渡辺 英子", "kana": "ﾜﾀﾅﾍﾞ ｴｲｺ", "birth": "1950-03-02"},
    "渡部修": {"name": "渡部 修", "kana": "ワタベ オサム"},
    "齋藤": {"name": "齋藤 陽子", "kana": "サイトウ ヨウコ", "birth": "昭和40年"},
    "斉藤健": {"name": "斉藤健", "kana": "サイトウケン"},
    "髙橋": {"name": "髙橋 直樹", "kana": "タカハシ ナオキ", "phones": ["０９０－１２３４－５６７８"]},
    "山﨑": {"name": "山﨑 大輔", "kana": "ヤマサキ ダイスケ"},
    "𠮷田": {"name": "𠮷田 さくら", "kana": "ヨシダ サクラ"},
    "濵田": {"name": "濵田 進", "kana": "ハマダ ススム"},
    "佐々木": {"name": "佐々木 翔", "kana": "ササキ ショウ"},
    "小野": {"name": "小野 優希", "kana": "オノ ユキ"},
    "大野": {"name": "大野 祐樹", "kana": "オオノ ユウキ"},
    "一ノ瀬": {"name": "一ノ瀬 圭一", "kana": "イチノセ ケイイチ"},
    "長谷川": {"name": "長谷川雅之", "kana": "ハセガワマサユキ"},
    "林": {"name": "林修", "kana": "ハヤシ オサム"},
    "中村かな": {"name": "", "kana": "ﾅｶﾑﾗ ﾖｳｺ"},
    "グエン": {"name": "NGUYEN THI LAN", "kana": "グエン ティ ラン", "aliases": [NewAlias("田中 蘭", "タナカ ラン")]},
    "スミス": {"name": "John Smith", "kana": "ジョン・スミス"},
    "サントス": {"name": "MARIA CLARA DOS SANTOS", "kana": "マリア クララ ドス サントス"},
    "ヴァン": {"name": "VAN HOUTEN PIETER", "kana": "ヴァン ハウテン ピーテル"},
    "塚本": {"name": "塚󠄀本 一郎", "kana": "ツカモト イチロウ"},
    "神谷": {"name": "神谷 みつる", "kana": "カミヤ ミツル"},
    "島崎": {"name": "嶋﨑 薫", "kana": "シマザキ カオル"},
    "沢田": {"name": "澤田 龍之介", "kana": "サワダ リュウノスケ"},
    "辻": {"name": "辻󠄁 千鶴", "kana": "ツジ チヅル"},
    "広瀬": {"name": "廣瀨 美津江", "kana": "ヒロセ ミツエ", "aliases": ["森 美津江"]},
    "旧姓": {"name": "西川 久美", "kana": "ニシカワ クミ", "aliases": [NewAlias("東 久美", "ヒガシ クミ", "maiden")]},
    "緑が丘": {"name": "石原 恵", "kana": "イシハラ メグミ", "addresses": ["京都府長岡京市緑ヶ丘２－１６－１１"]},
    "名なし": {"phones": ["0759517487"], "addresses": [NewAddress("花山2丁目24番18号")]},
}  # fmt: skip

FOUND = [
    # old and variant forms
    ("渡辺花子", "渡邊花子"), ("渡邉 花子", "渡邊花子"), ("渡邊", "渡邊花子"), ("渡辺", "渡邊花子"), ("渡辺", "渡辺英子"),
    ("斎藤陽子", "齋藤"), ("斉藤 陽子", "齋藤"), ("齊藤", "齋藤"), ("斎藤 健", "斉藤健"), ("高橋", "髙橋"), ("高橋直樹", "髙橋"),
    ("山崎", "山﨑"), ("山嵜 大輔", "山﨑"), ("吉田", "𠮷田"), ("浜田", "濵田"), ("濱田進", "濵田"), ("佐佐木", "佐々木"),
    ("佐々木翔", "佐々木"), ("塚本", "塚本"), ("神谷", "神谷"), ("島崎", "島崎"), ("嶋崎 薫", "島崎"), ("沢田 竜之介", "沢田"),
    ("広瀬", "広瀬"), ("廣瀬 美津江", "広瀬"), ("辻", "辻"), ("一之瀬", "一ノ瀬"), ("一の瀬 圭一", "一ノ瀬"),
    # kana, width, long vowels, small letters
    ("わたなべ", "渡邊花子"), ("ワタナベ", "渡辺英子"), ("ﾜﾀﾅﾍﾞ", "渡邊花子"), ("わたなべはなこ", "渡邊花子"), ("さいとうようこ", "齋藤"),
    ("サイトーヨーコ", "齋藤"), ("さいとう けん", "斉藤健"), ("よしだ さくら", "𠮷田"), ("ヨシダサクラ", "𠮷田"), ("ササキ シヨウ", "佐々木"),
    ("ささきしょう", "佐々木"), ("オーノ ユーキ", "大野"), ("おおのゆうき", "大野"), ("いちのせけーいち", "一ノ瀬"), ("なかむらようこ", "中村かな"),
    ("ナカムラ ヨーコ", "中村かな"), ("りゅうのすけ", "沢田"), ("サワダ リユウノスケ", "沢田"), ("ちづる", "辻"), ("チズル", "辻"),
    ("つじちずる", "辻"), ("みつえ", "広瀬"), ("ﾊｾｶﾞﾜ", "長谷川"), ("ｸﾞｴﾝ", "グエン"),
    # beginnings and order
    ("わた", "渡邊花子"), ("渡", "渡邊花子"), ("花子 渡", "渡邊花子"), ("はなこ わたなべ", "渡邊花子"), ("花子", "渡邊花子"), ("ハナコ", "渡邊花子"),
    ("修 林", "林"), ("林 修", "林"), ("雅之", "長谷川"), ("まさゆき", "長谷川"), ("長谷川 雅之", "長谷川"), ("渡辺 は", "渡邊花子"),
    ("健 斉藤", "斉藤健"), ("たかはしn", "髙橋"), ("さく", "𠮷田"),
    # foreign names, aliases
    ("nguyen", "グエン"), ("Nguyễn Thị Lan", "グエン"), ("LAN NGUYEN", "グエン"), ("らん ぐえん", "グエン"), ("田中蘭", "グエン"),
    ("たなか らん", "グエン"), ("smith john", "スミス"), ("ＪＯＨＮ　ＳＭＩＴＨ", "スミス"), ("すみす", "スミス"), ("ジョン", "スミス"),
    ("maria santos", "サントス"), ("Santos", "サントス"), ("dos santos maria clara", "サントス"), ("バン ハウテン", "ヴァン"),
    ("ヴァンハウテン", "ヴァン"), ("pieter", "ヴァン"), ("森美津江", "広瀬"), ("東 久美", "旧姓"), ("ひがし くみ", "旧姓"),
    # dates, numbers, addresses
    ("S23.1.15", "渡邊花子"), ("昭和23年1月15日", "渡邊花子"), ("1948-01-15", "渡邊花子"), ("渡辺 S23.1.15", "渡邊花子"), ("S25.3.2", "渡辺英子"),
    ("昭和40年", "齋藤"), ("075-955-1234", "渡邊花子"), ("０７５９５５１２３４", "渡邊花子"), ("955-1234", "渡邊花子"), ("075-955-12", "渡邊花子"),
    ("+81-75-955-1234", "渡邊花子"), ("090 1234 5678", "髙橋"), ("09012345678", "髙橋"), ("075-951-7487", "名なし"),
    ("開田2-25-14", "渡邊花子"), ("京都府長岡京市開田二丁目25番14号", "渡邊花子"), ("開田２ー２５", "渡邊花子"), ("緑が丘2-16-11", "緑が丘"),
    ("緑ケ丘2丁目16番11号", "緑が丘"), ("花山2-24-18", "名なし"),
    # and once more, as they come over the telephone
    ("ハマダ", "濵田"), ("はまだ すすむ", "濵田"), ("石原恵", "緑が丘"), ("いしはら めぐみ", "緑が丘"), ("しまざき", "島崎"),
    ("ひろせみつえ", "広瀬"), ("ジョンスミス", "スミス"), ("ｽﾐｽ", "スミス"), ("マリア サントス", "サントス"), ("さわだ", "沢田"),
    ("1948/1/15", "渡邊花子"), ("にしかわ", "旧姓"), ("西川久美", "旧姓"), ("わたなべ 075-955-1234", "渡邊花子"),
]  # fmt: skip

NOT_FOUND = [
    # other people, however near
    ("渡部", "渡邊花子"), ("渡辺", "渡部修"), ("わたべ", "渡邊花子"), ("渡邊 英子", "渡邊花子"), ("山崎 直樹", "髙橋"),
    ("おの たろう", "大野"), ("高橋 花子", "渡邊花子"), ("佐藤 健", "斉藤健"), ("修一", "林"), ("花", "林"), ("Smythe", "スミス"),
    ("Nguyen Van", "グエン"), ("田中花", "グエン"), ("S23.1.16", "渡邊花子"), ("S24.1.15", "渡邊花子"), ("075-955-1235", "渡邊花子"),
    ("090-1234-5679", "髙橋"), ("開田2-26-14", "渡邊花子"), ("東開田2-25-14", "渡邊花子"), ("向日市開田2-25-14", "渡邊花子"),
    ("中野", "中村かな"), ("べ", "渡邊花子"), ("子", "渡邊花子"), ("サント", "齋藤"), ("西野", "旧姓"), ("%", "渡邊花子"), ("_", "渡邊花子"),
    ("石原 薫", "緑が丘"), ("西川 花子", "旧姓"), ("はまだ はなこ", "濵田"), ("長谷部", "長谷川"), ("辻本", "辻"), ("林田", "林"),
    ("123", "渡邊花子"), ("", "渡邊花子"), ("'; DROP TABLE people_person; --", "渡邊花子"),
]  # fmt: skip


def a_city(worker: Worker) -> dict[str, int]:
    office = office_of(worker).pk
    return {
        key: register_person(by=worker, at=NOW, office=office, **said).pk  # type: ignore[arg-type]
        for key, said in CITY.items()
    }


def test_everybody_is_found_however_they_are_written():
    worker = a_worker()
    city = a_city(worker)
    missed = [
        (text, who)
        for text, who in FOUND
        if city[who] not in [card.person_id for card in lookup(worker, text, on=TODAY, trail=False)]
    ]
    assert not missed


def test_nobody_is_found_who_was_not_asked_for():
    worker = a_worker()
    city = a_city(worker)
    wrong = [
        (text, who)
        for text, who in NOT_FOUND
        if city.get(who) in [card.person_id for card in lookup(worker, text, on=TODAY, trail=False)]
    ]
    assert not wrong


def test_there_are_many_questions():
    assert len(FOUND) + len(NOT_FOUND) >= 150


@pytest.mark.parametrize(
    ("text", "who"),
    [("おの ゆき", "小野"), ("大野 祐樹", "大野"), ("わたなべ えいこ", "渡辺英子"), ("ハヤシ オサム", "林")],
)
def test_the_nearest_stands_first(text, who):
    worker = a_worker()
    city = a_city(worker)
    assert lookup(worker, text, on=TODAY, trail=False)[0].person_id == city[who]
