"""Events: reactions run in order, at once, and refuse the whole deed when they refuse."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tsunagi.shared import events
from tsunagi.shared.events import NotWired, announce, require_wired, wired
from tsunagi.shared.refusal import Refused


@dataclass(frozen=True)
class CaseClosed:
    case_id: int


@dataclass(frozen=True)
class WordSent:
    case_id: int


@dataclass
class Changeable:
    case_id: int


@pytest.fixture
def _strict():
    before = events._strict
    require_wired()
    yield
    require_wired(before)


def test_reactions_run_in_the_order_of_the_page():
    heard = []
    page = {
        CaseClosed: [
            lambda event: heard.append(("first", event.case_id)),
            lambda event: heard.append("second"),
        ]
    }
    with wired(page):
        announce(CaseClosed(7))
    assert heard == [("first", 7), "second"]


def test_a_refusal_stops_the_rest_and_reaches_the_deed():
    heard = []

    def refuse(event):
        raise Refused("まだ終結できません。返事待ちのつなぎを先に片づけてください。")

    with wired({CaseClosed: [refuse, heard.append]}), pytest.raises(Refused, match="返事待ち"):
        announce(CaseClosed(7))
    assert heard == []


def test_an_event_announced_by_a_reaction_is_finished_first():
    heard = []
    page = {
        CaseClosed: [lambda event: announce(WordSent(event.case_id)), lambda event: heard.append("closed")],
        WordSent: [lambda event: heard.append("word")],
    }
    with wired(page):
        announce(CaseClosed(7))
    assert heard == ["word", "closed"]


@pytest.mark.usefixtures("_strict")
def test_an_unlisted_event_is_an_error_in_tests():
    with wired({}), pytest.raises(NotWired, match="CaseClosed"):
        announce(CaseClosed(7))


@pytest.mark.usefixtures("_strict")
def test_an_event_listed_without_reactions_is_known():
    with wired({CaseClosed: []}):
        announce(CaseClosed(7))


def test_an_event_that_can_be_changed_is_not_an_event():
    with pytest.raises(TypeError, match="frozen"):
        announce(Changeable(7))
    with pytest.raises(TypeError, match="frozen"), wired({Changeable: []}):
        pass
    with pytest.raises(TypeError, match="frozen"):
        announce("CaseClosed")


def test_the_page_comes_back_after_the_block():
    heard = []
    with wired({CaseClosed: [lambda event: heard.append("outer")]}):
        with wired({CaseClosed: []}):
            announce(CaseClosed(7))
        announce(CaseClosed(7))
    assert heard == ["outer"]
