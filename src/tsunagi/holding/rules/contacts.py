"""Five kinds of contact, one deed for all concerns of a household (holding.md: Contact).

Which contact moves the due day how often is the table `CONTACTS`; what has happened since the person was last
seen is a `Run`. Only A (met) and B (seen) say that somebody knows how the person is; without them every way
of moving the day runs out, and two people look again (見立て直し).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tsunagi.holding.rules.deeds import Deed
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, HoldKind
from tsunagi.shared.labels import Labelled


class ContactKind(Labelled):
    """What came of it (連絡の種類). A and B reset 「最後に様子が分かった日」."""

    MET = "met", "会えた・話せた"
    SEEN = "seen", "姿・様子を確かめた"
    AROUND = "around", "周りと話した"
    TRIED = "tried", "試みた"
    WORKED = "worked", "動いた"


ALWAYS = None  # as a limit: this contact moves the due day every time


@dataclass(frozen=True)
class ContactRule:
    """One line of the contact table. Limits count contacts of this kind since the last A or B."""

    letter: str
    deed: Deed
    resets_last_seen: bool
    moves: int | None
    moves_in: Mapping[HoldKind, int | None] = field(default_factory=dict)
    always_for_families: bool = False


CONTACTS: Mapping[ContactKind, ContactRule] = {
    ContactKind.MET: ContactRule("A", Deed.MET, resets_last_seen=True, moves=ALWAYS),
    ContactKind.SEEN: ContactRule("B", Deed.SEEN, resets_last_seen=True, moves=ALWAYS),
    ContactKind.AROUND: ContactRule(
        "C", Deed.TALKED_AROUND, resets_last_seen=False, moves=2, always_for_families=True
    ),
    ContactKind.TRIED: ContactRule(
        "D",
        Deed.TRIED,
        resets_last_seen=False,
        moves=1,
        moves_in={HoldKind.REACHING_OUT: ALWAYS, HoldKind.TRIAGE: 3},
    ),
    ContactKind.WORKED: ContactRule("E", Deed.WORKED, resets_last_seen=False, moves=2),
}

CONTACT_OF: Mapping[Deed, ContactKind] = {rule.deed: kind for kind, rule in CONTACTS.items()}

# Deeds that change how a concern is held and so give the days of the new kind: once per kind while unseen.
CHANGES_OF_KIND = frozenset(
    {
        Deed.ASSESS,
        Deed.SUPPORT,
        Deed.REFER,
        Deed.HAND_BACK,
        Deed.FOLLOW_THROUGH,
        Deed.REACH_OUT,
        Deed.ARRANGE_PARTICIPATION,
        Deed.WATCH,
        Deed.TAKE_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class Run:
    """What has happened since the last contact A or B (or the last 見立て直し).

    `unseen`: contacts in a row without A or B; `around`, `tried`, `worked`: how many of each; `could_not`:
    used since the last contact; `extensions`: reasoned extensions and waits; `kinds`: kinds that have given
    their days.
    """

    unseen: int = 0
    around: int = 0
    tried: int = 0
    worked: int = 0
    could_not: bool = False
    extensions: int = 0
    kinds: frozenset[HoldKind] = frozenset()

    def count(self, contact: ContactKind) -> int:
        """How many contacts of this kind (C, D or E) the run holds; 0 for A and B, which end a run."""
        return _COUNT_OF[contact](self) if contact in _COUNT_OF else 0

    def after(self, deed: Deed, kind: HoldKind | None) -> Run:
        """The run once `deed` is done and the concern is held as `kind` (None: not held)."""
        contact = CONTACT_OF.get(deed)
        if contact is not None:
            return self._after_contact(contact)
        if deed == Deed.RETHINK:
            return Run()
        if deed == Deed.COULD_NOT:
            return replace(self, could_not=True)
        if deed in (Deed.EXTEND, Deed.WAIT):
            return replace(self, extensions=self.extensions + 1)
        if deed == Deed.ACCEPT or (deed == Deed.COORDINATE and kind == HoldKind.COORDINATING):
            # Another person carries it now, two people have agreed: new days, but still unseen.
            return Run(unseen=self.unseen)
        if deed == Deed.DECLINE:
            return replace(self, kinds=self.kinds - {HoldKind.HANDING_OVER})
        if deed in (Deed.RECEIVE, Deed.REOPEN):
            return Run(kinds=frozenset({kind} if kind else ()))
        if deed == Deed.TAKE_STOCK and kind is not None:
            return replace(self, kinds=frozenset({kind}))
        if deed in CHANGES_OF_KIND and kind is not None:
            return replace(self, kinds=self.kinds | {kind})
        return self

    def _after_contact(self, contact: ContactKind) -> Run:
        if CONTACTS[contact].resets_last_seen:
            return Run()
        return replace(
            self,
            unseen=self.unseen + 1,
            around=self.around + (contact == ContactKind.AROUND),
            tried=self.tried + (contact == ContactKind.TRIED),
            worked=self.worked + (contact == ContactKind.WORKED),
            could_not=False,
        )


_COUNT_OF = {
    ContactKind.AROUND: lambda run: run.around,
    ContactKind.TRIED: lambda run: run.tried,
    ContactKind.WORKED: lambda run: run.worked,
}


def run_of(past: Iterable[tuple[Deed, HoldKind | None]]) -> Run:
    """The run after these deeds, oldest first, each with the kind the concern was held as afterwards.

    Give the deeds of the hold chain and the contacts in the order they were done; starting at the last A, B
    or 見立て直し is enough.
    """
    run = Run()
    for deed, kind in past:
        run = run.after(deed, kind)
    return run


def moves_due(contact: ContactKind, kind: HoldKind, run: Run, *, family_support: bool = False) -> bool:
    """Does this contact move the due day, after the run before it? (the contact table)"""
    rule = CONTACTS[contact]
    if rule.always_for_families and family_support:
        return True
    limit = rule.moves_in.get(kind, rule.moves)
    return limit is ALWAYS or run.count(contact) < limit


def rethink_due(
    run: Run,
    *,
    last_seen_on: date | None,
    opened_on: date,
    on: date,
    settings: HoldingSettings = STANDARD,
) -> bool:
    """Is a 見立て直し due: four contacts in a row without A or B, or 90 days in which nobody saw the person?

    `last_seen_on` may also be the day of the last 見立て直し; without either the days count from `opened_on`.
    """
    unseen = unseen_days(last_seen_on, opened_on, on)
    return run.unseen >= settings.rethink_contacts or unseen >= settings.rethink_after.count


def unseen_days(last_seen_on: date | None, opened_on: date, on: date) -> int:
    """For how many calendar days nobody has known how the person is; never negative."""
    return max(0, (on - (last_seen_on or opened_on)).days)
