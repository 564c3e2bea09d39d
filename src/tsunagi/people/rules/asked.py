"""What somebody typed into a lookup, read: which words are names, which a date, a number, an address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import permutations

from tsunagi.shared.wareki import NotADate

from .births import birth_facts, read_birth
from .keys import KeyKind, address_key, name_keys, phone_digits
from .matching import Birth, Evidence

# Fewer digits than this say nothing about whose number it is.
SHORTEST_PHONE = 4
LONGEST_ASKED = 200
_PHONE = re.compile(r"^[+0-9()\-‐－−ー\s]{4,}$")
_DATE = re.compile(
    r"^(?:[RHSTM令平昭大明]\w{0,2}[\d元]|\d{4}[-/.年]|\d{8}$|(?:18|19|20)\d{2}年?$)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\d+(?:丁目|番|号|-\d)|[町村字]\S*\d")


@dataclass(frozen=True)
class Asked:
    """A lookup as read. `words` are the parts of the name in the order typed; `kana` belongs to the kana field."""

    words: tuple[str, ...] = ()
    kana: tuple[str, ...] = ()
    birth: Birth = field(default_factory=Birth)
    phone: str = ""
    address: str = ""

    @property
    def empty(self) -> bool:
        """Nothing that could find anybody."""
        return not (self.words or self.kana or self.birth.known or self.phone or self.address)

    @property
    def by(self) -> list[str]:
        """What it was asked by, for the journal: codes, never words."""
        said = {
            "name": self.words,
            "kana": self.kana,
            "birth": self.birth.known,
            "phone": self.phone,
            "address": self.address,
        }
        return [name for name, given in said.items() if given]


def read_fields(
    *,
    name: str = "",
    kana: str = "",
    birth: str | date | None = "",
    phone: str = "",
    address: str = "",
    on: date | None = None,
) -> Asked:
    """A lookup by fields of a form."""
    digits = phone_digits(phone[:LONGEST_ASKED])
    return Asked(
        words=_words(name),
        kana=_words(kana),
        birth=birth_facts(birth, on=on).as_birth(),
        phone=digits if len(digits) >= SHORTEST_PHONE else "",
        address=address_key(address[:LONGEST_ASKED]) if address.strip() else "",
    )


def read_text(text: str, *, on: date | None = None) -> Asked:
    """A lookup in one box: 「山田 S23.1.15」「075-955-1234」「やまだ はな」「開田2-25-14」, in any order."""
    asked = Asked()
    words: list[str] = []
    whole = unicodedata.normalize("NFKC", text.strip()[:LONGEST_ASKED])
    if _PHONE.match(whole) and not _DATE.match(whole):
        digits = phone_digits(whole)
        return Asked(phone=digits) if len(digits) >= SHORTEST_PHONE else asked
    for token in _words(text):
        plain = unicodedata.normalize("NFKC", token)
        if _PHONE.match(plain) and not _DATE.match(plain) and len(phone_digits(plain)) >= SHORTEST_PHONE:
            asked = replace(asked, phone=phone_digits(plain))
        elif _DATE.match(plain) and (birth := _birth(plain, on)).known:
            asked = replace(asked, birth=birth)
        elif _ADDRESS.search(plain):
            asked = replace(asked, address=address_key(token))
        else:
            words.append(token)
    return replace(asked, words=tuple(words))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s・,，、]+", text[:LONGEST_ASKED].strip())) if text.strip() else ()


def _birth(text: str, on: date | None) -> Birth:
    try:
        read_birth(text, on=on)
    except NotADate:
        return Birth()
    return birth_facts(text, on=on).as_birth()


def evidence_of(asked: Asked) -> Evidence:
    """What was asked, as keys to compare: the name in every order of its words (families come first or last)."""
    found: dict[str, set[str]] = {kind: set() for kind in KeyKind}
    full = False
    for words in (asked.words, asked.kana):
        full = full or len(words) > 1
        for order in orders_of(words):
            for kind, key in name_keys(" ".join(order), "", field="kana" if words is asked.kana else "name"):
                found[kind].add(key)
    return Evidence(
        names=found[KeyKind.NAME],
        readings=found[KeyKind.KANA],
        near=found[KeyKind.LOOSE],
        full=full or any(len(key) >= 4 for key in found[KeyKind.NAME]),
        birth=asked.birth,
        phones={asked.phone} - {""},
        addresses={asked.address} - {""},
    )


def orders_of(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words as typed first, then in other orders; a long name only as typed and with its last word first."""
    if len(words) <= 3:
        return list(dict.fromkeys(permutations(words))) if words else []
    return [words, (words[-1], *words[:-1]), (*words[1:], words[0])]
