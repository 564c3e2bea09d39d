"""世帯の形: what a household shows, as rules that can be read aloud, each with the records it rests on.

A pattern is a question to the worker, never a finding about a person: nothing is stored until a worker says yes, no or
later. Only facts that were recorded count; nothing is inferred from a name, a neighbourhood or a nationality.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class Pattern(Labelled):
    """The forms that are looked for."""

    EIGHT_FIFTY = "eight_fifty", "8050の形"
    YOUNG_CARER = "young_carer", "ヤングケアラーの可能性"
    DOUBLE_CARE = "double_care", "ダブルケア"
    OLD_CARING_OLD = "old_caring_old", "老老介護"
    SCHOOL_TO_HOME = "school_to_home", "不登校とひきこもりの連なり"
    SINGLE_PARENT_MONEY = "single_parent_money", "ひとり親と収入の不安"
    AFTER_SUPPORT = "after_support", "支援が終わったあとに相談なし"
    ISOLATED = "isolated", "孤立"


class Verdict(Labelled):
    """What a worker says of a pattern."""

    CONFIRMED = "confirmed", "そのとおり"
    REJECTED = "rejected", "ちがう"
    POSTPONED = "postponed", "あとで見る"


@dataclass(frozen=True)
class Basis:
    """One record a pattern rests on, in words; `kind` and `number` lead to it, `state` is what it says now."""

    kind: str
    number: int
    words: str
    state: str = ""


@dataclass(frozen=True)
class Member:
    """One person as the rules see them. Ages are bounds; codes are empty where nothing was recorded or may be seen."""

    id: int
    name: str
    youngest: int | None = None
    oldest: int | None = None
    lives_here: bool = True
    work: str = ""
    school: str = ""
    withdrawn: str = ""
    care: frozenset[str] = frozenset()
    daily_help: frozenset[str] = frozenset()
    care_level: str = ""
    contacts: frozenset[str] = frozenset()
    marriage: str = ""
    life: tuple[Basis, ...] = ()
    """Life events that say that school was left or stayed away from."""
    basis: dict[str, Basis] = field(default_factory=dict)
    """question key → the answer it comes from."""

    def at_least(self, years: int) -> bool:
        """Whether this person is surely that old."""
        return self.youngest is not None and self.youngest >= years

    def at_most(self, years: int) -> bool:
        """Whether this person is surely not older."""
        return self.oldest is not None and self.oldest <= years

    @property
    def age(self) -> Basis:
        """The age as a record."""
        words = "" if self.youngest is None else f"{self.youngest}歳"
        if self.youngest != self.oldest and self.oldest is not None:
            words = f"{self.youngest}〜{self.oldest}歳"
        return Basis("person", self.id, f"{self.name}さん {words}", "born")

    def answers(self, *keys: str) -> tuple[Basis, ...]:
        """The answers to these questions, as far as they are there."""
        return tuple(self.basis[key] for key in keys if key in self.basis)


@dataclass(frozen=True)
class Ended:
    """Support of the household that ended, with nothing heard since."""

    concern_id: int
    words: str
    ended_on: date
    outcome: str
    heard_since: bool


@dataclass(frozen=True)
class HouseholdFacts:
    """What was recorded of a household, as far as who asks may see it."""

    members: tuple[Member, ...]
    parents: frozenset[tuple[int, int]] = frozenset()
    """(parent, child)."""
    budget: str = ""
    arrears: str = ""
    community: str = ""
    basis: dict[str, Basis] = field(default_factory=dict)
    ended: tuple[Ended, ...] = ()

    def answers(self, *keys: str) -> tuple[Basis, ...]:
        """The household's answers to these questions, as far as they are there."""
        return tuple(self.basis[key] for key in keys if key in self.basis)

    @property
    def here(self) -> tuple[Member, ...]:
        """Those who live here."""
        return tuple(member for member in self.members if member.lives_here)

    def children_of(self, parent: Member) -> tuple[Member, ...]:
        """The recorded children of this person in the household."""
        return tuple(child for child in self.members if (parent.id, child.id) in self.parents)


@dataclass(frozen=True)
class Found:
    """A pattern this household shows: of whom, in a sentence, resting on what."""

    pattern: Pattern
    persons: tuple[int, ...]
    words: str
    basis: tuple[Basis, ...]

    @property
    def key(self) -> str:
        """Of whom: the same people are asked about once."""
        return ",".join(str(number) for number in sorted(self.persons))

    @property
    def fingerprint(self) -> str:
        """What the records say now: an answer holds until this changes. Ages do not count, or each birthday would ask again."""
        said = sorted(f"{one.kind}:{one.number}:{one.state}" for one in self.basis)
        return hashlib.sha256("|".join(said).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Rule:
    """One pattern: what it means, where it comes from, and how it is found."""

    pattern: Pattern
    plain: str
    source: str
    find: Callable[[HouseholdFacts], Iterable[Found]]


NO_WORK = frozenset({"seeking", "not_seeking"})
HEAVY_CARE = frozenset({"body", "watching", "medical"})
CHILD_CARE = frozenset({"parenting", "siblings"})
AWAY_FROM_SCHOOL = frozenset({"often_absent", "hardly", "leave"})
STAYS_HOME = frozenset({"shop_only", "house_only", "room_only"})
SHORT_MONEY = frozenset({"short", "nothing", "tight"})
SILENT_AFTER_DAYS = 180
QUIET_ENDS = frozenset({"agreed_pause", "declined_by_person", "contact_lost", "no_service"})


def _tasks(member: Member) -> frozenset[str]:
    return member.care - {"none"}


def _eight_fifty(facts: HouseholdFacts) -> Iterable[Found]:
    for child in facts.here:
        if child.work not in NO_WORK or not child.at_least(40):
            continue
        old = [one for one in facts.here if (one.id, child.id) in facts.parents and one.at_least(70)]
        if old:
            names = "と".join(f"{parent.name}さん" for parent in old)
            yield Found(
                Pattern.EIGHT_FIFTY,
                (*(parent.id for parent in old), child.id),
                f"高齢の親（{names}）と、仕事をしていない40歳以上の子（{child.name}さん）が、ともに暮らしています。",
                (*(parent.age for parent in old), child.age, *child.answers("work")),
            )


def _young_carer(facts: HouseholdFacts) -> Iterable[Found]:
    for child in facts.here:
        if child.at_most(17) and _tasks(child):
            young = "15歳以下" if child.at_most(15) else "17歳以下"
            yield Found(
                Pattern.YOUNG_CARER,
                (child.id,),
                f"{young}の{child.name}さんが、家族のための世話や家事を担っていると記録されています。",
                (child.age, *child.answers("care", "care_hours")),
            )


def _double_care(facts: HouseholdFacts) -> Iterable[Found]:
    for carer in facts.members:
        tasks = _tasks(carer)
        small = [child for child in facts.children_of(carer) if child.at_most(14)]
        if tasks & HEAVY_CARE and not carer.at_most(17) and ("parenting" in tasks or small):
            yield Found(
                Pattern.DOUBLE_CARE,
                (carer.id,),
                f"{carer.name}さんが、介護と子育てを同時に担っています。",
                (*carer.answers("care"), *(child.age for child in small)),
            )


def _old_caring_old(facts: HouseholdFacts) -> Iterable[Found]:
    for carer in facts.here:
        if not (carer.at_least(65) and _tasks(carer) & HEAVY_CARE):
            continue
        for other in facts.here:
            needs = other.care_level not in ("", "none") or bool(other.daily_help - {"none"})
            if other.id != carer.id and other.at_least(65) and needs:
                yield Found(
                    Pattern.OLD_CARING_OLD,
                    (carer.id, other.id),
                    f"65歳以上の{carer.name}さんが、65歳以上の{other.name}さんを介護しています。",
                    (
                        carer.age,
                        other.age,
                        *carer.answers("care"),
                        *other.answers("care_level", "daily_help"),
                    ),
                )


def _school_to_home(facts: HouseholdFacts) -> Iterable[Found]:
    for one in facts.members:
        if one.withdrawn not in STAYS_HOME:
            continue
        own = one.life or (one.answers("school") if one.school in AWAY_FROM_SCHOOL else ())
        if own:
            yield Found(
                Pattern.SCHOOL_TO_HOME,
                (one.id,),
                f"{one.name}さんは、学校に行けなくなったころから家で過ごす時間が続いている可能性があります。",
                (*own, *one.answers("withdrawn")),
            )
        for child in facts.here:
            if (
                child.id != one.id
                and child.school in AWAY_FROM_SCHOOL
                and child.at_most(18)
                and not one.at_most(18)
            ):
                yield Found(
                    Pattern.SCHOOL_TO_HOME,
                    (one.id, child.id),
                    f"学校を休んでいる{child.name}さんと、家で過ごしている{one.name}さんが、同じ世帯にいます。",
                    (*child.answers("school"), *one.answers("withdrawn")),
                )


def _single_parent_money(facts: HouseholdFacts) -> Iterable[Found]:
    short = (
        facts.budget in SHORT_MONEY - {"tight"}
        or (facts.budget == "tight" and facts.arrears == "yes")
        or (facts.arrears == "yes")
    )
    if not short:
        return
    for parent in facts.here:
        children = [child for child in facts.children_of(parent) if child.lives_here and child.at_most(17)]
        others = [
            one
            for one in facts.here
            if one.id != parent.id and any((one.id, child.id) in facts.parents for child in children)
        ]
        alone = parent.marriage in ("", "never", "parted", "widowed")
        if children and not others and alone:
            yield Found(
                Pattern.SINGLE_PARENT_MONEY,
                (parent.id, *(child.id for child in children)),
                f"{parent.name}さんがひとりで18歳未満の子を育て、家計に不安があると記録されています。",
                (
                    *(child.age for child in children),
                    *parent.answers("marriage"),
                    *facts.answers("budget", "arrears"),
                ),
            )


def _after_support(facts: HouseholdFacts) -> Iterable[Found]:
    for ended in facts.ended:
        if ended.outcome in QUIET_ENDS and not ended.heard_since:
            yield Found(
                Pattern.AFTER_SUPPORT,
                (),
                f"「{ended.words[:40]}」の支援が{ended.ended_on.year}年{ended.ended_on.month}月に終わってから、このことの相談や連絡が記録されていません。",
                (
                    Basis(
                        "concern",
                        ended.concern_id,
                        f"{ended.words[:40]}（{ended.ended_on:%Y-%m-%d} 終結）",
                        ended.outcome,
                    ),
                ),
            )


def _isolated(facts: HouseholdFacts) -> Iterable[Found]:
    for one in facts.here:
        ties = one.contacts - {"family_here", "supporters", "nobody"}
        if one.contacts and not ties and not one.at_most(5):
            nobody = (
                "家族のほかには、支援機関だけ" if "supporters" in one.contacts else "家族のほかには、だれとも"
            )
            yield Found(
                Pattern.ISOLATED,
                (one.id,),
                f"{one.name}さんは、{nobody}つながっていないと記録されています。".replace(
                    "だけつながっていない", "とだけつながっている"
                ),
                (
                    *one.answers("contacts"),
                    *(facts.answers("community") if facts.community in ("none", "trouble") else ()),
                ),
            )


RULES: tuple[Rule, ...] = (
    Rule(
        Pattern.EIGHT_FIFTY,
        "70歳以上の親と40歳以上の子がともに暮らし、子に仕事がないとき。親の介護や入院、お金が一度に重なりやすい形です。",
        "ひきこもり支援ハンドブック（厚生労働省 令和7年1月）、重層的支援の事例「8050」",
        _eight_fifty,
    ),
    Rule(
        Pattern.YOUNG_CARER,
        "17歳以下の方が、家族の世話や家事を担っていると記録されたとき。担うこと自体は悪いことではなく、過度かどうかを本人と確かめます。",
        "子ども・若者育成支援推進法 2条7項（令和6年改正）",
        _young_carer,
    ),
    Rule(
        Pattern.DOUBLE_CARE,
        "同じ人が、介護と子育て（14歳以下の子）を同時に担っているとき。",
        "重層的支援の事例「ダブルケア」",
        _double_care,
    ),
    Rule(
        Pattern.OLD_CARING_OLD,
        "65歳以上の方が、同居する65歳以上の方を介護しているとき。担い手が倒れると二人とも困ります。",
        "国民生活基礎調査「要介護者等と同居の主な介護者」の区分",
        _old_caring_old,
    ),
    Rule(
        Pattern.SCHOOL_TO_HOME,
        "学校に行けなかった時期といまの家での暮らしが続いているとき、または同じ世帯に両方の方がいるとき。",
        "ひきこもり支援ハンドブック（厚生労働省 令和7年1月）",
        _school_to_home,
    ),
    Rule(
        Pattern.SINGLE_PARENT_MONEY,
        "ひとりで18歳未満の子を育て、家計が足りないか滞納があるとき。使える手当や減免がないかを確かめます。",
        "生活困窮者自立相談支援 課題と特性「ひとり親」「経済的困窮」",
        _single_parent_money,
    ),
    Rule(
        Pattern.AFTER_SUPPORT,
        f"区切り・辞退・連絡途絶・資源なしで終わってから{SILENT_AFTER_DAYS}日以上、そのことの相談や連絡がないとき。よくなったのか、声が上げられないのかを確かめます。",
        "受け持ちの決まり H8（ふりかえり）",
        _after_support,
    ),
    Rule(
        Pattern.ISOLATED,
        "同居の家族と支援機関のほかに、つながりがないと記録されたとき。",
        "孤独・孤立対策推進法 1条",
        _isolated,
    ),
)
RULE_OF: dict[Pattern, Rule] = {rule.pattern: rule for rule in RULES}


def find_patterns(facts: HouseholdFacts) -> list[Found]:
    """Everything this household shows, in the order of the rules; each form once for the same people and records."""
    found: dict[tuple[str, str, str], Found] = {}
    for rule in RULES:
        for one in rule.find(facts):
            found.setdefault((one.pattern.value, one.key, one.fingerprint), one)
    return list(found.values())


def check_verdict(verdict: Verdict, *, reason: str, until_on: date | None, today: date) -> None:
    """Raise Refused for a no without a reason, or a later without a day to come."""
    if verdict is Verdict.REJECTED and not reason.strip():
        raise Refused(
            "ちがうと考えるわけを、ひとこと書いてください。あとで読む人の助けになります。", field="reason"
        )
    if verdict is Verdict.POSTPONED and until_on is None:
        raise Refused("いつ見直すか、日を入れてください。", field="until_on")
    if verdict is Verdict.POSTPONED and until_on is not None and until_on <= today:
        raise Refused("見直す日は、明日より先の日にしてください。", field="until_on")


def rests(verdict: Verdict, *, same_records: bool, until_on: date | None, today: date) -> bool:
    """Whether an earlier answer still holds: until the records change, a postponed one at most until its day."""
    if not same_records:
        return False
    return verdict is not Verdict.POSTPONED or (until_on is not None and today < until_on)
