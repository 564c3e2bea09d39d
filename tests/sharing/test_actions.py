"""The shipped grounds in the database."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from tests.factories import an_office
from tsunagi.sharing.actions import load_shipped
from tsunagi.sharing.models import Ground
from tsunagi.sharing.queries import ground_of, grounds, grounds_between_offices
from tsunagi.sharing.rules import SHIPPED

pytestmark = pytest.mark.django_db


def test_they_are_there_and_loading_again_adds_nothing():
    assert {card.code for card in grounds()} == {card.code for card in SHIPPED}
    assert load_shipped() == 0


def test_the_application_may_not_write_them():
    with pytest.raises(ProgrammingError, match="permission denied"):
        Ground.objects.create(code="98", name="思いつき")


def test_two_offices_are_asked_by_what_they_are_before_the_law():
    school = an_office("学校教育課", legal_kind="education_board")
    desk = an_office("総合相談")
    assert grounds_between_offices(desk, school, consent=False)[0].ground.code == "04"
    assert ground_of("04").article == "69条2項3号"
    assert ground_of("13") is None
