"""A file's name as it may be stored, shown and given back: readable, harmless, at most 255 bytes (ext4, NTFS, APFS)."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 255
"""Bytes in UTF-8: what the file systems of Linux, Windows and macOS can hold."""

NAMELESS = "添付"

# What turns the reading direction round, or takes no room: 「請求書‮fdp.exe」 reads as 「請求書exe.pdf」.
_UNSEEN = re.compile(
    r"[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ufff9-\ufffb]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# か + ゛ as macOS sends it. Only these: composing everything would turn 神 (U+FA19) of a name into 神.
_MARKED = re.compile(r"[\u3040-\u30ff][\u3099\u309a]|[A-Za-z][\u0300-\u036f]+")
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a]+$")
_WINDOWS = str.maketrans({'"': "＂", "<": "＜", ">": "＞", ":": "：", "|": "｜", "?": "？", "*": "＊"})
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(raw: str, extension: str = "") -> str:
    """The name to keep: the last part of a path, without what hides or misleads; 外字 and 異体字 as they are.

    `extension` (".pdf") is what the content turned out to be; it replaces another one. Lone surrogates (a name that was
    not UTF-8) become 〓, the sign for a character that cannot be shown.
    """
    name = re.split(r"[/\\]", raw)[-1]
    name = _CONTROL.sub("", _UNSEEN.sub("", name))
    name = re.sub(r"[\ud800-\udfff\ufffd]", "〓", name).translate(_WINDOWS)
    name = _MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), name).rstrip(" .\u3000")
    stem, ending = split(name)
    if extension and ending.lower() != extension:
        stem, ending = (stem if ending.lower() in _SAME.get(extension, ()) else name), extension
    stem = stem.strip(" .\u3000") or NAMELESS
    if _DEVICES.match(f"{stem}{ending}"):
        stem = f"_{stem}"
    return f"{_shortened(stem, LONGEST - len(ending.encode()))}{ending}"


def split(name: str) -> tuple[str, str]:
    """Stem and ending (".pdf"); an ending has 1 to 5 letters or digits, anything else belongs to the stem."""
    found = re.fullmatch(r"(.*)(\.[A-Za-z0-9]{1,5})", name, re.DOTALL)
    return (found[1], found[2]) if found else (name, "")


_SAME = {
    ".jpg": (".jpeg", ".jpe", ".jfif", ".png", ".heic", ".webp", ".gif", ".bmp", ".tif"),
    ".png": (".jpg", ".jpeg", ".gif", ".webp", ".bmp"),
    ".gif": (".png", ".jpg", ".jpeg"),
    ".webp": (".png", ".jpg", ".jpeg"),
    ".tif": (".tiff",),
    ".bmp": (".dib",),
    ".heic": (".heif", ".jpg", ".jpeg"),
}
"""Endings that the true one replaces: a telephone calls its pictures .jpg whatever they are."""


def _shortened(stem: str, room: int) -> str:
    """As many whole characters as fit; a character and its variation selector stay together or go together."""
    raw = stem.encode()
    if len(raw) <= room:
        return stem
    kept = raw[: room - len("…".encode())].decode(errors="ignore")
    rest = stem[len(kept) :]
    if _SELECTORS.match(rest[:1]):
        kept = kept[:-1]
    return f"{kept}…"
