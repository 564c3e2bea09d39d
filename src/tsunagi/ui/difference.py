"""What differs between two texts, letter by letter, for the page that shows both (409)."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Above this many letters the letter-wise comparison takes seconds; then lines are compared.
_LETTERS = 4000


def both_sides(theirs: str, mine: str) -> tuple[SafeString, SafeString]:
    """The two texts with what only one of them has marked: `<del>` in theirs, `<ins>` in mine."""
    long = len(theirs) + len(mine) > _LETTERS
    left: list[str] = theirs.splitlines(keepends=True) if long else list(theirs)
    right: list[str] = mine.splitlines(keepends=True) if long else list(mine)
    old: list[tuple[SafeString]] = []
    new: list[tuple[SafeString]] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        before, after = "".join(left[a:b]), "".join(right[c:d])
        if tag == "equal":
            old.append((format_html("{}", before),))
            new.append((format_html("{}", after),))
            continue
        if before:
            old.append((format_html("<del>{}</del>", before),))
        if after:
            new.append((format_html("<ins>{}</ins>", after),))
    return format_html_join("", "{}", old), format_html_join("", "{}", new)
