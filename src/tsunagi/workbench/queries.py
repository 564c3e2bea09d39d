"""Drafts as a form needs them, what a worker left unfinished, and how far a run is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.forms import BaseForm
from django.http import Http404, QueryDict
from django.urls import reverse

from tsunagi.shared.edges import Elsewhere

from .access import draft_for
from .files.looks import ACCEPT, Mark
from .files.scanner import ScanState
from .models import Attachment, Draft, LongRun
from .rules import MOST_FILES, RunState, excerpt_of, size_words

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


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
