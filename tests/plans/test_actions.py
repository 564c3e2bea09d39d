"""A plan from its draft to the look after the end, on the real database: states, promises, versions, stages, days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
from tests.plans.factories import (
    GOALS,
    a_case,
    a_draft,
    a_plan_in_force,
    a_role,
    a_wish,
    agreed,
    decided,
    monitored,
)
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Field
from tsunagi.accounts.rules import Role as Post
from tsunagi.cases.actions import close_case
from tsunagi.cases.models import Case
from tsunagi.codes.models import Setting
from tsunagi.codes.queries import forget
from tsunagi.holding.actions import close_concern, facts_of, keep_plain_promise, leave
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, PromiseKind, WordOf
from tsunagi.people.models import Involvement
from tsunagi.people.queries import members_of
from tsunagi.plans.actions import (
    GoalWish,
    Look,
    MonitoringWish,
    StalePlan,
    begin,
    confer,
    correct_plan,
    decide,
    end_case,
    new_plan,
    record_conference,
    record_consent,
    record_event,
    record_monitoring,
    say_of_role,
    stop_roles,
    take_back_event,
    withdraw_plan,
    write_follow_up,
    write_plain,
    write_plan,
    write_roles,
)
from tsunagi.plans.models import FollowUp, Plan, Role, WorkEvent
from tsunagi.plans.queries import events_of, monitoring_sheet, plan_sheet, plan_texts_on, plans_of
from tsunagi.referrals.actions import accept, decline, send_referral
from tsunagi.safety_net import net
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
PAUSE = ClosingWish(
    ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="いつでも", card="名前と電話"
)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def colleague(worker: Worker) -> Worker:
    return a_worker(office_of(worker), name="井上 誠")


@pytest.fixture
def case(worker: Worker) -> Case:
    return a_case(worker)


def promises(kind: str) -> list[Promise]:
    return list(Promise.objects.filter(subject_kind=kind, is_open=True).order_by("due_on", "id"))


def broken() -> list[str]:
    """Which laws the net finds broken."""
    return [found.law.title for found in net.check(connection, today=TODAY).laws if found.violations]


def stage(case: Case) -> str:
    return str(Case.objects.values_list("stage", flat=True).get(pk=case.pk))


def settle(plan: Plan, worker: Worker) -> None:
    for role in plan.roles.filter(state="open"):
        say_of_role(role, "done", words="済んだ", by=worker, at=NOW)
    connection.check_constraints()


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_first_plan_has_the_citys_days(case: Case, worker: Worker) -> None:
    plan = new_plan(case, by=worker, at=NOW)
    assert (plan.number, plan.version, plan.state) == (1, 1, "draft")
    assert (plan.from_on, plan.until_on, plan.monitor_on) == (TODAY, date(2026, 12, 8), date(2026, 9, 9))
    assert stage(case) == "planning"
    assert new_plan(case, by=worker, at=NOW).pk == plan.pk
    withdraw_plan(plan, reason="本人が考えたいとのこと", revision=plan.revision, by=worker, at=NOW)
    Setting.objects.update_or_create(key="plan.period_months", defaults={"value": 3})
    forget()
    again = new_plan(case, by=worker, at=NOW)
    assert (again.number, again.version, again.until_on) == (1, 2, date(2026, 9, 8))


def test_what_is_written_is_stored_in_order(case: Case, worker: Worker) -> None:
    plan = a_draft(case, worker)
    goals = list(plan.goals.all())
    assert [goal.text for goal in goals] == ["家で暮らしつづける", "家賃の払い方を決める"]
    kept = [GoalWish("short", "払い方を窓口で決める", id=goals[1].pk), GoalWish("long", "話し相手をみつける")]
    plan = write_plan(
        plan, a_wish(services=["participation"]), kept, revision=plan.revision, by=worker, at=NOW
    )
    assert {goal.text for goal in plan.goals.all()} == {"払い方を窓口で決める", "話し相手をみつける"}
    assert plan.goals.filter(pk=goals[1].pk).exists()
    assert plan.services == ["participation"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"wish_person": "番号は123456789018です"}, "個人番号"),
        ({"until_on": date(2026, 6, 1)}, "始まりより前"),
        ({"services": ["nothing"]}, "選べない事業"),
        ({"situation": "あ" * 10_001}, "長すぎます"),
    ],
)
def test_what_cannot_stand_in_a_plan(case: Case, worker: Worker, changed: dict[str, Any], words: str) -> None:
    plan = new_plan(case, by=worker, at=NOW)
    with pytest.raises(Refused, match=words):
        write_plan(plan, a_wish(**changed), GOALS, revision=plan.revision, by=worker, at=NOW)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"worker_id": None, "office_id": None}, "答える職員"),
        ({"due_on": None}, "いつまでに"),
        ({"what": ""}, "「何を」"),
        ({"owner_kind": "family"}, "だれがするのか"),
        ({"due_on": date(2046, 6, 1)}, "年を確かめて"),
        ({"how_known": "123456789018"}, "個人番号"),
    ],
)
def test_no_row_without_an_owner_and_a_day(
    case: Case, worker: Worker, changed: dict[str, Any], words: str
) -> None:
    plan = new_plan(case, by=worker, at=NOW)
    with pytest.raises(Refused, match=words):
        write_roles(plan, [a_role(worker, **changed)], revision=plan.revision, by=worker, at=NOW)


def test_a_worker_of_an_office_that_is_not_with_the_family_cannot_be_given_a_role(
    case: Case, worker: Worker
) -> None:
    plan = new_plan(case, by=worker, at=NOW)
    with pytest.raises(Refused, match="関わっている機関"):
        write_roles(plan, [a_role(a_worker())], revision=plan.revision, by=worker, at=NOW)


def test_two_who_write_see_both_texts(case: Case, worker: Worker) -> None:
    plan = a_draft(case, worker)
    old = plan.revision
    write_plan(plan, a_wish(situation="ひとりめの文"), GOALS, revision=old, by=worker, at=NOW)
    with pytest.raises(StalePlan) as stale:
        write_plan(plan, a_wish(situation="ふたりめの文"), GOALS, revision=old, by=worker, at=NOW)
    assert ("状況と課題（要約）", "ひとりめの文", "ふたりめの文") in stale.value.rows
    with pytest.raises(StalePlan):
        write_roles(plan, [a_role(worker)], revision=old, by=worker, at=NOW)
    with pytest.raises(StalePlan):
        record_consent(
            plan, explained_on=TODAY, agreed_by="person", way="oral", revision=old, by=worker, at=NOW
        )


def test_the_plain_words_are_confirmed_when_all_are_written(case: Case, worker: Worker) -> None:
    plan = a_draft(case, worker)
    goals = {goal.pk: "家でくらします" for goal in plan.goals.all()}
    roles = {role.pk: "いっしょに書きます" for role in plan.roles.all()}
    with pytest.raises(Refused, match="まだ空いている行"):
        write_plain(plan, goals, {}, confirmed=True, revision=plan.revision, by=worker, at=NOW)
    plan = write_plain(plan, goals, roles, confirmed=True, revision=plan.revision, by=worker, at=NOW)
    assert plan.plain_confirmed_by == worker
    # Another word in a goal: its plain words no longer say the same.
    first = plan.goals.all()[0]
    rows = [GoalWish(first.term, "別の目標", id=first.pk)]
    plan = write_plan(plan, a_wish(), rows, revision=plan.revision, by=worker, at=NOW)
    plan.refresh_from_db()
    assert plan.plain_confirmed_at is None
    assert plan.goals.get(pk=first.pk).plain == ""


# -- agreeing ----------------------------------------------------------------------------------------------------------


def test_what_was_agreed_is_frozen_even_for_raw_sql(case: Case, worker: Worker) -> None:
    plan = agreed(a_draft(case, worker), worker)
    with pytest.raises(Refused, match="訂正版"):
        write_plan(plan, a_wish(), GOALS, revision=plan.revision, by=worker, at=NOW)
    role, goal = plan.roles.all()[0], plan.goals.all()[0]
    for deed in (
        lambda: Plan.objects.filter(pk=plan.pk).update(situation="別のこと"),
        lambda: Plan.objects.filter(pk=plan.pk).update(frozen_at=None),
        lambda: plan.roles.filter(pk=role.pk).update(what="別のこと"),
        lambda: plan.goals.filter(pk=goal.pk).update(text="別のこと"),
        lambda: plan.goals.filter(pk=goal.pk).delete(),
        lambda: plan.goals.create(term="short", text="もうひとつ"),
        lambda: Plan.objects.filter(pk=plan.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
        plan.refresh_from_db()
    assert plan.situation == a_wish().situation
    assert plan.goals.count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"explained_on": TODAY + timedelta(days=1)}, "まだ来ていない"),
        ({"agreed_by": "family"}, "お名前と続柄"),
        ({"way": "signed"}, "どこに保管"),
        ({"words": "123456789018"}, "個人番号"),
    ],
)
def test_a_yes_says_who_how_and_where(
    case: Case, worker: Worker, changed: dict[str, Any], words: str
) -> None:
    plan = a_draft(case, worker)
    said = {"explained_on": TODAY, "agreed_by": "person", "way": "oral", "revision": plan.revision} | changed
    with pytest.raises(Refused, match=words):
        record_consent(plan, by=worker, at=NOW, **said)


def test_nobody_agrees_to_an_empty_plan(case: Case, worker: Worker) -> None:
    plan = new_plan(case, by=worker, at=NOW)
    with pytest.raises(Refused, match="目標をひとつ以上、役割"):
        record_consent(
            plan,
            explained_on=TODAY,
            agreed_by="person",
            way="oral",
            revision=plan.revision,
            by=worker,
            at=NOW,
        )


def test_a_meeting_says_fit_and_the_city_decides(case: Case, worker: Worker) -> None:
    plan = agreed(a_draft(case, worker), worker)
    plan = confer(plan, by=worker, at=NOW)
    assert (plan.state, stage(case)) == ("conferring", "conferring")
    with pytest.raises(Refused, match="会議の結果がまだ"):
        decide(plan, decided_on=TODAY, decided_by="課長", by=worker, at=NOW)
    record_conference(plan, held_on=TODAY, kind="multi", result="fit", by=worker, at=NOW)
    plan = decide(plan, decided_on=TODAY, decided_by="課長", no_meeting="urgent", by=worker, at=NOW)
    assert (plan.state, plan.no_meeting) == ("decided", "")
    begin(plan, by=worker, at=NOW)
    connection.check_constraints()
    case.refresh_from_db()
    assert (case.stage, case.plan_until, case.review_on) == (
        "supporting",
        date(2026, 12, 8),
        date(2026, 9, 9),
    )


def test_a_meeting_that_wants_it_again_gives_it_back(case: Case, worker: Worker) -> None:
    plan = confer(a_draft(case, worker), by=worker, at=NOW)
    with pytest.raises(Refused, match="なぜ再検討か"):
        record_conference(plan, held_on=TODAY, kind="multi", result="again", by=worker, at=NOW)
    record_conference(plan, held_on=TODAY, kind="multi", result="again", words="家計が先", by=worker, at=NOW)
    plan.refresh_from_db()
    assert (plan.state, stage(case)) == ("draft", "planning")


def test_fit_when_changed_is_changed_in_a_new_version_that_carries_the_word(
    case: Case, worker: Worker
) -> None:
    plan = confer(agreed(a_draft(case, worker), worker), by=worker, at=NOW)
    record_conference(
        plan, held_on=TODAY, kind="multi", result="fit_revised", words="訪問を月2回に", by=worker, at=NOW
    )
    new = correct_plan(plan, by=worker, at=NOW)
    plan.refresh_from_db()
    assert (plan.state, new.state, new.number, new.version) == ("replaced", "conferring", 1, 2)
    new = write_plan(new, a_wish(situation="直した"), GOALS, revision=new.revision, by=worker, at=NOW)
    new = decide(agreed(new, worker), decided_on=TODAY, decided_by="課長", by=worker, at=NOW)
    begin(new, by=worker, at=NOW)
    connection.check_constraints()
    assert [row.state for row in plans_of(case)] == ["running", "replaced"]


def test_a_plan_does_not_begin_without_what_it_needs(case: Case, worker: Worker) -> None:
    plan = a_draft(case, worker)
    with pytest.raises(Refused, match="先に決定"):
        begin(agreed(plan, worker), by=worker, at=NOW)
    with pytest.raises(Refused, match="会議にかけずに"):
        decide(plan, decided_on=TODAY, decided_by="課長", by=worker, at=NOW)


# -- in force ----------------------------------------------------------------------------------------------------------


def test_every_row_becomes_a_promise_and_so_does_the_next_look(
    case: Case, worker: Worker, colleague: Worker
) -> None:
    rows = [
        a_role(colleague, "通院に同行する", due_on=TODAY + timedelta(days=3)),
        a_role(worker, "朝、起きたら電話をする", owner_kind="person", due_on=TODAY + timedelta(days=5)),
    ]
    plan = a_plan_in_force(case, worker, roles=rows)
    first, second = promises("plan_role")
    assert (first.worker, first.what, first.due_on) == (
        colleague,
        "通院に同行する",
        TODAY + timedelta(days=3),
    )
    assert (second.worker, second.kind) == (worker, PromiseKind.PLAN_ROLE)
    (look,) = promises("plan")
    assert (look.worker_id, look.due_on, look.kind) == (case.worker_id, plan.monitor_on, "monitoring")
    assert broken() == []
    with pytest.raises(Refused, match="モニタリングを書くと"):
        keep_plain_promise(look, by=worker, at=NOW)


def test_an_office_that_has_a_role_may_read_the_plan_while_it_has_it(case: Case, worker: Worker) -> None:
    other = a_worker(an_office("家計相談"))
    Involvement.objects.create(
        party_id=case.party_id, office=office_of(other), facets=["basic"], ground="05", from_on=TODAY,
        reason_kind="registered", reason_id=case.party_id,
    )  # fmt: skip
    plan = a_plan_in_force(case, worker, roles=[a_role(other)])
    assert plan_sheet(other, case, plan.pk) is not None
    assert events_of(other, case) == ()
    settle(plan, worker)
    assert plan_sheet(other, case, plan.pk) is None


def test_the_database_refuses_a_row_nobody_answers_for(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    for table, key in (("plan_role", plan.roles.all()[0].pk), ("plan", plan.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Promise.objects.filter(subject_kind=table, subject_id=key, is_open=True).update(
                done_at=NOW, done_by=worker
            )
            connection.check_constraints()
    with pytest.raises(DatabaseError), transaction.atomic():
        plan.roles.update(state="done", settled_at=NOW)
        connection.check_constraints()


def test_a_row_goes_on_is_given_on_is_done_or_stopped(case: Case, worker: Worker, colleague: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    role = plan.roles.all()[0]
    with pytest.raises(Refused, match="きょうより後"):
        say_of_role(role, "go_on", due_on=TODAY, by=worker, at=NOW)
    say_of_role(role, "go_on", words="1回目を書いた", due_on=TODAY + timedelta(days=30), by=worker, at=NOW)
    kept = Promise.objects.get(subject_kind="plan_role", subject_id=role.pk, is_open=True)
    assert (kept.due_on, kept.previous.done_by) == (TODAY + timedelta(days=30), worker)
    say_of_role(role, "pass", worker_id=colleague.pk, office_id=office_of(colleague).pk, by=worker, at=NOW)
    assert Promise.objects.get(subject_kind="plan_role", subject_id=role.pk, is_open=True).worker == colleague
    with pytest.raises(Refused, match="ほかの人が先に"):
        say_of_role(role, "done", known_promise=kept.pk, by=worker, at=NOW)
    with pytest.raises(Refused, match="取りやめるわけ"):
        say_of_role(role, "stop", by=colleague, at=NOW)
    say_of_role(role, "done", words="書けた", by=colleague, at=NOW)
    with pytest.raises(Refused, match="済み"):
        say_of_role(role, "done", by=colleague, at=NOW)
    assert stop_roles(plan, reason="転居した", by=worker, at=NOW) == 1
    connection.check_constraints()
    assert [role.state for role in plan.roles.all()] == ["done", "stopped"]
    assert broken() == []


def test_who_leaves_hands_on_roles_and_monitoring(case: Case, worker: Worker, colleague: Worker) -> None:
    plan = a_plan_in_force(case, worker, roles=[a_role(worker), a_role(colleague, "手紙を書く")])
    office = office_of(worker)
    leave(worker, by=office.duty_worker, at=NOW)
    connection.check_constraints()
    rows = [*promises("plan_role"), *promises("plan")]
    assert {row.worker_id for row in rows} == {colleague.pk, office.duty_worker_id} | {
        row.worker_id for row in rows
    } - {worker.pk}
    assert worker.pk not in {row.worker_id for row in rows}
    assert len(rows) == 3
    # Whoever follows sees as much of it as the one who left.
    for row in rows:
        opened = Involvement.objects.filter(reason_kind="promise", reason_id=row.pk, ended_at__isnull=True)
        assert all("plan" in one.facets for one in opened)
        assert opened.exists()
    assert broken() == []
    after = a_worker(office)
    settle(plan, after)
    assert monitored(plan, after).next_on


def test_a_look_promises_the_next_one(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    goals = list(plan.goals.all())
    entry = monitored(
        plan, worker, changes=["12", "08"], goals={goals[0].pk: ("partly", "家賃が残る"), goals[1].pk: ("", "")},
        roles={plan.roles.all()[0].pk: "1回目が済んだ"},
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.stage, case.review_on) == ("supporting", entry.next_on)
    (look,) = promises("plan")
    assert (look.due_on, look.previous.done_by) == (entry.next_on, worker)
    sheet = monitoring_sheet(worker, case)
    assert sheet is not None
    assert sheet.entry is not None
    assert sheet.entry.change_labels == ("精神の安定", "家計の改善")
    assert [result.attainment for result in sheet.entry.goals] == ["partly"]
    assert len(sheet.entry.roles) == 2
    assert sheet.plan.goals[0].attainment_label == "一部"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"on": TODAY + timedelta(days=1)}, "まだ来ていない"),
        ({"next_on": None}, "次のモニタリングの日"),
        ({"next_on": TODAY}, "きょうより後"),
        ({"is_evaluation": True}, "再プラン・終結・中断"),
        ({"changes": ["99"]}, "選べない変化"),
        ({"opinion": "123456789018"}, "個人番号"),
    ],
)
def test_what_a_look_cannot_say(case: Case, worker: Worker, changed: dict[str, Any], words: str) -> None:
    plan = a_plan_in_force(case, worker)
    with pytest.raises(Refused, match=words):
        monitored(plan, worker, **changed)


@pytest.mark.parametrize(
    ("decision", "then"),
    [("continue", "supporting"), ("replan", "replanning"), ("close", "ending"), ("suspend", "suspended")],
)
def test_what_was_decided_moves_the_file(case: Case, worker: Worker, decision: str, then: str) -> None:
    plan = a_plan_in_force(case, worker)
    monitored(plan, worker, decision)
    assert stage(case) == then
    assert len(promises("plan")) == 1


def test_an_evaluation_judges_every_goal(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    with pytest.raises(Refused, match="すべての目標"):
        monitored(plan, worker, "replan", is_evaluation=True)
    goals = {goal.pk: ("reached", "") for goal in plan.goals.all()}
    assert monitored(plan, worker, "replan", is_evaluation=True, goals=goals).is_evaluation


def test_two_who_look_at_once(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    old = Plan.objects.get(pk=plan.pk).revision
    wrong = monitored(plan, worker, opinion="ひとりめ")
    wish = MonitoringWish(TODAY, "continue", TODAY + timedelta(days=30), opinion="ふたりめ")
    with pytest.raises(StalePlan) as stale:
        record_monitoring(plan, wish, revision=old, by=worker, at=NOW)
    assert ("支援員の意見", "ひとりめ", "ふたりめ") in stale.value.rows
    now = Plan.objects.get(pk=plan.pk).revision
    record_monitoring(plan, wish, revision=now, corrects=wrong, by=worker, at=NOW)
    sheet = monitoring_sheet(worker, case)
    assert sheet is not None
    assert [entry.is_corrected for entry in sheet.entries] == [False, True]
    with pytest.raises(Refused, match="もう訂正"):
        record_monitoring(plan, wish, revision=now + 1, corrects=wrong, by=worker, at=NOW)


def test_a_re_plan_copies_forward_and_takes_the_promises_along(case: Case, worker: Worker) -> None:
    old = a_plan_in_force(case, worker)
    say_of_role(old.roles.all()[0], "done", by=worker, at=NOW)
    before = {row.pk for row in promises("plan_role")}
    new = new_plan(case, by=worker, at=NOW)
    assert (new.number, new.wish_person, stage(case)) == (2, old.wish_person, "replanning")
    assert [role.what for role in new.roles.all()] == ["息子に手紙を書く"]
    decided(new, worker)
    with pytest.raises(Refused, match="まだ評価がありません"):
        begin(new, by=worker, at=NOW)
    monitored(old, worker, "replan")
    begin(new, by=worker, at=NOW)
    connection.check_constraints()
    old.refresh_from_db()
    assert old.state == "evaluated"
    (role,) = promises("plan_role")
    assert role.previous_id in before
    assert len(promises("plan")) == 1
    assert Role.objects.get(plan=old, what="息子に手紙を書く").state == "carried"
    assert broken() == []


def test_a_correction_of_a_plan_in_force_keeps_it_in_force_until_it_begins(
    case: Case, worker: Worker
) -> None:
    old = a_plan_in_force(case, worker)
    new = correct_plan(old, by=worker, at=NOW)
    assert (new.number, new.version, new.state) == (1, 2, "draft")
    assert len(promises("plan_role")) == 2
    rows = [a_role(worker)]
    new = write_roles(new, rows, revision=new.revision, by=worker, at=NOW)
    decided(new, worker)
    with pytest.raises(Refused, match="まだ終わっていない役割"):
        begin(new, by=worker, at=NOW)
    stop_roles(old, reason="訂正版にまとめた", by=worker, at=NOW)
    begin(new, by=worker, at=NOW)
    connection.check_constraints()
    old.refresh_from_db()
    assert (old.state, len(promises("plan_role")), len(promises("plan"))) == ("replaced", 1, 1)
    assert broken() == []


# -- events ------------------------------------------------------------------------------------------------------------


def test_work_and_more_income_are_events(case: Case, worker: Worker) -> None:
    son = a_person_of(case)
    event = record_event(
        case, on=TODAY, kind="work_general", person_id=son, is_target=True, income_up=True, amount=40_000, by=worker, at=NOW
    )  # fmt: skip
    (card,) = events_of(worker, case)
    assert (card.kind_label, card.amount, card.is_target) == ("就労を始めた(一般就労)", 40_000, True)
    with pytest.raises(Refused, match="取り消すわけ"):
        take_back_event(event, reason=" ", by=worker, at=NOW)
    take_back_event(event, reason="日を間違えた", by=worker, at=NOW)
    assert WorkEvent.objects.get().taken_back_reason == "日を間違えた"
    for changed, words in (
        ({"on": TODAY + timedelta(days=1)}, "まだ来ていない"),
        ({"kind": "x"}, "種類を選んで"),
        ({"person_id": 999_999}, "世帯の方"),
        ({"amount": 5, "kind": "other"}, "収入が増えた"),
    ):
        said: dict[str, Any] = {"on": TODAY, "kind": "income_up"} | changed
        with pytest.raises(Refused, match=words):
            record_event(case, by=worker, at=NOW, **said)


def a_person_of(case: Case) -> int:
    return members_of(case.party_id)[0]


# -- the end -----------------------------------------------------------------------------------------------------------


def end_concerns(case: Case, worker: Worker) -> None:
    for row in case.case_concerns.order_by("id"):
        close_concern(row.concern_id, PAUSE, by=worker, at=NOW)
    connection.check_constraints()


def test_a_file_is_not_closed_over_somebodys_role(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    with pytest.raises(Refused, match="まだ終わっていない課題"):
        end_case(case, main_office="相談室", by=worker, at=NOW)
    end_concerns(case, worker)
    for deed in (
        lambda: end_case(case, main_office="相談室", by=worker, at=NOW),
        lambda: close_case(case, by=worker, at=NOW, main_office="相談室"),
    ):
        with pytest.raises(Refused, match="役割が2件"), transaction.atomic():
            deed()
    settle(plan, worker)
    close_case(case, by=worker, at=NOW, main_office="相談室")
    connection.check_constraints()
    plan.refresh_from_db()
    assert (plan.state, plan.end_reason) == ("evaluated", "支援が終結した")
    assert not promises("plan")
    assert broken() == []


def test_the_end_promises_a_look_and_the_last_look_finishes_it(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    settle(plan, worker)
    monitored(plan, worker, "close", is_evaluation=True, goals=dict.fromkeys(_goals(plan), ("reached", "")))
    end_concerns(case, worker)
    with pytest.raises(Refused, match="きょうより後"):
        end_case(case, main_office="東包括 大山", looks=[Look(TODAY)], by=worker, at=NOW)
    day = TODAY + timedelta(days=90)
    end_case(
        case,
        main_office="東包括 大山",
        words="家賃が払える",
        looks=[Look(day, "電話で聞く")],
        by=worker,
        at=NOW,
    )
    connection.check_constraints()
    assert stage(case) == "following"
    (kept,) = promises("follow_up")
    assert (kept.due_on, kept.what, kept.worker_id) == (day, "電話で聞く", case.worker_id)
    assert plan_sheet(worker, case, plan.pk) is not None
    assert broken() == []
    look = FollowUp.objects.get()
    later = NOW + timedelta(days=90)
    with pytest.raises(Refused, match="もう一度みる日"):
        write_follow_up(look, result="not_met", words="留守", done_on=day, by=worker, at=later)
    again = write_follow_up(
        look,
        result="watch",
        words="少し心配",
        done_on=day,
        next_on=day + timedelta(days=30),
        by=worker,
        at=later,
    )
    connection.check_constraints()
    assert again is not None
    assert stage(case) == "following"
    last = write_follow_up(
        again, result="fine", words="落ち着いている", done_on=day, by=worker, at=later + timedelta(days=30)
    )
    connection.check_constraints()
    assert (last, stage(case), promises("follow_up")) == (None, "done", [])
    assert broken() == []


def _goals(plan: Plan) -> list[int]:
    return [goal.pk for goal in plan.goals.all()]


def test_what_くらし連携担当_coordinates_has_its_roles() -> None:
    worker = a_worker(an_office("くらし連携担当", field=Field.COORDINATION), role=Post.COORDINATOR)
    case = a_case(worker, kind="coordinating")
    concern = Concern.objects.get()
    hold = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert not facts_of(concern, hold, at=NOW).roles_agreed
    a_plan_in_force(case, worker)
    assert facts_of(concern, hold, at=NOW).roles_agreed


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_what_was_coordinated_goes_back_to_who_stays_when_roles_are_agreed(answer: str) -> None:
    worker = a_worker(an_office("くらし連携担当", field=Field.COORDINATION), role=Post.COORDINATOR)
    other = a_worker(an_office("東地域包括支援センター"))
    case = a_case(worker, kind="coordinating")
    concern = Concern.objects.get()
    said: dict[str, Any] = {
        "to_office": office_of(other),
        "reason": "主担当をお願いします",
        "by": worker,
        "at": NOW,
    }
    with pytest.raises(Refused, match="まだそろっていません"), transaction.atomic():
        send_referral([concern.pk], **said)
    a_plan_in_force(case, worker)
    sheet = send_referral([concern.pk], **said)
    connection.check_constraints()
    held = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert (held.kind, held.worker) == ("handing_over", worker)
    if answer == "accepted":
        accept(sheet, worker_id=other.pk, by=other, at=NOW)
    else:
        decline(sheet, reason="no_resource", words="手いっぱい", by=other, at=NOW)
    connection.check_constraints()
    held = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert held.worker == (other if answer == "accepted" else worker)
    assert broken() == []


def test_the_words_of_a_plan_are_looked_through(case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker, roles=[a_role(worker, "開田一丁目の家へ行く")])
    monitored(plan, worker, opinion="引っ越し先は未定")
    record_event(case, on=TODAY, kind="other", words="駅前の店", by=worker, at=NOW)
    found = {text.kind: " ".join(text.words) for text in plan_texts_on([case.party_id])}
    assert "開田一丁目の家へ行く" in found["プラン"]
    assert "引っ越し先は未定" in found["モニタリング"]
    assert "駅前の店" in found["就労・増収"]
    assert list(plan_texts_on([])) == []
