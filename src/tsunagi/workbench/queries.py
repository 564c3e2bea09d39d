"""Drafts as a form needs them, what a worker left unfinished, and how far a run is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.forms import BaseForm
from django.http import Http404, QueryDict
from django.urls import reverse

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import office_ids
from tsunagi.shared.edges import Elsewhere
from tsunagi.shared.kept import Kept

from .access import draft_for
from .files.looks import ACCEPT, Mark
from .files.scanner import ScanState
from .models import Attachment, Circulation, Draft, LongRun, Reader, SavedFilter, TakenAway
from .rules import MOST_FILES, ListPlace, RunState, ShownKind, excerpt_of, size_words

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SHOWN_UNREAD = 20


@dataclass(frozen=True)
class Sheet:
    """A form's draft: `{% draft_attrs sheet.url sheet.seq %}`, `{% include "workbench/_draft.html" %}`, `sheet.fill(form)`.

    `saved_at` is None while nothing is stored yet.
    """

    id: uuid.UUID
    kind: str
    title: str
    link: str
    subject: str
    seq: int
    saved_at: datetime | None
    data: QueryDict

    @property
    def url(self) -> str:
        """Where the form saves itself while somebody types."""
        return reverse("workbench:draft", args=[self.id])

    def fill(self, form: BaseForm) -> BaseForm:
        """Put what was typed into an unbound form, as typed; fields that were not on the page stay as they are."""
        if self.saved_at is not None and not form.is_bound:
            for name, field in form.fields.items():
                key = form.add_prefix(name)
                if not field.widget.value_omitted_from_data(self.data, {}, key):
                    form.initial[name] = field.widget.value_from_datadict(self.data, {}, key)
        return form


@dataclass(frozen=True)
class DraftCard:
    """A draft on its writer's own list."""

    id: uuid.UUID
    title: str
    excerpt: str
    url: str
    touched_at: datetime

    @property
    def link(self) -> str:
        """Where writing goes on: the same as `url`."""
        return self.url


@dataclass(frozen=True)
class RunCard:
    """A long run on its asker's own list."""

    id: int
    title: str
    state: str
    state_label: str
    asked_at: datetime
    ended: bool


@dataclass(frozen=True)
class ReaderCard:
    """One reader of a 供覧."""

    worker_id: int
    name: str
    read_at: datetime | None
    lapsed: bool


@dataclass(frozen=True)
class CirculationCard:
    """A 供覧 with its readers: who has read it, and who has not yet."""

    id: int
    kind: str
    label: str
    subject_id: int
    words: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    readers: tuple[ReaderCard, ...]
    decided_on: date | None
    decided_by: str
    document_number: str

    @property
    def unread(self) -> int:
        """How many have not read it yet."""
        return sum(reader.read_at is None and not reader.lapsed for reader in self.readers)


@dataclass(frozen=True)
class TakenCard:
    """A list that was taken away, as its worker and the manager see it."""

    id: int
    worker: str
    place: str
    filter_words: str
    rows: int
    persons: int
    others_rows: bool
    reason: str
    at: datetime
    seen_by: str
    mine: bool


def taken_away_of(
    worker: Worker, office_numbers: Sequence[int], *, after: str = "", size: int = 50
) -> tuple[list[TakenCard], int, str]:
    """What these offices (the manager's) and the worker took away, newest first: rows, total, next mark."""
    rows = TakenAway.objects.filter(Q(worker=worker) | Q(office_id__in=office_numbers))
    total = rows.count()
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("worker", "seen_by").order_by("-id")[: size + 1])
    cards = [
        TakenCard(
            row.pk, row.worker.name, ListPlace.label_of(row.place), row.filter_words, row.rows, row.persons,
            row.others_rows, row.reason, row.at, row.seen_by.name if row.seen_by else "", row.worker_id == worker.pk,
        )
        for row in found[:size]
    ]  # fmt: skip
    return cards, total, str(found[size - 1].pk) if len(found) > size else ""


def circulations_of(kind: str, subject_id: int) -> list[CirculationCard]:
    """How a record was shown round, newest first."""
    return _circulations(Circulation.objects.filter(kind=kind, subject_id=subject_id))


def circulations_by(worker: Worker, at_most: int = 30) -> list[CirculationCard]:
    """What this worker showed round, or was shown, newest first."""
    mine = Reader.objects.filter(worker=worker).values("circulation_id")
    return _circulations(Circulation.objects.filter(Q(asked_by=worker) | Q(pk__in=mine)), at_most)


def circulation_card(circulation: Circulation) -> CirculationCard:
    """One 供覧 that was come to through a door."""
    return _circulations(Circulation.objects.filter(pk=circulation.pk))[0]


def unread_circulations(worker: Worker) -> list[tuple[int, str, str, datetime]]:
    """What was shown to this worker and not read yet: (number, what, who showed it, when), oldest first."""
    return [
        (pk, f"{ShownKind.label_of(kind)} {number}", name, at)
        for pk, kind, number, name, at in _UNREAD.rows(worker.pk)
    ]


_UNREAD = Kept(
    lambda who: (
        Reader.objects.filter(worker_id=who, read_at__isnull=True, lapsed_at__isnull=True)
        .order_by("named_at", "id")
        .values_list(
            "circulation_id",
            "circulation__kind",
            "circulation__subject_id",
            "circulation__asked_by__name",
            "named_at",
        )[:SHOWN_UNREAD]
    )
)


def _circulations(rows: QuerySet[Circulation], at_most: int = 20) -> list[CirculationCard]:
    found = list(rows.select_related("asked_by", "decided_by").order_by("-id")[:at_most])
    readers: dict[int, list[ReaderCard]] = {}
    for row in (
        Reader.objects.filter(circulation__in=[one.pk for one in found])
        .select_related("worker")
        .order_by("id")
    ):
        readers.setdefault(row.circulation_id, []).append(
            ReaderCard(row.worker_id, row.worker.name, row.read_at, row.lapsed_at is not None)
        )
    return [
        CirculationCard(
            row.pk,
            row.kind,
            ShownKind.label_of(row.kind),
            row.subject_id,
            row.words,
            row.asked_by_id,
            row.asked_by.name,
            row.asked_at,
            tuple(readers.get(row.pk, ())),
            row.decided_on,
            row.decided_by.name if row.decided_by else "",
            row.document_number,
        )
        for row in found
    ]


@dataclass(frozen=True)
class FilterCard:
    """A kept filter as a list shows it. `broken` says why it finds nothing any more."""

    id: int
    place: str
    name: str
    link: str
    asked: dict[str, str]
    is_default: bool
    mine: bool
    shared: bool
    whose: str
    broken: str


_LISTS = {
    ListPlace.TRIAGE: "intake:index",
    ListPlace.MINE: "desk:mine",
    ListPlace.PEOPLE: "people:index",
    ListPlace.NET: "safety_net:index",
    ListPlace.REFERRALS: "referrals:index",
}
ENDED = "この条件の機関は、いまはありません。条件を作り直すか、消してください。"


def filters_of(worker: Worker, place: str = "") -> list[FilterCard]:
    """The worker's own filters and those shared with their offices, in one question; the own first."""
    asked = (worker.pk, list(office_ids(worker)))
    rows = _FILTERS_AT.named(*asked, str(place)) if place else _FILTERS.named(*asked)
    found = [row._replace(asked=json.loads(row.asked)) for row in rows]  # JSON comes as it was written
    named = {int(row.asked["office"]) for row in found if str(row.asked.get("office", "")).isdecimal()}
    alive = (
        set(Office.objects.filter(pk__in=named, is_active=True).order_by().values_list("pk", flat=True))
        if named
        else set()
    )
    cards = [_filter_card(row, worker, alive) for row in found]
    return sorted(cards, key=lambda card: not card.mine)


def _filters(worker_id: int, offices: list[int]) -> QuerySet[SavedFilter]:
    rows = SavedFilter.objects.filter(Q(worker_id=worker_id) | Q(office__id__any=offices))
    return rows.order_by("place", "id")


_COLUMNS = ("id", "place", "name", "asked", "is_default", "worker_id", "worker__name", "office_id")
_FILTERS = Kept(lambda who, offices: _filters(who, offices).values_list(*_COLUMNS))
_FILTERS_AT = Kept(
    lambda who, offices, place: _filters(who, offices).filter(place=place).values_list(*_COLUMNS)
)


def default_link(worker: Worker, place: str) -> str:
    """Where the list opens for this worker: the address of the filter used first; "" when there is none or it broke."""
    cards = [card for card in filters_of(worker, place) if card.mine and card.is_default and not card.broken]
    return cards[0].link if cards else ""


def list_link(place: str, asked: dict[str, str]) -> str:
    """The address of a list with these parameters; the whole list without."""
    if place == ListPlace.NET and asked.get("office"):
        return reverse("safety_net:office", args=[int(asked["office"])])
    address = reverse(_LISTS[ListPlace(place)])
    return f"{address}?{urlencode(asked or {'all': 1})}"


def _filter_card(row: Any, worker: Worker, alive: set[int]) -> FilterCard:
    asked = {str(name): str(value) for name, value in row.asked.items()}
    office = asked.get("office", "")
    broken = ENDED if office and not (office.isdecimal() and int(office) in alive) else ""
    mine = row.worker_id == worker.pk
    return FilterCard(
        row.id,
        row.place,
        row.name,
        list_link(row.place, asked) if not broken else "",
        asked,
        row.is_default,
        mine,
        row.office_id is not None,
        "" if mine else row.worker__name,
        broken,
    )


def sheet(
    worker: Worker,
    draft_id: str | uuid.UUID | None,
    *,
    kind: str,
    title: str,
    link: str,
    subject: str = "",
) -> Sheet:
    """The draft of a form that is being opened or was sent back: `draft_id` from `?draft=` or from the posted field.

    A number nobody has used stays (the form was sent before it was ever saved), a foreign one opens a fresh sheet.
    `link` is the form's own address, where writing goes on. Raises Elsewhere when the form was sent already (a way
    back, a second press): its first result is shown.
    """
    number = _number(draft_id)
    if number is None:
        return Sheet(uuid.uuid4(), kind, title, link, subject, 0, None, QueryDict())
    try:
        found = draft_for(worker, number)
    except Http404:
        return Sheet(_unused(worker, number), kind, title, link, subject, 0, None, QueryDict())
    return Sheet(number, kind, title, link, subject, found.seq, found.touched_at, _data(found.body))


def _unused(worker: Worker, number: uuid.UUID) -> uuid.UUID:
    taken = Draft.objects.filter(pk=number).values_list("worker_id", "result_link").first()
    if taken is None:
        return number
    if taken[0] == worker.pk and taken[1]:
        raise Elsewhere(taken[1])
    return uuid.uuid4()


def draft(worker: Worker, draft_id: str | uuid.UUID | None) -> Draft | None:
    """The worker's own unfinished draft, or None."""
    number = _number(draft_id)
    try:
        return draft_for(worker, number) if number else None
    except Http404:
        return None


def drafts_left(worker: Worker, at_most: int = 20) -> list[DraftCard]:
    """What the worker began and did not finish, last touched first."""
    rows = Draft.objects.filter(worker=worker, consumed_at__isnull=True).order_by("-touched_at", "id")[
        :at_most
    ]
    return [
        DraftCard(
            row.pk,
            row.title or "書きかけ",
            excerpt_of(row.body),
            resume_url(row.link, row.pk),
            row.touched_at,
        )
        for row in rows
    ]


def draft_count(worker: Worker) -> int:
    """How many the worker began and did not finish."""
    return Draft.objects.filter(worker=worker, consumed_at__isnull=True).count()


def resume_url(link: str, draft_id: uuid.UUID) -> str:
    """The form's address with the draft's number; the list of drafts when the form gave none."""
    if not link:
        return reverse("workbench:drafts")
    return f"{link}{'&' if '?' in link else '?'}draft={draft_id}"


def run(run_id: int) -> LongRun | None:
    """A run by number, for the job that carries it out."""
    return LongRun.objects.filter(pk=run_id).defer("file").first()


def asker_of_run(run_id: int) -> Worker | None:
    """Who asked for a run, for the job that carries it out; None when there is no such run."""
    found = LongRun.objects.filter(pk=run_id).defer("file").select_related("worker").first()
    return found.worker if found else None


def has_ended(run: LongRun) -> bool:
    """Whether nothing more will happen to a run."""
    return run.state in RunState.ended()


def runs_of(worker: Worker, at_most: int = 50) -> list[RunCard]:
    """The worker's own runs, newest first."""
    rows = LongRun.objects.filter(worker=worker).defer("file", "result").order_by("-id")[:at_most]
    return [
        RunCard(
            row.pk,
            row.title,
            row.state,
            RunState.label_of(row.state),
            row.asked_at,
            row.state in RunState.ended(),
        )
        for row in rows
    ]


def runs_under_way(worker: Worker) -> int:
    """How many of the worker's runs have not ended."""
    return LongRun.objects.filter(worker=worker).exclude(state__in=RunState.ended()).count()


# -- attachments ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileCard:
    """A file as lists show it. `is_open` is False while the scanner has not answered, and for an infected one."""

    id: int
    name: str
    size: str
    by: str
    office: str
    at: datetime
    marks: tuple[str, ...]
    scan: str
    scan_label: str
    is_open: bool
    removed_at: datetime | None
    removed_by: str
    removed_reason: str

    @property
    def is_picture(self) -> bool:
        """Whether the sign before it is a picture's."""
        return self.name.rpartition(".")[2] in ("jpg", "png", "gif", "webp", "tif", "bmp", "heic")


@dataclass(frozen=True)
class FilesField:
    """The place for files in a form: `{% include "workbench/_files_field.html" with files=files %}`."""

    draft: uuid.UUID
    kept: tuple[FileCard, ...]
    most_bytes: int
    most_files: int
    accept: str

    @property
    def url(self) -> str:
        """Where the page's script brings files while somebody types."""
        return reverse("workbench:draft_files", args=[self.draft])

    @property
    def most_words(self) -> str:
        """How large one may be, in words."""
        return f"{self.most_bytes // 2**20}MB"


@dataclass(frozen=True)
class FilesCard:
    """The card 「添付」 of one record: `{% include "workbench/_attachments.html" with box=files %}`."""

    kind: str
    subject_id: int
    shown: tuple[FileCard, ...]
    may_add: bool
    most_bytes: int
    accept: str = ACCEPT

    @property
    def most_words(self) -> str:
        """How large one may be, in words."""
        return f"{self.most_bytes // 2**20}MB"


@dataclass(frozen=True)
class FilesState:
    """What the administrator must know of attachments: numbers only."""

    count: int
    size: str
    not_scanned: int
    waiting: int
    infected: int
    removed: int


def files_field(worker: Worker, draft_id: Any) -> FilesField:
    """What was brought to a form so far, and what it may still bring."""
    number = _number(draft_id) or uuid.uuid4()
    rows = Attachment.objects.filter(worker=worker, draft=number, attached_at__isnull=True)
    return FilesField(
        number,
        tuple(_file(row) for row in rows.select_related("worker", "office").order_by("pk")),
        settings.ATTACHMENT_BYTES,
        MOST_FILES,
        ACCEPT,
    )


def files_of(kind: str, ids: Iterable[int]) -> dict[int, list[FileCard]]:
    """The files of these records, by record, oldest first; also those taken off, without a way to open them.

    Ask inside the record's open door: this question knows nobody. One query, however many records.
    """
    found: dict[int, list[FileCard]] = {}
    rows = Attachment.objects.filter(subject_kind=kind, subject_id__in=list(ids), attached_at__isnull=False)
    for row in rows.select_related("worker", "office", "removed_by").order_by("pk"):
        found.setdefault(row.subject_id or 0, []).append(_file(row))
    return found


def files_card(kind: str, subject_id: int, *, may_add: bool) -> FilesCard:
    """The files of one record and whether more may be brought; as `files_of`."""
    shown = tuple(files_of(kind, [subject_id]).get(subject_id, ()))
    return FilesCard(kind, subject_id, shown, may_add, settings.ATTACHMENT_BYTES)


def may_be_opened(attachment: Attachment) -> bool:
    """Whether the scanner has nothing against it."""
    return _opens(attachment)


def files_state() -> FilesState:
    """Numbers for whoever looks after the installation."""
    told: Mapping[str, Any] = Attachment.objects.aggregate(
        count=Count("pk", filter=Q(erased_at__isnull=True)),
        size=Sum("size", filter=Q(erased_at__isnull=True)),
        not_scanned=Count("pk", filter=Q(scan=ScanState.NONE, erased_at__isnull=True)),
        waiting=Count("pk", filter=Q(scan=ScanState.WAITING)),
        infected=Count("pk", filter=Q(scan=ScanState.INFECTED)),
        removed=Count("pk", filter=Q(removed_at__isnull=False)),
    )
    return FilesState(**{**told, "size": size_words(told["size"] or 0)})


def _file(row: Attachment) -> FileCard:
    return FileCard(
        row.pk,
        row.name,
        size_words(row.size),
        row.worker.name,
        row.office.label if row.office else "",
        row.attached_at or row.brought_at,
        tuple(Mark.label_of(mark) for mark in row.marks),
        row.scan,
        ScanState.label_of(row.scan),
        _opens(row),
        row.removed_at,
        row.removed_by.name if row.removed_by else "",
        row.removed_reason,
    )


def _opens(row: Attachment) -> bool:
    return row.removed_at is None and row.erased_at is None and row.scan in (ScanState.CLEAN, ScanState.NONE)


def _number(draft_id: str | uuid.UUID | None) -> uuid.UUID | None:
    if isinstance(draft_id, uuid.UUID):
        return draft_id
    try:
        return uuid.UUID(draft_id) if draft_id else None
    except ValueError:
        return None


def _data(body: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in body.items():
        data.setlist(name, list(values))
    return data
