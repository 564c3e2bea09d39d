"""棚卸し: what an old ledger left open is looked at once; what had ended is agreed by two (H11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_worker, an_office
from tests.intake.test_import import YAMADA, a_ledger, take
from tsunagi.accounts.models import Office, Worker
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.holding.rules import StocktakingAnswer
from tsunagi.intake import actions
from tsunagi.intake.actions import Settled
from tsunagi.intake.models import Consultation, StocktakingSheet
from tsunagi.shared.refusal import Refused

GOING_ON = StocktakingAnswer.GOING_ON
OVER = StocktakingAnswer.OVER
UNKNOWN = StocktakingAnswer.UNKNOWN
REFERRED = StocktakingAnswer.REFERRED_WITHOUT_RESULT


@pytest.fixture
def desk(db: None) -> Office:
    return an_office("総合相談窓口", is_front_desk=True)


@pytest.fixture
def clerk(desk: Office) -> Worker:
    return a_worker(desk, name="中村 健")


@pytest.fixture
def rows(desk: Office, clerk: Worker, tmp_path: Path) -> list[Consultation]:
    take(
        a_ledger(
            tmp_path,
            YAMADA + "中村",
            "R5.4.9,,,,,,匿名,ごみ屋敷になっている,継続,",
            "R5.4.9,,,,,,匿名,夜に声がする,つなぎ済,",
        )
    )
    return list(Consultation.objects.order_by("id"))


def settle(row: Consultation, answer: StocktakingAnswer, by: Worker, **said: Any) -> None:
    actions.settle_row(Settled(row.pk, answer, **said), office_ids=[row.office_id], by=by, at=NOW)
    connection.check_constraints()
    row.refresh_from_db()


def open_promise(row: Consultation) -> Promise | None:
    return Promise.objects.filter(subject_kind="consultation", subject_id=row.pk, is_open=True).first()


@pytest.mark.parametrize("kind", ["supporting", "assessing", "reaching_out", "watching", "participating"])
def test_what_goes_on_becomes_a_concern_of_its_kind(
    rows: list[Consultation], clerk: Worker, kind: str
) -> None:
    settle(rows[0], GOING_ON, clerk, kind=kind, words="家賃を3か月ためている")
    concern = Concern.objects.get()
    hold = Hold.objects.get(concern=concern)
    assert (hold.kind, hold.worker_id, concern.imported) == (kind, clerk.pk, True)
    assert hold.due_on >= TODAY, "nothing is late by having been imported"
    assert (rows[0].outcome, open_promise(rows[0])) == ("new_concern", None)
    assert concern.description == "家賃を3か月ためている"


def test_somebody_nobody_named_is_held_as_not_yet_known(rows: list[Consultation], clerk: Worker) -> None:
    settle(rows[1], GOING_ON, clerk, kind="reaching_out")
    concern = Concern.objects.select_related("party").get()
    assert concern.party.kind == "unknown"
    assert concern.description.startswith("ごみ屋敷")


def test_what_nobody_knows_goes_to_triage(rows: list[Consultation], clerk: Worker) -> None:
    settle(rows[0], UNKNOWN, clerk)
    held = open_promise(rows[0])
    assert held is not None
    assert (held.kind, rows[0].outcome, Concern.objects.count()) == ("triage", "", 0)
    assert held.due_on > TODAY


def test_what_was_referred_without_a_result_is_followed_through(
    rows: list[Consultation], clerk: Worker
) -> None:
    settle(rows[2], REFERRED, clerk)
    assert Hold.objects.get().kind == "following_through"
    assert rows[2].outcome == "referred"


def test_what_is_settled_stays_settled(rows: list[Consultation], clerk: Worker) -> None:
    settle(rows[0], UNKNOWN, clerk)
    with pytest.raises(Refused, match="ほかの職員がすでに"):
        settle(rows[0], GOING_ON, clerk, kind="supporting")


def test_another_office_settles_nothing(rows: list[Consultation], clerk: Worker) -> None:
    with pytest.raises(Refused, match="ほかの職員"):
        actions.settle_row(Settled(rows[0].pk, UNKNOWN), office_ids=[an_office().pk], by=clerk, at=NOW)


def test_who_it_is_about_comes_first(
    desk: Office, clerk: Worker, rows: list[Consultation], tmp_path: Path
) -> None:
    take(a_ledger(tmp_path, "R5.8.3,山田 花子,ヤマダ ハナコ,,長岡京市神足9-9-9,,本人,保険証がない,継続,"))
    row = Consultation.objects.latest("id")
    with pytest.raises(Refused, match="だれのことか"):
        settle(row, GOING_ON, clerk, kind="supporting")


class TestTwoPeople:
    def asked(self, rows: list[Consultation], clerk: Worker) -> StocktakingSheet:
        sheet = actions.ask_sheet(
            [Settled(rows[0].pk, OVER, words="備考に転出とある"), Settled(rows[1].pk, OVER)],
            office_id=rows[0].office_id,
            by=clerk,
            at=NOW,
        )
        connection.check_constraints()
        return sheet

    def test_until_another_agrees_each_row_stays_held(self, rows: list[Consultation], clerk: Worker) -> None:
        self.asked(rows, clerk)
        assert all(open_promise(row) for row in rows)
        asked = Promise.objects.get(kind="second_person")
        assert asked.worker_id not in (clerk.pk, None)

    def test_another_agrees_and_the_rows_end(
        self, desk: Office, rows: list[Consultation], clerk: Worker
    ) -> None:
        sheet, other = self.asked(rows, clerk), a_worker(desk)
        assert actions.agree_sheet(sheet, by=other, at=NOW) == 2
        connection.check_constraints()
        for row in rows[:2]:
            row.refresh_from_db()
            assert (row.outcome, row.outcome_by_id, row.outcome_second_by_id) == (
                "checked_on_import",
                clerk.pk,
                other.pk,
            )
            assert open_promise(row) is None
            assert row.as_written, "the old row is the evidence"
        assert rows[0].outcome_words == "備考に転出とある"
        assert not Promise.objects.filter(kind="second_person", is_open=True).exists()

    def test_nobody_agrees_with_themselves(self, rows: list[Consultation], clerk: Worker) -> None:
        sheet = self.asked(rows, clerk)
        for deed in (
            lambda: actions.agree_sheet(sheet, by=clerk, at=NOW),
            lambda: actions.send_back_sheet(sheet, words="違う", by=clerk, at=NOW),
        ):
            with pytest.raises(Refused, match="別の職員"):
                deed()
        with pytest.raises(Refused, match="自分以外"):
            actions.ask_sheet(
                [Settled(rows[2].pk, OVER)],
                office_id=rows[2].office_id,
                second=clerk.pk,
                by=clerk,
                at=NOW,
            )

    def test_sent_back_with_words_and_answered_again(
        self, desk: Office, rows: list[Consultation], clerk: Worker
    ) -> None:
        sheet, other = self.asked(rows, clerk), a_worker(desk)
        with pytest.raises(Refused, match="わけ"):
            actions.send_back_sheet(sheet, words=" ", by=other, at=NOW)
        actions.send_back_sheet(sheet, words="先月も来ています", by=other, at=NOW)
        connection.check_constraints()
        with pytest.raises(Refused, match="すでに答え"):
            actions.agree_sheet(sheet, by=other, at=NOW)
        settle(rows[0], GOING_ON, clerk, kind="supporting")
        assert self.asked([rows[1], rows[2]], clerk).pk != sheet.pk

    def test_one_row_stands_on_one_sheet(self, rows: list[Consultation], clerk: Worker) -> None:
        self.asked(rows, clerk)
        with pytest.raises(Refused, match="ほかの職員"):
            self.asked(rows, clerk)

    def test_fifty_at_the_most(self, desk: Office, clerk: Worker) -> None:
        many = [Settled(number, OVER) for number in range(1, 52)]
        with pytest.raises(Refused, match="50件"):
            actions.ask_sheet(many, office_id=desk.pk, by=clerk, at=NOW)
