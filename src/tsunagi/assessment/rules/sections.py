"""What an assessment asks, section by section: the questions, whose they are, and which facet they belong to.

After the インテーク・アセスメントシート of 生活困窮者自立相談支援 (使用標準様式), with what 重層的支援 needs beside it: who is in
trouble by whose view, safety, the neighbourhood, rights, languages. Wording of national items is to be checked against
the published xlsx (see the code lists).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsunagi.people.rules import Facet
from tsunagi.shared.labels import Labelled


class Section(Labelled):
    """One page of the assessment (項目)."""

    BASIC = "basic", "基本"
    HEALTH = "health", "健康"
    DISABILITY = "disability", "障害"
    MONEY = "money", "お金"
    WORK_SCHOOL = "work_school", "仕事・学校"
    HOUSING = "housing", "住まい"
    RELATIONS = "relations", "関係・地域"
    SAFETY = "safety", "安全"
    RIGHTS = "rights", "権利"
    LANGUAGE = "language", "ことば"
    SUMMARY = "summary", "結果の整理"


class View(Labelled):
    """Whose view an answer is (だれの見方). They differ, and none is overwritten by another."""

    SUPPORTER = "supporter", "支援者"
    SELF = "self", "本人"
    FAMILY = "family", "家族"


class Scope(Labelled):
    """Whether a question is asked of the household or of each person in it."""

    HOUSEHOLD = "household", "世帯"
    PERSON = "person", "ひとりずつ"


class Ask(Labelled):
    """How a question is answered."""

    ONE = "one", "ひとつ選ぶ"
    MANY = "many", "いくつでも"
    LINE = "line", "ひとこと"
    WORDS = "words", "文章"
    NUMBER = "number", "数"


UNKNOWN = "not_known_yet"
"""The choice 「まだ分からない」 beside the codes of every list: nobody is made to guess."""
UNKNOWN_LABEL = "まだ分からない"


@dataclass(frozen=True)
class Question:
    """One question. `by_view`: it is also asked in the person's and the family's own view. `national`: a national
    report item (太枠). `facet`: narrower than its section's."""

    key: str
    label: str
    ask: Ask
    list_key: str = ""
    by_view: bool = False
    national: bool = False
    facet: Facet | None = None
    hint: str = ""
    unit: str = ""

    @property
    def has_codes(self) -> bool:
        """Whether it is answered by choosing."""
        return self.ask in (Ask.ONE, Ask.MANY)


@dataclass(frozen=True)
class Page:
    """One section: its facet and what it asks of the household and of each person."""

    section: Section
    facet: Facet
    lead: str
    household: tuple[Question, ...] = ()
    person: tuple[Question, ...] = ()

    def asked(self, scope: Scope) -> tuple[Question, ...]:
        """The questions of one scope."""
        return self.household if scope is Scope.HOUSEHOLD else self.person


FACTS, JUDGEMENT = "facts", "judgement"
FACTS_LABELS = {
    View.SUPPORTER: "事実（見たこと・確かめたこと）",
    View.SELF: "本人のことば",
    View.FAMILY: "家族のことば",
}
JUDGEMENT_LABEL = "見立て（どう考えたか）"


def _one(key: str, label: str, list_key: str, **more: object) -> Question:
    return Question(key, label, Ask.ONE, list_key, **more)  # type: ignore[arg-type]


def _many(key: str, label: str, list_key: str, **more: object) -> Question:
    return Question(key, label, Ask.MANY, list_key, **more)  # type: ignore[arg-type]


def _line(key: str, label: str, **more: object) -> Question:
    return Question(key, label, Ask.LINE, **more)  # type: ignore[arg-type]


def _words(key: str, label: str, **more: object) -> Question:
    return Question(key, label, Ask.WORDS, **more)  # type: ignore[arg-type]


def _number(key: str, label: str, unit: str, **more: object) -> Question:
    return Question(key, label, Ask.NUMBER, unit=unit, **more)  # type: ignore[arg-type]


PAGES: tuple[Page, ...] = (
    Page(
        Section.BASIC,
        Facet.CONSULTATION,
        "どこから、どんな困りごとで。本人と周りの困り感は違うことがあります。",
        household=(
            _one("route", "相談経路", "consultation_routes", national=True),
            _line("referred_by", "紹介元の機関", national=True),
            _one("earlier", "これまでの相談歴", "yes_no", national=True),
            _words("complaint", "主訴・状況", by_view=True, national=True),
            _many("worries", "困りごと", "worries", by_view=True, national=True),
            _one("sees_trouble", "困り感", "person_sees_it", by_view=True),
            _many("case_types", "課題の種類", "case_types"),
            _one("refuses", "支援を断っているか", "refusals"),
            _words("agencies", "いま関わっている機関・人", hint="機関の名前と担当、していること"),
        ),
        person=(
            _one("sees_trouble", "困り感", "person_sees_it", by_view=True),
            _words("wish", "願い・気がかり", by_view=True),
            _one("marriage", "婚姻", "marriages", national=True),
            _one("children", "子ども", "yes_no", national=True),
            _number("dependants", "扶養している子ども", "人", national=True),
            _many("traits", "課題と特性", "traits", national=True),
        ),
    ),
    Page(
        Section.HEALTH,
        Facet.HEALTH,
        "からだとこころ。診断より、暮らしで何に困るかを先に書きます。",
        person=(
            _one("condition", "健康状態", "health_conditions", by_view=True, national=True),
            _line("treatment", "通院先・服薬", national=True),
            _one("insurance", "健康保険", "health_insurances", national=True),
            _many("health_signs", "気になること", "health_signs", by_view=True),
            _one("care_level", "要介護・要支援の認定", "care_levels"),
            _many("daily_help", "手助けがいること", "daily_help", by_view=True),
        ),
    ),
    Page(
        Section.DISABILITY,
        Facet.DISABILITY,
        "手帳や診断がなくても、生きづらさはここに書きます。",
        person=(
            _many("certificates", "障害者手帳等", "disability_certificates", national=True),
            _line("grade", "等級・種別", national=True),
            _one("medical_aid", "自立支援医療", "yes_no", national=True),
            _one("diagnosis", "診断の有無", "diagnoses"),
            _many("difficulties", "生きづらさ", "difficulties", by_view=True),
            _words("considerations", "あると助かる配慮", by_view=True),
        ),
    ),
    Page(
        Section.MONEY,
        Facet.MONEY,
        "入るお金、出るお金、滞っているもの。額は分かるところまでで。",
        household=(
            _one("budget", "家計の状況", "budgets", by_view=True, national=True),
            _one("public_aid", "生活保護", "public_aid", national=True),
            _one("tax", "課税状況", "tax_states", national=True),
            _one("arrears", "滞納", "yes_no", national=True),
            _many("arrears_of", "滞っているもの", "arrears_kinds"),
            _one("debt", "債務", "yes_no", national=True),
            _line("debt_words", "債務の内容・額", national=True),
            _line("keeps_money", "お金を管理している人"),
        ),
        person=(
            _number("income", "本人の収入（月額）", "円", national=True),
            _many("benefits", "公的給付（受給中）", "public_benefits", national=True),
        ),
    ),
    Page(
        Section.WORK_SCHOOL,
        Facet.WORK_SCHOOL,
        "いまの過ごし方と、これまで。行けていない理由は決めつけません。",
        person=(
            _one("work", "就労状況", "work_states", national=True),
            _one("work_form", "就労形態", "work_forms", national=True),
            _one("education", "最終学歴", "educations", national=True),
            _one("school", "在学・登園のようす", "school_states", by_view=True),
            _one("withdrawn", "家から出る機会", "going_out", by_view=True),
            _line("qualifications", "資格・技術", national=True),
            _one("licence", "自動車の免許", "yes_no", national=True),
            _words("career", "職歴", national=True),
        ),
    ),
    Page(
        Section.HOUSING,
        Facet.HOUSEHOLD,
        "住むところが続くか、安心して寝られるか。",
        household=(
            _one("housing", "住居", "housing_kinds", national=True),
            _number("rent", "家賃・ローン（月額）", "円"),
            _many("housing_troubles", "住まいの困りごと", "housing_troubles", by_view=True),
        ),
    ),
    Page(
        Section.RELATIONS,
        Facet.HOUSEHOLD,
        "家族のあいだ、近所、だれが何を担っているか。",
        household=(
            _one("cohabitants", "同居者", "yes_no", national=True),
            _number("people", "同居している人数（本人を含む）", "人", national=True),
            _one("family_apart", "別居の家族", "yes_no", national=True),
            _one("community", "地域との関係", "community_ties", by_view=True, national=True),
            _many("neighbours", "近隣への影響", "neighbour_effects", by_view=True),
            _words("family_words", "家族の関係", by_view=True, national=True),
        ),
        person=(
            _many("care", "家族のために担っていること", "care_given", by_view=True),
            _number("care_hours", "担っている時間（1日）", "時間"),
            _many("contacts", "つながりのある人", "contact_ties", by_view=True),
        ),
    ),
    Page(
        Section.SAFETY,
        Facet.CONSULTATION,
        "いま危ないことがあれば、ここに書くだけで終わりにせず、課題の画面で通告・通報や相談先を記録してください。",
        household=(
            _many("signs", "気をつける兆し", "danger_signs", by_view=True),
            _words("safety_plan", "危ないときの動き", hint="だれが、どこへ、何番に"),
            _many("disaster", "災害のとき", "disaster_needs"),
        ),
        person=(_many("signs", "気をつける兆し", "danger_signs", by_view=True),),
    ),
    Page(
        Section.RIGHTS,
        Facet.HEALTH,
        "自分で決めることを支えるために、何がいるか。",
        person=(
            _one("deciding", "ものごとを決めること", "deciding_powers", by_view=True),
            _many("guardianship", "使っている仕組み", "guardianship_uses"),
            _many("harms", "権利が損なわれるおそれ", "rights_harms"),
            _words("deciding_support", "決めるときの手助け", by_view=True),
        ),
    ),
    Page(
        Section.LANGUAGE,
        Facet.BASIC,
        "どのことばで、どう伝えると届くか。",
        person=(
            _many("languages", "使うことば", "languages"),
            _one("interpreter", "通訳", "interpreter_needs", by_view=True),
            _one("reading", "読み書き", "reading_levels", by_view=True),
            _line("telling", "伝え方で気をつけること"),
            _line("residence", "在留のこと（本人が話したこと）", facet=Facet.RESIDENCE_LANGUAGE),
        ),
    ),
    Page(
        Section.SUMMARY,
        Facet.CONSULTATION,
        "聞いたことをまとめ、支援の方向を決めます。本人の目指す姿は、本人のことばで。",
        household=(
            _words("goal", "目指す姿", by_view=True, national=True),
            _words("background", "課題の背景・要因", national=True),
            _words("direction", "支援の方向性", national=True),
        ),
    ),
)
PAGE_OF: dict[Section, Page] = {page.section: page for page in PAGES}

# Codes that tell more than their list's section does: who may not see that facet sees neither the tick nor the choice.
CODE_FACETS: dict[str, dict[str, Facet]] = {
    "traits": {
        "01": Facet.HEALTH,
        "02": Facet.HEALTH,
        "03": Facet.DISABILITY,
        "04": Facet.DISABILITY,
        "05": Facet.HEALTH,
        "06": Facet.HEALTH,
        "09": Facet.MONEY,
        "10": Facet.MONEY,
        "11": Facet.MONEY,
        "12": Facet.WORK_SCHOOL,
        "13": Facet.WORK_SCHOOL,
        "17": Facet.WORK_SCHOOL,
        "18": Facet.JUSTICE,
        "19": Facet.WORK_SCHOOL,
        "22": Facet.RESIDENCE_LANGUAGE,
        "23": Facet.JUSTICE,
        "25": Facet.DISABILITY,
    },
    "worries": {
        "01": Facet.HEALTH,
        "03": Facet.MONEY,
        "04": Facet.MONEY,
        "05": Facet.MONEY,
        "06": Facet.MONEY,
        "07": Facet.WORK_SCHOOL,
        "08": Facet.WORK_SCHOOL,
    },
    "danger_signs": {"self_harm": Facet.HEALTH, "medicine": Facet.HEALTH, "infection": Facet.HEALTH},
}


def code_facet(list_key: str, value: str, narrow: str = "") -> Facet | None:
    """The facet a single choice needs, or None. `narrow` is what the code list itself says of it."""
    if narrow:
        return Facet(narrow)
    return CODE_FACETS.get(list_key, {}).get(value)


def may_see_code(list_key: str, value: str, facets: Iterable[str], narrow: str = "") -> bool:
    """Whether who sees these facets may see this choice."""
    needed = code_facet(list_key, value, narrow)
    return needed is None or needed in set(facets)


def shows(page: Page, facets: Iterable[str]) -> bool:
    """Whether a section exists for who sees these facets of whose it is."""
    return page.facet in set(facets)


def questions(section: Section, scope: Scope, facets: Iterable[str] | None = None) -> tuple[Question, ...]:
    """What a section asks of a household or a person; with `facets`, without the questions of a facet not seen."""
    seen = None if facets is None else set(facets)
    return tuple(
        question
        for question in PAGE_OF[section].asked(scope)
        if seen is None or question.facet is None or question.facet in seen
    )


def asked_in(view: View, among: Iterable[Question]) -> tuple[Question, ...]:
    """The questions of one view's page: everything in the supporter's, in the others what may be seen differently."""
    return tuple(question for question in among if view is View.SUPPORTER or question.by_view)


def question_of(section: Section, scope: Scope, key: str) -> Question | None:
    """One question by its key; the free texts too. None when this section does not ask it."""
    if key == FACTS:
        return Question(FACTS, FACTS_LABELS[View.SUPPORTER], Ask.WORDS, by_view=True)
    if key == JUDGEMENT:
        return Question(JUDGEMENT, JUDGEMENT_LABEL, Ask.WORDS)
    return next((question for question in PAGE_OF[section].asked(scope) if question.key == key), None)


def scopes(section: Section) -> Iterator[Scope]:
    """Of whom a section is asked."""
    for scope in Scope:
        if PAGE_OF[section].asked(scope):
            yield scope


def after(section: Section) -> Section | None:
    """The next section in the order of the sheet; None after the last."""
    order = [page.section for page in PAGES]
    place = order.index(section) + 1
    return order[place] if place < len(order) else None
