"""One concern as its page shows it: who holds it now, what was done, what may be done next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import roles_of
from tsunagi.accounts.rules import Role
from tsunagi.codes.queries import labels_of
from tsunagi.holding.models import Closing, Concern, Contact, Gap, Hold, Promise, SafetyReport, SecondWord
from tsunagi.holding.rules import (
    CONTACTS,
    AbuseKind,
    ClosingOutcome,
    ContactKind,
    Deed,
    GapKind,
    HandoverIntroduction,
    HoldKind,
    PromiseKind,
    Urgency,
    Whose,
    changes_often,
    high_needs_managers_word,
    needs_night_handover,
    night_handover_by,
)
from tsunagi.people.access import sight_of
from tsunagi.shared.days import TOKYO, day_of

from .handing_over import changes_of_holder
from .rethinking import rethink_is_due
from .rows import RowCard, RowMaker, holds, party_label

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Happened:
    """One line of a concern's history, newest first on the page."""

    at: datetime
    kind: str  # hold | contact | promise | closing | report | gap
    title: str
    by: str = ""
    words: str = ""
    mark: str = ""
    sign: str = "info"


@dataclass(frozen=True)
class Handed:
    """What the one before wrote for a holder who has not met the person yet (替わってまだ会えていない)."""

    by: str
    note: str
    told: str
    introduced: str


@dataclass(frozen=True)
class ConcernPage:
    """What the page of a concern prints."""

    id: int
    party_id: int
    party_kind: str
    party_label: str
    whose: str
    around: str
    description: str
    kinds: tuple[str, ...]
    urgency: str
    urgency_label: str
    danger: str
    needs_report: bool
    person_sees_it: str
    family_support: bool
    noticed_by: str
    came_at: datetime
    opened_at: datetime
    revision: int
    closed_at: datetime | None
    row: RowCard | None
    together: tuple[str, ...]
    acting_until: date | None
    rethink_is_due: bool
    high_needs_word: bool
    closing: str
    look_back_on: date | None
    waiting_seconds: tuple[tuple[int, str], ...]
    coordination_request: int | None
    is_mine: bool
    is_seen: bool
    is_manager: bool
    handed: Handed | None
    changes_in_60_days: int
    changes_in_a_year: int
    night_ahead: time | None

    @property
    def changed_often(self) -> bool:
        """Whether the holder has changed so often that everybody should know."""
        return changes_often(in_60_days=self.changes_in_60_days, in_a_year=self.changes_in_a_year)


def concern_page(concern: Concern, worker: Worker, now: datetime) -> ConcernPage:
    """The page of a concern the worker came to through a door."""
    hold = holds(Hold.objects.filter(concern_id=concern.pk)).first()
    maker = RowMaker(now)
    row = maker.of_hold(hold) if hold else None
    closing = Closing.objects.filter(concern_id=concern.pk, reopened_at__isnull=True).first()
    open_promises = list(
        Promise.objects.filter(
            subject_kind="concern", subject_id=concern.pk, is_open=True, kind=PromiseKind.COORDINATION_REQUEST
        ).values_list("pk", flat=True)
    )
    changes = changes_of_holder(concern.pk, maker.on)
    came = _came_by(hold) if hold else None
    return ConcernPage(
        id=concern.pk,
        party_id=concern.party.same_as_id or concern.party_id,
        party_kind=concern.party.kind,
        party_label=party_label(concern.party),
        whose=Whose(concern.whose).label,
        around=concern.around,
        description=concern.description,
        kinds=tuple(_kinds(concern.codes)),
        urgency=concern.urgency,
        urgency_label=Urgency(concern.urgency).label,
        danger=AbuseKind(concern.danger).label if concern.danger else "",
        needs_report=bool(row and row.needs_report),
        person_sees_it=concern.person_sees_it,
        family_support=concern.family_support,
        noticed_by=concern.noticed_by,
        came_at=concern.came_at,
        opened_at=concern.opened_at,
        revision=concern.revision,
        closed_at=concern.closed_at,
        row=row,
        together=tuple(_names(hold.together_with)) if hold else (),
        acting_until=hold.acting_until if hold else None,
        rethink_is_due=row is not None and rethink_is_due(concern.pk, maker.on),
        high_needs_word=row is not None
        and concern.urgency == Urgency.HIGH
        and high_needs_managers_word(
            day_of(concern.urgency_judged_at),
            day_of(concern.managers_word_at) if concern.managers_word_at else None,
            on=maker.on,
            calendar=maker.book.of(row.office_id),
            settings=maker.settings,
        ),
        closing=ClosingOutcome(closing.outcome).label if closing else "",
        look_back_on=closing.look_back_on if closing else None,
        waiting_seconds=tuple(
            (word.pk, word.asked_by.name)
            for word in SecondWord.objects.filter(
                subject_kind="concern", subject_id=concern.pk, answered_at__isnull=True
            ).select_related("asked_by")
        ),
        coordination_request=open_promises[0] if open_promises else None,
        is_seen=sight_of(worker, concern.party_id) is not None,
        is_mine=hold is not None and worker.pk in (hold.worker_id, hold.acting_id),
        is_manager=Role.MANAGER in roles_of(worker),
        handed=_handed(came) if came else None,
        changes_in_60_days=changes[0],
        changes_in_a_year=changes[1],
        night_ahead=_night_ahead(concern, hold, maker) if hold else None,
    )


def _night_ahead(concern: Concern, hold: Hold, maker: RowMaker) -> time | None:
    """The hour by which a 高 must have been handed over for the night or the closed days, while it is still ahead."""
    if concern.urgency != Urgency.HIGH or hold.handed_for_night:  # type: ignore[attr-defined]
        return None
    calendar, came = maker.book.of(hold.office_id), concern.urgency_judged_at
    if concern.last_seen_on is not None and concern.last_seen_on >= day_of(came):
        return None
    closing = maker.closes_at(hold.office_id)
    if not needs_night_handover(came, calendar, closing):
        return None
    by = night_handover_by(came, calendar, closing)
    return by.astimezone(TOKYO).time() if maker.now < by else None


def _came_by(hold: Hold) -> Hold | None:
    """The hold by which the holder took over from somebody else, while they have not met the person since."""
    came = (
        Hold.objects.filter(concern_id=hold.concern_id, worker_id=hold.worker_id, previous__isnull=False)
        .exclude(previous__worker_id=hold.worker_id)
        .select_related("previous__worker")
        .order_by("-id")
        .first()
    )
    if came is None or hold.look_back:
        return None
    met = Contact.objects.filter(
        on__concern_id=hold.concern_id, kind=ContactKind.MET, worker_id=hold.worker_id, at__gte=came.opened_at
    )
    return None if met.exists() else came


def _handed(came: Hold) -> Handed:
    return Handed(
        came.previous.worker.name if came.previous else "",
        came.handed_note,
        came.handed_told,
        HandoverIntroduction(came.introduced_how).label if came.introduced_how else "",
    )


_SAID_BY_THE_CONTACT = frozenset(rule.deed for rule in CONTACTS.values())


def history_of(concern_ids: Iterable[int]) -> list[Happened]:
    """What happened on these concerns, newest first: one query per kind, whatever their number."""
    ids = list(concern_ids)
    lines: list[Happened] = []
    for hold in Hold.objects.filter(concern_id__in=ids).select_related(
        "worker", "office", "opened_by", "previous"
    ):
        deed = Deed(hold.deed)
        if deed in _SAID_BY_THE_CONTACT:
            continue  # the contact itself stands beside it
        passed = hold.previous is not None and hold.previous.worker_id != hold.worker_id
        words = [hold.reason] if hold.reason else []
        if hold.handed_note:
            told = HandoverIntroduction(hold.introduced_how).label if hold.introduced_how else "まだ"
            words.append(f"引き継ぎ({told}): {hold.handed_note}")
        lines.append(
            Happened(
                hold.opened_at,
                "hold",
                f"{deed.label} → {HoldKind(hold.kind).label}・{hold.office.label} {hold.worker.name}"
                f"・{hold.due_on:%Y-%m-%d}まで",
                hold.opened_by.name if hold.opened_by else "",
                "\n".join(words),
                hold.kind,
                "hands" if passed else "info",
            )
        )
    seen: set[int] = set()
    for contact in (
        Contact.objects.filter(on__concern_id__in=ids)
        .select_related("worker", "office")
        .order_by("-at", "-id")
    ):
        if contact.pk in seen:
            continue
        seen.add(contact.pk)
        kind = ContactKind(contact.kind)
        with_whom = f"({contact.with_whom})" if contact.with_whom else ""
        lines.append(
            Happened(
                contact.at,
                "contact",
                f"{kind.label}{with_whom}",
                contact.worker.name,
                contact.words,
                kind,
                "talk",
            )
        )
    for promise in Promise.objects.filter(subject_kind="concern", subject_id__in=ids).select_related(
        "worker"
    ):
        state = (
            "果たした"
            if promise.done_at
            else "取り下げ"
            if promise.withdrawn_at
            else f"{promise.due_on:%Y-%m-%d}まで"
        )
        lines.append(
            Happened(
                promise.opened_at,
                "promise",
                f"約束: {promise.what}({state})",
                promise.worker.name,
                promise.withdrawn_reason,
                promise.kind,
            )
        )
    for report in SafetyReport.objects.filter(concern_id__in=ids).select_related("by", "second_by"):
        title = f"通告・通報・相談: {report.to_whom}" if report.reported else "知らせない判断(二人)"
        lines.append(Happened(report.at, "report", title, report.by.name, report.reason, sign="warning"))
    for gap in Gap.objects.filter(concern_id__in=ids).select_related("found_by"):
        lines.append(
            Happened(
                gap.found_at,
                "gap",
                f"はざま: {GapKind(gap.kind).label}",
                gap.found_by.name if gap.found_by else "",
                gap.needed or gap.words,
            )
        )
    for closing in Closing.objects.filter(concern_id__in=ids).select_related("by", "second_by"):
        names = "・".join(who.name for who in (closing.by, closing.second_by) if who)
        lines.append(
            Happened(
                closing.at,
                "closing",
                f"終結: {ClosingOutcome(closing.outcome).label}",
                names,
                "\n".join(text for text in (closing.words, closing.tries, closing.told_return) if text),
                sign="check",
            )
        )
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _kinds(codes: list[str]) -> Iterable[str]:
    return labels_of("case_types", codes) if codes else ()


def _names(worker_ids: list[int]) -> Iterable[str]:
    return WorkerModel.objects.filter(pk__in=worker_ids).order_by("kana").values_list("name", flat=True)
