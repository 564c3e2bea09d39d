"""The sixteen worries of the 相談受付・申込票 and the short names ledgers give them.

The codes are those of the product's code list `worries`, numbered as on the form (厚生労働省,
生活困窮者自立相談支援の標準様式 A票「ご相談の内容」).
"""

from __future__ import annotations

import re
import unicodedata

from .words import folded, key

VIOLENCE, FOOD, OTHER = "14", "15", "16"
WORRIES: dict[str, str] = {
    "01": "病気や健康、障害のこと",
    "02": "住まいについて",
    "03": "収入・生活費のこと",
    "04": "家賃やローンの支払いのこと",
    "05": "税金や公共料金等の支払いについて",
    "06": "債務について",
    "07": "仕事探し、就職について",
    "08": "仕事上の不安やトラブル",
    "09": "地域との関係について",
    "10": "家族との関係について",
    "11": "子育てのこと",
    "12": "介護のこと",
    "13": "ひきこもり・不登校",
    "14": "DV・虐待",
    "15": "食べるものがない",
    "16": "その他",
}
NUMBERS: dict[int, str] = {int(code): code for code in WORRIES}

# Names that mean a worry wherever they stand.
_STRONG: dict[str, str] = {
    "01": "病気健康障害 病気障害 健康障害 病気健康 病気や健康 健康問題 身体の病気 心身の健康 疾病 障害 障がい 障碍 障害のこと"
    " 障がいのこと 病気や障害 健康面 メンタルヘルス 精神疾患 こころの病気 依存症 認知症",
    "02": "住まい 住居 住宅 居住 住まいのこと 住居不安 住宅問題 住まい不安定 住宅確保 ホームレス",
    "03": "収入生活費 生活費 収入生活 生活困窮 経済的困窮 経済困窮 困窮 生活苦 お金のこと 経済的なこと 家計 収入のこと",
    "04": "家賃やローン 家賃ローン 家賃 家賃滞納 ローン 住宅ローン 家賃ローンの支払い",
    "05": "税金や公共料金 税金公共料金 税公共料金 税金等 税金 公共料金 滞納 税滞納 公共料金滞納 税金公共料金等",
    "06": "債務 借金 多重債務 借入 借財 債務問題 借金のこと",
    "07": "仕事探し就職 仕事探し 就職 就労 求職 就職活動 就労支援 就職のこと 失業",
    "08": "仕事上の不安トラブル 仕事の不安 仕事上の不安 職場のトラブル 職場トラブル 仕事上のトラブル 職場の悩み 労働問題"
    " 仕事の不安トラブル 仕事トラブル",
    "09": "地域との関係 地域関係 近隣関係 近隣トラブル 近所付き合い 地域のこと 近隣との関係 社会的孤立 ごみ屋敷",
    "10": "家族との関係 家族関係 家庭問題 家族問題 夫婦関係 親子関係 家族のこと 家庭内不和",
    "11": "子育て 育児 養育 子育て教育 子どものこと 子育て不安 子育ての悩み 児童",
    "12": "介護 介護のこと 高齢者介護 介護問題 老々介護",
    "13": "ひきこもり不登校 ひきこもり 引きこもり 引き籠り 不登校 引きこもり不登校 不登校ひきこもり",
    "14": "dv虐待 虐待dv 虐待 dv 暴力 ドメスティックバイオレンス 家庭内暴力 児童虐待 高齢者虐待 障害者虐待",
    "15": "食べるものがない 食べ物がない 食料 食糧 食料支援 食べるもの 食料がない 食事に困る フードバンク希望",
    "16": "その他の困りごと 困りごとその他",
}
# Names that mean a worry only beside other worries, or above a column of marks.
_WEAK: dict[str, str] = {
    "01": "病気 健康 医療 心身 精神 身体",
    "02": "家 住",
    "03": "収入 経済 お金 生活",
    "07": "仕事 雇用",
    "08": "職場 労働",
    "09": "地域 近隣 近所",
    "10": "家族 家庭",
    "11": "子ども 子供 教育",
    "15": "食",
    "16": "その他 他 その他困りごと",
}


def _table(words: dict[str, str]) -> dict[str, str]:
    return {key(word): code for code, text in words.items() for word in text.split()}


_WEAK_NAMES = _table(_WEAK)
_STRONG_NAMES = _table(_STRONG) | {key(name): code for code, name in WORRIES.items() if code != OTHER}
_ENDINGS = re.compile(r"(に関すること|に関する相談|についての相談|について|のこと|の問題|等|など|関係)$")
_NUMBERED = re.compile(r"^(?:no)?\d{1,2}(?=\D)")


def worry_of(name: str) -> tuple[str, bool] | None:
    """(code, sure) of a worry's name, or None. Not sure: 「家族」「その他」 mean a worry only in company."""
    whole = _named(name)
    if whole:
        return whole
    parts = [_named(part) for part in re.split(r"[・、,，／/･]", name) if part.strip()]
    codes = {part[0] for part in parts if part}
    if len(parts) > 1 and len(codes) == 1 and all(parts):  # 「健康・障がい」: two names of one worry
        return codes.pop(), any(part[1] for part in parts if part)
    return None


def _named(name: str) -> tuple[str, bool] | None:
    plain = _NUMBERED.sub("", key(name)).replace("障がい", "障害").replace("障碍", "障害")
    for word in (plain, _ENDINGS.sub("", plain)):
        if word in _STRONG_NAMES:
            return _STRONG_NAMES[word], True
        if word in _WEAK_NAMES:
            return _WEAK_NAMES[word], False
    return None


DOUBLE = frozenset("◎⦿⊚") | {"主", "最も", "最", "一番", "double"}
CIRCLE = (
    frozenset("○〇◯●⚪⚫oレﾚ✓✔☑✅v有要是*★☆■△▲")
    | {"あり", "有り", "はい", "yes", "y", "true", "ok", "該当", "該当あり", "従", "副", "丸", "まる", "レ点", "チェック"}
)  # fmt: skip
NO_MARK = frozenset("-ー×xx✕✖✗☐□0無否n/／・.。") | {
    "",
    "なし",
    "無し",
    "いいえ",
    "no",
    "false",
    "該当なし",
    "非該当",
}


def mark_of(text: str) -> str | None:
    """ "double", "circle", "" (expressly none) or None when the text is no mark: ○ 〇 ◎ レ 1 ✓ …"""
    mark = folded(text)
    if mark in DOUBLE:
        return "double"
    if mark in CIRCLE:
        return "circle"
    if mark in NO_MARK:
        return ""
    if mark.isdigit() and len(mark) <= 2:
        return "circle" if int(mark) else ""
    return None


def stronger(one: str, other: str) -> str:
    """◎ beats ○."""
    return "double" if "double" in (one, other) else "circle"


def _spoken() -> list[tuple[str, str]]:
    names = {folded(name): code for code, name in WORRIES.items()}
    for table in (_STRONG, _WEAK):
        for code, text in table.items():
            names.update(
                {folded(word): code for word in text.split() if len(word) > 1 and folded(word) not in names}
            )
    # Longest first, so that 「仕事探し、就職について」 is taken whole before 「就職」 can be.
    return sorted(names.items(), key=lambda item: -len(item[0]))


_SPOKEN = _spoken()
LONGEST_LIST = 1000  # letters; a longer cell is a story, not a list
_BETWEEN = re.compile(r"[・,、;；/／|｜+＋&＆。.()（）「」\[\]【】:：]+")
_TAIL = re.compile(
    r"(に関すること|についての相談|について|のこと|の相談|の問題|の件|の支払い|関係|等|など|や|と)+"
)
_CIRCLED = {chr(0x2460 + number - 1): str(number) for number in NUMBERS}
_LEADING_MARK = re.compile(r"[◎○〇◯●⦿レ✓✔☑](?=\S)")


def worries_in(text: str) -> tuple[dict[str, str], list[str]]:
    """Several worries in one cell → ({code: "circle" | "double"}, words that name none of the sixteen).

    Understands full and short names in any order, ◎/○ before a name, and the form's numbers (1〜16, ①〜⑯).
    """
    if len(text) > LONGEST_LIST:
        return {}, [text]
    numbers = _numbers_in(text)
    if numbers:
        return {NUMBERS[number]: "circle" for number in numbers}, []
    found: dict[str, str] = {}
    unknown: list[str] = []
    stray, mark = "", "circle"
    rest = folded("・".join(text.split("\n")))
    while rest:
        if gap := _BETWEEN.match(rest):
            _settle(stray, mark, found, unknown)
            stray, mark, rest = "", "circle", rest[gap.end() :]
        elif not stray and (led := _LEADING_MARK.match(rest)):
            mark, rest = mark_of(led[0]) or "circle", rest[led.end() :]
        elif not stray and (name := next((one for one in _SPOKEN if rest.startswith(one[0])), None)):
            found[name[1]] = stronger(found.get(name[1], "circle"), mark)
            rest = rest[len(name[0]) :]
            if tail := _TAIL.match(rest):
                rest = rest[tail.end() :]
            mark = "circle"
        else:
            stray, rest = stray + rest[0], rest[1:]
    _settle(stray, mark, found, unknown)
    return found, unknown


def _settle(stray: str, mark: str, found: dict[str, str], unknown: list[str]) -> None:
    """Words between two separators that begin with no name: one may stand inside (「息子の不登校」)."""
    if not stray or mark_of(stray) == "":
        return
    inside = next((code for name, code in _SPOKEN if len(name) > 2 and name in stray), None)
    if inside is None:
        unknown.append(stray)
    else:
        found[inside] = stronger(found.get(inside, "circle"), mark)


def _numbers_in(text: str) -> list[int]:
    """The form's numbers, when the cell holds nothing else."""
    spread = "".join(f",{_CIRCLED[letter]}," if letter in _CIRCLED else letter for letter in text)
    parts = [part for part in re.split(r"[\s,、・.;/()（）]+", unicodedata.normalize("NFKC", spread)) if part]
    if all(part.isdigit() and int(part) in NUMBERS for part in parts):
        return [int(part) for part in parts]
    return []
