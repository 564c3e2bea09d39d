"""The ledger 情報提供・目的外利用台帳 and usual flows. A row is written with the deed that gave; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from tsunagi.accounts.models import Office
from tsunagi.journal.actions import record
from tsunagi.people.rules import Facet
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year
from tsunagi.sharing.models import Disclosure, UsualFlow
from tsunagi.sharing.queries.grounds import grounds_between_offices
from tsunagi.sharing.queries.ledger import flow_between
from tsunagi.sharing.rules import DisclosureSource, Giving, check_giving, is_written_down

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

_TEXTS = {
    "receiver_words": "提供先",
    "items": "項目",
    "reason": "目的外利用の理由",
    "ground_why": "根拠を替えたわけ",
    "decision": "決裁",
    "conditions": "受け手への条件",
}


def write_disclosure(
    *,
    giver_id: int,
    receiver_id: int | None = None,
    receiver_words: str = "",
    person_id: int | None = None,
    facets: Iterable[str] = (),
    items: str = "",
    reason: str,
    ground: str,
    ground_why: str = "",
    decision: str = "",
    conditions: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    second_id: int | None = None,
    source: str = DisclosureSource.BY_HAND,
    source_id: int | None = None,
    on: date | None = None,
    proposed: str = "",
    by: Worker | None,
    at: datetime,
) -> Disclosure | None:
    """Write a giving down where the ground asks for it (everything but use within the purpose); None where it does not.

    A usual flow between the two that covers the items needs no reason, no second person and gives its own number. A row of
    the same deed (`source`, `source_id`, receiver) is written once. Raises Refused with what is missing.
    """
    if not is_written_down(ground):
        return None
    typed = {
        "receiver_words": receiver_words,
        "items": items,
        "reason": reason,
        "ground_why": ground_why,
        "decision": decision,
        "conditions": conditions,
    }
    for name, label in _TEXTS.items():
        refuse_my_number(typed[name], label, name)
    day = on or day_of(at)
    if day > day_of(at):
        raise Refused("まだ来ていない日です。渡した日を確かめてください。", field="on")
    if receiver_id is None and not receiver_words.strip():
        raise Refused("だれに渡したかを入れてください。", field="receiver")
    wanted = [Facet(facet).value for facet in facets]
    flow = flow_between(giver_id, receiver_id, wanted, ground=ground, on=day)
    check_giving(
        Giving(
            ground,
            proposed,
            ground_why,
            decision,
            second_id,
            by.pk if by else None,
            flow.pk if flow else None,
        )
    )
    if source_id is not None and source != DisclosureSource.BY_HAND:
        before = Disclosure.objects.filter(
            source=source, source_id=source_id, receiver_id=receiver_id, person_id=person_id, ground=ground
        ).first()
        if before is not None:
            return before
    row = Disclosure.objects.create(
        number=flow.number if flow else _next_number(day),
        on=day,
        giver_id=giver_id,
        receiver_id=receiver_id,
        receiver_words=receiver_words.strip()[:120],
        person_id=person_id,
        facets=wanted,
        items=items.strip()[:300],
        reason=(reason.strip() or (flow.purpose if flow else ""))[:300],
        ground=ground,
        ground_why=ground_why.strip()[:300],
        from_on=from_on or (flow.from_on if flow else day),
        until_on=until_on or (flow.until_on if flow else None),
        decision=(decision.strip() or (flow.decided_words if flow else ""))[:120],
        conditions=(conditions.strip() or (flow.conditions if flow else ""))[:300],
        source=DisclosureSource(source),
        source_id=source_id,
        flow=flow,
        recorded_at=at,
        recorded_by=by,
    )
    record(
        "disclosure.written",
        subject_kind="person" if person_id else "disclosure",
        subject_id=person_id or row.pk,
        by=by.pk if by else None,
        at=at,
        ground=ground,
        detail={"disclosure": row.pk, "receiver": receiver_id, "source": str(source), "number": source_id},
    )
    return row


def decide_flow(
    *,
    number: str,
    giver_id: int,
    receiver_id: int,
    ground: str,
    facets: Iterable[str],
    purpose: str,
    conditions: str,
    from_on: date,
    until_on: date,
    decided_words: str,
    decided_on: date,
    by: Worker,
    at: datetime,
) -> UsualFlow:
    """A usual flow is decided once (協議番号, 期間, 決裁); from then on a giving it covers needs no click."""
    for name, label, text in (
        ("number", "協議番号", number),
        ("purpose", "目的", purpose),
        ("conditions", "受け手への条件", conditions),
        ("decided_words", "決裁", decided_words),
    ):
        refuse_my_number(text, label, name)
        if not text.strip() and name != "conditions":
            raise Refused(f"{label}を入れてください。", field=name)
    if until_on < from_on:
        raise Refused("期間の終わりが、始まりより前です。日を確かめてください。", field="until_on")
    if decided_on > day_of(at):
        raise Refused("まだ来ていない日です。決裁の日を確かめてください。", field="decided_on")
    wanted = [Facet(facet).value for facet in facets]
    if not wanted:
        raise Refused("渡す項目を、ひとつ以上選んでください。", field="facets")
    if giver_id == receiver_id:
        raise Refused("渡す機関とは別の機関を選んでください。", field="receiver")
    offices = Office.objects.in_bulk([giver_id, receiver_id])
    offers = grounds_between_offices(offices[giver_id], offices[receiver_id], consent=True, on=from_on)
    card = next((offer.ground for offer in offers if offer.ground.code == ground), None)
    if card is None:
        raise Refused("この2つの機関の間では使えない根拠です。選び直してください。", field="ground")
    if card.puts_conditions and not conditions.strip():
        raise Refused(
            "この根拠では、受け手への条件(70条)を書いてください。例：目的外に使わない、期間が過ぎたら消す",
            field="conditions",
        )
    row = UsualFlow.objects.create(
        number=number.strip()[:20],
        giver_id=giver_id,
        receiver_id=receiver_id,
        ground=ground,
        facets=wanted,
        purpose=purpose.strip()[:300],
        conditions=conditions.strip()[:300],
        from_on=from_on,
        until_on=until_on,
        decided_words=decided_words.strip()[:120],
        decided_on=decided_on,
        written_at=at,
        written_by=by,
    )
    record(
        "usual_flow.decided", subject_kind="usual_flow", subject_id=row.pk, by=by.pk, at=at, ground=ground,
        detail={"giver": giver_id, "receiver": receiver_id},
    )  # fmt: skip
    return row


def end_flow(flow: UsualFlow, *, by: Worker, at: datetime) -> None:
    """From now on every giving is decided by itself again. Twice changes nothing."""
    if UsualFlow.objects.filter(pk=flow.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        record("usual_flow.ended", subject_kind="usual_flow", subject_id=flow.pk, by=by.pk, at=at)


def _next_number(day: date) -> str:
    """R8-0001: counted within the fiscal year, under a lock that lasts until the deed is over."""
    year = fiscal_year(day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sharing.ledger'), %s)", [year])
    begin, end = date(year, 4, 1), date(year + 1, 4, 1)
    count = Disclosure.objects.filter(on__gte=begin, on__lt=end, flow__isnull=True).count()
    return f"R{year - 2018}-{count + 1:04d}"
