"""後見人等 consent only within their powers: what is on file decides, for every form that records a consent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.accounts.models import Worker
from tsunagi.guardianship.actions import PowerWish, end_power, state_power
from tsunagi.guardianship.models import Power
from tsunagi.guardianship.queries import consent_powers
from tsunagi.guardianship.rules import PowerKind, may_consent_for
from tsunagi.holding.actions import give_consent
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.rules import Powers

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "words", "cares", "from_on", "until_on", "may"),
    [
        (PowerKind.GUARDIANSHIP, "", False, None, None, True),
        (PowerKind.MINOR, "", False, None, None, True),
        (PowerKind.PARENTAL, "", True, None, None, False),
        (PowerKind.CURATORSHIP, "福祉サービスの契約", True, None, None, True),
        (PowerKind.CURATORSHIP, "預貯金の払戻し", False, None, None, False),
        (PowerKind.ASSISTANCE, "", True, None, None, False),
        (PowerKind.VOLUNTARY, "介護契約", True, None, None, True),
        (PowerKind.CONTRACTED, "介護契約", True, None, None, False),
        (PowerKind.GUARDIANSHIP, "", False, TOMORROW, None, False),
        (PowerKind.GUARDIANSHIP, "", False, None, YESTERDAY, False),
    ],
    ids=[
        "a guardian", "a minor's guardian", "a parent answers beside the child", "a curator for care",
        "a curator for money alone", "an assistant without a written power", "a contract that runs",
        "a contract that has not begun", "not yet", "no longer",
    ],
)  # fmt: skip
def test_who_may_consent_in_the_persons_place(
    kind: PowerKind, words: str, cares: bool, from_on: date | None, until_on: date | None, may: bool
) -> None:
    assert may_consent_for(kind, words, cares=cares, from_on=from_on, until_on=until_on, on=TODAY) is may


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def haru(worker: Worker) -> Any:
    person = a_person("森田 ハル", birth_on=date(1944, 1, 15))
    a_concern(held_by=worker, of=person)
    return person


def power(worker: Worker, person: Any, **fields: Any) -> Power:
    said: dict[str, Any] = {
        "kind": "guardianship", "holder_name": "司法書士 北川 実", "holder_kind": "scrivener", "court": "京都家庭裁判所",
        "from_on": date(2026, 4, 1),
    }  # fmt: skip
    return state_power(person, PowerWish(**(said | fields)), by=worker, at=NOW)


def by_guardian(worker: Worker, person: Any) -> Any:
    return give_consent(
        person.pk, agreed(given_by="guardian", given_by_name="北川 実", way="proxy"), office_id=office_of(worker).pk,
        by=worker, at=NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_guardian_whose_power_is_not_on_file_is_asked_to_be_written_first(
    worker: Worker, haru: Any
) -> None:
    assert consent_powers(haru.pk, TODAY) == Powers.NOT_WRITTEN
    with pytest.raises(Refused, match="まだ記録されていません"):
        by_guardian(worker, haru)


@pytest.mark.django_db
def test_a_power_for_money_alone_does_not_reach_a_consent(worker: Worker, haru: Any) -> None:
    power(worker, haru, kind="curatorship", agency_words="預貯金の払戻し", keeps_money=True)
    with pytest.raises(Refused, match="記録されている権限では、この同意はできません"):
        by_guardian(worker, haru)


@pytest.mark.django_db
def test_a_guardian_consents_while_the_power_lasts(worker: Worker, haru: Any) -> None:
    stated = power(worker, haru)
    assert by_guardian(worker, haru).given_by == "guardian"
    end_power(stated, how="resigned", ended_on=TODAY, revision=stated.revision, by=worker, at=NOW)
    with pytest.raises(Refused):
        by_guardian(worker, haru)


@pytest.mark.django_db
def test_the_person_needs_nobodys_power(worker: Worker, haru: Any) -> None:
    assert give_consent(haru.pk, agreed(), office_id=office_of(worker).pk, by=worker, at=NOW).pk
