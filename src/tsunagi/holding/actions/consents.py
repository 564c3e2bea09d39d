"""Consent where both ends are seen: what a person agreed to, and the holds and promises that rest on it (decision 0045).

A withdrawal acts at once. In the same deed each hold that rests on it goes back to the last office that held it with
ground 01 (the default), or stays on another ground, with the reason. Promises of that office about the person go the same
way. The net stays at zero: no concern is unheld for an instant (H1), whoever holds can see (H17).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import calendar_of, is_away_for_long, may_hold_in, someone_in
from tsunagi.holding.events import HandingOverEnded, HoldPassed
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.queries.consents import (
    grounds_to_keep_on,
    holds_resting_on,
    last_office_on_its_own,
    promises_resting_on,
)
from tsunagi.holding.rules import Deed, HoldKind, PromiseKind
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.rules import SUPPORTING_FACETS, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.events import ConsentWithdrawn
from tsunagi.sharing.models import Consent, ConsentOffice, PaperAskedBack
from tsunagi.sharing.queries import may_be_told
from tsunagi.sharing.rules import ConsentState, ConsentWish, EndKind, Giving, check_giving

from .chain import facets_on, locked_concerns, succeed
from .promises import keep_promises_of, pass_promise, promise, withdraw_promise
from .seconds import somebody_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

ASK_AGAIN, LAST_DAY, OF_AGE, TELL, PAPER = (
    "consent", "consent_day", "consent_age", "consent_office", "consent_paper",
)  # fmt: skip
STOP = "本人が同意を取り消しました。新しく読むこと・伝えることを止め、渡した紙のことを知らせてください。"
DAYS_BEFORE = 10
"""Open days before an end day the person asked for on which the holder is to have dealt with it."""
DAYS_TO_TELL = 5
DAYS_FOR_PAPER = 10
MONTHS_BEFORE_OF_AGE = 6


@dataclass(frozen=True)
class Keep:
    """A hold stays with its office, on another ground, for this reason. `decision`: 決裁 where the ground asks for one."""

    ground: str
    reason: str
    decision: str = ""
    second_id: int | None = None


def give_consent(person_id: int, wish: ConsentWish, *, office_id: int, by: Worker, at: datetime) -> Consent:
    """Record what the person answered, and promise what follows from it: to ask again (同意困難), the person's own last
    day, the eighteenth birthday. Earlier promises to ask again are kept by this."""
    before = list(
        Consent.objects.filter(person_id=person_id, ended_at__isnull=True)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    row = sharing.record_consent(person_id, wish, office_id=office_id, by=by, at=at)
    for number in before:
        keep_promises_of(ASK_AGAIN, number, (PromiseKind.CONSENT,), by=by, at=at)
    if row.state == ConsentState.UNABLE and row.ask_again_on:
        _promise(
            PromiseKind.CONSENT,
            "同意を、もう一度聞く",
            ASK_AGAIN,
            row.pk,
            row,
            row.ask_again_on,
            by=by,
            at=at,
        )
    promise_ends_ahead(row, at=at)
    return row


@dataclass(frozen=True)
class ConsentBeside:
    """What a person answered beside another deed: a whole answer, or one more office under a standard consent that stands.

    `told_on`: when the person was told of the office that is added; None promises it.
    """

    person_id: int
    wish: ConsentWish | None = None
    add_to: int | None = None
    add_office_id: int | None = None
    told_on: date | None = None


def consent_with_a_deed(beside: ConsentBeside, *, office_id: int, by: Worker, at: datetime) -> None:
    """Write the consent that was ticked in another deed's form. Refused names the field of the tick (`sharing.fields`)."""
    try:
        if beside.wish is not None:
            give_consent(beside.person_id, beside.wish, office_id=office_id, by=by, at=at)
        elif beside.add_to is not None and beside.add_office_id is not None:
            row = Consent.objects.get(pk=beside.add_to)
            if beside.add_office_id not in _living(row):
                add_to_consent(row, beside.add_office_id, why="つなぎ", told_on=beside.told_on, by=by, at=at)
    except Refused as refusal:
        field = refusal.field or ""
        name = {"": "consent", "state": "consent", "office": "consent", "told_on": "consent"}.get(field)
        raise Refused(refusal.sentence, field=name or f"consent_{field}") from refusal


def promise_ends_ahead(row: Consent, *, at: datetime) -> int:
    """A cliff for each day that ends a consent and lies near enough. Made once; also by a job each night."""
    if row.ended_at is not None:
        return 0
    on, made = day_of(at), 0
    if row.until_on is not None and not _promised(LAST_DAY, row.pk):
        due = max(calendar_of(row.office_id).add(row.until_on, -DAYS_BEFORE), on)
        what = "本人が決めた日に同意が終わる：続けるかを聞き、引き継ぎを決める"
        made += _promise(PromiseKind.CLIFF, what, LAST_DAY, row.pk, row, due, by=None, at=at)
    near = row.of_age_on is not None and row.of_age_on - timedelta(days=MONTHS_BEFORE_OF_AGE * 31) <= on
    if near and row.of_age_on is not None and not _promised(OF_AGE, row.pk):
        due = max(row.of_age_on - timedelta(days=1), on)
        what = "18歳になり親権者の同意が終わる：本人の同意を聞く"
        made += _promise(PromiseKind.CLIFF, what, OF_AGE, row.pk, row, due, by=None, at=at)
    return made


def look_ahead(*, at: datetime) -> int:
    """The nightly look: consents that end within sight, each once. Returns how many promises were made."""
    until = day_of(at) + timedelta(days=MONTHS_BEFORE_OF_AGE * 31)
    rows = Consent.objects.filter(ended_at__isnull=True).filter(
        of_age_on__lte=until
    ) | Consent.objects.filter(ended_at__isnull=True, until_on__isnull=False)
    return sum(promise_ends_ahead(row, at=at) for row in rows.order_by("pk"))


def add_to_consent(
    consent: Consent, office_id: int, *, why: str, told_on: date | None, by: Worker, at: datetime
) -> ConsentOffice:
    """Add an office under the standard preset; where the person was not told yet, that is promised."""
    row = sharing.add_office(consent, office_id, why=why, told_on=told_on, by=by, at=at)
    if told_on is None:
        due = calendar_of(consent.office_id).add(day_of(at), DAYS_TO_TELL)
        _promise(
            PromiseKind.CONSENT, "増えた機関のことを、本人に伝える", TELL, row.pk, consent, due, by=by, at=at
        )
    return row


def note_person_told(row: ConsentOffice, *, told_on: date, by: Worker, at: datetime) -> None:
    """The person was told of the office that was added."""
    sharing.note_told(row, told_on=told_on, by=by, at=at)
    keep_promises_of(TELL, row.pk, (PromiseKind.CONSENT,), by=by, at=at)


def withdraw_consent(
    consent: Consent,
    *,
    by: Worker,
    at: datetime,
    words: str = "",
    office_ids: Sequence[int] | None = None,
    facets: Iterable[str] = (),
    keep: Mapping[int, Keep] | None = None,
    revision: int | None = None,
) -> Consent | None:
    """End it for all, some offices or some facets. `keep`: hold → the other ground it stays on; every other goes back.

    Returns what stands afterwards, or None. Raises Stale, or Refused with what a kept hold still needs.
    """
    # Locks in the one order: concerns first, then what the person said.
    ids = list(office_ids) if office_ids is not None else _living(consent)
    resting = {hold.pk: hold for hold in holds_resting_on(consent.person_id, consent.office_id, ids)}
    locked_concerns([hold.concern_id for hold in resting.values()])
    for hold_id, wish in (keep or {}).items():
        hold = resting.get(hold_id)
        if hold is None:
            raise Refused("選んだ受け持ちは、もう動いています。画面を開き直してください。")
        if not tuple(facets):
            _keep_on(hold, consent, wish, by=by, at=at)
    return sharing.withdraw_consent(
        consent, by=by, at=at, words=words, office_ids=office_ids, facets=facets, revision=revision
    )


def record_paper(row: PaperAskedBack, *, answer: str, words: str, by: Worker, at: datetime) -> None:
    """What became of the paper that was asked back."""
    sharing.answer_paper(row, answer=answer, words=words, by=by, at=at)
    keep_promises_of(PAPER, row.pk, (PromiseKind.CONSENT,), by=by, at=at)


def follow_the_withdrawal(event: ConsentWithdrawn) -> None:
    """What rests on the consent that ended: holds and promises go back, offices are told to stop, paper is asked back."""
    consent = Consent.objects.get(pk=event.consent_id)
    by = WorkerModel.objects.get(pk=event.by_id) if event.by_id else None
    if event.how == EndKind.DIED:
        # Concerns of the dead end by their own deed; nothing is asked back.
        _settle_promises(consent, event.office_ids, by=by, at=event.at)
        return
    for office_id in event.office_ids:
        left = may_be_told(event.person_id, office_id, on=day_of(event.at))
        if left:
            _narrow(event.person_id, consent.office_id, office_id, at=event.at)
        else:
            _take_back_all(consent, office_id, by=by, at=event.at)
    _settle_promises(consent, event.office_ids, by=by, at=event.at)
    for paper in consent.papers_back.filter(answered_at__isnull=True, asked_at=event.at).order_by("pk"):
        due = calendar_of(consent.office_id).add(day_of(event.at), DAYS_FOR_PAPER)
        what = "渡した紙を返してもらい、返事を記録する"
        _promise(PromiseKind.CONSENT, what, PAPER, paper.pk, consent, due, by=by, at=event.at)
        duty = Office.objects.filter(pk=paper.office_id, signs_in=True).values_list(
            "duty_worker_id", flat=True
        )
        link = f"/concerns/consents/papers/{paper.pk}/"
        tell([who for who in duty if who], STOP, link, kind="consent", at=event.at)


def _take_back_all(consent: Consent, office_id: int, *, by: Worker | None, at: datetime) -> None:
    for hold in holds_resting_on(consent.person_id, consent.office_id, [office_id]):
        _take_back(hold, consent, by=by, at=at)
    for row in promises_resting_on(consent.person_id, consent.office_id, office_id):
        if row.kind == PromiseKind.FIRST_CONTACT:
            withdraw_promise(row, by=by, at=at, reason="本人が同意を取り消したため")
            continue
        who = _who_takes(None, consent, on=day_of(at))
        pass_promise(
            row, worker_id=who[0], office_id=who[1], by=by, at=at, reason="本人が同意を取り消したため"
        )


def _take_back(hold: Hold, consent: Consent, *, by: Worker | None, at: datetime) -> None:
    on = day_of(at)
    worker_id, office_id = _who_takes(hold, consent, on=on)
    handing = hold.kind == HoldKind.HANDING_OVER
    # As the table says of TAKE_BACK: 見立て again, and the due day travels, as far as 見立て reaches.
    longest = city_settings().rule_for(HoldKind.ASSESSING).horizon.count
    due = min(hold.due_on, calendar_of(office_id).add(on, longest))
    moved = succeed(
        hold,
        deed=Deed.TAKE_BACK,
        by=by,
        at=at,
        kind=hold.kind if hold.look_back else HoldKind.ASSESSING,
        office_id=office_id,
        worker_id=worker_id,
        due_on=due,
        ground="01",
        reason="本人が同意を取り消したため、受け持ちを戻した",
        look_back=hold.look_back,
        handed_note="本人が前の機関への同意を取り消しました。伝えてよいことを、本人に確かめてください。",
    )
    if handing:
        announce(HandingOverEnded(concern_id=hold.concern_id, deed=str(Deed.TAKE_BACK), at=at))
    announce(
        HoldPassed(hold.concern_id, hold.worker_id, moved.worker_id, hold.office_id, moved.office_id, at)
    )
    tell(
        [worker_id],
        "本人が同意を取り消したため、受け持ちが戻りました。",
        f"/concerns/{hold.concern_id}/",
        kind="consent",
        at=at,
    )


def _who_takes(hold: Hold | None, consent: Consent, *, on: date) -> tuple[int, int]:
    """Who takes it back: the last who held it in an office with ground 01, somebody there, the office that asked, else
    くらし連携担当."""
    before = last_office_on_its_own(hold, consent.office_id) if hold is not None else None
    wishes = [before] if before else []
    wishes.append((consent.asked_by_id, consent.office_id))
    for worker_id, office_id in wishes:
        if may_hold_in(worker_id, office_id) and not is_away_for_long(worker_id, on):
            return worker_id, office_id
        found = someone_in(office_id, besides=[], on=on)
        if found is not None:
            return found, office_id
    who = somebody_for(consent.office_id, besides=0, party_id=consent.person_id, on=on)
    if who is None:
        raise Refused("受け持ちを戻せる職員がいません。くらし連携担当か管理者に相談してください。")
    return who


def _keep_on(hold: Hold, consent: Consent, wish: Keep, *, by: Worker, at: datetime) -> None:
    refuse_my_number(wish.reason, "続けるわけ", "reason")
    giver = last_office_on_its_own(hold, consent.office_id)
    offers = grounds_to_keep_on(giver[1] if giver else consent.office_id, hold.office_id, on=day_of(at))
    if wish.ground not in {offer.ground.code for offer in offers}:
        raise Refused(
            "この機関では使えない根拠です。示された根拠から選んでください。", field=f"ground_{hold.pk}"
        )
    if not wish.reason.strip():
        raise Refused("同意がなくても受け持ちを続けるわけを書いてください。", field=f"reason_{hold.pk}")
    check_giving(
        Giving(
            ground=wish.ground,
            proposed="",
            why=wish.reason,
            decision=wish.decision,
            second_id=wish.second_id,
            by_id=by.pk,
        )
    )
    end_involvement(ReasonKind.CONCERN, hold.concern_id, hold.office_id, at=at, by=by.pk)
    involve(
        hold.concern.party_id,
        hold.office_id,
        ground=wish.ground,
        facets=SUPPORTING_FACETS,
        reason_kind=ReasonKind.CONCERN,
        reason_id=hold.concern_id,
        at=at,
        by=by.pk,
    )
    sharing.write_disclosure(
        giver_id=giver[1] if giver else consent.office_id,
        receiver_id=hold.office_id,
        person_id=consent.person_id,
        facets=SUPPORTING_FACETS,
        reason=wish.reason,
        ground=wish.ground,
        decision=wish.decision,
        source="consent",
        source_id=consent.pk,
        by=by,
        at=at,
    )
    record(
        "hold.kept_on_another_ground",
        subject_kind="hold",
        subject_id=hold.pk,
        by=by.pk,
        at=at,
        ground=wish.ground,
        detail={"concern": hold.concern_id, "consent": consent.pk, "second": wish.second_id},
    )


def _narrow(person_id: int, asking_office: int, office_id: int, *, at: datetime) -> None:
    """Fewer facets: what is held on consent shows no more than what is left."""
    for hold in holds_resting_on(person_id, asking_office, [office_id]):
        ground = "02"
        for row in _involvements(hold):
            ground = row
        end_involvement(ReasonKind.CONCERN, hold.concern_id, office_id, at=at)
        involve(
            hold.concern.party_id,
            office_id,
            ground=ground,
            facets=facets_on(ground, person_id, office_id, at=at),
            reason_kind=ReasonKind.CONCERN,
            reason_id=hold.concern_id,
            at=at,
        )


def _involvements(hold: Hold) -> list[str]:
    from .chain import ground_of_hold

    return [ground_of_hold(hold)]


def _settle_promises(consent: Consent, office_ids: Iterable[int], *, by: Worker | None, at: datetime) -> None:
    """What was promised about a consent, or about an office, that is over now."""
    reason = "同意が終わったため"
    if consent.ended_at is not None:
        for subject in (LAST_DAY, OF_AGE, ASK_AGAIN):
            for row in Promise.objects.filter(
                subject_kind=subject, subject_id=consent.pk, is_open=True
            ).order_by("pk"):
                withdraw_promise(row, by=by, at=at, reason=reason)
    gone = ConsentOffice.objects.filter(
        consent=consent, office_id__in=list(office_ids), ended_at__isnull=False
    )
    for row in Promise.objects.filter(
        subject_kind=TELL, subject_id__in=gone.values("pk"), is_open=True
    ).order_by("pk"):
        withdraw_promise(row, by=by, at=at, reason=reason)


def _living(consent: Consent) -> list[int]:
    return list(
        consent.offices.filter(ended_at__isnull=True)
        .order_by("office_id")
        .values_list("office_id", flat=True)
    )


def _promised(subject: str, number: int) -> bool:
    return Promise.objects.filter(subject_kind=subject, subject_id=number).exists()


def _promise(
    kind: PromiseKind,
    what: str,
    subject: str,
    number: int,
    consent: Consent,
    due_on: date,
    *,
    by: Worker | None,
    at: datetime,
) -> int:
    """A promise of whoever asked for the consent, else of somebody in their office; how many were made (0 or 1)."""
    who = _who_takes(None, consent, on=day_of(at))
    promise(
        kind,
        what,
        subject_kind=subject,
        subject_id=number,
        party_id=consent.person_id,
        office_id=who[1],
        worker_id=who[0],
        due_on=due_on,
        by=by,
        at=at,
    )
    return 1
