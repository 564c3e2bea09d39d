"""Records whose time has run out, and workers who decide what becomes of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tests import harness
from tests.factories import NOW, a_concern, a_household, a_worker, an_office, office_of
from tests.workbench.files import a_pdf
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import close_case, open_case, write_note
from tsunagi.config import embedded
from tsunagi.holding.actions import close_concern
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.intake.actions import end_consultation, take_consultation
from tsunagi.intake.actions.consultations import InformantWish
from tsunagi.people.actions import add_address, add_phone
from tsunagi.people.models import Party, Person
from tsunagi.people.rules import NewAddress, NewPhone
from tsunagi.records.actions import keeping
from tsunagi.records.rules.keeping import RecordKind
from tsunagi.workbench import actions as workbench

LONG_AGO = NOW - timedelta(days=365 * 8)
SOLVED = ClosingWish(
    ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="いつでもどうぞ", card="名前と電話"
)  # fmt: skip


@dataclass(frozen=True)
class Secretaries:
    """Two who decide about keeping, and an office that worked."""

    one: Worker
    two: Worker
    desk: Worker
    manager: Worker


@pytest.fixture
def _places(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.ATTACHMENT_KEYS = tmp_path / "secrets" / "attachment-keys"
    settings.VAR = tmp_path


@transaction.atomic
def people_who_decide() -> Secretaries:
    office = an_office("情報公開担当")
    desk_office = an_office("福祉なんでも相談室", is_front_desk=True)
    desk = a_worker(desk_office, name="相田 ゆき")
    return Secretaries(
        a_worker(office, Role.DISCLOSURE_OFFICER, "安藤 弘"), a_worker(office, Role.DISCLOSURE_OFFICER, "戸田 実"), desk,
        desk_office.duty_worker,
    )  # fmt: skip


@pytest.fixture
def they(db: None, _places: None) -> Secretaries:
    return people_who_decide()


@transaction.atomic
def written_articles(by: Worker, at: Any = NOW) -> None:
    """The city has said by which article each kind is kept."""
    for kind in RecordKind:
        keeping.set_rule(kind.value, years=5, begins="year_end", article="文書管理規程 別表第2", by=by, at=at)


NAME, KANA, PHONE, ADDRESS = "森田 ハルヱ", "モリタ ハルヱ", "075-000-4321", "長岡京市神足二丁目12-34"


@transaction.atomic
def long_gone(desk: Worker, *, name: str = NAME, kana: str = KANA) -> Any:
    """Somebody whose consultation, concern and file ended eight years ago; her name stands everywhere."""
    haru = Person.objects.create(
        party=Party.objects.create(kind="person", created_at=LONG_AGO), name=name, kana=kana
    )
    add_phone(haru, NewPhone(number=PHONE, whose="本人"), by=desk, at=LONG_AGO)
    add_address(haru, NewAddress(text=ADDRESS), by=desk, at=LONG_AGO)
    taken = take_consultation(
        by=desk, at=LONG_AGO, office_id=office_of(desk).pk, came_at=LONG_AGO, party_id=haru.pk, words=f"{name}さんが家賃を払えない。{PHONE}",
        informant=InformantWish(name="近所の人 田島", contact="075-000-9999", source_kind="neighbour"),
    )  # fmt: skip
    connection.check_constraints()
    concern = a_concern(held_by=desk, of=haru, at=LONG_AGO, description=f"{name}さん、家賃の滞納")
    file = open_case(haru.pk, by=desk, at=LONG_AGO, title=f"{name}さんの支援", concern_ids=[concern.pk])
    note = write_note(
        file,
        by=desk,
        at=LONG_AGO,
        kind="visit",
        happened_at=LONG_AGO,
        facts=f"{ADDRESS}で{name.replace(' ', '')}さんに会う",
    )
    draft = uuid.uuid4()
    workbench.bring(desk, SimpleUploadedFile(f"{name}.pdf", a_pdf()), draft, at=LONG_AGO)
    workbench.attach(desk, draft, "note", note.pk, at=LONG_AGO)
    end_consultation(taken, outcome="existing_concern", became=[concern.pk], by=desk, at=LONG_AGO)
    connection.check_constraints()
    close_concern(concern.pk, SOLVED, by=desk, at=LONG_AGO)
    connection.check_constraints()
    close_case(file, by=desk, at=LONG_AGO, main_office="相談室", words=f"{name}さんは安定した")
    connection.check_constraints()
    return haru


@pytest.fixture
def as_owner(fresh_database: None, _places: None) -> Any:
    """The test is signed in as the database's owner; a fresh clone follows."""
    harness.point_at(harness.CLONE, embedded.OWNER)
    yield
    harness.point_at(harness.CLONE, embedded.APP)


@pytest.fixture
def dump() -> Callable[[], str]:
    """Everything that stands in the database, as text."""

    def whole() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            tables = [name for (name,) in cursor.fetchall()]
            found = []
            for table in tables:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found += [f"{table} {row}" for (row,) in cursor.fetchall()]
        return "\n".join(found)

    return whole


__all__ = ["a_household"]
