"""Jobs: stored with the transaction, found by name, taken up again after a kill."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import TaskNotFound

from tsunagi.config import wiring
from tsunagi.shared import jobs

done: list[int] = []


@pytest.fixture
def a_job() -> Any:
    """A job `test.note` of this file, known to the worker."""

    def note(number: int) -> None:
        done.append(number)

    done.clear()
    from functools import partial

    task = app.task(partial(wiring._run, note), name="test.note")
    yield note
    app.tasks.pop("test.note")
    del task


def stored() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_the_public_functions_of_a_tasks_file_are_jobs() -> None:
    tasks = ModuleType("tsunagi.some.tasks")
    exec(  # a small tasks.py
        "from tsunagi.shared.jobs import job\n"
        "@job(every='0 3 * * *', tries=1)\n"
        "def nightly(): ...\n"
        "def run_import(run_id): ...\n"
        "def _helper(): ...\n",
        tasks.__dict__,
    )
    found = jobs.jobs_of(tasks)
    assert set(found) == {"nightly", "run_import"}  # neither the helper nor the imported decorator
    assert found["nightly"][1].every == "0 3 * * *"


def test_a_job_exists_only_if_its_transaction_committed(db: None, a_job: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("test.note", number=1)
        raise ZeroDivisionError
    assert stored() == []
    jobs.enqueue("test.note", number=2)
    assert stored() == [("test.note", "todo")]


def test_an_unknown_name_is_refused(db: None) -> None:
    with pytest.raises(TaskNotFound):
        jobs.enqueue("test.nobody_has_this")


def test_stored_jobs_run_in_order(db: None, a_job: Any, run_jobs: Any) -> None:
    jobs.enqueue("test.note", number=1)
    jobs.enqueue("test.note", number=2)
    assert run_jobs() == ["test.note", "test.note"]
    assert done == [1, 2]


def test_a_job_of_a_killed_worker_is_taken_up_again(fresh_database: None, a_job: Any, owner: Any) -> None:
    jobs.enqueue("test.note", number=7)
    # What a killed worker leaves: the job is `doing`, its worker's last sign of life long ago.
    owner.execute(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id"
    )
    owner.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )
    connection.close()
    # In a thread of its own: beside a browser test this one already runs an event loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _work()).result(60)
    assert done == [7]


async def _work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.configure_task("config.retry_stalled").defer_async(timestamp=0)
            for _ in range(2):
                await worker_app.run_worker_async(
                    wait=False, install_signal_handlers=False, delete_jobs="successful"
                )
