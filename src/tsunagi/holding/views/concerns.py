"""A concern's page and what its holder does with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id
from tsunagi.holding import actions, forms
from tsunagi.holding.access import concern_for, may_act
from tsunagi.holding.queries import (
    RowMaker,
    closure_ahead,
    concern_page,
    held_by_me_for,
    history_of,
    holds_of_parties,
    parties_together,
    party_label,
)
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, GapKind, PersonSays, ReportedTo, WordOf
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import attach, consume
from tsunagi.workbench.queries import files_of

from ._flow import SECOND_ASKED, colleagues, held, new_draft, opened_draft, run


def _home(concern_id: int) -> str:
    return reverse("holding:concern", args=[concern_id])


def _said(outcome: Any, sentence: str) -> str:
    """A deed that waits for a second person says so."""
    return (
        SECOND_ASKED if type(outcome).__name__ == "SecondWord" else (getattr(outcome, "hint", "") or sentence)
    )


@reads
def concern(request: HttpRequest, concern_id: int) -> HttpResponse:
    """One concern: who holds it, what was done, what may be done."""
    found = concern_for(request.worker, concern_id)
    card = concern_page(found, request.worker, request.now)
    history = history_of([concern_id])
    contacts = [line.contact_id for line in history if line.contact_id]
    return page(
        request,
        "holding/concern.html",
        concern=card,
        history=history,
        files=files_of("contact", contacts),
        may_act=may_act(request.worker, concern_id),
        person_url=reverse("desk:person", args=[card.party_id]) if card.is_seen else "",
        contact_url=f"{reverse('holding:contact')}?concern={concern_id}",
        refer_url=f"{reverse('referrals:new')}?concern={concern_id}",
        edit_url=reverse("holding:edit", args=[concern_id]),
        reopen_url=reverse("holding:reopen", args=[concern_id]),
    )


@writes
def edit(request: HttpRequest, concern_id: int) -> HttpResponse:
    """Correct the words of a concern; a stale form shows both texts."""
    found, _ = held(request, concern_id)
    form = forms.ChangeForm(
        bound(request),
        initial={
            "draft": new_draft(),
            "revision": found.revision,
            "description": found.description,
            "codes": found.codes,
            "person_sees_it": found.person_sees_it,
            "family_support": found.family_support,
        },
    )
    if form.is_valid():
        try:
            values = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
            consume(request.worker, form.cleaned_data["draft"], _home(concern_id), request.now)
            actions.change_concern(found, by=request.worker, at=request.now, **values)
            messages.success(request, "課題の内容を直しました。")
            return redirect(_home(concern_id))
        except actions.Stale as stale:
            return page(
                request,
                "holding/edit.html",
                status=409,
                form=form,
                theirs=found,
                stale=str(stale),
                back=_home(concern_id),
            )
        except Refused as refusal:
            form.add_error("description", str(refusal))
    return page(request, "holding/edit.html", form=form, theirs=None, stale="", back=_home(concern_id))


@writes
def contact(request: HttpRequest) -> HttpResponse:
    """Record one contact for the concerns of a household that I hold; all ticked from the start."""
    asked = request.GET.get("concern", "")
    concern_id = int(asked) if asked.isdigit() else 0
    found = concern_for(request.worker, concern_id)
    parties = parties_together(found.party_id)
    mine = list(held_by_me_for(request.worker, parties)) or [
        hold for hold in holds_of_parties(parties) if hold.concern_id == concern_id
    ]
    rows = [
        (hold.concern_id, f"{party_label(hold.concern.party)}: {hold.concern.description[:40]}")
        for hold in mine
    ]
    link = f"{request.path}?concern={concern_id}"
    draft = opened_draft(request, "holding.contact", "連絡の記録", link, str(concern_id))
    initial = {"draft": draft.id, "concerns": [str(pk) for pk, _ in rows]}
    form = forms.ContactForm(bound(request), concerns=rows, initial=initial)
    draft.fill(form)

    def act(typed: dict[str, Any]) -> str:
        served = [actions.Served(pk, typed["due_on"], typed["urgency"]) for pk in typed["concerns"]]
        recorded = actions.record_contact(
            typed["kind"], served, by=request.worker, at=request.now, happened_at=form.happened_at(request.now),
            means=typed["means"], with_whom=typed["with_whom"], words=typed["words"],
        )  # fmt: skip
        attach(request.worker, typed["draft"], "contact", recorded.contact.pk, at=request.now)
        return " ".join(("連絡を記録しました。", *recorded.hints))

    return run(
        request, form, act, back=_home(concern_id), template="holding/contact.html", concern=found,
        label=party_label(found.party), sheet=draft,
    )  # fmt: skip


@writes
def way(request: HttpRequest, concern_id: int) -> HttpResponse:
    """Go on in another way."""
    found, _ = held(request, concern_id)
    form = forms.WayForm(bound(request), initial={"draft": new_draft(), "kind": request.GET.get("kind", "")})

    def act(typed: dict[str, Any]) -> str:
        done = actions.hold_as(
            typed["kind"],
            concern_id,
            due_on=typed["due_on"],
            reason=typed["reason"],
            by=request.worker,
            at=request.now,
        )
        return _said(done, "受け持ち方を変えました。")

    return run(request, form, act, back=_home(concern_id), title="受け持ち方を変える", concern=found)


@writes
def could_not(request: HttpRequest, concern_id: int) -> HttpResponse:
    """手が回らなかった: one key."""
    found, _ = held(request, concern_id)
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        done = actions.could_not(concern_id, by=request.worker, at=request.now)
        return f"次に動く日を{done.due_on:%Y-%m-%d}にしました。手が足りないことは、機関ごとの件数になります。"

    return run(
        request, form, act, back=_home(concern_id), title="手が回らなかった", concern=found,
        words="次に動く日を3開庁日先にします。連絡と連絡のあいだに一度だけ使えます。",
    )  # fmt: skip


@writes
def take_back(request: HttpRequest, concern_id: int) -> HttpResponse:
    """見届け: it did not connect."""
    found, _ = held(request, concern_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.take_back(concern_id, reason=typed["words"], by=request.worker, at=request.now)
        return "見立てに戻しました。"

    return run(request, form, act, back=_home(concern_id), title="引き取り直す", concern=found)


@writes
def extend(request: HttpRequest, concern_id: int) -> HttpResponse:
    """A reasoned extension (H3)."""
    found, hold = held(request, concern_id)
    form = forms.ExtendForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=request.worker.pk),
        initial={"draft": new_draft()},
    )

    def act(typed: dict[str, Any]) -> str:
        typed.pop("draft")
        return _said(
            actions.extend(concern_id, by=request.worker, at=request.now, **typed),
            "次に動く日を延ばしました。",
        )

    return run(request, form, act, back=_home(concern_id), title="期日を延ばす", concern=found)


@writes
def wait(request: HttpRequest, concern_id: int) -> HttpResponse:
    """What is waited for, and the day we ask again."""
    found, hold = held(request, concern_id)
    form = forms.WaitForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=request.worker.pk),
        initial={"draft": new_draft()},
    )

    def act(typed: dict[str, Any]) -> str:
        typed.pop("draft")
        return _said(
            actions.wait(concern_id, by=request.worker, at=request.now, **typed), "「待ち」に移しました。"
        )

    return run(request, form, act, back=_home(concern_id), title="待つ", concern=found)


@writes
def rethink(request: HttpRequest, concern_id: int) -> HttpResponse:
    """見立て直し."""
    found, hold = held(request, concern_id)
    form = forms.RethinkForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=request.worker.pk),
        initial={"draft": new_draft()},
    )

    def act(typed: dict[str, Any]) -> str:
        typed.pop("draft")
        actions.ask_rethink(concern_id, by=request.worker, at=request.now, **typed)
        return SECOND_ASKED

    return run(
        request, form, act, back=_home(concern_id), title="見立て直し", concern=found,
        words="二人で見て、これからを選びます。相手が同意すると、その日から反映されます。",
    )  # fmt: skip


@writes
def reassign(request: HttpRequest, concern_id: int) -> HttpResponse:
    """Ask a colleague to take it over."""
    found, hold = held(request, concern_id)
    form = forms.ReassignForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=hold.worker_id),
        initial={"draft": new_draft()},
    )

    def act(typed: dict[str, Any]) -> str:
        typed.pop("draft")
        to = typed.pop("to_worker")
        if to is None:
            raise Refused("替わってほしい人を選んでください。", field="to_worker")
        if to == request.worker.pk:
            actions.take_over(concern_id, by=request.worker, at=request.now, reason=typed["handed_note"])
            return "受け持ちを引き取りました。"
        actions.ask_reassign(concern_id, to_worker=to, by=request.worker, at=request.now, **typed)
        return "替わってもらうよう頼みました。相手が受けるまでは、いまの人が受け持ちます。"

    return run(request, form, act, back=_home(concern_id), title="担当を替える", concern=found)


@writes
def stand_in(request: HttpRequest, concern_id: int) -> HttpResponse:
    """Who acts while the holder is away."""
    found, hold = held(request, concern_id)
    form = forms.StandInForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=hold.worker_id),
        initial={"draft": new_draft()},
    )

    def act(typed: dict[str, Any]) -> str:
        actions.stand_in(
            concern_id, acting_id=typed["acting"], from_on=typed["from_on"], until_on=typed["until_on"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return "代行を決めました。" if typed["acting"] else "代行を外しました。"

    return run(request, form, act, back=_home(concern_id), title="代行を立てる", concern=found)


@writes
def together(request: HttpRequest, concern_id: int) -> HttpResponse:
    """Who works beside the holder."""
    found, hold = held(request, concern_id)
    form = forms.TogetherForm(
        bound(request),
        workers=colleagues(hold.office_id, besides=hold.worker_id),
        initial={"draft": new_draft(), "workers": [str(pk) for pk in hold.together_with]},
    )

    def act(typed: dict[str, Any]) -> str:
        actions.work_together(concern_id, worker_ids=typed["workers"], by=request.worker, at=request.now)
        return "いっしょに動く人を決めました。"

    return run(request, form, act, back=_home(concern_id), title="いっしょに動く人", concern=found)


@writes
def close(request: HttpRequest, concern_id: int) -> HttpResponse:
    """終結 (H8)."""
    found, hold = held(request, concern_id)
    others = [
        (row.concern_id, row.concern.description[:40])
        for row in holds_of_parties([found.party_id])
        if row.concern_id != concern_id
    ]
    form = forms.CloseForm(
        bound(request), workers=colleagues(hold.office_id, besides=request.worker.pk), others=others,
        initial={"draft": new_draft()},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> str:
        done = actions.close_concern(
            concern_id, _closing(typed), gap_needed=typed["gap_needed"], second=typed["second"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return _said(done, "課題を終えました。")

    return run(request, form, act, back=_home(concern_id), template="holding/close.html", concern=found)


def _closing(typed: dict[str, Any]) -> ClosingWish:
    kinds = {"outcome": ClosingOutcome, "word_of": WordOf, "person_says": PersonSays, "gap": GapKind}
    values = {name: value for name, value in typed.items() if name not in ("draft", "second", "gap_needed")}
    for name, kind in kinds.items():
        values[name] = kind(values[name]) if values[name] else None
    return ClosingWish(**values)


@writes
def look_back(request: HttpRequest, concern_id: int) -> HttpResponse:
    """ふりかえり: no trouble found."""
    found, _ = held(request, concern_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.look_back_done(concern_id, words=typed["words"], by=request.worker, at=request.now)
        return "ふりかえりを終えました。"

    return run(
        request, form, act, back=_home(concern_id), title="ふりかえりを終える", concern=found,
        words="声をかけて、心配がなければ終えます。心配があれば「再開する」を使ってください。",
    )  # fmt: skip


@writes
def reopen(request: HttpRequest, concern_id: int) -> HttpResponse:
    """再開."""
    found = concern_for(request.worker, concern_id)
    office_id = main_office_id(request.worker)
    form = forms.ReopenForm(
        bound(request), workers=colleagues(office_id or 0), initial={"draft": new_draft()}
    )

    def act(typed: dict[str, Any]) -> str:
        actions.reopen(
            concern_id, reason=typed["reason"], urgency=typed["urgency"], office_id=office_id or 0,
            worker_id=typed["worker"] or request.worker.pk, by=request.worker, at=request.now,
        )  # fmt: skip
        return "課題を再開しました。"

    return run(request, form, act, back=_home(concern_id), title="再開する", concern=found)


@writes
def safety(request: HttpRequest, concern_id: int) -> HttpResponse:
    """H15: a suspicion, the report, or the reasoned "not" by two."""
    found, hold = held(request, concern_id)
    form = forms.ReportForm(
        bound(request), workers=colleagues(hold.office_id, besides=request.worker.pk),
        initial={"draft": new_draft(), "danger": found.danger},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> str:
        return _safety_deed(found, typed, request.worker, request.now)

    return run(request, form, act, back=_home(concern_id), template="holding/safety.html", concern=found)


def _safety_deed(found: Any, typed: dict[str, Any], by: Any, at: datetime) -> str:
    if typed["danger"] and typed["danger"] != found.danger:
        actions.suspect_abuse(found, danger=typed["danger"], by=by, at=at)
    elif not found.danger:
        raise Refused("何の疑いかを選んでください。", field="danger")
    if typed["to_kind"] or typed["to_whom"]:
        day, clock = typed["day"] or at.date(), typed["clock"]
        moment = datetime.combine(day, clock or at.time(), tzinfo=at.tzinfo)
        to_whom = " ".join(
            part
            for part in (ReportedTo(typed["to_kind"]).label if typed["to_kind"] else "", typed["to_whom"])
            if part
        )
        actions.report_abuse(found, to_whom=to_whom, reported_at=moment, by=by, at=at)
        return "通告・通報・相談を記録しました。"
    if typed["reason"]:
        actions.ask_not_to_report(found, reason=typed["reason"], second=typed["second"], by=by, at=at)
        return SECOND_ASKED
    return "疑いを記録しました。通告・通報・相談先を記録するまで、「こぼれそう」に出ます。"


@writes
def night(request: HttpRequest, concern_id: int) -> HttpResponse:
    """高 after hours: to whom it was handed."""
    found, _ = held(request, concern_id)
    form = forms.NightForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        moment = datetime.combine(
            request.today, typed["clock"] or request.now.time(), tzinfo=request.now.tzinfo
        )
        actions.hand_over_for_the_night(
            subject_kind="concern", subject_id=concern_id, to_kind=typed["to_kind"], to_name=typed["to_name"],
            handed_at=moment, by=request.worker, at=request.now,
        )  # fmt: skip
        return "夜間・休日の引き継ぎを記録しました。"

    return run(request, form, act, back=_home(concern_id), title="夜間・休日の引き継ぎ", concern=found)


@writes
def ready(request: HttpRequest, concern_id: int) -> HttpResponse:
    """備えあり, before closed days."""
    found, hold = held(request, concern_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})
    closure = closure_ahead(hold.office_id, hold.worker_id, RowMaker(request.now))

    def act(typed: dict[str, Any]) -> str:
        first = closure.first if closure else request.today
        actions.make_ready(
            concern_id, words=typed["words"], closed_from=first, by=request.worker, at=request.now
        )
        return "備えを記録しました。"

    return run(
        request, form, act, back=_home(concern_id), title="備えあり", concern=found,
        words="休みのあいだ、だれに連絡できるか、家に何があるか。",
    )  # fmt: skip


@writes
def managers_word(request: HttpRequest, concern_id: int) -> HttpResponse:
    """高 that has stood five open days."""
    found, _ = held(request, concern_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.managers_word(concern_id, words=typed["words"], by=request.worker, at=request.now)
        return "管理職の判断を記録しました。"

    return run(request, form, act, back=_home(concern_id), title="高が続くときの判断", concern=found)


@writes
def gap(request: HttpRequest, concern_id: int) -> HttpResponse:
    """はざま seen from a concern."""
    found, hold = held(request, concern_id)
    form = forms.GapForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.record_gap(
            typed["kind"], needed=typed["needed"], words=typed["words"], concern=found, office_id=hold.office_id,
            by=request.worker, at=request.now,
        )  # fmt: skip
        return "はざまを記録しました。"

    return run(request, form, act, back=_home(concern_id), title="はざまを記録する", concern=found)
