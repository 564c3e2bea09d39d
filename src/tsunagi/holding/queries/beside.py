"""Second words, promises and gaps as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.holding.models import Concern, Gap, Promise, SecondWord
from tsunagi.holding.rules import BY_OWN_PAGE, ClosingOutcome, ConsultationOutcome, Deed, GapKind, PromiseKind
from tsunagi.notices.models import Message
from tsunagi.people.access import protected_persons
from tsunagi.people.rules import ProtectionCategory

from .rows import RowCard, RowMaker

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT_PAGES = {
    "concern": "holding:concern",
    "consultation": "intake:detail",
    "referral": "referrals:detail",
    "case": "cases:detail",
    "second_word": "holding:second",
    "protection": "holding:protection",
    "enquiry": "holding:enquiry_answer",
    "guarded": "intake:secret_door",
    "appointment": "diary:detail",
    "power": "guardianship:power",
    "petition": "guardianship:petition",
    "demand": "records:demand",
    "voice": "records:voice",
    "incident_quick": "records:incident",
    "incident_full": "records:incident",
    "incident_tell": "records:incident",
    "incident_look_back": "records:incident",
    "consent": "holding:consent",
    "consent_day": "holding:consent",
    "consent_age": "holding:consent",
    "consent_office": "holding:consent_office",
    "consent_paper": "holding:consent_paper",
    "break_glass": "holding:glass",
    "incident_review": "records:incident",
    "plan": "plans:detail",
    "plan_role": "plans:role",
    "follow_up": "plans:follow_up",
}
# Kinds that end through a deed of their own, never by a mere 「果たした」.
BY_OWN_DEED = frozenset(
    {
        PromiseKind.TRIAGE,
        PromiseKind.STOCKTAKING,
        PromiseKind.SECOND_PERSON,
        PromiseKind.COORDINATION_REQUEST,
        PromiseKind.ENQUIRY,
        PromiseKind.PROTECTION,
        PromiseKind.SECRET_DOOR,
        PromiseKind.APPOINTMENT,
        PromiseKind.PLAN_ROLE,
        PromiseKind.MONITORING,
        PromiseKind.FOLLOW_UP,
    }
)


@dataclass(frozen=True)
class SecondPage:
    """What a second person is asked."""

    id: int
    what: str
    words: str
    asked_by: str
    asked_at: datetime
    subject_url: str
    subject_id: int
    wish: tuple[tuple[str, str], ...]
    answered_by: str
    answered_at: datetime | None
    agreed: bool | None
    answer_words: str


@dataclass(frozen=True)
class PromisePage:
    """A promise with what it is about."""

    row: RowCard
    subject_url: str
    by_own_deed: bool
    is_open: bool
    ended: str
    message: Any
    is_coordination: bool
    handed_words: str


@dataclass(frozen=True)
class GapRow:
    """One gap, without a name: its kind, what was needed, where."""

    id: int
    kind: str
    needed: str
    words: str
    district: str
    office: str
    found_at: datetime
    solved_at: datetime | None
    solved_words: str


_ASKED = {
    "reassign": "担当を替わってほしい",
    "safety_not": "虐待・自傷の疑いを、どこにも知らせない判断",
    "consultation_end": "相談を終える",
    "protection_decide": "保護を続ける",
    "protection_end": "保護を終える",
    "address_show": "保護した方の住所を、名を挙げた職員に見せる",
}
_WORDS = {
    "reason": "わけ",
    "due_on": "次に動く日",
    "waiting_from": "だれから",
    "outcome": "終わり方",
    "tries": "試みたこと",
    "told_return": "また来てよいことの伝え方",
    "capacity_and_danger": "判断する力と危険",
    "handed_note": "引き継ぎのことば",
    "words": "伝えたこと・わけ",
    "gap_needed": "何があればよかったか",
    "category": "種類",
    "municipality": "受け付けた市町村",
    "measure_until_on": "支援措置の期限",
    "other_party_name": "相手方",
    "other_party_relation": "相手方との関係",
    "covered_names": "いっしょに保護する方",
    "person_asked_on": "本人に確かめた日",
    "to_worker": "だれに",
    "until_on": "いつまで",
}


def second_page(word: SecondWord, names: Mapping[int, str] | None = None) -> SecondPage:
    """What is asked, in words. `names`: workers by number, for a list of many; asked for when not given."""
    if names is None:
        names = to_whom([word])
    what = _ASKED.get(word.deed)
    if what is None:
        what = Deed(word.wish["deed"]).label if "deed" in word.wish else word.deed
    return SecondPage(
        id=word.pk,
        what=what,
        words=word.words,
        asked_by=word.asked_by.name,
        asked_at=word.asked_at,
        subject_url=SUBJECT_PAGES.get(word.subject_kind, ""),
        subject_id=word.subject_id,
        wish=tuple(_wished(word.wish, names)),
        answered_by=word.answered_by.name if word.answered_by else "",
        answered_at=word.answered_at,
        agreed=word.agreed,
        answer_words=word.answer_words,
    )


def promise_page(kept: Promise, now: datetime) -> PromisePage:
    """A promise that the worker came to through a door."""
    promise = (
        Promise.objects.filter(pk=kept.pk)
        .select_related(
            "office", "worker", "acting", "previous", "party__person", "party__household", "party__unknown"
        )
        .get()
    )
    message = (
        Message.objects.filter(pk=promise.subject_id).first() if promise.subject_kind == "message" else None
    )
    ended = "果たしました" if promise.done_at else f"取り下げました: {promise.withdrawn_reason}"
    return PromisePage(
        row=RowMaker(now).of_promise(promise),
        subject_url=SUBJECT_PAGES.get(promise.subject_kind, ""),
        by_own_deed=promise.kind in BY_OWN_DEED or promise.subject_kind in BY_OWN_PAGE,
        is_open=promise.is_open,
        ended="" if promise.is_open else ended,
        message=message,
        is_coordination=promise.kind == PromiseKind.COORDINATION_REQUEST,
        handed_words=promise.previous.withdrawn_reason if promise.previous else "",
    )


def gaps_of(worker: Worker, *, solved: bool = False, limit: int = 200) -> list[GapRow]:
    """Gaps, newest first; by kind and district, never by name."""
    rows = (
        Gap.objects.filter(solved_at__isnull=not solved)
        .select_related("district", "office")
        .annotate(
            guarded=Exists(
                Concern.objects.filter(pk=OuterRef("concern_id"), party_id__in=protected_persons())
            )
        )
        .order_by("-id")
    )
    return [
        GapRow(
            row.pk,
            GapKind(row.kind).label,
            row.needed,
            row.words if row.concern_id is None else "",
            # The district of somebody who was protected since would tell where they are.
            row.district.name if row.district and not row.guarded else "",
            row.office.label,
            row.found_at,
            row.solved_at,
            row.solved_words,
        )
        for row in rows[:limit]
    ]


def gaps_by_kind() -> list[tuple[str, int]]:
    """How many open gaps of each kind, most first."""
    counted = (
        Gap.objects.filter(solved_at__isnull=True)
        .values("kind")
        .annotate(n=Count("id"))
        .order_by("-n", "kind")
    )
    return [(GapKind(row["kind"]).label, row["n"]) for row in counted]


def open_promises_of(subject_kind: str, subject_ids: list[int]) -> list[Promise]:
    """Open promises of these subjects, by due day."""
    return list(
        Promise.objects.filter(Q(subject_kind=subject_kind, subject_id__in=subject_ids), is_open=True)
        .select_related("worker", "office")
        .order_by("due_on", "id")
    )


def to_whom(words: Iterable[SecondWord]) -> dict[int, str]:
    """The workers these questions would give something to, by number."""
    # A question about an address names its worker in words already.
    numbers = {word.wish["to_worker"] for word in words if isinstance(word.wish.get("to_worker"), int)}
    if not numbers:
        return {}
    return dict(WorkerModel.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "name"))


def _wished(wish: dict[str, Any], names: Mapping[int, str]) -> list[tuple[str, str]]:
    flat: dict[str, Any] = {}
    for part in (wish, wish.get("wish", {}), wish.get("wish", {}).get("closing", {}), wish.get("beside", {})):
        flat |= {name: value for name, value in part.items() if not isinstance(value, dict)}
    lines = []
    for name, label in _WORDS.items():
        value = flat.get(name)
        if not value:
            continue
        if name == "outcome":
            value = _outcome(str(value))
        if name == "to_worker":
            value = names.get(value, value) if isinstance(value, int) else value
        if name == "category":
            value = ProtectionCategory.label_of(str(value))
        if name.endswith("_on"):
            value = date.fromisoformat(str(value)).strftime("%Y-%m-%d")
        lines.append((label, str(value)))
    return lines


def _outcome(value: str) -> str:
    for kind in (ClosingOutcome, ConsultationOutcome):
        if value in list(kind):
            return kind(value).label
    return value


def waiting_words(subject_kind: str, subject_id: int) -> list[tuple[int, str, str]]:
    """What a second person is asked about this subject and has not answered: (number, what, who asked)."""
    rows = (
        SecondWord.objects.filter(subject_kind=subject_kind, subject_id=subject_id, answered_at__isnull=True)
        .select_related("asked_by")
        .order_by("id")
    )
    return [(row.pk, _ASKED.get(row.deed, row.deed), row.asked_by.name) for row in rows]
