"""The desk's pages: 今日, everything I hold, the page of a person or household, the search box."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.diary.access import taken_out_for
from tsunagi.diary.actions import take_out
from tsunagi.diary.queries import not_back
from tsunagi.diary.rules import PaperKind
from tsunagi.holding.actions import ask_writers_to_mend
from tsunagi.holding.rules import HoldKind, Urgency
from tsunagi.people.access import address_withheld, merge_for, party_for, person_for
from tsunagi.people.queries import is_protected, merge_card, name_of, party_names, safe_contact_of
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.press.pdf import PDF, typeset
from tsunagi.search.queries import find
from tsunagi.search.rules import question_of
from tsunagi.shared.edges import asks, leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import default_link, sheet
from tsunagi.workbench.rules import ListPlace

from . import actions
from .forms import PartForm, WordsForm
from .queries import (
    Asked,
    keys_of,
    looked_meanwhile,
    mine_of,
    party_page,
    places_named,
    rows_since,
    shown_of,
    today_of,
    words_of_place,
)
from .queries.mine import SHOWS, SORTS
from .queries.papers import NO_PAPER, card_values, today_values, visits_values, wants_numbers


@reads
def today(request: HttpRequest) -> HttpResponse:
    """今日. Whoever works with no household sees what their own roles open."""
    if reach_of(request.worker, Purpose.TODAY) is Reach.NONE:
        return page(request, "desk/elsewhere.html")
    return page(request, "desk/today.html", today=today_of(request.worker, request.now))


@asks
def words(request: HttpRequest) -> HttpResponse:
    """Words in the records: consultations, notes, contacts, concerns, つなぐシート, as far as this worker sees them.

    The words come in the body: in an address they would stay in the browser's history.
    """
    require(request.worker, Purpose.READ_PERSON, Reach.INVOLVED)
    form = WordsForm(request.POST if request.method == "POST" else None)
    found, shown, after = None, [], ""
    if form.is_bound and form.is_valid():
        question = question_of(form.cleaned_data["q"])
        found = find(
            question, keys_of(request.worker, request.today), narrowed=form.narrowed(), before=form.before()
        )
        shown = shown_of(request.worker, found, question, on=request.today)
        after = form.mark(found)
    return page(
        request, "desk/words.html", form=form, found=found, shown=shown, after=after, here="people",
        status=422 if form.errors else None,
    )  # fmt: skip


@reads
def mine(request: HttpRequest) -> HttpResponse:
    """Everything I answer for, with filter and sort."""
    require(request.worker, Purpose.TODAY)
    if not request.GET and (first := default_link(request.worker, ListPlace.MINE)):
        return redirect(first)
    asked, after = Asked.of(request.GET), request.GET.get("after", "")
    rows, total, more = mine_of(request.worker, request.now, asked, after)
    here = f"?{urlencode(asked.chosen or {'all': 1})}"
    return page(
        request, "desk/mine.html", rows=rows, total=total, asked=asked, chosen=asked.chosen, shows=SHOWS, sorts=SORTS,
        kinds=HoldKind.choices(blank="すべて"), urgencies=Urgency.choices(blank="すべて"),
        next_url=f"{here}&after={more}" if more else "", first_url=here if after else "",
    )  # fmt: skip


@reads
def person(request: HttpRequest, party_id: int) -> HttpResponse:
    """The page of a person, a household, or someone not yet known."""
    party = party_for(request.worker, party_id, on=request.today)
    if party.pk != party_id:
        return redirect("desk:person", party.pk)
    card = party_page(request.worker, party, request.now)
    first = card.rows[0].concern_id if card.rows and card.holds_here else None
    contact_url = f"{reverse('holding:contact')}?concern={first}" if first else ""
    return page(request, "desk/person.html", party=card, contact_url=contact_url, here="people")


@reads
def merged(request: HttpRequest, merge_id: int) -> HttpResponse:
    """A merge: who said it, why, which offices it let see both, and who looked meanwhile."""
    merge = merge_for(request.worker, merge_id, on=request.today)
    return page(
        request, "desk/merged.html", merge=merge_card(merge), names=party_names(request.worker, _ends(merge)),
        looks=looked_meanwhile(merge, until=request.now), here="people",
    )  # fmt: skip


@writes
def part(request: HttpRequest, merge_id: int) -> HttpResponse:
    """They are two people: take the merge back. Whose every row written since is, is asked one by one."""
    merge = merge_for(request.worker, merge_id, Purpose.WRITE_PERSON, on=request.today)
    told = reverse("desk:merged", args=[merge.pk])
    if merge.parted_at is not None:
        messages.info(request, "この統合は、もう元に戻してあります。")
        return redirect(told)
    names = party_names(request.worker, _ends(merge))
    sides = [
        (pk, f"{names[pk]}（{place}）")
        for pk, place in zip(_ends(merge), ("残した記録", "合わせた記録"), strict=True)
    ]
    opened = sheet(
        request.worker, request.POST.get("draft"), kind="desk.part", title="統合を元に戻す", link=request.path
    )
    form = PartForm(bound(request), rows=rows_since(request.worker, merge), sides=sides)
    opened.fill(form)
    if form.is_bound and form.is_valid() and _parted(request, merge, form, told):
        return redirect(told)
    return page(
        request, "desk/part.html", merge=merge_card(merge), form=form, sheet=opened, back=told, names=names,
        here="people", status=422 if form.errors else None,
    )  # fmt: skip


def _parted(request: HttpRequest, merge: Any, form: PartForm, told: str) -> bool:
    """Whether it is done now, or was done by the same form before; what was refused stands in the form."""
    number = form.cleaned_data["draft"]
    try:
        claim(request.worker, number)
        said = {"reason": form.cleaned_data["reason"], "belongs": form.belongs()}
        actions.part(merge, **said, by=request.worker, at=request.now)
        consume(request.worker, number, told, request.now)
    except AlreadyDone:
        return True
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, "ふたりの記録に戻しました。")
    return True


def _ends(merge: Any) -> tuple[int, int]:
    return merge.kept_id, merge.joined_id


@writes
def places(request: HttpRequest, party_id: int) -> HttpResponse:
    """居場所の分かる記録: which texts still name a protected person's place, to be mended by whoever wrote them."""
    person = person_for(request.worker, party_id, Purpose.PROTECT)
    if not is_protected(person.pk) or address_withheld(request.worker, person.pk, on=request.today):
        raise Http404
    more = request.POST.get("more", "")[:200]
    found = places_named(request.worker, person.pk, words_of_place(person.pk, more))
    if request.method == "POST" and "mend" in request.POST:
        rows = [(row.subject_kind, row.subject_id, row.writer_id, row.office_id) for row in found]
        count = ask_writers_to_mend(person.pk, rows, by=request.worker, at=request.now)
        messages.success(
            request, f"書いた人に頼みました（{count}件）。次の開庁日までに、それぞれの今日の画面に出ます。"
        )
        return redirect("desk:person", person.pk)
    return page(
        request, "desk/places.html", rows=found, more=more, name=name_of(person.party), party_id=person.pk
    )


# -- papers --------------------------------------------------------------------------------------------------------------

_PAPERS: dict[str, Any] = {
    PaperKind.TODAY: ("desk/papers/today.typ", today_values),
    PaperKind.VISITS: ("desk/papers/visits.typ", visits_values),
}


@writes
def going_out(request: HttpRequest) -> HttpResponse:
    """紙にする: which papers there are today. Pressing one writes its row into 持ち出し簿 and shows where to open it."""
    require(request.worker, Purpose.TODAY)
    by_number = wants_numbers()
    counts = {
        kind: values_of(request.worker, request.now, by_number=by_number)[1]
        for kind, (_, values_of) in _PAPERS.items()
    }
    kind = request.POST.get("kind", "")
    back = reverse("desk:going_out")
    if request.method == "POST" and kind in counts and counts[kind]:
        try:
            claim(request.worker, request.POST.get("draft"))
            take_out(kind, persons=counts[kind], by_number=by_number, by=request.worker, at=request.now)
            consume(request.worker, request.POST.get("draft"), back, request.now)
        except AlreadyDone:
            return redirect(back)
        messages.success(request, "持ち出し簿に書きました。「PDFを開く」から印刷してください。")
        return redirect(back)
    return page(
        request, "desk/going_out.html", papers=[(kind, kind.label, counts[kind], str(uuid.uuid4())) for kind in PaperKind],
        taken=not_back(request.worker, request.today), by_number=by_number, here="today",
    )  # fmt: skip


@reads
def paper(request: HttpRequest, taken_id: int) -> HttpResponse:
    """The paper of a row in 持ち出し簿, for whoever printed it, on that day only: it dies at night."""
    taken = taken_out_for(request.worker, taken_id)
    if taken.worker_id != request.worker.pk or taken.printed_on != request.today or taken.returned_at:
        raise Http404
    source, values_of = _PAPERS[taken.kind]
    values, persons = values_of(request.worker, request.now, by_number=taken.by_number)
    made = typeset(source, values, at=request.now)
    leave_trail(
        "paper.printed", subject_kind="paper", subject_id=taken.pk, purpose=Purpose.TODAY,
        detail={"kind": taken.kind, "persons": persons},
    )  # fmt: skip
    return download(f"{taken.kind}-{request.today.isoformat()}.pdf", made, PDF, inline=True)


@reads
def card(request: HttpRequest, party_id: int) -> HttpResponse:
    """連絡カード for the person: what it will say, and whether the house may have it."""
    found = person_for(request.worker, party_id, on=request.today)
    values = card_values(request.worker, found, now=request.now)
    safe = safe_contact_of(request.worker, found)
    return page(
        request, "desk/card.html", values=values, name=name_of(found.party), party_id=found.pk, safe_contact=safe,
        no_paper=NO_PAPER if safe.no_paper else "", here="people",
    )  # fmt: skip


@reads
def card_pdf(request: HttpRequest, party_id: int) -> HttpResponse:
    """The card on paper."""
    found = person_for(request.worker, party_id, on=request.today)
    values = card_values(request.worker, found, now=request.now)
    if values is None:
        raise Refused(NO_PAPER if safe_contact_of(request.worker, found).no_paper else NOBODY_HOLDS)
    leave_trail("card.printed", subject_kind="person", subject_id=found.pk, purpose=Purpose.READ_PERSON)
    return download(
        "renraku-card.pdf", typeset("desk/papers/card.typ", values, at=request.now), PDF, inline=True
    )


NOBODY_HOLDS = "この方の課題を、こちらの機関ではまだ受け持っていません。担当が決まってから作ってください。"
