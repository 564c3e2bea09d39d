"""An item: proposed, arranged, read by its members, decided; its roles."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from tsunagi.holding.queries import party_label
from tsunagi.meetings import actions, forms, queries
from tsunagi.meetings.access import (
    agenda_item_for,
    convened_item_for,
    decision_for,
    is_asked,
    is_open_to,
    item_for,
    may_say_of,
    prepares,
    proposal_for,
    role_for,
)
from tsunagi.meetings.rules import (
    NEVER,
    ROLE_MOVES,
    WITHOUT_CONSENT,
    ItemKind,
    Mode,
    RoleDeed,
    RoleState,
    way_out,
)
from tsunagi.people.access import party_for, seen_among
from tsunagi.people.queries import members_of, party_names
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import opened, run


def _sitting(item: Any) -> str:
    return reverse("meetings:sitting", args=[item.sitting_id])


def _item(item: Any) -> str:
    return reverse("meetings:item", args=[item.pk])


# -- proposing ------------------------------------------------------------------------------------------------

_ABOUT = ("case", "plan", "concern", "gap")


def _number(data: QueryDict, name: str) -> int | None:
    value = data.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _brought(request: HttpRequest, party_id: int | None) -> tuple[list[tuple[int, str]], list[str]]:
    """Whom an item may be about (of a household also its members), and what this worker sees of them."""
    if party_id is None:
        return [], []
    party: Any = party_for(request.worker, party_id, on=request.today)
    family = members_of(party.pk) if party.kind == PartyKind.HOUSEHOLD else []
    ids = [party.pk, *(pk for pk in family if pk in seen_among(request.worker, family))]
    names = party_names(request.worker, ids)
    facets = [
        facet.value for facet in Facet if facet.value in party.sight.facets and facet.value not in NEVER
    ]
    return [(pk, names[pk]) for pk in ids], facets


def _as_support(request: HttpRequest) -> QueryDict | None:
    """What was sent; with the way out pressed, as an item of 支援会議."""
    data = bound(request)
    if data is None or "as_support" not in data:
        return data
    data = data.copy()
    data["mode"], data["kind"] = Mode.SUPPORT.value, ItemKind.PERSON.value
    return data


def _start(
    request: HttpRequest, about: dict[str, int | None], party_id: int | None, sittings: list[tuple[int, str]]
) -> dict[str, Any]:
    papers = ItemKind.RESOURCES if about["gap_id"] else ItemKind.PROGRESS
    kind = ItemKind.PLAN if about["plan_id"] else ItemKind.PERSON if party_id else papers
    mode = Mode.LAYERED if about["plan_id"] else Mode.SUPPORT if party_id else Mode.NO_PERSONS
    first = sittings[0][0] if sittings else None
    return {
        "minutes": 15, "sitting": _number(request.GET, "sitting") or first, "party": party_id, "kind": kind.value,
        "mode": mode.value,
    }  # fmt: skip


@writes
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an item: of somebody this worker sees (`?party=`, with a file, plan or concern), or without persons."""
    require(request.worker, Purpose.ATTEND)
    about = {f"{name}_id": _number(request.GET, name) for name in _ABOUT}
    party_id = _number(request.GET, "party")
    people, facets = _brought(request, party_id)
    if party_id is None and any(number for name, number in about.items() if name != "gap_id"):
        raise Http404
    draft = opened(request, "propose", "議題を提案する", f"{party_id or 0}")
    sittings = queries.sitting_choices(request.today, of_persons=party_id is not None)
    form = forms.ProposeForm(
        _as_support(request), sittings=sittings, parties=people, facets=facets,
        initial=_start(request, about, party_id, sittings) | {"draft": draft.id},
    )  # fmt: skip
    draft.fill(form)
    back = reverse("cases:detail", args=[about["case_id"]]) if about["case_id"] else reverse("meetings:index")

    def act() -> tuple[str, str]:
        chosen = actions.sitting_to_propose(form.cleaned_data["sitting"])
        made = actions.propose(chosen, form.wish(**about), by=request.worker, at=request.now)
        return (
            back,
            "提案しました。事務局が取り上げると、選ばれた方に開きます。"
            if made.party_id
            else "提案しました。",
        )

    return run(
        request, form, act, draft=draft, title="議題を提案する", key="提案する", back=back, template="meetings/propose.html",
        whose=people[0][1] if people else "", no_sittings=not sittings, ways=queries.ways(people, request.today),
        already=queries.on_an_agenda(request.worker, people[0][0], request.now) if people else (),
    )  # fmt: skip


@writes
def take_back(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take back what one proposed oneself."""
    found = proposal_for(request.worker, item_id)
    draft = opened(request, "take_back", "提案を取り下げる", item_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})
    draft.fill(form)

    def act() -> tuple[str, str]:
        actions.withdraw_item(found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now)
        return reverse("meetings:index"), "提案を取り下げました。"

    return run(
        request, form, act, draft=draft, title="提案を取り下げる", key="取り下げる", back=reverse("meetings:index"),
        lead=f"{party_label(found.party) or found.title}のこと",
    )  # fmt: skip


# -- reading --------------------------------------------------------------------------------------------------


@reads
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """An item, for the members chosen for it: what is asked, what they may see, what was decided."""
    found = item_for(request.worker, item_id, request.today)
    return page(request, "meetings/item.html", item=queries.item_page(request.worker, found, request.now))


@writes
def item_edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """Change what is asked: whoever prepares the sitting and reads the item."""
    found = convened_item_for(request.worker, item_id, request.today)
    draft = opened(request, "item", "議題の論点", item_id)
    form = forms.ItemForm(
        bound(request), titled=found.mode == Mode.NO_PERSONS,
        initial={"draft": draft.id, "revision": found.revision, "asked": found.asked, "minutes": found.minutes, "title": found.title},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.change_item(
            found, asked=typed["asked"], minutes=typed["minutes"], title=typed.get("title", ""), revision=typed["revision"] or 0,
            by=request.worker, at=request.now,
        )  # fmt: skip
        return _item(found), "議題の論点を変えました。"

    return run(
        request, form, act, draft=draft, title="議題の論点", back=_item(found), stored_revision=found.revision
    )


# -- arranging ------------------------------------------------------------------------------------------------


@writes
def arrange(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item on the agenda of who prepares it: taken up, its members, its basis, another sitting, off."""
    found = agenda_item_for(request.worker, item_id, request.today)
    draft = opened(request, "take", "議題を取り上げる", item_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.take_item(found, by=request.worker, at=request.now)
        back = (
            _sitting(found) if found.mode == Mode.NO_PERSONS else reverse("meetings:members", args=[item_id])
        )
        return (
            back,
            "取り上げました。次に、この議題の構成員を選んでください。"
            if found.party_id
            else "取り上げました。",
        )

    (card,) = queries.item_cards(request.worker, [found], request.today)
    return run(
        request, form, act, draft=draft, title="議題を整える", key="取り上げる", back=_sitting(found),
        template="meetings/arrange.html", item=card, seats=queries.seats_of(found), was_heard=actions.was_heard(found),
        can_read=is_open_to(request.worker, found, request.today), other_modes=_other_modes(found),
    )  # fmt: skip


def _other_modes(found: Any) -> list[tuple[str, str]]:
    if found.mode == Mode.NO_PERSONS:
        return []
    return [
        (mode, Mode.label_of(mode))
        for mode in actions.modes_at(found.sitting)
        if mode not in (found.mode, Mode.NO_PERSONS)
    ]


@writes
def members(request: HttpRequest, item_id: int) -> HttpResponse:
    """Choose the members for an item, and how much each sees."""
    found = agenda_item_for(request.worker, item_id, request.today)
    draft = opened(request, "members", "議題の構成員を選ぶ", item_id)
    known = {
        row.member_id: list(row.facets) for row in found.members.filter(closed_at__isnull=True).order_by("id")
    }
    allowed = {row.pk for row in actions.members_for(found, request.now)}
    bodies = actions.bodies_at(found.sitting)
    rows = [
        card
        for body in bodies
        for card in queries.member_cards(body, request.today, request.worker)
        if card.id in allowed
    ]
    form = forms.ChooseForm(
        bound(request), members=rows, facets=found.facets, known=known, initial={"draft": draft.id}
    )

    def act() -> tuple[str, str]:
        made = actions.choose_members(found, form.chosen(), by=request.worker, at=request.now)
        waiting = sum(row.opened_at is None for row in made)
        said = f"{len(made)}人を選びました。"
        if waiting and found.state == "taken":
            said += f"うち{waiting}人は、守秘義務を確かめると読めます。"
        return _sitting(found), said

    (card,) = queries.item_cards(request.worker, [found], request.today)
    return run(
        request, form, act, draft=draft, title="議題の構成員を選ぶ", key="この方たちに開く", back=_sitting(found),
        template="meetings/members.html", item=card, by_consent=found.mode not in WITHOUT_CONSENT,
    )  # fmt: skip


@writes
def mode(request: HttpRequest, item_id: int) -> HttpResponse:
    """Another basis: consent came, or it is missing."""
    found = agenda_item_for(request.worker, item_id, request.today)
    draft = opened(request, "mode", "議題の根拠を変える", item_id)
    out = way_out(actions.modes_at(found.sitting))
    others = _other_modes(found)
    form = forms.ModeForm(
        bound(request), modes=others, initial={"draft": draft.id, "mode": others[0][0] if others else ""}
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.change_mode(found, typed["mode"], reason=typed["reason"], by=request.worker, at=request.now)
        return _sitting(found), "議題の根拠を変えました。新しい根拠で見られる方にだけ開いています。"

    return run(
        request, form, act, draft=draft, title="議題の根拠を変える", key="変える", back=_sitting(found),
        lead="根拠を変えると、前の根拠で開いていたものは閉じ、新しい根拠で見られる方にだけ開き直します。話し合いを始めた議題の根拠は変えられません。",
        way_out=out,
    )  # fmt: skip


@writes
def move(request: HttpRequest, item_id: int) -> HttpResponse:
    """見送り: to another sitting."""
    found = agenda_item_for(request.worker, item_id, request.today)
    draft = opened(request, "move", "別の会議に送る", item_id)
    form = forms.MoveForm(
        bound(request),
        sittings=queries.sitting_choices(request.today, but=found.sitting_id),
        initial={"draft": draft.id},
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        later = actions.sitting_to_propose(typed["sitting"])
        actions.move_item(found, later, reason=typed["reason"], by=request.worker, at=request.now)
        return _sitting(found), "見送りました。送った先の会議で、もう一度取り上げられます。"

    return run(
        request, form, act, draft=draft, title="見送って、別の会議に送る", key="送る", back=_sitting(found)
    )


@writes
def off(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an item off."""
    found = agenda_item_for(request.worker, item_id, request.today)
    draft = opened(request, "off", "議題を取り下げる", item_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})
    draft.fill(form)

    def act() -> tuple[str, str]:
        actions.withdraw_item(found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now)
        return _sitting(found), "取り下げました。だれにも開いていません。"

    return run(
        request, form, act, draft=draft, title="議題を取り下げる", key="取り下げる", back=_sitting(found)
    )


# -- deciding -------------------------------------------------------------------------------------------------


@writes
def decide(request: HttpRequest, item_id: int) -> HttpResponse:
    """Write what was decided, and who does what by when."""
    found = convened_item_for(request.worker, item_id, request.today)
    draft = opened(request, "decide", "決まったことを書く", item_id)
    data = bound(request)
    form = forms.DecideForm(
        data, mode=found.mode, has_plan=found.plan_id is not None, has_concern=found.concern_id is not None,
        initial={"draft": draft.id, "words": found.live_decision},
    )  # fmt: skip
    draft.fill(form)
    kept = data if data is not None else draft.data if draft.saved_at is not None else None
    rows = forms.role_rows(kept, forms.who_choices(queries.who_may_take(found)))

    def act() -> tuple[str, str]:
        actions.decide_item(found, form.wish(rows), by=request.worker, at=request.now)
        return _item(found), "決まったことを記録しました。役割は、その方の今日の画面に出ます。"

    return run(
        request, form, act, draft=draft, title="決まったことを書く", key="記録する", back=_item(found), rows=rows,
        template="meetings/decide.html", item=queries.item_page(request.worker, found, request.now), row_count=len(rows),
    )  # fmt: skip


@writes
def done(request: HttpRequest, item_id: int) -> HttpResponse:
    """The item was spoken of."""
    found = convened_item_for(request.worker, item_id, request.today)
    draft = opened(request, "done", "議題を終える", item_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.finish_item(found, by=request.worker, at=request.now)
        return _sitting(
            found
        ), "議題を終えました。この議題で見られた記録は閉じました。決まったことは読めます。"

    return run(
        request, form, act, draft=draft, title="この議題を終える", key="済みにする", back=_item(found),
        lead="この議題で見られた記録は閉じます。決まったことと役割は、選ばれた方がこのあとも読めます。",
    )  # fmt: skip


@writes
def decision_back(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back."""
    found = decision_for(request.worker, decision_id, request.today)
    draft = opened(request, "decision_back", "決定を取り消す", decision_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})
    draft.fill(form)

    def act() -> tuple[str, str]:
        actions.take_back_decision(
            found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now
        )
        return _item(found.item), "決定を取り消しました。役割も取りやめました。"

    return run(
        request, form, act, draft=draft, title="決定を取り消す", key="取り消す", back=_item(found.item),
        lead="この決定から出た、終わっていない役割も取りやめになります。",
    )  # fmt: skip


@writes
def role(request: HttpRequest, role_id: int) -> HttpResponse:
    """A role a meeting gave: whether it is taken, what became of it."""
    found = role_for(request.worker, role_id, request.today)
    card = queries.role_card(found)
    asked = is_asked(request.worker, found)
    may_say = may_say_of(request.worker, found, request.today)
    deeds = _deeds(request, found, asked=asked, may_say=may_say)
    draft = opened(request, "role", "役割のようすを書く", role_id)
    the_item = found.decision.item
    form = forms.RoleForm(
        bound(request) if deeds else None, deeds=deeds, workers=forms.who_choices(queries.who_may_take(the_item)),
        initial={"draft": draft.id},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        worker_id, office_id = forms.who_of(typed.get("who"))
        actions.say_of_role(
            found, typed["deed"], words=typed["words"], due_on=typed.get("due_on"), worker_id=worker_id, office_id=office_id,
            by=request.worker, at=request.now,
        )  # fmt: skip
        return reverse("meetings:index"), "役割のようすを記録しました。"

    sees = the_item.party_id is not None and bool(seen_among(request.worker, [the_item.party_id]))
    return run(
        request, form, act, draft=draft, title=found.what, key="記録する", back=reverse("meetings:index"),
        template="meetings/role.html", role=card, deeds=deeds, notes=queries.notes_of(found),
        whose=party_label(the_item.party) if sees else "", party_id=the_item.party_id if sees else None,
        mode_label=Mode.label_of(the_item.mode), opens_item=is_open_to(request.worker, the_item, request.today),
    )  # fmt: skip


def _deeds(request: HttpRequest, found: Any, *, asked: bool, may_say: bool) -> list[RoleDeed]:
    """What this worker may say of it: who is asked answers, who answers goes on, who prepares the sitting looks again."""
    possible = ROLE_MOVES.get(RoleState(found.state), {})
    answers = (RoleDeed.ACCEPT, RoleDeed.DECLINE)
    offered = [deed for deed in possible if (asked if deed in answers else may_say)]
    if RoleDeed.REVIEW in offered and not prepares(
        request.worker, found.decision.item.sitting, request.today
    ):
        offered.remove(RoleDeed.REVIEW)
    return offered
