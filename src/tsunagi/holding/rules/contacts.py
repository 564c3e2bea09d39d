"""Five kinds of contact, one deed for all concerns of a household (holding.md: Contact)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class ContactKind(Labelled):
    """What came of it (連絡の種類). A and B reset 「最後に様子が分かった日」."""

    MET = "met", "会えた・話せた"
    SEEN = "seen", "姿・様子を確かめた"
    AROUND = "around", "周りと話した"
    TRIED = "tried", "試みた"
    WORKED = "worked", "動いた"
