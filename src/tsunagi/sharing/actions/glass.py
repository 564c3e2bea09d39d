"""緊急に開く: written down before anything is shown; found, unknown and protected look the same to who opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import main_office_id
from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.people.access import closed_to
from tsunagi.people.actions import end_involvement, hide_address_again, involve
from tsunagi.people.models import Involvement
from tsunagi.people.queries import match
from tsunagi.people.queries.home import home
from tsunagi.people.rules import Facet, ReasonKind, read_fields
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.events import GlassBroken
from tsunagi.sharing.models import BrokenGlass, GlassPair
from tsunagi.sharing.rules import DisclosureSource, GlassReview, WordKind, check_glass, glass_ground

from .ledger import write_disclosure
from .words import leave_word

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "break_glass"
FACETS = (
    Facet.BASIC.value,
    Facet.HOUSEHOLD.value,
    Facet.CONSULTATION.value,
    Facet.HEALTH.value,
    Facet.DISABILITY.value,
    Facet.PROGRESS.value,
)
"""What an emergency opens: who they are, who is with them, what they are ill with, what was last seen. Nothing narrow."""


def break_glass(*, name: str, birth: str, phone: str, reason: str, by: Worker, at: datetime) -> BrokenGlass:
    """Open one record in an emergency, or nothing at all; who answers is told either way. Raises Refused for what is missing.

    Opens only where exactly one person is meant for certain, who is not protected and not closed to this worker. Whoever is
    protected is never among those looked through here: the answer is that of an unknown name, by the same statements.
    """
    check_glass(name=name, birth=birth, phone=phone, reason=reason)
    for field, label, text in (("name", "氏名", name), ("reason", "わけ", reason)):
        refuse_my_number(text, label, field)
    office_id = main_office_id(by)
    if office_id is None:
        raise Refused("所属する機関がないため、開けません。管理者に相談してください。")
    asked = read_fields(name=name, birth=birth, phone=phone, on=day_of(at))
    found = {one.person_id for one in match(asked.keyed(home())) if one.certain} - closed_to(by)
    person_id = found.pop() if len(found) == 1 else None
    ground = glass_ground(Office.objects.values_list("legal_kind", flat=True).get(pk=office_id))
    days = codes.span("break_glass.open").n
    row = BrokenGlass.objects.create(
        worker=by,
        office_id=office_id,
        asked_name=name.strip()[:120],
        asked_birth=birth.strip()[:40],
        asked_phone=phone.strip()[:40],
        reason=reason.strip(),
        ground=ground,
        at=at,
        until_on=day_of(at) + timedelta(days=days),
        person_id=person_id,
    )
    if person_id is not None:
        let_see(row, person_id, at=at)
    record(
        "glass.broken",
        subject_kind="person" if person_id else SUBJECT,
        subject_id=person_id or row.pk,
        by=by.pk,
        at=at,
        ground=ground,
        detail={"glass": row.pk, "by": asked.by, "opened": person_id is not None},
    )
    leave_word(WordKind.GLASS, by_id=by.pk, office_id=office_id, at=at, asked=asked, subject_id=row.pk)
    announce(GlassBroken(row.pk, by.pk, office_id, person_id, at))
    return row


def let_see(glass: BrokenGlass, person_id: int, *, at: datetime, by_two: bool = False) -> None:
    """The one record, for the one worker, until the day that was set when it was opened."""
    _write_down(glass, person_id, by=glass.worker, at=at, by_two=by_two)
    involve(
        person_id,
        glass.office_id,
        worker_id=glass.worker_id,
        ground=glass.ground,
        facets=FACETS,
        reason_kind=ReasonKind.BREAK_GLASS,
        reason_id=glass.pk,
        until_on=glass.until_on,
        at=at,
        by=glass.worker_id,
    )


def _write_down(row: BrokenGlass, person_id: int, *, by: Worker, at: datetime, by_two: bool) -> None:
    """What an emergency opened is a row of the ledger: from who answers for the person, on 05 or 31. Somebody looks whether it
    was right within three open days; where two opened it, that too is the decision."""
    giver = (
        Involvement.objects.filter(party_id=person_id, ended_at__isnull=True)
        .exclude(office_id=row.office_id)
        .order_by("-worker_id", "ground", "from_on", "id")
        .values_list("office_id", flat=True)
        .first()
    )
    write_disclosure(
        giver_id=giver or row.office_id,
        receiver_id=row.office_id,
        person_id=person_id,
        facets=FACETS,
        reason="緊急に開いた（わけは緊急の閲覧の記録にある）",
        ground=row.ground,
        decision=("電話で二人目の職員が認めた。" if by_two else "") + "3開庁日のうちに別の職員が確かめる",
        until_on=row.until_on,
        source=DisclosureSource.GLASS,
        source_id=row.pk,
        by=by,
        at=at,
    )


def review_glass(glass: BrokenGlass, *, answer: str, words: str, by: Worker, at: datetime) -> BrokenGlass:
    """Somebody else says whether it was right. 必要ではなかった ends what was opened at once."""
    refuse_my_number(words, "確かめのことば", "words")
    if not answer:
        raise Refused("必要だったか、必要ではなかったかを選んでください。", field="answer")
    said = GlassReview(answer)
    locked = BrokenGlass.objects.select_for_update().get(pk=glass.pk)
    if by.pk in (locked.worker_id, locked.second_id):
        raise Refused("開いたふたりではない人が確かめます。ほかの管理職に頼んでください。")
    if locked.reviewed_at is not None:
        raise Refused("もう確かめてあります。画面を開き直してください。")
    if said == GlassReview.NOT_RIGHT and not words.strip():
        raise Refused("必要ではなかったと思うわけを書いてください。", field="words")
    changed: dict[str, object] = {
        "review": said,
        "review_words": words.strip()[:500],
        "reviewed_at": at,
        "reviewed_by": by,
    }
    if said == GlassReview.NOT_RIGHT and locked.ended_at is None:
        changed["ended_at"] = at
        end_involvement(ReasonKind.BREAK_GLASS, locked.pk, at=at, by=by.pk)
        grants = GlassPair.objects.filter(glass=locked, grant__isnull=False).order_by("pk")
        for number in grants.values_list("grant__pk", flat=True):
            hide_address_again(number, by=by, at=at)
    BrokenGlass.objects.filter(pk=locked.pk).update(**changed)
    record(
        "glass.reviewed",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"answer": str(said)},
    )
    locked.refresh_from_db()
    return locked


def close_glass(on: object, *, at: datetime) -> int:
    """What was opened for some days is over; sight stopped on the day itself. Returns how many ended."""
    ended = 0
    for row in BrokenGlass.objects.filter(ended_at__isnull=True, until_on__lt=on).order_by("pk"):
        BrokenGlass.objects.filter(pk=row.pk).update(ended_at=at)
        end_involvement(ReasonKind.BREAK_GLASS, row.pk, at=at)
        ended += 1
    return ended
