"""What a cell looks like by itself, whatever stands above it."""

from __future__ import annotations

import re
from datetime import date

from .sheets import Cell
from .words import folded
from .worries import mark_of

_ERA = r"(?:令和?|平成?|昭和?|大正?|明治?|[rhstm])"
_DAY = re.compile(
    rf"(?:{_ERA}\.?(?:\d{{1,2}}|元)|\d{{4}}|\d{{1,2}})(?:年|[./-])\d{{1,2}}(?:月|[./-])(?:\d{{1,2}}日?)?"
    rf"|{_ERA}(?:\d{{1,2}}|元)年(?:\d{{1,2}}月)?|\d{{1,2}}月\d{{1,2}}日|(?:19|20)\d{{2}}(?:0\d|1[0-2])[0-3]\d"
)
_AFTER_DAY = re.compile(
    r"(?:\([日月火水木金土祝・]{1,3}\))?(?:t?(?:午前|午後|am|pm)?\d{1,2}(?:[:時].*)?)?(?:[~〜].*)?(?:頃|ごろ|生|生まれ)?$"
)
_SHORT_DAY = re.compile(r"\d{1,2}/\d{1,2}")
_PHONE = re.compile(r"(?:自宅|携帯|tel|電話|fax)?:?\(?0\d{1,4}\)?[-.]?\d{1,4}[-.]?\d{3,4}(?:\(.*\))?")
_LOST_ZERO = re.compile(r"[1-9]\d{8,9}")
_KANA = re.compile(r"[ァ-ヶーヽヾ・\s()=.ぁ-ゖ゛゜-]+")
_AGE = re.compile(r"(?:約|推定|満)?\d{1,3}(?:歳|才|代)?(?:位|くらい|ぐらい|頃|ごろ|前後|代|半ば|前半|後半)*")
_SEX = {
    "男",
    "女",
    "男性",
    "女性",
    "m",
    "f",
    "male",
    "female",
    "♂",
    "♀",
    "その他",
    "不明",
    "男子",
    "女子",
    "1",
    "2",
}
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_POSTAL = re.compile(r"〒?\d{3}-?\d{4}")
_NAME = re.compile(
    r"[々〆ヶ一-鿿㐀-䶿豈-﫿𠀀-𯿿ぁ-んァ-ヶー・?〓]{1,12}(?:[\s　][々〆ヶ一-鿿㐀-䶿豈-﫿𠀀-𯿿ぁ-んァ-ヶー・?〓]{1,12})?"
)
_PLACE = re.compile(r".*(?:\d+-\d+|丁目|番地|番\d|号室|町|市|区|村|大字|字).*")
_COUNT = re.compile(r"[\d,]*\.?\d*(?:件|人|名|世帯|回|%|日|円)?")
_CLOCK = re.compile(r"(?:午前|午後|am|pm)?\d{1,2}(?:[:時]\d{0,2}分?)(?::\d{2})?.*")
RELATIONS = frozenset(
    "本人 自分 夫 妻 父 母 父親 母親 両親 親 長男 長女 次男 次女 二男 二女 三男 三女 息子 娘 子 子ども 兄 姉 弟 妹 兄弟 姉妹 きょうだい 祖父 祖母 孫"
    " おじ おば 叔父 叔母 伯父 伯母 甥 姪 いとこ 義父 義母 義兄 義姉 義弟 義妹 嫁 婿 配偶者 内縁 内縁の夫 内縁の妻 パートナー 元夫 元妻 親族 家族 親戚 知人 友人"
    " 近隣 近隣住民 近所 隣人 隣家 大家 家主 管理会社 不動産 民生委員 児童委員 主任児童委員 民生児童委員 自治会長 町内会長 自治会 ケアマネ ケアマネジャー"
    " ケアマネージャー 介護支援専門員 ヘルパー 訪問看護 医師 病院 医療機関 病院msw msw 主治医 薬局 学校 教員 担任 スクールソーシャルワーカー ssw 保育園"
    " 警察 消防 水道課 税務課 庁内 他課 福祉課 生活保護担当 社協 社会福祉協議会 地域包括 地域包括支援センター 包括 相談支援専門員 弁護士 司法書士 後見人"
    " 保佐人 補助人 事業所 職場 雇用主 会社 銀行 金融機関 新聞店 郵便局 コンビニ 匿名 匿名希望 不明 関係機関 その他 同居人 子供 教師 先生".split()
)


def is_day(cell: Cell) -> bool:
    """A whole or partial day, in any calendar."""
    if isinstance(cell, date):
        return True
    if not isinstance(cell, str):
        return False
    text = folded(cell)
    found = _DAY.match(text)
    if found:
        return bool(_AFTER_DAY.match(text[found.end() :]))
    return bool(_SHORT_DAY.fullmatch(text))


def is_phone(text: str) -> bool:
    """One or more telephone numbers; Excel may have eaten the leading zero."""
    parts = [part for part in re.split(r"[\n、,;／/]", text) if part.strip()]
    return bool(parts) and all(
        _PHONE.fullmatch(folded(part)) or _LOST_ZERO.fullmatch(folded(part)) for part in parts
    )


def is_kana(text: str) -> bool:
    """Nothing but kana."""
    return bool(_KANA.fullmatch(folded(text)))


def is_age(text: str) -> bool:
    """「53歳位」「70代」「8」 — at most three figures."""
    return bool(_AGE.fullmatch(folded(text)))


def is_sex(text: str) -> bool:
    """男 女 M F …"""
    return folded(text) in _SEX


def is_mark(text: str) -> bool:
    """○ ◎ レ 1 … or an express none."""
    return mark_of(text) is not None


def is_relation(text: str) -> bool:
    """本人, 長女, 民生委員 … alone or before a name: 「長女(田中)」"""
    plain = re.split(r"[(（・、\s　:：]", text.strip())[0]
    return folded(plain) in RELATIONS


def is_mail(text: str) -> bool:
    """One mail address."""
    return bool(_MAIL.fullmatch(folded(text)))


def is_postal_code(text: str) -> bool:
    """〒617-8501"""
    return bool(_POSTAL.fullmatch(folded(text)))


def is_name(text: str) -> bool:
    """Could be a Japanese name: short, no figures, at most one space."""
    return bool(_NAME.fullmatch(text.strip())) and not is_relation(text)


def is_place(text: str) -> bool:
    """Could be an address."""
    return bool(_PLACE.fullmatch(folded(text))) and len(text) < 80


def is_clock(text: str) -> bool:
    """14:30, 午後2時半 …"""
    return bool(_CLOCK.fullmatch(folded(text)))


def is_figure(text: str) -> bool:
    """A count such as stands in a total row: 「620件」."""
    plain = folded(text)
    return bool(plain) and bool(_COUNT.fullmatch(plain))
