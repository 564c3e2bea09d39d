"""Papers that take longer than a page, or come from the command line."""

from __future__ import annotations

import tempfile
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from tsunagi.accounts.models import Worker
from tsunagi.cases.access import case_for
from tsunagi.cases.models import Case
from tsunagi.meetings.access import convened_sitting_for
from tsunagi.meetings.queries.papers import shares
from tsunagi.meetings.rules.papers import copy_code
from tsunagi.press.pdf import joined
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.actions import Outcome, Report, carry_out
from tsunagi.workbench.queries import asker_of_run

from . import actions
from .queries import blank_paper, made, still_to_make
from .rules import Form, Format, Mask, copy_number, form_of

AHEAD = 3


@job(tries=1)
def print_many(
    run_id: int, form: str, mask: str, fmt: str, together: bool, case_ids: list[int], for_whom: str
) -> None:
    """One form of many files, under a long run: a zip, or one PDF. All of it or nothing; it can be stopped."""
    at = timezone.localtime()
    worker = asker_of_run(run_id)
    if worker is None:
        return

    def deed(report: Report) -> Outcome:
        chosen = form_of(form)
        pieces = _papers(worker, chosen, mask, fmt, case_ids, for_whom, at, run_id, report)
        name = f"{chosen.name}-{at:%Y%m%d}"
        if together and fmt == Format.PDF:
            made_of = [content for _name, content in pieces]
            return Outcome(
                f"{len(made_of)}件を1つのPDFにしました。", file_name=f"{name}.pdf", file=joined(made_of)
            )
        file = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the run has kept it)
        try:
            count = _zip(file, pieces)
        except BaseException:
            file.close()
            raise
        return Outcome(f"{count}件を印刷しました。", file_name=f"{name}.zip", file=file)

    with opened_trail(worker.pk, "task", at):
        carry_out(run_id, deed, now=timezone.localtime)


def _papers(
    worker: Worker, form: Form, mask: str, fmt: str, case_ids: list[int], for_whom: str, at: datetime, run_id: int, report: Report
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """(file name, bytes) of each file's paper, one at a time; a file that closed for this worker meanwhile is left out."""
    # Typesetting does not ask the database: one paper is set while the next one is gathered, a few at most in between.
    with ThreadPoolExecutor(max_workers=1) as setter:
        waiting: deque[tuple[str, Future[bytes]]] = deque()
        for place, case_id in enumerate(case_ids):
            report(place, len(case_ids), f"{place} / {len(case_ids)} 件")
            try:
                case = case_for(worker, case_id)
            except Http404:
                continue
            row, paper = actions.print_form(
                case,
                form,
                mask=mask,
                fmt=fmt,
                by=worker,
                at=at,
                for_whom=for_whom,
                run_id=run_id,
                channel="task",
            )
            name = f"{copy_number(row.pk)}-{form.code}.{fmt}"
            waiting.append((name, setter.submit(still_to_make(paper, fmt))))
            if len(waiting) > AHEAD:
                done, content = waiting.popleft()
                yield done, content.result()
        for done, content in waiting:
            yield done, content.result()
    report(len(case_ids), len(case_ids), "まとめています。")


def _zip(file: IO[bytes], pieces: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as parcel:
        for name, content in pieces:
            parcel.writestr(name, content)
            count += 1
    return count


@job(tries=1)
def make_packets(run_id: int, sitting_id: int) -> None:
    """The copies of a sitting, under a long run: a zip of numbered papers. All of them or none; it can be stopped."""
    at = timezone.localtime()
    worker = asker_of_run(run_id)
    if worker is None:
        return

    def deed(report: Report) -> Outcome:
        sitting = convened_sitting_for(worker, sitting_id, at.date())
        wanted = shares(sitting, at.date())

        def said(done: int) -> None:
            report(done, len(wanted), f"{done} / {len(wanted)} 部")

        file = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the run has kept it)
        try:
            rows = actions.make_packets(sitting, wanted, run_id=run_id, by=worker, at=at, report=said)
            count = _zip(
                file, ((f"{copy_code(row.sitting_id, row.number)}.pdf", content) for row, content in rows)
            )
        except BaseException:
            file.close()
            raise
        return Outcome(f"資料{count}部を作りました。", file_name=f"shiryo-{at:%Y%m%d}.zip", file=file)

    with opened_trail(worker.pk, "task", at):
        carry_out(run_id, deed, now=timezone.localtime)


# -- the command line --------------------------------------------------------------------------------------------------


def print_to_file(
    code: str, path: Path, *, case: str | None, blank: bool, mask: str, worker: str | None, at: datetime
) -> str:  # fmt: skip
    """What `tsunagi print` does; the sentence it says. The look and the copy are in the journal. Raises Refused."""
    form = form_of(code)
    fmt = _format_of(path)
    if blank == (case is not None):
        raise Refused("支援の番号（--case N）か、白紙（--blank）のどちらかを指定してください。")
    if not path.parent.is_dir():
        raise Refused(f"フォルダー {path.parent} がありません。先に作るか、-o に別の場所を指定してください。")
    if blank:
        with opened_trail(None, "cli", at), transaction.atomic():
            actions.note_blank(form, fmt)
            content = made(blank_paper(form, at), fmt)
        said = f"白紙の「{form.name}」を作りました。"
    else:
        content, said = _filled(form, case or "", fmt, mask, worker, at)
    try:
        path.write_bytes(content)
    except OSError as trouble:
        raise Refused(
            f"{path} に書けませんでした（{trouble.strerror}）。-o に別の場所を指定してください。"
        ) from trouble
    return said


def _filled(
    form: Form, number: str, fmt: str, mask: str, sign_in: str | None, at: datetime
) -> tuple[bytes, str]:
    found = _case(number)
    by = _worker(sign_in, found)
    with opened_trail(by.pk, "cli", at):
        try:
            with transaction.atomic():
                case = case_for(by, found.pk)
                row, paper = actions.print_form(case, form, mask=mask, fmt=fmt, by=by, at=at, channel="cli")
                content = made(paper, fmt)
        except Http404:
            raise Refused(
                f"{by.name} さんは、支援 {number} を見られません。この支援に関わる機関の職員を --worker で指定してください。"
            ) from None
    blank = f" 国への報告事項で空欄: {'・'.join(paper.missing)}。" if paper.missing else ""
    return (
        content,
        f"{copy_number(row.pk)}「{form.name}」（{Mask.label_of(mask)}）を {by.name} さんの名で作りました。{blank}",
    )


def _format_of(path: Path) -> str:
    ending = path.suffix.lower().lstrip(".")
    if ending not in Format.values():
        raise Refused(f"ファイル名は .pdf か .xlsx で終わるようにしてください（いまは「{path.name}」です）。")
    return ending


def _case(number: str) -> Case:
    """By the number of its page, else by the number the city gave it."""
    found = (
        Case.objects.filter(pk=int(number)).first()
        if number.isascii() and number.isdigit() and len(number) < 18
        else None
    )
    found = found or Case.objects.filter(number=number).first()
    if found is None:
        raise Refused(
            f"支援 {number[:40]} が見つかりません。支援の画面のアドレスの番号か、支援番号を指定してください。"
        )
    return found


def _worker(sign_in: str | None, case: Case) -> Worker:
    if not sign_in:
        return case.worker
    found = Worker.objects.filter(sign_in_name=sign_in, is_active=True).first()
    if found is None:
        raise Refused(f"サインイン名「{sign_in[:40]}」の職員が見つかりません。")
    return found
