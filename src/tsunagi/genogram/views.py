"""The pictures, what is written beside them, and the files to take along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from tsunagi.accounts.queries import main_office_id
from tsunagi.people.access import person_for
from tsunagi.people.actions import unrelate
from tsunagi.people.queries import together_with
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.queries import named_on_papers
from tsunagi.ui.pages import bound, download, number_in_address, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

from . import forms
from .access import family_for, ground_of, tie_for
from .actions import NewKin, add_kin, end_tie, write_tie
from .queries import FILES, ecomap, file_of, gallery_pictures, genogram, offices_to_choose, panel
from .rules.roles import Role

TABS = (("genogram", "ジェノグラム"), ("ecomap", "エコマップ"))
DRAWERS = {"genogram": genogram, "ecomap": ecomap}


@reads
def picture(request: HttpRequest, party_id: int) -> HttpResponse:
    """The genogram or the ecomap of a party, with the same in words beside it."""
    party = family_for(request.worker, party_id)
    form = forms.ShownForm(request.GET)
    on = forms.day_asked(form, request.today)
    view, asked = _asked(request, form)
    editing = request.GET.get("edit") == "1" and not asked["masked"]
    shown = DRAWERS[view](
        request.worker, party, on=on, masked=asked["masked"], notation=asked["notation"], editing=editing,
        consented=_consented(request, party, asked),
    )  # fmt: skip
    said = {
        name: str(value)
        for name, value in (
            ("on", request.GET.get("on", "")),
            ("notation", asked["notation"]),
            ("masked", "1" if asked["masked"] else ""),
        )
        if value
    }
    from_case = number_in_address(request, "case")
    led = {"case": str(from_case)} if from_case else {}
    here = reverse("genogram:picture", args=[party.pk])
    return page(
        request, "genogram/picture.html", shown=shown, svg=SafeString(shown.svg), form=form, on=on, view=view,
        tabs=[(words, f"{here}?{urlencode({**said, **led, 'view': key})}", key == view) for key, words in TABS],
        files=[(label, _file_url(party.pk, kind, view, said)) for kind, (label, _type) in FILES.items()],
        editing=editing, party=party, past=on < request.today,
        edit_url=f"{here}?{urlencode({**led, 'view': view, 'edit': '1'})}",
        plain_url=f"{here}?{urlencode({**led, 'view': view})}",
        masked=asked["masked"], here="people", from_case=from_case,
    )  # fmt: skip


def _asked(request: HttpRequest, form: forms.ShownForm) -> tuple[str, dict[str, Any]]:
    cleaned = form.cleaned_data if form.is_valid() else {}
    view = "ecomap" if request.GET.get("view") == "ecomap" else "genogram"
    return view, {"notation": cleaned.get("notation") or "", "masked": bool(cleaned.get("masked"))}


def _consented(request: HttpRequest, party: Any, asked: dict[str, Any]) -> frozenset[int]:
    """Who stands by name on a masked picture: of the household, whoever gave the standard consent in whole, as it stands today."""
    if not asked["masked"]:
        return frozenset()
    return named_on_papers(together_with(party.pk), None, request.today)


def _file_url(party_id: int, kind: str, view: str, said: dict[str, str]) -> str:
    return f"{reverse('genogram:export', args=[party_id, kind])}?{urlencode({**said, 'view': view})}"


@reads
def export(request: HttpRequest, party_id: int, kind: str) -> HttpResponse:
    """The picture as a file: nothing untold, no links; the journal knows who took it, and in what form."""
    if kind not in FILES:
        raise Http404
    party = family_for(request.worker, party_id)
    form = forms.ShownForm(request.GET)
    view, asked = _asked(request, form)
    on = forms.day_asked(form, request.today)
    shown = DRAWERS[view](
        request.worker, party, on=on, masked=asked["masked"], paper=True, notation=asked["notation"],
        consented=_consented(request, party, asked),
    )  # fmt: skip
    leave_trail(
        "genogram.exported", subject_kind=party.kind, subject_id=party.pk, purpose=Purpose.READ_PERSON,
        ground=ground_of(party), detail={"format": kind, "view": view, "masked": asked["masked"]},
    )  # fmt: skip
    _label, content_type = FILES[kind]
    content = file_of(kind, shown, on=on, at=request.now, by=request.worker.name)
    return download(f"{view}-{party.pk}-{on.isoformat()}.{kind}", content, content_type, inline=kind == "pdf")


@reads
def person(request: HttpRequest, party_id: int, who_id: int) -> HttpResponse:
    """Somebody in the picture, or the household itself: what is written of them, what can be added or ended."""
    whose = family_for(request.worker, party_id)
    who = family_for(request.worker, who_id)
    return page(
        request, "genogram/person.html", here="people", panel=panel(request.worker, who, on=request.today), party=whose,
        back=_back(whose.pk, edit=True),
    )  # fmt: skip


@writes
def add(request: HttpRequest, party_id: int, who_id: int) -> HttpResponse:
    """Add a relative: somebody of the picture, or somebody new."""
    whose = family_for(request.worker, party_id)
    who = person_for(request.worker, who_id, Purpose.WRITE_PERSON)
    family_for(request.worker, who_id)
    opened = _sheet("add", "家族を図に足す", str(who.pk), request)
    form = forms.KinForm(bound(request), people=_others(request, whose, who.pk))
    opened.fill(form)

    def act() -> tuple[str, str]:
        said = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        other = said.pop("other")
        chosen = person_for(request.worker, other, Purpose.WRITE_PERSON) if other else None
        wish = NewKin(other=chosen, **(said | {"role": Role(said["role"])}))
        add_kin(who, wish, by=request.worker, at=request.now, office=main_office_id(request.worker))
        return _back(whose.pk, edit=True), "図に足しました。"

    return _run(
        request, form, act, opened, back=_panel(whose.pk, who.pk), title="家族を図に足す", button="足す",
        words="図の中の方を選ぶか、はじめての方を書きます。ほかの記録の方は、人のページの「関係を書く」でさがせます。",
    )  # fmt: skip


@writes
def tie(request: HttpRequest, party_id: int, who_id: int) -> HttpResponse:
    """Write what stands between two of the picture: kind of parenthood, separation, twins, feelings, a pregnancy."""
    whose = family_for(request.worker, party_id)
    who = person_for(request.worker, who_id, Purpose.WRITE_PERSON)
    family_for(request.worker, who_id)
    opened = _sheet("tie", "つながりを書く", str(who.pk), request)
    form = forms.TieForm(
        bound(request), people=_others(request, whose, who.pk), name=who.name or "この方",
        initial={"other": request.GET.get("with", "")},
    )  # fmt: skip
    opened.fill(form)

    def act() -> tuple[str, str]:
        write_tie(form.wish(who.pk), by=request.worker, at=request.now)
        return _back(whose.pk, edit=True), "書きました。前に書いたことは、その日までの図に残ります。"

    return _run(
        request, form, act, opened, back=_panel(whose.pk, who.pk), title="つながりを書く", button="書く",
        words="同じことを書き直すと、前のものは終わりになり、これまでの図には残ります。",
    )  # fmt: skip


@writes
def around(request: HttpRequest, party_id: int, who_id: int) -> HttpResponse:
    """Write a tie to the world around: an office, a person, a place."""
    whose = family_for(request.worker, party_id)
    who = family_for(request.worker, who_id, Purpose.WRITE_PERSON)
    opened = _sheet("around", "まわりとのつながり", str(who.pk), request)
    form = forms.AroundForm(
        bound(request), people=_others(request, whose, who.pk),
        offices=[(choice.value, choice.words) for choice in offices_to_choose()],
    )  # fmt: skip
    opened.fill(form)

    def act() -> tuple[str, str]:
        write_tie(form.wish(who.pk), by=request.worker, at=request.now)
        return f"{_back(whose.pk)}?view=ecomap&edit=1", "エコマップに書きました。"

    return _run(
        request, form, act, opened, back=_panel(whose.pk, who.pk), title="まわりとのつながりを書く", button="書く",
        words="機関・人・場所のうち、ひとつを選ぶか書いてください。",
    )  # fmt: skip


@writes
def relation_end(request: HttpRequest, party_id: int, who_id: int, relation_id: int) -> HttpResponse:
    """Take a relation back; the row stays, and pictures of earlier days show it."""
    whose = family_for(request.worker, party_id)
    who = person_for(request.worker, who_id, Purpose.WRITE_PERSON)
    seen = panel(request.worker, family_for(request.worker, who_id), on=request.today)
    relation = next((row for row in seen.relations if row.id == relation_id), None)
    if relation is None:
        raise Http404
    if request.method == "POST":
        unrelate(relation.id, by=request.worker, at=request.now)
        messages.success(request, "関係を取り消しました。これまでの図には残っています。")
        return redirect(_panel(whose.pk, who.pk))
    return page(
        request,
        "genogram/end.html",
        words=relation.words,
        back=_panel(whose.pk, who.pk),
        title="関係を取り消す",
    )


@writes
def tie_end(request: HttpRequest, party_id: int, who_id: int, tie_id: int) -> HttpResponse:
    """A tie does not stand any more; the row stays, and pictures of earlier days show it."""
    whose = family_for(request.worker, party_id)
    found = tie_for(request.worker, who_id, tie_id)
    seen = panel(request.worker, family_for(request.worker, who_id), on=request.today)
    row = next((row for row in seen.ties if row.id == found.pk), None)
    if row is None:
        raise Http404
    back = _panel(whose.pk, who_id)
    if request.method == "POST":
        end_tie(found, by=request.worker, at=request.now)
        messages.success(request, "つながりを終わりにしました。これまでの図には残っています。")
        return redirect(back)
    return page(
        request,
        "genogram/end.html",
        here="people",
        words=row.words,
        back=back,
        title="つながりを終わりにする",
    )


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Ten hard families, invented. Only in development (DEBUG or TSUNAGI_GALLERY)."""
    return page(request, "genogram/gallery.html", pictures=gallery_pictures())


# -- the pieces ---------------------------------------------------------------------------------------------


def _back(party_id: int, *, edit: bool = False) -> str:
    return reverse("genogram:picture", args=[party_id]) + ("?edit=1" if edit else "")


def _panel(party_id: int, who_id: int) -> str:
    return reverse("genogram:person", args=[party_id, who_id])


def _others(request: HttpRequest, whose: Any, who_id: int) -> list[tuple[str, str]]:
    """Who else is in the picture, as far as this worker may open them."""
    shown = genogram(request.worker, whose, on=request.today)
    return [(str(pk), words) for pk, words in shown.people if pk != who_id]


def _sheet(kind: str, title: str, subject: str, request: HttpRequest) -> Sheet:
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(
        request.worker,
        number,
        kind=f"genogram.{kind}",
        title=title,
        link=request.get_full_path(),
        subject=subject,
    )


def _run(
    request: HttpRequest,
    form: Any,
    act: Callable[[], tuple[str, str]],
    opened: Sheet,
    *,
    back: str,
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form (again)."""
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["draft"]
        try:
            claim(request.worker, number)
            link, sentence = act()
            consume(request.worker, number, link, request.now)
        except AlreadyDone as before:
            return redirect(before.result_link or back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, sentence)
            return redirect(link)
    return page(request, "genogram/form.html", here="people", form=form, sheet=opened, back=back, **context)
