"""How long a draft is kept, what may be in it, and the states of a long run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.my_number import scrub
from tsunagi.shared.refusal import Refused

KEPT_FOR = timedelta(days=30)
"""A draft nobody touched for so long is deleted (個情法 22条: what is no longer needed is not kept)."""

LONGEST_DRAFT = 300_000
"""Letters of all fields of one draft together."""

MOST_FILES = 20
"""Files one form may bring at once."""

_NOT_TYPED = ("csrfmiddlewaretoken", "seq", "keep", "drop_file")
_EXCERPT = 40


class RunState(Labelled):
    """Where a long run is."""

    WAITING = "waiting", "順番待ち"
    RUNNING = "running", "実行中"
    DONE = "done", "終わりました"
    FAILED = "failed", "できませんでした"
    CANCELLED = "cancelled", "中止しました"

    @classmethod
    def ended(cls) -> tuple[RunState, ...]:
        """The states nothing follows."""
        return (cls.DONE, cls.FAILED, cls.CANCELLED)


class TooLong(Refused):
    """More than a draft can hold."""


def body_of(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What is kept of a form's fields: no tokens, no passwords, no 個人番号 (番号法 20条: it may not be kept).

    Raises TooLong.
    """
    kept = {
        # PostgreSQL keeps no NUL in a text.
        name.replace("\0", ""): [scrub(value.replace("\0", ""))[0] for value in values]
        for name, values in fields.items()
        if name not in _NOT_TYPED and "password" not in name
    }
    if sum(len(value) for values in kept.values() for value in values) > LONGEST_DRAFT:
        raise TooLong("長すぎて下書きにできません。分けて保存してください。")
    return kept


def excerpt_of(body: Mapping[str, Sequence[str]]) -> str:
    """The first words of the longest text, so that its writer knows which draft this is."""
    texts = [
        value.strip() for name, values in body.items() if not name.startswith("draft") for value in values
    ]
    longest = " ".join(max(texts, key=len, default="").split())
    return longest if len(longest) <= _EXCERPT else longest[:_EXCERPT] + "…"


def size_words(size: int) -> str:
    """A size as people say it: 「320KB」「1.4MB」."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}KB"
    return f"{size / 1024 / 1024:.1f}MB"


def is_here(link: str) -> bool:
    """Whether a link stays in this product: a path, not another server's address."""
    return link.startswith("/") and not link.startswith(("//", "/\\")) and len(link) <= 200


def is_forgotten(touched_at: datetime, at: datetime) -> bool:
    """Whether a draft has not been touched for as long as drafts are kept."""
    return touched_at < at - KEPT_FOR
