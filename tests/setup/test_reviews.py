"""The yearly review of who may what: per office, by a named worker, until a day; on 今日 and 網; on paper."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import NOW, TODAY, a_post, a_worker, an_office
from tsunagi.accounts.actions import end_posting
from tsunagi.accounts.models import Office, Posting, Worker
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.permissions.rules import MATRIX, Purpose, Reach
from tsunagi.press.pdf import text_of
from tsunagi.setup.actions import answer, begin_reviews, close_review, hand_review
from tsunagi.setup.laws import FINDINGS
from tsunagi.setup.models import Review, ReviewLine
from tsunagi.setup.queries import overdue_reviews, posting_lines, reviews_summary, reviews_waiting
from tsunagi.setup.rules.reviews import check_answer, check_beginning, check_closing
from tsunagi.setup.rules.sight import in_full, in_short
from tsunagi.shared.refusal import Refused

DUE = TODAY + timedelta(days=30)

# -- rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"own": True}, "自分の配属は自分では"),
        ({"ended": True}, "もう終わっています"),
        ({"closed": True}, "この見直しは終わっています"),
        ({"verdict": "to_end", "reason": "  "}, "わけを書いて"),
    ],
)
def test_an_answer_may_not_be_given(changed: dict[str, Any], words: str) -> None:
    fine = {"own": False, "ended": False, "closed": False, "verdict": "confirmed", "reason": ""}
    check_answer(**fine)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=words):
        check_answer(**fine | changed)


def test_a_review_is_not_late_before_it_begins_and_not_open_for_a_year() -> None:
    check_beginning(due_on=DUE, on=TODAY)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=121)):
        with pytest.raises(Refused):
            check_beginning(due_on=wrong, on=TODAY)
    with pytest.raises(Refused, match="まだ答えのない配属が2件"):
        check_closing(unanswered=2)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", [LegalKind.MAYOR, LegalKind.PRIVATE, LegalKind.INDIVIDUAL])
def test_the_plain_words_say_what_the_permission_table_says(role: Role, kind: LegalKind) -> None:
    short = in_short(role, kind)
    opens = MATRIX[role].get(Purpose.READ_PERSON, Reach.NONE) >= Reach.INVOLVED
    assert ("記録を、見て書けます" in short) is opens
    said = {label for _, labels in in_full(role, kind) for label in labels.split("、")}
    assert said <= {purpose.label for purpose in MATRIX[role]}


# -- deeds and screens ----------------------------------------------------------------------------------


@pytest.fixture
def admin(db: None) -> Worker:
    return a_worker(an_office("情報係", field="other"), Role.SYSTEM_ADMINISTRATOR, "情報 ひかる")


@pytest.fixture
def office(admin: Worker) -> Office:
    """An office with a manager on duty and two counsellors."""
    found = an_office("まるごと窓口")
    a_worker(found, name="相談 あおい", kana="ソウダン アオイ", employer="みどり会")
    a_worker(found, name="相談 みのり", kana="ソウダン ミノリ")
    return found


@pytest.fixture
def manager(office: Office) -> Worker:
    assert office.duty_worker is not None
    return office.duty_worker


@pytest.fixture
def review(office: Office, admin: Worker) -> Review:
    begin_reviews(due_on=DUE, by=admin, at=NOW)
    return Review.objects.get(office=office)


def post_of(name: str) -> Posting:
    return Posting.objects.get(worker__name=name)


def answered(review: Review, admin: Worker, manager: Worker) -> None:
    """Everybody is answered for: the manager by an administrator, the others by the manager."""
    for row in Posting.objects.filter(office=review.office, ended_at=None):
        by = admin if row.worker_id == manager.pk else manager
        answer(review, row.pk, "confirmed", "", by=by, at=NOW)


def test_a_year_s_review_begins_once_in_every_office_and_its_manager_is_told(
    admin: Worker, office: Office, manager: Worker
) -> None:
    made = begin_reviews(due_on=DUE, by=admin, at=NOW)
    assert {review.office_id for review in made} == set(Office.objects.values_list("id", flat=True))
    assert Review.objects.get(office=office).reviewer == manager
    assert Notice.objects.filter(worker=manager, kind="review").count() == 1
    with pytest.raises(Refused, match="もう始まっています"):
        begin_reviews(due_on=DUE, by=admin, at=NOW)
    new = an_office("あとから開いた窓口")
    assert [review.office_id for review in begin_reviews(due_on=DUE, by=admin, at=NOW)] == [new.pk]


def test_nobody_answers_for_themselves_and_an_end_needs_a_reason(
    review: Review, manager: Worker, admin: Worker
) -> None:
    own = Posting.objects.get(worker=manager)
    with pytest.raises(Refused, match="自分の配属"):
        answer(review, own.pk, "confirmed", "", by=manager, at=NOW)
    answer(review, own.pk, "confirmed", "", by=admin, at=NOW)
    with pytest.raises(Refused, match="わけ"):
        answer(review, post_of("相談 あおい").pk, "to_end", "", by=manager, at=NOW)
    elsewhere = Posting.objects.get(worker=admin)
    with pytest.raises(Refused, match="この機関のものではありません"):
        answer(review, elsewhere.pk, "confirmed", "", by=manager, at=NOW)


def test_a_review_ends_when_everybody_was_looked_at_also_those_who_came_meanwhile(
    review: Review, office: Office, manager: Worker, admin: Worker
) -> None:
    answered(review, admin, manager)
    a_worker(office, name="新人 つばさ")
    with pytest.raises(Refused, match="答えのない配属が1件"):
        close_review(review, by=manager, at=NOW)
    answer(review, post_of("新人 つばさ").pk, "confirmed", "", by=manager, at=NOW)
    stranger = a_worker(an_office(), Role.MANAGER)
    with pytest.raises(Refused, match="見直す人かシステム管理者"):
        close_review(review, by=stranger, at=NOW)
    close_review(review, by=manager, at=NOW)
    review.refresh_from_db()
    assert review.closed_by == manager
    with pytest.raises(Refused, match="終わっています"):
        answer(review, post_of("相談 あおい").pk, "confirmed", "", by=manager, at=NOW)


def test_to_end_ends_nothing_by_itself_and_the_deed_of_posts_does(
    review: Review, manager: Worker, admin: Worker
) -> None:
    row = post_of("相談 みのり")
    answer(review, row.pk, "to_end", "育休に入り、戻りは別の課になるため", by=manager, at=NOW)
    row.refresh_from_db()
    assert row.ended_at is None
    end_posting(row, by=admin, at=NOW)
    line = next(line for line in posting_lines(review, manager) if line.posting_id == row.pk)
    assert line.has_ended
    assert "育休" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_an_open_review_stands_on_today_and_a_late_one_on_the_net(
    review: Review, manager: Worker, client_of: Any, set_clock: Any
) -> None:
    set_clock(NOW)
    today = client_of(manager).get(reverse("desk:today")).text
    assert "権限の見直し" in today
    assert reverse("setup:review", args=[review.pk]) in today
    assert "期限を過ぎた、権限の見直し" not in client_of(manager).get(reverse("safety_net:index")).text
    late = DUE + timedelta(days=3)
    assert overdue_reviews([review.office_id], on=late) == (("まるごと窓口", 3),)
    assert reviews_waiting(manager, on=late)[0].late
    set_clock(f"{late} 09:00")
    assert "期限を過ぎた、権限の見直し" in client_of(manager).get(reverse("safety_net:index")).text
    assert reviews_summary(on=late).late == Review.objects.count()


def test_the_net_check_counts_what_is_late_and_what_should_have_ended(
    review: Review, manager: Worker, admin: Worker
) -> None:
    from django.db import connection

    def count(key: str, on: date) -> int:
        finding = next(one for one in FINDINGS if one.key == key)
        with connection.cursor() as cursor:
            cursor.execute(finding.sql, {"today": on})
            return int(cursor.fetchone()[0])

    late = DUE + timedelta(days=1)
    assert count("reviews_overdue", DUE) == 0
    assert count("reviews_overdue", late) == Review.objects.count()
    answer(review, post_of("相談 みのり").pk, "to_end", "異動した", by=manager, at=NOW)
    assert count("reviewed_to_end_but_living", late) == 1
    end_posting(post_of("相談 みのり"), by=admin, at=NOW)
    assert count("reviewed_to_end_but_living", late) == 0


@pytest.mark.visits("setup:reviews", "setup:review")
def test_the_manager_confirms_on_the_page_and_a_stranger_finds_none(
    three_people: Any, client_of: Any, review: Review, manager: Worker, admin: Worker
) -> None:
    counsellor = post_of("相談 あおい").worker
    three_people(reverse("setup:reviews"), allowed=manager, stranger=counsellor)
    other = a_worker(an_office("べつの課"), Role.MANAGER)
    begin_reviews(due_on=DUE, by=admin, at=NOW)
    url = reverse("setup:review", args=[review.pk])
    text = three_people(url, allowed=manager, stranger=other).text
    for words in (
        "相談 あおい",
        "みどり会",
        "記録を、見て書けます",
        "このままでよい",
        "自分の配属は自分では",
    ):
        assert words in text
    assert "まるごと窓口" not in client_of(other).get(reverse("setup:reviews")).text
    assert client_of(counsellor).get(url).status_code == 404
    row = post_of("相談 あおい")
    assert client_of(manager).post(url, {"posting": row.pk, "verdict": "confirmed"}).status_code == 302
    refused = client_of(manager).post(url, {"posting": row.pk, "verdict": "to_end", "reason": ""})
    assert refused.status_code == 422
    assert "わけを書いて" in refused.text
    reason = {"posting": row.pk, "verdict": "to_end", "reason": "異動したため"}
    assert client_of(manager).post(url, reason).status_code == 302
    assert client_of(manager).post(url, reason).status_code == 302  # said twice, stored once
    assert ReviewLine.objects.get(posting=row).reason == "異動したため"
    assert client_of(admin).get(url).status_code == 200


@pytest.mark.visits("setup:begin_reviews")
def test_only_an_administrator_begins(
    three_people: Any, client_of: Any, admin: Worker, office: Office, manager: Worker, set_clock: Any
) -> None:
    set_clock(NOW)
    url = reverse("setup:begin_reviews")
    assert "見直しを始める" in three_people(url, allowed=admin, stranger=manager).text
    assert client_of(admin).post(url, {"due_on": "2020-01-01"}).status_code == 422
    assert client_of(admin).post(url, {"due_on": DUE.isoformat()}).status_code == 302
    assert client_of(admin).post(url, {"due_on": DUE.isoformat()}).status_code == 422
    assert Review.objects.filter(office=office).count() == 1


@pytest.mark.visits("setup:hand_review")
def test_an_administrator_gives_the_review_to_somebody_else(
    three_people: Any, client_of: Any, review: Review, manager: Worker, admin: Worker, set_clock: Any
) -> None:
    set_clock(NOW)
    url = reverse("setup:hand_review", args=[review.pk])
    three_people(url, allowed=admin, stranger=manager)
    counsellor = post_of("相談 あおい").worker
    wrong = client_of(admin).post(url, {"reviewer": counsellor.pk, "due_on": DUE.isoformat()})
    assert wrong.status_code == 422
    with pytest.raises(Refused, match="管理職かシステム管理者"):
        hand_review(review, counsellor.pk, DUE, by=admin, at=NOW)
    second = a_worker(role=Role.COUNSELLOR)
    a_post(second, review.office, Role.MANAGER)
    day = DUE + timedelta(days=5)
    assert client_of(admin).post(url, {"reviewer": second.pk, "due_on": day.isoformat()}).status_code == 302
    review.refresh_from_db()
    assert (review.reviewer, review.due_on) == (second, day)
    assert reviews_waiting(manager, on=TODAY) == []


@pytest.mark.visits("setup:close_review")
def test_the_page_closes_the_review(
    client: Any, client_of: Any, review: Review, manager: Worker, admin: Worker, set_clock: Any
) -> None:
    set_clock(NOW)
    url = reverse("setup:close_review", args=[review.pk])
    assert client.get(url).status_code == 302
    counsellor = post_of("相談 あおい").worker
    assert client_of(counsellor).post(url).status_code == 404
    assert "答えのない配属が3件" in client_of(manager).post(url, follow=True).text
    answered(review, admin, manager)
    assert "見直しを終えました" in client_of(manager).post(url, follow=True).text
    assert "もう終わっています" in client_of(manager).post(url, follow=True).text


@pytest.mark.visits("setup:review_sheet")
def test_the_sheet_goes_to_be_signed_as_paper_or_excel(
    three_people: Any, client_of: Any, review: Review, manager: Worker, admin: Worker
) -> None:
    answer(review, post_of("相談 みのり").pk, "to_end", "=異動したため", by=manager, at=NOW)
    stranger = post_of("相談 あおい").worker
    paper = three_people(
        reverse("setup:review_sheet", args=[review.pk, "pdf"]), allowed=manager, stranger=stranger
    )
    text = text_of(paper.content)
    for words in ("権限の見直し", "相談 みのり", "署名", "終える", "記録を、見て書けます"):
        assert words in text.replace("\n", "")
    excel = client_of(manager).get(reverse("setup:review_sheet", args=[review.pk, "xlsx"]))
    page = load_workbook(BytesIO(excel.content)).active
    assert page is not None
    cells = [cell.value for row in page.iter_rows() for cell in row]
    assert "=異動したため" in cells
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert client_of(manager).get(reverse("setup:review_sheet", args=[review.pk, "doc"])).status_code == 404
    assert Entry.objects.filter(action="review.printed").count() == 2


def test_the_page_costs_the_same_for_a_great_office(
    client_of: Any, review: Review, manager: Worker, office: Office, queries: Any
) -> None:
    url = reverse("setup:review", args=[review.pk])
    client_of(manager).get(url)
    with queries() as few:
        client_of(manager).get(url)
    for _ in range(20):
        a_post(a_worker(office), an_office())
    with queries() as many:
        client_of(manager).get(url)
    assert few.shape == many.shape
