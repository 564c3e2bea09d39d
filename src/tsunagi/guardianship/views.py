"""Who may act for a person, and 市長申立て step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding.actions import Stale
from tsunagi.people.access import sight_of
from tsunagi.people.queries import name_of, shown_name
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, number_in_address, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

from . import actions, forms
from .access import (
    petition_for,
    power_for,
    reads_money,
    shown_party_for,
    supported_person_for,
)
from .access import (
    writes as may_write,
)
from .queries import (
    HOLDER_KINDS,
    SOURCES,
    answering_for,
    code_choices,
    holder_choices,
    holder_offices,
    likely_owner,
    owners_for,
    persons_to_choose,
    petition_card,
    petitions_of,
    power_page,
    powers_of,
)
from .rules import NO_MEDICAL_CONSENT, STEPS, WHAT_IT_IS, Step, next_step

CALLED = {"holder_id": "holder", "successor": "successor", "how": "how"}


@reads
def index(request: HttpRequest, party_id: int) -> HttpResponse:
    """Powers over a person (of a household: over its members), and applications; those that are over stand below."""
    party = shown_party_for(request.worker, party_id, on=request.today)
    powers = powers_of(request.worker, party.pk, request.today, ended=True)
    petitions = petitions_of(request.worker, party.pk, request.now)
    answering = answering_for("power", [card.id for card in powers if not card.is_over], request.now)
    return page(
        request, "guardianship/index.html", party=party, name=name_of(party), here="people",
        living=[(card, answering.get(card.id)) for card in powers if not card.is_over],
        over=[card for card in powers if card.is_over], petitions=petitions,
        under_way=any(card.is_open for card in petitions),
        persons=persons_to_choose(request.worker, party.pk, request.today),
        may_write=may_write(party.sight), medical=NO_MEDICAL_CONSENT,  # type: ignore[attr-defined]
        from_case=number_in_address(request, "case"),
    )  # fmt: skip


@writes
def power_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Write down that somebody may act for this person; `?follows=` says after which power."""
    person = supported_person_for(request.worker, party_id, on=request.today)
    asked = request.GET.get("follows", "")
    follows = (
        power_for(request.worker, int(asked), on=request.today, write=True) if asked.isdecimal() else None
    )
    opened = _sheet(request, "power", "代わりに動ける人", str(party_id))
    form = _power_form(
        request, person, initial={"owner": likely_owner(request.worker, person.pk)}, money=True
    )
    opened.fill(form)

    def act() -> tuple[str, str]:
        made = actions.state_power(
            person, form.wish(), owner_id=form.cleaned_data["owner"], follows=follows, by=request.worker, at=request.now
        )  # fmt: skip
        return reverse("guardianship:power", args=[made.pk]), "書きました。"

    back = reverse("guardianship:index", args=[person.pk])
    return _run(
        request, form, act, back, template="guardianship/power_form.html", title="代わりに動ける人を書く", sheet=opened,
        lead=f"{shown_name(person)}さんに代わって契約・署名・受領ができる人を書きます。", medical=NO_MEDICAL_CONSENT,
    )  # fmt: skip


@reads
def power(request: HttpRequest, power_id: int) -> HttpResponse:
    """One power: who, in what, until when, and who answers for what comes after."""
    found = power_for(request.worker, power_id, on=request.today)
    sight = sight_of(request.worker, found.person_id, on=request.today)
    return page(
        request, "guardianship/power.html", power=power_page(request.worker, found, request.now), here="people",
        back=reverse("guardianship:index", args=[found.person_id]), medical=NO_MEDICAL_CONSENT,
        may_write=sight is not None and may_write(sight),
    )  # fmt: skip


@writes
def power_edit(request: HttpRequest, power_id: int) -> HttpResponse:
    """Correct what is written; the older words stay."""
    found = power_for(request.worker, power_id, on=request.today, write=True)
    opened = _sheet(request, "power", "代わりに動ける人", f"power:{power_id}")
    names = [name for name in forms.PowerForm.base_fields if hasattr(found, name)]
    start = {name: getattr(found, name) for name in names} | {
        "holder": found.holder_id,
        "holder_office": found.holder_office_id,
    }
    sight = sight_of(request.worker, found.person_id, on=request.today)
    money = sight is not None and reads_money(sight)
    form = _power_form(request, found.person, initial=start, corrects=True, money=money)
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        wish = form.wish() if money else actions.keep_costs(form.wish(), found)
        actions.correct_power(
            found, wish, revision=typed["revision"] or 0, why=typed["why"], by=request.worker, at=request.now
        )
        return reverse("guardianship:power", args=[power_id]), "直しました。前の内容も残っています。"

    back = reverse("guardianship:power", args=[power_id])
    return _run(
        request, form, act, back, template="guardianship/power_form.html", title="直す", sheet=opened, theirs=found,
        lead="前に書かれていたことは、履歴として残ります。", medical=NO_MEDICAL_CONSENT,
    )  # fmt: skip


@writes
def power_settle(request: HttpRequest, power_id: int) -> HttpResponse:
    """What comes after the end: settled, or looked at again on a day."""
    found = power_for(request.worker, power_id, on=request.today, write=True)
    opened = _sheet(request, "settle", "あとのことを決める", str(power_id))
    form = forms.SettleForm(bound(request), initial={"revision": found.revision})
    others = powers_of(request.worker, found.person_id, request.today)
    form.offer(
        "successor",
        [(card.id, f"{card.kind_label} {card.holder_name}") for card in others if card.id != found.pk],
        "選ばない",
    )
    form.offer("owner", owners_for(request.worker, found.person_id), "いまの人のまま")
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        link = reverse("guardianship:power", args=[power_id])
        if typed["what"] == "later":
            actions.look_again(
                found, typed["due_on"], owner_id=typed["owner"], words=typed["words"], by=request.worker, at=request.now
            )  # fmt: skip
            return link, "次に確かめる日を決めました。"
        actions.settle_by(
            found, typed["successor"], words=typed["words"], revision=typed["revision"] or 0, by=request.worker,
            at=request.now,
        )  # fmt: skip
        return link, "あとのことを書きました。"

    return _run(
        request, form, act, reverse("guardianship:power", args=[power_id]), title="あとのことを決める", sheet=opened,
        lead="後見・契約・支援が終わったあと、だれが本人を支えるかを決めます。", follows=found,
    )  # fmt: skip


@writes
def power_end(request: HttpRequest, power_id: int) -> HttpResponse:
    """Say that it is over."""
    found = power_for(request.worker, power_id, on=request.today, write=True)
    opened = _sheet(request, "end", "終わったと書く", str(power_id))
    form = opened.fill(forms.EndForm(bound(request), initial={"revision": found.revision}))

    def act() -> tuple[str, str]:
        typed = form.cleaned_data  # type: ignore[attr-defined]
        actions.end_power(
            found, how=typed["how"], ended_on=typed["ended_on"], words=typed["words"], revision=typed["revision"] or 0,
            by=request.worker, at=request.now,
        )  # fmt: skip
        return reverse("guardianship:index", args=[found.person_id]), "終わったと書きました。"

    return _run(
        request, form, act, reverse("guardianship:power", args=[power_id]), title="終わったと書く", sheet=opened,
        lead="日が来ただけでは終わりません。確かめてから書いてください。",
    )  # fmt: skip


# -- 市長申立て ----------------------------------------------------------------------------------------------------------


@writes
def petition_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Begin an application."""
    person = supported_person_for(request.worker, party_id, on=request.today)
    opened = _sheet(request, "petition", "市長申立て", str(party_id))
    form = forms.PetitionForm(
        bound(request), initial={"owner": likely_owner(request.worker, person.pk), "asked_on": request.today}
    )
    form.offer("owner", owners_for(request.worker, person.pk), "わたし")
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = {
            name: value
            for name, value in form.cleaned_data.items()
            if name not in ("draft", "revision", "owner")
        }
        made = actions.open_petition(
            person, **typed, owner_id=form.cleaned_data["owner"], by=request.worker, at=request.now
        )
        return reverse("guardianship:petition", args=[made.pk]), "市長申立てを始めました。"

    return _run(
        request, form, act, reverse("guardianship:index", args=[person.pk]), title="市長申立てを始める", sheet=opened,
        lead=WHAT_IT_IS[Step.REQUEST],
    )  # fmt: skip


@reads
def petition(request: HttpRequest, petition_id: int) -> HttpResponse:
    """One application: its steps, who answers for the open one, costs."""
    found = petition_for(request.worker, petition_id, on=request.today)
    return page(
        request, "guardianship/petition.html", petition=petition_card(request.worker, found, request.now), here="people",
        back=reverse("guardianship:index", args=[found.person_id]),
    )  # fmt: skip


@writes
def petition_step(request: HttpRequest, petition_id: int) -> HttpResponse:
    """The open step is done, or left out."""
    found = petition_for(request.worker, petition_id, on=request.today, write=True)
    card = petition_card(request.worker, found, request.now)
    now_at = Step(card.now_at) if card.now_at else STEPS[-1]
    following = next_step(now_at)
    opened = _sheet(request, "step", f"市長申立て：{now_at.label}", f"{petition_id}:{now_at}")
    start = {"revision": found.revision, "owner": card.answering.row.worker_id if card.answering else None}
    form = forms.StepForm(bound(request), is_last=following is None, initial=start)
    if following is None:
        powers = powers_of(request.worker, found.person_id, request.today)
        form.offer(
            "power", [(one.id, f"{one.kind_label} {one.holder_name}") for one in powers], "まだ書いていない"
        )
    else:
        form.offer("owner", owners_for(request.worker, found.person_id))
    opened.fill(form)

    def act() -> tuple[str, str]:
        done = actions.finish_step(
            found, now_at, **forms.step(form.cleaned_data), by=request.worker, at=request.now
        )
        said = "引き継ぎまで終わりました。" if following is None else f"次は「{following.label}」です。"
        return reverse("guardianship:petition", args=[done.pk]), said

    return _run(
        request, form, act, reverse("guardianship:petition", args=[petition_id]), title=f"「{now_at.label}」が済んだ",
        sheet=opened, lead=WHAT_IT_IS[following] if following else "", next_label=following.label if following else "",
    )  # fmt: skip


@writes
def petition_move(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Another day, or another worker, for the open step."""
    found = petition_for(request.worker, petition_id, on=request.today, write=True)
    opened = _sheet(request, "move", "市長申立て：日と担当", str(petition_id))
    form = forms.MoveForm(bound(request), initial={"revision": found.revision})
    form.offer("owner", owners_for(request.worker, found.person_id), "いまの人のまま")
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.move_step(
            found, due_on=typed["due_on"], owner_id=typed["owner"], words=typed["words"], revision=typed["revision"] or 0,
            by=request.worker, at=request.now,
        )  # fmt: skip
        return reverse("guardianship:petition", args=[petition_id]), "日と担当を替えました。"

    return _run(
        request, form, act, reverse("guardianship:petition", args=[petition_id]), title="日・担当を替える", sheet=opened
    )  # fmt: skip


@writes
def petition_edit(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Court, number, costs, aid."""
    found = petition_for(request.worker, petition_id, on=request.today, write=True)
    money = petition_card(request.worker, found, request.now).shows_money
    opened = _sheet(request, "describe", "市長申立て：費用・事件番号", str(petition_id))
    names = ("aimed", "court", "case_number", "fee_words", "aid", "aid_words", "revision")
    form = forms.DescribeForm(
        bound(request), money=money, initial={name: getattr(found, name) for name in names}
    )
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        revision = typed.pop("revision") or 0
        actions.describe_petition(found, revision=revision, by=request.worker, at=request.now, **typed)
        return reverse("guardianship:petition", args=[petition_id]), "書きました。"

    return _run(
        request, form, act, reverse("guardianship:petition", args=[petition_id]), title="費用・裁判所を書く", sheet=opened,
        theirs=found,
    )  # fmt: skip


@writes
def petition_stop(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Give the application up."""
    found = petition_for(request.worker, petition_id, on=request.today, write=True)
    opened = _sheet(request, "stop", "市長申立てを取りやめる", str(petition_id))
    form = opened.fill(forms.StopForm(bound(request), initial={"revision": found.revision}))

    def act() -> tuple[str, str]:
        typed = form.cleaned_data  # type: ignore[attr-defined]
        actions.stop_petition(
            found, words=typed["words"], revision=typed["revision"] or 0, by=request.worker, at=request.now
        )
        return reverse("guardianship:petition", args=[petition_id]), "申立てを取りやめました。"

    return _run(
        request, form, act, reverse("guardianship:petition", args=[petition_id]), title="申立てを取りやめる", sheet=opened
    )  # fmt: skip


# -- pieces --------------------------------------------------------------------------------------------------------------


def _power_form(request: HttpRequest, person: Any, **how: Any) -> forms.PowerForm:
    form = forms.PowerForm(bound(request), **how)
    form.offer("holder", holder_choices(request.worker, person, request.today), "選ばない")
    form.offer("holder_office", holder_offices(), "選ばない")
    form.offer("holder_kind", code_choices(HOLDER_KINDS), "選ばない")
    form.offer("source", code_choices(SOURCES), "まだ確かめていない")
    if "owner" in form.fields:
        form.offer("owner", owners_for(request.worker, person.pk))
    return form


def _sheet(request: HttpRequest, kind: str, title: str, subject: str) -> Sheet:
    number = request.POST.get("draft") or request.GET.get("draft")
    link = request.get_full_path()
    return sheet(request.worker, number, kind=f"guardianship.{kind}", title=title, link=link, subject=subject)


def _run(
    request: HttpRequest,
    form: Any,
    act: Callable[[], tuple[str, str]],
    back: str,
    *,
    template: str = "guardianship/deed.html",
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form (again), with both texts when somebody was first."""
    status, stale = None, ""
    if form.is_bound and form.is_valid():
        number = form.cleaned_data.get("draft")
        try:
            claim(request.worker, number)
            link, sentence = act()
            consume(request.worker, number, link, request.now)
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as before:
            return redirect(before.result_link or back)
        except Stale as refusal:
            status, stale = 409, str(refusal)
        except Refused as refusal:
            name = CALLED.get(refusal.field or "", refusal.field or "")
            form.add_error(name if name in form.fields else None, str(refusal))
    context.setdefault("lead", "")
    context.setdefault("theirs", None)
    return page(request, template, status=status, form=form, back=back, stale=stale, here="people", **context)
