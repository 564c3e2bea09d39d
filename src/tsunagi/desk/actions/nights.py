"""The papers of the night: 今日 and 網 of every office, locked, for a day without power."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import offices
from tsunagi.codes import queries as codes
from tsunagi.desk.queries.papers import administrators, night_values
from tsunagi.diary.actions import night_password, note_night_trouble, remove_old_nights, store_night_paper
from tsunagi.notices.actions import tell
from tsunagi.press.pdf import locked, typeset
from tsunagi.shared.days import day_of


@dataclass(frozen=True)
class Night:
    """What a night's writing came to: offices written, offices that could not be, old files removed."""

    written: tuple[str, ...]
    failed: tuple[str, ...]
    removed: int


def _paper_of(office: Office, at: datetime) -> bytes:
    values = night_values(office, at)
    return locked(typeset("desk/papers/night.typ", values, at=at), night_password(office.pk, at=at))


def _write(office: Office, at: datetime) -> str:
    """Write one office's paper in a transaction of its own; the kind of trouble when that failed, else ""."""
    try:
        with transaction.atomic():
            store_night_paper(office.pk, _paper_of(office, at), night_on=day_of(at), at=at)
    except Exception as trouble:
        return type(trouble).__name__
    return ""


def write_night_papers(at: datetime) -> Night:
    """Write the paper of every office that signs in, remove what is too old, and tell the administrators what failed.

    One office's trouble leaves the others theirs; it is noted by its kind, never by its words.
    """
    written: list[str] = []
    failed: list[str] = []
    for office in offices(signing_in=True):
        trouble = _write(office, at)
        if trouble:
            with transaction.atomic():
                note_night_trouble(office.pk, trouble, night_on=day_of(at), at=at)
        (failed if trouble else written).append(office.label)
    with transaction.atomic():
        kept = codes.number("paper.night_kept")
        removed = remove_old_nights(before=day_of(at) - timedelta(days=kept - 1), at=at)
        if failed:
            tell(
                administrators(), f"停電の日の紙を作れなかった機関があります（{len(failed)}機関）。置き場所の空きと権限を確かめてください。",
                "/notices/", kind="night_papers", at=at,
            )  # fmt: skip
    return Night(tuple(written), tuple(failed), removed)
