"""Long runs: seen while they run, stopped on request, all or nothing, taken up after a killed worker."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.factories import NOW, a_worker
from tsunagi.shared.refusal import Refused
from tsunagi.workbench import actions, queries, tasks
from tsunagi.workbench.actions import Outcome, Report, runs
from tsunagi.workbench.models import Draft, LongRun


def stored(**fields: Any) -> LongRun:
    with transaction.atomic():
        return actions.start_run("import", "R5 台帳の取り込み", worker=a_worker(), at=NOW, **fields)


def seen_from_outside(run: LongRun) -> tuple[str, int, int, str]:
    """What another connection sees of the run."""
    second = connection.copy()
    try:
        with second.cursor() as cursor:
            cursor.execute(
                "SELECT state, done, total, sentence FROM workbench_longrun WHERE id = %s", [run.pk]
            )
            return cursor.fetchone()
    finally:
        second.close()


def carry_out(run: LongRun, deed: Callable[[Report], Outcome]) -> LongRun:
    actions.carry_out(run.pk, deed, now=lambda: NOW)
    run.refresh_from_db()
    return run


def write_something() -> None:
    Draft.objects.create(worker=a_worker(), kind="made by the run", created_at=NOW, touched_at=NOW)


def test_progress_is_seen_while_the_deed_is_still_open(fresh_database: None) -> None:
    run = stored()
    seen = []

    def deed(report: Report) -> Outcome:
        write_something()
        for row in range(1, 621):
            report(row, 620, f"{row}行目")
        seen.append(seen_from_outside(run))
        return Outcome("620件を取り込みました。", {"link": "/uketsuke/imports/1/"}, "結果.xlsx", b"xlsx")

    carry_out(run, deed)
    assert seen == [("running", 620, 620, "620行目")]
    assert (run.state, run.sentence, run.file, run.done) == ("done", "620件を取り込みました。", b"xlsx", 620)
    assert (run.started_at, run.ended_at) == (NOW, NOW)
    assert Draft.objects.count() == 1


def test_reports_are_cheap(fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tsunagi.workbench.actions import runs

    run, said = stored(), []
    monkeypatch.setattr(runs, "report_progress", lambda *words: said.append(words))

    def deed(report: Report) -> Outcome:
        for row in range(5_000):
            report(row, 10_000, "")
        return Outcome("")

    carry_out(run, deed)
    assert len(said) < 5


def test_a_run_that_is_stopped_keeps_nothing(fresh_database: None) -> None:
    run = stored()

    def deed(report: Report) -> Outcome:
        write_something()
        second = connection.copy()
        with second.cursor() as cursor:
            cursor.execute("UPDATE workbench_longrun SET cancel_asked_at = asked_at WHERE id = %s", [run.pk])
        second.close()
        report(620, 620, "")
        raise AssertionError("went on")

    carry_out(run, deed)
    assert run.state == "cancelled"
    assert not Draft.objects.exists()


def test_what_the_deed_refuses_is_the_run_s_sentence(fresh_database: None) -> None:
    run = stored()

    def deed(report: Report) -> Outcome:
        write_something()
        report(3, 620, "")
        raise Refused("見出しの行が見つかりません。1行目に見出しを入れてください。")

    carry_out(run, deed)
    assert (run.state, run.sentence) == (
        "failed",
        "見出しの行が見つかりません。1行目に見出しを入れてください。",
    )
    assert not Draft.objects.exists()


def test_what_breaks_is_told_without_details_and_raised(fresh_database: None) -> None:
    run = stored()

    def deed(report: Report) -> Outcome:
        write_something()
        raise KeyError("架空 花子")

    with pytest.raises(KeyError):
        carry_out(run, deed)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "花子" not in run.sentence
    assert "何も保存していません" in run.sentence
    assert not Draft.objects.exists()


def test_a_killed_worker_s_run_is_taken_up_again(fresh_database: None) -> None:
    run = stored()
    assert actions.begin(run.pk, NOW)
    actions.report_progress(run.pk, 300, 620, "")
    # The process dies here: its transaction is gone, the run says running.
    carry_out(run, lambda report: Outcome("はじめから取り込みました。"))
    assert (run.state, run.sentence) == ("done", "はじめから取り込みました。")


def test_a_job_that_comes_twice_does_nothing_the_second_time(fresh_database: None) -> None:
    run = stored()
    carry_out(run, lambda report: Outcome("一度目"))
    carry_out(run, lambda report: Outcome("二度目"))
    assert (run.state, run.sentence) == ("done", "一度目")


def test_a_killed_run_that_was_asked_to_stop_stops(fresh_database: None) -> None:
    run = stored()
    actions.begin(run.pk, NOW)
    with transaction.atomic():
        actions.ask_cancel(run, by=run.worker, at=NOW)  # type: ignore[arg-type]
    carry_out(run, lambda report: Outcome("つづけた"))
    assert run.state == "cancelled"


@pytest.mark.django_db
def test_a_run_that_waits_is_stopped_at_once_and_an_ended_one_not_at_all() -> None:
    run = stored()
    actions.ask_cancel(run, by=run.worker, at=NOW)  # type: ignore[arg-type]
    run.refresh_from_db()
    assert run.state == "cancelled"
    with pytest.raises(Refused, match="もう終わっています"):
        actions.ask_cancel(run, by=run.worker, at=NOW)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_run_begun_in_the_same_transaction_works_too() -> None:
    run = carry_out(stored(), lambda report: report(1, 1, "") or Outcome("できました。"))
    assert (run.state, run.sentence) == ("done", "できました。")


@pytest.mark.django_db
def test_files_are_forgotten_after_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    run = carry_out(stored(), lambda report: Outcome("", {}, "一覧.xlsx", b"x"))
    assert actions.forget_files(NOW + timedelta(days=29)) == 0
    assert actions.forget_files(NOW + timedelta(days=31)) == 1
    tasks.purge()
    run.refresh_from_db()
    assert run.file is None


@pytest.mark.django_db
@pytest.mark.visits("workbench:runs", "workbench:run", "workbench:cancel", "workbench:file")
def test_a_run_is_its_asker_s_alone(three_people: Any, client_of: Any, client: Any) -> None:
    run, stranger = stored(total=620), a_worker()
    worker = run.worker
    address = reverse("workbench:run", args=[run.pk])
    page = three_people(address, allowed=worker, stranger=stranger).content.decode()
    assert "順番待ち" in page
    assert 'hx-trigger="every 2s"' in page
    piece = client_of(worker).htmx("get", address).content.decode()
    assert "<html" not in piece
    assert "順番待ち" in piece

    runs = reverse("workbench:runs")
    listed = three_people(runs, allowed=worker, stranger=stranger, stranger_sees=200)
    assert "R5 台帳の取り込み" in listed.content.decode()
    assert "R5 台帳" not in client_of(stranger).get(runs).content.decode()

    stop = reverse("workbench:cancel", args=[run.pk])
    assert client_of(stranger).post(stop).status_code == 404
    assert client.post(stop).status_code == 401
    assert client_of(worker).post(stop).headers["Location"] == address
    ended = client_of(worker).get(address).content.decode()
    assert "中止しました" in ended
    assert "every 2s" not in ended
    assert "もう終わっています" in client_of(worker).post(stop, follow=True).content.decode()

    done = stored()
    carry_out(
        done, lambda report: Outcome("できました。", {"link": "/uketsuke/1/"}, "却下した行.xlsx", b"PK")
    )
    file = reverse("workbench:file", args=[done.pk])
    assert client_of(stranger).get(file).status_code == 404
    assert client.get(file).status_code == 302
    taken = client_of(done.worker).get(file)
    assert taken.content == b"PK"
    assert "filename*=utf-8" in taken.headers["Content-Disposition"]
    assert client_of(worker).get(reverse("workbench:file", args=[run.pk])).status_code == 404
    page = client_of(done.worker).get(reverse("workbench:run", args=[done.pk])).content.decode()
    assert "却下した行.xlsx" in page
    assert 'href="/uketsuke/1/"' in page


@pytest.mark.django_db
def test_how_many_are_under_way() -> None:
    run = stored()
    assert queries.runs_under_way(run.worker) == 1  # type: ignore[arg-type]
    carry_out(run, lambda report: Outcome(""))
    assert queries.runs_under_way(run.worker) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content", [b"", b"12345", b"0123456789ab"], ids=["empty", "one piece", "three pieces"]
)
def test_a_large_file_is_kept_piece_by_piece(
    fresh_database: None, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(runs, "_PIECE", 5)
    source = tempfile.TemporaryFile()  # noqa: SIM115  (the run closes it)
    source.write(content)
    run = carry_out(stored(), lambda report: Outcome("できました。", file_name="a.zip", file=source))
    assert run.file is not None
    assert bytes(run.file) == content
    assert source.closed
