"""How a consultation came (相談の方法), how urgent it was, which sex a ledger names: short words → codes."""

from __future__ import annotations

from .words import folded

# The codes of the code list `contact_means`.
_ROUTES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("web_form", ("フォーム", "ホームページ", "市のページ", "hp")),
    ("online", ("オンライン", "ウェブ会議", "web", "zoom", "teams", "ビデオ通話")),
    ("mail", ("メール", "mail", "sms", "line", "チャット")),
    ("fax", ("fax", "ファックス", "ファクス")),
    ("letter", ("手紙", "郵送", "文書", "書面", "はがき", "郵便", "投書")),
    ("night_slip", ("宿直", "夜間受付", "当直")),
    ("visit_there", ("訪問", "往訪", "出張", "アウトリーチ", "自宅に")),
    ("phone", ("電話", "受電", "架電", "入電", "tel", "来電", "でんわ")),
    ("meeting", ("会議", "サロン", "集まり")),
    ("street", ("巡回", "路上", "街頭")),
    ("visit_here", ("来所", "来庁", "窓口", "来談", "来館", "面接", "面談", "来室", "直接")),
)
_URGENCY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("unclear", ("要見極め", "見極め", "不明", "判断できず", "要確認", "?")),
    (
        "high",
        (
            "高",
            "至急",
            "即日",
            "緊急",
            "大",
            "a",
            "s",
            "1",
            "ss",
            "high",
            "特急",
            "急",
            "あり",
            "有",
            "○",
            "◎",
            "〇",
            "即応",
            "最優先",
        ),
    ),
    ("middle", ("中", "普通", "通常", "b", "2", "middle", "medium", "1週間", "1週間以内", "ふつう")),
    ("low", ("低", "小", "c", "3", "low", "なし", "無", "-", "×", "急がない", "緊急性なし")),
)
_SEX: dict[str, str] = {
    **dict.fromkeys(("男", "男性", "m", "male", "♂", "男子", "男児", "おとこ", "オトコ"), "male"),
    **dict.fromkeys(("女", "女性", "f", "female", "♀", "女子", "女児", "おんな", "オンナ"), "female"),
    **dict.fromkeys(
        ("その他", "他", "答えたくない", "回答しない", "その他答えたくない", "x", "無回答"), "other"
    ),
}
_NO_SEX = frozenset({"不明", "不詳", "-", "?", "未記入", "わからない", "/"})


def route_of(text: str) -> str | None:
    """A code of `contact_means` (phone, visit_here, visit_there, letter …); None when the words are none of these."""
    plain = folded(text)
    return (
        next((code for code, words in _ROUTES if any(word in plain for word in words)), None)
        if plain
        else None
    )


def urgency_of(text: str) -> str | None:
    """high, unclear, middle, low (holding's own words); None when the words are none of these."""
    plain = folded(text)
    for code, words in _URGENCY:
        if plain in words or any(len(word) > 1 and plain.startswith(word) for word in words):
            return code
    return (
        next((code for code, words in _URGENCY if plain[:1] in words and plain[1:2] in "(（:"), None)
        if plain
        else None
    )


def sex_of(text: str) -> str | None:
    """male, female, other; "" for an express 不明; None when the words say nothing of it."""
    plain = folded(text).strip("()（）")
    if plain in _NO_SEX:
        return ""
    return _SEX.get(plain)
