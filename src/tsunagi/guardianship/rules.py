"""Powers to act for a person, when they end, and the steps of a 市長申立て. Pure.

Sources: 民法 5, 7-18, 818-843, 849-876条の10; 任意後見契約に関する法律 2-4条; 老人福祉法32条, 知的障害者福祉法28条,
精神保健福祉法51条の11の2 (市町村長の申立て); 社会福祉法2条3項12号 (日常生活自立支援事業).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

NO_MEDICAL_CONSENT = "成年の方の後見人等に、手術などの医療行為に同意する権限はありません。本人の意思と、家族・医療者との話し合いで決めます。"
"""民法858条 and the practice of the courts: no guardian of an adult consents to an operation."""

ACT_NOW_DAYS = 14
"""Days given to name a successor when an end is learned of late."""

FURTHEST_STEP = 366
"""Days ahead the day of a step may lie; what is typed further away is a slip of the year."""


class PowerKind(Labelled):
    """By what right somebody acts for a person."""

    GUARDIANSHIP = "guardianship", "成年後見"
    CURATORSHIP = "curatorship", "保佐"
    ASSISTANCE = "assistance", "補助"
    CONTRACTED = "contracted", "任意後見（契約・まだ始まっていない）"
    VOLUNTARY = "voluntary", "任意後見（始まっている）"
    DAILY_SUPPORT = "daily_support", "日常生活自立支援事業"
    PARENTAL = "parental", "親権"
    MINOR = "minor", "未成年後見"
    MANDATE = "mandate", "委任（任意代理）"


class Acts(Labelled):
    """How far a power lets somebody sign and receive for the person."""

    FULL = "full", "本人に代わって署名・受領ができます"
    WITHIN = "within", "決められた範囲だけ、代わって署名・受領ができます"
    NONE = "none", "まだ代わって署名・受領はできません"


class Aid(Labelled):
    """報酬助成: whether the city helps to pay the guardian."""

    UNASKED = "", "まだ聞いていない"
    NOT_NEEDED = "not_needed", "要らない（本人の財産から）"
    ASKED = "asked", "申請中"
    GRANTED = "granted", "決まっている"
    REFUSED = "refused", "対象外"


class HowEnded(Labelled):
    """Why a power is over. None of them happens by the calendar: somebody says so."""

    EXPIRED = "expired", "期間が終わった"
    SUCCEEDED = "succeeded", "次の人・次の契約に替わった"
    CANCELLED = "cancelled", "審判の取消し・契約の解約"
    RESIGNED = "resigned", "辞任・解任"
    CAME_OF_AGE = "came_of_age", "本人が成年になった"
    GUARDIAN_DIED = "guardian_died", "後見人等が亡くなった"
    PERSON_DIED = "person_died", "本人が亡くなった"
    MISTAKE = "mistake", "記録の誤り"


_ACTS = {
    PowerKind.GUARDIANSHIP: Acts.FULL,
    PowerKind.PARENTAL: Acts.FULL,
    PowerKind.MINOR: Acts.FULL,
    PowerKind.CURATORSHIP: Acts.WITHIN,
    PowerKind.ASSISTANCE: Acts.WITHIN,
    PowerKind.VOLUNTARY: Acts.WITHIN,
    PowerKind.DAILY_SUPPORT: Acts.WITHIN,
    PowerKind.MANDATE: Acts.WITHIN,
    PowerKind.CONTRACTED: Acts.NONE,
}
# 保佐人・補助人 act for the person only where the court gave 代理権 (民法876条の4, 876条の9); a contract only where it says so.
_NEEDS_WORDS = frozenset(kind for kind, acts in _ACTS.items() if acts == Acts.WITHIN)
OF_ADULTS = frozenset(set(PowerKind) - {PowerKind.PARENTAL, PowerKind.MINOR})
OF_MINORS = frozenset({PowerKind.PARENTAL, PowerKind.MINOR})
BY_COURT = frozenset(
    {
        PowerKind.GUARDIANSHIP,
        PowerKind.CURATORSHIP,
        PowerKind.ASSISTANCE,
        PowerKind.VOLUNTARY,
        PowerKind.MINOR,
    }
)


def acts_for(kind: PowerKind, agency_words: str) -> Acts:
    """How far this power lets somebody sign and receive. Without a written 代理権, who acts only within one signs nothing."""
    acts = _ACTS[kind]
    return Acts.NONE if acts == Acts.WITHIN and not agency_words.strip() else acts


def needs_agency_words(kind: PowerKind) -> bool:
    """Whether what may be signed has to be written down, because the kind alone does not say it."""
    return kind in _NEEDS_WORDS


def may_consent_for(
    kind: PowerKind, agency_words: str, *, cares: bool, from_on: date | None, until_on: date | None, on: date
) -> bool:
    """Whether this power lets somebody agree, in the person's place, to what offices tell each other (個情法の法定代理人等の同意).

    成年後見・未成年後見 do; parents answer beside the child (子ども本人と親権者), never instead. Within a written 代理権 only where it is for 身上保護, for sharing serves the support, not the
    money. A contract that has not begun, or a power outside its days, does not.
    """
    if (from_on is not None and from_on > on) or (until_on is not None and until_on < on):
        return False
    acts = Acts.NONE if kind == PowerKind.PARENTAL else acts_for(kind, agency_words)
    return acts == Acts.FULL or (acts == Acts.WITHIN and cares)


@dataclass(frozen=True)
class Stated:
    """What is typed about a power, for the rule."""

    kind: PowerKind
    holders: int
    is_self: bool
    from_on: date | None
    until_on: date | None
    born_on: date | None


def check_power(said: Stated) -> None:
    """Raise Refused for a power without a holder, with two, of the person over themselves, or whose days run backwards."""
    if said.holders != 1:
        raise Refused(
            "後見人等は、登録のある方・機関・名前のどれかひとつで書いてください。"
            if said.holders
            else "だれが後見人等かを、ひとつ書いてください。",
            field="holder_name",
        )
    if said.is_self:
        raise Refused("本人を、本人の後見人等にはできません。別の方を選んでください。", field="holder")
    if said.from_on and said.until_on and said.until_on < said.from_on:
        raise Refused("終わりの日が、始まりの日より前です。", field="until_on")
    if said.born_on and said.from_on and said.from_on < said.born_on:
        raise Refused("始まりの日が、本人の生まれた日より前です。", field="from_on")


def last_day_as_minor(born_on: date) -> date:
    """The last day of parental authority: an age is reached when the day before the birthday ends (年齢計算ニ関する法律).

    民法4条: 18. Somebody born on 29 February reaches it at the end of 28 February.
    """
    year = born_on.year + 18
    day = min(born_on.day, calendar.monthrange(year, born_on.month)[1])
    shifted = born_on.day != day
    return date(year, born_on.month, day) - timedelta(days=0 if shifted else 1)


def end_of(kind: PowerKind, until_on: date | None, born_on: date | None) -> date | None:
    """The day a power ends: as written, else (parents, guardians of a minor) the last day before 18."""
    return until_on or (last_day_as_minor(born_on) if born_on and kind in OF_MINORS else None)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    place = day.year * 12 + day.month - 1 - months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def cliff_day(until_on: date, *, today: date, months: int) -> date:
    """By which day somebody has to say what comes after a power that ends: half a year ahead (setting `cliff.months`).

    When that day has passed: two weeks from today, but no later than the end. An end that has passed: today.
    """
    ahead = months_before(until_on, months)
    if ahead >= today:
        return ahead
    return max(today, min(until_on, today + timedelta(days=ACT_NOW_DAYS)))


def is_ahead(until_on: date | None, *, today: date, months: int) -> bool:
    """Whether the end is so near that it is shown (制度の切れ目)."""
    return until_on is not None and months_before(until_on, months) <= today


def check_next_look(day: date | None, until_on: date, *, today: date) -> date:
    """The next day to look at an end that is still open. Raises Refused for a day past, or after the end itself."""
    if day is None:
        raise Refused("次に確かめる日を入れてください。", field="due_on")
    if day < today:
        raise Refused("過ぎた日です。これから確かめる日を入れてください。", field="due_on")
    if day > max(until_on, today + timedelta(days=ACT_NOW_DAYS)):
        raise Refused("終わる日より後です。終わる前に確かめる日を入れてください。", field="due_on")
    return day


# -- 市長申立て ----------------------------------------------------------------------------------------------------------


class Step(Labelled):
    """The steps of a 市長申立て, in order (mission M8; each city has its own 要綱)."""

    REQUEST = "request", "申出を受ける"
    KIN = "kin", "親族調査"
    COMMITTEE = "committee", "審査会"
    FILING = "filing", "申立て"
    RULING = "ruling", "審判"
    HANDOVER = "handover", "後見人への引継ぎ"


STEPS = tuple(Step)
WHAT_IT_IS = {
    Step.REQUEST: "申出書・本人情報シート・診断書をそろえ、市長申立ての要件（申し立てる親族がいない等）を見ます。",
    Step.KIN: "戸籍で二親等内の親族を確かめ、申立てをする意思があるかを文書で尋ねます。",
    Step.COMMITTEE: "審査会にかける資料を作り、類型・候補者・費用の負担を決めます。",
    Step.FILING: "家庭裁判所へ申立書を出します。事件番号が付いたら書きとめます。",
    Step.RULING: "調査・鑑定を経て審判が確定するのを待ちます。登記まで確かめます。",
    Step.HANDOVER: "後見人等と会い、本人に引き合わせ、通帳・連絡先・支援の役割を引き継ぎます。",
}


class StepState(Labelled):
    """What became of a step."""

    WAITING = "waiting", "これから"
    OPEN = "open", "進めています"
    DONE = "done", "済み"
    SKIPPED = "skipped", "省いた"


class PetitionState(Labelled):
    """What became of an application."""

    OPEN = "open", "進めています"
    GRANTED = "granted", "引き継いだ"
    STOPPED = "stopped", "取りやめた"


class Aimed(Labelled):
    """Which kind the application aims at (類型)."""

    UNDECIDED = "", "まだ決まっていない"
    GUARDIANSHIP = "guardianship", "後見"
    CURATORSHIP = "curatorship", "保佐"
    ASSISTANCE = "assistance", "補助"


def next_step(after: Step) -> Step | None:
    """The step that follows, or None after the last one."""
    place = STEPS.index(after) + 1
    return STEPS[place] if place < len(STEPS) else None


def check_step(now: Step, asked: Step) -> None:
    """Raise Refused when a step is said to be done that is not the one that is open."""
    if now != asked:
        raise Refused(f"いま進めているのは「{now.label}」です。画面を開き直して、続きを書いてください。")


def check_step_day(day: date | None, *, today: date) -> date:
    """The day a step is to be done by. Raises Refused without one, for one that passed or lies too far away."""
    if day is None:
        raise Refused("いつまでにするか、日を入れてください。", field="due_on")
    if day < today:
        raise Refused("過ぎた日です。これからの日を入れてください。", field="due_on")
    if (day - today).days > FURTHEST_STEP:
        raise Refused("1年より先の日です。年を確かめてください。", field="due_on")
    return day


def check_done_on(day: date | None, *, today: date, began: date) -> date:
    """The day a step was done; today when none is typed. Raises Refused for a day to come or before the application."""
    day = day or today
    if day > today:
        raise Refused("まだ来ていない日です。済んだ日を入れてください。", field="done_on")
    if day < began:
        raise Refused("申出を受けた日より前です。済んだ日を確かめてください。", field="done_on")
    return day


def ordered(steps: Iterable[str]) -> list[str]:
    """Steps in the order in which they are gone through."""
    return sorted(steps, key=lambda step: STEPS.index(Step(step)))
