"""Sections, answers, times as people say them, lives with gaps, patterns: plain rules, no database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagi.assessment.rules import (
    PAGES,
    RULES,
    UNKNOWN,
    Ask,
    Basis,
    Ended,
    Gap,
    Given,
    HouseholdFacts,
    Member,
    Outcome,
    Pattern,
    Question,
    Scope,
    Section,
    Span,
    Verdict,
    View,
    When,
    after,
    ages_at,
    asked_in,
    check_answer,
    check_when,
    chief,
    find_patterns,
    gaps,
    in_order,
    may_see_code,
    merged,
    questions,
    read_when,
    rests,
    stage_after,
    timeline,
    views_differ,
)
from tsunagi.cases.rules import NEXT_STAGES, Stage
from tsunagi.codes.actions import shipped_lists
from tsunagi.people.rules import Facet
from tsunagi.shared.refusal import Refused

TODAY = date(2026, 6, 9)
BORN = date(1974, 11, 20)
LISTS = {card["key"]: card for card in shipped_lists()}


# -- sections ----------------------------------------------------------------------------------------------------------


def every_question() -> list[tuple[Section, Question]]:
    return [(page.section, question) for page in PAGES for question in (*page.household, *page.person)]


def test_every_list_a_question_chooses_from_ships_and_is_marked_alike() -> None:
    for _, question in every_question():
        assert question.has_codes == bool(question.list_key)
        if question.list_key:
            card = LISTS[question.list_key]
            assert UNKNOWN not in [code["value"] for code in card["codes"]]
            if question.national:
                assert card.get("national_report"), f"{question.list_key} is a national report item"


def test_question_keys_are_unique_and_never_a_name_of_the_form() -> None:
    taken = {
        "revision",
        "draft",
        "view",
        "go",
        "facts",
        "judgement",
        "unknown",
        "finder",
        "by_on",
        "complete",
    }
    for page in PAGES:
        for scope in Scope:
            keys = [question.key for question in page.asked(scope)]
            assert len(keys) == len(set(keys))
            assert not taken & set(keys)
            assert all(len(key) <= 24 for key in keys)


def test_the_sections_follow_one_another_and_each_has_something_to_ask() -> None:
    walked, here = [], Section.BASIC
    while here is not None:
        walked.append(here)
        here = after(here)
    assert walked == list(Section)
    assert all(page.household or page.person for page in PAGES)


def test_a_question_of_a_narrower_facet_is_not_asked_without_it() -> None:
    plain = {facet.value for facet in Facet} - {Facet.RESIDENCE_LANGUAGE.value}
    keys = [question.key for question in questions(Section.LANGUAGE, Scope.PERSON, plain)]
    assert "languages" in keys
    assert "residence" not in keys
    assert "residence" in [one.key for one in questions(Section.LANGUAGE, Scope.PERSON)]
    assert not may_see_code("traits", "23", plain - {Facet.JUSTICE.value})
    assert not may_see_code("traits", "01", {"basic"})
    assert may_see_code("traits", "20", {"basic"})
    assert not may_see_code("case_types", "offending", plain - {"justice"}, narrow="justice")


def test_only_what_may_be_seen_differently_is_asked_of_the_person() -> None:
    own = asked_in(View.SELF, questions(Section.HEALTH, Scope.PERSON))
    assert [question.key for question in own] == ["condition", "health_signs", "daily_help"]
    assert asked_in(View.SUPPORTER, questions(Section.HEALTH, Scope.PERSON)) == questions(
        Section.HEALTH, Scope.PERSON
    )


# -- answers -----------------------------------------------------------------------------------------------------------

NUMBER = Question("rent", "家賃", Ask.NUMBER, unit="円")
MANY = Question("care", "担っていること", Ask.MANY, "care_given")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("85,000", "85000"), ("８５０００円", "85000"), (" 3 ", "3"), ("1.5時間", "1.5"), ("", "")],
)
def test_a_number_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert check_answer(NUMBER, Given((), typed), ()).words == kept


@pytest.mark.parametrize("typed", ["たくさん", "-3", "1234567890123", "1,5円くらい"])
def test_what_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(Refused, match="数字で"):
        check_answer(NUMBER, Given((), typed), ())


def test_what_is_known_counts_before_not_known_yet() -> None:
    assert check_answer(MANY, Given(("body", UNKNOWN)), ["body"]).values == ("body",)
    assert check_answer(MANY, Given((UNKNOWN,)), ["body"]).is_unknown


def test_the_supporters_view_stands_unless_only_others_know() -> None:
    yes, unknown = Given(("yes",)), Given((UNKNOWN,))
    assert chief({View.SUPPORTER: yes, View.SELF: Given(("no",))}) is View.SUPPORTER
    assert chief({View.SUPPORTER: unknown, View.FAMILY: yes}) is View.FAMILY
    assert chief({View.SUPPORTER: unknown}) is View.SUPPORTER
    assert chief({View.SELF: Given()}) is None


def test_views_differ_only_where_two_were_heard() -> None:
    yes, no = Given(("yes",)), Given(("no",))
    assert views_differ(MANY, {View.SUPPORTER: yes, View.SELF: no})
    assert not views_differ(MANY, {View.SUPPORTER: Given(("a", "b")), View.SELF: Given(("b", "a"))})
    assert not views_differ(MANY, {View.SUPPORTER: yes, View.SELF: Given((UNKNOWN,))})
    assert not views_differ(MANY, {View.SUPPORTER: yes, View.SELF: Given()})
    assert not views_differ(NUMBER, {View.SUPPORTER: Given((), "1"), View.SELF: Given((), "2")})


def test_choices_that_were_hidden_stay_chosen() -> None:
    assert merged(Given(("a", "secret")), Given(("b",)), ["secret"]) == Given(("b", "secret"))
    assert merged(Given(("secret",)), Given((UNKNOWN,)), ["secret"]) == Given(("secret",))
    assert merged(Given(("a",)), Given(("b",)), ["secret"]) == Given(("b",))


# -- screening ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", [stage for stage in Stage if NEXT_STAGES[stage]])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_screening_leads_only_where_the_table_of_stages_allows(outcome: Outcome, now: Stage) -> None:
    for again in (False, True):
        then = stage_after(outcome, now, again=again)
        assert then is None or then in NEXT_STAGES[now]


def test_the_results_are_those_of_the_list() -> None:
    assert {code["value"] for code in LISTS["screening_results"]["codes"]} == set(Outcome.values())
    assert stage_after(Outcome.PLAN, Stage.SUPPORTING) is None
    assert stage_after(Outcome.PLAN, Stage.SUPPORTING, again=True) is Stage.REPLANNING
    assert stage_after(Outcome.STOPPED, Stage.ASSESSING) is None


# -- when --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("1998年", date(1998, 1, 1), date(1998, 12, 31)),
        ("S55.4", date(1980, 4, 1), date(1980, 4, 30)),
        ("昭和55年ごろ", date(1979, 1, 1), date(1981, 12, 31)),
        ("平成7年1月17日", date(1995, 1, 17), date(1995, 1, 17)),
        ("1990年代", date(1990, 1, 1), date(1999, 12, 31)),
        ("小学校のころ", date(1981, 4, 1), date(1987, 3, 31)),
        ("小学生", date(1981, 4, 1), date(1987, 3, 31)),
        ("中学2年", date(1988, 4, 1), date(1989, 3, 31)),
        ("中２のとき", date(1988, 4, 1), date(1989, 3, 31)),
        ("高校時代", date(1990, 4, 1), date(1993, 3, 31)),
        ("就学前", date(1974, 11, 20), date(1981, 3, 31)),
        ("10歳のころ", date(1984, 11, 20), date(1985, 11, 19)),
        ("20代", date(1994, 11, 20), date(2004, 11, 19)),
    ],
)
def test_a_time_is_read_as_people_say_it(said: str, first: date, last: date) -> None:
    when = read_when(said, born=BORN, on=TODAY)
    assert (when.text, when.first, when.last) == (said, first, last)
    assert when.shown


@pytest.mark.parametrize(
    ("born", "first"), [(date(2015, 4, 1), 2021), (date(2015, 4, 2), 2022), (date(2015, 3, 31), 2021)]
)
def test_who_is_born_by_the_first_of_april_goes_to_school_with_the_year_before(
    born: date, first: int
) -> None:
    assert read_when("小学1年", born=born, on=TODAY).first == date(first, 4, 1)


def test_without_a_birth_a_time_of_school_is_kept_as_it_was_said() -> None:
    for said in ("小学校のころ", "10歳のころ", "20代"):
        when = read_when(said, born=None, on=TODAY)
        assert not when.known
        assert when.shown == said
    assert read_when("", born=None, on=TODAY) == When("")
    assert not read_when("不明", born=BORN, on=TODAY).known


@pytest.mark.parametrize("said", ["むかし", "昨年", "5/4/1", "中学5年", "2月30日", "13月", "99999"])
def test_what_is_no_time_is_told_with_an_example(said: str) -> None:
    with pytest.raises(Refused) as told:
        read_when(said, born=BORN, on=TODAY)
    assert len(str(told.value)) > 10


def test_before_the_birth_and_to_come_are_told() -> None:
    for when, words in (
        (When("", date(1970, 1, 1), date(1970, 12, 31)), "生年月日"),
        (When("", date(2027, 1, 1), date(2027, 1, 1)), "まだ来ていない"),
    ):
        with pytest.raises(Refused, match=words):
            check_when(when, born_first=BORN, today=TODAY, label="いつ", field="since")
    # The year of birth itself fits, and this year too.
    check_when(
        When("", date(1974, 1, 1), date(1974, 12, 31)),
        born_first=BORN,
        today=TODAY,
        label="いつ",
        field="since",
    )
    check_when(
        When("", date(2026, 1, 1), date(2026, 12, 31)),
        born_first=BORN,
        today=TODAY,
        label="いつ",
        field="since",
    )


def test_ages_stand_beside_years() -> None:
    born = (BORN, BORN)
    assert ages_at(read_when("1998年", born=BORN, on=TODAY), born=born) == "23〜24歳"
    assert ages_at(read_when("1974年", born=BORN, on=TODAY), born=born) == "0歳"
    assert ages_at(read_when("1998年", born=None, on=TODAY), born=None) == ""


# -- lives -------------------------------------------------------------------------------------------------------------

years = st.integers(1930, 2026)
TEXTS = ["小学校のころ", "中学2年", "高校時代", "20代", "10歳のころ", "就学前", "不明", ""]


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, list[Span]]:
    """A year of birth and things of that life, in every way people say them."""
    born_year = draw(st.integers(1930, 2020))
    born = date(born_year, draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    found = []
    for key in range(draw(st.integers(0, 8))):
        year = draw(st.integers(born_year, 2026))
        said = draw(
            st.sampled_from([f"{year}年", f"{year}年ごろ", f"{year}年{draw(st.integers(1, 12))}月", *TEXTS])
        )
        until_year = draw(st.integers(year, 2026))
        until = draw(st.sampled_from(["", f"{until_year}年"])) if said.startswith(str(year)) else ""
        goes_on = not until and draw(st.booleans())
        found.append(
            Span(
                key,
                read_when(said, born=born, on=TODAY),
                read_when(until, born=born, on=TODAY) if until else None,
                goes_on,
            )
        )
    return born_year, found


@given(spans())
@settings(max_examples=150)
def test_every_year_is_known_or_in_one_gap_and_never_both(life: tuple[int, list[Span]]) -> None:
    born_year, found = life
    known: set[int] = set()
    for span in found:
        covered = span.years(TODAY)
        if covered:
            assert covered[0] <= covered[1] <= TODAY.year
            known.update(range(covered[0], covered[1] + 1))
    shown = gaps(found, born_year=born_year, today=TODAY, shortest=1)
    missing = {year for gap in shown for year in range(gap.first, gap.last + 1)}
    assert not known & missing
    assert known | missing | {born_year, TODAY.year} >= set(range(born_year, TODAY.year + 1))
    assert all(one.last + 1 < other.first for one, other in pairwise(shown))
    assert all(gap.years >= 3 for gap in gaps(found, born_year=born_year, today=TODAY))


@given(spans())
@settings(max_examples=150)
def test_a_life_shows_every_event_once_and_in_order(life: tuple[int, list[Span]]) -> None:
    born_year, found = life
    placed, unplaced = in_order(found)
    lines = timeline(found, born_year=born_year, today=TODAY)
    assert [line.key for line in lines if isinstance(line, Span)] == [span.key for span in placed]
    assert {span.key for span in (*placed, *unplaced)} == {span.key for span in found}
    begins = [line.first if isinstance(line, Gap) else line.begin[0].year for line in lines]
    assert [gap for gap in lines if isinstance(gap, Gap)] == gaps(found, born_year=born_year, today=TODAY)
    for place, line in enumerate(lines):
        if isinstance(line, Gap):
            assert all(begin <= line.first for begin in begins[:place])
            assert all(begin > line.last for begin in begins[place + 1 :])


def test_a_life_of_which_nothing_is_known_has_no_gap_to_show() -> None:
    assert timeline([], born_year=None, today=TODAY) == []
    assert gaps([], born_year=1990, today=TODAY) == [Gap(1991, 2025)]


# -- patterns ----------------------------------------------------------------------------------------------------------


def a(number: int, age: int, **more: object) -> Member:
    basis = {
        key: Basis(f"answer.x.{key}", number, key, "state")
        for key in ("work", "care", "school", "withdrawn", "contacts", "marriage", "care_level", "daily_help")
    }
    return Member(number, f"人{number}", age, age, basis=basis, **more)  # type: ignore[arg-type]


PARENTS = frozenset({(1, 2)})
OLD, JOBLESS = a(1, 82), a(2, 51, work="not_seeking")
HOUSEHOLDS = {
    Pattern.EIGHT_FIFTY: HouseholdFacts((OLD, JOBLESS), PARENTS),
    Pattern.YOUNG_CARER: HouseholdFacts((a(1, 40), a(2, 12, care=frozenset({"siblings"}))), PARENTS),
    Pattern.DOUBLE_CARE: HouseholdFacts((a(1, 40, care=frozenset({"body"})), a(2, 5)), PARENTS),
    Pattern.OLD_CARING_OLD: HouseholdFacts((a(1, 70, care=frozenset({"body"})), a(2, 90, care_level="care_2"))),
    Pattern.SCHOOL_TO_HOME: HouseholdFacts((a(1, 30, withdrawn="room_only"), a(2, 14, school="hardly"))),
    Pattern.SINGLE_PARENT_MONEY: HouseholdFacts((a(1, 35, marriage="parted"), a(2, 6)), PARENTS, budget="short"),
    Pattern.AFTER_SUPPORT: HouseholdFacts((), ended=(Ended(7, "健康", date(2025, 1, 1), "contact_lost", False),)),
    Pattern.ISOLATED: HouseholdFacts((a(1, 70, contacts=frozenset({"supporters"})),)),
}  # fmt: skip


@pytest.mark.parametrize("pattern", list(Pattern))
def test_each_form_is_found_and_rests_on_records(pattern: Pattern) -> None:
    found = find_patterns(HOUSEHOLDS[pattern])
    assert [one.pattern for one in found] == [pattern]
    assert found[0].basis
    assert found[0].words.endswith("。")


NOT_SO = {
    "a child with work": HouseholdFacts((OLD, a(2, 51, work="working")), PARENTS),
    "nobody said whether there is work": HouseholdFacts((OLD, a(2, 51)), PARENTS),
    "they live apart": HouseholdFacts((OLD, a(2, 51, work="not_seeking", lives_here=False)), PARENTS),
    "they are no parent and child": HouseholdFacts((OLD, JOBLESS)),
    "an age nobody knows": HouseholdFacts((Member(1, "人1"), JOBLESS), PARENTS),
    "a child who cares for nobody": HouseholdFacts((a(1, 12, care=frozenset({"none"})),)),
    "a grown-up who cares": HouseholdFacts((a(1, 18, care=frozenset({"siblings"})),)),
    "two parents": HouseholdFacts((a(1, 35), a(3, 36), a(2, 6)), frozenset({(1, 2), (3, 2)}), budget="short"),
    "a single parent who has enough": HouseholdFacts((a(1, 35), a(2, 6)), PARENTS, budget="enough"),
    "somebody was heard since": HouseholdFacts((), ended=(Ended(7, "健康", date(2025, 1, 1), "contact_lost", True),)),
    "it was solved": HouseholdFacts((), ended=(Ended(7, "健康", date(2025, 1, 1), "resolved", False),)),
    "somebody has a friend": HouseholdFacts((a(1, 70, contacts=frozenset({"supporters", "friends"})),)),
    "nobody asked about ties": HouseholdFacts((a(1, 70),)),
}  # fmt: skip


@pytest.mark.parametrize("facts", NOT_SO.values(), ids=NOT_SO)
def test_a_form_is_not_seen_where_the_records_do_not_say_so(facts: HouseholdFacts) -> None:
    assert find_patterns(facts) == []


def test_every_form_has_a_rule_in_plain_words_with_a_source() -> None:
    assert [rule.pattern for rule in RULES] == list(Pattern)
    assert all(rule.plain.endswith("。") and rule.source for rule in RULES)


def test_an_answer_rests_until_the_records_change_or_its_day_comes() -> None:
    later = TODAY + timedelta(days=10)
    assert rests(Verdict.CONFIRMED, same_records=True, until_on=None, today=TODAY)
    assert not rests(Verdict.REJECTED, same_records=False, until_on=None, today=TODAY)
    assert rests(Verdict.POSTPONED, same_records=True, until_on=later, today=TODAY)
    assert not rests(Verdict.POSTPONED, same_records=True, until_on=later, today=later)


def test_a_birthday_is_no_change_of_records() -> None:
    (before,) = find_patterns(HouseholdFacts((OLD, JOBLESS), PARENTS))
    (since,) = find_patterns(HouseholdFacts((a(1, 83), a(2, 52, work="not_seeking")), PARENTS))
    assert before.fingerprint == since.fingerprint
