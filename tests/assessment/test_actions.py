"""The deeds on the real database: rounds, answers that are never overwritten, two workers, screening, lives, strengths."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.assessment.factories import Household3, a_family_file, said
from tests.factories import NOW, TODAY, a_concern, a_worker, office_of
from tsunagi.assessment.actions import (
    BothWrote,
    LifeWish,
    NotKnown,
    ScreeningWish,
    StrengthWish,
    add_life_event,
    add_strength,
    answer_pattern,
    begin_assessment,
    correct_life_event,
    correct_strength,
    finish_assessment,
    remove_life_event,
    screen,
    settle_unknown,
    write_section,
)
from tsunagi.assessment.models import Answer, LifeEventVersion, StrengthVersion, Unknown
from tsunagi.assessment.queries import (
    difference_of,
    history_of,
    pattern_found,
    patterns_of,
    sheet_of,
    strengths_of,
)
from tsunagi.assessment.rules import Given, LifeKind, Outcome, Section, Source, Verdict, View, Whose
from tsunagi.cases.actions import close_case
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.holding.actions import Served, Stale, close_concern, pass_promise, record_contact
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def file() -> Household3:
    return a_family_file()


def stage_of(file: Household3) -> Stage:
    return Stage(Case.objects.get(pk=file.case.pk).stage)


# -- rounds and the stage ------------------------------------------------------------------------------------------------


def test_a_file_is_assessed_once_at_a_time_and_again_after_it_was_finished(file: Household3) -> None:
    first = begin_assessment(file.case, by=file.worker, at=NOW)
    assert stage_of(file) is Stage.ASSESSING
    with pytest.raises(Refused, match="まだまとめていない"):
        begin_assessment(file.case, by=file.worker, at=NOW)
    with pytest.raises(Refused, match="まだ何も書かれていません"):
        finish_assessment(first, on=TODAY, by=file.worker, at=NOW)
    said(file, first, "basic", route=["self_phone"])
    with pytest.raises(Refused, match="まだ来ていない日"):
        finish_assessment(first, on=TODAY + timedelta(days=1), by=file.worker, at=NOW)
    with pytest.raises(Refused, match="始めた日より前"):
        finish_assessment(first, on=TODAY - timedelta(days=1), by=file.worker, at=NOW)
    finish_assessment(first, on=TODAY, by=file.worker, at=NOW)
    assert stage_of(file) is Stage.DECIDING
    with pytest.raises(Refused, match="まとめ終わって"):
        said(file, first, "basic", route=["other"])
    second = begin_assessment(file.case, by=file.worker, at=NOW + timedelta(days=90))
    assert second.number == 2
    assert sheet_of(file.worker, file.case, on=TODAY, number=1).part("basic").questions[0].shown
    assert Entry.objects.filter(action="assessment.begun").count() == 2


def test_a_closed_file_is_only_read(file: Household3) -> None:
    first = begin_assessment(file.case, by=file.worker, at=NOW)
    file.case.case_concerns.all().delete()
    close_case(file.case, by=file.worker, at=NOW, main_office="相談室")
    for deed in (
        lambda: said(file, first, "basic", route=["other"]),
        lambda: add_strength(
            file.case, StrengthWish(file.haru.pk, Whose.PERSON, "畑"), by=file.worker, at=NOW
        ),
        lambda: add_life_event(
            file.case, file.haru.pk, LifeWish(LifeKind.WORK, "就職"), by=file.worker, at=NOW
        ),
        lambda: begin_assessment(file.case, by=file.worker, at=NOW),
    ):
        with pytest.raises(Refused, match="終結しています"):
            deed()


@pytest.mark.parametrize(
    ("outcome", "more", "stage"),
    [
        (Outcome.SEEKING_CONSENT, {}, Stage.CONSENT),
        (Outcome.PLAN, {"reasons": ("many",)}, Stage.PLANNING),
        (Outcome.INFORMATION_ONLY, {}, Stage.ASSESSING),
        (Outcome.OTHER_SERVICE, {"elsewhere": "障がい福祉課"}, Stage.ASSESSING),
        (Outcome.STOPPED, {}, Stage.ASSESSING),
    ],
)
def test_a_screening_moves_the_stage_and_closes_nothing(
    file: Household3, outcome: Outcome, more: dict, stage: Stage
) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    wish = ScreeningWish(TODAY, outcome, urgent=("food",), **more)
    screen(assessment, wish, by=file.worker, at=NOW)
    assert stage_of(file) is stage
    card = sheet_of(file.worker, file.case, on=TODAY).screening
    assert (card.outcome, card.urgent, card.leads_to_closing) == (
        outcome.value, ("食料",), stage is Stage.ASSESSING,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (ScreeningWish(TODAY, Outcome.PLAN), "支援を決めた理由"),
        (ScreeningWish(TODAY, Outcome.OTHER_SERVICE), "どの制度・機関"),
        (ScreeningWish(TODAY + timedelta(days=1), Outcome.STOPPED), "まだ来ていない日"),
        (ScreeningWish(TODAY - timedelta(days=1), Outcome.STOPPED), "始めた日より前"),
        (ScreeningWish(TODAY, Outcome.STOPPED, urgent_words="123456789018"), "個人番号"),
    ],
)
def test_a_screening_that_lacks_something_says_what(
    file: Household3, wish: ScreeningWish, words: str
) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    with pytest.raises(Refused, match=words):
        screen(assessment, wish, by=file.worker, at=NOW)


# -- answers -------------------------------------------------------------------------------------------------------------


def test_an_answer_keeps_what_it_was(file: Household3) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    said(file, assessment, "health", file.haru, condition=["good"], treatment="なし")
    said(file, assessment, "health", file.haru, condition=["treated"], treatment="なし")
    rows = Answer.objects.filter(question="condition").order_by("id")
    assert [row.values for row in rows] == [["good"], ["treated"]]
    assert Answer.objects.filter(question="treatment").count() == 1, (
        "what did not change is not written again"
    )
    part = sheet_of(file.worker, file.case, on=TODAY).part("health", file.haru.pk)
    assert part.questions[0].shown == "通院している"
    with pytest.raises(ProgrammingError), transaction.atomic():
        Answer.objects.update(words="上書き")


def test_views_stand_side_by_side_and_none_replaces_another(file: Household3) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    said(file, assessment, "health", file.haru, condition=["not_good"])
    said(file, assessment, "health", file.haru, view="self", condition=["good"], facts="どこも悪くない")
    with pytest.raises(Refused, match="画面が古く"):
        said(file, assessment, "health", file.haru, view="self", insurance=["national"])
    part = sheet_of(file.worker, file.case, on=TODAY).part("health", file.haru.pk)
    (question,) = part.different
    assert [(answer.view_label, answer.shown) for answer in question.answers] == [
        ("支援者", "良くない"),
        ("本人", "良い"),
    ]
    assert question.shown == "良くない"
    assert part.facts[0].words == "どこも悪くない"


def test_two_workers_on_one_section_keep_what_they_did_not_both_touch(file: Household3) -> None:
    colleague = a_worker(office_of(file.worker))
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    start = said(file, assessment, "money", budget=["tight"], debt_words="")
    said(
        file,
        assessment,
        "money",
        by=colleague,
        revision=start.revision,
        budget=["tight"],
        debt_words="カード2社",
    )
    said(file, assessment, "money", revision=start.revision, budget=["short"], debt_words="")
    part = sheet_of(file.worker, file.case, on=TODAY).part("money")
    shown = {question.key: question.shown for question in part.questions}
    assert (shown["budget"], shown["debt_words"]) == ("足りない", "カード2社")


def test_two_workers_on_one_answer_are_told_and_nothing_is_stored(file: Household3) -> None:
    colleague = a_worker(office_of(file.worker))
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    start = said(file, assessment, "money", facts="家賃が2か月")
    said(file, assessment, "money", by=colleague, revision=start.revision, facts="家賃が3か月")
    with pytest.raises(BothWrote) as told:
        said(file, assessment, "money", revision=start.revision, facts="家賃が4か月", budget=["short"])
    assert told.value.questions == ("facts",)
    assert not Answer.objects.filter(question="budget").exists()
    # Who begins a section that somebody began meanwhile is told in the same way.
    said(file, assessment, "housing", by=colleague, revision=0, rent="50000")
    with pytest.raises(BothWrote):
        said(file, assessment, "housing", revision=0, rent="60000")
    said(file, assessment, "housing", revision=1, rent="60000")


def test_what_is_too_long_no_number_or_a_my_number_is_refused_in_a_sentence(file: Household3) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    for answers, words in (
        ({"facts": "あ" * 20_001}, "長すぎます"),
        ({"debt_words": "123456789018"}, "個人番号"),
        ({"budget": ["nonsense"]}, "選べない項目"),
        ({"budget": ["tight", "short"]}, "ひとつだけ"),
    ):
        with pytest.raises(Refused, match=words):
            said(file, assessment, "money", **answers)
    with pytest.raises(Refused, match="数字で"):
        said(file, assessment, "housing", rent="五万")
    said(file, assessment, "housing", rent="５０，０００円")
    part = sheet_of(file.worker, file.case, on=TODAY).part("housing")
    assert {question.key: question.shown for question in part.questions}["rent"] == "50,000円"


def test_what_is_not_known_yet_is_promised_by_whoever_finds_out(file: Household3) -> None:
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)

    def write(not_known: NotKnown, revision: int) -> None:
        write_section(
            assessment, Section.HEALTH, file.haru.pk, View.SUPPORTER, {"insurance": Given(("not_known_yet",))},
            revision=revision, facets=file.family.facets_of(file.haru.pk), not_known=not_known, by=file.worker, at=NOW,
        )  # fmt: skip

    for wish, words in (
        (NotKnown("", None, TODAY), "何を確かめるか"),
        (NotKnown("保険証", None, TODAY), "だれが確かめるか"),
        (NotKnown("保険証", file.worker.pk, TODAY - timedelta(days=1)), "過ぎた日"),
        (NotKnown("保険証", a_worker().pk, TODAY), "この支援の機関"),
    ):
        with pytest.raises(Refused, match=words):
            write(wish, 0)
    write(NotKnown("保険証があるか", file.worker.pk, TODAY + timedelta(days=7)), 0)
    connection.check_constraints()
    promise = Promise.objects.get(subject_kind="case", is_open=True)
    assert promise.due_on == TODAY + timedelta(days=7)
    assert "健康" not in promise.what
    sheet = sheet_of(file.worker, file.case, on=TODAY)
    assert [one.words for one in sheet.unknowns] == ["保険証があるか"]
    assert [one.key for one in sheet.part("health", file.haru.pk).not_known] == ["insurance"]
    unknown = Unknown.objects.get()
    with pytest.raises(Refused, match="分かったこと"):
        settle_unknown(unknown, words=" ", by=file.worker, at=NOW)
    settle_unknown(unknown, words="後期高齢者医療の保険証があった", by=file.worker, at=NOW)
    settle_unknown(unknown, words="二度目", by=file.worker, at=NOW)
    connection.check_constraints()
    assert not Promise.objects.filter(subject_kind="case", is_open=True).exists()
    assert Unknown.objects.get().settled_words.startswith("後期高齢者")
    assert not sheet_of(file.worker, file.case, on=TODAY).unknowns


def test_whoever_took_the_promise_over_finds_it_out(file: Household3) -> None:
    successor = a_worker(office_of(file.worker), name="井上 誠")
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    write_section(
        assessment, Section.MONEY, None, View.SUPPORTER, {}, revision=0, facets=file.family.facets,
        not_known=NotKnown("年金の額", file.worker.pk, TODAY + timedelta(days=7)), by=file.worker, at=NOW,
    )  # fmt: skip
    later = TODAY + timedelta(days=14)
    first = Promise.objects.get(subject_kind="case", is_open=True)
    pass_promise(first, worker_id=successor.pk, due_on=later, by=file.worker, at=NOW)
    connection.check_constraints()
    (card,) = sheet_of(file.worker, file.case, on=TODAY).unknowns
    assert (card.finder, card.by_on) == ("井上 誠", later)
    settle_unknown(Unknown.objects.get(), words="月6万円", by=successor, at=NOW)
    connection.check_constraints()
    assert not Promise.objects.filter(subject_kind="case", is_open=True).exists()


def test_the_difference_from_the_assessment_before(file: Household3) -> None:
    first = begin_assessment(file.case, by=file.worker, at=NOW)
    said(file, first, "money", budget=["short"], tax=["exempt"])
    said(file, first, "health", file.haru, condition=["not_good"])
    finish_assessment(first, on=TODAY, by=file.worker, at=NOW)
    second = begin_assessment(file.case, by=file.worker, at=NOW)
    said(file, second, "money", budget=["tight"], tax=["exempt"], facts="年金で足りるようになった")
    changed = difference_of(file.worker, file.case, on=TODAY, number=2)
    assert [(one.question, one.before, one.now) for one in changed] == [
        ("家計の状況", "足りない", "ぎりぎり"),
        ("事実（見たこと・確かめたこと）", "", "年金で足りるようになった"),
    ]
    assert difference_of(file.worker, file.case, on=TODAY, number=1) == ()


# -- strengths and lives ---------------------------------------------------------------------------------------------------


def test_a_strength_is_put_right_and_ended_with_its_history(file: Household3) -> None:
    wish = StrengthWish(
        file.kenichi.pk, Whose.PERSON, "料理ができる", "昼に3人分を作っている", View.SUPPORTER, "高校のころ"
    )
    made = add_strength(file.case, wish, by=file.worker, at=NOW)
    better = StrengthWish(file.kenichi.pk, Whose.PERSON, "毎日料理をしている", told_by=View.SELF)
    correct_strength(made, better, revision=1, by=file.worker, at=NOW)
    with pytest.raises(Stale):
        correct_strength(made, wish, revision=1, by=file.worker, at=NOW)
    (card,) = strengths_of(file.worker, file.case, on=TODAY)
    assert (card.subject, card.words, card.earlier[0].words) == (
        "森田 健一",
        "毎日料理をしている",
        "料理ができる",
    )
    assert StrengthVersion.objects.count() == 1
    ended = StrengthWish(
        file.kenichi.pk, Whose.PERSON, "毎日料理をしている", ended_on=TODAY, ended_words="けがのため"
    )
    correct_strength(made, ended, revision=2, by=file.worker, at=NOW)
    assert strengths_of(file.worker, file.case, on=TODAY, ended=False) == ()
    for bad, words in (
        (StrengthWish(file.haru.pk, Whose.PERSON, " "), "どんな強みか"),
        (
            StrengthWish(file.haru.pk, Whose.PERSON, "畑", ended_on=TODAY + timedelta(days=1)),
            "まだ来ていない日",
        ),
        (StrengthWish(file.haru.pk, Whose.PERSON, "畑", evidence="123456789018"), "個人番号"),
    ):
        with pytest.raises(Refused, match=words):
            add_strength(file.case, bad, by=file.worker, at=NOW)


def test_a_life_is_told_in_order_with_its_gaps(file: Household3) -> None:
    for wish in (
        LifeWish(LifeKind.SCHOOL, "不登校になる", since="中学2年", source=Source.FAMILY, source_words="母"),
        LifeWish(LifeKind.WORK, "工場で働く", since="1993年4月", until="1997", source=Source.SELF),
        LifeWish(LifeKind.SUPPORT_BEGUN, "相談室とつながる", since="R6.10", goes_on=True),
        LifeWish(LifeKind.HARD, "父とけんかが続いた"),
    ):
        add_life_event(file.case, file.kenichi.pk, wish, by=file.worker, at=NOW)
    life = next(
        one for one in history_of(file.worker, file.case, on=TODAY) if one.person_id == file.kenichi.pk
    )
    shown = [line.gap.words if line.gap else line.event.words for line in life.lines]
    assert shown == [
        "生まれる", "1975〜1987年", "不登校になる", "1990〜1992年", "工場で働く", "1998〜2023年", "相談室とつながる",
    ]  # fmt: skip
    assert [card.words for card in life.unplaced] == ["父とけんかが続いた"]
    school = life.lines[2].event
    assert "1988〜1989年ごろ" in school.when
    assert school.ages == "13〜14歳"
    assert school.source == "家族（母）"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (LifeWish(LifeKind.WORK, "就職", since="1950年"), "生年月日"),
        (LifeWish(LifeKind.WORK, "就職", since="2030年"), "まだ来ていない日"),
        (LifeWish(LifeKind.WORK, "就職", since="ずっと前"), "いつのことか読めません"),
        (LifeWish(LifeKind.WORK, "就職", since="2000年", until="1999年"), "終わりが始まりより前"),
        (LifeWish(LifeKind.WORK, "就職", since="2000年", until="2001年", goes_on=True), "いつまで"),
        (LifeWish(LifeKind.WORK, " "), "何があったか"),
        (LifeWish(LifeKind.WORK, "あ" * 201), "長すぎます"),
        (LifeWish(LifeKind.WORK, "就職", detail="123456789018"), "個人番号"),
    ],
)
def test_a_life_event_that_cannot_be_says_why(file: Household3, wish: LifeWish, words: str) -> None:
    with pytest.raises(Refused, match=words):
        add_life_event(file.case, file.kenichi.pk, wish, by=file.worker, at=NOW)


def test_a_life_event_is_corrected_and_taken_out_with_its_history(file: Household3) -> None:
    made = add_life_event(
        file.case, file.haru.pk, LifeWish(LifeKind.MOVE, "市営住宅へ", since="S50"), by=file.worker, at=NOW
    )
    corrected = LifeWish(LifeKind.MOVE, "市営住宅へ", since="S52")
    correct_life_event(made, corrected, revision=1, by=file.worker, at=NOW)
    with pytest.raises(Stale):
        correct_life_event(made, corrected, revision=1, by=file.worker, at=NOW)
    assert LifeEventVersion.objects.get().body["since_text"] == "S50"
    with pytest.raises(Refused, match="取り消すわけ"):
        remove_life_event(made, why=" ", by=file.worker, at=NOW)
    remove_life_event(made, why="別の方のこと", by=file.worker, at=NOW)
    remove_life_event(made, why="二度目", by=file.worker, at=NOW)
    life = next(one for one in history_of(file.worker, file.case, on=TODAY) if one.person_id == file.haru.pk)
    assert life.is_empty is False, "the birth is known"
    assert life.removed[0][:2] == ("市営住宅へ", "別の方のこと")


# -- patterns --------------------------------------------------------------------------------------------------------------


def test_a_pattern_is_asked_answered_and_asked_again_when_its_records_change(file: Household3) -> None:
    assert patterns_of(file.case, file.family, on=TODAY) == ()
    assessment = begin_assessment(file.case, by=file.worker, at=NOW)
    said(file, assessment, "work_school", file.kenichi, work=["not_seeking"])
    (card,) = patterns_of(file.case, file.family, on=TODAY)
    assert (card.label, card.is_asked) == ("8050の形", True)
    assert any("就労状況" in one.words and one.section == "work_school" for one in card.basis)
    found = pattern_found(file.case, file.family, card.pattern, card.persons, on=TODAY)
    for verdict, more, words in (
        (Verdict.REJECTED, {}, "わけを"),
        (Verdict.POSTPONED, {}, "いつ見直すか"),
        (Verdict.POSTPONED, {"until_on": TODAY}, "明日より先"),
    ):
        with pytest.raises(Refused, match=words):
            answer_pattern(file.case, found, verdict, by=file.worker, at=NOW, **more)
    answer_pattern(file.case, found, Verdict.CONFIRMED, by=file.worker, at=NOW)
    (card,) = patterns_of(file.case, file.family, on=TODAY + timedelta(days=900))
    assert not card.is_asked, "a birthday asks nobody again"
    said(file, assessment, "work_school", file.kenichi, work=["seeking"])
    (card,) = patterns_of(file.case, file.family, on=TODAY)
    assert card.is_asked
    assert card.earlier.verdict == "confirmed"
    found = pattern_found(file.case, file.family, card.pattern, card.persons, on=TODAY)
    answer_pattern(
        file.case, found, Verdict.POSTPONED, until_on=TODAY + timedelta(days=30), by=file.worker, at=NOW
    )
    assert not patterns_of(file.case, file.family, on=TODAY)[0].is_asked
    assert patterns_of(file.case, file.family, on=TODAY + timedelta(days=30))[0].is_asked
    said(file, assessment, "work_school", file.kenichi, work=["working"])
    assert patterns_of(file.case, file.family, on=TODAY) == ()


def test_a_birth_put_right_moves_what_hangs_on_it(file: Household3) -> None:
    add_life_event(
        file.case,
        file.kenichi.pk,
        LifeWish(LifeKind.SCHOOL, "転校", since="小学校のころ"),
        by=file.worker,
        at=NOW,
    )
    file.kenichi.birth_on, file.kenichi.birth_year = date(1984, 11, 20), 1984
    file.kenichi.save()
    life = next(
        one for one in history_of(file.worker, file.case, on=TODAY) if one.person_id == file.kenichi.pk
    )
    moved = next(line.event for line in life.lines if line.event and line.event.words == "転校")
    assert "1991〜1997年" in moved.when


def test_support_that_ended_in_silence_is_asked_about(file: Household3) -> None:
    long_ago = NOW - timedelta(days=240)
    concern = a_concern(held_by=file.worker, of=file.kenichi, at=long_ago, description="歯の治療")
    wish = ClosingWish(
        outcome=ClosingOutcome.AGREED_PAUSE,
        word_of=WordOf.PERSON,
        told_return="電話してよい",
        card="カード",
    )
    close_concern(concern.pk, wish, by=file.worker, at=long_ago + timedelta(days=5))
    connection.check_constraints()
    (card,) = patterns_of(file.case, file.family, on=TODAY)
    assert card.pattern == "after_support"
    assert "歯の治療" in card.words
    assert patterns_of(file.case, file.family, on=TODAY - timedelta(days=100)) == ()
    held = a_concern(
        held_by=file.worker, of=file.kenichi, at=NOW - timedelta(days=2), description="歯がまた痛む"
    )
    record_contact("met", [Served(held.pk)], by=file.worker, at=NOW - timedelta(days=1), words="会えた")
    assert patterns_of(file.case, file.family, on=TODAY) == ()
