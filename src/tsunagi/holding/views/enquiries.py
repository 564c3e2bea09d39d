"""心当たり照会: asking whether somebody knows this person already, the answers, and the holder's answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id
from tsunagi.holding import actions, forms
from tsunagi.people.rules import read_fields
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import reads, writes
from tsunagi.sharing.access import answer_for, enquiry_for
from tsunagi.sharing.queries import answer_page, enquiries_of, enquiry_page, grounds
from tsunagi.ui.pages import bound, page

from ._flow import new_draft, run

# Of the city's bodies among themselves, and with consent or for the person's plain benefit.
GROUNDS = ("01", "02", "03", "04", "05")


@reads
def index(request: HttpRequest) -> HttpResponse:
    """What this worker asked, and the answers."""
    require(request.worker, Purpose.CONSULT, Reach.OFFICE)
    return page(request, "holding/enquiries.html", enquiries=enquiries_of(request.worker, on=request.today))


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Ask. What was typed into a lookup comes along in the post, never in an address."""
    require(request.worker, Purpose.CONSULT, Reach.OFFICE)
    choices = [(card.code, card.label) for card in grounds(on=request.today) if card.code in GROUNDS]
    brought = "from_lookup" in request.POST
    names = ("name", "kana", "birth", "phone")
    initial: dict[str, Any] = {"draft": new_draft(), "ground": "01"}
    if brought:
        initial |= {name: request.POST.get(f"about_{name}", "")[:120] for name in names}
    form = forms.EnquiryForm(None if brought else bound(request), grounds=choices, initial=initial)

    def act(typed: dict[str, Any]) -> str:
        told = {name: typed[name] for name in names}
        actions.enquire(
            read_fields(**told, on=request.today), told_words=" ".join(filter(None, told.values())),
            reason=typed["reason"], relation=typed["relation"], ground=typed["ground"] or "01",
            office_id=main_office_id(request.worker) or 0, by=request.worker, at=request.now,
        )  # fmt: skip
        return "問い合わせました。関わりのある機関があれば、2開庁日のうちに返事が届きます。相談は、そのまま進めてください。"

    return run(
        request, form, act, back=reverse("holding:enquiries"), title="問い合わせる", concern=None,
        words="どの機関に届いたか、届いたかどうかは、返事があるまで出ません。",
    )  # fmt: skip


@reads
def enquiry(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """One enquiry of the desk with the answers that came."""
    found = enquiry_for(request.worker, enquiry_id)
    return page(request, "holding/enquiry.html", enquiry=enquiry_page(found, on=request.today))


@writes
def answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """The holder reads who asks, why and on what ground, and answers."""
    found = answer_for(request.worker, answer_id)
    form = forms.ReplyForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.answer_enquiry(
            found, reply=typed["reply"], words=typed["words"], by=request.worker, at=request.now
        )
        return "返事をしました。"

    return run(
        request, form, act, back=reverse("holding:enquiry_answer", args=[answer_id]),
        template="holding/enquiry_answer.html", enquiry=answer_page(found), person_id=found.person_id,
        answered=found.get_reply_display() if found.reply else "",
    )  # fmt: skip
