"""A paper that leaves the office: who did not consent is a relation and an age; a row of the ledger; read back from the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import NOW, TODAY, an_office
from tests.paperwork.factories import HOME, INFORMANT, SAFE_PLACE, HardFamily, a_hard_family
from tests.paperwork.test_papers import squeezed
from tests.paperwork.test_screens import wish
from tsunagi.accounts.models import Office
from tsunagi.paperwork.actions import print_form
from tsunagi.paperwork.models import Printed
from tsunagi.paperwork.queries import as_pdf, copy_paper
from tsunagi.paperwork.rules import FORMS, OTHER, Mask, form_of
from tsunagi.press.pdf import text_of
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import record_consent
from tsunagi.sharing.models import Disclosure
from tsunagi.sharing.rules import ConsentWish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trail() -> Iterator[None]:
    with opened_trail(None, "cli", NOW):
        yield


@pytest.fixture
def family() -> HardFamily:
    return a_hard_family()


@pytest.fixture
def npo() -> Office:
    return an_office("すまい法人", legal_kind="private")


def agrees(family: HardFamily, place: int, *offices: Office, **fields: Any) -> None:
    said: dict[str, Any] = {
        "state": "given_all", "preset": "standard", "office_ids": tuple(office.pk for office in offices), "way": "oral",
        "explained_on": TODAY,
    }  # fmt: skip
    record_consent(
        family.people[place].pk, ConsentWish(**(said | fields)), office_id=family.case.office_id,
        by=family.worker, at=NOW,
    )  # fmt: skip


def printed(family: HardFamily, form: str, to: str, **fields: Any) -> tuple[Printed, str]:
    row, paper = print_form(
        family.case, form_of(form), mask="real", fmt="pdf", to=to, by=family.worker, at=NOW, **fields
    )
    connection.check_constraints()
    return row, squeezed(text_of(as_pdf(paper)))


NOT_ASKED = [
    "さくら",
    "葵",
    "結衣",
    "トメ",
    "グエン",
    "美咲",
    "翔太郎",
    "渡邉",
    SAFE_PLACE,
    INFORMANT.split()[0],
]


@pytest.mark.parametrize("form", ["uketsuke-a", "assessment", "gaiyou", "zu"])
def test_who_did_not_consent_is_a_relation_on_what_an_office_is_given(
    family: HardFamily, npo: Office, form: str
) -> None:
    agrees(family, 0, npo)
    agrees(family, 1, npo, preset="this_office")
    row, text = printed(family, form, str(npo.pk), for_whom="住まいの相談")
    assert "ハル" in text
    assert "健一" in text
    for words in NOT_ASKED:
        assert squeezed(words) not in text, words
    assert "10代" in text
    # The next person who opens it today reads the same.
    again = squeezed(text_of(as_pdf(copy_paper(family.worker, family.case, row))))
    assert "翔太郎" not in again


def test_whatever_was_typed_of_them_is_looked_through(family: HardFamily, npo: Office) -> None:
    from tsunagi.cases.actions import write_note

    write_note(
        family.case, by=family.worker, at=NOW, facts=f"結衣ちゃんと渡邉トメさんが来た。髙﨑ハルさんは{HOME}で待っていた。健一は留守。"
    )  # fmt: skip
    agrees(family, 0, npo)
    _row, text = printed(family, "keika", str(npo.pk), for_whom="住まいの相談")
    for words in ("結衣", "トメ", "健一"):
        assert words not in text, words
    assert "髙﨑ハルさん" in text


def test_a_paper_beyond_the_purpose_is_a_row_of_the_ledger(family: HardFamily, npo: Office) -> None:
    agrees(family, 0, npo)
    Disclosure.objects.all()
    row, _text = printed(family, "uketsuke-a", str(npo.pk), for_whom="住まいの相談")
    written = Disclosure.objects.get(source="paper")
    assert (written.source_id, written.receiver, written.ground, written.person_id) == (
        row.pk, npo, "02", family.haru.pk,
    )  # fmt: skip
    assert "P0" in written.items
    assert "informant" not in written.facets
    assert (row.leaves, row.to_office, row.ground) == (True, npo, "02")


def test_without_consent_it_does_not_leave_but_on_another_ground_that_says_why(
    family: HardFamily, npo: Office
) -> None:
    with pytest.raises(Refused, match="同意の範囲に入っていません"), transaction.atomic():
        printed(family, "uketsuke-a", str(npo.pk))
    with pytest.raises(Refused, match="根拠を替えたわけ"), transaction.atomic():
        printed(family, "uketsuke-a", str(npo.pk), ground="05", decision="福相第9号")
    with pytest.raises(Refused, match="使えない根拠"), transaction.atomic():
        printed(family, "uketsuke-a", str(npo.pk), ground="03")
    with pytest.raises(Refused, match="選び直して"), transaction.atomic():
        printed(family, "uketsuke-a", str(family.case.office_id))
    agrees(family, 0)
    with pytest.raises(Refused, match="だれに渡すか"), transaction.atomic():
        printed(family, "uketsuke-a", OTHER)
    assert not Printed.objects.exists()
    assert not Disclosure.objects.filter(source="paper").exists()


def test_an_office_of_the_city_sees_the_household_as_it_needs_it(family: HardFamily) -> None:
    other = an_office("高齢福祉課")
    row, text = printed(family, "uketsuke-a", str(other.pk))
    assert "翔太郎" in text
    assert row.ground == "01"
    assert not Disclosure.objects.filter(source="paper").exists()


def test_a_list_of_others_does_not_leave(family: HardFamily, npo: Office) -> None:
    agrees(family, 0, npo)
    listed = next(form for form in FORMS if not form.of_case)
    with pytest.raises(Refused, match="ほかの方のことも載る"), transaction.atomic():
        printed(family, listed.code, str(npo.pk))


def test_what_stays_is_as_it_was(family: HardFamily) -> None:
    row, text = printed(family, "uketsuke-a", "")
    assert "翔太郎" in text
    assert not row.leaves


def test_a_wider_mask_still_masks_who_did_not_consent(family: HardFamily, npo: Office) -> None:
    agrees(family, 0, npo)
    _row, paper = print_form(
        family.case, form_of("uketsuke-a"), mask=Mask.INITIAL.value, fmt="pdf", to=str(npo.pk), by=family.worker, at=NOW
    )  # fmt: skip
    text = squeezed(text_of(as_pdf(paper)))
    assert "T.H.①" in text
    assert "T.S.⑫" not in text


def test_a_copy_that_leaves_has_a_ground(family: HardFamily) -> None:
    row, _text = printed(family, "uketsuke-a", "")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO paperwork_printed (case_id, form, mask, format, for_whom, document_number, worker_id, at, missing,"
            " blacked, how, leaves, ground) SELECT case_id, form, mask, format, '', '', worker_id, at, 0, 0, '', true, ''"
            " FROM paperwork_printed WHERE id = %s",
            [row.pk],
        )


def test_on_the_page_it_is_one_choice(
    client_of: Callable[..., Any], set_clock: Callable[..., Any], family: HardFamily, npo: Office
) -> None:
    set_clock(NOW)
    client, address = client_of(family.worker), f"/chouhyou/{family.case.pk}/"
    page = client.get(address)
    assert "すまい法人" in page.content.decode()
    refused = client.post(address, wish(page, for_whom="住まい", to=str(npo.pk)))
    assert refused.status_code == 422
    assert "同意の範囲に入っていません" in refused.content.decode()
    agrees(family, 0, npo)
    assert (
        client.post(address, wish(client.get(address), for_whom="住まい", to=str(npo.pk))).status_code == 302
    )
    assert "すまい法人（根拠 02）" in client.get(address).content.decode()
