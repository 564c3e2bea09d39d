"""The pages of the assessment: who gets there, facets, drafts, two workers, long texts, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.assessment.factories import Household3, a_family_file, said
from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.assessment.actions import (
    LifeWish,
    NotKnown,
    StrengthWish,
    add_life_event,
    add_strength,
    begin_assessment,
    finish_assessment,
    write_section,
)
from tsunagi.assessment.models import Answer, Assessment, LifeEvent, PatternWord, Screening, Strength, Unknown
from tsunagi.assessment.queries import history_of, narrowed, sheet_of
from tsunagi.assessment.rules import Given, LifeKind, Section, View, Whose
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.desk.queries.places import places_named
from tsunagi.people.actions import involve, protect
from tsunagi.people.models import Membership
from tsunagi.people.rules import Facet, ReasonKind

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Call) -> None:
    set_clock(NOW)


@pytest.fixture
def file() -> Household3:
    return a_family_file()


@pytest.fixture
def assessment(file: Household3) -> Assessment:
    return begin_assessment(file.case, by=file.worker, at=NOW)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def url(name: str, *args: Any) -> str:
    return reverse(f"assessment:{name}", args=args)


def somebody_with(file: Household3, *facets: Facet) -> Worker:
    """A colleague of another office that came in by consent, with these facets of everybody in the household."""
    worker = a_worker(an_office("障がい福祉課"))
    for party_id in (file.household.pk, file.haru.pk, file.kenichi.pk):
        involve(
            party_id, office_of(worker).pk, ground="02", facets=[facet.value for facet in facets],
            reason_kind=ReasonKind.REFERRAL, reason_id=party_id, at=NOW,
        )  # fmt: skip
    return worker


# -- the doors -------------------------------------------------------------------------------------------------------------


@pytest.mark.visits(
    "assessment:index", "assessment:whole", "assessment:begin", "assessment:section", "assessment:screening",
    "assessment:finish", "assessment:difference", "assessment:history", "assessment:strength_new", "assessment:life_new",
)  # fmt: skip
def test_only_those_with_the_household_come_in(
    three_people: Call, file: Household3, assessment: Assessment
) -> None:
    stranger = a_worker()
    for where in (
        url("index", file.case.pk),
        url("whole", file.case.pk),
        url("begin", file.case.pk),
        url("section", file.case.pk, "health", file.haru.pk),
        url("section", file.case.pk, "money", 0),
        url("screening", file.case.pk),
        url("finish", file.case.pk),
        url("difference", file.case.pk, 1),
        url("history", file.case.pk),
        url("strength_new", file.case.pk),
        url("life_new", file.case.pk, file.haru.pk),
    ):
        three_people(where, allowed=file.worker, stranger=stranger)


@pytest.mark.visits(
    "assessment:unknown",
    "assessment:pattern",
    "assessment:strength_edit",
    "assessment:life_edit",
    "assessment:life_remove",
)
def test_what_is_written_opens_by_the_same_door(
    three_people: Call, client_of: Call, file: Household3, assessment: Assessment
) -> None:
    write_section(
        assessment, Section.MONEY, None, View.SUPPORTER, {"budget": Given(("short",))}, revision=0,
        facets=file.family.facets, not_known=NotKnown("年金の額"), by=file.worker, at=NOW,
    )  # fmt: skip
    said(file, assessment, "work_school", file.kenichi, work=["not_seeking"])
    strength = add_strength(file.case, StrengthWish(file.haru.pk, Whose.PERSON, "畑"), by=file.worker, at=NOW)
    event = add_life_event(
        file.case, file.haru.pk, LifeWish(LifeKind.WORK, "織物の仕事"), by=file.worker, at=NOW
    )
    persons = f"{file.haru.pk},{file.kenichi.pk}"
    stranger = a_worker()
    for where in (
        url("unknown", file.case.pk, Unknown.objects.get().pk),
        f"{url('pattern', file.case.pk, 'eight_fifty')}?persons={persons}",
        url("strength_edit", file.case.pk, strength.pk),
        url("life_edit", file.case.pk, event.pk),
        url("life_remove", file.case.pk, event.pk),
    ):
        three_people(where, allowed=file.worker, stranger=stranger)
    other = a_family_file(file.worker)
    client = client_of(file.worker)
    for name, number in (
        ("unknown", Unknown.objects.get().pk),
        ("strength_edit", strength.pk),
        ("life_edit", event.pk),
        ("life_remove", event.pk),
    ):
        assert client.get(url(name, other.case.pk, number)).status_code == 404, "another household's"
        assert client.get(url(name, file.case.pk, 99999999)).status_code == 404
    assert client.get(f"{url('pattern', file.case.pk, 'nonsense')}?persons={persons}").status_code == 404
    assert client.get(url("section", file.case.pk, "nonsense", 0)).status_code == 404
    assert client.get(url("section", file.case.pk, "health", 0)).status_code == 404
    assert client.get(url("section", file.case.pk, "health", other.haru.pk)).status_code == 404
    assert client.get(url("difference", file.case.pk, 7)).status_code == 404


def test_another_office_reads_and_does_not_write(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "money", budget=["short"])
    colleague = a_worker(an_office("障がい福祉課"))
    a_concern(held_by=colleague, of=file.household)
    client = client_of(colleague)
    page = text(client.get(url("index", file.case.pk)))
    assert "/section/" not in page
    assert "足りない" in text(client.get(url("whole", file.case.pk)))
    for name, *rest in (("section", "money", 0), ("begin",), ("screening",), ("finish",), ("strength_new",)):
        assert client.get(url(name, file.case.pk, *rest)).status_code == 404


# -- facets ----------------------------------------------------------------------------------------------------------------


def test_without_the_facet_a_section_is_not_there(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "health", file.haru, condition=["not_good"], treatment="心療内科に月1回")
    said(file, assessment, "basic", file.haru, traits=["01", "20"])
    add_life_event(file.case, file.haru.pk, LifeWish(LifeKind.ILLNESS, "入院"), by=file.worker, at=NOW)
    add_life_event(file.case, file.haru.pk, LifeWish(LifeKind.WORK, "織物の仕事"), by=file.worker, at=NOW)
    add_strength(file.case, StrengthWish(file.haru.pk, Whose.PERSON, "畑の世話"), by=file.worker, at=NOW)
    base = (Facet.BASIC, Facet.HOUSEHOLD, Facet.CONSULTATION, Facet.PROGRESS)
    seer, half = (
        somebody_with(file, *base, Facet.HEALTH, Facet.LIFE_HISTORY),
        somebody_with(file, *base, Facet.LIFE_HISTORY),
    )
    none = somebody_with(file, *base)
    index, whole, history = (url(name, file.case.pk) for name in ("index", "whole", "history"))
    assert "心療内科" in text(client_of(seer).get(whole))
    for worker in (half, none):
        client = client_of(worker)
        for where in (index, whole):
            page = text(client.get(where))
            assert "健康" not in page
            assert "心療内科" not in page
            assert "お金" not in page
        page = text(client.get(whole))
        assert "ひとり親" in page
        assert "病気" not in page, "a choice that tells of health"
    assert "入院" in text(client_of(seer).get(history))
    page = text(client_of(half).get(history))
    assert ("入院" in page, "織物の仕事" in page) == (False, True)
    page = text(client_of(none).get(history))
    assert ('id="life-' in page, "織物の仕事" in page, "畑の世話" in page) == (False, False, True)


def test_a_protected_member_is_not_in_the_household_of_who_only_sees_the_household(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "health", file.child, condition=["good"])
    colleague = a_worker(an_office("障がい福祉課"))
    a_concern(held_by=colleague, of=file.household)
    assert "森田 葵" in text(client_of(colleague).get(url("whole", file.case.pk)))
    protect(file.child, category="provisional", reason="父からの暴力", by=file.worker, at=NOW)
    connection.check_constraints()
    for name in ("index", "whole", "history"):
        assert "森田 葵" not in text(client_of(colleague).get(url(name, file.case.pk)))


def test_a_place_that_was_written_down_is_found_when_somebody_is_protected(
    file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "work_school", file.haru, career="西山公園の売店で働く")
    said(
        file, assessment, "work_school", file.haru, career="公園の売店で働く", qualifications="西山公園の名札"
    )
    add_strength(
        file.case, StrengthWish(file.haru.pk, Whose.PERSON, "西山公園を毎朝歩く"), by=file.worker, at=NOW
    )
    add_life_event(
        file.case, file.haru.pk, LifeWish(LifeKind.MOVE, "西山公園の近くへ"), by=file.worker, at=NOW
    )
    found = places_named(file.worker, file.haru.pk, ["西山公園"])
    assert sorted(row.kind for row in found) == ["アセスメント", "強み", "生育歴"]
    assert all(row.subject_kind == "case" and row.office_id == file.case.office_id for row in found)


def test_who_left_the_household_is_read_only_by_who_is_with_them_still(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "health", file.kenichi, treatment="心療内科")
    Membership.objects.filter(person=file.kenichi).update(ended_at=NOW)
    assert "心療内科" not in text(client_of(file.worker).get(url("whole", file.case.pk)))
    a_concern(held_by=file.worker, of=file.kenichi)
    page = text(client_of(file.worker).get(url("whole", file.case.pk)))
    assert "心療内科" in page
    assert "別居" in page


def test_what_was_open_in_the_last_round_stays_until_it_is_found_out(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    write_section(
        assessment, Section.MONEY, None, View.SUPPORTER, {"budget": Given(("short",))}, revision=0,
        facets=file.family.facets, not_known=NotKnown("年金の額"), by=file.worker, at=NOW,
    )  # fmt: skip
    finish_assessment(assessment, on=TODAY, by=file.worker, at=NOW)
    begin_assessment(file.case, by=file.worker, at=NOW)
    client = client_of(file.worker)
    for where in (url("index", file.case.pk), url("section", file.case.pk, "money", 0)):
        assert "年金の額" in text(client.get(where))
    unknown = Unknown.objects.get()
    assert client.post(url("unknown", file.case.pk, unknown.pk), {"words": "月6万円"}).status_code == 302
    assert "年金の額" not in text(client.get(url("index", file.case.pk)))


def test_the_writer_keeps_what_they_cannot_see(file: Household3, assessment: Assessment) -> None:
    facets = file.family.facets_of(file.haru.pk)
    every = facets | {Facet.JUSTICE.value, Facet.RESIDENCE_LANGUAGE.value}

    def write(values: tuple[str, ...], seen: Any, at: Assessment, revision: int) -> None:
        write_section(
            at, Section.BASIC, file.haru.pk, View.SUPPORTER, {"traits": Given(values)}, revision=revision, facets=seen,
            by=file.worker, at=NOW,
        )  # fmt: skip

    write(("01", "23"), every, assessment, 0)
    shown = sheet_of(file.worker, file.case, on=TODAY).part("basic", file.haru.pk).questions
    assert next(one for one in shown if one.key == "traits").shown == "病気"
    write(("20",), facets, assessment, 1)
    assert set(Answer.objects.filter(question="traits").latest("id").values) == {"20", "23"}
    finish_assessment(assessment, on=TODAY, by=file.worker, at=NOW)
    again = begin_assessment(file.case, by=file.worker, at=NOW)
    write(("20", "27"), facets, again, 0)
    assert set(Answer.objects.filter(question="traits").latest("id").values) == {"20", "27", "23"}


def test_a_paper_may_call_people_otherwise(file: Household3, assessment: Assessment) -> None:
    said(file, assessment, "health", file.haru, condition=["not_good"])
    masked = narrowed(file.family, called={file.haru.pk: "母（82歳）"})
    sheet = sheet_of(file.worker, file.case, on=TODAY, family=masked)
    assert sheet.part("health", file.haru.pk).subject == "母（82歳）"
    assert "ハル" not in str([part.subject for part in sheet.parts])


def test_what_is_hidden_does_not_count_as_typed(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    colleague = a_worker(office_of(file.worker))
    every = file.family.facets_of(file.haru.pk) | {Facet.JUSTICE.value}
    write_section(
        assessment, Section.BASIC, file.haru.pk, View.SUPPORTER, {"traits": Given(("01", "23"))}, revision=0, facets=every,
        by=file.worker, at=NOW,
    )  # fmt: skip
    said(file, assessment, "basic", file.haru, by=colleague, traits=["01", "20"], wish="静かに暮らす")
    where = url("section", file.case.pk, "basic", file.haru.pk)
    mine = {"revision": "1", "traits": ["01"], "wish": "畑を続ける"}
    answer = client_of(file.worker).post(where, mine)
    text(answer, 409)
    assert answer.context["form"]["traits"].value() == ["01", "20"], "I had not touched it: theirs"
    kept = {"revision": "2", "traits": ["01", "20"], "wish": "畑を続ける"}
    assert client_of(file.worker).post(where, kept).status_code == 302
    assert set(Answer.objects.filter(question="traits").latest("id").values) == {"01", "20", "23"}


def test_a_paper_shows_only_the_facets_it_is_given(file: Household3, assessment: Assessment) -> None:
    said(file, assessment, "health", file.haru, condition=["not_good"])
    said(file, assessment, "money", budget=["short"])
    shown = sheet_of(file.worker, file.case, on=TODAY, facets_shown=[Facet.MONEY.value, Facet.BASIC.value])
    assert {part.section for part in shown.parts} == {"money", "language"}
    assert shown.screening is None
    assert history_of(file.worker, file.case, on=TODAY, facets_shown=[Facet.BASIC.value]) == ()


# -- writing a section -----------------------------------------------------------------------------------------------------


def test_a_section_is_saved_and_leads_to_the_next(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    client = client_of(file.worker)
    where = url("section", file.case.pk, "money", 0)
    page = client.get(where)
    draft = str(page.context["sheet"].id)
    assert "国への報告項目" in text(page)
    typed = {
        "draft": draft,
        "revision": "0",
        "budget": "short",
        "arrears_of": ["rent", "water"],
        "facts": "督促状が3通",
    }
    saved = client.post(page.context["sheet"].url, {**typed, "seq": "1"})
    assert saved.status_code < 400
    assert "督促状が3通" in text(client.get(f"{where}?draft={draft}"))
    answer = client.post(where, typed)
    assert answer.headers["Location"] == url("section", file.case.pk, "money", file.kenichi.pk)
    assert client.post(where, typed).headers["Location"] == answer.headers["Location"], "sent twice"
    assert Answer.objects.filter(question="facts").count() == 1
    again = {
        "revision": "1",
        "budget": "short",
        "facts": "督促状が3通",
        "arrears_of": ["rent", "water"],
        "complete": "on",
    }
    assert client.post(where, again | {"go": "self"}).headers["Location"] == f"{where}?view=self"
    assert client.post(where, again | {"go": "index", "revision": "2"}).headers["Location"] == url(
        "index", file.case.pk
    )
    assert "聞けた" in text(client.get(url("index", file.case.pk)))
    page = text(client.get(where))
    assert "これまでの答え" in page
    assert "家賃・ローン、水道" in page
    own = text(client.get(f"{where}?view=self"))
    assert "家計の状況" in own
    assert "課税状況" not in own, "facts are asked once, views of each"
    assert '<span class="answers__view">支援者</span> 足りない' in own


def test_a_bad_answer_comes_back_with_its_words(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    client = client_of(file.worker)
    where = url("section", file.case.pk, "money", 0)
    for bad, words in (
        ({"debt_words": "123456789018"}, "個人番号"),
        ({"facts": "い" * 20_001}, "長すぎます"),
        ({"by_on": "R8.6.20"}, "何を確かめるか"),
    ):
        page = text(client.post(where, {"revision": "0", "facts": "消えないで", **bad}), 422)
        assert words in page
    assert "消えないで" in page
    assert client.post(where, {"revision": "x"}).status_code == 422
    assert not Answer.objects.exists()


def test_ten_megabytes_are_refused_before_they_hurt(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    client = client_of(file.worker)
    where = url("section", file.case.pk, "money", 0)
    page = text(client.post(where, {"revision": "0", "facts": "あ" * 3_500_000}), 422)
    assert "字までにしてください" in page or "字まで" in page
    # What was typed is still there to be cut; what is larger than any page may be is told as such.
    assert "あ" * 1_000 in page
    assert "大きすぎ" in text(client.post(where, {"revision": "0", "facts": "あ" * 6_000_000}), 413)
    assert not Answer.objects.exists()


def test_two_workers_see_both_texts_and_lose_nothing(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    colleague = a_worker(office_of(file.worker), name="井上 誠")
    where = url("section", file.case.pk, "money", 0)
    said(file, assessment, "money", facts="家賃が2か月")
    said(file, assessment, "money", by=colleague, facts="家賃が3か月", debt_words="カード2社")
    client = client_of(file.worker)
    mine = {"revision": "1", "facts": "家賃が4か月", "budget": "tight", "debt_words": ""}
    answer = client.post(where, mine)
    page = text(answer, 409)
    for words in ("いま保存されている文", "井上 誠", "家賃が<del>3</del>か月", "家賃が<ins>4</ins>か月"):
        assert words in page
    form = answer.context["form"]
    assert form["debt_words"].value() == "カード2社", "what I had not touched is theirs"
    assert form["budget"].value() == "tight"
    assert form["revision"].value() == "2"
    kept = {name: form[name].value() for name in ("facts", "budget", "debt_words", "revision")}
    assert client.post(where, kept).status_code == 302
    part = sheet_of(file.worker, file.case, on=TODAY).part("money")
    assert part.facts[0].words == "家賃が4か月"
    assert {card.key: card.shown for card in part.questions}["debt_words"] == "カード2社"


def test_the_next_round_starts_from_the_last_one(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    said(file, assessment, "money", budget=["short"], facts="家賃が2か月")
    client = client_of(file.worker)
    assert client.post(url("finish", file.case.pk), {"on": ""}).status_code == 302
    assert client.get(url("section", file.case.pk, "money", 0)).headers["Location"] == url(
        "begin", file.case.pk
    )
    assert client.post(url("begin", file.case.pk), {}).status_code == 302
    assert client.post(url("begin", file.case.pk), {}).status_code == 422
    page = text(client.get(url("section", file.case.pk, "money", 0)))
    assert "前回の答えが入っています" in page
    assert "家賃が2か月" in page
    typed = {"revision": "0", "budget": "tight", "facts": "家賃が2か月"}
    assert client.post(url("section", file.case.pk, "money", 0), typed).status_code == 302
    page = text(client.get(url("difference", file.case.pk, 2)))
    assert "足りない" in page
    assert "ぎりぎり" in page
    assert "家賃が2か月" not in page
    assert "足りない" in text(client.get(f"{url('whole', file.case.pk)}?n=1"))
    assert "初回のアセスメントです" in text(client.get(url("difference", file.case.pk, 1)))


def test_unknowns_screening_and_patterns_on_their_pages(
    client_of: Call, file: Household3, assessment: Assessment
) -> None:
    client = client_of(file.worker)
    where = url("section", file.case.pk, "work_school", file.kenichi.pk)
    typed = {
        "revision": "0", "work": "not_seeking", "education": "not_known_yet", "unknown": "最後に働いたのはいつか",
        "finder": str(file.worker.pk), "by_on": "R8.6.20",
    }  # fmt: skip
    assert client.post(where, typed).status_code == 302
    connection.check_constraints()
    page = text(client.get(url("index", file.case.pk)))
    for words in (
        "最後に働いたのはいつか",
        "最終学歴",
        "8050の形",
        "たしかめてください",
        "高齢の親",
    ):
        assert words in page
    unknown = Unknown.objects.get()
    assert client.post(url("unknown", file.case.pk, unknown.pk), {"words": ""}).status_code == 422
    assert client.post(url("unknown", file.case.pk, unknown.pk), {"words": "2019年まで"}).status_code == 302
    pattern = f"{url('pattern', file.case.pk, 'eight_fifty')}?persons={file.haru.pk},{file.kenichi.pk}"
    assert "わけを" in text(client.post(pattern, {"verdict": "rejected"}), 422)
    assert client.post(pattern, {}).status_code == 422
    assert client.post(pattern, {"verdict": "rejected", "reason": "通所しているため"}).status_code == 302
    assert PatternWord.objects.get().verdict == "rejected"
    assert "通所しているため" in text(client.get(url("index", file.case.pk)))
    screening = url("screening", file.case.pk)
    assert client.post(screening, {}).status_code == 422
    assert "支援を決めた理由" in text(client.post(screening, {"outcome": "plan"}), 422)
    assert (
        client.post(screening, {"outcome": "plan", "reasons": ["many"], "urgent": ["none"]}).status_code
        == 302
    )
    assert client.post(screening, {"outcome": "stopped"}).status_code == 302
    assert Screening.objects.count() == 2
    page = text(client.get(url("index", file.case.pk)))
    assert "支援を終結する" in page
    assert "前のスクリーニング" in page


def test_strengths_and_lives_on_their_pages(client_of: Call, file: Household3) -> None:
    client = client_of(file.worker)
    history = url("history", file.case.pk)
    page = text(client.get(history))
    assert "まだ書かれていません" in page
    assert "1945〜2025年" in page, "a life of which only the birth is known is one long gap"
    new = url("strength_new", file.case.pk)
    assert "どんな強みか" in text(
        client.post(new, {"party": file.haru.pk, "whose": "person", "told_by": "self"}), 422
    )
    typed = {
        "party": file.haru.pk,
        "whose": "person",
        "told_by": "self",
        "words": "畑の世話",
        "since": "昭和55年ごろ",
    }
    assert client.post(new, typed).headers["Location"] == history
    assert client.post(new, typed | {"party": a_person().pk}).status_code == 422
    strength = Strength.objects.get()
    edit = url("strength_edit", file.case.pk, strength.pk)
    assert client.post(edit, typed | {"revision": "1", "words": "畑で野菜を作る"}).status_code == 302
    stale = text(client.post(edit, typed | {"revision": "1", "words": "花を育てる"}), 409)
    assert "畑で野菜" in stale
    assert "育てる" in stale
    life = url("life_new", file.case.pk, file.haru.pk)
    assert "いつのことか読めません" in text(
        client.post(life, {"kind": "work", "words": "織物", "since": "むかし"}), 422
    )
    assert "種類をひとつ" in text(client.post(life, {"words": "織物"}), 422)
    sent = {"kind": "work", "words": "織物の仕事", "since": "S35年ごろ", "until": "S50年", "source": "self"}
    assert client.post(life, sent).headers["Location"] == f"{history}#life-{file.haru.pk}"
    event = LifeEvent.objects.get()
    edit = url("life_edit", file.case.pk, event.pk)
    assert "S35年ごろ" in text(client.get(edit))
    assert client.post(edit, sent | {"revision": "1", "words": "西陣織の仕事"}).status_code == 302
    assert "西陣織" in text(client.post(edit, sent | {"revision": "1", "words": "染めの仕事"}), 409)
    page = text(client.get(history))
    for words in ("西陣織の仕事", "まだ分からない", "畑で野菜を作る", "本人から"):
        assert words in page
    remove = url("life_remove", file.case.pk, event.pk)
    assert client.post(remove, {"why": ""}).status_code == 422
    assert client.post(remove, {"why": "姉のことだった"}).status_code == 302
    assert "姉のことだった" in text(client.get(history))
    assert client.get(edit).status_code == 404


def test_somebody_without_a_household_and_somebody_not_yet_known(client_of: Call, file: Household3) -> None:
    from tests.factories import NOW as now
    from tsunagi.people.models import Party, UnknownPerson

    alone = a_person("谷口 正")
    concern = a_concern(held_by=file.worker, of=alone)
    single = open_case(alone.pk, by=file.worker, at=now, concern_ids=[concern.pk])
    party = Party.objects.create(kind="unknown", created_at=now)
    stranger = UnknownPerson.objects.create(party=party, place="駅前の公園")
    concern = a_concern(held_by=file.worker, of=stranger)
    unknown = open_case(party.pk, by=file.worker, at=now, concern_ids=[concern.pk])
    client = client_of(file.worker)
    for case, person in ((single, alone.pk), (unknown, 0)):
        begin_assessment(case, by=file.worker, at=now)
        for name in ("index", "whole", "history"):
            assert client.get(url(name, case.pk)).status_code == 200
        assert client.get(url("section", case.pk, "housing", 0)).status_code == 200
        assert client.get(url("section", case.pk, "basic", person)).status_code == 200
    assert client.get(url("section", single.pk, "health", alone.pk)).status_code == 200


def test_the_pages_ask_as_often_for_many_as_for_few(
    client_of: Call, queries: Call, file: Household3, assessment: Assessment
) -> None:
    client, shapes = client_of(file.worker), []
    for count in (1, 9):
        for number in range(count):
            more = a_person(f"家族 {number}", birth_on=TODAY - timedelta(days=9000))
            Membership.objects.create(household=file.household, person=more, relation="other_kin")
            said(file, assessment, "health", more, condition=["good"])
            said(file, assessment, "work_school", more, work=["working"])
            add_strength(file.case, StrengthWish(more.pk, Whose.PERSON, "歌"), by=file.worker, at=NOW)
            add_life_event(
                file.case, more.pk, LifeWish(LifeKind.WORK, "就職", since="2020年"), by=file.worker, at=NOW
            )
        shape = []
        for name in ("index", "whole", "history"):
            client.get(url(name, file.case.pk))
            with queries() as seen:
                assert client.get(url(name, file.case.pk)).status_code == 200
            shape.append(seen.shape)
        shapes.append(shape)
    assert shapes[0] == shapes[1]


def test_the_case_is_found_by_its_tabs(client_of: Call, file: Household3) -> None:
    page = text(client_of(file.worker).get(f"/cases/{file.case.pk}/"))
    assert url("index", file.case.pk) in page
    assert url("history", file.case.pk) in page
    assert Case.objects.filter(pk=file.case.pk).exists()
