"""統合: two records of one person become one page for whoever sees both, and nobody sees more than before (H12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import NOW, TODAY, a_concern, a_post, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case
from tsunagi.desk.actions import part
from tsunagi.desk.queries import looked_meanwhile, rows_since
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.intake.models import Consultation
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.access import party_for, sight_of, visible_parties, visible_to
from tsunagi.people.actions import (
    count_as_shared,
    end_protection,
    involve,
    join_unknown,
    merge_persons,
    note_unknown,
    part_persons,
    protect,
    register_person,
    say_not_same,
    set_safe_contact,
)
from tsunagi.people.laws import LAWS
from tsunagi.people.models import Involvement, Merge, NotSame, Party, Phone, Protection, SearchKey
from tsunagi.people.queries import duplicates, is_protected, lookup, people_of, same_person
from tsunagi.people.rules import SUPPORTING_FACETS, OneOfTwo, Tier, which_stays
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=21)


def fresh(worker: Worker) -> Worker:
    """The worker as the next request sees them."""
    return Worker.objects.get(pk=worker.pk)


def written_down(by: Worker, name: str = "山田 花子", **said):
    return register_person(by=by, at=NOW, name=name, office=office_of(by).pk, **said)


@pytest.fixture
def desk():
    return a_worker(an_office("総合相談", is_front_desk=True), name="窓口 一郎")


@pytest.fixture
def school():
    return a_worker(an_office("学校教育課"), name="学校 次郎")


@pytest.fixture
def elder():
    return a_worker(an_office("高齢介護課"), name="介護 三郎")


@pytest.fixture
def two(desk, school, elder):
    """One woman, written down twice: the school knows one record, the elders' section the other, the desk both."""
    one = written_down(school, "山田 花子", kana="ヤマダ ハナコ", birth="S23.1.15", phones=["075-955-1234"])
    other = written_down(
        elder, "山田 はな子", kana="ヤマダ ハナコ", birth="S23.1.15", phones=["075-955-1234"]
    )
    for number, person in enumerate((one, other)):
        involve(person.pk, office_of(desk).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="consultation",
                reason_id=7_000 + number, at=NOW)  # fmt: skip
    return one, other


def merged(two, desk, **said) -> Merge:
    return merge_persons(*two, reason="本人に確かめた", by=desk, at=NOW, **said)


def h12() -> int:
    with connection.cursor() as cursor:
        cursor.execute(next(law for law in LAWS if law.number == "H12").violations)
        return len(cursor.fetchall())


# -- which stays ----------------------------------------------------------------------------------------------------


def of_two(number: int, **said) -> OneOfTwo:
    return OneOfTwo(**({"id": number, "is_person": True, "joined_already": False, "followers": 0} | said))


def test_the_older_record_stays():
    assert which_stays(of_two(9), of_two(4)) == (4, 9)


def test_a_record_that_others_were_joined_to_stays():
    assert which_stays(of_two(4), of_two(9, followers=2)) == (9, 4)


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (of_two(4), of_two(4), "同じ記録どうし"),
        (of_two(4, is_person=False), of_two(5), "人の記録どうし"),
        (of_two(4), of_two(5, joined_already=True), "すでに別の記録と統合"),
        (of_two(4, followers=1), of_two(5, followers=1), "先に片方の統合を戻して"),
    ],
)
def test_what_may_not_become_one_says_what_to_do(one, other, says):
    with pytest.raises(Refused, match=says):
        which_stays(one, other)


# -- nobody sees more -------------------------------------------------------------------------------------------------


def seen_by(worker: Worker) -> set[int]:
    """The parties whose rows the worker may see."""
    return set(Party.objects.filter(pk__in=visible_parties(fresh(worker))).values_list("pk", flat=True))


def opened_page(worker: Worker, number: int) -> int | None:
    """The record that a number opens for this worker."""
    worker = fresh(worker)
    with opened_trail(worker.pk, "test", NOW):
        try:
            return party_for(worker, number).pk
        except Http404:
            return None


def test_who_sees_both_sees_one_page_and_who_sees_one_keeps_it(two, desk, school, elder):
    one, other = two
    merged(two, desk)
    assert [opened_page(desk, pk) for pk in (one.pk, other.pk)] == [one.pk, one.pk]
    assert [opened_page(school, pk) for pk in (one.pk, other.pk)] == [one.pk, None]
    assert [opened_page(elder, pk) for pk in (one.pk, other.pk)] == [None, other.pk]
    stranger = a_worker()
    assert [opened_page(stranger, pk) for pk in (one.pk, other.pk)] == [None, None]


def test_lists_show_one_to_whoever_sees_both_and_the_same_as_before_to_the_others(two, desk, school, elder):
    one, other = two
    merged(two, desk)
    assert set(visible_to(desk).values_list("pk", flat=True)) == {one.pk}
    assert set(visible_to(school).values_list("pk", flat=True)) == {one.pk}
    assert set(visible_to(elder).values_list("pk", flat=True)) == {other.pk}
    with opened_trail(elder.pk, "test", NOW):
        assert [row.name for row in people_of(elder, on=TODAY).rows] == ["山田 はな子"]


def test_the_page_of_one_holds_the_rows_of_both_for_whoever_sees_both_only(
    client_of, two, desk, school, elder
):
    one, other = two
    a_concern(held_by=school, of=one, description="学校を休んでいる")
    a_concern(held_by=elder, of=other, description="夜に火をつけたまま")
    set_safe_contact(other, by=elder, at=NOW, revision=0, way="letter", note="長男に言わない", asked_on=TODAY)
    merged(two, desk)

    def page(worker, number):
        answer = client_of(fresh(worker)).get(reverse("desk:person", args=[number]), follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    both = page(desk, other.pk)
    assert "学校を休んでいる" in both
    assert "夜に火をつけたまま" in both
    assert "長男に言わない" in both
    assert "まとめた記録" in both
    schools = page(school, one.pk)
    assert "学校を休んでいる" in schools
    for hidden in ("夜に火をつけたまま", "はな子", "まとめた記録", "長男に言わない"):
        assert hidden not in schools, hidden
    elders = page(elder, other.pk)
    assert "夜に火をつけたまま" in elders
    assert "学校を休んでいる" not in elders
    assert "花子" not in elders


@settings(max_examples=40, deadline=None)
@given(
    sees=st.lists(st.sampled_from(["neither", "one", "other", "both", "home"]), min_size=1, max_size=4),
    letting=st.booleans(), guarded=st.sampled_from(["", "one", "other"]),
)  # fmt: skip
def test_a_merge_never_widens_what_anybody_sees(sees, letting, guarded):
    from tsunagi.people.actions import start_household

    at_desk = a_worker()
    one, other = written_down(at_desk), written_down(at_desk, "山田 はな子")
    home = start_household(by=at_desk, at=NOW, label="山田さんのお宅", members=[(one, "self")])
    workers = []
    for number, what in enumerate(sees):
        worker = a_worker()
        workers.append(worker)
        for kind, party in (("one", one), ("other", other), ("home", home)):
            if what in (kind, "both") and not (what == "both" and kind == "home"):
                Involvement.objects.create(
                    party_id=party.pk, office=office_of(worker), facets=[str(facet) for facet in SUPPORTING_FACETS], ground="01",
                    from_on=TODAY, reason_kind="consultation", reason_id=100 + number,
                )  # fmt: skip
    if guarded:
        protect(one if guarded == "one" else other, by=at_desk, at=NOW)
    before = {worker.pk: seen_by(worker) for worker in workers}
    shows = {
        (worker.pk, pk): bool(sight_of(fresh(worker), pk)) for worker in workers for pk in (one.pk, other.pk)
    }
    merge = merge_persons(one, other, reason="本人に確かめた", by=at_desk, at=NOW)
    for worker in workers:
        assert seen_by(worker) <= before[worker.pk]
        for pk in (one.pk, other.pk):
            assert bool(sight_of(fresh(worker), pk)) <= shows[worker.pk, pk]
            opened = opened_page(worker, pk)
            assert opened is None or shows[worker.pk, opened]
    assert h12() == 0
    part_persons(merge, reason="別の人だった", by=at_desk, at=LATER)
    for worker in workers:
        assert seen_by(worker) <= before[worker.pk]
        if not guarded:
            assert seen_by(worker) == before[worker.pk]


def test_an_office_the_worker_confirms_sees_both_until_the_merge_is_taken_back(two, desk, school, elder):
    one, other = two
    merge = merged(two, desk, letting_see=[office_of(school).pk])
    assert [opened_page(school, pk) for pk in (one.pk, other.pk)] == [one.pk, one.pk]
    assert opened_page(elder, one.pk) is None
    assert Involvement.objects.filter(pk__in=merge.opened, party=other.pk, ended_at__isnull=True).count() == 1
    part_persons(merge, reason="別の人だった", by=desk, at=LATER)
    assert [opened_page(school, pk) for pk in (one.pk, other.pk)] == [one.pk, None]
    assert opened_page(desk, other.pk) == other.pk


# -- protection -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1])
def test_protection_of_either_protects_both_whichever_comes_first(two, desk, which):
    one, other = two
    protect(two[which], by=desk, at=NOW)
    merged(two, desk)
    assert is_protected(one.pk)
    assert is_protected(other.pk)
    assert Protection.objects.filter(ended_at__isnull=True).count() == 2
    assert not SearchKey.objects.filter(person_id__in=(one.pk, other.pk)).exists()
    assert h12() == 0


def test_protecting_a_merged_person_protects_both_and_they_end_together(two, desk, elder):
    one, other = two
    merged(two, desk)
    protection = protect(other, by=elder, at=NOW)
    assert set(Protection.objects.filter(ended_at__isnull=True).values_list("person_id", flat=True)) == {
        one.pk,
        other.pk,
    }
    assert h12() == 0
    end_protection(protection, by=desk, second=elder, person_asked_on=TODAY, at=NOW)
    assert not Protection.objects.filter(ended_at__isnull=True).exists()
    assert SearchKey.objects.filter(person_id=other.pk).exists()
    assert h12() == 0


def test_a_protected_person_stays_protected_when_a_wrong_merge_is_taken_back(two, desk):
    one, other = two
    protect(one, by=desk, at=NOW)
    part_persons(merged(two, desk), reason="別の人だった", by=desk, at=LATER)
    assert is_protected(one.pk)
    assert is_protected(other.pk)


def test_the_net_finds_a_pair_of_which_only_one_is_protected(owner, two, desk):
    protect(two[0], by=desk, at=NOW)
    merged(two, desk)
    Protection.objects.filter(person_id=two[1].pk).update(
        ended_at=NOW, ended_by=desk, ended_with=a_worker(), person_asked_on=TODAY
    )
    assert h12() == 1


# -- once, at once, not twice ------------------------------------------------------------------------------------------


def test_what_is_joined_already_is_refused_in_words(two, desk):
    merged(two, desk)
    with pytest.raises(Refused, match="すでに別の記録と統合"):
        merged(two, desk)
    third = written_down(desk)
    with pytest.raises(Refused, match="統合した先の画面から"):
        merge_persons(third, two[1], reason="本人に確かめた", by=desk, at=NOW)
    assert merge_persons(third, two[0], reason="本人に確かめた", by=desk, at=NOW).joined_id == third.pk
    assert same_person(two[1].pk) == [two[0].pk, third.pk]


def test_somebody_not_yet_known_stays_with_the_record_they_were_joined_to(two, desk, elder):
    one, other = two
    unknown = note_unknown(by=elder, at=NOW, place="公園", office=office_of(elder).pk)
    join_unknown(unknown, other, by=elder, at=NOW)
    merge = merged(two, desk)
    assert (merge.kept_id, merge.joined_id) == (other.pk, one.pk)
    assert opened_page(elder, unknown.pk) == other.pk


def test_a_reason_must_be_said_and_holds_no_number_of_the_card(two, desk):
    with pytest.raises(Refused, match="どうして"):
        merge_persons(*two, reason=" ", by=desk, at=NOW)
    with pytest.raises(Refused, match="個人番号"):
        merge_persons(*two, reason="番号 1234 5678 9018 が同じ", by=desk, at=NOW)
    assert not Merge.objects.exists()


def test_the_journal_tells_both_records_by_number_only(two, desk):
    part_persons(merged(two, desk), reason="別の人だった", by=desk, at=LATER)
    rows = Entry.objects.filter(action__in=("person.merged", "person.parted")).order_by("id")
    assert [(row.action, row.subject_id, row.detail["with"]) for row in rows] == [
        ("person.merged", two[0].pk, two[1].pk), ("person.merged", two[1].pk, two[0].pk),
        ("person.parted", two[0].pk, two[1].pk), ("person.parted", two[1].pk, two[0].pk),
    ]  # fmt: skip
    assert "花" not in str([row.detail for row in rows])


# -- proposals ---------------------------------------------------------------------------------------------------------


def proposed(worker):
    return [(pair.one.id, pair.other.id) for pair in duplicates(fresh(worker), on=TODAY)]


def test_records_that_look_alike_are_proposed_to_whoever_sees_both_only(two, desk, school):
    assert proposed(desk) == [(two[0].pk, two[1].pk)]
    assert proposed(school) == []


def test_two_people_are_not_proposed_again_nor_those_who_are_one_nor_the_protected(two, desk):
    say_not_same(*two, by=desk, at=NOW)
    say_not_same(*reversed(two), by=desk, at=NOW)
    assert NotSame.objects.count() == 1
    assert proposed(desk) == []
    NotSame.objects.update(ended_at=NOW)
    assert len(proposed(desk)) == 1
    protect(two[0], by=desk, at=NOW)
    assert proposed(desk) == []


def test_joined_records_are_not_proposed_and_a_merge_taken_back_is_remembered(two, desk):
    merge = merged(two, desk)
    assert proposed(desk) == []
    part_persons(merge, reason="別の人だった", by=desk, at=LATER)
    assert proposed(desk) == []


def test_a_number_and_an_address_that_many_share_make_nobody_alike(desk):
    for name in ("青木 一郎", "井上 二郎"):
        written_down(desk, name, phones=["075-955-9999"], addresses=["長岡京市開田2-25-14"])
    assert proposed(desk) == []
    for _ in range(2):
        written_down(desk, "上田 三郎", phones=["075-955-8888"])
    assert len(proposed(desk)) == 1
    count_as_shared("phone", Phone.objects.filter(digits="0759558888")[0].pk, by=desk, at=NOW)
    assert proposed(desk) == []


# -- a wrong merge, found after three weeks -----------------------------------------------------------------------------


@pytest.fixture
def wrong(two, desk, school, elder):
    """They were two: three weeks later a concern, a file and a consultation were written on the one page."""
    one = two[0]
    merge = merged(two, desk, letting_see=[office_of(school).pk])
    meanwhile = NOW + timedelta(days=5)
    concern = a_concern(held_by=desk, of=one, at=meanwhile, description="火の始末が心配")
    hers = a_concern(held_by=desk, of=one, at=meanwhile, description="学校を休んでいる")
    case = open_case(one.pk, by=desk, at=meanwhile, title="家の片づけ")
    asked = a_consultation(desk, words="また鍋をこがした", party_id=one.pk, at=meanwhile)
    return merge, concern, hers, case, asked


def test_a_wrong_merge_found_after_three_weeks_is_taken_back_row_by_row(wrong, two, desk, elder, school):
    merge, concern, hers, case, asked = wrong
    one, other = two
    old = a_concern(held_by=elder, of=other, description="前からの課題", at=NOW - timedelta(days=9))
    holds = dict(Hold.objects.filter(closed_at__isnull=True).values_list("concern_id", "worker_id"))
    rows = rows_since(desk, merge)
    assert {row.key for row in rows} == {
        f"concern:{concern.pk}", f"concern:{hers.pk}", f"case:{case.pk}", f"consultation:{asked.pk}"
    }  # fmt: skip
    belongs = {row.key: other.pk for row in rows} | {f"concern:{hers.pk}": one.pk}
    part(merge, reason="生年月日が違った", belongs=belongs, by=desk, at=LATER)
    connection.check_constraints()
    assert Concern.objects.get(pk=concern.pk).party_id == other.pk
    assert Concern.objects.get(pk=hers.pk).party_id == one.pk
    case.refresh_from_db()
    assert case.party_id == other.pk
    assert Consultation.objects.get(pk=asked.pk).party_id == other.pk
    assert Concern.objects.get(pk=old.pk).party_id == other.pk
    # Every open concern is held by whom it was held, until the day it was held.
    assert dict(Hold.objects.filter(closed_at__isnull=True).values_list("concern_id", "worker_id")) == holds
    assert set(
        Promise.objects.filter(subject_id=asked.pk, is_open=True).values_list("party_id", flat=True)
    ) <= {other.pk}
    assert opened_page(school, other.pk) is None
    assert [opened_page(desk, pk) for pk in (one.pk, other.pk)] == [one.pk, other.pk]
    assert Notice.objects.filter(worker=elder, kind="merge").get().link == f"/person/{other.pk}/"


def test_a_row_nobody_was_asked_about_stops_it_and_nothing_happened(wrong, two, desk):
    merge, concern, *_rest = wrong
    with pytest.raises(Refused, match="すべて選んで"):
        part(
            merge, reason="生年月日が違った", belongs={f"concern:{concern.pk}": two[1].pk}, by=desk, at=LATER
        )
    assert Party.objects.get(pk=two[1].pk).same_as_id == two[0].pk
    assert Concern.objects.get(pk=concern.pk).party_id == two[0].pk


def test_who_looked_meanwhile_is_listed_with_those_who_could_see_both_by_the_merge(
    client_of, set_clock, wrong, two, desk, school
):
    merge = wrong[0]
    set_clock(NOW + timedelta(days=3))
    client_of(school).get(reverse("desk:person", args=[two[0].pk]))
    client_of(desk).get(reverse("desk:person", args=[two[0].pk]))
    client_of(desk).get(reverse("desk:person", args=[two[0].pk]))
    looks = looked_meanwhile(merge, until=LATER)
    assert [(row.worker, row.party_id, row.times, row.saw_both) for row in looks] == [
        ("窓口 一郎", two[0].pk, 2, False), ("学校 次郎", two[0].pk, 1, True)
    ]  # fmt: skip


# -- screens -----------------------------------------------------------------------------------------------------------


@pytest.mark.visits("people:duplicates", "people:merge_choose", "people:merge", "desk:merged", "desk:part")
def test_the_pages_open_for_whoever_sees_both(three_people, two, desk, school):
    one, other = two
    three_people(reverse("people:duplicates"), allowed=desk, stranger=a_worker(role="statistician"))
    three_people(reverse("people:merge_choose", args=[one.pk]), allowed=desk, stranger=a_worker())
    three_people(reverse("people:merge", args=[one.pk, other.pk]), allowed=desk, stranger=school)
    merge = merged(two, desk)
    for url in ("desk:merged", "desk:part"):
        three_people(reverse(url, args=[merge.pk]), allowed=desk, stranger=school)


def test_the_whole_way_through_the_screens(client_of, set_clock, two, desk):
    one, other = two
    set_clock(NOW)
    page = client_of(desk).get(reverse("people:duplicates"))
    assert reverse("people:merge", args=[one.pk, other.pk]) in page.content.decode()
    address = reverse("people:merge", args=[one.pk, other.pk])
    shown = client_of(desk).get(address).content.decode()
    assert "片方だけを見られる機関" in shown
    assert "学校教育課" in shown
    refused = client_of(desk).post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "ひとこと書いてください" in refused.content.decode()
    answer = client_of(desk).post(address, {"reason": "本人に確かめた", "letting_see": [office_of(desk).pk]})
    assert answer.status_code == 422  # an office that sees both already is not a choice
    answer = client_of(desk).post(address, {"reason": "本人に確かめた"})
    assert answer.status_code == 302
    merge = Merge.objects.get()
    way_back = reverse("desk:part", args=[merge.pk])
    assert way_back in client_of(desk).get(answer.url).content.decode()
    concern = a_concern(held_by=desk, of=one, description="そのあとの課題")
    asked = client_of(desk).get(way_back).content.decode()
    assert "そのあとの課題" in asked
    half = client_of(desk).post(way_back, {"reason": "別の方だった"})
    assert half.status_code == 422
    assert "別の方だった" in half.content.decode()
    done = client_of(desk).post(way_back, {"reason": "別の方だった", f"concern:{concern.pk}": str(other.pk)})
    assert done.status_code == 302
    assert Concern.objects.get(pk=concern.pk).party_id == other.pk
    again = client_of(desk).post(way_back, {"reason": "別の方だった"}, follow=True)
    assert "もう元に戻してあります" in again.content.decode()


def test_one_button_says_that_they_are_two_people(client_of, two, desk):
    address = reverse("people:merge", args=[two[0].pk, two[1].pk])
    answer = client_of(desk).post(address, {"not_same": "1"}, follow=True)
    assert "別の人として覚えました" in answer.content.decode()
    assert proposed(desk) == []
    assert not Merge.objects.exists()


def test_a_merge_of_a_protected_person_names_no_office(client_of, two, desk, school):
    protect(two[1], by=desk, at=NOW)
    shown = client_of(fresh(desk)).get(reverse("people:merge", args=[two[0].pk, two[1].pk])).content.decode()
    assert "両方が保護されます" in shown
    assert "学校教育課" not in shown


def test_a_worker_of_two_offices_that_see_one_each_sees_one_page(two, desk, school, elder):
    merged(two, desk)
    a_post(school, office_of(elder))
    assert opened_page(school, two[1].pk) == two[0].pk


# -- what a fresh pair of eyes found ------------------------------------------------------------------------------------


def test_a_new_reason_for_one_record_opens_the_other_one_to_nobody(two, desk, elder):
    merged(two, desk)
    section = a_worker()
    involve(two[1].pk, office_of(section).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="consultation",
            reason_id=8_000, at=NOW)  # fmt: skip
    assert [opened_page(section, pk) for pk in (two[0].pk, two[1].pk)] == [None, two[1].pk]


def test_who_has_the_file_of_one_and_a_referral_of_the_other_sees_two_pages(client_of, two, desk):
    section = a_worker()
    one, other = two
    involve(
        one.pk,
        office_of(section).pk,
        ground="01",
        facets=SUPPORTING_FACETS,
        reason_kind="concern",
        reason_id=8_001,
        at=NOW,
    )
    involve(
        other.pk,
        office_of(section).pk,
        ground="01",
        facets=["basic"],
        reason_kind="referral",
        reason_id=8_002,
        at=NOW,
    )
    concern = a_concern(held_by=desk, of=other, description="夜に火をつけたまま")
    merged(two, desk)
    assert [opened_page(section, pk) for pk in (one.pk, other.pk)] == [one.pk, other.pk]
    page = client_of(fresh(section)).get(reverse("desk:person", args=[one.pk])).content.decode()
    assert "夜に火をつけたまま" not in page
    assert client_of(fresh(section)).get(reverse("holding:concern", args=[concern.pk])).status_code == 404


def found_by(worker, name) -> list[tuple[int | None, bool]]:
    with opened_trail(worker.pk, "test", NOW):
        return [
            (card.person_id, card.tier is Tier.INVOLVED) for card in lookup(fresh(worker), name, on=TODAY)
        ]


def test_each_office_finds_the_record_it_has_and_who_has_both_finds_one(two, desk, school, elder):
    one, other = two
    merged(two, desk)
    assert (other.pk, True) in found_by(elder, "山田 はな子")
    assert (one.pk, True) not in found_by(elder, "山田 花子")
    assert (one.pk, True) in found_by(school, "山田 花子")
    assert found_by(desk, "ヤマダ ハナコ") == [(one.pk, True)]


def test_why_somebody_is_protected_stays_with_the_record_it_was_said_of(two, desk, elder):
    merged(two, desk)
    protect(two[0], by=desk, at=NOW, reason="夫の暴力", other_party_name="山田 剛", other_party_relation="夫")
    twin = Protection.objects.get(person_id=two[1].pk)
    assert (twin.reason, twin.other_party_name, twin.other_party_relation) == ("", "", "")
    assert h12() == 0


def test_a_death_on_one_record_ends_no_concern_of_the_other(two, desk, elder):
    from tsunagi.holding.actions.ways import _open_concerns

    hers = a_concern(held_by=elder, of=two[1])
    mine = a_concern(held_by=desk, of=two[0])
    merged(two, desk)
    assert [concern.pk for concern in _open_concerns(two[0].pk)] == [mine.pk]
    assert hers.pk not in [concern.pk for concern in _open_concerns(two[0].pk)]
