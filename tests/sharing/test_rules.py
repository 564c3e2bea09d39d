"""Which ground stands between whom: one table."""

from __future__ import annotations

from itertools import product

import pytest

from tsunagi.accounts.rules import LegalKind as K
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.rules import SHIPPED, MeetingBasis, grounds_between


def codes(giver, receiver, **said):
    return [offer.ground.code for offer in grounds_between(giver, receiver, **({"consent": False} | said))]


@pytest.mark.parametrize(
    ("giver", "receiver", "said", "proposed", "never"),
    [
        (K.MAYOR, K.MAYOR, {}, "01", {"04", "06", "30"}),
        (K.MAYOR, K.MAYOR, {"consent": True}, "01", {"04"}),
        (K.MAYOR, K.EDUCATION_BOARD, {}, "04", {"01", "03", "06"}),
        (K.EDUCATION_BOARD, K.MAYOR, {}, "04", {"01", "03", "06"}),
        (K.MAYOR, K.PUBLIC_ENTERPRISE, {}, "04", {"01", "03"}),
        (K.PUBLIC_ENTERPRISE, K.MAYOR, {}, "04", {"01", "03"}),
        (K.PUBLIC_ENTERPRISE, K.MAYOR, {"consent": True}, "02", {"01", "03"}),
        (K.FIRE, K.MAYOR, {}, "04", {"01", "03"}),
        (K.EDUCATION_BOARD, K.EDUCATION_BOARD, {}, "01", {"04"}),
        (K.MAYOR, K.ENTRUSTED, {}, "01", {"03", "04"}),
        (K.ENTRUSTED, K.MAYOR, {}, "01", {"03", "04"}),
        (K.ENTRUSTED, K.ENTRUSTED, {}, "01", {"03", "04"}),
        (K.EDUCATION_BOARD, K.ENTRUSTED, {}, "04", {"01", "03"}),
        (K.MAYOR, K.OTHER_MUNICIPALITY, {}, "04", {"01", "03"}),
        (K.MAYOR, K.OTHER_MUNICIPALITY, {"source": "09"}, "09", {"01", "03"}),
        (K.OTHER_MUNICIPALITY, K.OTHER_MUNICIPALITY, {}, "04", {"01", "03"}),
        (K.MAYOR, K.NATIONAL, {}, "04", {"01", "03"}),
        (K.MAYOR, K.NATIONAL, {"source": "21"}, "21", {"01", "03"}),
        (K.MAYOR, K.INCORPORATED, {"consent": True}, "02", {"01", "03"}),
        (K.MAYOR, K.ASSEMBLY, {}, "04", {"01", "03"}),
        (K.ASSEMBLY, K.MAYOR, {}, "99", {"01", "02", "03", "04"}),
        (K.MAYOR, K.PRIVATE, {}, "02", {"01", "03", "04", "30"}),
        (K.MAYOR, K.PRIVATE, {"consent": True}, "02", {"01", "03", "04"}),
        (K.MAYOR, K.INDIVIDUAL, {}, "02", {"30", "31"}),
        (K.PRIVATE, K.MAYOR, {}, "30", {"01", "02", "03", "04", "05"}),
        (K.PRIVATE, K.MAYOR, {"consent": True}, "30", {"02"}),
        (K.PRIVATE, K.PRIVATE, {}, "30", {"02", "33"}),
        (K.INDIVIDUAL, K.MAYOR, {}, "33", {"01", "02", "03"}),
        (K.MAYOR, K.PRIVATE, {"meeting": MeetingBasis.SUPPORT}, "06", {"07", "08"}),
        (K.PRIVATE, K.MAYOR, {"meeting": MeetingBasis.SUPPORT}, "06", {"07", "08"}),
        (K.MAYOR, K.EDUCATION_BOARD, {"meeting": MeetingBasis.CHILDREN}, "08", {"03", "06"}),
        (K.MAYOR, K.MAYOR, {"meeting": MeetingBasis.SUPPORT_POVERTY}, "07", {"06", "08"}),
    ],
)  # fmt: skip
def test_one_ground_is_proposed_and_some_are_never_offered(giver, receiver, said, proposed, never):
    found = codes(giver, receiver, **said)
    assert found[0] == proposed
    assert not never & set(found)


def test_between_any_two_there_is_exactly_one_proposal():
    for giver, receiver, consent, meeting in product(K, K, (True, False), ("", *MeetingBasis.values())):
        offers = grounds_between(giver, receiver, consent=consent, meeting=meeting)
        assert [offer.proposed for offer in offers].count(True) == 1, (giver, receiver, consent, meeting)
        assert offers[0].proposed
        for offer in offers:
            assert giver.value in offer.ground.givers
            assert receiver.value in offer.ground.receivers


def test_consent_that_was_not_given_is_named_as_missing():
    offer = grounds_between(K.MAYOR, K.PRIVATE, consent=False)[0]
    assert offer.ground.code == "02"
    assert "同意" in offer.missing
    assert grounds_between(K.MAYOR, K.PRIVATE, consent=True)[0].missing == ""


def test_the_other_ground_opens_nothing_before_the_officer_agrees():
    other = next(o for o in grounds_between(K.MAYOR, K.MAYOR, consent=True) if o.ground.code == "99")
    assert "個人情報管理者" in other.missing


def test_a_ground_nobody_knows_is_refused():
    with pytest.raises(Refused, match="根拠を選び直して"):
        grounds_between(K.MAYOR, K.MAYOR, consent=True, source="77")


def test_recipients_and_doors_are_no_grounds():
    shipped = {card.code for card in SHIPPED}
    assert not shipped & {"13", "14"}
    assert {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "15", "16", "17", "18", "20", "21",
            "22", "23", "30", "31", "32", "33", "34", "99"} == shipped  # fmt: skip


def test_what_must_be_compared_with_the_law_says_so():
    marked = {card.code for card in SHIPPED if card.to_be_checked}
    assert {"08", "10", "30", "33"} <= marked
    assert not marked & {"01", "02", "03", "04", "05", "06"}
