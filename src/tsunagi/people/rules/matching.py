"""Is this the same person? Points, reasons, and when it is certain (心当たり照会・取り込みの名寄せ).

Evidence is compared as folded keys: width, kana, old forms and spelling variants are already gone. Rules of thumb
that the weights encode:

* A name alone is never certain: there are many 佐藤 健.
* A phone or an address without the same given name may be a family member; it is never "the same person".
* Numbers and addresses that many people use (a landlord's, a shelter's, a hospital's) never count; callers leave
  them out.
* What contradicts (another birth date, another reading, another way to write it) takes certainty away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tsunagi.shared.names import may_be_name_lost, similar

from .births import Birth
from .keys import is_a_door

CERTAIN = 90
LIKELY = 50

# Points of each piece of evidence.
NAME_SAME = 50
READING_SAME = 45
READING_NEAR = 35
NAME_BEGINS = 25
ONE_WORD_SAME = 10
BIRTH_SAME = 45
BIRTH_MONTH_SAME = 20
BIRTH_YEAR_SAME = 10
BIRTH_NEAR = 5
BIRTH_OTHER = -40
PHONE_SAME = 45
PHONE_BEGINS = 20
ADDRESS_SAME = 40
ADDRESS_BEGINS = 10
ALSO_READ_SO = 5


@dataclass(frozen=True)
class Evidence:
    """What is known of somebody, as keys. A list stands for "any of these" (aliases, several numbers).

    `names` and `readings` are whole names (family and given); `near` their spelling-tolerant readings. `words` are,
    of a question, its words one by one, each with the keys it may begin; `parts`, of a person, every place where a
    word begins. `full` says that a given name is among them: 「山田」 alone can be anybody at home.
    """

    names: Collection[str] = ()
    readings: Collection[str] = ()
    near: Collection[str] = ()
    words: Sequence[Collection[str]] = ()
    parts: Collection[str] = ()
    full: bool = True
    birth: Birth = field(default_factory=Birth)
    phones: Collection[str] = ()
    addresses: Collection[str] = ()


@dataclass(frozen=True)
class Match:
    """How well a known person fits what was typed: points 0–100, certain or likely, and why."""

    person_id: int
    points: int
    certain: bool
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Worth showing to a worker as perhaps the same person."""
        return self.points >= LIKELY


@dataclass
class _Sheet:
    points: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: int, reason: str = "") -> None:
        self.points += points
        if reason:
            self.reasons.append(reason)


def score(person_id: int, asked: Evidence, known: Evidence) -> Match:
    """Compare what was asked with what is known of one person. Pure; both sides hold folded keys."""
    sheet = _Sheet()
    phone = _phone(asked, known, sheet)
    name = _name(asked, known, sheet)
    birth = _birth(asked.birth, known.birth, sheet)
    address = _address(asked, known, sheet)
    same_name = name in ("same", "same name", "same reading")
    # The same whole on both sides: one gap is enough to know that it holds a given name.
    sure_name = name == "same" and (asked.full or known.full)
    certain = (sure_name and birth not in ("other", "near") and (birth == "same" or phone or address)) or (
        same_name and birth == "same" and (phone or address)
    )
    if name == "begins" and not asked.full:
        # A family name alone: whoever answers that telephone may be meant.
        name = "family"
    if name in ("none", "family") and (phone or address):
        # The household shares its telephone and its door; without the given name this is anybody who lives there.
        sheet.points = min(sheet.points, LIKELY - 5)
        if name == "family" or asked.names or asked.readings:
            sheet.reasons.append("ご家族かもしれません")
    if name == "other":
        sheet.points = min(sheet.points, LIKELY - 10)
        if phone or address:
            sheet.reasons.append("ご家族かもしれません")
    top = 100 if certain else CERTAIN - 1
    bottom = CERTAIN if certain else 0
    return Match(person_id, max(bottom, min(top, sheet.points)), certain, tuple(sheet.reasons))


def _meet(one: Collection[str], other: Collection[str]) -> bool:
    return bool(one) and bool(other) and not set(one).isdisjoint(other)


def _begins(asked: Iterable[str], known: Iterable[str]) -> bool:
    """A known key begins with what was typed so far."""
    kept = [key for key in known if key]
    return any(key.startswith(part) for part in asked if part for key in kept)


def _fits_lost(asked: Evidence, known: Evidence) -> bool:
    """A character was lost on the way (〓), and everything else is the same."""
    return any(
        may_be_name_lost(key) and similar(key, one) >= 95 for key in known.names for one in asked.names
    )


def _word_begins(word: Iterable[str], known: Evidence) -> bool:
    kept = (*known.names, *known.readings, *known.near, *known.parts)
    return any(key.startswith(part) for part in word if part for key in kept)


def _every_word_begins(words: Sequence[Iterable[str]], known: Evidence) -> bool:
    return bool(words) and all(_word_begins(word, known) for word in words)


def _name(asked: Evidence, known: Evidence, sheet: _Sheet) -> str:
    """How the names agree: same, same name, same reading, near, begins, family, other (they contradict) or none."""
    written = _meet(asked.names, known.names)
    read = _meet(asked.readings, known.readings)
    near = _meet(asked.near, known.near)
    names_differ = bool(asked.names) and bool(known.names) and not written and not _fits_lost(asked, known)
    readings_differ = bool(asked.readings) and bool(known.readings) and not read and not near
    if written:
        sheet.add(NAME_SAME, "氏名が同じ")
        if read:
            sheet.add(ALSO_READ_SO, "読みが同じ")
        return "same name" if readings_differ else "same"
    if read or near:
        sheet.add(READING_SAME if read else READING_NEAR, "読みが同じ" if read else "読みが近い")
        if names_differ and not _begins(asked.names, known.names):
            return "same reading" if read else "near"
        return "same" if read else "near"
    if _every_word_begins(asked.words, known):
        sheet.add(NAME_BEGINS, "氏名の始まりが同じ" if len(asked.words) < 2 else "氏名のことばが同じ")
        return "begins"
    if len(asked.words) > 1 and any(_word_begins(word, known) for word in asked.words):
        sheet.add(ONE_WORD_SAME, "氏名の一部が同じ")
        return "other" if known.full else "family"
    if (asked.names or asked.readings) and (known.names or known.readings):
        return "other"
    return "none"


def _birth(asked: Birth, known: Birth, sheet: _Sheet) -> str:
    """same, month, year, near (one part differs), other, or unknown."""
    if not asked.known or not known.known:
        return "unknown"
    if asked.on and known.on:
        return _whole_births(asked.on, known.on, sheet)
    year, other = _year(asked), _year(known)
    if asked.about or known.about:
        if abs(year - other) <= 1:
            sheet.add(BIRTH_YEAR_SAME, "年ごろが同じ")
            return "year"
        if abs(year - other) <= 3:
            return "unknown"
        sheet.add(BIRTH_OTHER, "年ごろが違う")
        return "other"
    months = {value for value in (_month(asked), _month(known)) if value}
    if year != other or len(months) > 1:
        sheet.add(BIRTH_OTHER, "生年月日が違う")
        return "other"
    if _month(asked) and _month(known):
        sheet.add(BIRTH_MONTH_SAME, "生まれた年と月が同じ")
        return "month"
    sheet.add(BIRTH_YEAR_SAME, "生まれた年が同じ")
    return "year"


def _whole_births(asked: date, known: date, sheet: _Sheet) -> str:
    if asked == known:
        sheet.add(BIRTH_SAME, "生年月日が同じ")
        return "same"
    parts = sum((asked.year != known.year, asked.month != known.month, asked.day != known.day))
    swapped = (asked.year, asked.month, asked.day) == (known.year, known.day, known.month)
    if parts == 1 or swapped:
        sheet.add(BIRTH_NEAR, "生年月日が1か所違う")
        return "near"
    sheet.add(BIRTH_OTHER, "生年月日が違う")
    return "other"


def _year(birth: Birth) -> int:
    return birth.on.year if birth.on else birth.year or 0


def _month(birth: Birth) -> int | None:
    return birth.on.month if birth.on else birth.month


def _phone(asked: Evidence, known: Evidence, sheet: _Sheet) -> bool:
    if _meet(asked.phones, known.phones):
        sheet.add(PHONE_SAME, "同じ電話")
        return True
    if _begins(asked.phones, known.phones):
        sheet.add(PHONE_BEGINS, "電話の始まりが同じ")
    return False


def _address(asked: Evidence, known: Evidence, sheet: _Sheet) -> bool:
    if any(is_a_door(key) for key in set(asked.addresses) & set(known.addresses)):
        sheet.add(ADDRESS_SAME, "同じ住所")
        return True
    if _begins(asked.addresses, known.addresses):
        sheet.add(ADDRESS_BEGINS, "住所の始まりが同じ")
    return False


def two_of_three(asked: Evidence, known: Evidence) -> bool:
    """Whether two of reading, whole birth date and phone agree: what another office needs for a hint (sharing.md)."""
    readings = _meet(asked.readings, known.readings) and asked.full
    births = asked.birth.on is not None and asked.birth.on == known.birth.on
    phones = _meet(asked.phones, known.phones)
    return readings + births + phones >= 2
