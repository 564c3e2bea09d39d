"""管理: for administrators; the journal for auditors; the table for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, a_post, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.journal.models import Entry
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Worker:
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def auditor() -> Worker:
    return a_worker(role=Role.AUDITOR)


@pytest.fixture
def stranger() -> Worker:
    """A counsellor: works with people, keeps no system."""
    return a_worker()


def office_fields(office: Office, **changed: Any) -> dict[str, Any]:
    return {
        "name": office.name,
        "run_by": office.run_by,
        "legal_kind": office.legal_kind,
        "field": office.field,
        "open_weekdays": [0, 1, 2, 3, 4],
        "duty_worker": office.duty_worker_id or "",
        "revision": office.revision,
    } | changed


def worker_fields(worker: Worker, **changed: Any) -> dict[str, Any]:
    return {"name": worker.name, "kana": "", "weekdays": [0, 1], "revision": worker.revision} | changed


@pytest.mark.visits("permissions:index", "permissions:table")
def test_the_table_is_everybody_s(
    three_people: Any, client_of: Any, administrator: Worker, auditor: Worker, stranger: Worker
) -> None:
    page = three_people(
        reverse("permissions:table"), allowed=administrator, stranger=stranger, stranger_sees=200
    )
    words = page.content.decode()
    assert "機関・職員・設定を変える" in words
    assert "権限表" in words
    index = reverse("permissions:index")
    for worker, name in (
        (administrator, "setup:ready"),
        (auditor, "permissions:journal"),
        (stranger, "permissions:table"),
    ):
        assert client_of(worker).get(index).headers["Location"] == reverse(name)
    three_people(reverse("permissions:table"), allowed=stranger, stranger=auditor, stranger_sees=200)
    from tests.strictness import StrictClient

    assert StrictClient().get(index).status_code == 302


@pytest.mark.visits("permissions:offices", "permissions:office", "permissions:workers", "permissions:worker")
def test_only_administrators_see_who_works_where(
    three_people: Any, administrator: Worker, stranger: Worker
) -> None:
    office = an_office("福祉なんでも相談室", short_name="なんでも")
    worker = a_worker(office, name="架空 花子", kana="カクウ ハナコ")
    a_post(worker, an_office(), Role.OUTREACH_WORKER)
    an_outside_agency("みどり病院")
    names = [reverse("permissions:offices"), reverse("permissions:workers")]
    for url in (
        *names,
        reverse("permissions:office", args=[office.pk]),
        reverse("permissions:worker", args=[worker.pk]),
    ):
        page = three_people(url, allowed=administrator, stranger=stranger)
        assert "なんでも" in page.content.decode()


def test_what_is_not_there_is_404(client_of: Any, administrator: Worker) -> None:
    for name in (
        "office",
        "worker",
        "edit_office",
        "edit_worker",
        "post",
        "office_calendar",
        "end_posting",
        "remove_day",
    ):
        assert client_of(administrator).get(reverse(f"permissions:{name}", args=[999_999])).status_code == 404


def test_lists_are_filtered_and_go_on(client_of: Any, administrator: Worker) -> None:
    office = an_office("さくら窓口")
    for number in range(55):
        a_worker(office, name=f"架空 {number:02d}", kana=f"カクウ{number:02d}")
    me = client_of(administrator)
    workers = reverse("permissions:workers")
    first = me.get(workers, {"office": office.pk}).content.decode()
    assert "全56人のうち50人" in first
    last = Worker.objects.get(kana="カクウ48").pk
    rest = me.get(workers, {"office": office.pk, "after": last}).content.decode()
    assert "架空 49" in rest
    assert "架空 48" not in rest
    assert "最初へ" in rest
    found = me.get(workers, {"words": "カクウ07"}).content.decode()
    assert "架空 07" in found
    assert "架空 08" not in found
    assert "合う職員はいません" in me.get(workers, {"words": "どこにもいない"}).content.decode()
    assert "さくら窓口" in me.get(reverse("permissions:offices"), {"words": "さくら"}).content.decode()
    assert (
        "合う機関はありません" in me.get(reverse("permissions:offices"), {"words": "もみじ"}).content.decode()
    )


def test_a_list_costs_the_same_for_two_and_for_twenty(
    client_of: Any, administrator: Worker, queries: Any
) -> None:
    office, me = an_office(), client_of(administrator)
    me.get(reverse("permissions:workers"))
    shapes: dict[str, list[Any]] = {"permissions:workers": [], "permissions:offices": []}
    for count in (2, 18):
        for _ in range(count):
            a_worker(office)
            an_office()
        for name, seen_before in shapes.items():
            with queries() as seen:
                me.get(reverse(name))
            seen_before.append(seen.shape)
    for few, many in shapes.values():
        assert few == many


@pytest.mark.visits("permissions:new_office", "permissions:edit_office")
def test_an_office_is_opened_and_changed(
    three_people: Any, client_of: Any, client: Any, administrator: Worker, stranger: Worker
) -> None:
    new = reverse("permissions:new_office")
    three_people(new, allowed=administrator, stranger=stranger)
    me = client_of(administrator)
    fields = {
        "code": "NANDEMO",
        "name": "福祉なんでも相談室",
        "run_by": "city",
        "legal_kind": "mayor",
        "field": "general",
        "open_weekdays": [0, 1, 2, 3, 4, 5],
        "signs_in": "on",
        "duty_worker": "",
    }
    missing = me.post(new, fields)
    assert missing.status_code == 422
    assert "当番を選んでください" in missing.content.decode()
    duty = a_worker()
    made = me.post(new, fields | {"duty_worker": duty.pk})
    office = Office.objects.get(code="NANDEMO")
    assert made.headers["Location"] == reverse("permissions:office", args=[office.pk])
    assert office.open_weekdays == [0, 1, 2, 3, 4, 5]
    assert Posting.objects.filter(worker=duty, office=office, role=Role.MANAGER).exists()
    assert client_of(stranger).post(new, fields).status_code == 404
    assert client.post(new, fields).status_code == 401

    edit = reverse("permissions:edit_office", args=[office.pk])
    three_people(edit, allowed=administrator, stranger=stranger)
    changed = me.post(edit, office_fields(office, phone="075-000-0000"))
    assert changed.status_code == 302
    office.refresh_from_db()
    assert (office.phone, office.revision) == ("075-000-0000", 2)
    stale = me.post(edit, office_fields(office, revision=1, name="なんでも"))
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "いま保存されている文" in page
    assert "なんでも" in page


@pytest.mark.visits("permissions:new_worker", "permissions:edit_worker", "permissions:give_password")
def test_a_worker_is_registered_and_changed(
    three_people: Any, client_of: Any, client: Any, administrator: Worker, stranger: Worker
) -> None:
    new = reverse("permissions:new_worker")
    three_people(new, allowed=administrator, stranger=stranger)
    me = client_of(administrator)
    page = me.post(
        new,
        {
            "sign_in_name": "hanako",
            "name": "架空 花子",
            "weekdays": [1, 3],
            "professions": "保健師、社会福祉士",
        },
    )
    assert page.status_code == 200
    worker = Worker.objects.get(sign_in_name="hanako")
    assert (worker.weekdays, worker.professions) == ([1, 3], ["保健師", "社会福祉士"])
    assert "一度だけ出ます" in page.content.decode()
    again = me.post(new, {"sign_in_name": "hanako", "name": "架空 太郎", "weekdays": [1]})
    assert again.status_code == 422
    assert "使われています" in again.content.decode()
    assert client_of(stranger).post(new, {}).status_code == 404

    edit = reverse("permissions:edit_worker", args=[worker.pk])
    three_people(edit, allowed=administrator, stranger=stranger)
    assert me.post(edit, worker_fields(worker, name="架空 はな")).status_code == 302
    assert me.post(edit, worker_fields(worker, name="架空 ハナ")).status_code == 409

    password = reverse("permissions:give_password", args=[worker.pk])
    assert client_of(stranger).post(password).status_code == 404
    assert client.post(password).status_code == 401
    assert me.get(password).status_code == 302
    given = me.post(password)
    assert given.status_code == 200
    assert worker.sign_in_name in given.content.decode()
    own = me.post(reverse("permissions:give_password", args=[administrator.pk]), follow=True)
    assert "マイページ" in own.content.decode()


@pytest.mark.visits("permissions:post", "permissions:end_posting")
def test_posts_are_given_and_ended_by_somebody_else(
    three_people: Any, client_of: Any, client: Any, administrator: Worker, stranger: Worker
) -> None:
    worker, office = a_worker(), an_office()
    post = reverse("permissions:post", args=[worker.pk])
    three_people(post, allowed=administrator, stranger=stranger)
    me = client_of(administrator)
    fields = {"office": office.pk, "role": Role.COUNSELLOR, "since": "R8.4.1", "is_main": ""}
    assert me.post(post, fields).status_code == 302
    posting = Posting.objects.get(worker=worker, office=office)
    assert (posting.since, posting.is_main) == (date(2026, 4, 1), False)
    twice = me.post(post, fields)
    assert twice.status_code == 422
    assert "すでに同じ役割" in twice.content.decode()
    assert client_of(stranger).post(post, fields).status_code == 404
    mine = me.post(reverse("permissions:post", args=[administrator.pk]), fields)
    assert mine.status_code == 422
    assert "自分の配属は自分では" in mine.content.decode()

    end = reverse("permissions:end_posting", args=[posting.pk])
    assert client_of(stranger).post(end).status_code == 404
    assert client.post(end).status_code == 401
    assert me.get(end).status_code == 302
    assert me.post(end).headers["Location"] == reverse("permissions:worker", args=[worker.pk])
    assert Posting.objects.get(pk=posting.pk).ended_at is not None
    assert "もう終わっています" in me.post(end, follow=True).content.decode()


def test_the_duty_worker_s_post_cannot_be_ended(client_of: Any, administrator: Worker) -> None:
    office = an_office()
    posting = Posting.objects.get(office=office)
    end = reverse("permissions:end_posting", args=[posting.pk])
    assert "先に当番を替えてください" in client_of(administrator).post(end, follow=True).content.decode()
    assert Posting.objects.get(pk=posting.pk).ended_at is None


@pytest.mark.visits("permissions:calendar", "permissions:office_calendar", "permissions:remove_day")
def test_days_that_differ_from_the_week(
    three_people: Any, client_of: Any, client: Any, administrator: Worker, stranger: Worker, set_clock: Any
) -> None:
    set_clock("2026-06-09 10:00")
    office = an_office()
    city, own = reverse("permissions:calendar"), reverse("permissions:office_calendar", args=[office.pk])
    me = client_of(administrator)
    for url in (city, own):
        three_people(url, allowed=administrator, stranger=stranger)
        assert me.post(url, {"day": "R8.10.1", "opens": "closed", "label": "市制記念日"}).status_code == 302
        assert "市制記念日" in me.get(url).content.decode()
        assert client_of(stranger).post(url, {"day": "R8.10.1", "opens": "closed"}).status_code == 404
        assert me.post(url, {"day": "", "opens": "closed"}).status_code == 422
    assert CalendarDay.objects.count() == 2
    assert me.post(city, {"day": "2026-10-01", "opens": "open", "label": ""}).status_code == 302
    row = CalendarDay.objects.get(office=None)
    assert row.is_open

    remove = reverse("permissions:remove_day", args=[row.pk])
    assert client_of(stranger).post(remove).status_code == 404
    assert client.post(remove).status_code == 401
    assert me.get(remove).status_code == 302
    assert me.post(remove).headers["Location"] == city
    assert not CalendarDay.objects.filter(office=None).exists()
    last = reverse("permissions:remove_day", args=[CalendarDay.objects.get().pk])
    assert me.post(last).headers["Location"] == own


@pytest.mark.visits("permissions:journal")
def test_auditors_search_by_number_and_that_is_journalled_too(
    three_people: Any, client_of: Any, auditor: Worker, administrator: Worker
) -> None:
    from tsunagi.journal.actions import record, seal

    for number in range(60):
        record(
            "person.seen",
            subject_kind="person",
            subject_id=12,
            by=7,
            at=NOW,
            purpose="read_person",
            ground="01",
            detail={"n": number},
        )
    seal()
    journal = reverse("permissions:journal")
    three_people(journal, allowed=auditor, stranger=administrator)
    me = client_of(auditor)
    page = me.get(journal, {"subject_kind": "person", "subject_id": 12}).content.decode()
    assert "全60件のうち50件" in page
    assert "見た" in page
    assert "人 #12" in page
    assert "人・世帯を見る・根拠01" in page
    nextpage = me.get(
        journal, {"subject_kind": "person", "subject_id": 12, "before": Entry.objects.get(detail__n=10).pk}
    )
    assert "n=9" in nextpage.content.decode()
    assert "合う記録はありません" in me.get(journal, {"worker_id": 999_999}).content.decode()
    assert "対象か職員の番号" in me.get(journal).content.decode()
    looked = Entry.objects.filter(action="journal.searched").order_by("id")[0]
    assert (looked.worker_id, looked.subject_kind, looked.subject_id) == (auditor.pk, "person", 12)


def test_reach_goes_by_all_posts_together() -> None:
    office = an_office(legal_kind=LegalKind.PRIVATE)
    worker = a_worker(office, Role.MANAGER)
    assert reach_of(worker, Purpose.NET) is Reach.OFFICE
    assert offices_for(worker, Purpose.NET) == (office.pk,)
    city = an_office()
    a_post(worker, city, Role.COORDINATOR)
    again = Worker.objects.get(pk=worker.pk)
    assert reach_of(again, Purpose.NET) is Reach.CITY
    assert set(offices_for(again, Purpose.NET)) == {office.pk, city.pk}
    assert offices_for(again, Purpose.IMPORT) == (city.pk,)
    assert office_of(a_worker(city, Role.AUDITOR)) == city
