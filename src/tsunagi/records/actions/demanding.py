"""The deeds of the ledger: take, look, decide, make what is given, answer, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import F

from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record, seal
from tsunagi.journal.queries import head
from tsunagi.people.queries.silent import silent_matches
from tsunagi.people.rules import read_fields
from tsunagi.permissions.rules import Purpose
from tsunagi.records.models import Demand, DemandMask, DemandPackage, DemandPage
from tsunagi.records.queries.demands import candidates_for, facts_of, form_choices, ground_of, searches
from tsunagi.records.queries.packages import Package, Piece, package_of
from tsunagi.records.rules.demands import (
    BY_AN_AGENT,
    GIVES,
    Answer,
    ChildSays,
    DemandKind,
    DemandState,
    Identity,
    Powers,
    WithheldFor,
    answered_from,
    check_decision,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.shared.wareki import NotADate
from tsunagi.sharing.actions import leave_word
from tsunagi.sharing.rules import WordKind

from ._promised import answerer_in, called_off, can_answer, home_of, kept, moved, promised
from .keeping import lock_not_gone

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "demand"
LABELS = {
    "requester": "だれから", "requester_contact": "連絡先", "agent": "代理人", "their_number": "先方の番号", "about_name": "だれのこと",
    "about_kana": "カナ", "about_birth": "生年月日", "wanted": "何を求めているか", "identity": "本人確認", "powers": "代理権", "child": "お子さんの気持ち",
    "asks_as": "亡くなった方との関係",
}  # fmt: skip
ENOUGH = 50
MOST_CANDIDATES = 5


def take_demand(kind: str, *, came_on: date | None, by: Worker, at: datetime, **written: str) -> Demand:
    """Write a demand into the ledger. Whoever may be meant is looked for by a job, and those who answer for them are told by
    the silent word: what is stored, said and shown here is the same whether anybody is known. Raises Refused."""
    if kind not in DemandKind.values():
        raise Refused("請求・照会の種類を選んでください。", field="kind")
    today = day_of(at)
    came = came_on or today
    if came > today:
        raise Refused("受けた日が、まだ来ていません。日を確かめてください。", field="came_on")
    values = _checked(written, today)
    office_id = home_of(by)
    due_on = came + timedelta(days=codes.number("demand.days"))
    made = Demand.objects.create(
        kind=kind, office_id=office_id, came_on=came, due_on=due_on, taken_at=at, taken_by=by,
        **({"child": ChildSays.NOT_ASKED if kind == DemandKind.DISCLOSURE_LEGAL else ChildSays.NOT_A_CHILD} | values),
    )  # fmt: skip
    # Officers who answer demands hold no promises: where nobody else is posted the ledger alone shows the day.
    if can_answer(office_id):
        promised(
            SUBJECT, made.pk, f"請求・照会 第{made.pk}号に答える", due_on, office_id=office_id,
            worker_id=answerer_in(office_id, by.pk), by=by, at=at,
        )  # fmt: skip
    _journal("demand.taken", made, by, at, kind=kind, due=due_on.isoformat())
    _look_again(made, by, at)
    return made


def _look_again(row: Demand, by: Worker, at: datetime) -> None:
    asked = read_fields(name=row.about_name, kana=row.about_kana, birth=row.about_birth, on=day_of(at))
    leave_word(
        WordKind.ASKED_ABOUT, by_id=by.pk, office_id=row.office_id, at=at, asked=asked, subject_id=row.pk
    )
    enqueue("records.match_demand", demand_id=row.pk)


def match_demand(demand_id: int, *, at: datetime) -> None:
    """Note whose record may be meant (in a job)."""
    row = Demand.objects.select_for_update().filter(pk=demand_id).first()
    if row is None or row.state != DemandState.OPEN:
        return
    asked = read_fields(name=row.about_name, kana=row.about_kana, birth=row.about_birth, on=day_of(at))
    found = [one.person_id for one in silent_matches(asked) if one.points >= ENOUGH][:MOST_CANDIDATES]
    Demand.objects.filter(pk=row.pk).update(candidates=found, looked_at=at)


def write(demand: Demand, *, revision: int, by: Worker, at: datetime, **written: str) -> Demand:
    """Correct what was written; looks again where the name changed. Raises Stale with both texts."""
    locked = _open(demand)
    values = _checked(written, day_of(at))
    if locked.revision != revision:
        raise Stale(
            [
                (LABELS[name], str(getattr(locked, name)), value)
                for name, value in values.items()
                if str(getattr(locked, name)) != value
            ]
        )
    asked_anew = any(
        values[name] != getattr(locked, name)
        for name in ("about_name", "about_kana", "about_birth")
        if name in values
    )
    Demand.objects.filter(pk=locked.pk).update(revision=F("revision") + 1, **values)
    locked.refresh_from_db()
    _journal("demand.written", locked, by, at, fields=sorted(values))
    if asked_anew:
        _look_again(locked, by, at)
    return locked


def name_record(demand: Demand, party_id: int, *, by: Worker, at: datetime) -> None:
    """Say whose record is meant: one of those that were found. From now on its disposal stops; who answers for it is told."""
    locked = _open(demand)
    if not searches(locked.kind) or party_id not in candidates_for(locked, by):
        raise Refused("見つかった記録の中から選んでください。", field="party")
    lock_not_gone(party_id)
    Demand.objects.filter(pk=locked.pk).update(party_id=party_id, looked_by=by, revision=F("revision") + 1)
    record(
        "demand.record_named", subject_kind="person", subject_id=party_id, by=by.pk, at=at, purpose=Purpose.DISCLOSURE,
        ground=ground_of(locked), detail={"demand": locked.pk},
    )  # fmt: skip
    leave_word(
        WordKind.ASKED_ABOUT,
        by_id=by.pk,
        office_id=locked.office_id,
        at=at,
        party_id=party_id,
        subject_id=locked.pk,
    )


def extend(demand: Demand, due_on: date | None, *, words: str, by: Worker, at: datetime) -> None:
    """Answer later, once, at most thirty days (個情法83条2項 CHECK), with the reason that is told to whoever asked."""
    locked = _open(demand)
    refuse_my_number(words, "わけ", "words")
    if not words.strip():
        raise Refused("延ばすわけを書いてください。請求した方にも、書面で伝えます。", field="words")
    if locked.extended_words:
        raise Refused("期限は、もう一度延ばしてあります。")
    furthest = locked.came_on + timedelta(days=2 * codes.number("demand.days"))
    if due_on is None or not locked.due_on < due_on <= furthest:
        raise Refused(f"いまの期限より後で、{furthest:%Y-%m-%d}までの日を入れてください。", field="due_on")
    Demand.objects.filter(pk=locked.pk).update(
        due_on=due_on, extended_words=words.strip()[:200], revision=F("revision") + 1
    )
    moved(SUBJECT, locked.pk, due_on, by=by, at=at)
    _journal("demand.extended", locked, by, at, due=due_on.isoformat())


def add_mask(demand: Demand, words: str, why: str, *, by: Worker, at: datetime) -> None:
    """Words to be blacked on what is given, with the reason."""
    locked = _open(demand)
    if len(words.strip()) < 2:
        raise Refused("消すことばを、2文字以上で入れてください。", field="words")
    if why not in WithheldFor.values():
        raise Refused("消す理由を選んでください。", field="why")
    refuse_my_number(words, "消すことば", "words")
    made = DemandMask.objects.create(demand=locked, words=words.strip()[:120], why=why, at=at, by=by)
    _journal("demand.mask_added", locked, by, at, mask=made.pk, why=why)


def remove_mask(demand: Demand, mask_id: int, *, by: Worker, at: datetime) -> None:
    """Do not black these words after all."""
    locked = _open(demand)
    if DemandMask.objects.filter(pk=mask_id, demand=locked, removed_at__isnull=True).update(removed_at=at):
        _journal("demand.mask_removed", locked, by, at, mask=mask_id)


def decide(
    demand: Demand,
    answer: str,
    *,
    words: str,
    document_number: str,
    with_whom: Worker | None,
    by: Worker,
    at: datetime,
) -> None:
    """Decide a demand (決定). What may be decided, and what may never be given, is in the rules. Raises Refused."""
    locked = _open(demand)
    if locked.state != DemandState.OPEN:
        raise Refused("この請求は、もう決定してあります。画面を開き直してください。")
    for label, text, name in (("わけ", words, "words"), ("文書番号", document_number, "document_number")):
        refuse_my_number(text, label, name)
    check_decision(
        facts_of(locked),
        answer,
        decided_by=by.pk,
        with_whom=with_whom.pk if with_whom else None,
        words=words,
        document_number=document_number,
    )
    Demand.objects.filter(pk=locked.pk).update(
        state=DemandState.DECIDED, answer=Answer(answer), answer_words=words.strip(), document_number=document_number.strip()[:60],
        decided_at=at, decided_by=by, decided_with=with_whom, revision=F("revision") + 1,
    )  # fmt: skip
    _journal("demand.decided", locked, by, at, answer=answer, second=with_whom.pk if with_whom else None)


@dataclass(frozen=True)
class Wish:
    """What is to be given: which papers, how masked, which pages not and why."""

    forms: Sequence[str]
    mask: str
    withheld: Mapping[int, str]


def make_package(demand: Demand, wish: Wish, *, by: Worker, at: datetime) -> tuple[DemandPackage, bytes]:
    """What is given, once decided: pages numbered, 写し, what is blacked listed page by page with its reason, and for a court where the
    journal stood. The bytes are handed out now and not kept. Raises Refused."""
    locked = _open(demand)
    if locked.state != DemandState.DECIDED or locked.answer not in GIVES:
        raise Refused("応じる決定をした請求だけ、渡す写しを作れます。")
    check_decision(
        facts_of(locked), locked.answer, decided_by=locked.decided_by_id or 0, with_whom=locked.decided_with_id, words=locked.answer_words,
        document_number=locked.document_number,
    )  # fmt: skip
    made = _package(locked, wish, at)
    row = DemandPackage.objects.create(
        demand=locked, made_at=at, made_by=by, mask=wish.mask, forms=list(wish.forms), pages=len(made.pages),
        digest=sha256(made.pdf).hexdigest(), journal_seq=made.journal[0] if made.journal else None,
        journal_head=made.journal[1] if made.journal else "",
    )  # fmt: skip
    DemandPage.objects.bulk_create(
        DemandPage(
            package=row,
            number=one.number,
            form=one.form,
            blacked=one.blacked,
            reasons=list(one.reasons),
            withheld=one.withheld,
        )
        for one in made.pages
    )
    record(
        "demand.given", subject_kind="party", subject_id=locked.party_id, by=by.pk, at=at, purpose=Purpose.DISCLOSURE, ground=ground_of(locked),
        detail={"demand": locked.pk, "package": row.pk, "pages": row.pages, "digest": row.digest, "withheld": [one.number for one in made.pages if one.withheld]},
    )  # fmt: skip
    return row, made.pdf


def preview(demand: Demand, wish: Wish, *, by: Worker, at: datetime) -> bytes:
    """The same, marked 下見, to see which words are still to be blacked. That it was looked at stands in the journal."""
    locked = _open(demand)
    if locked.party_id is None or not searches(locked.kind):
        raise Refused("どの方の記録かを確かめてから、下見してください。")
    made = _package(locked, wish, at, draft=True)
    record(
        "demand.previewed", subject_kind="party", subject_id=locked.party_id, by=by.pk, at=at, purpose=Purpose.DISCLOSURE,
        ground=ground_of(locked), detail={"demand": locked.pk, "pages": len(made.pages)},
    )  # fmt: skip
    return made.pdf


def _package(locked: Demand, wish: Wish, at: datetime, *, draft: bool = False) -> Package:
    known = dict(form_choices())
    forms = [code for code in dict.fromkeys(wish.forms) if code in known]
    if not forms:
        raise Refused("渡す帳票を、ひとつ以上選んでください。", field="forms")
    journal = None
    if locked.kind == DemandKind.COURT and not draft:
        seal()
        tail = head()
        journal = (tail.seq, tail.value) if tail else None
    made = package_of(locked, forms, wish.mask, wish.withheld, at=at, journal=journal, draft=draft)
    if not made.pages:
        raise Refused(
            "この方の支援のファイルがありません。相談の記録だけのときは、相談のページから写しを取ってください。"
        )
    wrong = [number for number in wish.withheld if number not in {one.number for one in made.pages}]
    if wrong:
        raise Refused(f"{wrong[0]}頁はありません。頁を確かめてください。", field="withheld")
    return made


def answer(demand: Demand, answered_on: date | None, *, how: str, by: Worker, at: datetime) -> None:
    """Write down that whoever asked was answered. Where nobody may learn whether anything is known it is never sooner than the day
    that is the same for every name."""
    locked = _open(demand)
    refuse_my_number(how, "渡し方", "how")
    if locked.state != DemandState.DECIDED:
        raise Refused("先に、決定を書いてください。")
    day = answered_on or day_of(at)
    first = answered_from(locked.kind, locked.answer, locked.came_on, codes.number("demand.same_day"))
    if day < first:
        raise Refused(
            f"このお返事は、{first:%Y-%m-%d}に出します。記録があってもなくても同じ日にするためです。",
            field="answered_on",
        )
    if day > day_of(at):
        raise Refused("まだ来ていない日です。", field="answered_on")
    if locked.answer in GIVES and not locked.packages.exists():
        raise Refused("先に、渡す写しを作ってください。何を渡したかが頁ごとに残ります。")
    Demand.objects.filter(pk=locked.pk).update(
        state=DemandState.ANSWERED,
        answered_on=day,
        answered_how=how.strip()[:120],
        settled_by=by,
        revision=F("revision") + 1,
    )
    kept(SUBJECT, locked.pk, by=by, at=at)
    _journal("demand.answered", locked, by, at, answer=locked.answer)


def withdraw(demand: Demand, words: str, *, by: Worker, at: datetime) -> None:
    """Whoever asked took it back. Nothing more is given; the row stays."""
    locked = _open(demand)
    refuse_my_number(words, "わけ", "words")
    if not words.strip():
        raise Refused("取り下げのわけを書いてください(例: 本人から電話で取り下げ)。", field="words")
    Demand.objects.filter(pk=locked.pk).update(
        state=DemandState.WITHDRAWN,
        withdrawn_words=words.strip()[:200],
        settled_by=by,
        revision=F("revision") + 1,
    )
    called_off(SUBJECT, locked.pk, "請求が取り下げられた", by=by, at=at)
    _journal("demand.withdrawn", locked, by, at)


def _open(demand: Demand) -> Demand:
    locked = Demand.objects.select_for_update().get(pk=demand.pk)
    if locked.state not in (DemandState.OPEN, DemandState.DECIDED):
        raise Refused("この請求は、もう終わっています。画面を開き直してください。")
    return locked


def _checked(written: Mapping[str, Any], today: date) -> dict[str, str]:
    values = {name: str(value or "").strip() for name, value in written.items() if name in LABELS}
    for name, value in values.items():
        refuse_my_number(value, LABELS[name], name)
    for name, sentence in (
        ("requester", "だれからの請求かを書いてください。"), ("about_name", "だれのことかを書いてください。"),
        ("wanted", "何を求めているかを、書かれた(言われた)とおりに書いてください。"),
    ):  # fmt: skip
        if name in values and not values[name]:
            raise Refused(sentence, field=name)
    for name, listed in (("identity", Identity), ("powers", Powers), ("child", ChildSays)):
        if name in values and not values[name]:
            del values[name]
        elif name in values and values[name] not in listed.values():
            raise Refused("選び直してください。", field=name)
    if values.get("asks_as") and codes.code_of("dead_requesters", values["asks_as"]) is None:
        raise Refused("選び直してください。", field="asks_as")
    try:
        read_fields(birth=values.get("about_birth", ""), on=today)
    except NotADate as wrong:
        raise Refused(str(wrong), field="about_birth") from None
    return values


def _journal(action: str, row: Demand, by: Worker, at: datetime, **detail: object) -> None:
    record(
        action,
        subject_kind=SUBJECT,
        subject_id=row.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.DISCLOSURE,
        detail=detail,
    )


__all__ = ["BY_AN_AGENT", "Piece", "Wish", "add_mask", "answer", "decide", "extend", "make_package", "match_demand", "name_record", "preview", "remove_mask", "take_demand", "withdraw", "write"]  # fmt: skip
