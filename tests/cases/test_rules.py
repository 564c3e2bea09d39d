"""The stages of a file, as plain rules."""

from __future__ import annotations

from tsunagi.cases.rules import CLOSED_STAGES, NEXT_STAGES, Stage


def test_every_stage_is_in_the_table() -> None:
    assert set(NEXT_STAGES) == set(Stage)


def test_the_table_never_crosses_the_end() -> None:
    """Closing and reopening are deeds of their own (H9)."""
    for stage, following in NEXT_STAGES.items():
        assert all((then in CLOSED_STAGES) == (stage in CLOSED_STAGES) for then in following), stage


def test_every_open_stage_is_reached_from_the_first_and_leads_to_an_end() -> None:
    found, new = {Stage.RECEIVED}, {Stage.RECEIVED}
    while new:
        new = {then for stage in new for then in NEXT_STAGES[stage]} - found
        found |= new
    assert found == set(Stage) - CLOSED_STAGES - {Stage.REOPENED}
