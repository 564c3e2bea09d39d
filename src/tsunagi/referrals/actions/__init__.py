"""The closed loop (つなぎ): sent, seen, answered, first contact, result. The sender holds until the receiver accepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F

from tsunagi.accounts.models import Office
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import calendar_of, coordination_office, managers_of, may_hold_in, office_ids
from tsunagi.holding.actions import (
    ConsentBeside,
    consent_with_a_deed,
    keep_promises_of,
    perform,
    promise,
)
from tsunagi.holding.actions.chain import locked_concerns, locked_hold
from tsunagi.holding.actions.seconds import check_may_hold
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    DeclineReason,
    Deed,
    DeedWish,
    HoldKind,
    PromiseKind,
    Urgency,
    Who,
    check_acceptance,
    oral_yes_until,
)
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.models import Party
from tsunagi.people.queries import household_ids_of, members_of
from tsunagi.people.rules import REFERRAL_FACETS, PartyKind, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year
from tsunagi.sharing.actions import write_disclosure
from tsunagi.sharing.queries import consent_briefs, grounds_between_offices
from tsunagi.sharing.rules import CONSENT_GROUNDS, DisclosureSource

from ..events import ReferralAnswered
from ..models import Referral, ReferralConcern, ReferralMessage
from ..rules import (
    OPEN_STATES,
    PersonTold,
    ReferralDeed,
    ReferralResult,
    ReferralState,
    RowState,
    check_within_consent,
    next_state,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "referral"
HEAVIEST_FIRST = (Urgency.HIGH, Urgency.UNCLEAR, Urgency.MIDDLE, Urgency.LOW)


def send_referral(
    concern_ids: Sequence[int],
    *,
    to_office: Office,
    by: Worker,
    at: datetime,
    reason: str = "",
    wishes: str = "",
    troubles: Iterable[str] = (),
    household_words: str = "",
    how_introduced: str = "",
    person_told: str = "",
    person_told_words: str = "",
    ground: str = "",
    ground_why: str = "",
    decision: str = "",
    consent: ConsentBeside | None = None,
    checks_consent: bool = False,
    answer_due_on: date | None = None,
) -> Referral:
    """Send a つなぐシート with these concerns. Sending moves nothing: the sender holds, waiting for the answer (H4).

    The concerns belong to one person or household. `consent` is what the person answered, written in the same deed;
    `checks_consent` (the worker was asked): what rests on consent goes only where it was given; another ground than the
    proposed one says why. Raises Refused (a suspicion nobody was told of, one already sent).
    """
    for text, label in ((reason, "紹介する理由"), (wishes, "相談したいこと"), (household_words, "世帯構成")):
        refuse_my_number(text, label)
    concerns = locked_concerns(concern_ids)
    if not concerns:
        raise Refused("つなぐ課題をひとつ以上選んでください。", field="concerns")
    roots = {_root(concern.party_id) for concern in concerns}
    holds = [locked_hold(concern) for concern in concerns]
    from_office_id = holds[0].office_id
    if any(hold.office_id != from_office_id for hold in holds):
        raise Refused(
            "受け持っている機関の違う課題が混じっています。機関ごとに分けて送ってください。", field="concerns"
        )
    if to_office.pk == from_office_id:
        raise Refused(
            "つなぎ先には、ほかの機関を選んでください。同じ機関の人に替わるときは「担当を替える」を使います。",
            field="to_office",
        )
    if not to_office.is_active:
        raise Refused("この機関は、いまは閉じています。ほかの機関を選んでください。", field="to_office")
    party_id = concerns[0].party_id if len(roots) == 1 else _household_of(concerns)
    told = PersonTold(person_told) if person_told else ""
    if told == PersonTold.WITHOUT and not person_told_words.strip():
        raise Refused("本人に伝えずに行うわけを書いてください。", field="person_told_words")
    from_office = Office.objects.get(pk=from_office_id)
    if consent is not None:
        consent_with_a_deed(consent, office_id=from_office_id, by=by, at=at)
    within = checks_consent and _within_consent(concerns, to_office.pk, on=day_of(at))
    agreed = within if checks_consent else told == PersonTold.AGREED
    proposed = _proposed_ground(from_office, to_office, consent=agreed)
    given_ground = ground or proposed
    if checks_consent:
        _check_ground(given_ground, from_office, to_office, within=within)
    urgency = min((Urgency(concern.urgency) for concern in concerns), key=HEAVIEST_FIRST.index)
    wish = DeedWish(due_on=answer_due_on, reason="")
    # What くらし連携担当 coordinates goes back to a 主担当, once roles are agreed; everything else is simply sent on.
    decisions = [
        perform(
            Deed.HAND_BACK if hold.kind == HoldKind.COORDINATING else Deed.REFER,
            concern.pk,
            wish,
            by=by,
            at=at,
        )
        for concern, hold in zip(concerns, holds, strict=True)
    ]
    due_on = min(decision.due_on for decision in decisions if decision.due_on is not None)
    referral = Referral.objects.create(
        number=_next_number(day_of(at)),
        party_id=party_id,
        from_office_id=from_office_id,
        from_worker=by,
        to_office=to_office,
        reason=reason.strip(),
        wishes=wishes.strip(),
        troubles=list(troubles),
        household_words=household_words.strip(),
        how_introduced=how_introduced,
        person_told=told,
        person_told_words=person_told_words.strip()[:300],
        ground=given_ground,
        facets=list(REFERRAL_FACETS),
        urgency=urgency,
        sent_at=at,
        answer_due_on=due_on,
    )
    for concern in concerns:
        ReferralConcern.objects.create(referral=referral, concern=concern)
        _involve_both(referral, concern.party_id, at=at)
    # Given beyond the purpose: the ledger gets its row in the deed itself (69条; sharing.md).
    write_disclosure(
        giver_id=from_office_id,
        receiver_id=to_office.pk,
        person_id=party_id,
        facets=REFERRAL_FACETS,
        reason=reason or "つなぎ",
        ground=given_ground,
        proposed=proposed if checks_consent else "",
        ground_why=ground_why,
        decision=decision,
        source=DisclosureSource.REFERRAL,
        source_id=referral.pk,
        by=by,
        at=at,
    )
    record(
        "referral.sent",
        subject_kind=SUBJECT,
        subject_id=referral.pk,
        by=by.pk,
        at=at,
        detail={
            "from": from_office_id,
            "to": to_office.pk,
            "concerns": [concern.pk for concern in concerns],
            "ground": given_ground,
            "due": due_on.isoformat(),
        },
    )
    if to_office.signs_in and to_office.duty_worker_id:
        tell(
            {to_office.duty_worker_id, *managers_of(to_office.pk)},
            f"つなぎ {referral.number} が届きました。返事の期限があります。",
            f"/tsunagi/{referral.pk}/",
            kind="referral",
            at=at,
        )
    return referral


def note_seen(referral: Referral, *, by: Worker, at: datetime) -> None:
    """The receiver opened it for the first time."""
    if Referral.objects.filter(pk=referral.pk, seen_at__isnull=True).update(seen_at=at, seen_by=by):
        record("referral.opened", subject_kind=SUBJECT, subject_id=referral.pk, by=by.pk, at=at)


def consider(referral: Referral, *, until: date, by: Worker, at: datetime, words: str = "") -> None:
    """検討中: the receiver says by when they will answer. The sender holds, and sees the day."""
    locked = _locked(referral.pk, ReferralDeed.CONSIDER)
    if until < day_of(at):
        raise Refused("検討の期限には、今日か、これからの日を選んでください。", field="until")
    locked.state, locked.considering_until = ReferralState.CONSIDERING, until
    locked.revision += 1
    locked.save(update_fields=["state", "considering_until", "revision"])
    if words.strip():
        write_message(locked, words=words, by=by, at=at, office_id=locked.to_office_id, tell_other=False)
    record(
        "referral.considered",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"until": until.isoformat()},
    )
    _tell_sender(locked, f"つなぎ {locked.number} は検討中です。返事の予定日があります。", at=at)


def write_message(
    referral: Referral,
    *,
    words: str,
    by: Worker,
    at: datetime,
    office_id: int | None = None,
    tell_other: bool = True,
) -> ReferralMessage:
    """A word in the thread between the two offices (聞き返す・答える)."""
    if not words.strip():
        raise Refused("聞きたいこと、伝えたいことを書いてください。", field="words")
    refuse_my_number(words, "やりとり")
    mine = office_id or next(
        (pk for pk in office_ids(by) if pk in (referral.from_office_id, referral.to_office_id)), None
    )
    if mine is None:
        raise Refused("このつなぎの機関に、いまの所属がありません。")
    message = ReferralMessage.objects.create(
        referral=referral, office_id=mine, worker=by, words=words.strip(), at=at
    )
    record(
        "referral.message",
        subject_kind=SUBJECT,
        subject_id=referral.pk,
        by=by.pk,
        at=at,
        detail={"office": mine},
    )
    if tell_other:
        sentence = f"つなぎ {referral.number} に、やりとりが届きました。"
        if mine == referral.from_office_id:
            _tell_receiver(referral, sentence, at=at)
        else:
            _tell_sender(referral, sentence, at=at)
    return message


def confirm_oral(
    referral: Referral, *, who: str, by: Worker, at: datetime, said_on: date | None = None
) -> date:
    """口頭受諾: the sender heard a yes. The rows stay green for three open days; it moves nothing by itself (H4)."""
    locked = _locked(referral.pk, ReferralDeed.CONFIRM_ORAL)
    until = oral_yes_until(day_of(at), calendar_of(locked.from_office_id), city_settings())
    for row in _offered(locked):
        perform(
            Deed.CONFIRM_ORAL,
            row.concern_id,
            DeedWish(oral_by=who, oral_on=said_on or day_of(at)),
            by=by,
            at=at,
        )
    locked.oral_yes_at, locked.oral_yes_who = at, who.strip()[:100]
    locked.revision += 1
    locked.save(update_fields=["oral_yes_at", "oral_yes_who", "revision"])
    record("referral.oral_yes", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)
    _tell_receiver(
        locked, f"つなぎ {locked.number} の口頭受諾が記録されました。「受ける」を押すと確定します。", at=at
    )
    return until


def accept(
    referral: Referral,
    *,
    by: Worker,
    at: datetime,
    concern_ids: Iterable[int] | None = None,
    worker_id: int | None = None,
    kind: str = HoldKind.ASSESSING,
    due_on: date | None = None,
    words: str = "",
) -> Referral:
    """Accept all or some: the sender's hold ends and the receiver's opens in one transaction (H4).

    Without `worker_id` the office accepts by its duty worker and names the holder within two open days. Concerns
    not taken go back to the sender. Two who accept at once: the second is told it is already accepted.
    """
    refuse_my_number(words, "返事のことば")
    locked_concerns(_offered_ids(referral.pk))
    locked = _locked(referral.pk, ReferralDeed.ACCEPT)
    offered = _offered(locked)
    sent = [row.concern_id for row in offered]
    chosen = set(concern_ids) if concern_ids is not None else set(sent)
    left = check_acceptance(sent, chosen)
    to_office = Office.objects.get(pk=locked.to_office_id)
    holder = worker_id or to_office.duty_worker_id
    if not to_office.signs_in or holder is None or not may_hold_in(holder, to_office.pk):
        raise Refused("受け持つ職員には、この機関に今いる職員を選んでください。", field="worker")
    check_may_hold(holder, locked.party_id, field="worker")
    for row in offered:
        taken = row.concern_id in chosen
        _settle(row, RowState.ACCEPTED if taken else RowState.DECLINED)
        if taken:
            perform(
                Deed.ACCEPT,
                row.concern_id,
                DeedWish(
                    next_kind=HoldKind(kind),
                    due_on=due_on,
                    accepted=True,
                    holder_named=worker_id is not None,
                    reason=words,
                ),
                by=by,
                at=at,
                as_part=Who.RECEIVER,
                to_office=to_office.pk,
                to_worker=holder,
                **_by_consent(locked),
            )
            # An office fits after all: what くらし連携担当 was asked is answered.
            keep_promises_of("concern", row.concern_id, (PromiseKind.COORDINATION_REQUEST,), by=by, at=at)
        else:
            _return(locked, row.concern_id, DeclineReason.OTHER, words or "一部だけ受けた", by=by, at=at)
    locked.state = ReferralState.PARTLY if left else ReferralState.ACCEPTED
    _answered(locked, by=by, at=at, words=words)
    _promise_first_contact(locked, holder, by=by, at=at)
    _tell_sender(locked, f"つなぎ {locked.number} を、{to_office.label}が受けました。", at=at)
    return locked


def decline(referral: Referral, *, reason: str, by: Worker, at: datetime, words: str = "") -> Referral:
    """Decline with a reason: the concerns go back to the sender with a new day; 「合う制度がない」 leaves a gap and asks
    くらし連携担当 (H5)."""
    refuse_my_number(words, "ことば")
    locked_concerns(_offered_ids(referral.pk))
    locked = _locked(referral.pk, ReferralDeed.DECLINE)
    if not reason:
        raise Refused(
            "受けられないわけを選んでください。課題は送った機関に戻ります。", field="decline_reason"
        )
    why = DeclineReason(reason)
    for row in _offered(locked):
        _settle(row, RowState.DECLINED)
        _return(locked, row.concern_id, why, words, by=by, at=at)
    locked.state, locked.decline_reason = ReferralState.DECLINED, why
    _answered(locked, by=by, at=at, words=words)
    end_involvement(ReasonKind.REFERRAL, locked.pk, at=at)
    _tell_sender(
        locked, f"つなぎ {locked.number} は受けられないと返事がありました。次の手を決めてください。", at=at
    )
    return locked


def withdraw(
    referral: Referral, *, reason: str, by: Worker, at: datetime, as_part: Who | None = None
) -> Referral:
    """The sender takes it back before it is answered; the concerns go on as they were held before.

    `as_part`: where the person's own word takes it back, whoever writes that down.
    """
    refuse_my_number(reason, "取り下げるわけ")
    locked_concerns(_offered_ids(referral.pk))
    locked = _locked(referral.pk, ReferralDeed.WITHDRAW)
    if not reason.strip():
        raise Refused("取り下げるわけを書いてください。相手の機関に伝わります。", field="reason")
    for row in _offered(locked):
        _settle(row, RowState.WITHDRAWN)
        perform(Deed.WITHDRAW, row.concern_id, DeedWish(reason=reason), by=by, at=at, as_part=as_part)
    locked.state, locked.withdrawn_at, locked.withdrawn_words = (
        ReferralState.WITHDRAWN,
        at,
        reason.strip()[:300],
    )
    locked.revision += 1
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_words", "revision"])
    end_involvement(ReasonKind.REFERRAL, locked.pk, at=at)
    record("referral.withdrawn", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)
    _tell_receiver(locked, f"つなぎ {locked.number} は取り下げられました。", at=at)
    return locked


def record_outside_answer(
    referral: Referral,
    *,
    accepted: bool,
    by: Worker,
    at: datetime,
    who: str = "",
    words: str = "",
    reason: str = "",
    due_on: date | None = None,
) -> Referral:
    """What an office without an account answered, written by the sender: a yes turns the hold into 見届け, a no is a
    decline (H4, H5). Such an office never holds."""
    refuse_my_number(words, "聞いたこと")
    locked_concerns(_offered_ids(referral.pk))
    locked = _locked(referral.pk, ReferralDeed.ACCEPT if accepted else ReferralDeed.DECLINE)
    if locked.to_office.signs_in:
        raise Refused(
            "この機関はシステムで返事ができます。口頭で聞いた返事は「口頭で受けてもらった」に記録してください。"
        )
    if accepted and not who.strip():
        raise Refused("先方のどなたが受けると言ったかを書いてください。", field="who")
    if not accepted:
        return decline(locked, reason=reason, by=by, at=at, words=words)
    for row in _offered(locked):
        _settle(row, RowState.ACCEPTED)
        perform(Deed.FOLLOW_THROUGH, row.concern_id, DeedWish(due_on=due_on, reason=words), by=by, at=at)
    locked.state, locked.answered_who = ReferralState.ACCEPTED, who.strip()[:100]
    _answered(locked, by=by, at=at, words=words)
    return locked


def note_first_contact(referral: Referral, *, met_at: datetime, by: Worker, at: datetime) -> None:
    """The receiver (or, for an office outside, the sender) says that the person was met for the first time."""
    locked = _locked(referral.pk, ReferralDeed.FIRST_CONTACT)
    if locked.first_contact_at is not None:
        return
    if met_at > at:
        raise Refused("まだ来ていない時刻です。会えた日時を直してください。", field="met_at")
    locked.first_contact_at = met_at
    locked.revision += 1
    locked.save(update_fields=["first_contact_at", "revision"])
    keep_promises_of(SUBJECT, locked.pk, (PromiseKind.FIRST_CONTACT,), by=by, at=at)
    record("referral.first_contact", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)
    _tell_sender(locked, f"つなぎ {locked.number}: はじめて会えたと知らせがありました。", at=at)


def met_by_contact(concern_ids: Iterable[int], *, met_at: datetime, by: Worker, at: datetime) -> None:
    """The receiver wrote down a meeting (会えた) on a concern they accepted: the sender learns of the first contact."""
    waiting = Referral.objects.filter(
        rows__concern_id__in=list(concern_ids),
        rows__state=RowState.ACCEPTED,
        state__in=[ReferralState.ACCEPTED, ReferralState.PARTLY],
        first_contact_at__isnull=True,
        result="",
        answered_at__lte=met_at,
        to_office_id__in=office_ids(by),
    )
    for referral in waiting.order_by("pk").distinct():
        note_first_contact(referral, met_at=met_at, by=by, at=at)


def report_result(referral: Referral, *, result: str, by: Worker, at: datetime, words: str = "") -> None:
    """The receiver tells the sender what became of it; the sender's sight that rested on the referral ends."""
    locked = _locked(referral.pk, ReferralDeed.RESULT)
    refuse_my_number(words, "結果")
    locked.result, locked.result_at, locked.result_words = ReferralResult(result), at, words.strip()
    locked.revision += 1
    locked.save(update_fields=["result", "result_at", "result_words", "revision"])
    keep_promises_of(SUBJECT, locked.pk, (PromiseKind.FIRST_CONTACT,), by=by, at=at)
    if ReferralResult(result) is not ReferralResult.ONGOING:
        end_involvement(ReasonKind.REFERRAL, locked.pk, at=at)
    record(
        "referral.result",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"result": str(result)},
    )
    _tell_sender(locked, f"つなぎ {locked.number} の結果が届きました。", at=at)


def no_longer_offered(concern_id: int, *, at: datetime) -> None:
    """Take a concern that moved on by another deed out of the sheet that offers it; a sheet left empty is withdrawn.

    The rest of the sheet still waits. What a deed of this module settled already is left alone.
    """
    row = (
        ReferralConcern.objects.filter(concern_id=concern_id, state=RowState.OFFERED)
        .select_related("referral__to_office")
        .first()
    )
    if row is None:
        return
    _settle(row, RowState.WITHDRAWN)
    referral = row.referral
    if referral.rows.filter(state=RowState.OFFERED).exists() or referral.state not in OPEN_STATES:
        return
    taken = referral.rows.filter(state=RowState.ACCEPTED).exists()
    if not taken:
        Referral.objects.filter(pk=referral.pk).update(
            state=ReferralState.WITHDRAWN,
            withdrawn_at=at,
            withdrawn_words="課題が別の形で動いたため",
            revision=F("revision") + 1,
        )
        end_involvement(ReasonKind.REFERRAL, referral.pk, at=at)
    record("referral.withdrawn", subject_kind=SUBJECT, subject_id=referral.pk, by=None, at=at)
    _tell_receiver(referral, f"つなぎ {referral.number} は取り下げられました。返事は要りません。", at=at)


def leave_what_consent_let(
    person_id: int, office_ids: Iterable[int], facets: Iterable[str], *, by: Worker, at: datetime
) -> None:
    """The person took their consent back: what waits for an answer there is withdrawn, what was accepted is read no more.

    With `facets` the offices may still be told those: their sight narrows, and the sheet goes on.
    """
    left = set(facets)
    rows = (
        Referral.objects.filter(
            ground__in=CONSENT_GROUNDS, to_office_id__in=list(office_ids), party_id__in=_files_of(person_id)
        )
        .select_related("to_office")
        .order_by("pk")
    )
    for row in rows:
        if left:
            _narrow_sight(row, left, at=at)
        elif row.state in OPEN_STATES:
            withdraw(row, reason="本人が同意を取り消したため", by=by, at=at, as_part=Who.HOLDER)
        else:
            end_involvement(ReasonKind.REFERRAL, row.pk, row.to_office_id, at=at)


def _files_of(person_id: int) -> list[int]:
    return [person_id, *household_ids_of(person_id)]


def _narrow_sight(row: Referral, left: set[str], *, at: datetime) -> None:
    kept = [facet for facet in row.facets if facet in left]
    if (
        kept
        and row.to_office.signs_in
        and end_involvement(ReasonKind.REFERRAL, row.pk, row.to_office_id, at=at)
    ):
        involve(
            row.party_id,
            row.to_office_id,
            ground=row.ground,
            facets=kept,
            reason_kind=ReasonKind.REFERRAL,
            reason_id=row.pk,
            at=at,
        )


def held_by_the_receiver(concern_id: int, *, office_id: int, worker_id: int, at: datetime) -> None:
    """The office that was asked came to hold the row by another way: the sheet is withdrawn, and it holds as before."""
    asked = ReferralConcern.objects.filter(
        concern_id=concern_id, state=RowState.OFFERED, referral__to_office_id=office_id
    ).exists()
    if asked:
        holder = WorkerModel.objects.get(pk=worker_id)
        perform(Deed.WITHDRAW, concern_id, DeedWish(reason="送った機関の受け持ちが移った"), by=holder, at=at)


# -- pieces -----------------------------------------------------------------------------------------------------------


def _proposed_ground(giver: Office, receiver: Office, *, consent: bool) -> str:
    offers = grounds_between_offices(giver, receiver, consent=consent)
    if not offers:
        raise Refused(
            "この機関に渡せる根拠が見つかりません。本人の同意を得てから送ってください。", field="person_told"
        )
    return offers[0].ground.code


def _check_ground(ground: str, giver: Office, receiver: Office, *, within: bool) -> None:
    offers = grounds_between_offices(giver, receiver, consent=within)
    if ground not in {offer.ground.code for offer in offers}:
        raise Refused("この機関に渡すときには使えない根拠です。選び直してください。", field="ground")
    check_within_consent(ground, within=within, consent_grounds=CONSENT_GROUNDS)


def _within_consent(concerns: Sequence[Concern], office_id: int, *, on: date) -> bool:
    """Whether everybody whose concerns these are consented to this office; of a household: somebody of it did."""
    for concern in concerns:
        kind = PartyKind(concern.party.kind)
        whose = members_of(concern.party_id) if kind == PartyKind.HOUSEHOLD else [concern.party_id]
        briefs = consent_briefs(whose, on=on) if kind != PartyKind.UNKNOWN else {}
        if not any(office_id in brief.offices for brief in briefs.values()):
            return False
    return True


def _locked(referral_id: int, deed: ReferralDeed) -> Referral:
    locked = Referral.objects.select_for_update(of=("self",)).select_related("to_office").get(pk=referral_id)
    next_state(locked.state, deed)
    return locked


def _offered_ids(referral_id: int) -> list[int]:
    return list(
        ReferralConcern.objects.filter(referral_id=referral_id, state=RowState.OFFERED)
        .order_by("concern_id")
        .values_list("concern_id", flat=True)
    )


def _settle(row: ReferralConcern, state: RowState) -> None:
    """Before the deed on the concern, so that its announcement finds nothing offered any more."""
    row.state = state
    row.save(update_fields=["state"])


def _offered(referral: Referral) -> list[ReferralConcern]:
    return list(referral.rows.filter(state=RowState.OFFERED).order_by("concern_id"))


def _return(
    referral: Referral, concern_id: int, reason: DeclineReason, words: str, *, by: Worker, at: datetime
) -> None:
    """Back to the sender. What くらし連携担当 was asked to take cannot come back through a referral either (H5)."""
    coordination = coordination_office()
    asked = (
        coordination is not None
        and coordination.pk == referral.to_office_id
        and Promise.objects.filter(
            kind=PromiseKind.COORDINATION_REQUEST,
            subject_kind="concern",
            subject_id=concern_id,
            is_open=True,
        ).exists()
    )
    perform(
        Deed.DECLINE,
        concern_id,
        DeedWish(decline_reason=reason, reason=words),
        by=by,
        at=at,
        as_part=Who.RECEIVER,
        known={"to_coordinator_by_request": asked},
    )


def _answered(locked: Referral, *, by: Worker, at: datetime, words: str) -> None:
    locked.answered_at, locked.answered_by, locked.answer_words = at, by, words.strip()
    locked.revision += 1
    locked.save(
        update_fields=[
            "state",
            "decline_reason",
            "answered_at",
            "answered_by",
            "answered_who",
            "answer_words",
            "revision",
        ]
    )
    record(
        f"referral.{locked.state}",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"reason": locked.decline_reason},
    )
    announce(ReferralAnswered(referral_id=locked.pk, state=str(locked.state), at=at))


def _promise_first_contact(locked: Referral, holder: int, *, by: Worker, at: datetime) -> None:
    calendar = calendar_of(locked.to_office_id)
    promise(
        PromiseKind.FIRST_CONTACT,
        f"つなぎ {locked.number}: はじめて会う",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        party_id=locked.party_id,
        office_id=locked.to_office_id,
        worker_id=holder,
        due_on=calendar.add(day_of(at), city_settings().first_contact.count),
        urgency=locked.urgency or Urgency.LOW,
        by=by,
        at=at,
        **_by_consent(locked),
    )


def _by_consent(referral: Referral) -> dict[str, Any]:
    """Where it was passed on by the person's consent, what the receiver holds and promises rests on that consent."""
    return {"ground": referral.ground} if referral.ground in CONSENT_GROUNDS else {}


def _involve_both(referral: Referral, party_id: int, *, at: datetime) -> None:
    offices: dict[int, Any] = {referral.from_office_id: REFERRAL_FACETS}
    if referral.to_office.signs_in:
        offices[referral.to_office_id] = referral.facets
    for office_id, facets in offices.items():
        involve(
            party_id,
            office_id,
            ground=referral.ground if office_id == referral.to_office_id else "01",
            facets=facets,
            reason_kind=ReasonKind.REFERRAL,
            reason_id=referral.pk,
            at=at,
        )


def _tell_sender(referral: Referral, sentence: str, *, at: datetime) -> None:
    holders = Hold.objects.filter(
        concern__in=referral.rows.values("concern_id"),
        office_id=referral.from_office_id,
        closed_at__isnull=True,
    ).values_list("worker_id", flat=True)
    tell({referral.from_worker_id, *holders}, sentence, f"/tsunagi/{referral.pk}/", kind="referral", at=at)


def _tell_receiver(referral: Referral, sentence: str, *, at: datetime) -> None:
    if not referral.to_office.signs_in:
        return
    holders = Hold.objects.filter(
        concern__in=referral.rows.values("concern_id"),
        office_id=referral.to_office_id,
        closed_at__isnull=True,
    ).values_list("worker_id", flat=True)
    duty = referral.to_office.duty_worker_id
    tell({*holders, *([duty] if duty else [])}, sentence, f"/tsunagi/{referral.pk}/", kind="referral", at=at)


def _root(party_id: int) -> int:
    party = Party.objects.get(pk=party_id)
    return party.stands_for.pk


def _household_of(concerns: list[Concern]) -> int:
    """Concerns of several members of one household go on one sheet, in the household's name."""
    homes = [
        {concern.party_id} if concern.party.kind == "household" else set(household_ids_of(concern.party_id))
        for concern in concerns
    ]
    shared = set.intersection(*homes)
    if shared:
        return min(shared)
    raise Refused(
        "別々の方の課題が混じっています。おひとりずつ、または世帯の課題として送ってください。",
        field="concerns",
    )


def _next_number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referral_number')")
        (count,) = cursor.fetchone()
    return f"つ{fiscal_year(on) - 2018}-{count:05d}"


__all__ = [
    "accept",
    "confirm_oral",
    "consider",
    "decline",
    "held_by_the_receiver",
    "leave_what_consent_let",
    "met_by_contact",
    "no_longer_offered",
    "note_first_contact",
    "note_seen",
    "record_outside_answer",
    "report_result",
    "send_referral",
    "withdraw",
    "write_message",
]
