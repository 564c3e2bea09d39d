"""The form for papers: who gave the standard consent stands by name, everybody else is a relation and an age by tens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.press.pdf import text_of
from tsunagi.sharing.actions import record_consent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("view", ["genogram", "ecomap"])
def test_only_who_consented_is_named_on_the_form_for_papers(
    client_of: Callable[..., Any], set_clock: Callable[..., Any], view: str
) -> None:
    set_clock(NOW)
    worker = a_worker(an_office("福祉なんでも相談室"))
    mother = a_person("森田 ハル", birth_on=date(1944, 5, 14))
    son = a_person("森田 健一", birth_on=date(1974, 5, 14))
    home = a_household(mother, son)
    a_concern(held_by=worker, of=home)
    address = f"{reverse('genogram:export', args=[home.pk, 'pdf'])}?view={view}"

    def read(more: str) -> str:
        return re.sub(r"\s", "", text_of(client_of(worker).get(address + more).content))

    assert "健一" in read("") and "ハル" in read("")
    assert "健一" not in read("&masked=1") and "ハル" not in read("&masked=1")
    record_consent(mother.pk, agreed(), office_id=office_of(worker).pk, by=worker, at=NOW)
    text = read("&masked=1")
    assert "ハル" in text
    assert "健一" not in text
    assert "50代" in text
