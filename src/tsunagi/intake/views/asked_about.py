"""The one screen for whoever asks about another person: the same whether that person exists here or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.intake import actions
from tsunagi.intake.access import desks_for
from tsunagi.intake.forms_sharing import AskedAboutForm
from tsunagi.shared.edges import writes
from tsunagi.sharing.rules import SENTENCE_TO_SAY
from tsunagi.ui.pages import bound, page

from ._flow import done, home, opened_sheet


@writes
def asked_about(request: HttpRequest) -> HttpResponse:
    """「○○さんは相談していますか」: the sentence to say, and the caller's own matter. Nobody is looked up here."""
    desks = desks_for(request.worker)
    sheet = opened_sheet(
        "asked_about", "ほかの方についての問い合わせ", reverse("intake:asked_about"), request=request
    )
    form = AskedAboutForm(bound(request), desks=desks, initial={"office": desks[0][0]})
    sheet.fill(form)
    answer = done(form, lambda: _take(request, form), request=request, back=reverse("intake:index"))
    return answer or page(
        request, "intake/asked_about.html", form=form, sheet=sheet, sentence=SENTENCE_TO_SAY
    )


def _take(request: HttpRequest, form: AskedAboutForm) -> tuple[str, str]:
    typed = form.cleaned_data
    taken = actions.take_enquiry_about(
        form.about_wish(), relation=typed["relation"], caller=typed["caller"], words=typed["words"],
        means=typed["means"], way_back=typed["way_back"], way_back_words=typed["way_back_words"],
        office_id=typed["office"] or form.first_desk, by=request.worker, at=request.now,
    )  # fmt: skip
    return home(taken.pk), f"尋ねてきた方のご用件として受け付けました。受付番号は {taken.number} です。"
