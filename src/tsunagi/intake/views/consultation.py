"""One consultation: as it was written, corrected, given to a colleague; about whom; who told us."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localtime

from tsunagi.codes.queries import label_of
from tsunagi.holding.actions import Stale, hand_over_for_the_night
from tsunagi.holding.queries.consents import consent_states_for
from tsunagi.intake import access, actions, forms
from tsunagi.intake.queries import found_for, record_of
from tsunagi.intake.rules import InformantReach
from tsunagi.shared.edges import reads, writes
from tsunagi.sharing.queries import guarded_of
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.queries import files_card

from ._flow import colleagues, done, elsewhere, home, opened_sheet, run

PAPER = {"circle": "o", "double": "oo"}


@reads
def detail(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """A consultation as written, who holds it, and what may be done next."""
    found = access.consultation_for(request.worker, consultation_id)
    record = record_of(found, request.worker, request.now)
    person_url = elsewhere("desk:person", record.party_id) if record.party_id else ""
    secrets = guarded_of(request.worker, "consultation", found.pk)
    return page(
        request,
        "intake/detail.html",
        record=record,
        person_url=person_url,
        crumb=_crumb(record),
        secrets=secrets,
        consents=_consents(request, record),
        files=files_card("consultation", found.pk, may_add=record.is_ours),
    )


def _consents(request: HttpRequest, record: Any) -> list[Any]:
    """How it stands with the consent of whom it is about, where that is a person who opens."""
    if record.party_id is None or record.who_kind != "person":
        return []
    return consent_states_for(request.worker, [record.party_id], on=request.today)


@writes
def edit(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Correct what was written. Who was second sees both texts and decides (409)."""
    found = access.own_consultation_for(request.worker, consultation_id)
    told = access.informant_for(request.worker, found)
    sheet = opened_sheet("correction", "相談の訂正", request.path, str(consultation_id), request=request)
    form = forms.CorrectionForm(bound(request), initial=_as_stored(found, told))
    sheet.fill(form)
    try:
        answer = done(
            form, lambda: _correct(request, found, form), request=request, back=home(consultation_id)
        )
        shown: dict[str, Any] = {"theirs": None, "stale": ""}
    except Stale as stale:
        answer, shown = None, {"theirs": _both(found, form), "stale": str(stale), "status": 409}
        form.data = sent = request.POST.copy()
        sent["revision"] = str(found.revision)
    return answer or page(
        request, "intake/edit.html", form=form, sheet=sheet, back=home(consultation_id), **shown
    )


def _correct(request: HttpRequest, found: Any, form: forms.CorrectionForm) -> tuple[str, str]:
    actions.correct_consultation(
        found, revision=form.cleaned_data["revision"], by=request.worker, at=request.now,
        came_at=form.came_at(request.now, before=found.came_at), informant=form.informant(), **form.written(),
    )  # fmt: skip
    return home(found.pk), "相談の記録を直しました。前の文は「訂正の履歴」に残っています。"


def _both(found: Any, form: forms.CorrectionForm) -> list[tuple[str, str, str]]:
    """The texts that differ: label, what stands there now, what was typed."""
    names = ("words", "wishes", "about_words", "caller_words", "way_back_words")
    both = [(str(form[name].label), getattr(found, name), str(form[name].value() or "")) for name in names]
    return [line for line in both if line[1] != line[2]]


def _as_stored(found: Any, told: Any) -> dict[str, Any]:
    names = (
        "words", "caller_kind", "caller_words", "came_about", "means", "way_back", "way_back_words", "cut_off", "urgency",
        "language", "interpreter", "wishes", "revision", "about_words",
    )  # fmt: skip
    stored = {name: getattr(found, name) for name in names}
    stored |= {"came_day": localtime(found.came_at).date(), "came_clock": f"{localtime(found.came_at):%H:%M}"}
    stored |= {"worries": {code: PAPER.get(mark, "o") for code, mark in found.worries.items()}}
    if told is not None:
        stored |= {
            "informant_name": told.name, "informant_contact": told.contact, "informant_relation": told.relation,
            "informant_source": told.source_kind, "informant_reach": told.reach, "informant_word_back": told.wants_word_back,
        }  # fmt: skip
    return stored


@writes
def who(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Say whom it is about, or that it is not who we thought."""
    found = access.own_consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("who", "だれのこと", request.path, str(consultation_id), request=request)
    data = None if "search" in request.POST else bound(request)
    form = forms.AboutForm(data, whose=lambda mark: access.offered(request.worker, mark))
    sheet.fill(form)
    if "search" in request.POST:
        form.refill(request.POST)
    answer = done(form, lambda: _say(request, found, form), request=request, back=home(consultation_id))
    if answer is not None:
        return answer
    typed = {name: str(form[name].value() or "") for name in form.fields if name.startswith("about")}
    offers = found_for(request.worker, typed, on=request.today)
    record = record_of(found, request.worker, request.now)
    context: dict[str, Any] = {
        "record": record,
        "found": offers,
        "chosen": typed["about"],
        "back": home(consultation_id),
    }
    return page(request, "intake/who.html", form=form, sheet=sheet, **context)


def _say(request: HttpRequest, found: Any, form: forms.AboutForm) -> tuple[str, str]:
    if "nobody" in request.POST:
        actions.say_who(found, None, by=request.worker, at=request.now)
        return home(found.pk), "だれのことかを、まだ決めていない状態に戻しました。"
    actions.say_who_as(found, form.about_wish(), by=request.worker, at=request.now)
    return home(found.pk), "だれのことかを記録しました。"


@reads
def informant(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Who told us: a box of their own, whose opening is written down."""
    found = access.consultation_for(request.worker, consultation_id)
    told = access.informant_for(request.worker, found)
    if told is None:
        raise Http404
    source = label_of("information_sources", told.source_kind) if told.source_kind else ""
    reach = InformantReach.label_of(told.reach) if told.reach else "この窓口だけ"
    context: dict[str, Any] = {
        "number": found.number,
        "source": source,
        "reach": reach,
        "back": home(consultation_id),
    }
    return page(request, "intake/informant.html", told=told, **context)


@writes
def give(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Let a colleague of the desk sort it out; the day travels."""
    found = access.own_consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("give", "担当を替える", request.path, str(consultation_id), request=request)
    form = forms.ColleagueForm(bound(request), workers=colleagues(found.office_id))

    def act() -> tuple[str, str]:
        chosen = form.cleaned_data["worker"]
        actions.give_consultation(found, worker_id=chosen, by=request.worker, at=request.now)
        return home(consultation_id), "担当を替えました。相手に知らせました。期日は変わりません。"

    return run(
        form, act, request=request, back=home(consultation_id), template="intake/give.html", sheet=sheet
    )


@writes
def night(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """A 高 that comes after closing or before closed days: to whom it was handed, with name and hour."""
    found = access.own_consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("night", "夜間・休日の引き継ぎ", request.path, str(consultation_id), request=request)
    form = forms.NightForm(bound(request))

    def act() -> tuple[str, str]:
        hand_over_for_the_night(
            subject_kind="consultation", subject_id=found.pk, to_kind=form.cleaned_data["to_kind"],
            to_name=form.cleaned_data["to_name"], handed_at=form.handed_at(request.now), by=request.worker, at=request.now,
        )  # fmt: skip
        return home(consultation_id), "だれに渡したかを記録しました。"

    return run(
        form, act, request=request, back=home(consultation_id), template="intake/night.html", sheet=sheet
    )


@writes
def word_back(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """「受け止めました」 was said to whoever told us."""
    found = access.own_consultation_for(request.worker, consultation_id)
    if request.method == "POST":
        sheet = opened_sheet("word_back", "知らせてくれた方への返事", request.path, request=request)
        form = forms.Form({"draft": str(sheet.id)})
    else:
        access.word_back_for(request.worker, found)
        sheet, form = (
            opened_sheet("word_back", "知らせてくれた方への返事", request.path, request=request),
            forms.Form(),
        )

    def act() -> tuple[str, str]:
        promise = access.word_back_for(request.worker, found)
        actions.give_word_back(promise, by=request.worker, at=request.now)
        return home(consultation_id), "返事をしたことを記録しました。"

    return run(
        form, act, request=request, back=home(consultation_id), template="intake/word_back.html", sheet=sheet
    )


def _crumb(record: Any) -> str:
    return f"相談 {record.number}" if record.number else f"相談 #{record.id}"
