"""Consent (同意) of one person: its states, its presets, who may give it, and what it opens (sharing.md 「Consent」).

Law: 個人情報の保護に関する法律 69条2項1号 (public bodies), 27条1項 (private bodies); Q&A 1-62 (minors). A consent opens what it
names and nothing else; a later refusal silences what was said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tsunagi.people.rules import NARROW_FACETS, SUPPORTING_FACETS, Facet
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

OF_AGE = 18
"""成年 (民法4条): on that birthday nobody consents in the person's place any more."""


class ConsentState(Labelled):
    """How it stands with a person's consent (同意の状態). 同意困難 is not a way round."""

    NOT_EXPLAINED = "not_explained", "未説明"
    CONSIDERING = "considering", "説明済・検討中"
    GIVEN_ALL = "given_all", "同意あり(全部)"
    GIVEN_PART = "given_part", "同意あり(一部)"
    REFUSED = "refused", "拒否"
    UNABLE = "unable", "同意困難"
    WITHDRAWN = "withdrawn", "撤回"


CONSENT_GROUNDS = frozenset({"02", "30"})
"""The grounds that are the person's own word: 69条2項1号 and 27条1項."""

GIVEN = frozenset({ConsentState.GIVEN_ALL, ConsentState.GIVEN_PART})


class Preset(Labelled):
    """One tick instead of fifteen (同意のしかた)."""

    STANDARD = "standard", "標準(支援に必要な関係機関。触法・情報提供者・性的指向等を除く)"
    THIS_OFFICE = "this_office", "この機関だけ"
    THIS_TIME = "this_time", "今回だけ"
    OWN = "own", "機関と項目を選ぶ"


class ConsentWay(Labelled):
    """How it was said (方法)."""

    SIGNED = "signed", "署名"
    ORAL = "oral", "口頭"
    PROXY = "proxy", "代理"


class ConsentBy(Labelled):
    """Whose word it is (だれの同意)."""

    PERSON = "person", "本人"
    CHILD_AND_PARENT = "child_and_parent", "子ども本人と親権者"
    CHILD_ALONE = "child_alone", "子ども本人(親権者に聞くと子どもを害するおそれ)"
    GUARDIAN = "guardian", "後見人等(権限の範囲)"


# A parent's word, or another's in the child's place, ends on the eighteenth birthday.
UNTIL_OF_AGE = frozenset({ConsentBy.CHILD_AND_PARENT, ConsentBy.CHILD_ALONE})


class EndKind(Labelled):
    """How a consent, or one office's part of it, came to its end."""

    WITHDRAWN = "withdrawn", "撤回"
    PARTLY = "partly", "一部の撤回"
    CHANGED = "changed", "新しい同意に替わった"
    DAY = "day", "本人が決めた日が来た"
    OF_AGE = "of_age", "18歳になった"
    SUPPORT_ENDED = "support_ended", "支援が終わった"
    DIED = "died", "亡くなった"
    OFFICE_CLOSED = "office_closed", "機関がなくなった"


class PaperBack(Labelled):
    """What became of paper already given to an office that may not keep it (返してもらう紙)."""

    RETURNED = "returned", "返ってきた"
    DESTROYED = "destroyed", "廃棄したと返事があった"
    KEPT = "kept", "返せないと返事があった(わけ)"
    NONE = "none", "紙は渡っていなかった"


def facets_of(preset: str, chosen: Iterable[str] = ()) -> tuple[str, ...]:
    """The facets a preset means; narrow ones only where they were ticked one by one (`Preset.OWN`)."""
    if Preset(preset) == Preset.OWN:
        asked = {Facet(facet) for facet in chosen}
        if not asked:
            raise Refused("伝えてよい項目を、ひとつ以上選んでください。", field="facets")
        # Whoever receives anything must know whose it is.
        asked.add(Facet.BASIC)
        if Facet.INFORMANT in asked:
            raise Refused(
                "情報提供者のことは、本人の同意では伝えられません。外してください。", field="facets"
            )
        return tuple(facet.value for facet in Facet if facet in asked)
    return SUPPORTING_FACETS


def state_of(preset: str, facets: Sequence[str]) -> ConsentState:
    """全部 or 一部: the standard consent is the whole; anything narrower is a part."""
    whole = set(SUPPORTING_FACETS) <= set(facets)
    return ConsentState.GIVEN_ALL if Preset(preset) == Preset.STANDARD and whole else ConsentState.GIVEN_PART


@dataclass(frozen=True)
class ConsentWish:
    """What was told and what was answered, as typed; `check_consent` says what is missing.

    `state`: GIVEN_ALL/GIVEN_PART are worked out from preset and facets, so either may stand here for 「同意」.
    `parent_harm`: why asking the parent would harm the child; `instead`: by which way then (支援会議, 要対協, 05).
    """

    state: str
    preset: str = Preset.STANDARD.value
    office_ids: tuple[int, ...] = ()
    facets: tuple[str, ...] = ()
    purpose: str = ""
    way: str = ""
    given_by: str = ConsentBy.PERSON.value
    given_by_name: str = ""
    child_word: str = ""
    parent_harm: str = ""
    instead: str = ""
    second_id: int | None = None
    explained_on: date | None = None
    explanation_id: int | None = None
    present: str = ""
    kept_where: str = ""
    words: str = ""
    until_on: date | None = None
    judged_by: str = ""
    judged_on: str = ""
    ask_again_on: date | None = None


class Powers(Labelled):
    """What is on file of who may act for a person, for a consent in their place (後見人等の権限)."""

    COVERS = "covers", "この同意ができる権限がある"
    OUTSIDE = "outside", "この同意は、記録されている権限の外"
    NOT_WRITTEN = "not_written", "権限がまだ記録されていない"


NO_POWER = {
    Powers.OUTSIDE: "記録されている権限では、この同意はできません。権限の範囲を確かめるか、本人に聞いてください。",
    Powers.NOT_WRITTEN: "この方の後見人等の権限が、まだ記録されていません。人のページの「権利擁護」に、だれが、どこまでできるかを書いてから、記録してください。",
}


def check_consent(
    wish: ConsentWish,
    *,
    age: int | None,
    age_alone: int,
    alive: bool,
    on: date,
    powers: Powers = Powers.NOT_WRITTEN,
) -> None:
    """Raise Refused with what is missing. `age`: in whole years, None when unknown; `age_alone`: who consents alone;
    `powers`: what is on file of who may act for them."""
    state = ConsentState(wish.state)
    if not alive:
        raise Refused("亡くなった方の同意は、記録できません。同意は亡くなった日に終わっています。")
    if state == ConsentState.WITHDRAWN:
        raise Refused("撤回は「同意を取り消す」から記録してください。", field="state")
    if state != ConsentState.NOT_EXPLAINED and wish.explained_on is None:
        raise Refused("説明した日を入れてください。例：R8.6.9", field="explained_on")
    if wish.explained_on and wish.explained_on > on:
        raise Refused("まだ来ていない日です。説明した日を確かめてください。", field="explained_on")
    if state == ConsentState.UNABLE:
        _check_unable(wish, on)
    if state in GIVEN:
        _check_given(wish, age=age, age_alone=age_alone, on=on, powers=powers)


def _check_unable(wish: ConsentWish, on: date) -> None:
    if not wish.judged_by.strip():
        raise Refused("同意困難と、だれが判断したかを書いてください。", field="judged_by")
    if not wish.judged_on.strip():
        raise Refused(
            "何を見てそう判断したかを書いてください。例：主治医の意見、面談のようす", field="judged_on"
        )
    if wish.ask_again_on is None or wish.ask_again_on <= on:
        raise Refused("もう一度聞く日を、明日より後で入れてください。", field="ask_again_on")


def _check_given(wish: ConsentWish, *, age: int | None, age_alone: int, on: date, powers: Powers) -> None:
    preset = Preset(wish.preset)
    if not wish.way:
        raise Refused("署名・口頭・代理のどれかを選んでください。", field="way")
    if preset != Preset.STANDARD and not wish.office_ids:
        raise Refused("どの機関に伝えてよいかを選んでください。", field="offices")
    if preset == Preset.THIS_OFFICE and len(wish.office_ids) > 1:
        raise Refused("「この機関だけ」では、機関をひとつ選んでください。", field="offices")
    if preset == Preset.THIS_TIME and not wish.purpose.strip():
        raise Refused("今回とは何のことかを書いてください。例：6月の住まいの相談", field="purpose")
    if wish.way == ConsentWay.SIGNED and not wish.kept_where.strip():
        raise Refused(
            "署名した紙をどこに保管したかを書いてください。例：相談室の鍵つき書庫", field="kept_where"
        )
    if wish.until_on and wish.until_on <= on:
        raise Refused("終わりの日は、明日より後にしてください。", field="until_on")
    _check_who(wish, age=age, age_alone=age_alone, powers=powers)


def _check_who(wish: ConsentWish, *, age: int | None, age_alone: int, powers: Powers) -> None:
    who = ConsentBy(wish.given_by)
    young = age is not None and age < age_alone
    if who == ConsentBy.PERSON and young:
        raise Refused(
            f"{age_alone}歳になっていない方です。本人の気持ちと、親権者の同意の両方を聞いてください。",
            field="given_by",
        )
    if who in UNTIL_OF_AGE:
        if age is not None and age >= age_alone:
            raise Refused(f"{age_alone}歳以上の方です。本人の同意を聞いてください。", field="given_by")
        if not wish.child_word.strip():
            raise Refused("子ども本人がどう言っているかを書いてください。", field="child_word")
    if who == ConsentBy.CHILD_AND_PARENT and not wish.given_by_name.strip():
        raise Refused("同意した親権者のお名前と続柄を書いてください。", field="given_by_name")
    if who == ConsentBy.CHILD_ALONE:
        if not wish.parent_harm.strip():
            raise Refused(
                "親権者に聞くと子どもを害するおそれがある、そのわけを書いてください。", field="parent_harm"
            )
        if not wish.instead.strip() or wish.second_id is None:
            raise Refused(
                "支援会議か要対協で決めたこと、またはもうひとりの職員と決めたことを書き、その職員を選んでください。",
                field="instead",
            )
    if who == ConsentBy.GUARDIAN:
        if not wish.given_by_name.strip():
            raise Refused("後見人等のお名前を書いてください。", field="given_by_name")
        if powers in NO_POWER:
            raise Refused(NO_POWER[powers], field="given_by")


@dataclass(frozen=True)
class Said:
    """One consent as the rule needs it. `opens`: office → facets now; empty when it ended."""

    id: int
    state: str
    said_at: datetime
    ended_at: datetime | None
    ended_how: str
    until_on: date | None
    opens: dict[int, frozenset[str]]


def heard(rows: Iterable[Said], *, on: date) -> list[Said]:
    """The consents that stand on a day: given, not ended, not past the person's own day, not silenced by a later no.

    Two records of one person are one person's words: a later refusal on either silences what was given before it on
    the other (a withdrawal ends what it names, on every record, by its own deed).
    """
    known = list(rows)
    noes = [
        (row.said_at, row.id) for row in known if row.state == ConsentState.REFUSED and row.ended_at is None
    ]
    last_no = max(noes, default=None)
    return [
        row
        for row in known
        if row.state in GIVEN
        and row.ended_at is None
        and (row.until_on is None or row.until_on >= on)
        and (last_no is None or (row.said_at, row.id) > last_no)
    ]


def how_it_stands(rows: Iterable[Said], *, on: date) -> ConsentState:
    """The one word for a person's consent on a day."""
    known = list(rows)
    standing = heard(known, on=on)
    if standing:
        whole = any(row.state == ConsentState.GIVEN_ALL for row in standing)
        return ConsentState.GIVEN_ALL if whole else ConsentState.GIVEN_PART
    if not known:
        return ConsentState.NOT_EXPLAINED
    answers = [row for row in known if row.state not in GIVEN and row.ended_at is None]
    if answers:
        return ConsentState(max(answers, key=lambda row: (row.said_at, row.id)).state)
    over = [row for row in known if row.state in GIVEN]
    last = max(over, key=lambda row: (row.ended_at or row.said_at, row.id), default=None)
    if last is not None and last.ended_how in (EndKind.WITHDRAWN, EndKind.PARTLY):
        return ConsentState.WITHDRAWN
    return ConsentState.NOT_EXPLAINED


def told_to(rows: Iterable[Said], office_id: int, *, on: date) -> frozenset[str]:
    """The facets an office may be told by consent on a day."""
    return frozenset().union(*(row.opens.get(office_id, frozenset()) for row in heard(rows, on=on)))


def eighteenth(birth_on: date) -> date:
    """The day somebody comes of age; born on 29 February: on the first of March (年齢計算ニ関スル法律: the day before counts
    as the birthday; we end on the birthday itself, never a day too early)."""
    try:
        return birth_on.replace(year=birth_on.year + OF_AGE)
    except ValueError:
        return date(birth_on.year + OF_AGE, 3, 1)


NEVER_BY_CONSENT = frozenset({Facet.INFORMANT.value})
NARROW = frozenset(facet.value for facet in NARROW_FACETS)
