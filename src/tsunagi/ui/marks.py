"""What the coloured marks say: tone, sign and word of lateness, urgency, kinds of hold and of contact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A word with a sign and a tone. The tone is a class of ui.css; the word alone already says it."""

    word: str
    icon: str
    tone: str = ""


LATENESS: dict[str, Mark] = {
    "green": Mark("予定どおり", "check-circle", "good"),
    "amber": Mark("今日明日", "clock", "soon"),
    "red": Mark("期限切れ", "alert", "bad"),
    "falling": Mark("こぼれそう", "falling", "falling"),
}

URGENCY: dict[str, Mark] = {
    "high": Mark("緊急度 高", "up-double", "bad"),
    "unclear": Mark("要見極め", "eye", "warm"),
    "middle": Mark("緊急度 中", "minus"),
    "low": Mark("緊急度 低", "down"),
}

HOLD_KIND: dict[str, Mark] = {
    "stocktaking": Mark("棚卸し", "box", "plain"),
    "triage": Mark("受付整理", "inbox", "cool"),
    "assessing": Mark("見立て", "search", "cool"),
    "supporting": Mark("支援中", "hands", "key"),
    "handing_over": Mark("つなぎ中", "arrow", "violet"),
    "following_through": Mark("見届け", "eye", "violet"),
    "coordinating": Mark("多機関で調整中", "link", "violet"),
    "reaching_out": Mark("アウトリーチ中", "walk", "key"),
    "participating": Mark("参加支援中", "household", "key"),
    "watching": Mark("見守り", "eye", "plain"),
}

CONTACT_KIND: dict[str, Mark] = {
    "met": Mark("会えた・話せた", "talk", "good"),
    "seen": Mark("姿・様子を確かめた", "eye", "good"),
    "around": Mark("周りと話した", "household"),
    "tried": Mark("試みた", "phone"),
    "worked": Mark("動いた", "paper"),
}

MESSAGE: dict[str, Mark] = {
    "success": Mark("できました", "check-circle", "good"),
    "info": Mark("お知らせ", "info", ""),
    "debug": Mark("お知らせ", "info", ""),
    "warning": Mark("確かめてください", "alert", "soon"),
    "error": Mark("できませんでした", "stop", "bad"),
}

# The stored words of lateness and urgency are tones too, so that a page may pass on what it has.
_TONES = {
    "red": "bad",
    "amber": "soon",
    "green": "good",
    "warning": "soon",
    "error": "bad",
    "success": "good",
}


def tone_of(value: object) -> str:
    """The tone (a class of tsunagi.css) for a tone or for a stored lateness; unknown words are kept."""
    key = str(getattr(value, "value", value) or "")
    return _TONES.get(key, key)


# After so many days without a sign of the person the last-seen line speaks louder (findings of the net check).
UNSEEN_DAYS = 60


def mark_of(table: dict[str, Mark], value: object) -> Mark:
    """The mark of a stored value; an unknown one is shown as its own words rather than failing a page."""
    key = str(getattr(value, "value", value))
    return table.get(key) or Mark(str(getattr(value, "label", key)), "dot")
