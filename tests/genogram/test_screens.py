"""The pictures on screen and on paper: who gets there, what is shown to whom, what is never hinted at."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.genogram.factories import Family, living_together, related, written
from tsunagi.accounts.models import Worker
from tsunagi.genogram.actions import end_tie, write_tie
from tsunagi.genogram.models import Tie
from tsunagi.genogram.queries import ecomap_svg, picture_svg
from tsunagi.genogram.rules.kinds import TieKind
from tsunagi.genogram.rules.ties import NewTie
from tsunagi.journal.models import Entry
from tsunagi.people.actions import (
    change_person,
    involve,
    join_household,
    leave_household,
    merge_persons,
    protect,
    register_person,
    relate,
    start_household,
    unrelate,
)
from tsunagi.people.models import Person, Relation
from tsunagi.people.rules import SUPPORTING_FACETS, Facet
from tsunagi.press.pdf import text_of

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def family(worker: Worker) -> Family:
    return Family(worker)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def svg_in(page: str) -> str:
    return page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns")) + 6]


def seen_by(worker: Worker, person: Person) -> None:
    """The worker's office is involved with somebody."""
    a_concern(held_by=worker, of=person)
    connection.check_constraints()


@pytest.mark.visits(
    "genogram:picture",
    "genogram:person",
    "genogram:export",
    "genogram:add",
    "genogram:tie",
    "genogram:around",
)
def test_only_who_may_see_the_family_opens_its_pictures(
    three_people: Client, client_of: Client, worker: Worker, family: Family
) -> None:
    stranger = a_worker()
    base, who = f"/genogram/{family.kenji.pk}/", family.kenji.pk
    for address in (
        base, f"{base}?view=ecomap", f"{base}person/{who}/", f"{base}export/svg/", f"{base}person/{who}/add/",
        f"{base}person/{who}/tie/", f"{base}person/{who}/around/", f"/genogram/{family.home.pk}/",
        f"/genogram/{family.home.pk}/person/{family.home.pk}/around/",
    ):  # fmt: skip
        three_people(address, allowed=worker, stranger=stranger)
    page = text(client_of(worker).get(base))
    assert "森田 ハル" in page
    assert "母 森田 ハル（82歳）" in page
    assert f'href="/person/{family.haru.pk}/"' in svg_in(page)
    assert client_of(worker).get(f"{base}export/exe/").status_code == 404


def test_an_office_without_the_facet_of_relations_sees_no_picture(client_of: Client, family: Family) -> None:
    other = a_worker()
    involve(
        family.kenji.pk, office_of(other).pk, ground="02", facets=[Facet.BASIC.value], reason_kind="consultation",
        reason_id=1, at=NOW,
    )  # fmt: skip
    assert client_of(other).get(f"/genogram/{family.kenji.pk}/").status_code == 404


def test_who_may_not_be_seen_is_drawn_by_their_relation_alone(
    client_of: Client, worker: Worker, family: Family
) -> None:
    page = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))
    # The sister lives elsewhere: nobody here is involved with her.
    assert "青木 由美" not in page
    assert "姉" in svg_in(page) or "姉妹" in svg_in(page)
    assert f"/person/{family.yumi.pk}/" not in page
    # Both of her parents are in the picture: she is drawn as the sister she is, not as a half-sister.
    assert "姉妹 の親：母 森田 ハル、父" in page
    # And nobody is reached through her.
    child = a_person("青木 花", sex="female")
    related(family.yumi, "parent", child)
    again = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))
    assert "青木 花" not in again
    assert "姪" not in again


def test_a_protected_person_is_not_there_at_all(client_of: Client, worker: Worker, family: Family) -> None:
    other = a_worker()
    wife = a_person("森田 和", sex="female")
    child = a_person("森田 空", sex="male")
    related(wife, "spouse", family.kenji)
    related(wife, "parent", child)
    related(family.kenji, "parent", child)
    before = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))
    assert "妻" in before
    a_concern(held_by=other, of=wife)
    protect(wife, by=other, at=NOW, reason="夫から", category="provisional")
    connection.check_constraints()
    page = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))
    drawn = svg_in(page)
    assert "森田 和" not in page
    assert "配偶者" not in drawn
    # The child hangs under his father alone, as a child does of whom no other parent is written.
    assert "親：本人 森田 健二</li>" in page
    assert "妻" not in page
    # Who stands with her sees her; the child is drawn with her too.
    hers = text(client_of(other).get(f"/genogram/{wife.pk}/"))
    assert "森田 和" in hers
    for kind in ("svg", "pdf"):
        answer = client_of(worker).get(f"/genogram/{family.kenji.pk}/export/{kind}/")
        words = answer.content.decode() if kind == "svg" else text_of(answer.content)
        assert "妻" not in words


def test_what_was_not_told_is_nowhere_but_on_the_screen_of_who_may_see_it(
    client_of: Client, worker: Worker, family: Family
) -> None:
    birth_mother = a_person("佐々木 梓", sex="female", birth_on="1955-01-01")
    child = a_person("森田 灯", sex="female", birth_on="2010-01-01")
    seen_by(worker, child)
    seen_by(worker, birth_mother)
    related(birth_mother, "parent", child, untold=True)
    related(family.kenji, "parent", child)
    write_tie(
        NewTie(TieKind.PARENT, family.kenji.pk, child.pk, manner="adopted", untold=True), by=worker, at=NOW
    )
    page = text(client_of(worker).get(f"/genogram/{child.pk}/"))
    for word in ("佐々木 梓", "養子", "養父", "未告知"):
        assert word not in page
    # With the facet it stands on the screen, and on no paper.
    involve(
        child.pk, office_of(worker).pk, ground="01", facets=[*SUPPORTING_FACETS, Facet.SEXUALITY_UNTOLD.value],
        reason_kind="registered", reason_id=child.pk, at=NOW,
    )  # fmt: skip
    told = text(client_of(worker).get(f"/genogram/{child.pk}/"))
    assert "佐々木 梓" in told
    assert "養子" in told
    plain = Relation.objects.filter(untold=True)
    plain.update(ended_at=NOW)
    Tie.objects.update(ended_at=NOW)
    as_if_never_written = picture_svg(worker, child.pk, on=TODAY, masked=False)
    plain.update(ended_at=None)
    Tie.objects.update(ended_at=None)
    # Byte for byte what it would be if nothing of it were written: nothing can hint at it.
    assert picture_svg(worker, child.pk, on=TODAY, masked=False) == as_if_never_written
    masked = text(client_of(worker).get(f"/genogram/{child.pk}/?masked=1"))
    assert "佐々木" not in masked
    assert "養" not in svg_in(masked)


def test_the_masked_picture_says_relation_and_age_by_tens(
    client_of: Client, worker: Worker, family: Family
) -> None:
    write_tie(NewTie(TieKind.EMOTION, family.haru.pk, family.kenji.pk, manner="fused"), by=worker, at=NOW)
    page = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/?masked=on"))
    drawn = svg_in(page)
    for name in ("森田", "ハル", "健二", "友岡", "密着", ">82<", "href="):
        assert name not in drawn
    for word in ("母", "80代", "本人", "50代", "同居 1"):
        assert word in drawn
    open_to_one = picture_svg(
        worker, family.kenji.pk, on=TODAY, masked=True, consented=[family.kenji.pk]
    ).decode()
    assert "森田 健二" in open_to_one
    assert "森田 ハル" not in open_to_one


def test_a_picture_of_a_day_shows_what_was_written_by_then(client_of: Client, worker: Worker) -> None:
    early = NOW - timedelta(days=60)
    family = Family(worker, at=early)
    wife = written("森田 和", "female", at=NOW - timedelta(days=10))
    seen_by(worker, wife)
    wedding = relate(wife, family.kenji, kind="spouse", by=worker, at=NOW - timedelta(days=10))
    felt = write_tie(
        NewTie(TieKind.EMOTION, family.haru.pk, family.kenji.pk, manner="conflict"),
        by=worker,
        at=NOW - timedelta(days=5),
    )
    here = f"/genogram/{family.kenji.pk}/"
    client = client_of(worker)

    def on(day: date) -> str:
        return text(client.get(here, {"on": day.isoformat()}))

    assert "森田 和" not in on(TODAY - timedelta(days=11))
    assert "森田 和" in on(TODAY - timedelta(days=10))
    assert "対立" not in on(TODAY - timedelta(days=6))
    assert "対立" in on(TODAY)
    end_tie(felt, by=worker, at=NOW)
    unrelate(wedding, by=worker, at=NOW)
    assert "対立" not in on(TODAY)
    assert "森田 和" not in on(TODAY)
    assert "対立" in on(TODAY - timedelta(days=1))
    assert "森田 和" in on(TODAY - timedelta(days=1))
    # Before anybody was written down there is nobody.
    assert "まだ描ける方がいません" in on(TODAY - timedelta(days=61))


def test_a_picture_of_a_day_shows_who_lived_together_and_what_the_record_said_by_then(
    client_of: Client, worker: Worker
) -> None:
    son = register_person(
        by=worker, at=NOW - timedelta(days=30), name="原 大輔", sex="male", birth="1980-01-01"
    )
    home = start_household(
        by=worker, at=NOW - timedelta(days=30), members=[(son, "self")], label="原さんのお宅"
    )
    a_concern(held_by=worker, of=home)
    mother = register_person(by=worker, at=NOW - timedelta(days=30), name="原 ミツ", sex="female")
    join_household(home, mother, relation="mother", by=worker, at=NOW - timedelta(days=3))
    change_person(son, by=worker, at=NOW - timedelta(days=2), revision=1, name="原 大介")
    connection.check_constraints()
    client = client_of(worker)

    def on(days: int) -> str:
        return text(client.get(f"/genogram/{son.pk}/", {"on": (TODAY - timedelta(days=days)).isoformat()}))

    assert "原 ミツ" not in on(4)
    assert "原 ミツ" in on(3)
    assert "原 大輔" in svg_in(on(3))
    assert "原 大介" in svg_in(on(2))
    leave_household(home, mother, by=worker, at=NOW)
    assert "原 ミツ" not in on(0)
    # She stood there yesterday; but who may see her name is asked of today.
    assert "母" in svg_in(on(1))
    assert "原 ミツ" not in on(1)


def test_two_records_of_one_person_are_one_symbol_for_who_sees_both(
    client_of: Client, worker: Worker, family: Family
) -> None:
    twin = written("青木 由美", "female")
    related(family.haru, "parent", twin)
    seen_by(worker, twin)
    seen_by(worker, family.yumi)
    assert svg_in(text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))).count(">青木 由美<") == 2
    merge_persons(twin, family.yumi, reason="同じ方だった", by=worker, at=NOW)
    connection.check_constraints()
    assert svg_in(text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))).count(">青木 由美<") == 1
    # What stands on either record is in the picture of the person.
    child = written("青木 花", "female")
    related(twin, "parent", child)
    seen_by(worker, child)
    assert "青木 花" in svg_in(text(client_of(worker).get(f"/genogram/{family.yumi.pk}/")))


def test_the_files_are_what_they_say_and_the_journal_knows(
    client_of: Client, worker: Worker, family: Family
) -> None:
    client = client_of(worker)
    svg = client.get(f"/genogram/{family.kenji.pk}/export/svg/")
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert b"href=" not in svg.content
    png = client.get(f"/genogram/{family.kenji.pk}/export/png/?view=ecomap")
    assert png.content.startswith(b"\x89PNG")
    pdf = client.get(f"/genogram/{family.kenji.pk}/export/pdf/?masked=on")
    words = "".join(text_of(pdf.content).split())
    assert "80代" in words
    assert "凡例" in words
    assert "ハル" not in words
    taken = Entry.objects.filter(action="genogram.exported").order_by("id")
    assert [row.detail["format"] for row in taken] == ["svg", "png", "pdf"]
    assert taken[2].detail["masked"] is True


def test_family_is_added_from_the_picture(client_of: Client, worker: Worker, family: Family) -> None:
    client = client_of(worker)
    here = f"/genogram/{family.kenji.pk}/person/{family.kenji.pk}/add/"
    answer = client.post(
        here, {"role": "child", "name": "森田 空", "sex": "male", "birth": "H30.4.1", "nature": "foster"}
    )
    assert answer.status_code == 302
    sora = Person.objects.get(name="森田 空")
    assert Relation.objects.get(other=sora).person_id == family.kenji.pk
    assert Tie.objects.get(other_id=sora.pk).manner == "foster"
    page = text(client.get(f"/genogram/{family.kenji.pk}/?edit=1"))
    assert "森田 空" in page
    assert f"/genogram/{family.kenji.pk}/person/{sora.pk}/" in svg_in(page)
    # Somebody of the picture.
    assert client.post(here, {"role": "sibling", "other": sora.pk}).status_code == 302
    empty = client.post(here, {"role": "parent"})
    assert empty.status_code in (200, 422)
    assert "図の中から選ぶか" in empty.content.decode()
    number = client.post(here, {"role": "parent", "name": "123456789018"})
    assert number.status_code == 422


@pytest.mark.visits("genogram:tie_end", "genogram:relation_end")
def test_ties_are_written_and_ended(
    three_people: Client, client_of: Client, worker: Worker, family: Family
) -> None:
    client, stranger = client_of(worker), a_worker()
    here = f"/genogram/{family.kenji.pk}/person/{family.haru.pk}/"
    assert client.post(f"{here}tie/", {"what": "emotion:fused", "other": family.kenji.pk}).status_code == 302
    assert client.post(f"{here}tie/", {"what": "emotion:fused"}).status_code in (200, 422)
    assert client.post(f"{here}tie/", {"what": "key:", "other": family.kenji.pk}).status_code == 302
    assert (
        client.post(
            f"{here}around/", {"place": "隣の田中さん", "manner": "strong", "flow": "to_family"}
        ).status_code
        == 302
    )
    assert client.post(f"{here}around/", {"manner": "strong"}).status_code in (200, 422)
    panel = text(client.get(here))
    assert "密着" in panel
    assert "隣の田中さん" in panel
    picture = text(client.get(f"/genogram/{family.kenji.pk}/"))
    assert "密着" in picture
    assert "キーパーソン" in picture
    assert "隣の田中さん" in text(client.get(f"/genogram/{family.kenji.pk}/?view=ecomap"))
    tie = Tie.objects.get(kind="emotion")
    relation = Relation.objects.get(kind="spouse")
    for address in (f"{here}tie/{tie.pk}/end/", f"{here}relation/{relation.pk}/end/"):
        three_people(address, allowed=worker, stranger=stranger)
        assert client.post(address).status_code == 302
    tie.refresh_from_db()
    assert tie.ended_at == NOW
    assert client.get(f"{here}tie/{tie.pk}/end/").status_code == 404


def test_a_protected_persons_places_are_on_no_paper(
    client_of: Client, worker: Worker, family: Family
) -> None:
    write_tie(
        NewTie(TieKind.SUPPORT, family.kenji.pk, place="友岡の喫茶店", manner="strong"), by=worker, at=NOW
    )
    assert "友岡の喫茶店" in ecomap_svg(worker, family.kenji.pk, on=TODAY, masked=False).decode()
    seen_by(worker, family.kenji)
    protect(family.kenji, by=worker, at=NOW, reason="追われている", category="provisional")
    connection.check_constraints()
    for masked in (True, False):
        drawn = ecomap_svg(worker, family.kenji.pk, on=TODAY, masked=masked).decode()
        assert "友岡" not in drawn
        assert "非開示" in drawn
        assert "友岡" not in picture_svg(worker, family.kenji.pk, on=TODAY, masked=masked).decode()


def test_the_picture_holds_no_code_and_escapes_what_was_typed(
    client_of: Client, worker: Worker, family: Family
) -> None:
    Person.objects.filter(pk=family.haru.pk).update(name='<script>alert(1)</script> "&\x0b')
    drawn = svg_in(text(client_of(worker).get(f"/genogram/{family.kenji.pk}/")))
    assert "<script" not in drawn
    assert "\x0b" not in drawn
    assert not re.search(r"\sstyle=|\son\w+=", drawn)
    import xml.etree.ElementTree as tree

    tree.fromstring(drawn)


def test_a_circle_of_ancestors_is_said_and_drawn(client_of: Client, worker: Worker, family: Family) -> None:
    related(family.kenji, "parent", family.haru)
    page = text(client_of(worker).get(f"/genogram/{family.kenji.pk}/"))
    assert "自分の先祖になる記録があります" in page
    assert "森田 ハル" in page


def test_what_the_household_sheet_says_is_drawn_where_no_relation_is_written(
    client_of: Client, worker: Worker
) -> None:
    mother, son = a_person("林 千代", sex="female"), a_person("林 学", sex="male")
    home = living_together(son, mother)
    home.memberships.filter(person=son).update(relation="self")
    home.memberships.filter(person=mother).update(relation="mother")
    a_concern(held_by=worker, of=home)
    connection.check_constraints()
    page = text(client_of(worker).get(f"/genogram/{home.pk}/"))
    assert "母 林 千代" in page
    assert "本人 林 学" in page


def test_how_often_a_picture_asks(
    client_of: Client, worker: Worker, family: Family, django_assert_max_num_queries: Any
) -> None:
    client = client_of(worker)
    client.get(f"/genogram/{family.kenji.pk}/")
    with django_assert_max_num_queries(45):
        client.get(f"/genogram/{family.kenji.pk}/")
