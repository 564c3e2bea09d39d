"""Households, relations, and people not yet known."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id
from tsunagi.people import actions, forms
from tsunagi.people.access import household_for, person_for, unknown_for
from tsunagi.people.queries import household_card, person_card, relations_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._flow import asked, choosable, found, home, opened_sheet, run, sent


@reads
def household(request: HttpRequest, party_id: int) -> HttpResponse:
    """Who lives there, as far as this worker may see."""
    card = household_card(request.worker, household_for(request.worker, party_id), on=request.today)
    return page(request, "people/household.html", household=card, back=home(card.id))


@writes
def household_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Start a household with this person in it."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("household_new", "世帯の登録", request.path, request=request)
    form = forms.HouseholdForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        made = actions.start_household(
            by=request.worker, at=request.now, members=[(person, "self")],
            office=main_office_id(request.worker), **form.said(),
        )  # fmt: skip
        return reverse("people:household", args=[made.pk]), "世帯を作りました。ほかの方を足してください。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="世帯を作る",
        button="作る", back=home(person.pk),
    )  # fmt: skip


@writes
def household_edit(request: HttpRequest, party_id: int) -> HttpResponse:
    """Change what a household is called and how it lives."""
    current = household_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("household_edit", "世帯の変更", request.path, request=request)
    shown = household_card(request.worker, current, on=request.today)
    initial = {"label": current.label, "household_type": current.household_type, "note": shown.note}
    form = forms.HouseholdForm(bound(request), initial=initial)
    sheet.fill(form)
    back = reverse("people:household", args=[current.pk])

    def act() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or current.revision
        said = form.said()
        if not shown.whole and not said["note"]:
            said["note"] = current.note  # withheld, not emptied
        actions.change_household(current, by=request.worker, at=request.now, revision=revision, **said)
        return back, "世帯の記録を直しました。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="世帯の記録を直す",
        button="保存する", back=back, revision=current.revision,
    )  # fmt: skip


@writes
def member_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Add somebody who was searched for. Only persons this worker may open can be chosen."""
    current = household_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("member", "世帯に足す", request.path, request=request)
    cards = found(request)
    form = forms.MemberForm(sent(request), persons=choosable(cards))
    sheet.fill(form)
    back = reverse("people:household", args=[current.pk])

    def act() -> tuple[str, str]:
        person = person_for(request.worker, form.cleaned_data["person"], Purpose.WRITE_PERSON)
        said = form.said() | {"person": person}
        actions.join_household(current, by=request.worker, at=request.now, **said)
        return back, "世帯に足しました。"

    return run(
        form, act, request=request, template="people/choose.html", sheet=sheet, title="世帯に足す",
        button="この方を足す", back=back, cards=cards, asked=asked(request),
    )  # fmt: skip


@writes
def member_leave(request: HttpRequest, party_id: int, person_id: int) -> HttpResponse:
    """Take somebody out of a household; what was, stays written."""
    current = household_for(request.worker, party_id, Purpose.WRITE_PERSON)
    member = person_for(request.worker, person_id, Purpose.WRITE_PERSON)
    back = reverse("people:household", args=[current.pk])
    if request.method == "POST":
        try:
            actions.leave_household(current, member, by=request.worker, at=request.now)
            messages.success(request, "世帯から外しました。これまでの記録は残っています。")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(back)
    card = person_card(request.worker, member, on=request.today)
    return page(request, "people/leave.html", person=card, household_id=current.pk, back=back)


@writes
def relation_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Write how this person is related to another one this worker may open."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("relation", "関係の記録", request.path, request=request)
    cards = found(request)
    form = forms.RelationForm(sent(request), persons=choosable(cards, besides=person.pk))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        said = form.said()
        other = person_for(request.worker, said.pop("person"), Purpose.WRITE_PERSON)
        actions.relate(person, other, by=request.worker, at=request.now, **said)
        return home(person.pk), "関係を書きました。"

    return run(
        form, act, request=request, template="people/choose.html", sheet=sheet, title="関係を書く",
        button="関係を書く", back=home(person.pk), cards=cards, asked=asked(request),
    )  # fmt: skip


@writes
def relation_end(request: HttpRequest, party_id: int, relation_id: int) -> HttpResponse:
    """Take a relation back; the row stays."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    relation = next((row for row in relations_of(request.worker, person) if row.id == relation_id), None)
    if relation is None:
        raise Http404
    if request.method == "POST":
        actions.unrelate(relation.id, by=request.worker, at=request.now)
        messages.success(request, "関係を取り消しました。")
        return redirect(home(person.pk))
    return page(request, "people/unrelate.html", relation=relation, back=home(person.pk))


@writes
def unknown_new(request: HttpRequest) -> HttpResponse:
    """Write down someone not yet known: the place, the looks, the words heard."""
    require(request.worker, Purpose.WRITE_PERSON, Reach.INVOLVED)
    sheet = opened_sheet("unknown", "まだ分からない人", reverse("people:unknown_new"), request=request)
    form = forms.UnknownForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        made = actions.note_unknown(
            by=request.worker, at=request.now, office=main_office_id(request.worker), **form.said()
        )
        return home(made.pk), "書きとめました。だれか分かったら、この画面から合わせられます。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="まだ分からない人を書きとめる",
        words="検索や名寄せには出ません。だれか分かったときに、職員が合わせます。", button="書きとめる",
        back=reverse("people:index"),
    )  # fmt: skip


@writes
def unknown_join(request: HttpRequest, party_id: int) -> HttpResponse:
    """Say who it was. Only a worker does this, never the matcher."""
    unknown = unknown_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("join", "だれか分かった", request.path, request=request)
    cards = found(request)
    form = forms.ChosenPerson(sent(request), persons=choosable(cards))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        person = person_for(request.worker, form.cleaned_data["person"], Purpose.WRITE_PERSON)
        root = actions.join_unknown(unknown, person, by=request.worker, at=request.now)
        return home(root.pk), "同じ方として合わせました。間違いのときは、元に戻せます。"

    return run(
        form, act, request=request, template="people/choose.html", sheet=sheet, title="だれか分かった",
        button="この方だった", back=home(unknown.pk), cards=cards, asked=asked(request),
    )  # fmt: skip


@writes
def unknown_part(request: HttpRequest, party_id: int) -> HttpResponse:
    """It was somebody else after all: the record of the one not yet known stands alone again."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    card = person_card(request.worker, person, on=request.today)
    place = dict(card.joined).get(party_id)
    if place is None:
        raise Http404
    if request.method == "POST":
        actions.part_unknown(party_id, by=request.worker, at=request.now)
        messages.success(request, "元に戻しました。どちらの記録も残っています。")
        return redirect(home(person.pk))
    return page(request, "people/part.html", person=card, place=place, back=home(person.pk))
