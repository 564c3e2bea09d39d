"""Printing is a deed: a number, a line in the journal, a copy that is called back; many at once; the command line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader

from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.config import cli
from tsunagi.journal.models import Entry
from tsunagi.paperwork import actions, tasks
from tsunagi.paperwork.models import Printed
from tsunagi.paperwork.rules import FORMS, HowBack, form_of
from tsunagi.press.pdf import text_of
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.actions import ask_cancel, start_run
from tsunagi.workbench.models import LongRun

pytestmark = pytest.mark.django_db
DEEDS = {"paper.printed", "paper.asked_back", "paper.settled", "paper.blank_taken"}


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture(autouse=True)
def _trail(worker: Worker) -> Iterator[None]:
    with opened_trail(worker.pk, "cli", NOW):
        yield


def a_case(worker: Worker, name: str = "森田 ハル") -> Case:
    household = a_household(a_person(name), label=f"{name}さんの世帯")
    concern = a_concern(held_by=worker, of=household)
    case = open_case(household.pk, by=worker, at=NOW, title="家賃", concern_ids=[concern.pk])
    connection.check_constraints()
    return Case.objects.select_related(
        "office", "worker", "party__person", "party__household", "party__unknown"
    ).get(pk=case.pk)


def the_deed(action: str) -> Entry:
    return Entry.objects.filter(action=action).order_by("-id")[0]


def test_a_printed_form_has_a_number_and_the_journal_says_who_which_and_how_masked(worker: Worker) -> None:
    case = a_case(worker)
    row, paper = actions.print_form(
        case,
        form_of("keika"),
        mask="initial",
        fmt="pdf",
        by=worker,
        at=NOW,
        for_whom="7月の会議",
        document_number="地福第12号",
    )
    text = text_of(tasks.made(paper, "pdf")).replace(" ", "")
    assert (
        f"P{row.pk:06d}" in text
        and "7月の会議" in text
        and "地福第12号" in text
        and "イニシャル・番号" in text
    )
    line = the_deed("paper.printed")
    assert (line.subject_kind, line.subject_id, line.worker_id) == ("case", case.pk, worker.pk)
    assert (
        line.detail["form"] == "keika" and line.detail["mask"] == "initial" and line.detail["copy"] == row.pk
    )
    # Numbers and codes only: nothing typed.
    assert "会議" not in str(line.detail)


def test_what_is_missing_is_counted_and_refuses_nothing(worker: Worker) -> None:
    row, paper = actions.print_form(
        a_case(worker), form_of("uketsuke-a"), mask="real", fmt="xlsx", by=worker, at=NOW
    )
    assert row.missing == len(paper.missing) > 0
    assert Printed.objects.get().missing == row.missing


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"mask": "none"}, "秘匿"), ({"fmt": "docx"}, "PDF か Excel"), ({"for_whom": "123456789018"}, "個人番号"),
        ({"document_number": "123456789018"}, "個人番号"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_told(worker: Worker, asked: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.print_form(
            a_case(worker), form_of("keika"), **({"mask": "real", "fmt": "pdf"} | asked), by=worker, at=NOW
        )  # type: ignore[arg-type]


def test_a_copy_is_asked_back_and_comes_back_once(worker: Worker) -> None:
    row, _paper = actions.print_form(
        a_case(worker), form_of("keika"), mask="real", fmt="pdf", by=worker, at=NOW
    )
    actions.ask_back(row, by=worker, at=NOW)
    with pytest.raises(Refused, match="もう返却を頼んで"):
        actions.ask_back(row, by=worker, at=NOW)
    with pytest.raises(Refused, match="選んで"):
        actions.settle(row, "", by=worker, at=NOW)
    actions.settle(row, HowBack.RETURNED.value, by=worker, at=NOW)
    with pytest.raises(Refused, match="もう記録して"):
        actions.settle(row, HowBack.LOST.value, by=worker, at=NOW)
    assert the_deed("paper.settled").detail == {"copy": row.pk, "how": "returned"}


def test_many_are_made_in_one_go_and_each_copy_has_its_number(worker: Worker) -> None:
    cases = [a_case(worker, f"森田 {name}") for name in ("一", "二", "三")]
    run = start_run("paperwork.many", "経過一覧", worker=worker, at=NOW, total=3)
    stranger_case = a_case(a_worker())
    ids = [case.pk for case in cases]
    tasks.print_many(run.pk, "keika", "real", "pdf", False, [*ids, stranger_case.pk], "点検")
    run.refresh_from_db()
    assert run.state == "done", run.sentence
    assert run.sentence == "3件を印刷しました。"
    with zipfile.ZipFile(io.BytesIO(bytes(run.file or b""))) as parcel:
        names = parcel.namelist()
        assert [name.split("-")[0] for name in names] == [
            f"P{row.pk:06d}" for row in Printed.objects.order_by("id")
        ]
        assert "森田 一" in text_of(parcel.read(names[0])).replace("\n", "")
    assert set(Printed.objects.values_list("case_id", flat=True)) == set(ids)
    assert Printed.objects.filter(run_id=run.pk).count() == 3


def test_many_can_be_one_pdf(worker: Worker) -> None:
    ids = [a_case(worker).pk for _ in range(2)]
    run = start_run("paperwork.many", "経過一覧", worker=worker, at=NOW, total=2)
    tasks.print_many(run.pk, "keika", "real", "pdf", True, ids, "")
    run.refresh_from_db()
    assert run.file_name.endswith(".pdf")
    assert len(PdfReader(io.BytesIO(bytes(run.file or b""))).pages) == 2


def test_a_run_that_is_stopped_leaves_nothing(worker: Worker) -> None:
    ids = [a_case(worker).pk]
    run = start_run("paperwork.many", "経過一覧", worker=worker, at=NOW, total=1)
    ask_cancel(run, by=worker, at=NOW)
    tasks.print_many(run.pk, "keika", "real", "pdf", False, ids, "")
    assert LongRun.objects.get(pk=run.pk).state == "cancelled"
    assert not Printed.objects.exists()


def test_more_than_fifty_need_a_word_what_for_and_the_manager_is_told(worker: Worker) -> None:
    from tsunagi.notices.models import Notice

    with pytest.raises(Refused, match="使いみち"):
        actions.ask_for_many(form_of("keika"), mask="real", count=51, for_whom="", by=worker, at=NOW)
    run = actions.ask_for_many(
        form_of("keika"), mask="real", count=51, for_whom="年度末の点検", by=worker, at=NOW
    )
    assert run.total == 51
    assert Notice.objects.filter(sentence__contains="51件").exists()


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.fixture
def tsunagi(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setattr(cli, "_ready", lambda role="app": False)
    monkeypatch.setattr("tsunagi.config.clock.now", lambda: NOW)

    def run(*words: Any) -> tuple[int, str, str]:
        answer = cli.main(["print", *map(str, words)])
        told = capsys.readouterr()
        return answer, told.out, told.err

    return run


def test_the_list_names_the_forms_code_first(tsunagi: Callable[..., tuple[int, str, str]]) -> None:
    answer, out, _err = tsunagi("--list")
    assert answer == 0
    codes = [line.split("\t")[0] for line in out.splitlines()]
    assert codes[: len(FORMS)] == [form.code for form in FORMS]
    assert codes[len(FORMS) :] == [
        "kojin-file",
        "riyou-mokuteki",
        "kyougi-69",
        "jouken-70",
        "itaku-tokki",
        "shuhi",
        "shiryou-irai",
    ]
    assert all(line.split("\t")[1] for line in out.splitlines())


def test_every_form_is_made_filled_and_blank_as_pdf_and_as_excel(
    tsunagi: Callable[..., tuple[int, str, str]], worker: Worker, tmp_path: Path
) -> None:
    case = a_case(worker)
    for form in FORMS:
        to = tmp_path / f"{form.code}.pdf"
        answer, out, err = tsunagi(form.code, "--case", case.pk, "-o", to)
        assert (answer, err) == (0, ""), err
        assert to.read_bytes().startswith(b"%PDF") and "P0" in out
        assert tsunagi(form.code, "--blank", "-o", to)[0] == 0
    to = tmp_path / "keika.xlsx"
    assert (
        tsunagi(
            "keika", "--case", case.number, "-o", to, "--mask", "initial", "--worker", worker.sign_in_name
        )[0]
        == 0
    )
    assert to.read_bytes().startswith(b"PK")
    assert Printed.objects.count() == len(FORMS) + 1
    assert the_deed("paper.printed").channel == "cli"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nani", "--blank", "-o", "{dir}/a.pdf"), "帳票「nani」はありません"),
        (("keika", "-o", "{dir}/a.pdf"), "--case N"),
        (("keika", "--case", "{case}", "--blank", "-o", "{dir}/a.pdf"), "--case N"),
        (("keika", "--case", "99999999", "-o", "{dir}/a.pdf"), "見つかりません"),
        (("keika", "--case", "{case}", "-o", "{dir}/a.docx"), ".pdf か .xlsx"),
        (("keika", "--case", "{case}", "-o", "{dir}/no/a.pdf"), "フォルダー"),
        (("keika", "--case", "{case}", "-o", "{dir}/a.pdf", "--mask", "x"), "秘匿"),
        (("keika", "--case", "{case}", "-o", "{dir}/a.pdf", "--worker", "nobody"), "職員が見つかりません"),
        (("keika", "--case", "{case}", "-o", "{dir}/a.pdf", "--worker", "{stranger}"), "見られません"),
        (("keika", "--case", "{case}"), "-o で"),
        ((), "-o で"),
    ],
)  # fmt: skip
def test_wrong_input_is_a_sentence_and_makes_nothing(
    tsunagi: Callable[..., tuple[int, str, str]],
    worker: Worker,
    tmp_path: Path,
    words: tuple[str, ...],
    told: str,
) -> None:
    stranger = a_worker()
    filled = [
        word.format(dir=tmp_path, case=a_case(worker).pk, stranger=stranger.sign_in_name) for word in words
    ]
    answer, out, err = tsunagi(*filled)
    assert answer == 1 and out == ""
    assert told in err
    assert not list(tmp_path.iterdir())
    assert not Printed.objects.exists()
