"""The other party works here: as counsellor or manager of the very office, as coordinator, as who answers demands.

They saw her yesterday; she was protected from them today. Nothing they come to shows a byte of her, by link or by number.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, a_concern, a_worker, an_office, office_of
from tests.redteam.conftest import City, a_city, settle_her
from tests.redteam.test_crawl import secrets_in, walk
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Hold
from tsunagi.people.actions.search_keys import rebuild_keys
from tsunagi.records.actions import demanding
from tsunagi.records.actions.accidents import report
from tsunagi.records.models import Demand
from tsunagi.referrals.actions import send_referral
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

HIM = "北山 剛"


def fresh(worker: Worker) -> Worker:
    """The worker as the next request sees them."""
    return Worker.objects.get(pk=worker.pk)


@pytest.fixture
def before(set_clock: Any) -> City:
    """The city before she came."""
    set_clock(NOW)
    return a_city()


def her_pages(city: City) -> list[str]:
    """Her pages by their numbers, and the lists on which her holder's rows would stand."""
    assert city.her is not None
    person = dict.fromkeys(("desk:person", "people:edit", "people:reach", "sharing:who", "holding:consents"), city.her.pk)  # fmt: skip
    case = dict.fromkeys(("cases:detail", "paperwork:index", "assessment:index"), city.numbers["case"])
    hold = Hold.objects.get(concern_id=city.numbers["concern"], closed_at__isnull=True)
    return [
        *(reverse(name, args=[number]) for name, number in (person | case).items()),
        reverse("holding:concern", args=[city.numbers["concern"]]),
        reverse("intake:detail", args=[city.numbers["consultation"]]),
        reverse("holding:reached_out", args=["hold", hold.pk]),
    ]


@pytest.mark.parametrize(
    ("role", "here"),
    [
        (Role.COUNSELLOR, True),
        (Role.MANAGER, True),
        (Role.COORDINATOR, False),
        (Role.DISCLOSURE_OFFICER, False),
    ],
    ids=["a colleague", "the manager", "the coordinator", "who answers demands"],
)
def test_a_worker_who_is_the_other_party_comes_to_no_byte_of_her(role: str, here: bool, before: City) -> None:
    he = a_worker(before.shelter if here else an_office("ほかの課"), role, HIM)
    city = settle_her(before)
    guard = city.guards[0]
    if here:
        # One more of hers came to this very office by a つなぎ, and one waits to go elsewhere.
        elsewhere = a_worker(an_office("住宅課"), name="住宅 まもる")
        other = a_concern(held_by=elsewhere, of=city.her, description="ひまわりの家の家賃")
        with opened_trail(elsewhere.pk, "test", NOW):
            send_referral([other.pk], to_office=city.shelter, by=elsewhere, at=NOW, reason="開田2-25-14のこと", person_told="agreed")  # fmt: skip
    lists = [
        reverse(name, args=args)
        for name, args in (
            ("holding:leaving", [guard.pk]), ("holding:absence_of", [guard.pk]), ("safety_net:office", [city.shelter.pk]),
        )
    ]  # fmt: skip
    lists.append(reverse("holding:before_closure") + "?of=office")
    pages = her_pages(city)
    seen = walk(fresh(he), [*pages, *lists], farther=20)
    assert len(seen) > 20
    for one in seen.values():
        assert not secrets_in(one.text), (one.path, secrets_in(one.text))
        assert not secrets_in(one.headers), one.path
    assert {seen[path].status for path in pages} == {404}


def test_a_guard_finds_her_on_the_same_lists(before: City) -> None:
    """The test above is not blind: a manager of the office who is not the other party reads her on them."""
    manager = a_worker(before.shelter, Role.MANAGER, "課長 ただし")
    city = settle_her(before)
    seen = walk(
        fresh(manager), [reverse("holding:leaving", args=[city.guards[0].pk]), *her_pages(city)], farther=0
    )
    assert "美月" in seen[reverse("holding:leaving", args=[city.guards[0].pk])].text
    assert {seen[path].status for path in her_pages(city)} == {200}


def test_an_officer_who_is_the_other_party_finds_her_in_no_ledger(
    before: City, client_of: Any, run_jobs: Any
) -> None:
    he = a_worker(an_office("情報公開担当"), Role.DISCLOSURE_OFFICER, HIM)
    second = a_worker(office_of(he), Role.DISCLOSURE_OFFICER, "安藤 弘")
    city = settle_her(before)
    assert city.her is not None
    rebuild_keys([city.her.pk])
    connection.check_constraints()
    pages = []
    for name, kana in (("北山 美月", "キタヤマ ミツキ"), ("西海 香澄", "ニシウミ カスミ")):
        made = demanding.take_demand(
            "disclosure_self", came_on=None, by=he, at=NOW, requester=name, about_name=name, about_kana=kana, wanted="すべて"
        )  # fmt: skip
        run_jobs()
        made.refresh_from_db()
        shown = []
        for page in ("records:demand", "records:name_record"):
            text = client_of(fresh(he)).get(reverse(page, args=[made.pk])).content.decode()
            assert "北山 美月　キタヤマ ミツキ　" not in text
            shown.append("見つか" in text and "同じと思われる記録が" not in text)
        pages.append((tuple(made.candidates) != (), shown))
    assert pages == [(True, [True, True]), (False, [True, True])]
    hers = Demand.objects.order_by("pk")[0]
    with pytest.raises(Refused, match="見つかった記録の中から"):
        demanding.name_record(hers, city.her.pk, by=fresh(he), at=NOW)
    # Another officer names the record: from then on the demand is a number that is not there for him.
    demanding.name_record(hers, city.her.pk, by=second, at=NOW)
    for page in (
        "records:demand",
        "records:decide",
        "records:package",
        "records:masks",
        "records:edit_demand",
    ):
        assert client_of(fresh(he)).get(reverse(page, args=[hers.pk])).status_code == 404
        assert client_of(second).get(reverse(page, args=[hers.pk])).status_code == 200
    assert (
        reverse("records:demand", args=[hers.pk])
        not in client_of(fresh(he)).get(reverse("records:demands")).content.decode()
    )


def test_an_accident_tells_no_manager_who_reads_a_record_they_may_not_see(
    before: City, client_of: Any
) -> None:
    he = a_worker(before.shelter, Role.MANAGER, HIM)
    city = settle_her(before)
    assert city.her is not None
    client_of(city.guards[0]).get(reverse("desk:person", args=[city.her.pk]))
    # The other party: her number is a number that is not there.
    for number in (city.her.pk, 99_999_999):
        with pytest.raises(Refused, match="その番号の記録はありません"):
            report(_kind(), words="封筒を間違えた", by=fresh(he), at=NOW, party_ids=[number])
    # A manager elsewhere who guesses her number reads nothing of who works with her.
    elsewhere = office_of(city.asking["his counsellor"]).duty_worker
    made = report(_kind(), words="封筒を間違えた", by=elsewhere, at=NOW, party_ids=[city.her.pk])
    text = client_of(elsewhere).get(reverse("records:incident", args=[made.pk])).content.decode()
    assert "守屋" not in text
    # Whoever answers for the whole city does.
    officer = a_worker(an_office("情報公開担当"), Role.DISCLOSURE_OFFICER, "安藤 弘")
    assert "守屋" in client_of(officer).get(reverse("records:incident", args=[made.pk])).content.decode()


def _kind() -> str:
    from tsunagi.records.rules.accidents import IncidentKind

    return next(iter(IncidentKind)).value
