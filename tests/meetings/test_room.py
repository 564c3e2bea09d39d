"""The room on a real database: who leaves, what is shown, what two tablets typed, what a withdrawn consent does."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.factories import NOW, a_household, a_person, a_worker, an_office
from tests.meetings.room_factories import (
    a_body,
    a_convener,
    a_member,
    a_sitting,
    an_acknowledgement,
    an_item,
    choose,
    is_there,
)
from tsunagi.meetings.actions.room import (
    clear_screen,
    confirm_left,
    enter_room,
    read_out,
    settle_lines,
    show_item,
    write_line,
)
from tsunagi.meetings.models import Attendance, Line, LineWord, Showing
from tsunagi.meetings.queries.room import screen, screen_unless
from tsunagi.meetings.rules.room import EndedWhy, Shut, Stage
from tsunagi.people.actions import end_involvement, involve, protect
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing.actions import record_consent, withdraw_consent
from tsunagi.sharing.rules import ConsentWish

pytestmark = pytest.mark.django_db
FAMILY = ["basic", "household", "consultation"]


class Scene:
    """A sitting with a secretary, a teacher and a policeman; an item for the first two."""

    def __init__(self, *, by_consent: bool = False) -> None:
        self.lead = a_convener()
        self.body = a_body(self.lead)
        self.secretary = self.body.members.get()
        self.teacher = a_member(self.body, a_worker(an_office("教育支援課"), name="山本 学"))
        self.police = a_member(self.body, a_worker(an_office("警察署"), name="岡 守"))
        self.sitting = a_sitting(self.body, self.lead)
        is_there(self.sitting, self.secretary, self.teacher, self.police)
        self.haru = a_person("森田 ハル")
        self.home = a_household(self.haru, a_person("森田 健"))
        mode = "layered" if by_consent else "support"
        if by_consent:
            # The secretary's office works with her itself (01); the school is at the table by her consent.
            involve(
                self.haru.pk, self.secretary.office_id, ground="01", facets=FAMILY, reason_kind="case", reason_id=9, at=NOW
            )  # fmt: skip
            self.consent = self.agreed(self.teacher.office_id, self.police.office_id)
        self.item = an_item(self.sitting, self.lead, self.secretary, self.teacher, of=self.haru, mode=mode)

    def agreed(self, *offices: int) -> Any:
        """The person said yes to these offices."""
        wish = ConsentWish(
            state="given_all", preset="standard", office_ids=offices, way="oral", explained_on=NOW.date()
        )
        return record_consent(self.haru.pk, wish, office_id=self.secretary.office_id, by=self.lead, at=NOW)

    def show(self, **more: Any) -> Any:
        return show_item(self.sitting, self.item.pk, by=self.lead, at=more.get("at", NOW))

    def seen(self, at: Any = NOW) -> Any:
        self.sitting.refresh_from_db()
        lead = type(self.lead).objects.get(pk=self.lead.pk)
        return screen(lead, self.sitting, at)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_an_item_waits_until_those_outside_have_left(scene: Scene) -> None:
    assert scene.seen().stage is Stage.IDLE
    scene.show()
    waiting = scene.seen()
    assert waiting.stage is Stage.CLEARING
    assert [seat.name for seat in waiting.outside] == ["岡 守"]
    assert (waiting.subject, waiting.svg, waiting.asked, waiting.lines) == ("", "", "", ())
    confirm_left(scene.sitting, by=scene.lead, at=NOW + timedelta(minutes=1))
    shown = scene.seen(NOW + timedelta(minutes=3))
    assert shown.stage is Stage.SHOWING
    assert shown.subject == "森田 ハル"
    assert shown.clock == "2:00"
    assert [seat.name for seat in shown.circle] == ["水野 連", "山本 学"]
    kept = Showing.objects.get()
    assert kept.outside == [scene.police.pk]
    assert kept.circle == sorted([scene.secretary.pk, scene.teacher.pk])


def test_who_comes_in_late_empties_the_screen(scene: Scene) -> None:
    Attendance.objects.filter(member=scene.police).update(presence="expected")
    scene.show()
    before = scene.seen()
    assert before.stage is Stage.SHOWING
    is_there(scene.sitting, scene.police)
    after = scene.seen()
    assert after.stage is Stage.CLEARING
    assert after.version != before.version
    confirm_left(scene.sitting, by=scene.lead, at=NOW)
    assert scene.seen().stage is Stage.SHOWING


def test_a_member_without_an_acknowledgement_counts_as_outside_until_it_is_there(scene: Scene) -> None:
    nurse = a_member(scene.body, a_worker(an_office("病院"), name="中村 慈"), acknowledged=False)
    choose(scene.item, nurse)
    is_there(scene.sitting, nurse)
    scene.show()
    assert {seat.name: seat.why_outside for seat in scene.seen().outside} == {
        "岡 守": "この件の構成員ではありません", "中村 慈": "守秘義務の確認がまだです",
    }  # fmt: skip
    row = scene.item.members.get(member=nurse)
    row.acknowledgement, row.opened_at = an_acknowledgement(nurse), NOW
    row.save(update_fields=["acknowledgement", "opened_at"])
    assert [seat.name for seat in scene.seen().outside] == ["岡 守"]


def test_the_next_item_ends_the_one_before(scene: Scene) -> None:
    other = an_item(
        scene.sitting, scene.lead, scene.secretary, scene.teacher, scene.police, of=a_person("堀 実")
    )
    scene.show()
    show_item(scene.sitting, other.pk, by=scene.lead, at=NOW + timedelta(minutes=9))
    assert scene.seen().stage is Stage.SHOWING
    assert scene.seen().subject == "堀 実"
    assert Showing.objects.get(item=scene.item).ended_why == "next"
    clear_screen(scene.sitting, by=scene.lead, at=NOW + timedelta(minutes=10))
    assert scene.seen().stage is Stage.IDLE


def test_a_clock_set_back_ends_an_item_no_earlier_than_it_began(scene: Scene) -> None:
    scene.show()
    confirm_left(scene.sitting, by=scene.lead, at=NOW - timedelta(hours=2))
    clear_screen(scene.sitting, by=scene.lead, at=NOW - timedelta(hours=1))
    kept = Showing.objects.get()
    assert kept.begun_at <= kept.shown_at <= kept.ended_at  # type: ignore[operator]


def test_an_item_that_is_not_open_to_who_leads_is_not_shown(scene: Scene) -> None:
    item = an_item(scene.sitting, scene.lead, scene.teacher, of=a_person("堀 実"))
    with pytest.raises(Refused, match="事務局の機関からは見られません"):
        show_item(scene.sitting, item.pk, by=scene.lead, at=NOW)
    strange = an_item(a_sitting(a_body(a_convener(), "ほかの会議"), scene.lead), scene.lead)
    with pytest.raises(Refused, match="次第にありません"):
        show_item(scene.sitting, strange.pk, by=scene.lead, at=NOW)
    planned = a_sitting(scene.body, scene.lead, state="planned", day=NOW.date() + timedelta(days=30))
    with pytest.raises(Refused, match="始まっていません"):
        enter_room(planned, by=scene.lead, at=NOW)


def test_the_picture_shows_the_household_and_nobody_protected(scene: Scene) -> None:
    for member in (scene.secretary, scene.teacher):
        involve(
            scene.haru.pk,
            member.office_id,
            ground="01",
            facets=FAMILY,
            reason_kind="case",
            reason_id=1,
            at=NOW,
        )
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    scene.show()
    seen = scene.seen()
    assert "森田" in seen.svg
    kenji = scene.home.memberships.exclude(person=scene.haru).get().person
    protect(kenji, category="dv", reason="相手方あり", by=scene.lead, at=NOW)
    assert "健" not in scene.seen().svg
    scene.item.members.filter(member=scene.teacher).update(facets=["basic"])
    assert scene.seen().svg == ""
    scene.item.members.filter(member=scene.teacher).update(facets=["consultation"])
    assert scene.seen().subject == "この方"


def test_a_consent_withdrawn_while_the_room_is_open_empties_the_screen() -> None:
    scene = Scene(by_consent=True)
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    scene.show()
    shown = scene.seen()
    assert [(seat.name, seat.why_outside) for seat in shown.outside] == []
    assert (shown.stage, shown.subject) == (Stage.SHOWING, "森田 ハル")
    withdraw_consent(scene.consent, by=scene.lead, at=NOW + timedelta(minutes=5), words="やめたい")
    after = scene.seen(NOW + timedelta(minutes=5))
    assert (after.stage, after.shut) == (Stage.CLOSED, Shut.CONSENT)
    assert "取りやめられた" in after.shut_words
    assert after.version != shown.version
    assert (after.subject, after.asked, after.svg, after.lines) == ("", "", "", ())
    with pytest.raises(Refused, match="取りやめられた"):
        confirm_left(scene.sitting, by=scene.lead, at=NOW + timedelta(minutes=6))
    clear_screen(scene.sitting, by=scene.lead, at=NOW + timedelta(minutes=7), why=EndedWhy.CONSENT)
    assert scene.seen().stage is Stage.IDLE
    with pytest.raises(Refused, match="次第にありません"):
        scene.show()


def test_a_consent_partly_withdrawn_sends_that_office_out_and_the_rest_goes_on() -> None:
    scene = Scene(by_consent=True)
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    scene.show()
    before = scene.seen()
    assert before.stage is Stage.SHOWING
    withdraw_consent(
        scene.consent, by=scene.lead, at=NOW, words="学校には", office_ids=[scene.teacher.office_id]
    )
    after = scene.seen()
    assert (after.stage, after.shut) == (Stage.CLEARING, None)
    assert [(seat.name, seat.why_outside) for seat in after.outside] == [
        ("山本 学", "本人の同意の範囲から外れました")
    ]
    assert (after.subject, after.asked, after.svg, after.lines) == ("", "", "", ())
    assert after.version != before.version
    write(scene, uuid.uuid4(), 0, what="学校と話す", owner_id=str(scene.teacher.pk), due="2026-07-01")
    confirm_left(scene.sitting, by=scene.lead, at=NOW + timedelta(minutes=1))
    on = scene.seen(NOW + timedelta(minutes=2))
    assert (on.stage, on.subject) == (Stage.SHOWING, "森田 ハル")
    assert [seat.name for seat in on.circle] == ["水野 連"]
    kept = Showing.objects.get()
    # Who heard the first part is kept; that they left is, too.
    assert (kept.outside, kept.circle) == (
        [scene.teacher.pk],
        sorted([scene.secretary.pk, scene.teacher.pk]),
    )
    with pytest.raises(Refused, match="同意の範囲に入っていません"):
        settle_lines(scene.item, "roles", "学校が話す", by=scene.lead, at=NOW)


def test_who_had_left_and_came_back_is_asked_out_again() -> None:
    scene = Scene(by_consent=True)
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    row = scene.item.members.get(member=scene.teacher)
    known = row.acknowledgement
    scene.item.members.filter(pk=row.pk).update(acknowledgement=None, opened_at=None)
    scene.show()
    assert [seat.name for seat in scene.seen().outside] == ["山本 学"]
    confirm_left(scene.sitting, by=scene.lead, at=NOW)
    scene.item.members.filter(pk=row.pk).update(acknowledgement=known, opened_at=NOW)
    assert [seat.name for seat in scene.seen().circle] == ["水野 連", "山本 学"]
    withdraw_consent(scene.consent, by=scene.lead, at=NOW, office_ids=[scene.teacher.office_id])
    assert scene.seen().stage is Stage.CLEARING


def test_the_secretarys_office_may_be_the_one_that_falls_out() -> None:
    scene = Scene(by_consent=True)
    # Asked for by the police, this consent is what brings the secretary's office to the table.
    wish = ConsentWish(
        state="given_all", preset="standard", office_ids=(scene.secretary.office_id,), way="oral", explained_on=NOW.date()
    )  # fmt: skip
    consent = record_consent(
        scene.haru.pk, wish, office_id=scene.police.office_id, by=scene.police.worker, at=NOW
    )
    end_involvement("case", 9, at=NOW)
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    scene.show()
    assert scene.seen().stage is Stage.SHOWING
    withdraw_consent(consent, by=scene.lead, at=NOW, office_ids=[scene.secretary.office_id])
    after = scene.seen()
    assert (after.stage, after.shut, after.subject) == (Stage.CLOSED, Shut.OURS, "")
    with pytest.raises(Refused, match="事務局の機関への同意"):
        confirm_left(scene.sitting, by=scene.lead, at=NOW)


def test_a_protection_while_an_item_is_shown_is_a_new_look(scene: Scene) -> None:
    Attendance.objects.filter(member=scene.police).update(presence="absent", came_at=None)
    for member in (scene.secretary, scene.teacher):
        involve(
            scene.haru.pk, member.office_id, ground="01", facets=FAMILY, reason_kind="case", reason_id=1, at=NOW
        )  # fmt: skip
    scene.show()
    before = scene.seen()
    assert "森田" in before.svg
    lead = type(scene.lead).objects.get(pk=scene.lead.pk)
    assert screen_unless(lead, scene.sitting, NOW, before.version) is None
    kenji = scene.home.memberships.exclude(person=scene.haru).get().person
    protect(kenji, category="dv", reason="相手方あり", by=scene.lead, at=NOW)
    after = screen_unless(lead, scene.sitting, NOW, before.version)
    assert after is not None
    assert "健" not in after.svg
    scene.item.members.filter(member=scene.teacher).update(facets=["basic"])
    assert screen_unless(lead, scene.sitting, NOW, after.version) is not None


def typed(**parts: str) -> dict[str, str]:
    return {"kind": "role", "what": "", "owner_id": "", "owner_words": "", "due": "", "removed": ""} | parts


def write(scene: Scene, key: uuid.UUID, base: int, *, number: uuid.UUID | None = None, **parts: str) -> Any:
    return write_line(
        scene.item,
        key=key,
        write=number or uuid.uuid4(),
        base=base,
        values=typed(**parts),
        by=scene.lead,
        at=NOW,
    )


def test_what_arrives_twice_is_stored_once(scene: Scene) -> None:
    scene.show()
    key, number = uuid.uuid4(), uuid.uuid4()
    first = write(
        scene, key, 0, number=number, what="学校と話す", owner_id=str(scene.teacher.pk), due="2026-07-01"
    )
    second = write(
        scene, key, 0, number=number, what="学校と話す", owner_id=str(scene.teacher.pk), due="2026-07-01"
    )
    assert (first.again, second.again) == (False, True)
    assert (Line.objects.count(), LineWord.objects.count()) == (1, 1)
    line = scene.seen().lines or Line.objects.all()
    assert len(line) == 1


def test_two_tablets_type_the_same_row(scene: Scene) -> None:
    key = uuid.uuid4()
    write(scene, key, 0, what="学校と話す")
    write(scene, key, 1, what="担任と話す")
    both = write(scene, key, 1, what="学校と話す", due="2026-07-01")
    assert both.was_merged
    assert (both.line.what, str(both.line.due_on), both.line.revision) == ("担任と話す", "2026-07-01", 3)
    with pytest.raises(Stale) as clash:
        write(scene, key, 1, what="校長と話す")
    assert clash.value.differences == (("決まったこと", "担任と話す", "校長と話す"),)
    assert Line.objects.get().what == "担任と話す"
    removed = write(scene, key, 3, what="担任と話す", due="2026-07-01", removed="1")
    assert removed.line.removed_at == NOW
    back = write(scene, key, 4, what="担任と話す", due="2026-07-01")
    assert back.line.removed_at is None


def test_what_is_typed_is_checked(scene: Scene) -> None:
    stranger = a_member(a_body(a_convener(), "ほかの会議"), a_worker())
    for words, parts in (
        ("決まったことを書いて", {}),
        ("個人番号", {"what": "123456789018 を聞く"}),
        ("構成員から選んで", {"what": "話す", "owner_id": str(stranger.pk)}),
        ("300字", {"what": "あ" * 301}),
        ("日を確かめて", {"what": "話す", "due": "そのうち"}),
    ):
        with pytest.raises(Refused, match=words):
            write(scene, uuid.uuid4(), 0, **parts)
    key, number = uuid.uuid4(), uuid.uuid4()
    write(scene, key, 0, number=number, what="話す")
    other = an_item(scene.sitting, scene.lead, scene.secretary, of=a_person("堀 実"))
    for again in (number, uuid.uuid4()):
        with pytest.raises(Refused, match="会議室に出ていません"):
            write_line(other, key=key, write=again, base=1, values=typed(what="盗む"), by=scene.lead, at=NOW)


def test_reading_out_is_ticked_once_and_kept(scene: Scene) -> None:
    scene.show()
    first = read_out(scene.item, by=scene.lead, at=NOW)
    assert read_out(scene.item, by=scene.lead, at=NOW + timedelta(minutes=5)).at == first.at
    papers = an_item(scene.sitting, scene.lead, mode="no_persons", title="進捗")
    with pytest.raises(Refused, match="支援会議の件のとき"):
        read_out(papers, by=scene.lead, at=NOW)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("DELETE FROM meetings_readout")
