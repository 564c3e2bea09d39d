"""A first draft in やさしい日本語, and what a person should look at again. Pure; no language model, plain rules.

The three steps of 在留支援のためのやさしい日本語ガイドライン (出入国在留管理庁・文化庁): first make the Japanese clear (short
sentences, one thing each), then easier for a reader (easier words, dates written out, ふりがな), then let a person
check it. The program does part of the first two and points; the third is a person's (`plans:plain`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

LONG = 40
"""Letters of a sentence, without ふりがな, from which it is pointed at."""

# What is said more simply. Longer ones first; a word stands as it is where nothing simpler says the same.
EASIER: tuple[tuple[str, str], ...] = (
    ("関係機関と連携して", "ほかの相談窓口といっしょに"),
    ("関係機関と連携し", "ほかの相談窓口と話しあい"),
    ("と連携して", "といっしょに"),
    ("関係機関", "ほかの相談窓口"),
    ("を実施する", "をする"),
    ("を実施し", "をし"),
    ("を検討する", "を考える"),
    ("を検討し", "を考え"),
    ("に努める", "ようにする"),
    ("に向けて", "のために"),
    ("を継続する", "を続ける"),
    ("を継続し", "を続け"),
    ("を継続", "を続ける"),
    ("継続して", "続けて"),
    ("定期的に", "決まった日に"),
    ("速やかに", "すぐに"),
    ("必要に応じて", "必要なときに"),
    ("について", "のことを"),
    ("において", "で"),
    ("における", "の"),
    ("及び", "と"),
    ("および", "と"),
    ("又は", "か"),
    ("または", "か"),
    ("並びに", "と"),
    ("家庭訪問する", "家へ行く"),
    ("家庭訪問し", "家へ行き"),
    ("を訪問する", "へ行く"),
    ("を訪問し", "へ行き"),
    ("訪問する", "家へ行く"),
    ("訪問し", "家へ行き"),
    ("家庭訪問", "訪問"),
    ("面談する", "会って話す"),
    ("面談し", "会って話し"),
    ("架電する", "電話をする"),
    ("架電し", "電話をし"),
    ("架電", "電話"),
    ("受診に同行する", "病院へいっしょに行く"),
    ("受診に同行し", "病院へいっしょに行き"),
    ("に同行する", "にいっしょに行く"),
    ("に同行し", "にいっしょに行き"),
    ("同行する", "いっしょに行く"),
    ("同行し", "いっしょに行き"),
    ("を受診する", "へ行って、みてもらう"),
    ("受診する", "病院でみてもらう"),
    ("受診し", "病院でみてもらい"),
    ("通院する", "病院へ通う"),
    ("通院し", "病院へ通い"),
    ("服薬する", "薬を飲む"),
    ("を申請する", "を申しこむ"),
    ("を申請し", "を申しこみ"),
    ("申請する", "申しこむ"),
    ("支給される", "もらえる"),
    ("を提出する", "を出す"),
    ("を提出し", "を出し"),
    ("を把握する", "を知る"),
    ("を把握し", "を知り"),
    ("を確認する", "をたしかめる"),
    ("を確認し", "をたしかめ"),
    ("を開始する", "を始める"),
    ("を開始し", "を始め"),
    ("を再開する", "をまた始める"),
    ("を終了する", "を終える"),
    ("を支援する", "を手伝う"),
    ("支援する", "手伝う"),
    ("支援員", "手伝う人"),
    ("支援者", "手伝う人"),
    ("滞納している", "まだはらっていない"),
    ("債務", "借りたお金"),
    ("求職活動", "仕事さがし"),
    ("求職", "仕事さがし"),
    ("世帯", "家族"),
    ("期日", "日にち"),
    ("適宜", "ちょうどよいときに"),
)

# How a word is read, for those who do not read every 漢字; said once in a text.
READINGS: dict[str, str] = {
    "市役所": "しやくしょ",
    "相談室": "そうだんしつ",
    "相談窓口": "そうだんまどぐち",
    "相談": "そうだん",
    "保健師": "ほけんし",
    "病院": "びょういん",
    "薬": "くすり",
    "家賃": "やちん",
    "年金": "ねんきん",
    "介護": "かいご",
    "保険": "ほけん",
    "手帳": "てちょう",
    "書類": "しょるい",
    "家計": "かけい",
    "収入": "しゅうにゅう",
    "生活保護": "せいかつほご",
    "社会福祉協議会": "しゃかいふくしきょうぎかい",
    "地域包括支援センター": "ちいきほうかつしえんセンター",
    "民生委員": "みんせいいいん",
    "学校": "がっこう",
    "家族": "かぞく",
    "息子": "むすこ",
    "本人": "ほんにん",
    "仕事": "しごと",
    "支援": "しえん",
    "居場所": "いばしょ",
    "参加": "さんか",
    "緊急": "きんきゅう",
    "連絡": "れんらく",
    "訪問": "ほうもん",
    "面談": "めんだん",
    "受診": "じゅしん",
    "通院": "つういん",
    "申請": "しんせい",
    "滞納": "たいのう",
    "就労": "しゅうろう",
    "目標": "もくひょう",
    "様子": "ようす",
    "体調": "たいちょう",
    "朝食": "ちょうしょく",
    "部屋": "へや",
    "家計簿": "かけいぼ",
    "通帳": "つうちょう",
    "口座": "こうざ",
    "給付金": "きゅうふきん",
}

_ERA = {"R": "令和", "H": "平成", "S": "昭和", "令和": "令和", "平成": "平成", "昭和": "昭和"}
_ERA_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA_DAY = re.compile(r"(令和|平成|昭和|[RHS])\s?(\d{1,2}|元)[.年/／．](\d{1,2})[.月/／．](\d{1,2})日?")
_WEST_DAY = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?![\d日]|（[月火水木金土日]曜)")
_SHORT_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_WEEK = "月火水木金土日"
_READING = re.compile(r"（[ぁ-ゖァ-ヶー]+）")
_FULL = str.maketrans("０１２３４５６７８９／．：－", "0123456789/.:-")
# Where a long sentence can be cut without changing a word that bends: what stands before is a whole sentence.
_CUTS = (
    (
        re.compile(r"(です|ます|ました|ません|である|った|いる|ない|れる|する|ある|たい|です)が、"),
        r"\1。でも、",
    ),
    (re.compile(r"(った|いる|ない|れる|する|ある|たい|です|ます)(?:ので|から)、"), r"\1。だから、"),
    (re.compile(r"(った|いる|ない|れる|する|ある|たい|です|ます)ため、"), r"\1。だから、"),
    (re.compile(r"(った|いる|ない|れる|する|ある|たい|です|ます)。?、?また、"), r"\1。また、"),
)


@dataclass(frozen=True)
class Point:
    """A sentence somebody should look at again, and why."""

    sentence: str
    why: str


def first_draft(text: str) -> str:
    """A first draft of this text: dates written out, easier words, long sentences cut where it is safe, ふりがな.

    Names and numbers stay. An empty text stays empty. A person reads it through before the person gets it.
    """
    drafted = text.translate(_FULL).strip()
    if not drafted:
        return ""
    drafted = _days_written_out(drafted)
    for hard, easy in EASIER:
        drafted = drafted.replace(hard, easy)
    lines = ["\n".join(_cut(sentence) for sentence in _sentences(line)) for line in drafted.splitlines()]
    return _with_readings("\n".join(line for line in lines if line))


def points(text: str) -> tuple[Point, ...]:
    """What of this text may still be hard: long sentences, double negatives, many 漢字 in a row, very polite forms."""
    found: list[Point] = []
    for line in text.splitlines():
        for sentence in _sentences(line):
            bare = _READING.sub("", sentence)
            if len(bare) > LONG:
                found.append(
                    Point(
                        sentence, f"長い文です（{len(bare)}文字）。ふたつの文に分けると読みやすくなります。"
                    )
                )
            if re.search(r"ない(?:わけ|こと)(?:では|も|は)ない|なくはない|ないと(?:は|も)限", bare):
                found.append(
                    Point(
                        sentence,
                        "「ない」が二度あります。「できます」「あります」のように言いきってください。",
                    )
                )
            if re.search(r"[一-龠々]{6,}", bare):
                found.append(
                    Point(
                        sentence,
                        "漢字が長く続くことばがあります。短いことばに言いかえるか、読みを付けてください。",
                    )
                )
            if re.search(r"いただ(?:き|く|い|け)|くださいますよう|申し上げ|おります|賜", bare):
                found.append(Point(sentence, "とてもていねいな言い方です。「です・ます」で足ります。"))
    return tuple(found)


def day_in_words(day: date) -> str:
    """2026年6月9日（火曜日）: how a day is written for somebody who learns Japanese."""
    return f"{day.year}年{day.month}月{day.day}日（{_WEEK[day.weekday()]}曜日）"


def _days_written_out(text: str) -> str:
    text = _ERA_DAY.sub(_era_day, text)
    text = _WEST_DAY.sub(_west_day, text)
    text = _SHORT_DAY.sub(_short_day, text)
    return _CLOCK.sub(_clock, text)


def _west_day(found: re.Match[str]) -> str:
    year, month, day = (int(part) for part in found.groups())
    return _day(year, month, day, found.group(0))


def _era_day(found: re.Match[str]) -> str:
    era, year, month, day = found.groups()
    number = 1 if year == "元" else int(year)
    return _day(_ERA_BEFORE[_ERA[era]] + number, int(month), int(day), found.group(0))


def _day(year: int, month: int, day: int, written: str) -> str:
    try:
        return day_in_words(date(year, month, day))
    except ValueError:
        return written


def _short_day(found: re.Match[str]) -> str:
    month, day = int(found.group(1)), int(found.group(2))
    return f"{month}月{day}日" if 1 <= month <= 12 and 1 <= day <= 31 else found.group(0)


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found.group(1)), int(found.group(2))
    part = "午前" if hour < 12 else "午後"
    return f"{part}{hour if hour <= 12 else hour - 12}時" + (f"{minute}分" if minute else "")


def _sentences(line: str) -> list[str]:
    return [part.strip() for part in re.findall(r"[^。]+。?", line) if part.strip()]


def _cut(sentence: str) -> str:
    if len(sentence) <= LONG:
        return sentence
    for where, instead in _CUTS:
        sentence = where.sub(instead, sentence)
    return "\n".join(_sentences(sentence))


def _with_readings(text: str) -> str:
    """The reading after the first time a word is there; inside a longer word that is known, not again."""
    taken: list[tuple[int, int, str]] = []
    for word in sorted(READINGS, key=len, reverse=True):
        if f"{word}（{READINGS[word]}" in text:
            continue
        for found in re.finditer(re.escape(word), text):
            inside = any(start < found.end() and found.start() < end for start, end, _ in taken)
            more_kanji = re.match(r"[一-龠々]", text[found.end() : found.end() + 1])
            if inside or more_kanji or text[found.end() : found.end() + 1] == "（":
                continue
            taken.append((found.start(), found.end(), READINGS[word]))
            break
    for _start, end, reading in sorted(taken, reverse=True):
        text = f"{text[:end]}（{reading}）{text[end:]}"
    return text
