"""Whatever is done behind the journal's back is named. The owner switches the triggers off; nothing else could."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.factories import NOW
from tsunagi.journal import actions, tasks, verify
from tsunagi.journal.models import Entry, Seal

from .test_actions import write

pytestmark = pytest.mark.usefixtures("fresh_database", "outside")


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def behind_its_back(owner: psycopg.Connection) -> Callable[[str], None]:
    """Runs SQL as the owner, with the journal's triggers off."""

    def run(statement: str) -> None:
        with _triggers_off(owner):
            owner.execute(statement)

    return run


@contextmanager
def _triggers_off(owner: psycopg.Connection) -> Iterator[None]:
    for table in ("journal_entry", "journal_seal"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in ("journal_entry", "journal_seal"):
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def look(capsys: Any, **options: Any) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = verify.main(connection, as_json=True, **options)
    return code, json.loads(capsys.readouterr().out)


def sealed(count: int = 6) -> list[int]:
    write(count)
    actions.seal()
    return list(Seal.objects.order_by("seq").values_list("entry_id", flat=True))


def test_an_untouched_journal_is_whole(capsys: Any) -> None:
    assert look(capsys) == (
        0,
        {
            "entries": 0,
            "sealed": 0,
            "unsealed": 0,
            "altered": [],
            "missing": [],
            "missing_seals": [],
            "reordered": [],
            "inserted": [],
            "head": "",
            "head_found": None,
            "heads_kept": 0,
            "heads_broken": [],
        },
    )
    sealed(4)
    write(2)
    code, found = look(capsys)
    assert (code, found["entries"], found["sealed"], found["unsealed"]) == (0, 6, 4, 2)
    assert len(found["head"]) == 64


def test_an_altered_row_is_named(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    behind_its_back(f"UPDATE journal_entry SET worker_id = 99 WHERE id = {ids[2]}")
    code, found = look(capsys)
    assert (code, found["altered"]) == (1, [ids[2]])
    assert (found["reordered"], found["missing"], found["inserted"]) == ([], [], [])


def test_also_when_its_digest_was_made_to_fit(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    behind_its_back(f"UPDATE journal_entry SET worker_id = 99 WHERE id = {ids[2]}")
    behind_its_back(f"UPDATE journal_entry e SET digest = journal_digest(e) WHERE id = {ids[2]}")
    code, found = look(capsys)
    assert (code, found["altered"], found["reordered"]) == (1, [ids[2]], [])


def test_an_unsealed_altered_row_is_named_too(behind_its_back: Any, capsys: Any) -> None:
    sealed(2)
    write()
    last = Entry.objects.order_by("-id")[0].pk
    behind_its_back(f"UPDATE journal_entry SET at = at - interval '1 day' WHERE id = {last}")
    assert look(capsys)[1]["altered"] == [last]


@pytest.mark.parametrize("place", [0, 2, 5], ids=["first", "middle", "last"])
def test_a_missing_row_is_named(behind_its_back: Any, capsys: Any, place: int) -> None:
    ids = sealed()
    behind_its_back(f"DELETE FROM journal_entry WHERE id = {ids[place]}")
    code, found = look(capsys)
    assert (code, found["missing"], found["altered"], found["reordered"]) == (1, [ids[place]], [], [])


def test_a_row_that_vanished_with_its_seal_leaves_a_gap(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    behind_its_back(f"DELETE FROM journal_entry WHERE id = {ids[2]}")
    behind_its_back(f"DELETE FROM journal_seal WHERE entry_id = {ids[2]}")
    code, found = look(capsys)
    assert (code, found["missing_seals"], found["altered"], found["reordered"]) == (1, [3], [], [])


def test_two_rows_that_exchanged_their_places_are_named(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    behind_its_back(f"UPDATE journal_seal SET entry_id = -1 WHERE entry_id = {ids[1]}")
    behind_its_back(f"UPDATE journal_seal SET entry_id = {ids[1]} WHERE entry_id = {ids[3]}")
    behind_its_back(f"UPDATE journal_seal SET entry_id = {ids[3]} WHERE entry_id = -1")
    code, found = look(capsys)
    assert code == 1
    assert sorted(found["reordered"]) == [ids[1], ids[3]]
    assert found["altered"] == []


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 5)], ids=["neighbours", "apart"])
def test_two_seals_that_exchanged_their_places_are_named(
    behind_its_back: Any, capsys: Any, one: int, other: int
) -> None:
    ids = sealed()
    behind_its_back(f"UPDATE journal_seal SET seq = -1 WHERE seq = {one}")
    behind_its_back(f"UPDATE journal_seal SET seq = {one} WHERE seq = {other}")
    behind_its_back(f"UPDATE journal_seal SET seq = {other} WHERE seq = -1")
    code, found = look(capsys)
    assert code == 1
    assert sorted(found["reordered"]) == [ids[one - 1], ids[other - 1]]
    assert found["altered"] == []


def test_a_row_slipped_in_is_named(owner: psycopg.Connection, behind_its_back: Any, capsys: Any) -> None:
    sealed(2)
    behind_its_back(
        "INSERT INTO journal_entry (at, channel, action, subject_kind, purpose, ground, detail, digest)"
        " VALUES (now(), 'web', 'case.seen', 'case', '', '', '{}', '')"
    )
    behind_its_back("UPDATE journal_entry e SET digest = journal_digest(e) WHERE digest = ''")
    code, found = look(capsys)
    assert (code, len(found["inserted"])) == (1, 1)


def test_a_rebuilt_chain_is_betrayed_by_the_heads_outside(
    behind_its_back: Any, outside: Path, capsys: Any
) -> None:
    ids = sealed(3)
    tasks.write_head()
    known = Seal.objects.get(seq=3).chain.hex()
    sealed(2)
    tasks.write_head()
    assert look(capsys, head=known)[0] == 0

    behind_its_back(f"DELETE FROM journal_entry WHERE id = {ids[1]}")
    behind_its_back("TRUNCATE journal_seal")
    behind_its_back("INSERT INTO journal_waiting SELECT id FROM journal_entry")
    actions.seal()
    code, found = look(capsys, head=known)
    assert (found["altered"], found["missing"], found["reordered"]) == ([], [], [])
    assert code == 1
    assert found["head_found"] is False
    assert (found["heads_kept"], len(found["heads_broken"])) == (2, 2)


def test_a_tail_that_was_cut_off_is_betrayed_too(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    tasks.write_head()
    behind_its_back(f"DELETE FROM journal_entry WHERE id = {ids[-1]}")
    behind_its_back(f"DELETE FROM journal_seal WHERE entry_id = {ids[-1]}")
    code, found = look(capsys)
    assert (code, len(found["heads_broken"])) == (1, 1)


def test_a_head_file_that_was_scribbled_on_is_told(outside: Path, capsys: Any) -> None:
    sealed(2)
    path = actions.write_head(NOW)
    assert path is not None
    path.write_text(path.read_text() + "???\n")
    assert look(capsys)[1]["heads_broken"] == ["2026.txt:???"]


def test_it_speaks_to_people(behind_its_back: Any, capsys: Any) -> None:
    ids = sealed()
    behind_its_back(f"UPDATE journal_entry SET worker_id = 99 WHERE id = {ids[0]}")
    assert verify.main(connection, head="00" * 32) == 1
    words = capsys.readouterr().out
    assert f"書き換えられた記録 1件: #{ids[0]}" in words
    assert "控えの値が鎖の中にありません" in words
