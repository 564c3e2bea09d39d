"""The forms of one file: what fills them, what is missing, which copies were printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.cases.access import visible_to
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState
from tsunagi.paperwork.models import Printed
from tsunagi.paperwork.rules import (
    FORMS,
    UNSEEN,
    Filling,
    Form,
    Format,
    HowBack,
    Mask,
    blacked_words,
    copy_number,
    form_of,
    missing,
)
from tsunagi.paperwork.rules.prints import MOST_AT_ONCE
from tsunagi.people.queries import party_names
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose

from .assessed import assessment, work_and_home
from .file import File
from .fillings import BASE, uketsuke_a
from .leaving import gone
from .papers import Cover, Paper, as_pdf, as_xlsx, made, still_to_make
from .pictured import gaiyou, zu
from .planned import hyouka, ichiran, plan, plan_easy

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

__all__ = ["FILLED", "Cover", "File", "FormCard", "Paper", "PrintedCard", "as_pdf", "as_xlsx", "blank_paper", "case_to_print_choices", "copy_paper", "filled", "form_cards", "made", "may_open", "paper_of", "printed_cards", "still_to_make"]  # fmt: skip


FILLED: dict[str, Callable[[File], Filling]] = {
    **BASE,
    "uketsuke-a": lambda file: {**uketsuke_a(file), **work_and_home(file)},
    "assessment": assessment,
    "plan": plan,
    "plan-easy": plan_easy,
    "hyouka": hyouka,
    "ichiran": ichiran,
    "gaiyou": gaiyou,
    "zu": zu,
}
"""What fills which form. A form without a line here is not among `rules.FORMS`."""


@dataclass(frozen=True)
class FormCard:
    """A form as the page offers it: what the country asks for and nobody has written, what will be blacked."""

    code: str
    name: str
    note: str
    missing: tuple[str, ...]
    only: str
    """The one masking it can be printed in; "" when any."""
    blacked: str
    """What stands in its texts and will be blacked; "" for nothing."""

    @property
    def missing_words(self) -> str:
        """「3項目」."""
        return f"{len(self.missing)}項目"


@dataclass(frozen=True)
class PrintedCard:
    """A copy that was printed, and what became of it."""

    id: int
    number: str
    form: str
    mask: str
    format: str
    for_whom: str
    goes_to: str
    document_number: str
    worker: str
    office: str
    at: datetime
    asked_back_at: datetime | None
    settled_at: datetime | None
    how: str
    opens: bool


def filled(file: File, form: Form) -> Filling:
    """What fills this form: nothing this worker does not see, nothing the mask does not let stand."""
    file.veil.found.clear()
    raw = FILLED[form.code](file)
    for field in form.fields():
        if field.facet and not file.may(field.facet):
            raw[field.key] = UNSEEN
    known = form.keys()
    return file.veil.over({key: value for key, value in raw.items() if key in known})


def paper_of(file: File, form: Form, *, printed: Printed | None = None) -> Paper:
    """The filled form; without `printed` as a draft without a number."""
    values = filled(file, form)
    return Paper(
        form, values,
        Cover(
            at=printed.at if printed else file.now,
            printed_by=f"{printed.office.label if printed and printed.office else ''} {file.worker.name}".strip(),
            number=copy_number(printed.pk) if printed else "",
            document_number=printed.document_number if printed else "",
            for_whom=printed.for_whom if printed else "",
            mask_words=("家族は同意した方だけ実名" if file.veils else "") if file.real else file.mask.label,
            about=file.number if file.mask != Mask.RELATION else "",
            found=tuple(file.veil.found.items()),
        ),
    )  # fmt: skip


def blank_paper(form: Form, at: datetime) -> Paper:
    """The form to be filled by hand."""
    return Paper(form, None, Cover(at=at))


def form_cards(file: File) -> list[FormCard]:
    """Every form of a file with what is missing on it, and what of its texts will be blacked."""
    cards = []
    for form in FORMS:
        lacks = missing(form, filled(file, form))
        only = Mask.label_of(form.masks[0]) if len(form.masks) == 1 else ""
        cards.append(
            FormCard(form.code, form.name, form.note, lacks, only, blacked_words(file.veil.found.items()))
        )
    return cards


def printed_cards(
    worker: Worker, case: Case, now: datetime, *, at_most: int = 100, only: int | None = None
) -> list[PrintedCard]:
    """Copies of this file's forms, the newest first."""
    names = {form.code: form.name for form in FORMS}
    rows = Printed.objects.filter(case=case, **({"pk": only} if only else {}))
    return [
        PrintedCard(
            row.pk, copy_number(row.pk), names.get(row.form, row.form), Mask.label_of(row.mask), Format.label_of(row.format),
            row.for_whom, _goes_to(row), row.document_number, row.worker.name, row.office.label if row.office else "", row.at,
            row.asked_back_at, row.settled_at, HowBack.label_of(row.how) if row.how else "", may_open(row, worker, now),
        )
        for row in rows.select_related("worker", "office", "to_office").order_by("-id")[:at_most]
    ]  # fmt: skip


def _goes_to(row: Printed) -> str:
    """The office a copy left for, with its ground; "" for one that stays."""
    if not row.leaves:
        return ""
    return f"{row.to_office.label if row.to_office else 'ほか'}（根拠 {row.ground}）"


def may_open(row: Printed, worker: Worker, now: datetime) -> bool:
    """A copy's file opens to whoever printed it, on the day; later it is printed anew and gets a number of its own."""
    return (
        row.worker_id == worker.pk
        and row.run_id is None
        and row.at.astimezone(now.tzinfo).date() == now.date()
    )


def copy_paper(worker: Worker, case: Case, row: Printed) -> Paper:
    """The paper of a copy, made anew from the file."""
    plain = File(worker, case, row.at, Mask(row.mask))
    sight = gone(row, plain.main.pk if plain.main else None, plain.on)
    return paper_of(
        File(worker, case, row.at, Mask(row.mask), **sight) if sight else plain,
        form_of(row.form),
        printed=row,
    )


def case_to_print_choices(worker: Worker, which: str) -> list[tuple[int, str]]:
    """(number, label) of the open files a worker may print at once: their own, or their office's; at most two hundred."""
    rows = visible_to(worker).filter(state=CaseState.OPEN)
    if which == "mine":
        rows = rows.filter(worker_id=worker.pk)
    else:
        rows = rows.filter(office_id__in=offices_for(worker, Purpose.WRITE_CASE))
    found = list(rows.order_by("-id")[:MOST_AT_ONCE])
    names = party_names(worker, {row.party_id for row in found})
    return [
        (row.pk, "　".join(filter(None, (row.number or str(row.pk), names.get(row.party_id, ""), row.title))))
        for row in found
    ]
