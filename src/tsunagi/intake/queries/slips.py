"""困りごと相談連絡票 as lists, pages and papers show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import office_ids
from tsunagi.codes import queries as codes
from tsunagi.intake.models import Slip

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class SlipRow:
    """One slip of the worker's own offices."""

    id: int
    number: str
    name: str
    office: str
    made_by: str
    made_at: datetime
    taken_at: datetime | None


def slips_of(worker: Worker, *, limit: int = 50) -> list[SlipRow]:
    """Slips the worker's offices made, newest first. Whether a desk took one in is told: the person was promised it."""
    rows = (
        Slip.objects.filter(office_id__in=office_ids(worker))
        .select_related("office", "made_by")
        .order_by("-id")[:limit]
    )
    return [
        SlipRow(row.pk, row.number, row.name, row.office.label, row.made_by.name, row.made_at, row.taken_at)
        for row in rows
    ]


def paper_of(slip: Slip) -> dict[str, Any]:
    """The values of the printed slip; blank fields leave room to write."""
    return {
        "number": slip.number,
        "city": codes.city_name(),
        "desk": codes.text("city.desk_name"),
        "desk_phone": codes.text("city.phone"),
        "section": slip.office.label,
        "worker": slip.made_by.name,
        "made_on": f"{slip.made_at:%Y-%m-%d}",
        "name": slip.name,
        "kana": slip.kana,
        "birth": slip.birth,
        "phone": slip.phone,
        "address": slip.address,
        "words": slip.words,
        "worries": [label for _value, label in codes.choices("worries")],
    }
