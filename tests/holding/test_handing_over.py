"""Leaving, absence, the end of a post and of an office: prepared, seen by those who must, carried out in one deed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import (
    NOW,
    TODAY,
    TOKYO,
    a_concern,
    a_household,
    a_person,
    a_post,
    a_worker,
    an_office,
    office_of,
)
from tsunagi.accounts.models import Absence, Office, Posting, Worker
from tsunagi.accounts.rules import Role, Stale
from tsunagi.holding import actions
from tsunagi.holding.actions import Line, Served
from tsunagi.holding.models import Concern, Hold, LeavingRow, OfficeEnding, Promise
from tsunagi.holding.queries import (
    changes_of_holder,
    handing_over_of,
    holder_lines,
    leaving_list,
    my_holds,
)
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> Any:
    set_clock(NOW)
    with opened_trail(None, "test"):
        yield


@pytest.fixture
def office() -> Office:
    return an_office("福祉なんでも相談室")


@pytest.fixture
def holder(office: Office) -> Worker:
    return a_worker(office, name="相田 ゆき")


@pytest.fixture
def colleague(office: Office) -> Worker:
    return a_worker(office, name="井上 誠")


@pytest.fixture
def manager(office: Office) -> Worker:
    found = office.duty_worker
    assert found is not None
    return found


@pytest.fixture
def other_manager() -> Worker:
    return a_worker(role=Role.MANAGER)


def url(name: str, *args: Any) -> str:
    return reverse(f"holding:{name}", args=args)


def typed(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


def held(concern: Concern) -> Hold:
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def row_of(concern: Concern) -> tuple[str, int]:
    return ("hold", held(concern).pk)


def no_law_is_broken(on: date = TODAY) -> None:
    connection.check_constraints()
    report = net.check(connection, today=on)
    assert not report.broken, report.as_dict()


# -- the list -----------------------------------------------------------------------------------------------------------


@pytest.mark.visits("holding:handing_over", "holding:leaving", "holding:leave")
def test_a_list_is_prepared_by_filter_and_carried_out_on_the_day(
    three_people: Callable[..., Any],
    client_of: Any,
    set_clock: Any,
    holder: Worker,
    colleague: Worker,
    manager: Worker,
    other_manager: Worker,
) -> None:
    high = a_concern(held_by=holder, urgency="high", description="ガスが止まる")
    low = [a_concern(held_by=holder) for _ in range(3)]
    three_people(url("handing_over"), allowed=manager, stranger=holder)
    for name in ("leaving", "leave"):
        three_people(url(name, holder.pk), allowed=manager, stranger=other_manager)
    address = f"{url('leaving', holder.pk)}?urgency=high"
    me = client_of(manager)
    page = me.get(address)
    assert [line.row.concern_id for line in page.context["list"].shown] == [high.pk]
    answer = me.post(
        address,
        typed(
            all="1",
            successor=colleague.pk,
            leaving_on="2026-07-01",
            handed_note="昼は留守",
            introduced_how="together",
        ),
    )
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    page = me.get(url("leaving", holder.pk))
    assert (page.context["list"].prepared, len(page.context["list"].lines)) == (1, 4)
    assert "4件のうち1件" in page.content.decode()
    # The words of a line stay when another successor is written without words.
    me.post(
        address,
        typed(all="1", successor=manager.pk, leaving_on="2026-07-01", known=f"hold:{held(high).pk}=1"),
    )
    line = LeavingRow.objects.get()
    assert (line.successor_id, line.handed_note, line.revision) == (manager.pk, "昼は留守", 2)
    # Not before the day.
    early = me.post(url("leave", holder.pk), typed())
    assert early.status_code == 422
    assert "7月1日" in early.content.decode()
    assert "離任・出向の終わり" in me.get(url("handing_over")).content.decode()
    set_clock(datetime(2026, 7, 1, 9, 0, tzinfo=TOKYO))
    assert me.post(url("leave", holder.pk), typed()).status_code == 302
    no_law_is_broken(date(2026, 7, 1))
    assert held(high).worker == manager
    assert held(high).handed_note == "昼は留守"
    assert held(high).introduced_how == "together"
    assert all(held(concern).worker == manager for concern in low)


@pytest.mark.visits("holding:call_off_leaving")
def test_a_leaving_is_called_off_and_its_lines_stay(
    client: Any, client_of: Any, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    row = row_of(a_concern(held_by=holder))
    actions.prepare_leaving(holder, leaving_on=TODAY, rows={row: Line(colleague.pk)}, by=manager, at=NOW)
    me = client_of(manager)
    assert client.get(url("call_off_leaving", holder.pk)).status_code == 302
    assert client_of(a_worker(role=Role.MANAGER)).post(url("call_off_leaving", holder.pk)).status_code == 404
    assert me.get(url("call_off_leaving", holder.pk)).status_code == 302
    assert me.post(url("call_off_leaving", holder.pk)).status_code == 302
    holder.refresh_from_db()
    assert holder.leaving_on is None
    assert LeavingRow.objects.count() == 1


def test_two_managers_prepare_the_same_list_and_see_both_texts(
    client_of: Any, office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    second = a_worker(office, Role.MANAGER, name="三木 和子")
    row = row_of(a_concern(held_by=holder))
    key = f"hold:{row[1]}"
    first, late = client_of(manager), client_of(second)
    form = {"rows": [key], "leaving_on": "2026-07-01", "known": f"{key}=0"}
    assert (
        first.post(
            url("leaving", holder.pk), typed(**form, successor=colleague.pk, handed_note="犬が苦手です")
        ).status_code
        == 302
    )
    answer = late.post(
        url("leaving", holder.pk), typed(**form, successor=manager.pk, handed_note="猫が三匹いる")
    )
    assert answer.status_code == 409
    shown = answer.content.decode()
    for words in ("犬", "苦手", "猫", "三匹", "井上 誠"):
        assert words in shown
    line = LeavingRow.objects.get()
    assert (line.successor_id, line.handed_note) == (colleague.pk, "犬が苦手です")
    # Who wants the same is not stopped; who has read it may write over it.
    same = late.post(
        url("leaving", holder.pk), typed(**form, successor=colleague.pk, handed_note="犬が苦手です")
    )
    assert same.status_code == 302
    again = late.post(
        url("leaving", holder.pk),
        typed(
            rows=[key],
            leaving_on="2026-07-01",
            known=f"{key}=2",
            successor=manager.pk,
            handed_note="猫が三匹いる",
        ),
    )
    assert again.status_code == 302
    assert LeavingRow.objects.get().handed_note == "猫が三匹いる"


def test_a_double_click_writes_the_list_once(
    client_of: Any, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    row = row_of(a_concern(held_by=holder))
    form = typed(rows=[f"hold:{row[1]}"], leaving_on="2026-07-01", successor=colleague.pk)
    me = client_of(manager)
    answers = [me.post(url("leaving", holder.pk), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert LeavingRow.objects.get().revision == 1


def test_a_number_of_the_person_is_refused_and_stays_on_the_page(
    client_of: Any, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    row = row_of(a_concern(held_by=holder))
    answer = client_of(manager).post(
        url("leaving", holder.pk),
        typed(rows=[f"hold:{row[1]}"], successor=colleague.pk, handed_note="番号は123456789018"),
    )
    assert answer.status_code == 422
    assert "123456789018" in answer.content.decode()
    assert not LeavingRow.objects.exists()


def test_what_stands_against_a_successor_is_shown_and_the_row_still_finds_a_holder(
    office: Office, holder: Worker, manager: Worker
) -> None:
    concerns = [a_concern(held_by=holder) for _ in range(3)]
    elsewhere, away, leaves = a_worker(), a_worker(office), a_worker(office)
    actions.record_absence(
        away, from_on=TODAY, until_on=TODAY + timedelta(days=60), acting_id=None, by=manager, at=NOW
    )
    Worker.objects.filter(pk=leaves.pk).update(leaving_on=TODAY + timedelta(days=9))
    for concern, who in zip(concerns, (elsewhere, away, leaves), strict=True):
        actions.prepare_leaving(
            holder, leaving_on=TODAY, rows={row_of(concern): Line(who.pk)}, by=manager, at=NOW
        )
    found = {line.row.concern_id: line.cautions for line in leaving_list(holder.pk, [office.pk], NOW).lines}
    assert "席がありません" in found[concerns[0].pk][0]
    assert "長い不在" in found[concerns[1].pk][0]
    assert "離任の予定" in found[concerns[2].pk][0]
    actions.leave(holder, by=manager, at=NOW)
    no_law_is_broken()
    assert [held(concern).worker for concern in concerns] == [manager, manager, leaves]


def test_a_successor_with_too_much_is_marked(
    office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    from tsunagi.codes.actions import set_setting

    set_setting("spread.load", 10, by=manager, at=NOW)
    rows = {row_of(a_concern(held_by=holder)): Line(colleague.pk) for _ in range(11)}
    actions.prepare_leaving(holder, leaving_on=TODAY, rows=rows, by=manager, at=NOW)
    found = leaving_list(holder.pk, [office.pk], NOW)
    assert [(load.after, load.heavy) for load in found.loads if load.worker_id == colleague.pk] == [
        (11, True)
    ]
    assert found.cautioned == 11


def test_rows_of_another_office_are_counted_not_shown(
    client_of: Any, office: Office, holder: Worker, manager: Worker
) -> None:
    other = an_office("障がい福祉課")
    a_post(holder, other)
    actions.open_concern(
        a_person("森田 ハル").pk,
        office_id=other.pk,
        worker_id=holder.pk,
        description="手帳のこと",
        by=holder,
        at=NOW,
    )
    a_concern(held_by=holder)
    page = client_of(manager).get(url("leaving", holder.pk)).content.decode()
    assert "手帳のこと" not in page
    assert "森田 ハル" not in page
    assert "ほかの機関で受け持つ1件" in page
    page = client_of(manager).get(url("absence_of", holder.pk)).content.decode()
    assert "手帳のこと" not in page


@pytest.mark.visits("holding:end_post")
def test_the_end_of_a_secondment_passes_only_what_is_held_there(
    three_people: Callable[..., Any], client_of: Any, office: Office, manager: Worker, other_manager: Worker
) -> None:
    seconded = a_worker(office, name="出向 太郎", employer="社会福祉協議会")
    post = Posting.objects.get(worker=seconded)
    Posting.objects.filter(pk=post.pk).update(is_secondment=True, planned_until=TODAY + timedelta(days=20))
    other = an_office()
    a_post(seconded, other)
    here = a_concern(held_by=seconded)
    there = actions.open_concern(
        a_person().pk, office_id=other.pk, worker_id=seconded.pk, by=seconded, at=NOW
    )
    assert [line.name for line in handing_over_of(manager, NOW).leaving] == ["出向 太郎"]
    three_people(url("end_post", post.pk), allowed=manager, stranger=other_manager)
    assert client_of(manager).post(url("end_post", post.pk), typed()).status_code == 302
    no_law_is_broken()
    assert (held(here).worker, held(there).worker) == (manager, seconded)
    seconded.refresh_from_db()
    assert seconded.is_active
    assert Posting.objects.get(worker=seconded, ended_at__isnull=True).is_main


def test_a_deed_that_is_done_twice_is_refused_the_second_time(holder: Worker, manager: Worker) -> None:
    a_concern(held_by=holder)
    assert actions.leave(holder, by=manager, at=NOW) == 1
    with pytest.raises(Refused, match="もう記録されています"):
        actions.leave(holder, by=manager, at=NOW)


def test_who_leaves_while_acting_hands_that_on_too(
    office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    concern = a_concern(held_by=holder)
    actions.record_absence(
        holder, from_on=TODAY, until_on=TODAY + timedelta(days=40), acting_id=colleague.pk, by=holder, at=NOW
    )
    connection.check_constraints()
    actions.leave(colleague, by=manager, at=NOW)
    no_law_is_broken()
    assert held(concern).acting == manager
    assert Absence.objects.get(worker=holder).acting == manager


# -- what comes first ---------------------------------------------------------------------------------------------------


def test_what_is_high_or_late_comes_first_and_stands_with_the_manager(
    holder: Worker, colleague: Worker, manager: Worker
) -> None:
    quiet = [a_concern(held_by=holder) for _ in range(14)]
    heavy = a_concern(held_by=holder, urgency="high")
    rows = {row_of(concern): Line(colleague.pk) for concern in (*quiet, heavy)}
    actions.prepare_leaving(holder, leaving_on=TODAY, rows=rows, by=manager, at=NOW)
    actions.leave(holder, by=manager, at=NOW)
    no_law_is_broken()
    third = date(2026, 6, 11)
    assert held(heavy).due_on == third
    assert manager.pk in held(heavy).together_with
    assert all(manager.pk not in held(concern).together_with for concern in quiet)
    assert min(held(concern).due_on for concern in quiet) >= third


def test_what_the_one_before_wrote_stands_until_they_have_met(
    client_of: Any, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    concern = a_concern(held_by=holder, kind="supporting")
    line = Line(colleague.pk, "犬が好き", "管理職が電話で", "telephone")
    actions.prepare_leaving(holder, leaving_on=TODAY, rows={row_of(concern): line}, by=manager, at=NOW)
    actions.leave(holder, by=manager, at=NOW)
    # A deed that moves the day does not take the words away; meeting does.
    actions.record_contact("tried", [Served(concern.pk)], by=colleague, at=NOW)
    page = client_of(colleague).get(url("concern", concern.pk)).content.decode()
    for words in ("替わってまだ会えていない方です", holder.name, "犬が好き", "管理職が電話で", "電話"):
        assert words in page
    actions.record_contact("met", [Served(concern.pk)], by=colleague, at=NOW)
    page = client_of(colleague).get(url("concern", concern.pk)).content.decode()
    assert "替わってまだ会えていない方です" not in page


def test_two_who_leave_on_one_day_do_not_bury_the_same_successor(
    office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    leavers = [holder, a_worker(office)]
    concerns = [a_concern(held_by=leaver, urgency="middle") for leaver in leavers for _ in range(12)]
    for leaver in leavers:
        mine = {
            ("hold", pk): Line(colleague.pk)
            for pk in Hold.objects.filter(worker=leaver, closed_at=None).values_list("pk", flat=True)
        }
        actions.prepare_leaving(leaver, leaving_on=TODAY, rows=mine, by=manager, at=NOW)
        actions.leave(leaver, by=manager, at=NOW)
    week = [held(concern).due_on for concern in concerns if held(concern).due_on < TODAY + timedelta(days=7)]
    assert len(week) <= 10


# -- absence ------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("holding:absence", "holding:absence_of", "holding:back_of")
def test_a_manager_records_the_absence_of_somebody_who_cannot(
    three_people: Callable[..., Any],
    client: Any,
    client_of: Any,
    office: Office,
    holder: Worker,
    colleague: Worker,
    manager: Worker,
    other_manager: Worker,
) -> None:
    third = a_worker(office, name="上田 明")
    first, second = a_concern(held_by=holder), a_concern(held_by=holder)
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    three_people(url("absence"), allowed=holder, stranger=administrator)
    three_people(url("absence_of", holder.pk), allowed=manager, stranger=other_manager)
    me = client_of(manager)
    form = {
        "from_on": "2026-06-09", "until_on": "2026-06-30", "reason": "sick", "open_ended": "on",
        "acting": colleague.pk, f"acting-hold:{held(second).pk}": third.pk,
    }  # fmt: skip
    assert me.post(url("absence_of", holder.pk), typed(**form)).status_code == 302
    no_law_is_broken()
    assert (held(first).acting, held(second).acting) == (colleague, third)
    assert {row.concern_id for row in my_holds(third, TODAY)} == {second.pk}
    # What comes meanwhile is acted in as well.
    later = a_concern(held_by=holder)
    assert held(later).acting == colleague
    no_law_is_broken()
    # The day to look again passes without anybody pressing a key: who acts goes on acting, and it is shown.
    after = datetime(2026, 7, 20, 9, 0, tzinfo=TOKYO)
    assert first.pk in {row.concern_id for row in my_holds(colleague, after.date())}
    (line,) = handing_over_of(manager, after).away
    assert line.away_lapsed
    no_law_is_broken(after.date())
    assert me.get(url("back_of", holder.pk)).status_code == 302
    assert me.post(url("back_of", holder.pk)).status_code == 302
    assert held(first).acting is None
    assert client.get(url("back_of", holder.pk)).status_code == 302


def test_an_acting_holder_may_do_every_deed(office: Office, holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    actions.record_absence(
        holder, from_on=TODAY, until_on=TODAY + timedelta(days=30), acting_id=colleague.pk, by=holder, at=NOW
    )
    actions.record_contact("met", [Served(concern.pk)], by=colleague, at=NOW)
    actions.hold_as("supporting", concern.pk, by=colleague, at=NOW)
    actions.could_not(concern.pk, by=colleague, at=NOW)
    actions.extend(concern.pk, due_on=TODAY + timedelta(days=40), reason="入院中", by=colleague, at=NOW)
    assert (held(concern).worker, held(concern).acting) == (holder, colleague)


def test_what_comes_for_somebody_whose_acting_colleague_left_is_acted_in(
    office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    actions.record_absence(
        holder, from_on=TODAY, until_on=TODAY + timedelta(days=60), acting_id=colleague.pk, by=manager, at=NOW
    )
    actions.leave(colleague, by=manager, at=NOW)
    assert Absence.objects.get(worker=holder).acting is None
    concern = a_concern(held_by=holder)
    made = actions.leave_message(holder, by=manager, at=NOW, words="折り返しを")
    no_law_is_broken()
    assert (held(concern).acting, made.acting) == (manager, manager)


def test_who_acts_and_falls_ill_hands_that_on(
    office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    theirs, own = a_concern(held_by=holder), a_concern(held_by=colleague)
    away = {"from_on": TODAY, "until_on": TODAY + timedelta(days=30)}
    actions.record_absence(holder, **away, acting_id=colleague.pk, by=holder, at=NOW)
    connection.check_constraints()
    actions.record_absence(colleague, **away, acting_id=manager.pk, by=manager, at=NOW)
    no_law_is_broken()
    assert (held(theirs).acting, held(own).acting) == (manager, manager)
    # And once more: somebody acts as long as anybody is there.
    connection.check_constraints()
    third = a_worker(office)
    actions.record_absence(manager, **away, acting_id=third.pk, by=manager, at=NOW)
    no_law_is_broken()
    assert held(theirs).acting == third


def test_an_absence_is_extended_called_off_and_ended(
    client_of: Any, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    concern = a_concern(held_by=holder)
    for until in (20, 50):
        actions.record_absence(
            holder,
            from_on=TODAY,
            until_on=TODAY + timedelta(days=until),
            acting_id=colleague.pk,
            by=holder,
            at=NOW,
        )
    assert Absence.objects.filter(returned_at__isnull=True).count() == 1
    assert held(concern).acting_until == TODAY + timedelta(days=50)
    actions.come_back(holder, by=holder, at=NOW)
    ahead = actions.record_absence(
        holder, from_on=TODAY + timedelta(days=9), until_on=TODAY + timedelta(days=40), acting_id=colleague.pk,
        by=holder, at=NOW,
    )  # fmt: skip
    client_of(manager).post(url("back_of", holder.pk))
    ahead.refresh_from_db()
    assert ahead.returned_at is not None
    assert held(concern).acting is None
    no_law_is_broken()


def test_days_of_a_short_absence_are_not_worked(holder: Worker) -> None:
    from tsunagi.accounts.queries import CalendarBook, calendar_of

    actions.record_absence(
        holder, from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=2), by=holder, at=NOW
    )
    office_id = office_of(holder).pk
    for calendar in (calendar_of(office_id, holder.pk), CalendarBook().of(office_id, holder.pk)):
        assert not calendar.is_open(TODAY + timedelta(days=1))
        assert calendar.on_or_before(TODAY + timedelta(days=2)) == TODAY
    assert calendar_of(office_id).is_open(TODAY + timedelta(days=1))


def test_a_holder_ill_for_two_months_and_never_deactivated_is_shown_to_the_manager(
    client_of: Any, office: Office, holder: Worker, colleague: Worker, manager: Worker, set_clock: Any
) -> None:
    """No law breaks by the passing of days alone; the manager sees it and can record the absence (H14)."""
    concern = a_concern(held_by=holder)
    Worker.objects.filter(pk=holder.pk).update(last_seen_at=NOW)
    later = set_clock(datetime(2026, 8, 10, 9, 0, tzinfo=TOKYO))
    Worker.objects.filter(pk__in=[colleague.pk, manager.pk]).update(last_seen_at=later)
    no_law_is_broken(later.date())
    assert [line.worker_id for line in handing_over_of(manager, later).unseen] == [holder.pk]
    page = client_of(manager).get(url("handing_over")).content.decode()
    assert "しばらく使っていない職員" in page
    assert url("absence_of", holder.pk) in page
    assert "1人" in client_of(manager).get(reverse("safety_net:index")).content.decode()
    answer = client_of(manager).post(
        url("absence_of", holder.pk),
        typed(
            from_on="2026-06-10", until_on="2026-09-30", reason="sick", open_ended="on", acting=colleague.pk
        ),
    )
    assert answer.status_code == 302
    no_law_is_broken(later.date())
    assert not handing_over_of(manager, later).unseen
    assert concern.pk in {row.concern_id for row in my_holds(colleague, later.date())}


def test_a_part_timer_is_not_unseen_on_days_they_do_not_work(office: Office, manager: Worker) -> None:
    part = a_worker(office, weekdays=[1])
    a_concern(held_by=part)
    later = NOW + timedelta(days=21)
    (line,) = [one for one in holder_lines([office.pk], later) if one.worker_id == part.pk]
    assert (line.unseen_bd, line.not_signed_in) == (3, False)


# -- the end of an office ------------------------------------------------------------------------------------------------


@pytest.mark.visits("holding:ending", "holding:end_office")
def test_an_entrusted_contract_ends_on_the_31st_of_march(
    three_people: Callable[..., Any], client_of: Any, set_clock: Any, other_manager: Worker
) -> None:
    old = an_office("ひまわり相談センター", run_by="entrusted", contract_until=date(2027, 3, 31))
    new = an_office("たんぽぽ相談センター", run_by="entrusted")
    assert old.duty_worker is not None
    manager = old.duty_worker
    worker, follower = a_worker(old), a_worker(new, name="次田 良")
    named, other = a_concern(held_by=worker), a_concern(held_by=worker)
    # Seen half a year ahead, not before.
    assert not handing_over_of(manager, NOW).endings
    autumn = set_clock(datetime(2026, 10, 5, 9, 0, tzinfo=TOKYO))
    (line,) = handing_over_of(manager, autumn).endings
    assert (line.office, line.rows, line.to_office) == (old.label, 2, "")
    board = client_of(manager).get(reverse("safety_net:index")).content.decode()
    assert "ひまわり相談センター" in board
    assert "引き継ぐ機関が未定" in board
    for name in ("ending", "end_office"):
        three_people(url(name, old.pk), allowed=manager, stranger=other_manager)
    me = client_of(manager)
    assert me.post(url("ending", old.pk), typed(ends_on="2027-04-01")).status_code == 422
    form = typed(to_office=new.pk, ends_on="2027-04-01", words="鍵は事務所")
    assert me.post(url("ending", old.pk), form).status_code == 302
    address = f"{url('leaving', worker.pk)}?ending={old.pk}"
    assert "たんぽぽ相談センター" in me.get(address).content.decode()
    answer = me.post(
        address, typed(rows=[f"hold:{held(named).pk}"], successor=follower.pk, handed_note="耳が遠い")
    )
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    worker.refresh_from_db()
    assert worker.leaving_on is None
    assert me.post(url("end_office", old.pk), typed()).status_code == 422
    set_clock(datetime(2027, 4, 1, 9, 0, tzinfo=TOKYO))
    assert me.post(url("end_office", old.pk), typed()).status_code == 302
    no_law_is_broken(date(2027, 4, 1))
    assert (held(named).office, held(named).worker, held(named).handed_note) == (new, follower, "耳が遠い")
    assert (held(other).office, held(other).worker) == (new, new.duty_worker)
    old.refresh_from_db()
    assert not old.is_active


def test_two_managers_name_another_office_and_see_both(office: Office, manager: Worker) -> None:
    one, two = an_office("東"), an_office("西")
    actions.prepare_ending(office, to_office=one, ends_on=TODAY, by=manager, at=NOW)
    with pytest.raises(Stale) as told:
        actions.prepare_ending(office, to_office=two, ends_on=TODAY, revision=0, by=manager, at=NOW)
    assert told.value.differences == (("引き継ぐ機関", "東", "西"),)
    actions.prepare_ending(office, to_office=two, ends_on=TODAY, revision=1, by=manager, at=NOW)
    assert OfficeEnding.objects.get().to_office == two


# -- the fourth change ---------------------------------------------------------------------------------------------------


def test_the_fourth_change_of_worker_is_seen(
    client_of: Any, office: Office, holder: Worker, manager: Worker
) -> None:
    mother = a_person("森田 ハル")
    a_household(mother)
    concern = a_concern(held_by=holder, of=mother)
    at, last = NOW, holder
    for number in range(4):
        assert not handing_over_of(manager, at).changed
        at += timedelta(days=80)
        follower = a_worker(office, name=f"後任 {number}")
        actions.prepare_leaving(
            last, leaving_on=at.date(), rows={row_of(concern): Line(follower.pk)}, by=manager, at=at
        )
        actions.leave(last, by=manager, at=at)
        last = follower
    assert changes_of_holder(concern.pk, at.date()) == (1, 4)
    (shown,) = handing_over_of(manager, at).changed
    assert (shown.concern_id, shown.in_a_year) == (concern.pk, 4)


def test_three_changes_in_sixty_days_stand_on_the_concern(
    client_of: Any, office: Office, holder: Worker, manager: Worker, set_clock: Any
) -> None:
    concern = a_concern(held_by=holder)
    last = holder
    for number in range(3):
        at = NOW + timedelta(days=7 * (number + 1))
        follower = a_worker(office)
        actions.prepare_leaving(
            last, leaving_on=at.date(), rows={row_of(concern): Line(follower.pk)}, by=manager, at=at
        )
        actions.leave(last, by=manager, at=at)
        last = follower
    set_clock(at)
    page = client_of(last).get(url("concern", concern.pk)).content.decode()
    assert "担当が何度も替わっています" in page
    assert "替わってまだ会えていない方です" in page
    actions.record_contact("met", [Served(concern.pk)], by=last, at=at)
    page = client_of(last).get(url("concern", concern.pk)).content.decode()
    assert "替わってまだ会えていない方です" not in page


def test_the_words_for_a_promise_reach_the_successor(
    client_of: Any, office: Office, holder: Worker, colleague: Worker, manager: Worker
) -> None:
    concern = a_concern(held_by=holder)
    made = actions.promise(
        "role", "年金の書類を届ける", subject_kind="concern", subject_id=concern.pk, party_id=concern.party_id,
        office_id=office.pk, worker_id=holder.pk, due_on=TODAY + timedelta(days=3), by=holder, at=NOW,
    )  # fmt: skip
    actions.prepare_leaving(
        holder,
        leaving_on=TODAY,
        rows={("promise", made.pk): Line(colleague.pk, "玄関ではなく裏口へ")},
        by=manager,
        at=NOW,
    )
    actions.leave(holder, by=manager, at=NOW)
    passed = Promise.objects.get(previous=made)
    page = client_of(colleague).get(url("promise", passed.pk)).content.decode()
    assert "裏口" in page
