"""Nothing typed is lost, and a form that is sent twice is done once."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse

from tests.factories import NOW, a_worker
from tsunagi.shared.edges import Elsewhere, opened_trail
from tsunagi.shared.refusal import Refused
from tsunagi.ui.fields import PaperMarksField
from tsunagi.workbench import actions, queries
from tsunagi.workbench.models import Draft

LINK = "/uketsuke/new/"


@pytest.fixture
def worker(db: None) -> Any:
    """Somebody who writes, with the trail that doors need."""
    with opened_trail(None, "task", NOW):
        yield a_worker()


def keep(worker: Any, number: uuid.UUID, words: str, seq: int | None, **more: Any) -> Draft:
    return actions.keep(
        worker, number, "intake.new", "", "受付", LINK, {"words": [words]}, seq, more.get("at", NOW)
    )


def test_the_latest_version_stays_whatever_arrives_last(worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "三日", 1)
    keep(worker, number, "三日前から食べて", 3)
    with pytest.raises(actions.Overtaken, match="ほかの画面"):
        keep(worker, number, "三日前から", 2)
    kept = queries.draft(worker, number)
    assert kept is not None
    assert (kept.seq, kept.body) == (3, {"words": ["三日前から食べて"]})


def test_the_same_version_twice_is_no_quarrel(worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "三日", 1)
    assert keep(worker, number, "三日", 1).seq == 1


def test_a_form_without_javascript_is_always_the_next_version(worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "一", 5)
    assert keep(worker, number, "二", None).seq == 6


def test_somebody_else_s_number_is_refused(worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "わたしの文", 1)
    other = a_worker()
    with pytest.raises(Refused, match="ほかの職員"):
        keep(other, number, "よその文", 2)
    with pytest.raises(Refused, match="ほかの職員"):
        actions.consume(other, number, "/x/", NOW)
    assert queries.draft(other, number) is None
    assert Draft.objects.get(pk=number).body == {"words": ["わたしの文"]}


def test_a_form_is_filled_with_what_was_typed_as_typed(worker: Any) -> None:
    class Capture(forms.Form):
        words = forms.CharField(initial="")
        came_on = forms.CharField(required=False)
        who = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
        marks = PaperMarksField(rows=[("01", "病気"), ("02", "お金")])
        absent = forms.CharField(initial="もとの値")

    number = actions.new_draft_id()
    body = {"words": ["家賃"], "came_on": ["R8.6.9"], "who": ["a", "b"], "marks-02": ["oo"]}
    actions.keep(worker, number, "k", "", "受付", LINK, body, 1, NOW)
    sheet = queries.sheet(worker, str(number), kind="k", title="受付", link=LINK)
    form = sheet.fill(Capture())
    assert (sheet.id, sheet.seq, sheet.saved_at) == (number, 1, NOW)
    assert form.initial == {"words": "家賃", "came_on": "R8.6.9", "who": ["a", "b"], "marks": {"02": "oo"}}
    assert form["absent"].value() == "もとの値"


def test_a_fresh_form_has_a_number_and_nothing_stored(worker: Any) -> None:
    for given in (None, "", "not-a-number"):
        sheet = queries.sheet(worker, given, kind="k", title="受付", link=LINK)
        assert (sheet.seq, sheet.saved_at) == (0, None)
    posted = uuid.uuid4()
    assert queries.sheet(worker, str(posted), kind="k", title="受付", link=LINK).id == posted
    keep(a_worker(), posted, "よその文", 1)
    assert queries.sheet(worker, str(posted), kind="k", title="受付", link=LINK).id != posted


def test_a_form_that_was_sent_leads_to_its_result(worker: Any) -> None:
    number = actions.new_draft_id()
    actions.consume(worker, number, "/uketsuke/12/", NOW)
    with pytest.raises(Elsewhere) as elsewhere:
        queries.sheet(worker, str(number), kind="k", title="受付", link=LINK)
    assert elsewhere.value.link == "/uketsuke/12/"
    assert queries.sheet(a_worker(), str(number), kind="k", title="受付", link=LINK).id != number


def test_consuming_keeps_the_way_to_the_result_and_nothing_else(worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "三日前から食べていない", 1)
    actions.consume(worker, number, "/uketsuke/12/", NOW)
    row = Draft.objects.get(pk=number)
    assert (row.body, row.result_link, row.consumed_at) == ({}, "/uketsuke/12/", NOW)
    assert queries.drafts_left(worker) == []
    with pytest.raises(actions.AlreadyDone) as done:
        keep(worker, number, "あとから", 9)
    assert done.value.result_link == "/uketsuke/12/"


def test_a_form_sent_twice_is_done_once(worker: Any) -> None:
    number = actions.new_draft_id()
    actions.consume(worker, number, "/uketsuke/12/", NOW)  # never saved before it was sent
    with pytest.raises(actions.AlreadyDone) as done, transaction.atomic():
        keep(worker, uuid.uuid4(), "二度目の行い", 1)
        actions.consume(worker, number, "/uketsuke/13/", NOW)
    assert done.value.link == "/uketsuke/12/"
    assert not Draft.objects.filter(body__words__0="二度目の行い").exists()
    with pytest.raises(actions.AlreadyDone):
        actions.claim(worker, number)


def test_without_a_number_nothing_is_asked(worker: Any) -> None:
    for given in (None, "", "nonsense"):
        actions.claim(worker, given)
        actions.consume(worker, given, "/x/", NOW)
    assert not Draft.objects.exists()


def _a_stored_worker() -> Any:
    with transaction.atomic():
        return a_worker()


def test_two_at_once_do_it_once(fresh_database: None) -> None:
    worker, number = _a_stored_worker(), actions.new_draft_id()
    first_is_in, results = threading.Event(), []

    def second() -> None:
        try:
            first_is_in.wait(5)
            with transaction.atomic():
                actions.consume(worker, number, "/second/", NOW)
            results.append("done twice")
        except actions.AlreadyDone as done:
            results.append(done.link)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        actions.consume(worker, number, "/first/", NOW)
        first_is_in.set()
        thread.join(0.5)
        assert results == []  # it waits for the first to commit
    thread.join(5)
    assert results == ["/first/"]


def test_a_claim_waits_too(fresh_database: None) -> None:
    worker, number = _a_stored_worker(), actions.new_draft_id()
    claimed, results = threading.Event(), []

    def second() -> None:
        try:
            claimed.wait(5)
            with transaction.atomic():
                actions.claim(worker, number)
            results.append("went on")
        except actions.AlreadyDone as done:
            results.append(done.link)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        actions.claim(worker, number)
        claimed.set()
        actions.consume(worker, number, "/first/", NOW)
    thread.join(5)
    assert results == ["/first/"]


def test_old_drafts_are_purged(worker: Any) -> None:
    old, fresh = actions.new_draft_id(), actions.new_draft_id()
    keep(worker, old, "古い", 1, at=NOW - timedelta(days=31))
    keep(worker, fresh, "新しい", 1, at=NOW - timedelta(days=29))
    assert actions.purge(NOW) == 1
    assert [card.id for card in queries.drafts_left(worker)] == [fresh]


# -- screens ------------------------------------------------------------------------------------------


def url(number: uuid.UUID) -> str:
    return reverse("workbench:draft", args=[number])


def sent(words: str, seq: int | None = 1, **more: str) -> dict[str, str]:
    fields = {"words": words, "draft_kind": "intake.new", "draft_title": "受付", "draft_link": LINK} | more
    return fields if seq is None else fields | {"seq": str(seq)}


JS = {"X-Draft": "1", "HX-Request": "true"}


@pytest.mark.visits("workbench:draft")
def test_a_form_saves_itself(client_of: Any, client: Any, worker: Any, set_clock: Any) -> None:
    set_clock("2026-06-09 14:05")
    number = actions.new_draft_id()
    mine = client_of(worker)
    answer = mine.post(url(number), sent("三日前から"), headers=JS)
    assert answer.status_code == 200
    assert answer.json() == {"draft": str(number), "seq": 1, "saved_at": "14:05"}
    assert mine.post(url(number), sent("別の画面", 1), headers=JS).status_code == 409
    assert mine.post(url(number), sent("字" * 300_001, 2), headers=JS).status_code == 413
    assert client_of(a_worker()).post(url(number), sent("よその文", 5), headers=JS).status_code == 404
    assert client_of(a_worker()).get(url(number)).status_code == 404
    anonymous = client.post(url(number), sent("だれか", 6), headers=JS)
    assert anonymous.status_code == 401
    assert mine.get(url(number)).headers["Location"] == f"{LINK}?draft={number}"
    actions.consume(worker, number, "/uketsuke/12/", NOW)
    gone = mine.post(url(number), sent("あとから", 7), headers=JS)
    assert (gone.status_code, gone.json()["url"]) == (410, "/uketsuke/12/")


def test_without_javascript_a_button_does_it(client_of: Any, worker: Any) -> None:
    number = actions.new_draft_id()
    answer = client_of(worker).post(url(number), sent("三日前から", None, keep="1"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LINK}?draft={number}")
    actions.consume(worker, number, "/uketsuke/12/", NOW)
    again = client_of(worker).post(url(number), sent("三日前から", None))
    assert again.status_code == 410
    assert "/uketsuke/12/" in again.content.decode()


def test_a_link_to_another_server_is_not_kept(client_of: Any, worker: Any) -> None:
    number = actions.new_draft_id()
    answer = client_of(worker).post(url(number), sent("x", None, draft_link="https://evil.example/"))
    assert answer.headers["Location"] == reverse("workbench:drafts")


@pytest.mark.visits("workbench:drafts", "workbench:discard")
def test_what_i_left_is_on_my_list_alone(three_people: Any, client_of: Any, client: Any, worker: Any) -> None:
    number = actions.new_draft_id()
    keep(worker, number, "三日前から食べていない", 1)
    stranger = a_worker()
    page = three_people(reverse("workbench:drafts"), allowed=worker, stranger=stranger, stranger_sees=200)
    assert "三日前から食べていない" in page.content.decode()
    assert "三日前から" not in client_of(stranger).get(reverse("workbench:drafts")).content.decode()

    away = reverse("workbench:discard", args=[number])
    assert client_of(stranger).post(away).status_code == 404
    assert client_of(worker).get(away).status_code == 302
    assert client.post(away).status_code == 401
    assert client_of(worker).post(away).status_code == 302
    assert not Draft.objects.exists()


@override_settings(ROOT_URLCONF="tests.workbench.pages")
@pytest.mark.parametrize("how", ["catches", "lets_it_pass"])
def test_a_double_click_shows_the_first_result_and_does_nothing(
    client_of: Any, worker: Any, how: str
) -> None:
    number, me = actions.new_draft_id(), client_of(worker)
    first = me.post(f"/{how}/", {"draft": str(number), "words": "一度目"})
    second = me.post(f"/{how}/", {"draft": str(number), "words": "二度目"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    titles = list(Draft.objects.exclude(title="").order_by("title").values_list("title", flat=True))
    assert titles == ["一度目"]
    by_htmx = me.htmx("post", f"/{how}/", {"draft": str(number), "words": "三度目"})
    assert by_htmx.status_code in (200, 302)
    assert Draft.objects.exclude(title="").count() == 1


def test_a_file_that_comes_while_words_are_stored_is_not_refused(worker: Any) -> None:
    """The first file of a form and its first words are on their way at once; whoever is second finds the draft there."""
    number = actions.new_draft_id()
    keep(worker, number, "三日前から食べて", 3)
    actions.begin_draft(worker, number, "intake.new", "", "受付", LINK, NOW)
    kept = queries.draft(worker, number)
    assert kept is not None
    assert (kept.seq, kept.body) == (3, {"words": ["三日前から食べて"]})
