"""Leaving and the end of a post: nobody is dropped, because the same deed hands every row on (H2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Absence, Office, Posting
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import calendar_of, long_away, managers_of, may_hold_in, someone_in
from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.holding.events import HoldPassed
from tsunagi.holding.models import Hold, LeavingRow, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    DAYS_OF_A_WEEK,
    Deed,
    HandoverIntroduction,
    HoldKind,
    Lateness,
    PassedRow,
    Urgency,
    board_dates,
    check_leaving,
    check_leaving_day,
    longest_due,
    successor_due_days,
    weight,
)
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.queries import overseers_of
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .chain import stand_beside, succeed
from .promises import pass_promise
from .seconds import Knowing, somebody_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

Row = tuple[str, int]  # ("hold" | "promise", id)
PASSING = (Deed.REPLACE_LEAVER, Deed.CLOSE_OFFICE)


@dataclass(frozen=True)
class Line:
    """What a manager writes for the chosen rows. None leaves what stands in the list already."""

    successor: int | None = None
    handed_note: str | None = None
    handed_told: str | None = None
    introduced_how: str | None = None


class StaleList(Refused):
    """Another manager wrote these lines meanwhile. `differences` are (row, what they wrote, what you wrote)."""

    def __init__(self, differences: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(
            "開いている間に、ほかの人がこの引き継ぎ表の同じ行を書きました。違いを見比べて、残したいほうで保存してください。"
        )
        self.differences = tuple(differences)


def prepare_leaving(
    leaver: Worker,
    *,
    leaving_on: date | None,
    rows: Mapping[Row, Line],
    by: Worker,
    at: datetime,
    known: Mapping[Row, int] | None = None,
) -> int:
    """Write lines of the hand-over list: row → successor, with what works and what must not be said.

    Nothing passes until `leave`. `known`: the revision of each line the form was opened on (0 where there was none);
    StaleList when another manager wrote one of them meanwhile. `leaving_on` None: the day is not known here (the end
    of an office, or of a post). Returns how many lines were written.
    """
    list(WorkerModel.objects.select_for_update().filter(pk=leaver.pk))
    open_rows = set(_open_rows(leaver.pk))
    lines = {
        (line.row_kind, line.row_id): line
        for line in LeavingRow.objects.select_for_update(of=("self",))
        .filter(leaver=leaver)
        .select_related("successor")
        .order_by("id")
    }
    _check_known(rows, lines, known or {})
    for row, wanted in rows.items():
        _check_line(row, wanted, lines.get(row), open_rows, leaver.pk)
        _write_line(leaver, row, wanted, lines.get(row), by=by, at=at)
    if leaving_on is not None:
        WorkerModel.objects.filter(pk=leaver.pk).update(leaving_on=leaving_on)
    record(
        "worker.leaving_prepared",
        subject_kind="worker",
        subject_id=leaver.pk,
        by=by.pk,
        at=at,
        detail={"rows": len(rows), "on": leaving_on.isoformat() if leaving_on else None},
    )
    return len(rows)


def _check_known(rows: Mapping[Row, Line], lines: Mapping[Row, LeavingRow], known: Mapping[Row, int]) -> None:
    """Refuse when a line was written by somebody else since the form was opened, and it says something else."""
    differences = []
    names = dict(
        WorkerModel.objects.filter(pk__in=[line.successor for line in rows.values() if line.successor])
        .order_by("pk")
        .values_list("pk", "name")
    )
    for row, wanted in rows.items():
        line = lines.get(row)
        if line is None or row not in known or line.revision == known[row]:
            continue
        theirs = _in_words(line.successor.name, line.handed_note, line.handed_told, line.introduced_how)
        mine = _in_words(
            names.get(wanted.successor or 0, line.successor.name),
            line.handed_note if wanted.handed_note is None else wanted.handed_note,
            line.handed_told if wanted.handed_told is None else wanted.handed_told,
            line.introduced_how if wanted.introduced_how is None else wanted.introduced_how,
        )
        if theirs != mine:
            differences.append((f"{'受け持ち' if row[0] == 'hold' else '約束'} {row[1]}", theirs, mine))
    if differences:
        raise StaleList(differences)


def _in_words(successor: str, note: str, told: str, introduced: str) -> str:
    parts = [
        f"後任: {successor}",
        f"引き継ぎのことば: {note}" if note else "",
        f"本人に伝えた人: {told}" if told else "",
        f"引き合わせ: {HandoverIntroduction(introduced).label}" if introduced else "",
    ]
    return "\n".join(part for part in parts if part)


def _check_line(row: Row, wanted: Line, line: LeavingRow | None, open_rows: set[Row], leaver: int) -> None:
    for text, label, field in (
        (wanted.handed_note, "引き継ぎのことば", "handed_note"),
        (wanted.handed_told, "本人に伝えた人", "handed_told"),
    ):
        refuse_my_number(text or "", label, field)
    if row not in open_rows:
        raise Refused("すでにほかの人に渡った行が入っています。一覧を開き直してください。")
    if wanted.successor == leaver:
        raise Refused("離任する本人は後任にできません。別の職員を選んでください。", field="successor")
    if wanted.successor is None and line is None:
        raise Refused("後任を選んでください。", field="successor")


def _write_line(
    leaver: Worker, row: Row, wanted: Line, line: LeavingRow | None, *, by: Worker, at: datetime
) -> None:
    fields: dict[str, object] = {"written_at": at, "written_by": by}
    if wanted.successor is not None:
        fields["successor_id"] = wanted.successor
    if wanted.handed_note is not None:
        fields["handed_note"] = wanted.handed_note.strip()[:2000]
    if wanted.handed_told is not None:
        fields["handed_told"] = wanted.handed_told.strip()[:40]
    if wanted.introduced_how is not None:
        fields["introduced_how"] = wanted.introduced_how
    if line is None:
        LeavingRow.objects.create(leaver=leaver, row_kind=row[0], row_id=row[1], **fields)
        return
    LeavingRow.objects.filter(pk=line.pk).update(revision=line.revision + 1, **fields)


def call_off_leaving(leaver: Worker, *, by: Worker, at: datetime) -> None:
    """The worker stays after all: the day is taken back, the list stays as it was written."""
    WorkerModel.objects.filter(pk=leaver.pk).update(leaving_on=None)
    record("worker.leaving_called_off", subject_kind="worker", subject_id=leaver.pk, by=by.pk, at=at)


def leave(leaver: Worker, *, by: Worker, at: datetime, rest_to_duty: bool = True) -> int:
    """Execute the hand-over list and deactivate: every hold and promise passes in one transaction (H2).

    Rows nobody was named for go to the duty worker of their office, or are refused when `rest_to_duty` is False.
    Refused before the day of leaving. Returns how many rows passed.
    """
    locked = list(WorkerModel.objects.select_for_update().filter(pk=leaver.pk, is_active=True))
    if not locked:
        raise Refused("この職員の離任は、もう記録されています。")
    check_leaving_day(locked[0].leaving_on, day_of(at))
    passed = _hand_over(leaver.pk, None, deed=Deed.REPLACE_LEAVER, by=by, at=at, rest_to_duty=rest_to_duty)
    pass_on_acting(leaver.pk, None, by=by, at=at)
    for office in (
        Office.objects.select_for_update().filter(duty_worker_id=leaver.pk, is_active=True).order_by("pk")
    ):
        other = someone_in(office.pk, besides=[leaver.pk], on=day_of(at))
        if other is None:
            raise Refused("この職員は機関の当番です。先に当番を替えるか、代わりの機関を登録してください。")
        office.duty_worker_id = other
        office.save(update_fields=["duty_worker"])
    Posting.objects.filter(worker=leaver, ended_at__isnull=True).update(ended_at=at)
    Absence.objects.filter(worker=leaver, returned_at__isnull=True).update(returned_at=at)
    WorkerModel.objects.filter(pk=leaver.pk).update(is_active=False, left_on=day_of(at))
    LeavingRow.objects.filter(leaver=leaver).delete()
    record(
        "worker.left", subject_kind="worker", subject_id=leaver.pk, by=by.pk, at=at, detail={"rows": passed}
    )
    return passed


def pass_on_acting(
    leaver: int, office_id: int | None, *, by: Worker, at: datetime, as_far_as_possible: bool = False
) -> int:
    """What somebody acts in for absent colleagues passes to somebody else of the office: nobody holds while away (H14).

    Refused where there is nobody else, unless `as_far_as_possible` (who falls ill cannot stay because of it).
    """
    on = day_of(at)
    holds = Hold.objects.select_for_update().filter(acting_id=leaver, closed_at__isnull=True)
    promises = Promise.objects.select_for_update().filter(acting_id=leaver, is_open=True)
    if office_id is not None:
        holds, promises = holds.filter(office_id=office_id), promises.filter(office_id=office_id)
    rows: list[Hold | Promise] = [*holds.order_by("concern_id"), *promises.order_by("pk")]
    away = long_away([row.worker_id for row in rows], on)
    for row in rows:
        other = (
            someone_in(row.office_id, besides=[leaver, row.worker_id], on=on)
            if row.worker_id in away
            else None
        )
        if row.worker_id in away and other is None:
            if as_far_as_possible:
                continue
            raise Refused(
                "この職員は、不在の職員の代行をしています。代われる職員が機関にいないので、先に別の代行を決めてください。"
            )
        fields = {
            "acting_id": other,
            "acting_from": row.acting_from if other else None,
            "acting_until": row.acting_until if other else None,
        }
        if isinstance(row, Hold):
            stand_beside(row, by=by, at=at, **fields)
        else:
            Promise.objects.filter(pk=row.pk).update(**fields)
        if other:
            Absence.objects.filter(
                worker_id=row.worker_id, acting_id=leaver, returned_at__isnull=True
            ).update(acting_id=other)
            tell([other], "不在の職員の代行を頼まれています。", "/", kind="acting", at=at)
    if office_id is None and not as_far_as_possible:
        Absence.objects.filter(acting_id=leaver, returned_at__isnull=True).update(acting=None)
    return len(rows)


def end_post(posting: Posting, *, by: Worker, at: datetime) -> int:
    """End one posting (異動・出向の終わり): what the worker holds in that office passes on in the same deed (H2)."""
    list(WorkerModel.objects.select_for_update().filter(pk=posting.worker_id))
    if not Posting.objects.filter(pk=posting.pk, ended_at__isnull=True).exists():
        raise Refused("この配属は、もう終わっています。")
    others = Posting.objects.filter(
        worker=posting.worker, office=posting.office, ended_at__isnull=True, role__in=HOLDING_ROLES
    ).exclude(pk=posting.pk)
    passed = 0
    if not others.exists():
        passed = _hand_over(
            posting.worker_id, posting.office_id, deed=Deed.REPLACE_LEAVER, by=by, at=at, rest_to_duty=True
        )
        pass_on_acting(posting.worker_id, posting.office_id, by=by, at=at)
        office = Office.objects.select_for_update().get(pk=posting.office_id)
        if office.duty_worker_id == posting.worker_id:
            other = someone_in(office.pk, besides=[posting.worker_id], on=day_of(at))
            if other is None:
                raise Refused("この職員は機関の当番です。先に当番を替えてください。")
            office.duty_worker_id = other
            office.save(update_fields=["duty_worker"])
    Posting.objects.filter(pk=posting.pk, ended_at__isnull=True).update(ended_at=at)
    _keep_a_main_post(posting)
    record(
        "posting.ended",
        subject_kind="posting",
        subject_id=posting.pk,
        by=by.pk,
        at=at,
        detail={"worker": posting.worker_id, "office": posting.office_id, "rows": passed},
    )
    return passed


def _keep_a_main_post(posting: Posting) -> None:
    rest = Posting.objects.filter(worker_id=posting.worker_id, ended_at__isnull=True).order_by("id")
    following = rest.first()
    if posting.is_main and following is not None and not rest.filter(is_main=True).exists():
        Posting.objects.filter(pk=following.pk).update(is_main=True)


def _open_rows(worker_id: int) -> list[Row]:
    holds = (
        Hold.objects.filter(worker_id=worker_id, closed_at__isnull=True)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    promises = (
        Promise.objects.filter(worker_id=worker_id, is_open=True).order_by("id").values_list("pk", flat=True)
    )
    return [("hold", pk) for pk in holds] + [("promise", pk) for pk in promises]


def _hand_over(
    leaver: int, office_id: int | None, *, deed: Deed, by: Worker, at: datetime, rest_to_duty: bool
) -> int:
    holds = Hold.objects.select_for_update(of=("self",)).filter(worker_id=leaver, closed_at__isnull=True)
    promises = Promise.objects.select_for_update().filter(worker_id=leaver, is_open=True)
    if office_id is not None:
        holds, promises = holds.filter(office_id=office_id), promises.filter(office_id=office_id)
    rows: list[Hold | Promise] = [
        *holds.select_related("concern").order_by("concern_id"),
        *promises.order_by("pk"),
    ]
    lines = lines_of(rows)
    successors: dict[int, int] = {}
    knows = Knowing()
    for place, row in enumerate(rows):
        line = lines.get(key_of(row))
        party = party_of(row)
        named = line.successor_id if line and can_take(line.successor_id, row.office_id, day_of(at)) else None
        if named is not None and not knows(named, party):
            named = None
        if named is None and rest_to_duty:
            named = someone_in(row.office_id, besides=[leaver], on=day_of(at))
            if named is None or not knows(named, party):
                # The duty worker may be the other party: a colleague to whom the record is not closed takes it.
                other = somebody_for(
                    row.office_id, besides=leaver, party_id=party, on=day_of(at), only_here=True
                )
                named = other[0] if other else named
        if named is not None:
            successors[place] = named
    check_leaving(range(len(rows)), successors, leaver=leaver)
    return pass_rows(
        [(row, successors[place], row.office_id) for place, row in enumerate(rows)],
        lines,
        deed=deed,
        reason="担当の離任",
        by=by,
        at=at,
    )


def party_of(row: Hold | Promise) -> int | None:
    """Whom the row is about."""
    return row.concern.party_id if isinstance(row, Hold) else row.party_id


def key_of(row: Hold | Promise) -> Row:
    """How the hand-over list names this row."""
    return ("hold" if isinstance(row, Hold) else "promise", row.pk)


def lines_of(rows: Sequence[Hold | Promise]) -> dict[Row, LeavingRow]:
    """The lines written for these rows, each for the worker who holds it now."""
    holders = {key_of(row): row.worker_id for row in rows}
    return {
        (line.row_kind, line.row_id): line
        for line in LeavingRow.objects.filter(leaver_id__in=set(holders.values())).order_by("id")
        if holders.get((line.row_kind, line.row_id)) == line.leaver_id
    }


def pass_rows(
    passing: Sequence[tuple[Hold | Promise, int, int]],
    lines: Mapping[Row, LeavingRow],
    *,
    deed: Deed,
    reason: str,
    by: Worker,
    at: datetime,
) -> int:
    """Give each (row, successor, office) its new holder and day; every successor is told once. How many passed."""
    by_successor: dict[int, list[tuple[Hold | Promise, int]]] = {}
    for row, successor, office_id in passing:
        by_successor.setdefault(successor, []).append((row, office_id))
    for successor, mine in by_successor.items():
        weighed = _weighed([row for row, _ in mine], mine[0][1], at)
        days = successor_due_days(
            weighed,
            day_of(at),
            calendar_of(mine[0][1], successor),
            city_settings(),
            already=_given_today(successor, at),
        )
        for (row, office_id), due_on, seen in zip(mine, days, weighed, strict=True):
            line = lines.get(key_of(row))
            if isinstance(row, Hold):
                beside = (
                    [
                        who
                        for who in overseers_of(office_id, row.concern.party_id)[:1]
                        if who != successor and may_hold_in(who, office_id)
                    ]
                    if seen.comes_first
                    else []
                )
                _pass_hold(
                    row, successor, office_id, due_on, deed=deed, by=by, at=at, line=line, beside=beside
                )
            else:
                note = f"{reason}。{line.handed_note}" if line and line.handed_note else reason
                pass_promise(
                    row, worker_id=successor, office_id=office_id, due_on=due_on, by=by, at=at, reason=note
                )
        tell([successor], f"{len(mine)}件を引き継ぎました。", "/", kind="handover", at=at)
        heavy = sum(seen.comes_first for seen in weighed)
        if heavy:
            tell(
                [who for who in managers_of(mine[0][1]) if who != successor],
                f"引き継いだ行のうち{heavy}件は、急ぐものか期限を過ぎたものです。後任といっしょに見てください。",
                "/",
                kind="handover",
                at=at,
            )
    return len(passing)


def _given_today(successor: int, at: datetime) -> int:
    """How many rows of the first week other hand-overs of this day gave to this worker already."""
    on = day_of(at)
    week = on + timedelta(days=DAYS_OF_A_WEEK)
    holds = Hold.objects.filter(
        worker_id=successor, closed_at__isnull=True, opened_on=on, deed__in=PASSING, due_on__lt=week
    )
    promises = Promise.objects.filter(
        Q(previous__withdrawn_at__gte=at - timedelta(hours=24), previous__withdrawn_at__lte=at),
        worker_id=successor,
        is_open=True,
        due_on__lt=week,
    ).exclude(previous__worker_id=successor)
    return holds.count() + promises.count()


def _weighed(rows: Sequence[Hold | Promise], office_id: int, at: datetime) -> list[PassedRow]:
    """What comes first among rows that pass: their colour with whoever held them, and the last day of their kind."""
    on, settings = day_of(at), city_settings()
    office = calendar_of(office_id)
    dates = {
        who: board_dates(on, calendar_of(where, who), office=calendar_of(where), settings=settings)
        for who, where in sorted({(row.worker_id, row.office_id) for row in rows})
    }
    passed = []
    for row in rows:
        urgency = Urgency(row.concern.urgency if isinstance(row, Hold) else row.urgency)
        colour = dates[row.worker_id].colour(row.due_on, urgency)
        latest = longest_due(HoldKind(row.kind), on, office, settings) if isinstance(row, Hold) else None
        passed.append(
            PassedRow(
                row.due_on,
                weight(colour, urgency),
                comes_first=urgency is Urgency.HIGH or colour in (Lateness.RED, Lateness.FALLING),
                latest_on=latest,
            )
        )
    return passed


def _pass_hold(
    hold: Hold,
    successor: int,
    office_id: int,
    due_on: date,
    *,
    deed: Deed,
    by: Worker,
    at: datetime,
    line: LeavingRow | None = None,
    beside: Sequence[int] = (),
) -> None:
    succeed(
        hold,
        deed=deed,
        by=by,
        at=at,
        due_on=due_on,
        worker_id=successor,
        office_id=office_id,
        look_back=hold.look_back,
        together_with=sorted(
            {*(hold.together_with if office_id == hold.office_id else ()), *beside}
            - {successor, hold.worker_id}
        ),
        waiting_for=hold.waiting_for,
        waiting_from=hold.waiting_from,
        waiting_until=hold.waiting_until,
        handed_note=line.handed_note if line else "",
        handed_told=line.handed_told if line else "",
        introduced_how=line.introduced_how if line else "",
    )
    announce(
        HoldPassed(
            concern_id=hold.concern_id,
            from_worker=hold.worker_id,
            to_worker=successor,
            from_office=hold.office_id,
            to_office=office_id,
            at=at,
        )
    )


def can_take(worker_id: int, office_id: int, on: date) -> bool:
    """May this worker be given rows of this office today: posted there, and not away without somebody who acts?"""
    if not may_hold_in(worker_id, office_id):
        return False
    away = Absence.objects.filter(worker_id=worker_id, returned_at__isnull=True, acting__isnull=False)
    return worker_id not in long_away([worker_id], on) or away.exists()
