"""Every giving is a row of the ledger, written with the deed that gave; and the ledger as its readers look through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.meetings.factories import (
    a_body,
    a_member,
    a_secretary,
    a_sitting,
    an_item,
    consents,
    on_the_agenda,
    somebody_held_by,
)
from tests.sharing.test_consent_screens import opens
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.meetings.actions.papers import make_copies
from tsunagi.meetings.queries.papers import shares
from tsunagi.people.actions import register_person
from tsunagi.sharing.actions import write_disclosure
from tsunagi.sharing.models import BrokenGlass, Disclosure
from tsunagi.sharing.rules import COLUMNS

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


def test_papers_of_a_meeting_are_rows_for_those_who_did_not_know_the_person() -> None:
    secretary = a_secretary()
    desk = a_worker(an_office("生活支援課"))
    doctor = a_worker(an_office("みどり病院", legal_kind="private"), Role.OUTSIDE_WORKER)
    body = a_body(secretary)
    members = [a_member(body, one, by=secretary, acknowledged=True) for one in (desk, doctor)]
    her, sitting = somebody_held_by(desk), a_sitting(body, secretary)
    on_the_agenda(an_item(sitting, her, by=desk), secretary, members)
    made = make_copies(sitting, shares(sitting, TODAY), run_id=None, by=secretary, at=NOW)
    connection.check_constraints()
    rows = Disclosure.objects.filter(source="meeting")
    assert [(row.receiver, row.ground, row.person_id) for row in rows] == [(office_of(doctor), "06", her.pk)]
    row = rows.get()
    assert row.source_id in {copy.pk for copy in made}
    assert row.giver == office_of(secretary)
    assert "会議資料" in row.items
    assert "basic" in row.facets and "informant" not in row.facets


def test_a_copy_that_rests_on_consent_names_who_consented() -> None:
    from tests.factories import a_household

    secretary = a_secretary()
    desk = a_worker(an_office("生活支援課"))
    doctor = a_worker(an_office("みどり病院", legal_kind="private"), Role.OUTSIDE_WORKER)
    body = a_body(secretary)
    member = a_member(body, doctor, by=secretary, acknowledged=True)
    her, son = somebody_held_by(desk), a_person("森田 健一")
    a_household(her, son)
    consents(her, desk, office_of(doctor), office_of(secretary))
    sitting = a_sitting(body, secretary)
    on_the_agenda(an_item(sitting, her, by=desk, mode="layered"), secretary, [member])
    share = shares(sitting, TODAY)[member.pk][0]
    assert share.named == (her.pk,)
    consents(son, desk, office_of(doctor))
    assert shares(sitting, TODAY)[member.pk][0].named == tuple(sorted((her.pk, son.pk)))


def test_what_an_emergency_opened_is_a_row(client_of: Visit) -> None:
    worker = a_worker(an_office("生活支援課"), name="相田 ゆき")
    person = register_person(
        by=worker, at=NOW, name="川辺 はる", kana="カワベ ハル", birth="S30.4.1", phones=["075-111-2222"],
        office=office_of(worker).pk,
    )  # fmt: skip
    a_concern(held_by=worker, of=person)
    night = a_worker(an_office("高齢福祉課"))
    opens(client_of(night), name="西沢 なみ", birth="S31.5.2")
    assert not Disclosure.objects.exists()
    opens(client_of(night))
    row = Disclosure.objects.get()
    glass = BrokenGlass.objects.get(person=person)
    assert (row.source, row.source_id, row.ground) == ("glass", glass.pk, "05")
    assert (row.giver, row.receiver, row.until_on) == (office_of(worker), office_of(night), glass.until_on)
    assert "倒れている" not in row.reason


def given(giver: Worker, receiver: Any, **fields: Any) -> Disclosure:
    said: dict[str, Any] = {"reason": "見守り", "ground": "04", "facets": ["basic"], "decision": "福祉第9号"}
    row = write_disclosure(
        giver_id=office_of(giver).pk, receiver_id=receiver.pk, person_id=a_person("丘 ゆり").pk, by=giver, at=NOW,
        **(said | fields),
    )  # fmt: skip
    assert row is not None
    return row


def test_the_ledger_is_looked_through_by_day_office_and_ground(client_of: Visit) -> None:
    worker, officer = a_worker(an_office("生活支援課")), a_worker(role=Role.DISCLOSURE_OFFICER)
    water, school = (
        an_office("水道課", legal_kind="public_enterprise"),
        an_office("学校教育課", legal_kind="education_board"),
    )
    given(worker, water, on=date(2026, 5, 1))
    given(worker, school, ground="08")
    client = client_of(officer)

    def rows(asked: str) -> str:
        page = client.get(f"/sharing/ledger/?{asked}").content.decode()
        return page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else page

    assert "水道課" in rows("")
    assert "学校教育課" not in rows(f"office={water.pk}")
    assert "水道課" in rows(f"office={office_of(worker).pk}") and "学校教育課" in rows(
        f"office={office_of(worker).pk}"
    )
    assert "水道課" not in rows("from_on=R8.6.1")
    assert "水道課" not in rows("ground=08")
    assert "この絞り込みに合う行はありません" in rows("ground=21")
    made = client.get(f"/sharing/ledger/file/?office={water.pk}")
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(made.content)).active.iter_rows()]
    row = next(line for line in cells if "水道課" in line)
    assert row[: len(COLUMNS)] == [
        "R8-0001", "2026-05-01", "生活支援課", "水道課", "基本", "見守り", row[6], "2026-05-01 〜 ", "福祉第9号",
    ]  # fmt: skip
    assert row[6].startswith("04 ")
    assert "水道課" in str(cells[:6])  # the cover says what was asked for


def test_the_navigation_leads_there_who_may(client_of: Visit) -> None:
    worker = a_worker(an_office("生活支援課"))
    for one, there in (
        (a_worker(role=Role.DISCLOSURE_OFFICER), True), (office_of(worker).duty_worker, True), (worker, False),
    ):  # fmt: skip
        page = client_of(one).get("/", follow=True).content.decode()
        assert ('href="/sharing/ledger/"' in page) is there
