"""What may be written about a person, and what happens when two write at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tsunagi.shared.names import display_ok, fold_kana, fold_name
from tsunagi.shared.refusal import Refused


class Stale(Refused):
    """Somebody else saved first. Carries both texts, so that neither is lost: `theirs` is stored, `yours` was typed."""

    def __init__(self, theirs: Mapping[str, str], yours: Mapping[str, str], revision: int) -> None:
        super().__init__("ほかの人が先に保存しました。両方の内容を見くらべて、残すほうを選んでください。")
        self.theirs = dict(theirs)
        self.yours = dict(yours)
        self.revision = revision


def as_written(text: str) -> str:
    """A name or an address as it is kept: letter for letter as typed, IVS untouched, without the blanks around it."""
    return display_ok(text.strip().replace("\x00", ""))


def names_somebody(label: str, name: str, kana: str = "") -> bool:
    """Whether a household's name tells whose it is: the whole name, or what stands behind the family name.

    A family name alone tells nothing (渡辺 世帯): everybody in the house bears it.
    """
    written, read = fold_name(label), fold_kana(label)
    own = [fold_name(part) for part in (name, " ".join(name.split()[1:]))]
    spoken = [fold_kana(part) for part in (kana, " ".join(kana.split()[1:]))]
    return any(part and part in written for part in own) or any(part and part in read for part in spoken)


def check_birth(*, on: date | None, year: int | None, today: date) -> None:
    """Refuse a birth in the future; what is only improbable is left to the worker."""
    if (on and on > today) or (year and year > today.year):
        raise Refused("生年月日が今日より後になっています。年号と年を確かめてください。", field="birth")


def check_two_people(*, by: int, second: int, asked_on: date | None) -> None:
    """Protection ends only by two people, after asking the person (sharing.md 「仮保護、DV等支援措置」)."""
    if asked_on is None:
        raise Refused("保護を終える前に、本人に確かめた日を入れてください。", field="person_asked_on")
    if by == second:
        raise Refused(
            "保護を終えるには、もうひとりの職員の確認が必要です。別の職員を選んでください。", field="second"
        )


def check_same_as(
    *, kind: str, target_kind: str, is_itself: bool, target_is_merged: bool, has_followers: bool
) -> None:
    """Whether one party may be said to be another (H12): one level, a person to a person, a household to a household,
    someone not yet known to a person."""
    allowed = {
        ("unknown", "person"),
        ("unknown", "unknown"),
        ("person", "person"),
        ("household", "household"),
    }
    if is_itself:
        raise Refused("同じ記録どうしは、ひとつにできません。")
    if (kind, target_kind) not in allowed:
        raise Refused("この種類の記録どうしは、ひとつにできません。人は人と、世帯は世帯と合わせてください。")
    if target_is_merged:
        raise Refused("選んだ記録は、すでに別の記録と合わされています。合わせた先の記録を選んでください。")
    if has_followers:
        raise Refused("この記録には、すでにほかの記録が合わされています。先にそちらを外してください。")
