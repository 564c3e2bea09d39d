"""What somebody typed into a lookup, read: which words are names, which a date, a number, an address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import permutations

from tsunagi.shared.names import may_be_name_lost
from tsunagi.shared.wareki import NotADate

from .births import Birth, birth_facts, read_birth
from .keys import Home, KeyKind, address_key, is_full, name_keys, phone_key, search_ranges, words_of
from .matching import Evidence

# Fewer digits than this say nothing about whose number it is.
SHORTEST_PHONE = 4
LONGEST_ASKED = 200
MOST_WORDS = 6
_PHONE = re.compile(r"^[+0-9()\-‐－−ー\s]{4,}$")
_DATE = re.compile(
    r"^(?:[RHSTM令平昭大明]\w{0,2}[\d元]|\d{4}[-/.年]|\d{8}$|(?:18|19|20)\d{2}年?$)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\D[\d一二三四五六七八九十]+(?:丁目|番|号|[-‐‑‒–—―−ー]\d)|[町村字]\S*\d")


@dataclass(frozen=True)
class Asked:
    """A lookup as read. `words` are the parts of the name in the order typed; `kana` belongs to the kana field.

    Phone and address stay as typed until `keyed` folds them as this city writes them.
    """

    words: tuple[str, ...] = ()
    kana: tuple[str, ...] = ()
    birth: Birth = field(default_factory=Birth)
    phone: str = ""
    address: str = ""

    def keyed(self, home: Home) -> Asked:
        """The same with phone and address as keys; once is enough, twice changes nothing."""
        digits = phone_key(self.phone, home)
        return replace(
            self,
            phone=digits if len(digits) >= SHORTEST_PHONE else "",
            address=address_key(self.address, home) if self.address else "",
        )

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
    return Asked(
        words=_words(name),
        kana=_words(kana),
        birth=birth_facts(birth, on=on).as_birth(),
        phone=_plain(phone) if _digits(phone) >= SHORTEST_PHONE else "",
        address=_plain(address).strip(),
    )


def read_text(text: str, *, on: date | None = None) -> Asked:
    """A lookup in one box: 「山田 S23.1.15」「075-955-1234」「やまだ はな」「開田2-25-14」, in any order."""
    asked = Asked()
    words: list[str] = []
    whole = unicodedata.normalize("NFKC", _plain(text.strip()))
    if _PHONE.match(whole) and not _DATE.match(whole):
        return Asked(phone=whole) if _digits(whole) >= SHORTEST_PHONE else asked
    for token in _words(text):
        plain = unicodedata.normalize("NFKC", token)
        if _PHONE.match(plain) and not _DATE.match(plain) and _digits(plain) >= SHORTEST_PHONE:
            asked = replace(asked, phone=plain)
        elif _DATE.match(plain) and (birth := _birth(plain, on)).known:
            asked = replace(asked, birth=birth)
        elif _ADDRESS.search(plain):
            asked = replace(asked, address=token)
        else:
            words.append(token)
    return replace(asked, words=tuple(words))


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


def _words(text: str) -> tuple[str, ...]:
    return words_of(_plain(text))[:MOST_WORDS]


def _plain(text: str) -> str:
    """The text without what no keyboard writes and no database takes, and not longer than a question is."""
    spaced = (" " if letter.isspace() else letter for letter in text[:LONGEST_ASKED])
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cs"))


def _birth(text: str, on: date | None) -> Birth:
    try:
        read_birth(text, on=on)
    except NotADate:
        return Birth()
    return birth_facts(text, on=on).as_birth()


def evidence_of(asked: Asked) -> Evidence:
    """What was asked (`keyed`), as keys to compare: the name in every order of its words (families come first or last)."""
    found: dict[str, set[str]] = {kind: set() for kind in KeyKind}
    for words in (asked.words, asked.kana):
        for order in orders_of(words):
            text = " ".join(order)
            # A name of which a character was lost (〓, ?) neither agrees nor contradicts; its reading does.
            if words is asked.words and not may_be_name_lost(text):
                for kind, key in name_keys(text):
                    found[kind].add(key)
            elif words is asked.kana:
                for kind, key in name_keys("", text):
                    found[kind].add(key)
    return Evidence(
        names=found[KeyKind.NAME],
        readings=found[KeyKind.KANA],
        near=found[KeyKind.LOOSE],
        words=tuple(
            frozenset(key for _kind, key in search_ranges((word,))) for word in (*asked.words, *asked.kana)
        ),
        full=is_full(
            names=found[KeyKind.NAME],
            readings=found[KeyKind.KANA],
            has_parts=len(asked.words) > 1 or len(asked.kana) > 1,
        ),
        birth=asked.birth,
        phones={asked.phone} - {""},
        addresses={asked.address} - {""},
    )


def orders_of(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words as typed first, then in other orders; a long name only as typed and with its last word first."""
    if len(words) <= 3:
        return list(dict.fromkeys(permutations(words))) if words else []
    return [words, (words[-1], *words[:-1]), (*words[1:], words[0])]
