"""The edge of a request: transaction, worker, trail, and what it answers when the database refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from tests.config import pages
from tests.strictness import StrictClient
from tsunagi.accounts.models import Worker
from tsunagi.shared import edges
from tsunagi.shared.edges import NoTrail, leave_trail, opened_trail

pytestmark = pytest.mark.urls("tests.config.pages")


def test_a_read_tells_the_database_who_asks_and_may_not_write(signed_in: StrictClient) -> None:
    worker = Worker.objects.get()
    assert signed_in.get("/settings_of_the_transaction/").content.decode() == f"{worker.pk}|on|tsunagi_app"


def test_one_statement_introduces_the_worker(signed_in: StrictClient) -> None:
    seen: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(statement)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        signed_in.get("/looks_and_finds_nothing/")
    introductions = [statement for statement in seen if "transaction_read_only" in statement]
    assert len(introductions) == 2  # the page's transaction and the trail's own
    assert seen[-1] != introductions[-1]


def test_the_worker_is_forgotten_when_the_edge_is_left(signed_in: StrictClient, kept: Any) -> None:
    for visit in (signed_in.get, signed_in.post):
        visit("/makes_a_group/", {"name": visit.__name__})
        assert pages.ask("SELECT current_setting('tsunagi.worker', true)")[0] in ("", None)
        assert pages.ask("SELECT current_setting('transaction_read_only')") == ("off",)


def test_a_read_cannot_write(signed_in: StrictClient) -> None:
    answer = signed_in.get("/writes_in_a_read/")
    assert answer.status_code == 500
    assert not Group.objects.exists()


def test_a_read_is_not_posted_to(signed_in: StrictClient) -> None:
    assert signed_in.post("/looks/").status_code == 405


def test_the_trail_of_a_read_is_stored_before_the_answer_leaves(signed_in: StrictClient, kept: Any) -> None:
    assert signed_in.get("/looks/").status_code == 200
    worker = Worker.objects.get()
    assert kept == [(["case.seen"], worker.pk, "web", (0, str(worker.pk)))]


@pytest.mark.parametrize(("page", "status"), [("looks_and_finds_nothing", 404), ("looks_and_fails", 500)])
def test_the_trail_outlives_a_refusal(signed_in: StrictClient, kept: Any, page: str, status: int) -> None:
    assert signed_in.get(f"/{page}/").status_code == status
    assert [actions for actions, *_ in kept] == [["case.seen"]]


def test_no_log_no_page(signed_in: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("the journal is full")

    monkeypatch.setattr(edges, "_store", fail)
    answer = signed_in.get("/looks/")
    assert answer.status_code == 500
    assert ">seen" not in answer.content.decode()


def test_the_trail_of_a_write_is_stored_with_it(signed_in: StrictClient, kept: Any) -> None:
    assert signed_in.post("/makes_a_group/", {"name": "a"}).status_code == 200
    assert kept[0][3][0] == 1  # the store saw the group: the same transaction
    assert Group.objects.count() == 1


def test_an_answer_of_400_or_more_leaves_nothing_but_the_trail(signed_in: StrictClient, kept: Any) -> None:
    assert signed_in.post("/makes_a_group/", {"name": "a", "status": "422"}).status_code == 422
    assert not Group.objects.exists()
    assert [actions for actions, *_ in kept] == [["case.seen"]]


def test_a_refusal_leaves_nothing_but_the_trail(signed_in: StrictClient, kept: Any) -> None:
    answer = signed_in.post("/refuses_after_writing/")
    assert answer.status_code == 409
    assert "返事待ちのつなぎが2件あります" in answer.content.decode()
    assert not Group.objects.exists()
    assert len(kept) == 1


def test_a_door_without_a_trail_raises(db: None) -> None:
    with pytest.raises(NoTrail):
        leave_trail("case.seen", subject_kind="case", subject_id=1)


def test_a_task_opens_its_own_trail(db: None, kept: Any) -> None:
    with opened_trail(None, "task"):
        leave_trail("case.seen", subject_kind="case", subject_id=1)
        assert kept == []
    assert [(actions, channel) for actions, _, channel, _ in kept] == [(["case.seen"], "task")]


@pytest.mark.parametrize("page", ["streams", "renders_late"])
def test_an_unfinished_answer_is_a_mistake(signed_in: StrictClient, page: str) -> None:
    signed_in.raise_request_exception = True
    with pytest.raises(TypeError, match="finished HttpResponse"):
        signed_in.get(f"/{page}/")


def test_a_law_of_the_database_is_a_sentence(
    signed_in: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        edges.law_sentences, "test_law", "受け持ちのない課題は作れません。担当を選んでください。"
    )
    answer = signed_in.post("/breaks_a_law_in_sql/")
    assert answer.status_code == 409
    assert "受け持ちのない課題は作れません" in answer.content.decode()
    assert "山田花子" not in answer.content.decode()


def test_a_model_s_constraint_speaks_its_own_sentence() -> None:
    sentences = edges._model_sentences()
    assert sentences["posting_once_at_a_time"] == "この職員は、すでに同じ役割でこの機関にいます。"


def test_somebody_was_there_first(signed_in: StrictClient, kept: Any) -> None:
    signed_in.post("/makes_a_group/", {"name": "a"})
    answer = signed_in.post("/makes_a_group/", {"name": "a"})
    assert answer.status_code == 409
    assert edges.TAKEN in answer.content.decode()


def test_a_deferred_law_speaks_inside_the_request(signed_in: StrictClient) -> None:
    assert signed_in.post("/breaks_a_deferred_law/").status_code == 409


def test_row_values_never_leave(
    signed_in: StrictClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = signed_in.post("/breaks_something_without_words/", {"name": "山田花子"})
    assert answer.status_code == 500
    told = answer.content.decode() + caplog.text + "".join(capsys.readouterr())
    assert "null value" in told  # the log says what happened
    assert "山田花子" not in told
    assert "DETAIL" not in told


def test_a_read_that_met_a_deadlock_is_tried_once_more(signed_in: StrictClient, kept: Any) -> None:
    assert signed_in.get("/reads_through_a_deadlock/").content == b"read"
    assert len(pages.tries) == 2
    assert len(kept) == 1  # the look of the first try did not happen


def test_a_write_that_met_a_serialization_failure_asks_to_press_again(signed_in: StrictClient) -> None:
    answer = signed_in.post("/writes_through_a_serialization_failure/", {"note": "夜に電話がほしい"})
    assert answer.status_code == 503
    assert edges.AGAIN in answer.content.decode()
    assert "夜に電話がほしい" in answer.content.decode()
    assert len(pages.tries) == 1


def test_a_lost_connection_costs_a_reader_nothing_and_a_writer_one_press(
    fresh_database: None, a_worker: Any, client_of: Any
) -> None:
    client = client_of(a_worker())
    pages.tries.clear()
    assert client.get("/reads_through_a_lost_connection/").content == b"read"
    pages.tries.clear()
    assert client.post("/writes_through_a_lost_connection/").status_code == 503
    assert client.post("/writes_through_a_lost_connection/").content == b"written"


def test_htmx_is_answered_with_the_sentence_alone(signed_in: StrictClient) -> None:
    answer = signed_in.htmx("post", "/refuses_after_writing/")
    assert answer.status_code == 409
    assert answer.content.decode().startswith('<p role="alert"')
