"""困りごと相談連絡票: made blank or filled, printed, and taken in by the number on the paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, slip_for, slip_to_take_for
from tsunagi.intake.forms_sharing import SlipForm, SlipNumberForm, TakeSlipForm
from tsunagi.intake.queries import paper_of, slips_of
from tsunagi.press.pdf import PDF, typeset
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import done, home, opened_sheet

FIELDS = ("name", "kana", "birth", "phone", "address", "words")


@writes
def index(request: HttpRequest) -> HttpResponse:
    """Our slips, and the box for the number of one that came in signed."""
    desks_for(request.worker)
    sheet = opened_sheet("slip_number", "連絡票の番号", reverse("intake:slips"), request=request)
    form = SlipNumberForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        found = actions.agree_to_slip(
            typed["number"],
            consent=typed["consent"],
            consent_on=typed["consent_on"],
            by=request.worker,
            at=request.now,
        )
        return reverse(
            "intake:slip_take", args=[found.pk]
        ), "同意を記録しました。紙と見くらべて、受け付けてください。"

    answer = done(form, act, request=request, back=reverse("intake:slips"))
    return answer or page(
        request, "intake/slips.html", form=form, sheet=sheet, slips=slips_of(request.worker)
    )


@writes
def new(request: HttpRequest) -> HttpResponse:
    """A numbered slip, blank or filled."""
    desks = desks_for(request.worker)
    sheet = opened_sheet("slip", "連絡票", reverse("intake:slip_new"), request=request)
    form = SlipForm(bound(request), desks=desks, initial={"office": desks[0][0]})
    sheet.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        made = actions.make_slip(
            office_id=typed["office"] or form.first_desk, by=request.worker, at=request.now,
            **{name: typed[name] for name in FIELDS},
        )  # fmt: skip
        return reverse(
            "intake:slip", args=[made.pk]
        ), f"連絡票 {made.number} を作りました。印刷して渡してください。"

    answer = done(form, act, request=request, back=reverse("intake:slips"))
    return answer or page(request, "intake/slip_new.html", form=form, sheet=sheet)


@reads
def detail(request: HttpRequest, slip_id: int) -> HttpResponse:
    """A slip of our office: print it, and see whether it arrived."""
    return page(request, "intake/slip.html", slip=slip_for(request.worker, slip_id))


@reads
def paper(request: HttpRequest, slip_id: int) -> HttpResponse:
    """The paper to sign."""
    slip = slip_for(request.worker, slip_id)
    answer = HttpResponse(typeset("intake/papers/slip.typ", paper_of(slip), at=request.now), content_type=PDF)
    answer.headers["Content-Disposition"] = f'attachment; filename="renrakuhyo-{slip.pk}.pdf"'
    return answer


@writes
def take(request: HttpRequest, slip_id: int) -> HttpResponse:
    """A signed slip becomes a consultation of this desk."""
    desks = desks_for(request.worker)
    slip = slip_to_take_for(request.worker, slip_id)
    sheet = opened_sheet("slip_take", "連絡票の受付", request.path, str(slip_id), request=request)
    initial = {name: getattr(slip, name) for name in FIELDS} | {"office": desks[0][0]}
    form = TakeSlipForm(bound(request), desks=desks, initial=initial)
    sheet.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        taken = actions.take_slip(
            slip, office_id=typed["office"] or form.first_desk, way_back_words=typed["way_back_words"],
            by=request.worker, at=request.now, **{name: typed[name] for name in FIELDS},
        )  # fmt: skip
        return home(taken.pk), f"連絡票を相談として受け付けました。受付番号は {taken.number} です。"

    answer = done(form, act, request=request, back=reverse("intake:slips"))
    return answer or page(request, "intake/slip_take.html", form=form, sheet=sheet, slip=slip)
