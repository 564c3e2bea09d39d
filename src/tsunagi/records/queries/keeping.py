"""The rules of keeping, what is due, what stops a disposal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from tsunagi.people.models import Membership, Party, Person
from tsunagi.people.rules import PartyKind
from tsunagi.records.models import (
    Demand,
    Disposal,
    DisposalItem,
    IncidentParty,
    KeepingRule,
    LegalHold,
    Voice,
)
from tsunagi.records.rules import accidents, demands, voices
from tsunagi.records.rules.keeping import (
    SHIPPED,
    Begins,
    HoldReason,
    ItemState,
    RecordKind,
    Rule,
    Run,
    kept_until,
    verdict,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.held import Loose
from tsunagi.shared.rows import sees_whole

from .holdings import loose, moments

PARTY = "party"
SHOWN = 200


@dataclass(frozen=True)
class RuleCard:
    """One kind's rule as the page shows it."""

    kind: str
    label: str
    rule: Rule
    is_own: bool
    at: datetime | None
    by: str


@dataclass(frozen=True)
class Due:
    """Something whose time has run out: what, its number, from which day, by which kind. No name."""

    what: str
    subject_id: int
    due_on: date
    kind: str
    party_kind: str = ""
    held: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"{self.what}-{self.subject_id}"

    @property
    def what_label(self) -> str:
        """本人 #12, 伝言 #5."""
        label = PartyKind.label_of(self.party_kind) if self.what == PARTY else loose()[self.what].label
        return f"{label} #{self.subject_id}"

    @property
    def kind_label(self) -> str:
        """The kind whose period was the longest."""
        return RecordKind.label_of(self.kind)


def rules_now() -> dict[str, Rule]:
    """Each kind's rule: the city's newest, else what is proposed."""
    found = dict(SHIPPED)
    rows = KeepingRule.objects.order_by("kind", "-id").distinct("kind")
    for kind, years, begins, article, note in rows.values_list("kind", "years", "begins", "article", "note"):
        found[kind] = Rule(kind, years, begins, article, note)
    return found


def rule_cards() -> list[RuleCard]:
    """Every kind with its rule, in the order of the list."""
    own = {
        row.kind: row
        for row in KeepingRule.objects.order_by("kind", "-id").distinct("kind").select_related("by")
    }
    cards = []
    for kind, rule in rules_now().items():
        row = own.get(kind)
        cards.append(
            RuleCard(kind, RecordKind.label_of(kind), rule, row is not None, row.at if row else None, row.by.name if row else "")
        )  # fmt: skip
    return cards


def rule_of(kind: str) -> Rule:
    """The rule of one kind. KeyError: no such kind."""
    return rules_now()[kind]


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def cluster_of(party_id: int) -> list[int]:
    """A party with every record that turned out to be it, or that it turned out to be."""
    root = Party.objects.filter(pk=party_id).values_list("same_as_id", flat=True).first() or party_id
    return sorted({root, *Party.objects.filter(same_as_id=root).order_by().values_list("pk", flat=True)})


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def held_by(party_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Which of these parties may not be disposed of, and why (codes): a hold somebody set, or something open."""
    found: dict[int, set[str]] = {}

    def note(rows: Iterable[Any], why: str) -> None:
        for pk in rows:
            found.setdefault(pk, set()).add(why)

    of = {"party_id__in": list(party_ids)}
    note(
        LegalHold.objects.filter(released_at__isnull=True, **of)
        .order_by()
        .values_list("party_id", flat=True),
        "hold",
    )
    note(
        Demand.objects.filter(state__in=demands.OPEN_STATES, **of)
        .order_by()
        .values_list("party_id", flat=True),
        "demand",
    )
    note(
        IncidentParty.objects.filter(incident__state__in=accidents.OPEN_STATES, **of)
        .order_by()
        .values_list("party_id", flat=True),
        "incident",
    )
    note(
        Voice.objects.filter(state__in=voices.OPEN_STATES, **of)
        .order_by()
        .values_list("party_id", flat=True),
        "voice",
    )
    return {pk: tuple(sorted(why)) for pk, why in found.items()}  # fmt: skip


HELD_WORDS = {"hold": "停止がかかっています", "demand": "請求・照会が開いています", "incident": "事故が開いています", "voice": "苦情・要望が開いています"}  # fmt: skip


def held_words(why: Iterable[str]) -> str:
    """「停止がかかっています・請求・照会が開いています」."""
    return "・".join(HELD_WORDS[one] for one in why)


_RUNS = """
    WITH moments (kind, party, day, goes_on) AS ({moments}),
    roots AS (
        SELECT COALESCE(p.same_as_id, p.id) AS root, m.kind, max(m.day) AS day, bool_or(m.goes_on) AS goes_on
          FROM moments m JOIN people_party p ON p.id = m.party {only}
         GROUP BY 1, 2
    )
    SELECT root, json_agg(json_build_array(kind, day, goes_on) ORDER BY kind) FROM roots
     GROUP BY root HAVING NOT bool_or(goes_on) AND max(day) <= %(before)s ORDER BY root
"""


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def _runs(before: date, party_ids: Collection[int] | None = None) -> dict[int, list[Run]]:
    """Parties nothing of which goes on and whose last day lies before this one: kind, last day."""
    union = " UNION ALL ".join(f"SELECT '{one.kind}', m.* FROM ({one.sql}) m" for one in moments())
    only = "" if party_ids is None else "WHERE p.id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            _RUNS.format(moments=union, only=only), {"before": before, "ids": list(party_ids or ())}
        )
        return {
            root: [
                Run(kind, date.fromisoformat(day) if day else None, goes_on)
                for kind, day, goes_on in (rows if isinstance(rows, list) else json.loads(rows))
            ]
            for root, rows in cursor.fetchall()
        }


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def due_parties(on: date) -> list[Due]:
    """Parties all of whose records have had their time. A household goes with those who live in it, never before them;
    whoever died goes alone."""
    rules = rules_now()
    runs = _runs(on)
    died = dict(
        Person.objects.filter(party_id__in=list(runs), died_on__isnull=False).order_by().values_list("party_id", "died_on")
    )  # fmt: skip
    found = {}
    for root, rows in runs.items():
        said = verdict(rows, rules, died_on=died.get(root), on=on)
        if not said.why_not and said.due_on is not None:
            found[root] = (said.due_on, said.kind)
    gone = _gone()
    for root in list(found):
        last = max((run.ended_on for run in runs[root] if run.ended_on), default=None)
        if root in gone and (last is None or last <= gone[root]):
            del found[root]
    _without_the_living(found, set(died) | set(gone))
    kinds = dict(Party.objects.filter(pk__in=list(found)).order_by().values_list("pk", "kind"))
    stopped = _stopped(found)
    return sorted(
        (Due(PARTY, root, due_on, kind, kinds[root], stopped.get(root, ())) for root, (due_on, kind) in found.items()),
        key=lambda one: (one.due_on, one.subject_id),
    )  # fmt: skip


def _gone() -> dict[int, date]:
    """Parties that were disposed of, and when."""
    rows = DisposalItem.objects.filter(what=PARTY, state=ItemState.DONE, settled_at__isnull=False)
    return {pk: day_of(at) for pk, at in rows.order_by("id").values_list("subject_id", "settled_at") if at}


def _without_the_living(found: dict[int, Any], apart: set[int]) -> None:
    """Take out whoever lives with somebody whose time has not come, until nothing changes."""
    pairs = [
        (home, person)
        for home, person in Membership.objects.filter(ended_at__isnull=True).order_by().values_list("household_id", "person_id")
        if person not in apart and (home in found or person in found)
    ]  # fmt: skip
    changed = True
    while changed:
        changed = False
        for home, person in pairs:
            if (home in found) != (person in found) and home not in apart:
                found.pop(home, None)
                found.pop(person, None)
                changed = True


def _stopped(found: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Why a root is held: by itself or by a record that was joined to it."""
    joined = dict(Party.objects.filter(same_as_id__in=list(found)).order_by().values_list("pk", "same_as_id"))
    held = held_by([*found, *joined])
    stopped: dict[int, set[str]] = {}
    for pk, why in held.items():
        stopped.setdefault(joined.get(pk, pk), set()).update(why)
    return {pk: tuple(sorted(why)) for pk, why in stopped.items()}


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def is_due(party_id: int, on: date) -> bool:
    """Whether everything of this one party has still had its time (asked again under lock)."""
    cluster = cluster_of(party_id)
    runs = _runs(on, cluster)
    rows = runs.get(party_id) or next(iter(runs.values()), None)
    if rows is None:
        return False
    died = Person.objects.filter(party_id=party_id).values_list("died_on", flat=True).first()
    return not verdict(rows, rules_now(), died_on=died, on=on).why_not


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def due_loose(on: date, *, only: Loose | None = None, ids: Collection[int] | None = None) -> list[Due]:
    """Records of no party whose time has run out."""
    rules, found = rules_now(), []
    for one in [only] if only else loose().values():
        rule = rules[one.kind]
        if rule.years is None:
            continue
        gone = set() if ids else set(
            DisposalItem.objects.filter(what=one.key, state=ItemState.DONE).order_by().values_list("subject_id", flat=True)
        )  # fmt: skip
        with connection.cursor() as cursor:
            chosen = "AND id = ANY(%(ids)s)" if ids is not None else ""
            cursor.execute(
                f"SELECT id, day, goes_on FROM ({one.sql}) AS rows (id, day, goes_on) WHERE NOT goes_on AND day <= %(on)s {chosen} ORDER BY id",
                {"on": on, "ids": list(ids or ())},
            )
            for pk, day, _goes_on in cursor.fetchall():
                until = kept_until(rule, day)
                if until is not None and until < on and pk not in gone:
                    found.append(Due(one.key, pk, until, one.kind))
    return sorted(found, key=lambda row: (row.due_on, row.what, row.subject_id))


def due_now(on: date) -> list[Due]:
    """Everything that is due and not already on a list that waits."""
    waiting = set(
        DisposalItem.objects.filter(state=ItemState.WAITING, disposal__taken_back_at__isnull=True)
        .order_by().values_list("what", "subject_id")
    )  # fmt: skip
    return [one for one in (*due_parties(on), *due_loose(on)) if (one.what, one.subject_id) not in waiting]


def unset_kinds(kinds: Iterable[str]) -> list[str]:
    """Labels of those kinds for which the city has not written an article."""
    rules = rules_now()
    return [RecordKind.label_of(kind) for kind in sorted(set(kinds)) if not rules[kind].is_set]


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def kinds_of(disposal: Disposal) -> list[str]:
    """The kinds of everything a disposal would take."""
    found = set(disposal.items.filter(state=ItemState.WAITING).order_by().values_list("kind", flat=True))
    parties = list(
        disposal.items.filter(what=PARTY, state=ItemState.WAITING)
        .order_by()
        .values_list("subject_id", flat=True)
    )
    everybody = [pk for party in parties for pk in cluster_of(party)]
    for rows in _runs(date.max, everybody).values() if everybody else ():
        found |= {run.kind for run in rows}
    return sorted(found)


@dataclass(frozen=True)
class HoldCard:
    """A stop somebody set."""

    id: int
    party_id: int
    reason: str
    words: str
    set_at: datetime
    set_by: str
    released_at: datetime | None
    released_by: str
    released_words: str


def hold_cards(*, released: bool = False) -> list[HoldCard]:
    """Stops that stand (or were let go), newest first."""
    rows = LegalHold.objects.filter(released_at__isnull=not released).select_related("set_by", "released_by")
    return [
        HoldCard(
            row.pk, row.party_id, HoldReason.label_of(row.reason), row.words, row.set_at, row.set_by.name, row.released_at,
            row.released_by.name if row.released_by else "", row.released_words,
        )
        for row in rows.order_by("-id")[:SHOWN]
    ]  # fmt: skip


@dataclass(frozen=True)
class ItemCard:
    """One line of a disposal."""

    id: int
    label: str
    kind: str
    due_on: date
    state: str
    state_label: str
    rows: int


@dataclass(frozen=True)
class DisposalCard:
    """A disposal and where it stands."""

    id: int
    year: int
    words: str
    document_number: str
    proposed_at: datetime
    proposed_by: str
    proposed_by_id: int
    agreed_at: datetime | None
    agreed_by: str
    taken_back_at: datetime | None
    done_at: datetime | None
    digest: str
    count: int
    counts: tuple[tuple[str, int], ...]

    @property
    def state_label(self) -> str:
        """In a word."""
        if self.taken_back_at:
            return "取り下げ"
        if self.done_at:
            return "終わりました"
        return "夜の作業を待っています" if self.agreed_at else "二人目を待っています"


def disposal_cards() -> list[DisposalCard]:
    """Every disposal, newest first."""
    return [
        disposal_card(row)
        for row in Disposal.objects.select_related("proposed_by", "agreed_by").order_by("-id")[:50]
    ]


def disposal_card(row: Disposal) -> DisposalCard:
    """One disposal."""
    return DisposalCard(
        row.pk, row.year, row.words, row.document_number, row.proposed_at, row.proposed_by.name, row.proposed_by_id, row.agreed_at,
        row.agreed_by.name if row.agreed_by else "", row.taken_back_at, row.done_at, row.digest, row.items.count(),
        tuple(sorted((str(name), int(count)) for name, count in row.counts.items())),
    )  # fmt: skip


@sees_whole("who decides about keeping has no involvement: numbers, kinds and days")
def item_cards(disposal: Disposal) -> list[ItemCard]:
    """The lines of a disposal."""
    rows = list(disposal.items.order_by("id")[:1000])
    kinds = dict(
        Party.objects.filter(pk__in=[row.subject_id for row in rows if row.what == PARTY])
        .order_by()
        .values_list("pk", "kind")
    )
    return [
        ItemCard(
            row.pk, Due(row.what, row.subject_id, row.due_on, row.kind, kinds.get(row.subject_id, "")).what_label,
            RecordKind.label_of(row.kind), row.due_on, row.state, ItemState.label_of(row.state), sum(row.counts.values()),
        )
        for row in rows
    ]  # fmt: skip


def begins_choices() -> list[tuple[str, str]]:
    """From when the years may be counted."""
    return Begins.choices()
