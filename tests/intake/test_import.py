"""A ledger is taken in whole, once, and nobody is lost or made late by it (H11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories import NOW, TODAY, a_person, a_worker, an_office
from tsunagi.accounts.models import Absence, Office
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Concern, Promise
from tsunagi.intake import actions, tasks
from tsunagi.intake.models import Consultation, Informant, LedgerImport, LinkProposal, RejectedRow, Repair
from tsunagi.intake.rules import ProposalState
from tsunagi.people.actions import protect
from tsunagi.people.models import Involvement, Person
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.my_number import find
from tsunagi.shared.refusal import Refused

DATA = Path(__file__).parents[1] / "data"
R5 = DATA / "soudan-uketsukebo-R5.xlsx"
R4 = DATA / "soudan-R4.csv"


def take(path: Path, office: Office | None = None, *, dry_run: bool = False, at: Any = NOW) -> dict[str, Any]:
    """As the command line does, with the laws speaking at the end."""
    with opened_trail(None, "cli", at):
        figures = tasks.import_file(path, office=office.code if office else None, dry_run=dry_run, at=at)
    connection.check_constraints()
    return figures


def a_ledger(tmp_path: Path, *rows: str, name: str = "soudan.csv", head: str = "") -> Path:
    head = head or "受付日,氏名,フリガナ,生年月日,住所,電話,相談者,内容,対応,担当"
    path = tmp_path / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


YAMADA = "R5.4.3,山田 花子,ヤマダ ハナコ,S23.1.15,長岡京市開田2-25-14,075-955-1234,本人,家賃が払えない,継続,"


@pytest.fixture
def desk(db: None) -> Office:
    return an_office("総合相談窓口", is_front_desk=True)


def test_both_ledgers_of_the_desk_with_their_exact_figures(desk: Office) -> None:
    first = take(R5)
    assert {name: first[name] for name in ("rows", "stored", "known", "rejected")} == {
        "rows": 620,
        "stored": 620,
        "known": 0,
        "rejected": 0,
    }
    assert (first["closed_history"], first["stocktaking"], first["following_through"]) == (168, 382, 70)
    assert first["repairs"]["my_number"] == 7
    second = take(R4)
    assert (second["rows"], second["stored"] + second["rejected"]) == (410, 410)
    assert (second["closed_history"], second["stocktaking"], second["following_through"]) == (107, 258, 45)
    assert second["linked"] > 250, "the same people came the year before"
    assert Consultation.objects.count() == 1030
    assert Concern.objects.count() == 0, "no concern is invented from a row"
    assert {take(R5)["stored"], take(R4)["stored"]} == {0}
    assert Consultation.objects.count() == 1030


def test_both_imports_add_no_falling_row_and_n_to_the_imported_ones(fresh_database: None, owner: Any) -> None:
    with transaction.atomic():
        a_worker(an_office(is_front_desk=True), name="中村 健")
    figures = [take(R5), take(R4)]
    left = sum(one["stocktaking"] + one["following_through"] for one in figures)
    assert not Promise.objects.filter(due_on__lte=TODAY).exists(), "nothing is overdue by being stored"
    days = set(Promise.objects.order_by().values_list("due_on", flat=True))
    assert len(days) == 40, "spread over forty open days"
    report = _as_owner(lambda: net.check(connection, today=TODAY))
    assert not report.broken, report.as_dict()
    assert report.findings["stocktaking_left"] == left == 755
    assert report.open_concerns == 0


def _as_owner(ask: Any) -> Any:
    from tests import harness
    from tsunagi.config import embedded

    harness.point_at(harness.CLONE, embedded.OWNER)
    try:
        return ask()
    finally:
        harness.point_at(harness.CLONE, embedded.APP)


def test_the_heaviest_come_first(desk: Office, tmp_path: Path) -> None:
    rows = [f"R5.4.{day},,,,,,本人,公園の場所を聞かれた,継続,," for day in range(1, 29)]
    take(a_ledger(tmp_path, *rows, "R5.5.1,,,,,,本人,死にたいと話した,継続,"))
    ordered = list(Promise.objects.order_by("due_on", "id").values_list("weight", flat=True))
    assert ordered == sorted(ordered, reverse=True)
    assert ordered[0] > ordered[-1]


def test_a_row_slipped_in_adds_only_that_row(desk: Office, tmp_path: Path) -> None:
    rows = [YAMADA, "R5.4.4,,,,,,匿名,ごみ出しのこと,情報提供のみ,"]
    assert take(a_ledger(tmp_path, *rows))["stored"] == 2
    rows.insert(1, "R5.4.3,佐藤 一郎,サトウ イチロウ,,長岡京市神足1-1-1,,本人,仕事がない,継続,")
    again = take(a_ledger(tmp_path, *rows))
    assert (again["rows"], again["stored"], again["known"]) == (3, 1, 2)


def test_another_office_has_its_own_rows(desk: Office, tmp_path: Path) -> None:
    other = an_office()
    assert take(a_ledger(tmp_path, YAMADA))["stored"] == 1
    assert take(a_ledger(tmp_path, YAMADA), other)["stored"] == 1


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        ("終結", "checked_on_import"),
        ("情報提供のみ", "information_given"),
        ("取り下げ", "withdrawn"),
        ("継続", ""),
        ("", ""),
    ],
)
def test_only_an_express_end_closes_a_row(desk: Office, tmp_path: Path, outcome: str, becomes: str) -> None:
    take(a_ledger(tmp_path, f"R5.4.3,,,,,,本人,家賃のこと,{outcome},"))
    stored = Consultation.objects.get()
    assert stored.outcome == becomes
    assert Promise.objects.filter(subject_id=stored.pk, is_open=True).count() == (0 if becomes else 1)
    if becomes:
        assert stored.outcome_at is not None
        assert stored.outcome_at.year == 2023, "an old end belongs to its year"
        assert outcome in stored.outcome_words


class TestWhoItIsAbout:
    def test_a_certain_person_is_linked(self, desk: Office, tmp_path: Path) -> None:
        take(a_ledger(tmp_path, YAMADA))
        known = Person.objects.get()
        again = take(a_ledger(tmp_path, YAMADA.replace("R5.4.3", "R5.9.1").replace("家賃", "電気代")))
        assert (again["linked"], again["new_persons"]) == (1, 0)
        assert set(Consultation.objects.values_list("party_id", flat=True)) == {known.pk}

    def test_rows_of_one_person_in_one_file_come_together(self, desk: Office, tmp_path: Path) -> None:
        thin = "R5.4.1,ﾔﾏﾀﾞ ﾊﾅｺ,ﾔﾏﾀﾞﾊﾅｺ,,,0759551234,本人,寒い,継続,"
        figures = take(a_ledger(tmp_path, thin, YAMADA))
        assert figures["new_persons"] == 1
        assert Person.objects.get().name == "山田 花子", "the fuller row is written down"

    def test_a_likely_one_is_proposed_and_never_linked(self, desk: Office, tmp_path: Path) -> None:
        take(a_ledger(tmp_path, YAMADA))
        figures = take(
            a_ledger(tmp_path, "R5.8.3,山田 花子,ヤマダ ハナコ,,長岡京市神足9-9-9,,本人,保険証がない,継続,")
        )
        assert (figures["linked"], figures["proposed"], figures["new_persons"]) == (0, 1, 0)
        proposal = LinkProposal.objects.select_related("consultation").get()
        assert proposal.consultation.party_id is None
        assert proposal.reasons

    def test_a_worker_says_the_same(self, desk: Office, tmp_path: Path) -> None:
        proposal = self.proposed(desk, tmp_path)
        actions.decide_same(proposal, by=a_worker(desk), at=NOW)
        connection.check_constraints()
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.SAME
        assert proposal.consultation.party_id == proposal.person_id
        with pytest.raises(Refused, match="すでに決めて"):
            actions.decide_same(proposal, by=a_worker(desk), at=NOW)

    def test_a_worker_says_another(self, desk: Office, tmp_path: Path) -> None:
        proposal = self.proposed(desk, tmp_path)
        actions.decide_none(proposal.consultation, by=a_worker(desk), at=NOW)
        connection.check_constraints()
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.OTHER
        stored = Consultation.objects.get(pk=proposal.consultation_id)
        assert stored.party_id not in (None, proposal.person_id)
        assert Person.objects.get(pk=stored.party_id).name == "山田 花子"

    def test_a_protected_person_is_never_matched(self, desk: Office, tmp_path: Path) -> None:
        take(a_ledger(tmp_path, YAMADA))
        known = Person.objects.get()
        protect(known, by=a_worker(desk), at=NOW)
        figures = take(a_ledger(tmp_path, YAMADA.replace("R5.4.3", "R5.9.1")))
        assert (figures["linked"], figures["proposed"], figures["new_persons"]) == (0, 0, 1)

    def test_an_anonymous_row_is_about_nobody(self, desk: Office, tmp_path: Path) -> None:
        figures = take(a_ledger(tmp_path, "R5.4.3,匿名,,,,,匿名,つらい,継続,"))
        assert (figures["stored"], figures["new_persons"]) == (1, 0)
        assert Consultation.objects.get().party_id is None

    def test_a_name_alone_is_kept_in_words(self, desk: Office, tmp_path: Path) -> None:
        take(a_ledger(tmp_path, "R5.4.3,山田 花子,,,,,本人,つらい,継続,"))
        stored = Consultation.objects.get()
        assert (stored.party_id, stored.about_words) == (None, "山田 花子")

    def proposed(self, desk: Office, tmp_path: Path) -> LinkProposal:
        self.test_a_likely_one_is_proposed_and_never_linked(desk, tmp_path)
        return LinkProposal.objects.select_related("consultation").get()


class TestWhoAnswers:
    def test_the_worker_the_ledger_names(self, desk: Office, tmp_path: Path) -> None:
        nakamura = a_worker(desk, name="中村 健")
        take(a_ledger(tmp_path, YAMADA + "中村"))
        assert Promise.objects.get().worker_id == nakamura.pk
        assert Consultation.objects.get().worker_as_written == "中村"

    def test_else_the_manager(self, desk: Office, tmp_path: Path) -> None:
        for name in ("中村 健", "中村 洋子"):
            a_worker(desk, name=name)
        take(a_ledger(tmp_path, YAMADA + "中村"))
        assert Promise.objects.get().worker_id == desk.duty_worker_id, "two of that name"

    def test_nobody_who_is_away(self, desk: Office, tmp_path: Path) -> None:
        nakamura = a_worker(desk, name="中村 健")
        Absence.objects.create(
            worker=nakamura,
            from_on=TODAY,
            until_on=NOW.date().replace(month=8),
            business_days=40,
            recorded_at=NOW,
            recorded_by=nakamura,
        )
        take(a_ledger(tmp_path, YAMADA + "中村"))
        assert Promise.objects.get().worker_id == desk.duty_worker_id

    def test_a_part_timer_is_not_late_on_the_day_before(self, desk: Office, tmp_path: Path) -> None:
        tuesdays = a_worker(desk, name="中村 健", weekdays=[1])
        take(a_ledger(tmp_path, YAMADA + "中村"))
        held = Promise.objects.get()
        assert held.worker_id == tuesdays.pk
        assert held.due_on > TODAY
        assert held.due_on.weekday() == 1


def test_who_told_us_stands_in_a_box_of_their_own(desk: Office, tmp_path: Path) -> None:
    head = "受付日,氏名,相談者氏名,続柄,相談者電話,内容,結果"
    take(
        a_ledger(
            tmp_path, "R5.4.3,山田 花子,鈴木 民子,民生委員,075-955-9999,新聞がたまっている,継続", head=head
        )
    )
    told = Informant.objects.get()
    assert (told.name, told.contact) == ("鈴木 民子", "075-955-9999")
    assert "鈴木" not in Consultation.objects.get().words


def test_a_my_number_is_stored_nowhere(desk: Office) -> None:
    take(R5)
    take(R4)
    for model in (Consultation, Informant, RejectedRow, Repair, LinkProposal, LedgerImport, Promise):
        for row in model.objects.order_by("pk").values():
            text = json.dumps(
                {k: v for k, v in row.items() if k != "row_hash"}, ensure_ascii=False, default=str
            )
            assert find(text) is None, f"{model.__name__} {row['id' if 'id' in row else 'consultation_id']}"
    assert not LedgerImport.objects.filter(file__isnull=False).exists()


def test_rows_that_cannot_be_told_apart_are_rejected_with_line_column_and_reason(
    desk: Office, tmp_path: Path
) -> None:
    path = a_ledger(tmp_path, YAMADA, "-,-,-,,,,-,-,-,-")
    figures = take(path)
    assert figures["rows"] == figures["stored"] + figures["known"] + figures["rejected"] == 2
    assert figures["rejected"] == 1
    assert figures["rejects"][0]["line"] == 3
    assert figures["rejects"][0]["reason"]
    kept = RejectedRow.objects.get()
    assert (kept.line, kept.run_id) == (3, LedgerImport.objects.get().pk)


def test_dry_run_stores_nothing_and_tells_the_same(desk: Office) -> None:
    told = take(R5, dry_run=True)
    assert (Consultation.objects.count(), LedgerImport.objects.count(), Person.objects.count()) == (0, 0, 0)
    stored = take(R5)
    assert {**told, "dry_run": False} == stored


def test_the_office_sees_those_it_answers_for(desk: Office, tmp_path: Path) -> None:
    take(
        a_ledger(
            tmp_path,
            YAMADA,
            YAMADA.replace("山田", "川口").replace("ヤマダ", "カワグチ").replace("継続", "終結"),
        )
    )
    for person in Person.objects.all():
        assert Involvement.objects.filter(party_id=person.pk, office=desk, ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "空"),
        (b"PK\x03\x04 broken", "a.xlsx", "壊れて|読めません|開けません"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "パスワード"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
        (b"\xff\xd8\xff\xe0", "a.csv", "画像"),
    ],
    ids=["empty", "damaged", "password", "pdf", "picture"],
)
def test_a_file_that_is_no_ledger_is_refused_with_a_sentence(
    desk: Office, tmp_path: Path, content: bytes, name: str, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        take(path)
    assert LedgerImport.objects.count() == 0


def test_a_hundred_thousand_rows_are_refused(desk: Office, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    lines = "\n".join(f"R5.4.3,本人,家賃のこと{number},継続" for number in range(100_100))
    path.write_text("受付日,相談者,内容,結果\n" + lines, encoding="utf-8")
    with pytest.raises(Refused, match="行"):
        take(path)


def test_which_office_must_be_clear(db: None, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--office"):
        take(a_ledger(tmp_path, YAMADA))
    one = an_office(is_front_desk=True)
    assert take(a_ledger(tmp_path, YAMADA))["stored"] == 1
    an_office(is_front_desk=True)
    with pytest.raises(Refused, match="--office"):
        take(a_ledger(tmp_path, YAMADA))
    one.code = "K-unknown"
    with pytest.raises(Refused, match="機関コード"):
        take(a_ledger(tmp_path, YAMADA), one)


def test_a_person_who_is_known_already_is_not_copied(desk: Office, tmp_path: Path) -> None:
    a_person("別の 人")
    take(a_ledger(tmp_path, YAMADA))
    assert Person.objects.count() == 2


def test_a_manager_of_another_kind_may_hold_too(desk: Office, tmp_path: Path) -> None:
    a_worker(desk, role=Role.STATISTICIAN, name="中村 健")
    take(a_ledger(tmp_path, YAMADA + "中村"))
    assert Promise.objects.get().worker_id == desk.duty_worker_id, "a statistician holds nobody"
