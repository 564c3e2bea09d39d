"""What `decide` is told, and what it answers: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tsunagi.holding.rules.closing import ClosingDecision, ClosingWish
from tsunagi.holding.rules.closing_words import ClosingOutcome
from tsunagi.holding.rules.consultations import StocktakingAnswer
from tsunagi.holding.rules.contacts import Run
from tsunagi.holding.rules.deeds import AgreedIn, Deed, RethinkChoice, Who
from tsunagi.holding.rules.gaps import DeclineReason, GapKind
from tsunagi.holding.rules.kinds import (
    HoldingSettings,
    HoldKind,
    Standing,
    State,
    Urgency,
    WaitingFor,
    Whose,
)
from tsunagi.holding.rules.lateness import Lateness
from tsunagi.holding.rules.promises import PromiseKind
from tsunagi.holding.rules.safety import SafetyWord, safety_open
from tsunagi.holding.rules.transitions import Transition
from tsunagi.shared.days import Calendar


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A concern and its open hold, as far as a rule must know them.

    `state`: the kind of the open hold, LOOKING_BACK for a WATCHING hold marked as look-back, NEW or CLOSED
    without. `due_on`: None only for NEW and CLOSED. `came_at`: when it came (used for NEW).
    `seen`: met or seen since the urgency was judged. `high_since`, `managers_word_on`: for 高.
    `suspected`, `safety_word`: H15. `kind_before`: how it was held before つなぎ.
    `declines`: earlier noes for this concern. `request_open`: a request to くらし連携担当 stands (H5);
    `to_coordinator_by_request`: this つなぎ is that request. `oral_yes_used`: an oral yes stands or stood.
    `roles_agreed`: role table, 見通し and 主担当 are there. `closed_as`: the decided outcome while looking
    back.
    """

    state: State
    urgency: Urgency = Urgency.LOW
    due_on: date | None = None
    opened_on: date | None = None
    came_at: datetime | None = None
    run: Run = field(default_factory=Run)
    seen: bool = False
    last_seen_on: date | None = None
    whose: Whose = Whose.PERSON
    family_support: bool = False
    colour: Lateness = Lateness.GREEN
    high_since: date | None = None
    managers_word_on: date | None = None
    suspected: bool = False
    safety_word: SafetyWord | None = None
    protected: bool = False
    kind_before: HoldKind | None = None
    declines: int = 0
    request_open: bool = False
    to_coordinator_by_request: bool = False
    oral_yes_used: bool = False
    roles_agreed: bool = False
    closed_as: ClosingOutcome | None = None

    def __post_init__(self) -> None:
        # A stored value is as good as its word: what the rules tell apart by type must not be a bare string.
        if not isinstance(self.state, HoldKind | Standing):
            state = HoldKind(self.state) if self.state in HoldKind.values() else Standing(self.state)
            object.__setattr__(self, "state", state)

    @property
    def safety_is_open(self) -> bool:
        """Is a suspicion unreported (H15)?"""
        return safety_open(suspected=self.suspected, word=self.safety_word)

    @property
    def kind(self) -> HoldKind | None:
        """The kind of the open hold as stored, None when there is none."""
        if isinstance(self.state, HoldKind):
            return self.state
        return HoldKind.WATCHING if self.state == Standing.LOOKING_BACK else None


@dataclass(frozen=True, slots=True)
class DeedWish:
    """What a worker asks for. Everything has a default; `decide` says what is missing.

    `agreed_by` (another worker's number) or `agreed_in` (a meeting) is the second person; `agreed_as`: in
    what part that person agreed. `accepted`: the next holder's own yes, or said in the meeting that
    `agreed_in` names.
    """

    by: Who = Who.HOLDER
    worker: int | None = None
    next_kind: HoldKind | None = None
    due_on: date | None = None
    reason: str = ""
    urgency: Urgency | None = None
    agreed_by: int | None = None
    agreed_in: AgreedIn | None = None
    agreed_as: Who | None = None
    accepted: bool = False
    holder_named: bool = True
    waiting_for: WaitingFor | None = None
    waiting_from: str = ""
    expected_on: date | None = None
    oral_by: str = ""
    oral_on: date | None = None
    decline_reason: DeclineReason | None = None
    rethink: RethinkChoice | None = None
    stocktaking: StocktakingAnswer | None = None
    safety_word: SafetyWord | None = None
    reported_to: str = ""
    reported_at: datetime | None = None
    ends: bool | None = None
    closing: ClosingWish | None = None

    @property
    def second_agreed(self) -> bool:
        """Has somebody else, or a meeting, agreed?"""
        if self.agreed_in in (AgreedIn.OFFICE_MEETING, AgreedIn.SUPPORT_MEETING):
            return True
        return self.agreed_by is not None and self.agreed_by != self.worker


@dataclass(frozen=True, slots=True)
class Question:
    """One deed put to the rules: the table's cell, the facts, the wish, the day, the office's calendar."""

    deed: Deed
    cell: Transition
    facts: HoldFacts
    wish: DeedWish
    on: date
    calendar: Calendar
    settings: HoldingSettings


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise the deed makes besides: what, by which day."""

    kind: PromiseKind
    due_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What the deed leads to.

    `next`: where the concern stands; `due_on`: None only when closed. `changes_hold`: close this hold and
    open its successor (the kind, the day or the holder changes, or the deed must stay in the chain).
    `holder_changes`: to the receiver, successor or new holder. `moved`: the due day changed. `hint`: a
    sentence to show although nothing was refused.
    """

    deed: Deed
    next: State
    due_on: date | None
    urgency: Urgency
    run: Run
    moved: bool
    changes_hold: bool
    holder_changes: bool = False
    oral_yes_until: date | None = None
    rests_until: date | None = None
    gap: GapKind | None = None
    asks_coordination: bool = False
    closing: ClosingDecision | None = None
    promises: tuple[Promised, ...] = ()
    hint: str = ""

    @property
    def kind(self) -> HoldKind | None:
        """The kind of hold to store, None when the concern is closed."""
        if isinstance(self.next, HoldKind):
            return self.next
        return HoldKind.WATCHING if self.next == Standing.LOOKING_BACK else None

    @property
    def look_back(self) -> bool:
        """Is the hold to store a look-back (ふりかえり)?"""
        return self.next == Standing.LOOKING_BACK
