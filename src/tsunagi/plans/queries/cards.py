"""What pages and papers print of a plan: frozen, with every word resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tsunagi.holding.rules import Lateness
from tsunagi.plans.rules import PREPARED, PlanDeed, PlanState, Term


def number_words(number: int) -> str:
    """初回, 2回目, 3回目 …"""
    return "初回" if number == 1 else f"{number}回目"


@dataclass(frozen=True)
class PlanCard:
    """A plan on the list of its file."""

    id: int
    number: int
    number_label: str
    version: int
    state: str
    state_label: str
    made_at: datetime
    worker: str
    office: str
    from_on: date | None
    until_on: date | None
    ended_at: datetime | None
    end_reason: str
    monitorings: int

    @property
    def is_prepared(self) -> bool:
        """Whether it is still being made."""
        return PlanState(self.state) in PREPARED

    @property
    def is_running(self) -> bool:
        """Whether it is in force."""
        return self.state == PlanState.RUNNING

    @property
    def title(self) -> str:
        """How a link calls it."""
        return f"{self.number_label}のプラン" + (f"（第{self.version}版）" if self.version > 1 else "")


@dataclass(frozen=True)
class GoalCard:
    """One goal. `attainment` is what the last look said of it."""

    id: int
    term: str
    term_label: str
    text: str
    plain: str
    strength_id: int | None
    strength: str
    attainment: str = ""
    attainment_label: str = ""
    attainment_reason: str = ""


@dataclass(frozen=True)
class RoleNoteCard:
    """What was said of a row while it ran."""

    deed_label: str
    words: str
    due_on: date | None
    worker: str
    at: datetime
    by: str


@dataclass(frozen=True)
class RoleCard:
    """One row of the role table. `due_on`, `worker` and `office` are those of its promise while it is open; `agreed_due_on`
    is what the plan says. `lateness` is None where it is not open or nobody asked for colours."""

    id: int
    goal_id: int | None
    goal: str
    owner_kind: str
    owner: str
    owner_words: str
    worker_id: int
    worker: str
    office_id: int
    office: str
    acting: str
    what: str
    often: str
    due_on: date
    agreed_due_on: date
    how_known: str
    plain: str
    state: str
    state_label: str
    settled_at: datetime | None
    settled_by: str
    settled_words: str
    promise_id: int | None
    lateness: Lateness | None = None
    days_late: int = 0
    notes: tuple[RoleNoteCard, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody is at it."""
        return self.state == "open"

    @property
    def who(self) -> str:
        """Who does it: 職員 by name and office; else the owner, with who answers."""
        answers = f"{self.worker}（{self.office}）"
        return answers if self.owner_kind == "worker" else f"{self.owner}（答える人：{answers}）"


@dataclass(frozen=True)
class ConsentCard:
    """Who agreed, when it was explained, how, for what, and where the paper is."""

    explained_on: date
    agreed_by_label: str
    name: str
    way_label: str
    scope: str
    kept_where: str
    words: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class ConferenceCard:
    """What a meeting said of the plan."""

    held_on: date
    kind_label: str
    result: str
    result_label: str
    words: str


@dataclass(frozen=True)
class GoalResultCard:
    """How far one goal came."""

    goal_id: int
    term_label: str
    goal: str
    attainment: str
    attainment_label: str
    reason: str


@dataclass(frozen=True)
class RoleResultCard:
    """How one row stood."""

    role_id: int
    what: str
    state_label: str
    due_on: date | None
    words: str


@dataclass(frozen=True)
class MonitoringCard:
    """One look at the plan. `is_corrected`: another entry was written instead of it."""

    id: int
    on: date
    is_evaluation: bool
    persons_view: str
    persons_view_label: str
    persons_words: str
    opinion: str
    left_over: str
    changes: tuple[str, ...]
    change_labels: tuple[str, ...]
    decision: str
    decision_label: str
    decision_words: str
    next_on: date
    office: str
    recorded_at: datetime
    recorded_by: str
    goals: tuple[GoalResultCard, ...]
    roles: tuple[RoleResultCard, ...]
    is_corrected: bool
    corrects_id: int | None


@dataclass(frozen=True)
class EventCard:
    """就労 or 増収. `amount` is None where nobody wrote it or this worker may not see money."""

    id: int
    on: date
    kind: str
    kind_label: str
    person: str
    is_target: bool
    income_up: bool
    amount: int | None
    words: str
    recorded_at: datetime
    recorded_by: str
    taken_back_at: datetime | None
    taken_back_reason: str

    @property
    def amount_words(self) -> str:
        """12,000円."""
        return f"{self.amount:,}円" if self.amount else ""


@dataclass(frozen=True)
class FollowUpCard:
    """A look after the end."""

    id: int
    due_on: date
    what: str
    is_open: bool
    worker: str
    done_on: date | None
    result_label: str
    words: str
    done_by: str
    lateness: Lateness | None = None


@dataclass(frozen=True)
class ServiceCard:
    """One of 利用する事業, chosen or not: a paper prints every box."""

    value: str
    label: str
    national_report: bool
    chosen: bool


@dataclass(frozen=True)
class NextMonitoring:
    """Who looks at the plan next, and when."""

    due_on: date
    worker: str
    office: str
    acting: str
    lateness: Lateness | None = None
    days_late: int = 0


@dataclass(frozen=True)
class PlanSheet:
    """One plan with everything it says (プラン兼利用申込書): for its page and for the paper."""

    id: int
    case_id: int
    case_number: str
    party_id: int
    party_label: str
    is_household: bool
    number: int
    number_label: str
    version: int
    state: str
    state_label: str
    office: str
    worker: str
    made_on: date
    wish_person: str
    wish_family: str
    situation: str
    direction: str
    goals: tuple[GoalCard, ...]
    roles: tuple[RoleCard, ...]
    service_groups: tuple[tuple[str, tuple[ServiceCard, ...]], ...]
    services_words: str
    emergency: str
    sharing: str
    ending_sign: str
    from_on: date | None
    until_on: date | None
    monitor_on: date | None
    consents: tuple[ConsentCard, ...]
    conferences: tuple[ConferenceCard, ...]
    no_meeting: str
    decided_on: date | None
    decided_by: str
    decision_words: str
    began_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    is_frozen: bool
    plain_confirmed_at: datetime | None
    plain_confirmed_by: str
    next_monitoring: NextMonitoring | None
    may_write: bool
    deeds: tuple[PlanDeed, ...]
    revision: int
    previous_id: int | None = None

    @property
    def title(self) -> str:
        """How a page is headed."""
        return f"{self.number_label}のプラン" + (f"（第{self.version}版）" if self.version > 1 else "")

    @property
    def long_goals(self) -> tuple[GoalCard, ...]:
        """長期目標."""
        return tuple(goal for goal in self.goals if goal.term == Term.LONG)

    @property
    def short_goals(self) -> tuple[GoalCard, ...]:
        """短期目標."""
        return tuple(goal for goal in self.goals if goal.term == Term.SHORT)

    @property
    def services(self) -> tuple[ServiceCard, ...]:
        """Those that are chosen."""
        return tuple(card for _group, cards in self.service_groups for card in cards if card.chosen)

    @property
    def open_roles(self) -> tuple[RoleCard, ...]:
        """Rows somebody is at."""
        return tuple(role for role in self.roles if role.is_open)

    @property
    def is_running(self) -> bool:
        """Whether it is in force."""
        return self.state == PlanState.RUNNING

    @property
    def is_prepared(self) -> bool:
        """Whether it is still being made."""
        return PlanState(self.state) in PREPARED

    @property
    def result(self) -> str:
        """What the last meeting said; "" before one did."""
        return self.conferences[-1].result if self.conferences else ""


@dataclass(frozen=True)
class MonitoringSheet:
    """How a plan went (モニタリング・評価シート): for its page and for the paper. `entry` is the one asked for, else the
    last that stands; None while nobody looked."""

    plan: PlanSheet
    entry: MonitoringCard | None
    entries: tuple[MonitoringCard, ...]
    events: tuple[EventCard, ...]
    follow_ups: tuple[FollowUpCard, ...]
    main_office: str
    closed_on: date | None
    closing_words: str
    change_boxes: tuple[tuple[str, str, bool], ...] = field(default=())
