"""The copies of a sitting as the worker's process makes them: all of them or none, seen while it runs, taken up again."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from tests.factories import NOW, a_person, a_worker, an_office
from tests.meetings.room_factories import a_member, an_item, is_there
from tests.meetings.test_room import Scene
from tsunagi.journal.models import Entry
from tsunagi.meetings.models import Copy, CopyItem
from tsunagi.meetings.queries.papers import shares
from tsunagi.notices.models import Notice
from tsunagi.paperwork import actions, tasks
from tsunagi.paperwork.queries.sittings import Packets
from tsunagi.press.pdf import text_of
from tsunagi.shared.jobs import enqueue
from tsunagi.workbench.actions import ask_cancel, begin, report_progress, runs
from tsunagi.workbench.models import LongRun

ITEMS, MEMBERS = 2, 4


@pytest.fixture
def city(fresh_database: None, monkeypatch: pytest.MonkeyPatch, set_clock: Callable[..., Any]) -> Scene:
    """A sitting that is stored, with its members and items; jobs read the tests' clock."""
    set_clock(NOW)
    monkeypatch.setattr(tasks, "timezone", SimpleNamespace(localtime=lambda: NOW))
    with transaction.atomic():
        return a_full_sitting(ITEMS, MEMBERS)


def a_full_sitting(items: int, members: int) -> Scene:
    scene = Scene()
    more = [
        a_member(scene.body, a_worker(an_office(), name=f"構成 員{place}")) for place in range(members - 2)
    ]
    is_there(scene.sitting, *more)
    for item in range(items):
        # No two of them have the same items, so that no two copies are the same.
        circle = [member for place, member in enumerate(more, start=1) if place >> item & 1]
        an_item(
            scene.sitting, scene.lead, scene.secretary, scene.teacher, *circle, of=a_person(f"仮名 花{item}")
        )
    return scene


def asked_for(scene: Scene) -> LongRun:
    with transaction.atomic():
        wanted = shares(scene.sitting, NOW.date())
        run = actions.ask_for_packets(scene.sitting, wanted, by=scene.lead, at=NOW)
        enqueue("paperwork.make_packets", run_id=run.pk, sitting_id=scene.sitting.pk)
    return run


def worker_process(*, stalled: bool = False) -> None:
    """What the worker's process does with the jobs that are stored; in a thread with an event loop and connections of its own."""

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            async with worker_app.open_async():
                if stalled:
                    await worker_app.configure_task("config.retry_stalled").defer_async(timestamp=0)
                for _ in range(2 if stalled else 1):
                    await worker_app.run_worker_async(
                        wait=False, install_signal_handlers=False, delete_jobs="successful"
                    )

    connection.close()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work()).result(120)


def left_by_a_killed_worker(owner: Any, *, attempts: int = 1) -> None:
    """The job is `doing`, its worker's last sign of life long ago."""
    owner.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes')")
    owner.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s,"
        " worker_id = (SELECT max(id) FROM procrastinate_workers)",
        [attempts],
    )


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int, int, str]]]:
    """What somebody else sees of the run after each copy."""
    seen: list[tuple[str, int, int, str]] = []
    monkeypatch.setattr(runs, "_OFTEN", 0)
    plain = Packets.copy

    def copy(self: Packets, *args: Any) -> bytes:
        second = connections["default"].copy()
        try:
            with second.cursor() as cursor:
                cursor.execute("SELECT state, done, total, sentence FROM workbench_longrun")
                seen.append(cursor.fetchone())
        finally:
            second.close()
        return plain(self, *args)

    monkeypatch.setattr(Packets, "copy", copy)
    return seen


def names_in(run: LongRun) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bytes(run.file or b""))) as parcel:
        return {name: "".join(text_of(parcel.read(name)).split()) for name in parcel.namelist()}


def test_the_worker_makes_all_copies_and_is_seen_doing_it(
    city: Scene, progress: list[tuple[str, int, int, str]]
) -> None:
    run = asked_for(city)
    worker_process()
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.sentence) == (
        "done",
        MEMBERS,
        MEMBERS,
        f"資料{MEMBERS}部を作りました。",
    )
    assert progress == [("running", place, MEMBERS, f"{place} / {MEMBERS} 部") for place in range(MEMBERS)]
    made = list(Copy.objects.order_by("number").select_related("member__worker"))
    assert [row.number for row in made] == list(range(1, MEMBERS + 1))
    assert {row.run_id for row in made} == {run.pk}
    papers = names_in(run)
    assert len(papers) == MEMBERS
    for row, text in zip(made, papers.values(), strict=True):
        assert row.member.worker is not None
        assert f"{row.member.worker.name.replace(' ', '')}様" in text
    # What the job looked at stands in the journal, by its asker and by its channel.
    assert Entry.objects.filter(action="meeting_copies.made", worker_id=city.lead.pk).exists()
    assert Entry.objects.filter(channel="task", subject_kind="meeting", subject_id=city.sitting.pk).exists()


def test_a_run_of_a_killed_worker_begins_again_and_ends_whole(city: Scene, owner: Any) -> None:
    run = asked_for(city)
    begin(run.pk, NOW)
    report_progress(run.pk, 3, MEMBERS, "3 / 4 部")
    # The process dies here: its transaction is gone with every number it gave out.
    left_by_a_killed_worker(owner)
    worker_process(stalled=True)
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", MEMBERS)
    assert list(Copy.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert len(names_in(run)) == MEMBERS


def test_a_run_that_kills_its_workers_is_given_up_and_says_so(city: Scene, owner: Any) -> None:
    run = asked_for(city)
    begin(run.pk, NOW)
    left_by_a_killed_worker(owner, attempts=5)
    worker_process(stalled=True)
    run.refresh_from_db()
    assert (run.state, run.sentence) == ("failed", runs.BROKEN)
    assert not Copy.objects.exists()


def test_a_lost_connection_ends_the_run_and_leaves_nothing(
    city: Scene, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked_for(city)
    plain = Packets.copy
    set_so_far: list[int] = []

    def copy(self: Packets, *args: Any) -> bytes:
        set_so_far.append(1)
        if len(set_so_far) == MEMBERS:
            # The database goes away under the last copy, with everything that was written.
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return plain(self, *args)

    monkeypatch.setattr(Packets, "copy", copy)
    worker_process()
    run.refresh_from_db()
    assert (run.state, run.sentence) == ("failed", runs.BROKEN)
    assert run.file is None
    assert not Copy.objects.exists()
    assert not CopyItem.objects.exists()
    monkeypatch.undo()


def test_a_run_that_is_to_stop_stops_between_two_copies(city: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked_for(city)
    monkeypatch.setattr(runs, "_OFTEN", 0)
    plain = Packets.copy
    began: list[int] = []

    def copy(self: Packets, *args: Any) -> bytes:
        began.append(1)
        if len(began) == 2:
            # Pressed on the page meanwhile: another connection's transaction.
            second = connections["default"].copy()
            try:
                with second.cursor() as cursor:
                    cursor.execute("UPDATE workbench_longrun SET cancel_asked_at = %s", [NOW])
            finally:
                second.close()
        return plain(self, *args)

    monkeypatch.setattr(Packets, "copy", copy)
    worker_process()
    run.refresh_from_db()
    assert (run.state, run.sentence, len(began)) == ("cancelled", runs.STOPPED, 2)
    assert not Copy.objects.exists()
    assert not Notice.objects.filter(worker_id=city.teacher.worker_id).exists()


def test_a_run_stopped_before_it_began_makes_nothing(city: Scene) -> None:
    run = asked_for(city)
    with transaction.atomic():
        ask_cancel(run, by=city.lead, at=NOW)
    worker_process()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Copy.objects.exists()


@pytest.mark.django_db
def test_nine_members_take_no_more_memory_than_three(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = a_full_sitting(3, 9)
    everybody = shares(scene.sitting, NOW.date())
    lead = type(scene.lead).objects.get(pk=scene.lead.pk)
    packets: list[Packets] = []
    plain = Packets.__init__

    def remember(self: Packets, *args: Any) -> None:
        plain(self, *args)
        packets.append(self)

    monkeypatch.setattr(Packets, "__init__", remember)
    most = []
    for count in (3, 9):
        # The secretary and the teacher have every item: all sheets are set for them already.
        wanted = dict(list(everybody.items())[:count])
        made = actions.make_packets(scene.sitting, wanted, run_id=None, by=lead, at=NOW)
        most.append(max(packets[-1].kept for _row, content in made if content.startswith(b"%PDF")))
    # Each item's pages stay, and the 次第; no member's own copy does.
    assert most[1] < most[0] * 1.5
