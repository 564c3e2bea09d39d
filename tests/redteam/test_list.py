"""docs/redteam.md and the red team's tests agree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
LIST = TESTS.parent / "docs" / "redteam.md"


def named() -> set[str]:
    """The tests that stand on the list."""
    return set(re.findall(r"`(\w+/test_\w+\.py::test_\w+)`", LIST.read_text()))


def written_in(path: str) -> set[str]:
    """The tests of a file, as the list names them."""
    tree = ast.parse((TESTS / path).read_text())
    return {
        f"{path}::{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_row_of_the_list_is_a_test_that_stands() -> None:
    there = {name for path in {one.split("::")[0] for one in named()} for name in written_in(path)}
    assert named() - there == set()


def test_every_walk_of_the_red_team_is_on_the_list() -> None:
    written = {
        name for path in ("redteam/test_crawl.py", "redteam/test_other_party.py") for name in written_in(path)
    }
    assert written - named() == set()
