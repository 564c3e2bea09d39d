"""The pages of plans: who gets there, what they do there, two at once, and how many questions they ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
from tests.plans.factories import (
    a_case,
    a_draft,
    a_plan_in_force,
    a_role,
    agreed,
    decided,
    monitored,
)
from tests.plans.test_actions import end_concerns, settle
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role as Post
from tsunagi.cases.models import Case
from tsunagi.holding.models import Promise
from tsunagi.people.models import Involvement
from tsunagi.people.queries import members_of
from tsunagi.plans.actions import Look, confer, end_case, record_event, say_of_role
from tsunagi.plans.models import Consent, FollowUp, Monitoring, Plan, WorkEvent

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def case(worker: Worker) -> Case:
    return a_case(worker)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


@pytest.mark.visits("plans:index")
def test_the_plans_of_a_file(three_people: Visit, client_of: Visit, case: Case, worker: Worker) -> None:
    address = reverse("plans:index", args=[case.pk])
    assert "まだプランがありません" in text(three_people(address, allowed=worker, stranger=a_worker()))
    plan = a_plan_in_force(case, worker)
    monitored(plan, worker)
    page = text(client_of(worker).get(address))
    for words in ("初回のプラン", "家計を一緒に書き出す", "次のモニタリング", "今日明日", "少し息がつけた"):
        assert words in page
    assert client_of(a_worker(role=Post.SYSTEM_ADMINISTRATOR)).get(address).status_code == 404


def test_a_late_role_is_red_in_the_plan_and_today(
    client_of: Visit, set_clock: Visit, case: Case, worker: Worker
) -> None:
    a_plan_in_force(case, worker)
    set_clock(NOW + timedelta(days=3))
    for address in (reverse("plans:index", args=[case.pk]), "/"):
        page = text(client_of(worker).get(address))
        assert "息子に手紙を書く" in page
        assert "期限切れ" in page
        assert "row--red" in page


@pytest.mark.visits("plans:new")
def test_a_plan_is_begun_once(three_people: Visit, client_of: Visit, case: Case, worker: Worker) -> None:
    address = reverse("plans:new", args=[case.pk])
    page = three_people(address, allowed=worker, stranger=a_worker())
    draft = str(page.context["sheet"].id)
    client = client_of(worker)
    first, again = (client.post(address, {"draft": draft}) for _ in range(2))
    plan = Plan.objects.get()
    assert first["Location"] == again["Location"] == f"/plans/{plan.pk}/"
    other_office = a_worker()
    Involvement.objects.create(
        party_id=case.party_id, office=office_of(other_office), facets=["basic", "progress", "plan"], ground="01",
        from_on=TODAY, reason_kind="registered", reason_id=case.party_id,
    )  # fmt: skip
    assert client_of(other_office).get(reverse("plans:index", args=[case.pk])).status_code == 200
    assert client_of(other_office).get(address).status_code == 404


@pytest.mark.visits("plans:detail", "plans:read")
def test_a_plan_is_read_by_those_who_see_plans(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = agreed(a_draft(case, worker), worker)
    for name in ("detail", "read"):
        page = text(
            three_people(reverse(f"plans:{name}", args=[plan.pk]), allowed=worker, stranger=a_worker())
        )
        assert "家賃の払い方を決める" in page
    narrow = a_worker()
    Involvement.objects.create(
        party_id=case.party_id, office=office_of(narrow), facets=["basic", "progress"], ground="05", from_on=TODAY,
        reason_kind="registered", reason_id=case.party_id,
    )  # fmt: skip
    assert client_of(narrow).get(f"/cases/{case.pk}/").status_code == 200
    assert client_of(narrow).get(f"/plans/{plan.pk}/").status_code == 404
    assert "まだ確かめていない下書き" in text(client_of(worker).get(f"/plans/{plan.pk}/read/"))


def _typed(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "wish_person": "家で暮らしたい",
        "services_0": ["outreach"],
        "from_on": "R8.6.9",
        "until_on": "R8.12.8",
        "monitor_on": "R8.9.9",
        "goals-rows": "2",
        "goals-0-term": "long",
        "goals-0-text": "家で暮らしつづける",
        "goals-1-term": "short",
        "goals-1-text": "",
    }
    return said | changed


@pytest.mark.visits("plans:edit")
def test_a_plan_is_written_and_keeps_itself(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_draft(case, worker)
    address = reverse("plans:edit", args=[plan.pk])
    page = three_people(address, allowed=worker, stranger=a_worker())
    sheet, client = page.context["sheet"], client_of(worker)
    assert "家賃の払い方を決める" in text(page)
    saved = client.post(sheet.url, _typed(draft=str(sheet.id), seq="1", **{"goals-1-text": "書きかけの目標"}))
    assert saved.status_code < 400
    assert "書きかけの目標" in text(client.get(f"{address}?draft={sheet.id}"))
    more = client.post(address, _typed(revision=plan.revision, **{"more-goals": "1"}))
    assert text(more).count("生かす強み") == text(more).count(
        "goals-3-strength"
    ) == 0 or "goals-3-text" in text(more)
    assert "goals-3-text" in text(more)
    assert "家で暮らしつづける" in text(more)
    wrong = client.post(address, _typed(revision=plan.revision, until_on="R8.6.1"))
    assert "始まりより前" in text(wrong, 422)
    ids = [goal.pk for goal in plan.goals.all()]
    done = client.post(
        address,
        _typed(revision=plan.revision, **{"goals-0-id": ids[0], "to-roles": "1", "draft": str(sheet.id)}),
    )
    assert done["Location"] == f"/plans/{plan.pk}/roles/"
    plan.refresh_from_db()
    assert (plan.services, [goal.pk for goal in plan.goals.all()]) == (["outreach"], [ids[0]])
    stale = client.post(address, _typed(revision=1, wish_person="べつの意向"))
    page_text = text(stale, 409)
    assert "家で暮らしたい" in page_text
    assert "べつの意向" in page_text
    assert f'name="revision" value="{plan.revision}"' in page_text


@pytest.mark.visits("plans:roles")
def test_the_role_table_says_what_is_missing_where(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_draft(case, worker, roles=[])
    address = reverse("plans:roles", args=[plan.pk])
    assert "役割 2" in text(three_people(address, allowed=worker, stranger=a_worker()))
    client = client_of(worker)
    row = {
        "roles-rows": "2", "roles-0-what": "通院に同行する", "roles-0-owner_kind": "worker", "revision": plan.revision,
        "roles-0-worker": f"{office_of(worker).pk}-{worker.pk}", "roles-0-due_on": "", "roles-0-often": "月1回",
    }  # fmt: skip
    assert "いつまでに、の日を入れてください" in text(client.post(address, row), 422)
    bad = client.post(address, row | {"roles-0-due_on": "いつか"})
    assert "通院に同行する" in text(bad, 422)
    more = text(client.post(address, row | {"more-roles": "1"}))
    assert "roles-3-what" in more
    done = client.post(address, row | {"roles-0-due_on": "R8.6.30"})
    assert done["Location"] == f"/plans/{plan.pk}/"
    (role,) = plan.roles.all()
    assert (role.what, role.worker, role.due_on.isoformat()) == ("通院に同行する", worker, "2026-06-30")
    stale = client.post(
        address, row | {"roles-0-due_on": "R8.6.30", "revision": 1, "roles-0-what": "べつの役割"}
    )
    assert "べつの役割" in text(stale, 409)


@pytest.mark.visits("plans:plain")
def test_the_plain_words_start_with_a_draft_and_are_confirmed_by_a_person(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_draft(case, worker, roles=[a_role(worker, "市役所で面談し、家賃の話をする")])
    address = reverse("plans:plain", args=[plan.pk])
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    assert "市役所（しやくしょ）で会って話し" in page
    goals = {f"goal_{goal.pk}": "家でくらします。" for goal in plan.goals.all()}
    typed = goals | {f"role_{plan.roles.get().pk}": "", "confirmed": "on", "revision": plan.revision}
    assert "まだ空いている行" in text(client_of(worker).post(address, typed), 422)
    typed |= {f"role_{plan.roles.get().pk}": "相田さんと 話します。"}
    assert client_of(worker).post(address, typed)["Location"] == f"/plans/{plan.pk}/read/"
    shown = text(client_of(worker).get(f"/plans/{plan.pk}/read/"))
    assert "まだ確かめていない" not in shown
    assert "相田さんと 話します。" in shown
    assert "2026年6月23日（火曜日）" in shown
    assert client_of(worker).post(address, typed).status_code == 409


@pytest.mark.visits("plans:agree")
def test_a_yes_is_recorded(three_people: Visit, client_of: Visit, case: Case, worker: Worker) -> None:
    plan = a_draft(case, worker)
    address = reverse("plans:agree", args=[plan.pk])
    three_people(address, allowed=worker, stranger=a_worker())
    typed = {"explained_on": "R8.6.9", "agreed_by": "person", "way": "signed", "revision": plan.revision}
    client = client_of(worker)
    assert "どこに保管したか" in text(client.post(address, typed), 422)
    assert client.post(address, typed | {"revision": 1}).status_code == 409
    done = client.post(address, typed | {"kept_where": "鍵つき書庫"})
    assert done.status_code == 302
    assert Consent.objects.get().kept_where == "鍵つき書庫"
    page = text(client.get(f"/plans/{plan.pk}/"))
    assert "鍵つき書庫" in page
    assert "訂正版をつくる" in page
    assert client.get(f"/plans/{plan.pk}/edit/").status_code == 200
    assert "訂正版をつくる" in text(
        client.post(f"/plans/{plan.pk}/edit/", _typed(revision=plan.revision + 1)), 422
    )


@pytest.mark.visits("plans:confer", "plans:decide", "plans:begin")
def test_meeting_decision_and_beginning(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = agreed(a_draft(case, worker), worker)
    stranger = a_worker()
    for name in ("confer", "decide", "begin"):
        three_people(reverse(f"plans:{name}", args=[plan.pk]), allowed=worker, stranger=stranger)
    client = client_of(worker)
    assert client.post(f"/plans/{plan.pk}/confer/").status_code == 302
    said = {"held_on": "R8.6.9", "kind": "multi", "result": "again"}
    assert "なぜ再検討か" in text(client.post(f"/plans/{plan.pk}/confer/", said), 422)
    assert client.post(f"/plans/{plan.pk}/confer/", said | {"result": "fit"}).status_code == 302
    assert "決定した人" in text(client.get(f"/plans/{plan.pk}/decide/"))
    decision = {"decided_on": "R8.6.9", "decided_by": ""}
    assert "だれが決定したか" in text(client.post(f"/plans/{plan.pk}/decide/", decision), 422)
    assert client.post(f"/plans/{plan.pk}/decide/", decision | {"decided_by": "福祉課長"}).status_code == 302
    begun = text(client.get(f"/plans/{plan.pk}/begin/"))
    assert "家計を一緒に書き出す" in begun
    assert client.post(f"/plans/{plan.pk}/begin/").status_code == 302
    connection.check_constraints()
    assert Promise.objects.filter(subject_kind="plan_role", is_open=True).count() == 2
    assert "先に決定を書いて" in text(client.post(f"/plans/{plan.pk}/begin/"), 422)


@pytest.mark.visits("plans:correct", "plans:withdraw")
def test_corrected_and_taken_back(three_people: Visit, client_of: Visit, case: Case, worker: Worker) -> None:
    plan = agreed(a_draft(case, worker), worker)
    stranger = a_worker()
    for name in ("correct", "withdraw"):
        three_people(reverse(f"plans:{name}", args=[plan.pk]), allowed=worker, stranger=stranger)
    client = client_of(worker)
    assert client.post(f"/plans/{plan.pk}/correct/").status_code == 302
    new = Plan.objects.get(version=2)
    page = text(client.get(f"/plans/{new.pk}/"))
    assert "第2版" in page
    assert "前のものを見る" in page
    address = f"/plans/{new.pk}/withdraw/"
    assert "取り下げるわけ" in text(client.post(address, {"reason": "", "revision": new.revision}), 422)
    assert client.post(address, {"reason": "本人の希望", "revision": new.revision}).status_code == 302
    assert "本人の希望" in text(client.get(f"/plans/case/{case.pk}/"))


@pytest.mark.visits("plans:role")
def test_a_row_is_opened_by_who_answers_for_it(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    other = a_worker(an_office("家計相談"))
    Involvement.objects.create(
        party_id=case.party_id, office=office_of(other), facets=["basic"], ground="05", from_on=TODAY,
        reason_kind="registered", reason_id=case.party_id,
    )  # fmt: skip
    plan = a_plan_in_force(case, worker, roles=[a_role(other, due_on=TODAY), a_role(worker, "手紙を書く")])
    role = plan.roles.all()[0]
    address = reverse("plans:role", args=[role.pk])
    three_people(address, allowed=other, stranger=a_worker())
    client = client_of(other)
    assert address in text(client.get("/"))
    kept = Promise.objects.get(subject_kind="plan_role", subject_id=role.pk, is_open=True)
    typed = {"deed": "go_on", "due_on": "R8.7.1", "words": "1回目", "promise": kept.pk}
    assert client.post(address, typed).status_code == 302
    assert "ほかの人が先に記録" in text(client.post(address, typed), 422)
    # Of the other office's row they read, they do not write; when theirs is done, the plan closes and the row stays.
    elsewhere = reverse("plans:role", args=[plan.roles.all()[1].pk])
    assert "答える機関が書きます" in text(client.get(elsewhere))
    client.post(elsewhere, {"deed": "done"})
    assert plan.roles.filter(state="open").count() == 2
    say_of_role(role, "done", by=other, at=NOW)
    connection.check_constraints()
    assert "済み" in text(client.get(address))
    assert client.get(f"/plans/{plan.pk}/").status_code == 404


@pytest.mark.visits("plans:stop_roles")
def test_what_is_left_is_stopped_with_one_reason(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_plan_in_force(case, worker)
    address = reverse("plans:stop_roles", args=[plan.pk])
    assert "息子に手紙を書く" in text(three_people(address, allowed=worker, stranger=a_worker()))
    assert client_of(worker).post(address, {"reason": " "}).status_code == 422
    assert client_of(worker).post(address, {"reason": "転居した"}).status_code == 302
    assert not plan.roles.filter(state="open").exists()


@pytest.mark.visits("plans:monitor", "plans:monitoring_correct")
def test_how_it_goes_is_written_and_corrected(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_plan_in_force(case, worker)
    address = reverse("plans:monitor", args=[plan.pk])
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    assert "家賃の払い方を決める" in page
    goal = plan.goals.all()[0]
    typed: dict[str, Any] = {
        "on": "R8.6.9", "persons_view": "better", "persons_words": "朝に起きられた", "changes": ["12"], "decision": "replan",
        "next_on": "R8.8.1", f"goal_{goal.pk}": "partly", f"goal_{goal.pk}_reason": "あと少し",
        "revision": Plan.objects.get(pk=plan.pk).revision,
    }  # fmt: skip
    client = client_of(worker)
    assert "次のモニタリングの日" in text(client.post(address, typed | {"next_on": ""}), 422)
    assert client.post(address, typed)["Location"] == f"/plans/case/{case.pk}/new/"
    stale = text(client.post(address, typed | {"persons_words": "ふたりめ"}), 409)
    assert "本人のことば：いま保存されている文" in stale
    assert "ふたりめ" in stale
    shown = text(client.get(f"/plans/{plan.pk}/"))
    for words in ("朝に起きられた", "家計の改善", "あと少し", "再プランして続ける"):
        assert words in shown
    entry = Monitoring.objects.get()
    again = reverse("plans:monitoring_correct", args=[plan.pk, entry.pk])
    assert "朝に起きられた" in text(three_people(again, allowed=worker, stranger=a_worker()))
    now = Plan.objects.get(pk=plan.pk).revision
    assert client.post(again, typed | {"persons_words": "昼に起きられた", "revision": now}).status_code == 302
    assert "訂正前" in text(client.get(f"/plans/{plan.pk}/"))
    assert client.get(reverse("plans:monitoring_correct", args=[plan.pk, 999_999])).status_code == 404


@pytest.mark.visits("plans:events", "plans:event_back")
def test_events_are_recorded_and_taken_back(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    address = reverse("plans:events", args=[case.pk])
    assert "森田 健一" in text(three_people(address, allowed=worker, stranger=a_worker()))
    client = client_of(worker)
    typed = {"on": "R8.6.1", "kind": "work_supported", "income_up": "on", "amount": "30000",
             "person": members_of(case.party_id)[1]}  # fmt: skip
    assert "種類を選んで" in text(client.post(address, typed | {"kind": ""}), 422)
    assert client.post(address, typed).status_code == 302
    assert "月30,000円" in text(client.get(address))
    event = WorkEvent.objects.get()
    back = reverse("plans:event_back", args=[case.pk, event.pk])
    three_people(back, allowed=worker, stranger=a_worker())
    assert client.post(back, {"reason": "別の方だった"}).status_code == 302
    assert "別の方だった" in text(client.get(address))
    assert client.get(back).status_code == 404


def test_money_is_seen_by_those_who_see_money(client_of: Visit, case: Case, worker: Worker) -> None:
    record_event(case, on=TODAY, kind="income_up", amount=12_345, by=worker, at=NOW)
    address = reverse("plans:events", args=[case.pk])
    seen = {
        ("plan", "work_school", "money"): ("収入が増えた", "12,345円"),
        ("plan", "work_school"): ("収入が増えた", None),
        ("plan",): (None, None),
    }
    for facets, expected in seen.items():
        other = a_worker()
        Involvement.objects.create(
            party_id=case.party_id, office=office_of(other), facets=list(facets), ground="05", from_on=TODAY,
            reason_kind="registered", reason_id=case.party_id,
        )  # fmt: skip
        page = text(client_of(other).get(address))
        for words, there in zip(("収入が増えた", "12,345円"), expected, strict=True):
            assert (words in page) is (there is not None), (facets, words)


@pytest.mark.visits("plans:end", "plans:follow_up")
def test_the_end_and_the_look_after_it(
    three_people: Visit, client_of: Visit, case: Case, worker: Worker
) -> None:
    plan = a_plan_in_force(case, worker)
    address = reverse("plans:end", args=[case.pk])
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    for words in ("まだ終わっていない課題", "まだ終わっていない役割", "息子に手紙を書く"):
        assert words in page
    typed = {"main_office": "東包括 大山", "words": "家賃が払える", "first_on": "R8.9.9", "first_what": "電話で聞く",
             "worker": worker.pk}  # fmt: skip
    client = client_of(worker)
    assert "まだ終わっていない課題が1件" in text(client.post(address, typed), 422)
    settle(plan, worker)
    end_concerns(case, worker)
    assert client.post(address, typed).status_code == 302
    connection.check_constraints()
    look = FollowUp.objects.get()
    index = text(client.get(f"/plans/case/{case.pk}/"))
    assert "電話で聞く" in index
    where = reverse("plans:follow_up", args=[look.pk])
    assert "家賃が払える" in text(three_people(where, allowed=worker, stranger=a_worker()))
    said = {"done_on": "R8.6.9", "result": "not_met", "words": "留守"}
    assert "もう一度みる日" in text(client.post(where, said), 422)
    assert client.post(where, said | {"result": "fine"})["Location"] == "/"
    connection.check_constraints()
    assert "落ち着いている" in text(client.get(where))


def test_the_number_of_questions_does_not_grow(
    client_of: Visit, queries: Visit, case: Case, worker: Worker
) -> None:
    client, shapes = client_of(worker), []
    plan = a_plan_in_force(case, worker)
    monitored(plan, worker)
    record_event(case, on=TODAY, kind="income_up", by=worker, at=NOW)
    addresses = [
        f"/plans/case/{case.pk}/",
        f"/plans/{plan.pk}/",
        f"/plans/{plan.pk}/read/",
        f"/plans/{plan.pk}/monitor/",
    ]
    for _ in range(2):
        shape = []
        for address in addresses:
            client.get(address)
            with queries() as seen:
                assert client.get(address).status_code == 200
            shape.append(seen.shape)
        shapes.append(shape)
        for place in range(8):
            monitored(plan, worker, next_on=TODAY + timedelta(days=60 + place))
            record_event(case, on=TODAY, kind="other", by=worker, at=NOW)
    assert shapes[0] == shapes[1]
    assert max(count for count, _tables in shapes[0]) <= 60, [count for count, _tables in shapes[0]]


def test_a_conferred_plan_waits(client_of: Visit, case: Case, worker: Worker) -> None:
    plan = confer(a_draft(case, worker), by=worker, at=NOW)
    page = text(client_of(worker).get(f"/plans/{plan.pk}/"))
    assert "会議協議待ち" in page
    assert "会議の結果を書く" in page


def test_who_looks_after_a_closed_file_may_read_it(client_of: Visit, case: Case, worker: Worker) -> None:
    plan = a_plan_in_force(case, worker)
    settle(plan, worker)
    end_concerns(case, worker)
    end_case(case, main_office="東包括", looks=[Look(TODAY + timedelta(days=30))], by=worker, at=NOW)
    connection.check_constraints()
    client = client_of(worker)
    for address in (f"/cases/{case.pk}/", f"/plans/case/{case.pk}/", f"/plans/{plan.pk}/"):
        assert client.get(address).status_code == 200
    assert client.get(reverse("plans:new", args=[case.pk])).status_code == 200
    assert "終結しています" in text(client.post(reverse("plans:new", args=[case.pk])), 422)


def test_a_plan_that_was_decided_waits_for_its_yes(client_of: Visit, case: Case, worker: Worker) -> None:
    plan = decided(a_draft(case, worker), worker)
    assert "プランを始める" in text(client_of(worker).get(f"/plans/{plan.pk}/"))
