"""ふたりで開く: a protected record opens in an emergency only when a second person confirms where they signed in.

The first asks (for whoever is meant, known or not) and reads a number out on the telephone; the second types it on their own
page, reads who asks and why, and answers. Only then is anybody looked for, the protected among them.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.people.access import closed_to, needs_second_person
from tsunagi.people.actions import LONGEST_GRANT, show_address
from tsunagi.people.queries import silent_matches
from tsunagi.people.rules import read_fields
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.events import GlassOpenedByTwo
from tsunagi.sharing.models import BrokenGlass, GlassPair, GlassTry
from tsunagi.sharing.rules import (
    CODE_DIGITS,
    MOST_WRONG,
    TOO_MANY_WRONG,
    WRONG_NUMBER,
    PairEnd,
    check_second,
)

from .glass import SUBJECT, let_see

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def ask_for_two(glass: BrokenGlass, *, by: Worker, at: datetime) -> GlassPair:
    """Ask for a second person: a number to read out, good for some minutes. Pressed twice it is the same number.

    Looks at nobody's record: the page, the statements and the rows are the same whoever is meant.
    """
    locked = BrokenGlass.objects.select_for_update().get(pk=glass.pk)
    if locked.worker_id != by.pk or locked.ended_at is not None or locked.until_on < day_of(at):
        raise Refused(
            "この緊急の記録は、もう閉じています。必要なら、もう一度「緊急に開く」を使ってください。"
        )
    if locked.second_id is not None:
        raise Refused("もう、ふたりで確かめました。結果は、この記録のページに出ています。")
    end_pairs_past_their_time(at=at)
    waiting = GlassPair.objects.filter(glass=locked, ended_at__isnull=True).first()
    if waiting is not None:
        return waiting
    taken = set(GlassPair.objects.filter(ended_at__isnull=True).order_by().values_list("code", flat=True))
    code = next(number for number in iter(_number, None) if number not in taken)
    minutes = codes.number("break_glass.pair_minutes")
    pair = GlassPair.objects.create(
        glass=locked, worker=by, code=code, asked_at=at, until_at=at + timedelta(minutes=minutes)
    )
    _note("glass.two_asked", pair, by=by.pk, at=at)
    return pair


def find_pair(code: str, *, by: Worker, at: datetime) -> tuple[GlassPair | None, str]:
    """The waiting request with this number, now this worker's to answer; else None and the sentence to say.

    A wrong number is written down, not refused: a refusal leaves nothing behind, and trying would cost nothing.
    """
    minutes = codes.number("break_glass.pair_minutes")
    GlassTry.objects.filter(at__lt=at - timedelta(days=1)).delete()
    since = at - timedelta(minutes=minutes)
    if GlassTry.objects.filter(worker=by, at__gt=since).count() >= MOST_WRONG:
        return None, TOO_MANY_WRONG.format(minutes=minutes)
    digits = "".join(str(int(sign)) for sign in code if sign.isdecimal())
    pair = (
        GlassPair.objects.select_for_update(of=("self",))
        .filter(code=digits, ended_at__isnull=True, until_at__gte=at)
        .exclude(worker=by)
        .first()
        if len(digits) == CODE_DIGITS
        else None
    )
    if pair is None or (pair.second_id is not None and pair.second_id != by.pk):
        GlassTry.objects.create(worker=by, at=at)
        record("glass.two_wrong", subject_kind="worker", subject_id=by.pk, by=by.pk, at=at)
        return None, WRONG_NUMBER
    if pair.second_id is None:
        pair.second, pair.found_at = by, at
        pair.save(update_fields=["second", "found_at"])
        _note("glass.two_found", pair, by=by.pk, at=at)
    return pair, ""


def answer_pair(pair: GlassPair, *, agreed: bool, by: Worker, at: datetime) -> GlassPair:
    """The second person answers. Agreed: whoever is meant for certain, and is closed to neither, opens to the first, with the
    protected place for as long (`people.AddressGrant`, on both names). Raises Refused when it is over."""
    locked = (
        GlassPair.objects.select_for_update(of=("self",)).select_related("glass", "worker").get(pk=pair.pk)
    )
    over = locked.ended_at is not None or locked.until_at < at
    check_second(worker=locked.worker_id, second=by.pk, found_by=locked.second_id, ended=over)
    if not agreed:
        return _end(locked, PairEnd.REFUSED, by=by.pk, at=at)
    glass = BrokenGlass.objects.select_for_update().get(pk=locked.glass_id)
    if glass.ended_at is not None or glass.until_on < day_of(at):
        raise Refused("この緊急の記録は、もう閉じています。電話の相手に伝えてください。")
    person_id = _meant(glass, locked.worker, by, at)
    if person_id is not None:
        if glass.person_id is None:
            let_see(glass, person_id, at=at, by_two=True)
        if needs_second_person(person_id):
            locked.grant = show_address(
                person_id, worker_id=glass.worker_id, reason=glass.reason[:300],
                until_on=min(glass.until_on, day_of(at) + timedelta(days=LONGEST_GRANT)),
                by=locked.worker, second=by, at=at,
            )  # fmt: skip
    BrokenGlass.objects.filter(pk=glass.pk).update(person_id=person_id or glass.person_id, second=by)
    _end(locked, PairEnd.AGREED, by=by.pk, at=at, opened=person_id)
    announce(GlassOpenedByTwo(glass.pk, glass.worker_id, by.pk, glass.office_id, person_id, at))
    return locked


def call_off_pair(glass: BrokenGlass, *, by: Worker, at: datetime) -> None:
    """The one who asked does not need it any more."""
    rows = GlassPair.objects.select_for_update(of=("self",)).filter(
        glass=glass, worker=by, ended_at__isnull=True
    )
    for pair in rows.order_by("pk"):
        _end(pair, PairEnd.CALLED_OFF, by=by.pk, at=at)


def end_pairs_past_their_time(*, at: datetime) -> int:
    """Note the end of what nobody answered in time; it opened nothing since its minute passed. Returns how many."""
    rows = GlassPair.objects.select_for_update(of=("self",), skip_locked=True).filter(
        ended_at__isnull=True, until_at__lt=at
    )
    ended = 0
    for pair in rows.order_by("pk"):
        _end(pair, PairEnd.TIMED_OUT, by=None, at=at)
        ended += 1
    return ended


def _meant(glass: BrokenGlass, first: Worker, second: Worker, at: datetime) -> int | None:
    """Who is meant for certain, protected or not: exactly one, and neither of the two is near to them."""
    asked = read_fields(
        name=glass.asked_name, birth=glass.asked_birth, phone=glass.asked_phone, on=day_of(glass.at)
    )
    found = {one.person_id for one in silent_matches(asked) if one.certain}
    if len(found) != 1 or found & (closed_to(first) | closed_to(second)):
        return None
    person_id = found.pop()
    return person_id if glass.person_id in (None, person_id) else None


def _end(
    pair: GlassPair, end: PairEnd, *, by: int | None, at: datetime, opened: int | None = None
) -> GlassPair:
    pair.how, pair.ended_at, pair.code = end, at, ""
    pair.save(update_fields=["how", "ended_at", "code", "grant"])
    _note(f"glass.two_{end}", pair, by=by, at=at, opened=opened)
    return pair


def _note(action: str, pair: GlassPair, *, by: int | None, at: datetime, opened: int | None = None) -> None:
    detail = {
        "glass": pair.glass_id, "pair": pair.pk, "first": pair.worker_id, "second": pair.second_id, "opened": opened,
    }  # fmt: skip
    record(action, subject_kind=SUBJECT, subject_id=pair.glass_id, by=by, at=at, detail=detail)


def _number() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
