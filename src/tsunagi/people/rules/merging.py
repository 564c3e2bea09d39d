"""統合: when two records of a person may become one, and which of the two stays (holding.md H12)."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagi.shared.refusal import Refused


@dataclass(frozen=True)
class OneOfTwo:
    """One of two records, as far as it matters for joining them."""

    id: int
    is_person: bool
    joined_already: bool
    """It points at another record itself."""
    followers: int
    """Records that point at it."""


def which_stays(one: OneOfTwo, other: OneOfTwo) -> tuple[int, int]:
    """(the record that stays, the record that is joined to it). Raises Refused with what to do first.

    A record that others were joined to stays, for pointers have one level; else the older one.
    """
    if one.id == other.id:
        raise Refused("同じ記録どうしは、ひとつにできません。")
    if not (one.is_person and other.is_person):
        raise Refused("統合できるのは、人の記録どうしです。")
    if one.joined_already or other.joined_already:
        raise Refused(
            "どちらかの記録は、すでに別の記録と統合されています。統合した先の画面から、もう一度選んでください。"
        )
    if one.followers and other.followers:
        raise Refused(
            "どちらの記録にも、前に合わせた記録があります。先に片方の統合を戻してから、ひとつずつ統合してください。"
        )
    stays, joins = sorted((one, other), key=lambda row: (-min(row.followers, 1), row.id))
    return stays.id, joins.id


def check_reason(reason: str) -> str:
    """The reason of a merge or of taking it back, in its own words. Raises Refused when nothing is said."""
    said = reason.strip()
    if len(said) < 2:
        raise Refused("どうしてそう分かったのかを、ひとこと書いてください。", field="reason")
    return said
