"""What can be found: a text somebody wrote, whose it is, and which sight opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tsunagi.shared.labels import Labelled

LONGEST = 100_000
"""Letters of one text that are indexed; what stands behind them is kept and shown, but not found."""


class TextKind(Labelled):
    """What kind of record a text is."""

    CONSULTATION = "consultation", "相談"
    NOTE = "note", "支援の記録"
    CONTACT = "contact", "連絡の記録"
    CONCERN = "concern", "課題"
    REFERRAL = "referral", "つなぎ"


class Key(Labelled):
    """What opens a text. A text lies under keys; whoever searches brings the keys they hold (in SQL, never typed)."""

    TOLD = "told", "相談内容を見られる方"
    FILE = "file", "支援経過を見られる方"
    DESK = "desk", "受けた窓口"
    END = "end", "送った機関・受けた機関"

    def of(self, number: int) -> str:
        """The key of a party (TOLD, FILE) or of an office (DESK, END): `file:123`."""
        return f"{self.value}:{number}"


PARTY_KEYS = {
    TextKind.CONSULTATION: Key.TOLD,
    TextKind.NOTE: Key.FILE,
    TextKind.CONTACT: Key.FILE,
    TextKind.CONCERN: Key.FILE,
}
"""Which key of its party opens a text; a referral opens by its two ends alone."""


@dataclass(frozen=True)
class Text:
    """A text as its module hands it over; empty `words` means: not to be found.

    `parties`: whom it is about (a visit may be about several). `office_id` wrote it. `offices`: keys of offices that
    may find it whoever it is about (`Key.DESK.of(…)`).
    """

    kind: TextKind
    source_id: int
    words: str
    at: datetime
    parties: tuple[int, ...] = ()
    office_id: int | None = None
    offices: tuple[str, ...] = ()

    def rows(self) -> list[tuple[int | None, tuple[str, ...]]]:
        """The parties it stands under, each with the keys that open it there; () where it is about nobody yet."""
        key = PARTY_KEYS.get(self.kind)
        return [
            (party, ((key.of(party),) if key and party is not None else ()) + self.offices)
            for party in dict.fromkeys(self.parties) or (None,)
        ]


def joined(*parts: str | None) -> str:
    """The boxes of one record as one text, each on a line of its own; empty ones left out."""
    return "\n".join(part for part in parts if part)
