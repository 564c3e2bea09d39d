"""The ledger of demands as its pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.cases.models import Case
from tsunagi.codes import queries as codes
from tsunagi.intake.models import Informant
from tsunagi.paperwork.rules import FORMS, Mask
from tsunagi.people.access import closed_to
from tsunagi.people.models import Alias, Membership, Person, Protection, Relation
from tsunagi.people.queries import birth_of, is_protected
from tsunagi.records.access import demands_in_reach
from tsunagi.records.models import Demand, DemandMask, DemandPackage, DemandPage
from tsunagi.records.rules.demands import (
    BY_AN_AGENT,
    GIVES,
    GROUNDS,
    OPEN_STATES,
    Answer,
    ChildSays,
    DemandKind,
    DemandState,
    Facts,
    Identity,
    Powers,
    Warning_,
    WithheldFor,
    answer_sentence,
    answered_from,
    answers_for,
    given_words,
    warnings,
)
from tsunagi.shared.names import fold_name
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.models import GuardedText

from .keeping import cluster_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

TAX = {"secret": "tax"}


@dataclass(frozen=True)
class DemandRow:
    """A demand on the list."""

    id: int
    kind: str
    requester: str
    came_on: date
    due_on: date
    state: str
    state_label: str
    is_open: bool


def ledger(worker: Worker, *, is_open: bool = True, at_most: int = 200) -> list[DemandRow]:
    """Demands, the next day first; or those that have ended, newest first."""
    rows = (
        demands_in_reach(worker).filter(state__in=OPEN_STATES)
        if is_open
        else demands_in_reach(worker).exclude(state__in=OPEN_STATES)
    )
    return [
        DemandRow(
            row.pk, DemandKind.label_of(row.kind), row.requester, row.came_on, row.due_on, row.state, DemandState.label_of(row.state),
            row.state in OPEN_STATES,
        )
        for row in rows.order_by(*(("due_on", "id") if is_open else ("-id",)))[:at_most]
    ]  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant: enough to tell it is the same person, nothing else."""

    party_id: int
    name: str
    kana: str
    birth: str
    protected: bool


@dataclass(frozen=True)
class PackageCard:
    """What was given."""

    id: int
    made_at: datetime
    made_by: str
    mask: str
    pages: int
    digest: str
    journal: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DemandPage_:
    """One demand with everything its page shows. `searches` is False for those who may never learn whether anybody is known: then
    the page is the same for every name."""

    id: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    is_open: bool
    searches: bool
    gives: bool
    by_agent: bool
    requester: str
    requester_contact: str
    agent: str
    their_number: str
    identity: str
    powers: str
    child: str
    asks_as: str
    about: str
    about_birth: str
    wanted: str
    came_on: date
    due_on: date
    extended_words: str
    taken_by: str
    looked: bool
    candidates: tuple[Candidate, ...]
    party_id: int | None
    party: Candidate | None
    warnings: tuple[Warning_, ...]
    answer_label: str
    answer_words: str
    document_number: str
    decided_by: str
    decided_at: datetime | None
    sentence: str
    answer_from: date | None
    answered_on: date | None
    answered_how: str
    withdrawn_words: str
    masks: tuple[tuple[int, str, str], ...]
    packages: tuple[PackageCard, ...]
    revision: int


def searches(kind: str) -> bool:
    """Whether a demand of this kind may be answered with a record at all."""
    return bool(GIVES & set(answers_for(kind)))


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def demand_page(row: Demand, worker: Worker) -> DemandPage_:
    """Ask through an open door (`access.demand_for`). Records closed to this worker are not among those that were found: the page
    is the one of somebody who is not known."""
    looks = searches(row.kind)
    found = candidates_for(row, worker) if looks and row.state in OPEN_STATES else []
    wait = codes.number("demand.same_day")
    return DemandPage_(
        id=row.pk, kind=row.kind, kind_label=DemandKind.label_of(row.kind), state=row.state, state_label=DemandState.label_of(row.state),
        is_open=row.state in OPEN_STATES, searches=looks, gives=row.answer in GIVES, by_agent=row.kind in BY_AN_AGENT,
        requester=row.requester, requester_contact=row.requester_contact, agent=row.agent, their_number=row.their_number,
        identity=Identity.label_of(row.identity), powers=Powers.label_of(row.powers), child=ChildSays.label_of(row.child),
        asks_as=codes.label_of("dead_requesters", row.asks_as) if row.asks_as else "",
        about="　".join(filter(None, (row.about_name, row.about_kana))), about_birth=row.about_birth, wanted=row.wanted,
        came_on=row.came_on, due_on=row.due_on, extended_words=row.extended_words, taken_by=row.taken_by.name,
        looked=row.looked_at is not None, candidates=tuple(candidate_cards(found)), party_id=row.party_id if looks else None,
        party=next(iter(candidate_cards([row.party_id])), None) if looks and row.party_id else None,
        warnings=warnings_of(row) if looks else (),
        answer_label=Answer.label_of(row.answer) if row.answer else "", answer_words=row.answer_words, document_number=row.document_number,
        decided_by="・".join(one.name for one in (row.decided_by, row.decided_with) if one), decided_at=row.decided_at,
        sentence=answer_sentence(row.kind, row.answer) if row.answer else "",
        answer_from=answered_from(row.kind, row.answer, row.came_on, wait) if row.answer else None,
        answered_on=row.answered_on, answered_how=row.answered_how, withdrawn_words=row.withdrawn_words,
        masks=tuple((mask.pk, mask.words, WithheldFor.label_of(mask.why)) for mask in living_masks(row)),
        packages=tuple(_package(each) for each in row.packages.select_related("made_by").order_by("-id")) if looks else (),
        revision=row.revision,
    )  # fmt: skip


def living_masks(row: Demand) -> list[DemandMask]:
    """Words that are blacked on what is given."""
    return list(row.masks.filter(removed_at__isnull=True).order_by("id"))


def _package(row: DemandPackage) -> PackageCard:
    lines = []
    pages = list(DemandPage.objects.filter(package=row).order_by("number"))
    names = {form.code: form.name for form in FORMS} | {"cover": "表紙・頁と墨塗りの一覧"}
    for page in pages:
        if page.withheld or page.blacked:
            what = "渡していません" if page.withheld else f"{page.blacked}か所を消しました"
            lines.append(
                (
                    f"{page.number}頁 {names.get(page.form, page.form)}",
                    what,
                    "・".join(WithheldFor.label_of(why) for why in page.reasons),
                )
            )
    given = given_words(page.number for page in pages if not page.withheld)
    lines.insert(0, (f"渡した頁 {given}", "", ""))
    journal = f"{row.journal_seq} {row.journal_head[:16]}…" if row.journal_seq else ""
    return PackageCard(
        row.pk,
        row.made_at,
        row.made_by.name,
        Mask.label_of(row.mask),
        row.pages,
        row.digest,
        journal,
        tuple(lines),
    )


def candidates_for(row: Demand, worker: Worker) -> list[int]:
    """Records that may be meant, without those closed to this worker (their own people, whom they may be the other party of)."""
    closed = closed_to(worker)
    return [party_id for party_id in row.candidates if party_id not in closed]


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def candidate_cards(party_ids: Iterable[int]) -> list[Candidate]:
    """Records that may be meant, by number."""
    rows = Person.objects.filter(party_id__in=list(party_ids)).order_by("party_id")
    return [Candidate(row.pk, row.name, row.kana, birth_of(row), is_protected(row.pk)) for row in rows]


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def other_party_asks(row: Demand) -> bool:
    """Whether who asks, or for whom an agent asks, bears the name of the other party of the person it is about, or of somebody in
    their family who is protected: a father who demands the child's file reads the mother's in it."""
    if row.party_id is None:
        return False
    asked = {fold_name(name) for name in (row.requester, row.agent) if name.strip()}
    for protection in (
        Protection.objects.filter(person_id__in=_with_the_family(row.party_id), ended_at__isnull=True)
        .select_related("other_party")
        .order_by("pk")
    ):
        names = [protection.other_party_name]
        if protection.other_party is not None:
            names += [protection.other_party.name, protection.other_party.kana]
            names += [
                name
                for pair in Alias.objects.filter(person=protection.other_party)
                .order_by("pk")
                .values_list("name", "kana")
                for name in pair
            ]
        if any(name.strip() and _same(fold_name(name), asked) for name in names):
            return True
    return False


def _with_the_family(party_id: int) -> list[int]:
    """The person's records, and everybody they live with or are related to."""
    ids = cluster_of(party_id)
    return [*ids, *_near(ids)]


def _near(ids: list[int]) -> set[int]:
    homes = Membership.objects.filter(person_id__in=ids).order_by().values("household_id")
    members = Membership.objects.filter(household_id__in=homes).order_by()
    near = set(members.values_list("person_id", flat=True))
    pairs = Relation.objects.filter(Q(person_id__in=ids) | Q(other_id__in=ids)).order_by()
    near |= {pk for pair in pairs.values_list("person_id", "other_id") for pk in pair}
    return near - set(ids)


def _same(name: str, asked: set[str]) -> bool:
    return any(name == other or (len(name) >= 3 and name in other) for other in asked)


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def warnings_of(row: Demand) -> tuple[Warning_, ...]:
    """What is to be looked at before deciding; nothing while no record is named."""
    if row.party_id is None:
        return ()
    ids = cluster_of(row.party_id)
    homes = list(
        Membership.objects.filter(person_id__in=ids).order_by().values_list("household_id", flat=True)
    )
    near = _near(ids)
    asked = fold_name(row.requester)
    families = [
        fold_name(name.split()[0])
        for name in Person.objects.filter(party_id__in=near).order_by("pk").values_list("name", flat=True)
        if name.split()
    ]
    consultations = Informant.objects.filter(consultation__party_id__in=[*ids, *homes]).order_by()
    secrets = GuardedText.objects.filter(
        subject_kind="consultation", subject_id__in=_consultations_of([*ids, *homes])
    ).order_by()
    return warnings(
        other_party=other_party_asks(row),
        same_name=row.kind != DemandKind.DISCLOSURE_SELF and any(len(family) > 1 and asked.startswith(family) for family in families),
        child=row.child, by_agent=row.kind in BY_AN_AGENT, informants=consultations.count(), tax=secrets.filter(**TAX).count(),
        third_persons=len(near), protected=any(is_protected(pk) for pk in ids),
        untold=Relation.objects.filter(Q(person_id__in=ids) | Q(other_id__in=ids), untold=True, ended_at__isnull=True).count(),
        guarded=secrets.exclude(**TAX).count(),
        dead=is_dead(row), of_the_dead=row.kind == DemandKind.DEAD, scope=scope_of(row),
    )  # fmt: skip


def _consultations_of(ids: list[int]) -> list[int]:
    from tsunagi.intake.models import Consultation

    return list(Consultation.objects.filter(party_id__in=ids).order_by().values_list("pk", flat=True))


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def facts_of(row: Demand) -> Facts:
    """What a decision is judged by."""
    return Facts(
        kind=row.kind, identity=row.identity, powers=row.powers, child=row.child, requester_is_other_party=other_party_asks(row),
        has_record=row.party_id is not None,
        is_protected=row.party_id is not None and any(is_protected(pk) for pk in cluster_of(row.party_id)),
        is_dead=is_dead(row), asks_as=row.asks_as, dead_rule=codes.text("demand.dead_rule"),
    )  # fmt: skip


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def is_dead(row: Demand) -> bool:
    """Whether the person the demand names has died, by any record of theirs."""
    if row.party_id is None:
        return False
    return Person.objects.filter(party_id__in=cluster_of(row.party_id), died_on__isnull=False).exists()


def scope_of(row: Demand) -> str:
    """What the city's rule lets this requester ask for of a dead person's record; empty while nobody said who they are."""
    found = codes.code_of("dead_requesters", row.asks_as) if row.asks_as else None
    if found is None:
        return ""
    return f"{found.label}：{found.attributes.get('what', '要綱のとおり')}"


def ground_of(row: Demand) -> str:
    """On what ground it is given."""
    return GROUNDS.get(DemandKind(row.kind), "23")


@sees_whole("the desk that answers demands has no involvement: it sees what a demand names")
def files_of(row: Demand) -> list[Case]:
    """The files what is given is made from: of the person, and of the households they are in."""
    if row.party_id is None:
        return []
    ids = cluster_of(row.party_id)
    homes = list(
        Membership.objects.filter(person_id__in=ids, ended_at__isnull=True)
        .order_by()
        .values_list("household_id", flat=True)
    )
    return list(
        Case.objects.filter(party_id__in=[*ids, *homes]).select_related("party", "worker").order_by("id")
    )


def form_choices() -> list[tuple[str, str]]:
    """Papers of one file that may be part of what is given."""
    return [(form.code, form.name) for form in FORMS if form.of_case]


def answer_choices(kind: str) -> list[tuple[str, str]]:
    """What may be decided."""
    return [(answer.value, answer.label) for answer in answers_for(kind)]


def second_choices(worker: Worker) -> list[tuple[int, str]]:
    """Others who may decide together with this worker."""
    rows = WorkerModel.objects.filter(
        is_active=True, postings__ended_at__isnull=True, postings__role__in=("disclosure_officer", "manager")
    )
    return [(row.pk, row.name) for row in rows.exclude(pk=worker.pk).distinct().order_by("name", "pk")]


def colleague(worker_id: object, among: list[tuple[int, str]]) -> WorkerModel | None:
    """The chosen second person, of those that were offered."""
    return WorkerModel.objects.filter(pk=worker_id).first() if worker_id in dict(among) else None
