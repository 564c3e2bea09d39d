"""Powers are written, corrected, followed and ended; applications of the mayor go step by step."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import main_office_id, may_hold_in, office_ids
from tsunagi.codes import queries as codes
from tsunagi.holding.actions import Stale, keep_promise, pass_promise, promise, withdraw_promise
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.people.models import Person
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .access import PETITION, POWER
from .models import Petition, PetitionStep, Power, PowerVersion
from .queries import owner_offices
from .rules import (
    HowEnded,
    PetitionState,
    PowerKind,
    Stated,
    Step,
    StepState,
    check_done_on,
    check_next_look,
    check_power,
    check_step,
    check_step_day,
    cliff_day,
    end_of,
    next_step,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

STALE = "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"
MOVED_ON = "この申立ては、ほかの人が先に進めました。画面を開き直してください。"


@dataclass(frozen=True)
class PowerWish:
    """What is written of a power."""

    kind: str
    holder_id: int | None = None
    holder_office_id: int | None = None
    holder_name: str = ""
    holder_kind: str = ""
    reach_words: str = ""
    cares: bool = False
    keeps_money: bool = False
    agency_words: str = ""
    consent_words: str = ""
    from_on: date | None = None
    until_on: date | None = None
    court: str = ""
    case_number: str = ""
    aid: str = ""
    aid_words: str = ""
    source: str = ""
    source_on: date | None = None
    note: str = ""


_LABELS = {
    "holder_name": "名前",
    "reach_words": "連絡先",
    "agency_words": "代理権の範囲",
    "consent_words": "同意権・取消権",
    "court": "裁判所",
    "case_number": "事件番号",
    "aid_words": "報酬・助成",
    "note": "ひとこと",
}


def state_power(
    person: Person,
    wish: PowerWish,
    *,
    by: Worker,
    at: datetime,
    owner_id: int | None = None,
    follows: Power | None = None,
) -> Power:
    """Write down that somebody may act for this person. An end is promised for by `owner_id` (default: `by`).

    With `follows`, this is what comes after that power: the earlier one is settled with it. Raises Refused (`rules.check_power`,
    a 個人番号, an owner who may not hold).
    """
    values = _values(person, wish)
    office_id = _own_office(by)
    power = Power.objects.create(person=person, stated_at=at, stated_by=by, stated_for_id=office_id, **values)
    _promise_end(power, owner_id or by.pk, by=by, at=at)
    _journal("power.stated", POWER, power.pk, by, at, person=person.pk, kind=power.kind)
    if follows is not None:
        settle_end(follows, successor=power, revision=follows.revision, by=by, at=at)
    return power


def correct_power(
    power: Power, wish: PowerWish, *, revision: int, why: str = "", by: Worker, at: datetime
) -> Power:
    """Correct what is written; what it said before stays. Raises Stale when somebody was first."""
    locked = _locked_power(power, revision)
    refuse_my_number(why, "訂正のわけ", "why")
    values = _values(locked.person, wish)
    PowerVersion.objects.create(
        power=locked,
        revision=locked.revision,
        body={name: _plain(getattr(locked, name)) for name in values},
        why=why.strip()[:300],
        replaced_at=at,
        replaced_by=by,
    )
    moved = values["until_on"] != locked.until_on
    if moved:
        # Another end is another cliff: what was said of the earlier one no longer settles it.
        values |= {"settled_at": None, "settled_words": "", "successor_id": None}
    _write(locked, **values)
    if moved:
        _promise_end(locked, by.pk, by=by, at=at)
    _journal("power.corrected", POWER, locked.pk, by, at, revision=locked.revision)
    return locked


def settle_end(
    power: Power,
    *,
    revision: int,
    by: Worker,
    at: datetime,
    successor: Power | None = None,
    words: str = "",
) -> Power:
    """Say what comes after the end: another power, or why none is needed. The promise is kept with it."""
    locked = _locked_power(power, revision)
    refuse_my_number(words, "あとのこと", "words")
    if locked.until_on is None:
        raise Refused("終わりの日が書かれていません。先に「直す」で終わりの日を入れてください。")
    if successor is None and not words.strip():
        raise Refused(
            "次の人・次の契約を書くか、要らないわけをひとこと書いてください（例：更新した、本人が自分でできる）。",
            field="words",
        )
    if successor is not None and (successor.pk == locked.pk or successor.person_id != locked.person_id):
        raise Refused("次の権限には、同じ方の別の権限を選んでください。", field="successor")
    said = words.strip()[:300] or (f"次：{PowerKind(successor.kind).label}" if successor else "")
    _write(locked, settled_at=at, settled_words=said, successor_id=successor.pk if successor else None)
    for kept in _open_promises(POWER, locked.pk):
        keep_promise(kept, by=by, at=at)
    _journal("power.settled", POWER, locked.pk, by, at, successor=successor.pk if successor else None)
    return locked


def look_again(
    power: Power,
    due_on: date | None,
    *,
    owner_id: int | None = None,
    words: str = "",
    by: Worker,
    at: datetime,
) -> Promise:
    """Nothing is settled yet: look again on another day, or let another worker answer. Never later than the end."""
    locked = Power.objects.select_for_update().get(pk=power.pk)
    refuse_my_number(words, "わけ", "words")
    kept = next(iter(_open_promises(POWER, locked.pk)), None)
    if kept is None or locked.until_on is None:
        raise Refused("この権限の終わりは、もう決まっています。画面を開き直してください。")
    day = check_next_look(due_on, locked.until_on, today=day_of(at))
    owner = owner_id or kept.worker_id
    return pass_promise(
        kept, worker_id=owner, office_id=_office_of(owner, locked.person_id, by), due_on=day, by=by, at=at,
        reason=words.strip() or "次に確かめる日を決めた",
    )  # fmt: skip


def end_power(
    power: Power,
    *,
    how: str,
    ended_on: date | None,
    revision: int,
    words: str = "",
    by: Worker,
    at: datetime,
) -> Power:
    """Say that it is over, when and why. Nothing ends by a date passing."""
    locked = _locked_power(power, revision)
    refuse_my_number(words, "ひとこと", "words")
    if how not in HowEnded.values():
        raise Refused("終わったわけを選んでください。", field="how")
    day = ended_on or day_of(at)
    if day > day_of(at):
        raise Refused(
            "まだ来ていない日です。これから終わるときは「直す」で終わりの日に入れてください。",
            field="ended_on",
        )
    if locked.from_on and day < locked.from_on:
        raise Refused("始まりの日より前です。終わった日を確かめてください。", field="ended_on")
    _write(locked, ended_on=day, how_ended=how, ended_words=words.strip()[:300])
    for kept in _open_promises(POWER, locked.pk):
        withdraw_promise(kept, by=by, at=at, reason=f"権限が終わった（{HowEnded(how).label}）")
    _journal("power.ended", POWER, locked.pk, by, at, how=how)
    return locked


# -- 市長申立て ----------------------------------------------------------------------------------------------------------


def open_petition(
    person: Person,
    *,
    why: str,
    asked_by: str = "",
    asked_on: date | None = None,
    aimed: str = "",
    owner_id: int | None = None,
    due_on: date | None,
    by: Worker,
    at: datetime,
) -> Petition:
    """Begin an application: its first step is open, one worker answers for it by a day.

    Raises Refused without a reason or a day, with a day of the request still to come, or when one is under way.
    """
    for text, label, field in ((why, "申出のわけ", "why"), (asked_by, "申出をした人", "asked_by")):
        refuse_my_number(text, label, field)
    if not why.strip():
        raise Refused("申出のわけを、ひとことでも書いてください。", field="why")
    today = day_of(at)
    asked_on = asked_on or today
    if asked_on > today:
        raise Refused("まだ来ていない日です。申出のあった日を入れてください。", field="asked_on")
    due_on = check_step_day(due_on, today=today)
    if Petition.objects.filter(person=person, state=PetitionState.OPEN).exists():
        raise Refused("この方の市長申立ては、すでに進んでいます。画面を開き直してください。")
    owner = owner_id or by.pk
    office_id = _office_of(owner, person.pk, by)
    petition = Petition.objects.create(
        person=person, office_id=_own_office(by), aimed=aimed, asked_by=asked_by.strip()[:120], asked_on=asked_on,
        why=why.strip(), opened_at=at, opened_by=by,
    )  # fmt: skip
    PetitionStep.objects.create(petition=petition, step=Step.REQUEST, state=StepState.OPEN)
    _promise_step(petition, Step.REQUEST, owner, office_id, due_on, by=by, at=at)
    _journal("petition.opened", PETITION, petition.pk, by, at, person=person.pk)
    return petition


def finish_step(
    petition: Petition,
    step: str,
    *,
    skipped: bool = False,
    done_on: date | None = None,
    words: str = "",
    owner_id: int | None = None,
    due_on: date | None = None,
    power_id: int | None = None,
    revision: int,
    by: Worker,
    at: datetime,
) -> Petition:
    """The open step is done (or skipped, with a reason); the next one opens, with who answers for it and by when.

    After the last step the application is 引き継いだ, with the power that came of it where it is written.
    """
    locked, row, kept = _locked_petition(petition, revision)
    refuse_my_number(words, "わかったこと", "words")
    check_step(Step(row.step), Step(step))
    if skipped and not words.strip():
        raise Refused("省くわけを書いてください。", field="words")
    today = day_of(at)
    day = None if skipped else check_done_on(done_on, today=today, began=locked.asked_on)
    following = next_step(Step(step))
    if following is not None:
        due_on = check_step_day(due_on, today=today)
    PetitionStep.objects.filter(pk=row.pk).update(
        state=StepState.SKIPPED if skipped else StepState.DONE, done_on=day, words=words.strip(), settled_at=at,
        settled_by=by,
    )  # fmt: skip
    owner = owner_id or kept.worker_id
    keep_promise(kept, by=by, at=at)
    if following is None:
        _end_petition(locked, PetitionState.GRANTED, power_id=_power_of(locked, power_id), by=by, at=at)
    else:
        office_id = _office_of(owner, locked.person_id, by)
        PetitionStep.objects.create(petition=locked, step=following, state=StepState.OPEN)
        assert due_on is not None
        _promise_step(locked, following, owner, office_id, due_on, by=by, at=at)
        _write(locked)
    _journal("petition.step", PETITION, locked.pk, by, at, step=step, skipped=skipped)
    return locked


def move_step(
    petition: Petition,
    *,
    due_on: date | None,
    owner_id: int | None = None,
    words: str = "",
    revision: int,
    by: Worker,
    at: datetime,
) -> Promise:
    """Another day, or another worker, for the open step; with the reason."""
    locked, row, kept = _locked_petition(petition, revision)
    refuse_my_number(words, "わけ", "words")
    if not words.strip():
        raise Refused(
            "日や担当を替えるわけを、ひとこと書いてください（例：戸籍がまだ届かない）。", field="words"
        )
    day = check_step_day(due_on, today=day_of(at))
    owner = owner_id or kept.worker_id
    moved = pass_promise(
        kept, worker_id=owner, office_id=_office_of(owner, locked.person_id, by), due_on=day, by=by, at=at,
        reason=words.strip(),
    )  # fmt: skip
    _write(locked)
    _journal("petition.moved", PETITION, locked.pk, by, at, step=row.step, due=day.isoformat())
    return moved


def describe_petition(
    petition: Petition, *, revision: int, by: Worker, at: datetime, **said: str
) -> Petition:
    """Costs, aid, court and number as they become known: `fee_words, aid, aid_words, court, case_number, aimed`."""
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if locked.revision != revision:
        raise Stale(STALE)
    known = {"fee_words": 200, "aid": 12, "aid_words": 200, "court": 120, "case_number": 60, "aimed": 16}
    unknown = set(said) - set(known)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    for name, value in said.items():
        refuse_my_number(value, "ひとこと", name)
    _write(locked, **{name: value.strip()[: known[name]] for name, value in said.items()})
    _journal("petition.described", PETITION, locked.pk, by, at)
    return locked


def stop_petition(petition: Petition, *, words: str, revision: int, by: Worker, at: datetime) -> Petition:
    """Give the application up, with the reason (a relative files it, the person died, it is not needed)."""
    locked, row, kept = _locked_petition(petition, revision)
    refuse_my_number(words, "取りやめるわけ", "words")
    if not words.strip():
        raise Refused("取りやめるわけを書いてください（例：長女が申し立てることになった）。", field="words")
    withdraw_promise(kept, by=by, at=at, reason="申立てを取りやめた")
    PetitionStep.objects.filter(pk=row.pk).update(
        state=StepState.SKIPPED, words="申立てを取りやめた", settled_at=at, settled_by=by
    )
    _end_petition(locked, PetitionState.STOPPED, stopped_words=words.strip()[:300], by=by, at=at)
    _journal("petition.stopped", PETITION, locked.pk, by, at, step=row.step)
    return locked


# -- pieces --------------------------------------------------------------------------------------------------------------


def _values(person: Person, wish: PowerWish) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: getattr(wish, field.name) for field in fields(wish)}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = value.strip()
    for name, label in _LABELS.items():
        refuse_my_number(values[name], label, name)
    if wish.kind not in PowerKind.values():
        raise Refused("種類を選んでください。", field="kind")
    kind = PowerKind(wish.kind)
    values["until_on"] = end_of(kind, wish.until_on, person.birth_on)
    holders = sum(map(bool, (wish.holder_id, wish.holder_office_id, values["holder_name"])))
    check_power(
        Stated(kind, holders, wish.holder_id == person.pk, wish.from_on, values["until_on"], person.birth_on)
    )
    return values


def _promise_end(power: Power, owner_id: int, *, by: Worker, at: datetime) -> None:
    """One open promise for the end of a power that is still to be settled; none for any other."""
    kept = next(iter(_open_promises(POWER, power.pk)), None)
    if power.until_on is None or power.ended_on is not None or power.settled_at is not None:
        if kept is not None:
            withdraw_promise(kept, by=by, at=at, reason="終わりの日がなくなった")
        return
    due_on = cliff_day(power.until_on, today=day_of(at), months=codes.number("cliff.months"))
    if kept is not None:
        if kept.due_on != due_on:
            pass_promise(
                kept, worker_id=kept.worker_id, due_on=due_on, by=by, at=at, reason="終わりの日が変わった"
            )
        return
    promise(
        PromiseKind.CLIFF,
        f"{PowerKind(power.kind).label}が終わるあとのことを決める",
        subject_kind=POWER,
        subject_id=power.pk,
        party_id=power.person_id,
        office_id=_office_of(owner_id, power.person_id, by),
        worker_id=owner_id,
        due_on=due_on,
        by=by,
        at=at,
    )


def _promise_step(
    petition: Petition, step: Step, owner_id: int, office_id: int, due_on: date, *, by: Worker, at: datetime
) -> None:
    promise(
        PromiseKind.ROLE,
        f"市長申立て：{step.label}",
        subject_kind=PETITION,
        subject_id=petition.pk,
        party_id=petition.person_id,
        office_id=office_id,
        worker_id=owner_id,
        due_on=due_on,
        by=by,
        at=at,
    )


def _open_promises(subject: str, subject_id: int) -> list[Promise]:
    return list(
        Promise.objects.select_for_update()
        .filter(subject_kind=subject, subject_id=subject_id, is_open=True)
        .order_by("pk")
    )


def _locked_power(power: Power, revision: int) -> Power:
    locked = Power.objects.select_for_update(of=("self",)).select_related("person").get(pk=power.pk)
    if locked.revision != revision:
        raise Stale(STALE)
    if locked.ended_on is not None:
        raise Refused(
            "この権限は、すでに終わったと書かれています。新しく始まったときは、新しく書いてください。"
        )
    return locked


def _locked_petition(petition: Petition, revision: int) -> tuple[Petition, PetitionStep, Promise]:
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    row = PetitionStep.objects.select_for_update().filter(petition=locked, state=StepState.OPEN).first()
    kept = next(iter(_open_promises(PETITION, locked.pk)), None)
    if locked.state != PetitionState.OPEN or row is None or kept is None:
        raise Refused("この申立ては、すでに終わっています。画面を開き直してください。")
    if locked.revision != revision:
        raise Refused(MOVED_ON)
    return locked, row, kept


def _end_petition(locked: Petition, state: PetitionState, *, by: Worker, at: datetime, **more: Any) -> None:
    _write(locked, state=state, ended_at=at, ended_by_id=by.pk, **more)


def _power_of(petition: Petition, power_id: int | None) -> int | None:
    if power_id is None:
        return None
    if not Power.objects.filter(pk=power_id, person_id=petition.person_id).exists():
        raise Refused("引き継いだ後見人等には、この方の権限を選んでください。", field="power")
    return power_id


def _write(row: Power | Petition, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])


def _own_office(by: Worker) -> int:
    office_id = main_office_id(by)
    if office_id is None:
        raise Refused("いまの所属がありません。管理者に配属を登録してもらってください。")
    return office_id


def _office_of(owner_id: int, person_id: int, by: Worker) -> int:
    """The office for which this worker answers: one of ours, else one that supports the person."""
    for office_id in dict.fromkeys((*office_ids(by), *owner_offices(by, person_id))):
        if may_hold_in(owner_id, office_id):
            return office_id
    raise Refused(
        "この職員は選べません。同じ機関か、この方を支援している機関の職員を選んでください。", field="owner"
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _journal(action: str, subject: str, subject_id: int, by: Worker, at: datetime, **detail: object) -> None:
    record(action, subject_kind=subject, subject_id=subject_id, by=by.pk, at=at, detail=detail)
