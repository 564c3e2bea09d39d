"""Whether words hold a 個人番号, which this product may not keep (番号法 第20条; H11)."""

from __future__ import annotations

import re

from tsunagi.shared import my_number

_MAYBE = re.compile(r"(?:\d\D{0,3}?){11}\d")
# What the cell itself calls a 個人番号 is one, whatever its check digit: a slip of the pen is still somebody's number.
_SAID = re.compile(
    r"(?:個人番号|マイナンバー|ﾏｲﾅﾝﾊﾞｰ|my\s?number)\D{0,20}\d{4}\D{0,3}?\d{4}\D{0,3}?\d{4}(?!\d)",
    re.IGNORECASE,
)


def holds_my_number(text: str) -> bool:
    """Whether a cell holds a 個人番号: by its check digit, or because the cell itself says so (番号法 第20条)."""
    return bool(_MAYBE.search(text)) and (my_number.find(text) is not None or bool(_SAID.search(text)))
