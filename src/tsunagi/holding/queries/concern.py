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
from tsunagi.holding.models import (
    Closing,
    Concern,
    Contact,
    ContactOn,
    Gap,
    Hold,
    Promise,
    SafetyReport,
    SecondWord,
)
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
from tsunagi.shared.kept import Kept

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
        party_id=concern.party.stands_for.pk,
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
    for hold in _HOLDS.named(ids):
        deed = Deed(hold.deed)
        if deed in _SAID_BY_THE_CONTACT:
            continue  # the contact itself stands beside it
        passed = hold.previous__worker_id is not None and hold.previous__worker_id != hold.worker_id
        words = [hold.reason] if hold.reason else []
        if hold.handed_note:
            told = HandoverIntroduction(hold.introduced_how).label if hold.introduced_how else "まだ"
            words.append(f"引き継ぎ({told}): {hold.handed_note}")
        office = hold.office__short_name or hold.office__name
        lines.append(
            Happened(
                hold.opened_at,
                "hold",
                f"{deed.label} → {HoldKind(hold.kind).label}・{office} {hold.worker__name}"
                f"・{hold.due_on:%Y-%m-%d}まで",
                hold.opened_by__name or "",
                "\n".join(words),
                hold.kind,
                "hands" if passed else "info",
            )
        )
    for contact in _CONTACTS.named(ids):
        kind = ContactKind(contact.kind)
        with_whom = f"({contact.with_whom})" if contact.with_whom else ""
        title = f"{kind.label}{with_whom}"
        lines.append(
            Happened(contact.at, "contact", title, contact.worker__name, contact.words, kind, "talk")
        )
    for promise in _PROMISES.named(ids):
        state = (
            "果たした"
            if promise.done_at
            else "取り下げ"
            if promise.withdrawn_at
            else f"{promise.due_on:%Y-%m-%d}まで"
        )
        title = f"約束: {promise.what}({state})"
        name, reason = promise.worker__name, promise.withdrawn_reason
        lines.append(Happened(promise.opened_at, "promise", title, name, reason, promise.kind))
    for report in _REPORTS.named(ids):
        title = f"通告・通報・相談: {report.to_whom}" if report.reported else "知らせない判断(二人)"
        lines.append(Happened(report.at, "report", title, report.by__name, report.reason, sign="warning"))
    for gap in _GAPS.named(ids):
        title = f"はざま: {GapKind(gap.kind).label}"
        lines.append(Happened(gap.found_at, "gap", title, gap.found_by__name or "", gap.needed or gap.words))
    for closing in _CLOSINGS.named(ids):
        lines.append(
            Happened(
                closing.at,
                "closing",
                f"終結: {ClosingOutcome(closing.outcome).label}",
                "・".join(name for name in (closing.by__name, closing.second_by__name) if name),
                "\n".join(text for text in (closing.words, closing.tries, closing.told_return) if text),
                sign="check",
            )
        )
    return sorted(lines, key=lambda line: line.at, reverse=True)


_HOLDS = Kept(
    lambda ids: Hold.objects.filter(concern__id__any=ids)
    .order_by("id")
    .values_list(
        "deed", "kind", "reason", "handed_note", "introduced_how", "opened_at", "due_on", "worker_id",
        "previous__worker_id", "worker__name", "office__name", "office__short_name", "opened_by__name",
    )
)  # fmt: skip
_CONTACTS = Kept(
    lambda ids: (
        Contact.objects.filter(
            pk__in=ContactOn.objects.filter(concern__id__any=ids).order_by().values("contact_id")
        )
        .order_by("-at", "-id")
        .values_list("kind", "at", "with_whom", "words", "worker__name")
    )
)
_PROMISES = Kept(
    lambda ids: (
        Promise.objects.filter(subject_kind="concern", subject_id__any=ids)
        .order_by("id")
        .values_list(
            "kind",
            "what",
            "opened_at",
            "due_on",
            "done_at",
            "withdrawn_at",
            "withdrawn_reason",
            "worker__name",
        )
    )
)
_REPORTS = Kept(
    lambda ids: (
        SafetyReport.objects.filter(concern__id__any=ids)
        .order_by("id")
        .values_list("at", "reported", "to_whom", "reason", "by__name")
    )
)
_GAPS = Kept(
    lambda ids: (
        Gap.objects.filter(concern__id__any=ids)
        .order_by("-id")
        .values_list("kind", "needed", "words", "found_at", "found_by__name")
    )
)
_CLOSINGS = Kept(
    lambda ids: (
        Closing.objects.filter(concern__id__any=ids)
        .order_by("id")
        .values_list("at", "outcome", "words", "tries", "told_return", "by__name", "second_by__name")
    )
)


def _kinds(codes: list[str]) -> Iterable[str]:
    return labels_of("case_types", codes) if codes else ()


def _names(worker_ids: list[int]) -> Iterable[str]:
    return WorkerModel.objects.filter(pk__in=worker_ids).order_by("kana").values_list("name", flat=True)
