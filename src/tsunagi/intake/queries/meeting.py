"""所内会議: what an office has not settled yet, on one sheet; and what was decided at the sheets before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Promise, SecondWord
from tsunagi.holding.queries import RowMaker, second_page, to_whom
from tsunagi.holding.rules import Lateness, PromiseKind, Urgency
from tsunagi.intake.models import Consultation, MeetingDecision, OfficeMeeting, StocktakingSheet
from tsunagi.intake.rules import CallerKind, MeetingAnswer, MeetingKind
from tsunagi.people.access import closed_to, protected_persons
from tsunagi.people.models import Person
from tsunagi.people.queries import name_of

from .stocktaking import stocktaking_of
from .triage import NAMELESS, nameless

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.people.models import Party

MOST = {"consultation": 40, "second": 60, "bundle": 20, "stock": 20}
LETTERS = {
    "c": MeetingKind.CONSULTATION,
    "s": MeetingKind.SECOND,
    "b": MeetingKind.BUNDLE,
    "t": MeetingKind.STOCK,
}
_LETTER_OF = {kind: letter for letter, kind in LETTERS.items()}
# What two people decide about a protected person has a page of its own; a sheet that lies on a table does not name it.
NOT_ON_THE_TABLE = ("protection_decide", "protection_end", "address_show")
ENDINGS = ("close", "consultation_end")
SECTIONS = (
    ("consultations", "新しい相談"),
    ("extensions", "期日を延ばす"),
    ("endings", "終える"),
    ("seconds", "そのほかの確認"),
    ("bundles", "棚卸しの束"),
    ("stock", "棚卸し"),
)


@dataclass(frozen=True)
class MeetingRow:
    """One row of the sheet: what is to be decided, and what helps to decide it."""

    key: str
    kind: MeetingKind
    subject_id: int
    title: str
    who: str
    party_id: int | None
    words: str
    lines: tuple[tuple[str, str], ...]
    worker: str
    worker_id: int
    due_on: date
    lateness: Lateness
    carried: bool
    is_new: bool
    mine: bool
    mark: str
    link_name: str
    link_id: int
    urgency: str = ""


@dataclass(frozen=True)
class Section:
    """Rows of one sort, and how many more there are than the sheet shows."""

    key: str
    title: str
    rows: tuple[MeetingRow, ...]
    more: int


@dataclass(frozen=True)
class DecidedRow:
    """A row the meeting decided."""

    key: str
    kind: str
    number: str
    who: str
    answer: str
    words: str
    by: str
    at: datetime
    link_name: str
    link_id: int


@dataclass(frozen=True)
class MeetingCard:
    """A sheet on the list of sheets."""

    id: int
    week_on: date
    held_on: date | None
    decided: int
    left: int
    document_number: str
    concluded: bool


def key_of(kind: str, subject_id: int) -> str:
    """How a row is called on the sheet: c12, s34, b5, t77."""
    return f"{_LETTER_OF[MeetingKind(kind)]}{subject_id}"


def meeting_of(office_id: int, week_on: date) -> OfficeMeeting | None:
    """The sheet of this week, once somebody wrote on it."""
    return (
        OfficeMeeting.objects.filter(office_id=office_id, week_on=week_on)
        .select_related("office", "concluded_by")
        .first()
    )


def meetings_of(office_id: int, *, at_most: int = 12) -> list[MeetingCard]:
    """The sheets of an office, newest first."""
    rows = OfficeMeeting.objects.filter(office_id=office_id).order_by("-week_on")[:at_most]
    counted: dict[int, int] = {}
    for meeting_id in (
        MeetingDecision.objects.filter(meeting__in=[row.pk for row in rows])
        .order_by("id")
        .values_list("meeting_id", flat=True)
    ):
        counted[meeting_id] = counted.get(meeting_id, 0) + 1
    return [
        MeetingCard(
            row.pk,
            row.week_on,
            row.held_on,
            counted.get(row.pk, 0),
            len(row.left),
            row.document_number,
            row.concluded_at is not None,
        )
        for row in rows
    ]


def left_before(office_id: int, week_on: date) -> list[str]:
    """What the last concluded sheet before this week did not reach, in its order; and the day it was held."""
    return list(_last(office_id, week_on).values_list("left", flat=True).first() or [])


def sections_of(worker: Worker, office_id: int, week_on: date, now: datetime) -> list[Section]:
    """Everything this office has not settled: what was not reached last time first, then by due day."""
    maker = RowMaker(now)
    carried = left_before(office_id, week_on)
    since = _last(office_id, week_on).values_list("concluded_at", flat=True).first()
    consultations, more_c = _consultations(worker, office_id, maker, carried, since)
    seconds, more_s = _seconds(worker, office_id, maker, carried, since)
    bundles = _bundles(worker, office_id, maker, carried, since)
    stock, more_t = _stock(worker, office_id, maker, carried)
    sorts: dict[str, list[MeetingRow]] = {"extensions": [], "endings": [], "seconds": []}
    for deed, row in seconds:
        name = "extensions" if deed == "extend" else "endings" if deed in ENDINGS else "seconds"
        sorts[name].append(row)
    rows = {"consultations": consultations, "bundles": bundles, "stock": stock} | sorts
    more = {"consultations": more_c, "seconds": more_s, "stock": more_t}
    place = {key: number for number, key in enumerate(carried)}
    return [
        Section(
            key,
            title,
            tuple(
                sorted(
                    rows[key], key=lambda row: (place.get(row.key, len(place)), row.due_on, row.subject_id)
                )
            ),
            more.get(key, 0),
        )
        for key, title in SECTIONS
    ]


def open_keys(office_id: int) -> list[str]:
    """Every row that is open at this office now, by key: what a concluded meeting did not reach."""
    held = _held(office_id, PromiseKind.TRIAGE).order_by("due_on", "id").values_list("subject_id", flat=True)
    asked = _asked(office_id).order_by("due_on", "id").values_list("subject_kind", "subject_id")
    keys = [key_of(MeetingKind.CONSULTATION, pk) for pk in held]
    keys += [
        key_of(MeetingKind.SECOND if kind == "second_word" else MeetingKind.BUNDLE, pk) for kind, pk in asked
    ]
    return keys


def decided_of(worker: Worker, meeting: OfficeMeeting, *, on_paper: bool = False) -> list[DecidedRow]:
    """What a sheet decided, in its order. Names only of those the worker may see; on paper of nobody protected."""
    rows = list(meeting.decisions.select_related("by").order_by("id"))
    parties = _parties_of(rows)
    names = _names(worker, {key: party for key, (_number, party) in parties.items()}, on_paper=on_paper)
    found = []
    for row in rows:
        key = key_of(row.kind, row.subject_id)
        link_name, link_id = _link(MeetingKind(row.kind), row.subject_id)
        found.append(
            DecidedRow(
                key,
                MeetingKind(row.kind).label,
                parties.get(key, ("", None))[0],
                names.get(key, ("", None))[0],
                MeetingAnswer(row.answer).label,
                row.words,
                row.by.name,
                row.at,
                link_name,
                link_id,
            )
        )
    return found


def decided_meanwhile(meeting: OfficeMeeting | None, keys: Collection[str]) -> dict[str, str]:
    """Of these rows: what somebody decided on this sheet, and who."""
    if meeting is None or not keys:
        return {}
    wanted = Q()
    for key in keys:
        wanted |= Q(kind=LETTERS[key[0]], subject_id=int(key[1:]))
    rows = meeting.decisions.filter(wanted).select_related("by").order_by("id")
    return {
        key_of(
            row.kind, row.subject_id
        ): f"{row.by.name}さんが「{MeetingAnswer(row.answer).label}」と決めました。"
        for row in rows
    }


def sat_names(meeting: OfficeMeeting) -> list[str]:
    """Who sat, by name; a worker who left since is still named."""
    known = dict(WorkerModel.objects.filter(pk__in=meeting.sat).order_by("pk").values_list("pk", "name"))
    return [
        *(known[pk] for pk in meeting.sat if pk in known),
        *([meeting.sat_words] if meeting.sat_words else []),
    ]


def paper_values(
    worker: Worker, office: str, week_on: date, meeting: OfficeMeeting | None, sections: Sequence[Section]
) -> dict[str, Any]:
    """The values of the printed sheet. A sheet lies on a table: protected persons stay nameless whoever prints it."""
    guarded = _guarded({row.party_id for section in sections for row in section.rows if row.party_id})
    return {
        "city": codes.city_name(),
        "office": office,
        "week_on": f"{week_on:%Y-%m-%d}",
        "held_on": f"{meeting.held_on:%Y-%m-%d}" if meeting and meeting.held_on else "",
        "document_number": meeting.document_number if meeting else "",
        "sat": "、".join(sat_names(meeting)) if meeting else "",
        "words": meeting.words if meeting else "",
        "sections": [
            {
                "title": section.title,
                "more": section.more,
                "rows": [_printed(row, row.party_id in guarded) for row in section.rows],
            }
            for section in sections
            if section.rows
        ],
        "decided": [
            {
                "kind": row.kind,
                "number": row.number,
                "who": row.who,
                "answer": row.answer,
                "words": row.words,
                "by": row.by,
            }
            for row in (decided_of(worker, meeting, on_paper=True) if meeting else [])
        ],
    }


# -- pieces --------------------------------------------------------------------------------------------


def _printed(row: MeetingRow, guarded: bool) -> dict[str, Any]:
    return {
        "title": row.title,
        "who": NAMELESS if guarded else row.who,
        "words": row.words[:160],
        "lines": [f"{label}: {value}" for label, value in row.lines],
        "worker": row.worker,
        "due_on": f"{row.due_on:%Y-%m-%d}",
        "carried": row.carried,
    }


def _guarded(party_ids: Iterable[int]) -> set[int]:
    ids = set(party_ids)
    return set(
        Person.objects.filter(pk__in=ids, party_id__in=protected_persons())
        .order_by()
        .values_list("pk", flat=True)
    )


def _last(office_id: int, week_on: date) -> QuerySet[OfficeMeeting]:
    return OfficeMeeting.objects.filter(
        office_id=office_id, week_on__lt=week_on, concluded_at__isnull=False
    ).order_by("-week_on")


def _held(office_id: int, kind: str) -> QuerySet[Promise]:
    return Promise.objects.filter(subject_kind="consultation", kind=kind, is_open=True, office_id=office_id)


def _asked(office_id: int) -> QuerySet[Promise]:
    return Promise.objects.filter(
        kind=PromiseKind.SECOND_PERSON,
        is_open=True,
        office_id=office_id,
        subject_kind__in=["second_word", "stocktaking"],
    ).exclude(
        subject_kind="second_word",
        subject_id__in=SecondWord.objects.filter(deed__in=NOT_ON_THE_TABLE, answered_at__isnull=True).values(
            "id"
        ),
    )


def _first(
    rows: QuerySet[Promise], carried: Sequence[str], letter: str, most: int
) -> tuple[list[Promise], int]:
    """The carried rows and then by due day, no more than the sheet shows; and how many are left out."""
    total = rows.order_by().count()
    numbers = [int(key[1:]) for key in carried if key[0] == letter]
    first = list(rows.filter(subject_id__in=numbers).select_related("worker").order_by("due_on", "id")[:most])
    rest = (
        rows.exclude(pk__in=[row.pk for row in first])
        .select_related("worker")
        .order_by("due_on", "id")[: most - len(first)]
    )
    found = [*first, *rest]
    return found, total - len(found)


def _names(
    worker: Worker, parties: dict[str, Party | None], *, on_paper: bool = False
) -> dict[str, tuple[str, int | None]]:
    roots = {key: (party.same_as or party) for key, party in parties.items() if party is not None}
    opens, hidden = nameless(worker, {party.pk for party in roots.values()})
    hidden |= closed_to(worker) & {party.pk for party in roots.values()}
    if on_paper:
        hidden |= _guarded(party.pk for party in roots.values())
    return {
        key: (NAMELESS, None) if root.pk in hidden else (name_of(root), root.pk if root.pk in opens else None)
        for key, root in roots.items()
    }


_PARTY = (
    "party__person",
    "party__household",
    "party__unknown",
    "party__same_as__person",
    "party__same_as__household",
)


def _link(kind: MeetingKind, subject_id: int) -> tuple[str, int]:
    names = {MeetingKind.SECOND: "holding:second", MeetingKind.BUNDLE: "intake:stocktaking_sheet"}
    return names.get(kind, "intake:detail"), subject_id


def _made(
    worker: Worker,
    kind: MeetingKind,
    held: Promise,
    maker: RowMaker,
    carried: Sequence[str],
    since: datetime | None,
    name: tuple[str, int | None],
    **said: Any,
) -> MeetingRow:
    key = key_of(kind, held.subject_id)
    link_name, link_id = _link(kind, held.subject_id)
    return MeetingRow(
        key=key,
        kind=kind,
        subject_id=held.subject_id,
        who=name[0],
        party_id=name[1],
        worker=held.worker.name,
        worker_id=held.worker_id,
        due_on=held.due_on,
        lateness=maker.dates(held.office_id, held.worker_id).colour(held.due_on, Urgency(held.urgency)),
        carried=key in carried,
        is_new=since is not None and held.opened_at > since and key not in carried,
        link_name=link_name,
        link_id=link_id,
        **said,
    )


def _consultations(
    worker: Worker, office_id: int, maker: RowMaker, carried: Sequence[str], since: datetime | None
) -> tuple[list[MeetingRow], int]:
    rows = _held(office_id, PromiseKind.TRIAGE).exclude(party_id__in=closed_to(worker))
    held, more = _first(rows, carried, "c", MOST["consultation"])
    known = {
        row.pk: row
        for row in Consultation.objects.filter(pk__in=[one.subject_id for one in held])
        .select_related(*_PARTY)
        .order_by("id")
    }
    names = _names(worker, {str(row.pk): row.party for row in known.values()})
    found = []
    for promised in held:
        row = known.get(promised.subject_id)
        if row is None:
            continue
        caller = CallerKind.label_of(row.caller_kind) if row.caller_kind else ""
        found.append(
            _made(
                worker, MeetingKind.CONSULTATION, promised, maker, carried, since,
                names.get(str(row.pk), (row.about_words[:40], None)),
                title=f"相談 {row.number or row.pk}", words=row.words,
                lines=tuple(line for line in (("来た日", f"{row.came_at:%Y-%m-%d}"), ("だれから", caller)) if line[1]),
                mine=False, mark=str(row.revision), urgency=row.urgency,
            )
        )  # fmt: skip
    return found, more


def _seconds(
    worker: Worker, office_id: int, maker: RowMaker, carried: Sequence[str], since: datetime | None
) -> tuple[list[tuple[str, MeetingRow]], int]:
    rows = (
        _asked(office_id).filter(subject_kind="second_word").exclude(party_id__in=closed_to(worker))
    ).select_related(*_PARTY)
    held, more = _first(rows, carried, "s", MOST["second"])
    words = {
        word.pk: word
        for word in SecondWord.objects.filter(pk__in=[one.subject_id for one in held])
        .select_related("asked_by", "answered_by")
        .order_by("id")
    }
    names = _names(worker, {str(one.subject_id): one.party for one in held})
    whom = to_whom(words.values())
    found = []
    for promised in held:
        word = words.get(promised.subject_id)
        if word is None:
            continue
        asked = second_page(word, whom)
        row = _made(
            worker, MeetingKind.SECOND, promised, maker, carried, since,
            names.get(str(word.pk), ("", None)),
            title=asked.what, words=asked.words,
            lines=(("頼んだ人", asked.asked_by), *asked.wish), mine=word.asked_by_id == worker.pk, mark="",
        )  # fmt: skip
        found.append((word.wish.get("deed", word.deed), row))
    return found, more


def _bundles(
    worker: Worker, office_id: int, maker: RowMaker, carried: Sequence[str], since: datetime | None
) -> list[MeetingRow]:
    held, _more = _first(_asked(office_id).filter(subject_kind="stocktaking"), carried, "b", MOST["bundle"])
    sheets = {
        row.pk: row
        for row in StocktakingSheet.objects.filter(pk__in=[one.subject_id for one in held])
        .select_related("asked_by")
        .order_by("id")
    }
    return [
        _made(
            worker, MeetingKind.BUNDLE, promised, maker, carried, since, ("", None),
            title=f"「終わっていた」{len(sheets[promised.subject_id].answers)}件",
            words="", lines=(("頼んだ人", sheets[promised.subject_id].asked_by.name),),
            mine=sheets[promised.subject_id].asked_by_id == worker.pk, mark="",
        )
        for promised in held
        if promised.subject_id in sheets
    ]  # fmt: skip


def _stock(
    worker: Worker, office_id: int, maker: RowMaker, carried: Sequence[str]
) -> tuple[list[MeetingRow], int]:
    listed = stocktaking_of(worker, [office_id])
    shown = listed.rows[: MOST["stock"]]
    rows = [
        MeetingRow(
            key=key_of(MeetingKind.STOCK, row.id),
            kind=MeetingKind.STOCK,
            subject_id=row.id,
            title="見届け" if row.is_follow else "棚卸し",
            who=row.who,
            party_id=row.party_id,
            words=row.words,
            lines=tuple(
                line for line in (("来た日", f"{row.came_on:%Y-%m-%d}"), ("なぜ", row.why)) if line[1]
            ),
            worker=row.worker,
            worker_id=0,
            due_on=row.due_on,
            lateness=maker.dates(office_id, 0).colour(row.due_on, Urgency.LOW),
            carried=False,
            is_new=False,
            mine=False,
            mark="",
            link_name="intake:detail",
            link_id=row.id,
        )
        for row in shown
    ]
    return rows, listed.total - len(rows)


def _parties_of(rows: Sequence[MeetingDecision]) -> dict[str, tuple[str, Party | None]]:
    """Of decided rows: the number they are known by, and whom they are about."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, set()).add(row.subject_id)
    told = ids.get(MeetingKind.CONSULTATION, set()) | ids.get(MeetingKind.STOCK, set())
    numbers = {
        row.pk: (row.number or str(row.pk), row.party)
        for row in Consultation.objects.filter(pk__in=told).select_related(*_PARTY).order_by("id")
    }
    asked = {
        row.subject_id: row.party
        for row in Promise.objects.filter(
            kind=PromiseKind.SECOND_PERSON,
            subject_kind="second_word",
            subject_id__in=ids.get(MeetingKind.SECOND, set()),
        )
        .select_related(*_PARTY)
        .order_by("id")
    }
    found: dict[str, tuple[str, Party | None]] = {}
    for row in rows:
        key = key_of(row.kind, row.subject_id)
        if row.kind in (MeetingKind.CONSULTATION, MeetingKind.STOCK):
            found[key] = numbers.get(row.subject_id, ("", None))
        else:
            found[key] = (f"#{row.subject_id}", asked.get(row.subject_id))
    return found
