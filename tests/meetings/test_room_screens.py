"""The room's pages, copies, minutes: who gets there, and what they say to whom."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, a_person, a_worker, an_office
from tests.meetings.room_factories import a_member, an_item, choose, is_there
from tests.meetings.test_room import Scene
from tests.strictness import StrictClient
from tsunagi.meetings.actions import end_sitting, finish_item
from tsunagi.meetings.actions.minutes import agree_minutes, draft_minutes, is_as_agreed
from tsunagi.meetings.actions.papers import make_copies, settle_copy
from tsunagi.meetings.actions.room import confirm_left, finish_here, settle_lines, show_item, write_line
from tsunagi.meetings.models import Copy, DecisionRole, ItemMember, Line, Minutes, MinutesPart, Room
from tsunagi.meetings.queries.minutes import minutes_of
from tsunagi.meetings.queries.papers import shares
from tsunagi.meetings.rules.room import NOT_FOR_OTHER_ENDS
from tsunagi.notices.models import Notice
from tsunagi.paperwork.actions import make_packets
from tsunagi.people.actions import involve
from tsunagi.press.pdf import text_of
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def three(client_of: Any, scene: Scene, link: str, *, status: int = 200) -> Any:
    """The secretary gets there, a stranger and whoever is not signed in do not."""
    answer = client_of(scene.lead).get(link)
    assert answer.status_code == status, answer.status_code
    assert client_of(a_worker()).get(link).status_code == 404
    assert StrictClient().get(link).status_code == 302
    return answer


def plain(answer: Any) -> str:
    """The words of a page without its tags: a difference is marked letter by letter."""
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def flat(pdf: bytes) -> str:
    return "".join(text_of(pdf).split())


def typed(scene: Scene, what: str = "学校と話す", **more: str) -> Line:
    values = {"kind": "role", "what": what, "owner_id": str(scene.teacher.pk), "due": "2026-07-01"} | more
    return write_line(
        scene.item, key=uuid.uuid4(), write=uuid.uuid4(), base=0, values=values, by=scene.lead, at=NOW
    ).line


def shown(scene: Scene) -> None:
    show_item(scene.sitting, scene.item.pk, by=scene.lead, at=NOW)
    confirm_left(scene.sitting, by=scene.lead, at=NOW)


@pytest.mark.visits("meetings:room")
def test_the_secretary_leads_the_room(client_of: Any, scene: Scene) -> None:
    link = reverse("meetings:room", args=[scene.sitting.pk])
    assert "いまは何も映していません" in three(client_of, scene, link).content.decode()
    client = client_of(scene.lead)
    client.post(link, {"deed": "show", "item": scene.item.pk})
    waiting = client.get(link).content.decode()
    assert "退室をお願いします" in waiting
    assert "森田" not in waiting
    client.post(link, {"deed": "left"})
    page = client.get(link).content.decode()
    assert "森田 ハル" in page
    assert NOT_FOR_OTHER_ENDS in page
    client.post(link, {"deed": "read_out", "item": scene.item.pk})
    assert "読み上げました" in client.get(link).content.decode()
    client.post(link, {"deed": "presence", "member": scene.police.pk, "presence": "left"})
    assert client.post(link, {"deed": "nonsense"}).status_code == 409
    assert client.post(link, {"deed": "show", "item": "x"}).status_code == 409
    typed(scene)
    client.post(link, {"deed": "decide", "item": scene.item.pk, "kind": "roles", "words": "見守る"})
    assert DecisionRole.objects.get().what == "学校と話す"
    client.post(link, {"deed": "finish"})
    assert Room.objects.get().item_id is None
    client.post(link, {"deed": "end"})
    assert "会議は終わりました" in client.get(link).content.decode()


@pytest.mark.visits("meetings:room_screen")
@pytest.mark.visits("meetings:room_screen_part")
@pytest.mark.visits("meetings:room_state")
def test_the_wall_follows_and_asks_for_nothing_while_nothing_changes(client_of: Any, scene: Scene) -> None:
    wall = reverse("meetings:room_screen", args=[scene.sitting.pk])
    part = reverse("meetings:room_screen_part", args=[scene.sitting.pk])
    three(client_of, scene, wall)
    three(client_of, scene, part)
    assert three(client_of, scene, reverse("meetings:room_state", args=[scene.sitting.pk])).json() == {
        "over": False
    }
    client = client_of(scene.lead)
    show_item(scene.sitting, scene.item.pk, by=scene.lead, at=NOW)
    waiting = client.get(wall).content.decode()
    assert "次の方は退室をお願いします" in waiting
    assert "岡 守 様" in waiting
    assert "森田" not in waiting
    confirm_left(scene.sitting, by=scene.lead, at=NOW)
    seen = client.get(part)
    version = seen.content.decode().split("?v=")[1].split('"')[0]
    assert "森田 ハル" in seen.content.decode()
    assert client.get(part, {"v": version}).status_code == 204
    typed(scene)
    assert "学校と話す" in client.get(part, {"v": version}).content.decode()
    # Somebody whose item was closed to them meanwhile: the next look is empty.
    ItemMember.objects.filter(item=scene.item, member=scene.secretary).update(closed_at=NOW)
    closed = client.get(part, {"v": version}).content.decode()
    assert "画面を閉じました" in closed
    assert "森田" not in closed
    assert "学校" not in closed


def test_a_withdrawn_consent_names_the_way_out_to_the_secretary_alone(client_of: Any) -> None:
    scene = Scene(by_consent=True)
    shown(scene)
    withdraw_consent(scene.consent, by=scene.lead, at=NOW, words="やめたい")
    client = client_of(scene.lead)
    led = client.get(reverse("meetings:room", args=[scene.sitting.pk])).content.decode()
    assert "本人の同意が取りやめられた" in led
    assert "支援会議の議題として、改めて提案できます" in led
    wall = client.get(reverse("meetings:room_screen", args=[scene.sitting.pk])).content.decode()
    assert "この件は、ここまでとします" in wall
    assert "同意" not in wall
    assert "森田" not in led + wall


@pytest.mark.parametrize("by_consent", [False, True], ids=["support", "layered"])
def test_an_opened_item_asks_as_much_for_three_as_for_twenty(
    client_of: Any, queries: Any, *, by_consent: bool
) -> None:
    scene = Scene(by_consent=by_consent)
    shown(scene)
    client = client_of(scene.lead)
    part = reverse("meetings:room_screen_part", args=[scene.sitting.pk])
    client.get(part)
    with queries() as few:
        answer = client.get(part)
    version = answer.content.decode().split("?v=")[1].split('"')[0]
    with queries() as still:
        assert client.get(part, {"v": version}).status_code == 204
    for _ in range(17):
        member = a_member(scene.body, a_worker(an_office()))
        if not by_consent:
            choose(scene.item, member)
        is_there(scene.sitting, member)
        if not by_consent:
            typed(scene)
    if by_consent:
        confirm_left(scene.sitting, by=scene.lead, at=NOW)
    client.get(part)
    with queries() as many:
        assert "森田 ハル" in client.get(part).content.decode()
    assert many.shape == few.shape
    # An item that stands still costs no drawing.
    assert (few.count, still.count) == ((49, 25) if by_consent else (37, 19))


@pytest.mark.visits("meetings:room_line")
def test_rows_arrive_from_a_form_and_from_a_tablet(client_of: Any, scene: Scene) -> None:
    shown(scene)
    link = reverse("meetings:room_line", args=[scene.sitting.pk, scene.item.pk])
    three(client_of, scene, link, status=302)
    client = client_of(scene.lead)
    key, write = str(uuid.uuid4()), str(uuid.uuid4())
    row = {"key": key, "write": write, "base": "0", "what": "学校と話す", "due": "R8.7.1"}
    told = client.post(link, row, headers={"accept": "application/json"})
    assert told.json() == {"revision": 1, "merged": False, "again": False}
    assert client.post(link, row, headers={"accept": "application/json"}).json()["again"] is True
    assert str(Line.objects.get().due_on) == "2026-07-01"
    assert client.post(link, row | {"write": "", "base": "1", "what": "担任と話す"}).status_code == 302
    late = row | {"write": str(uuid.uuid4()), "base": "1", "what": "校長と話す"}
    both = client.post(link, late, headers={"accept": "application/json"})
    assert both.status_code == 409
    assert both.json()["differences"] == [["決まったこと", "担任と話す", "校長と話す"]]
    page = client.post(link, late)
    assert page.status_code == 409
    assert "担任と話す" in plain(page)
    assert "校長と話す" in plain(page)
    wrong = client.post(link, row | {"key": "x"}, headers={"accept": "application/json"})
    assert wrong.status_code == 422
    day = client.post(link, row | {"write": "", "due": "いつか"}, headers={"accept": "application/json"})
    assert day.status_code == 422
    other = an_item(scene.sitting, scene.lead, scene.teacher, of=a_person("堀 実"))
    assert client.get(reverse("meetings:room_line", args=[scene.sitting.pk, other.pk])).status_code == 404


def test_opening_an_item_asks_the_database_a_fixed_number_of_times(
    client_of: Any, scene: Scene, queries: Any
) -> None:
    shown(scene)
    part = reverse("meetings:room_screen_part", args=[scene.sitting.pk])
    client = client_of(scene.lead)
    client.get(part)
    counts = []
    for _ in range(2):
        with queries() as asked:
            client.get(part)
        counts.append(asked.count)
        for number in range(5):
            typed(scene, f"行{number}")
    assert counts[0] == counts[1] <= 75


def test_a_role_needs_an_owner_and_a_day(scene: Scene) -> None:
    shown(scene)
    row = typed(scene, due="")
    with pytest.raises(Refused, match="いつまで"):
        settle_lines(scene.item, "roles", "", by=scene.lead, at=NOW)
    values = {"kind": "role", "what": "学校と話す", "due": "2026-07-01"}
    write_line(scene.item, key=row.key, write=uuid.uuid4(), base=1, values=values, by=scene.lead, at=NOW)
    with pytest.raises(Refused, match="だれがするか"):
        settle_lines(scene.item, "roles", "", by=scene.lead, at=NOW)
    with pytest.raises(Refused, match="1件あります"):
        finish_here(scene.sitting, by=scene.lead, at=NOW)
    write_line(
        scene.item,
        key=row.key,
        write=uuid.uuid4(),
        base=2,
        values=values | {"kind": "missing"},
        by=scene.lead,
        at=NOW,
    )
    settle_lines(scene.item, "watch", "学校で見守る", by=scene.lead, at=NOW)
    with pytest.raises(Refused, match="もう役割"):
        write_line(
            scene.item,
            key=row.key,
            write=uuid.uuid4(),
            base=3,
            values=values | {"what": "別"},
            by=scene.lead,
            at=NOW,
        )


# -- copies ------------------------------------------------------------------------------------------------------------


def copies(scene: Scene) -> dict[int, tuple[Copy, str]]:
    involve(
        scene.haru.pk,
        scene.secretary.office_id,
        ground="01",
        facets=["basic", "household", "consultation"],
        reason_kind="case",
        reason_id=1,
        at=NOW,
    )
    wanted = shares(scene.sitting, NOW.date())
    made = make_packets(
        scene.sitting, wanted, run_id=None, by=type(scene.lead).objects.get(pk=scene.lead.pk), at=NOW
    )
    return {row.member_id: (row, flat(content)) for row, content in made}


def test_copies_are_masked_numbered_and_named(scene: Scene) -> None:
    found = copies(scene)
    assert set(found) == {scene.secretary.pk, scene.teacher.pk}
    own, text = found[scene.secretary.pk]
    other, masked = found[scene.teacher.pk]
    assert (own.number, other.number) == (1, 2)
    assert "森田ハル" in text
    assert "水野連様" in text
    assert "森田" not in masked
    assert "ハル" not in masked
    assert "山本学様" in masked
    assert f"会{scene.sitting.pk}-02" in masked
    assert "水野連様" not in masked


@pytest.mark.visits("meetings:copies")
@pytest.mark.visits("meetings:copies_recall")
@pytest.mark.visits("meetings:copy")
@pytest.mark.visits("paperwork:copy_file")
def test_a_recalled_copy_answers_with_a_sentence(client_of: Any, scene: Scene) -> None:
    found = copies(scene)
    mine = found[scene.teacher.pk][0]
    teacher = scene.teacher.worker
    link = reverse("paperwork:copy_file", args=[mine.pk])
    assert "山本学様" in flat(client_of(teacher).get(link).content)
    assert client_of(scene.lead).get(link).status_code == 404
    assert client_of(a_worker()).get(link).status_code == 404
    assert StrictClient().get(link).status_code == 302
    page = three(client_of, scene, reverse("meetings:copies", args=[scene.sitting.pk])).content.decode()
    assert "まだ戻っていません" in page
    recall = reverse("meetings:copies_recall", args=[scene.sitting.pk])
    three(client_of, scene, recall, status=302)
    client_of(scene.lead).post(recall)
    gone = client_of(teacher).get(link)
    assert gone.status_code == 409
    assert "回収されました" in gone.content.decode()
    assert "PDF" not in gone.content.decode()[:8]
    assert Notice.objects.filter(worker=teacher, sentence__contains="回収").exists()
    copy = reverse("meetings:copy", args=[mine.pk])
    three(client_of, scene, copy, status=302)
    assert client_of(scene.lead).post(copy, {"ask": "1"}).status_code == 409
    assert client_of(scene.lead).post(copy, {"how": ""}).status_code == 409
    client_of(scene.lead).post(copy, {"how": "shredded"})
    assert (
        "会場で裁断した"
        in client_of(scene.lead).get(reverse("meetings:copies", args=[scene.sitting.pk])).content.decode()
    )
    with pytest.raises(Refused, match="もう記録"):
        settle_copy(mine, "returned", by=scene.lead, at=NOW)


def test_a_copy_holds_no_more_than_its_member_may_see_today(client_of: Any, scene: Scene) -> None:
    mine = copies(scene)[scene.teacher.pk][0]
    ItemMember.objects.filter(item=scene.item, member=scene.teacher).update(closed_at=NOW)
    answer = client_of(scene.teacher.worker).get(reverse("paperwork:copy_file", args=[mine.pk]))
    assert answer.status_code == 409
    assert "いまは開けません" in answer.content.decode()


@pytest.mark.visits("paperwork:packets")
def test_the_job_makes_a_numbered_paper_for_each_member(client_of: Any, scene: Scene) -> None:
    link = reverse("paperwork:packets", args=[scene.sitting.pk])
    assert "山本 学" in three(client_of, scene, link).content.decode()
    assert client_of(scene.lead).post(link).status_code == 302
    scene.body.recall = "none"
    scene.body.save(update_fields=["recall"])
    assert client_of(scene.lead).post(link).status_code == 409
    with pytest.raises(Refused, match="配りません"):
        make_copies(scene.sitting, shares(scene.sitting, NOW.date()), run_id=None, by=scene.lead, at=NOW)


# -- minutes -----------------------------------------------------------------------------------------------------------


def spoken(scene: Scene) -> Minutes:
    """The item was spoken of, the sitting ended, a draft made."""
    other = an_item(
        scene.sitting, scene.lead, scene.secretary, scene.police, of=a_person("堀 実"), asked="だれが訪ねるか"
    )
    shown(scene)
    typed(scene)
    settle_lines(scene.item, "roles", "学校が中心になる", by=scene.lead, at=NOW)
    finish_here(scene.sitting, by=scene.lead, at=NOW)
    finish_item(other, by=scene.lead, at=NOW)
    end_sitting(scene.sitting, by=scene.lead, at=NOW)
    return draft_minutes(scene.sitting, by=scene.lead, at=NOW)


@pytest.mark.visits("meetings:minutes")
@pytest.mark.visits("meetings:minutes_draft")
@pytest.mark.visits("meetings:minutes_words")
@pytest.mark.visits("meetings:minutes_agree")
@pytest.mark.visits("paperwork:giroku")
def test_minutes_from_what_was_typed_to_what_was_agreed(client_of: Any, scene: Scene) -> None:
    draft = spoken(scene)
    page = reverse("meetings:minutes", args=[scene.sitting.pk])
    text = three(client_of, scene, page).content.decode()
    assert "学校と話す（教育支援課" in text
    assert "だれが訪ねるか" in text
    teacher = client_of(scene.teacher.worker)
    assert "議事録はまだありません" in teacher.get(page).content.decode()
    giroku = reverse("paperwork:giroku", args=[draft.pk])
    assert teacher.get(giroku).status_code == 404
    three(client_of, scene, reverse("meetings:minutes_draft", args=[scene.sitting.pk]), status=302)
    part = draft.parts.get(item=scene.item)
    words = reverse("meetings:minutes_words", args=[part.pk])
    three(client_of, scene, words, status=302)
    lead = client_of(scene.lead)
    lead.post(words, {"words": "次回は学校から報告。", "revision": part.revision})
    stale = lead.post(words, {"words": "ほかの文", "revision": part.revision})
    assert stale.status_code == 409
    assert "次回は学校から報告。" in plain(stale)
    assert "ほかの文" in plain(stale)
    lead.post(reverse("meetings:minutes_draft", args=[scene.sitting.pk]))
    assert draft.parts.get(item=scene.item).words == "次回は学校から報告。"
    agree = reverse("meetings:minutes_agree", args=[draft.pk])
    three(client_of, scene, agree, status=302)
    lead.post(agree)
    draft.refresh_from_db()
    assert draft.state == "agreed"
    assert is_as_agreed(draft)
    # A member reads the items they were chosen for, and no other.
    read = teacher.get(page).content.decode()
    assert "学校と話す" in read
    assert "だれが訪ねるか" not in read
    assert "堀" not in read
    assert "ほかに1件あります" in read
    paper = flat(three(client_of, scene, giroku).content)
    assert "学校と話す" in paper
    assert "次回は学校から報告。" in paper
    assert "だれが訪ねるか" in paper
    theirs = flat(teacher.get(giroku).content)
    assert "学校と話す" in theirs
    assert "だれが訪ねるか" not in theirs
    assert Notice.objects.filter(worker=scene.teacher.worker, sentence__contains="議事録").exists()


def test_what_was_agreed_is_never_rewritten(scene: Scene) -> None:
    first = agree_minutes(spoken(scene), by=scene.lead, at=NOW)
    part = first.parts.order_by("position")[0]
    for wrong in (
        lambda: MinutesPart.objects.filter(pk=part.pk).update(words="別の話"),
        lambda: MinutesPart.objects.filter(pk=part.pk).delete(),
        lambda: MinutesPart.objects.create(minutes=first, position=99, heading="あと"),
        lambda: Minutes.objects.filter(pk=first.pk).update(digest="0" * 64),
    ):
        with pytest.raises(DatabaseError, match="確定した議事録"), transaction.atomic():
            wrong()
    with pytest.raises(Refused, match="訂正するわけ"):
        draft_minutes(scene.sitting, by=scene.lead, at=NOW)
    second = draft_minutes(scene.sitting, reason="所属がちがっていた", by=scene.lead, at=NOW)
    assert second.number == 2
    agree_minutes(second, by=scene.lead, at=NOW)
    first.refresh_from_db()
    assert is_as_agreed(first)
    assert [card.number for card in minutes_of(scene.lead, scene.sitting, NOW.date())] == [2, 1]
    connection.check_constraints()


def test_minutes_are_agreed_only_when_everything_typed_is_settled(scene: Scene) -> None:
    shown(scene)
    typed(scene)
    draft = draft_minutes(scene.sitting, by=scene.lead, at=NOW)
    with pytest.raises(Refused, match="まだ終わって"):
        agree_minutes(draft, by=scene.lead, at=NOW)
    finish_item(scene.item, by=scene.lead, at=NOW)
    end_sitting(scene.sitting, by=scene.lead, at=NOW)
    with pytest.raises(Refused, match="1件"):
        agree_minutes(draft, by=scene.lead, at=NOW)


@pytest.mark.visits("paperwork:shidai")
def test_the_order_of_the_day_names_nobody(client_of: Any, scene: Scene) -> None:
    text = flat(three(client_of, scene, reverse("paperwork:shidai", args=[scene.sitting.pk])).content)
    assert "支援会議" in text
    assert "教育支援課" in text
    assert "森田" not in text
