"""引き継ぎ・不在: leaving, the end of a post or an office, absence (H2, H14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import office_ids, offices, workers_of
from tsunagi.holding import actions, forms
from tsunagi.holding.access import ending_office_for, leaver_for, posting_for
from tsunagi.holding.queries import (
    RowMaker,
    absence_rows,
    ending_of,
    handing_over_of,
    holders_in,
    leaving_list,
    leaving_summary,
    open_absences,
)
from tsunagi.people.queries import not_overseen
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import sheet

from ._flow import colleagues, new_draft, put, run

HOME = "holding:handing_over"


@reads
def index(request: HttpRequest) -> HttpResponse:
    """The manager's page: who leaves, who is away, who has not been here, which office ends, who changed often."""
    require(request.worker, Purpose.HAND_OVER)
    return page(
        request, "holding/handing_over.html", page=handing_over_of(request.worker, request.now), here="net"
    )


def _draft(request: HttpRequest, kind: str, title: str, subject: int) -> Any:
    return sheet(
        request.worker,
        request.POST.get("draft") or request.GET.get("draft"),
        kind=kind,
        title=title,
        link=request.get_full_path(),
        subject=str(subject),
    )


@writes
def leaving(request: HttpRequest, worker_id: int) -> HttpResponse:
    """The hand-over list of somebody who leaves: by filter, many rows to one successor, saved as it is prepared (H2)."""
    leaver = leaver_for(request.worker, worker_id)
    mine = offices_for(request.worker, Purpose.HAND_OVER)
    chosen = {name: request.GET.get(name, "") for name in ("area", "urgency", "kind", "state")}
    to_office = ending_of(request.GET.get("ending"), mine)
    rows = leaving_list(
        worker_id, mine, request.now, to_office=to_office.to_office_id if to_office else None,
        hidden=not_overseen(request.worker), **chosen,
    )  # fmt: skip
    draft = _draft(request, "holding.leaving", "引き継ぎ表", worker_id)
    form = draft.fill(_leaving_form(request, leaver, rows, draft))
    answer = _write_lines(request, leaver, form, ending=to_office is not None)
    if isinstance(answer, HttpResponse):
        return answer
    return page(
        request, "holding/leaving.html", status=409 if answer else None, here="net", form=form, differences=answer, leaver=leaver,
        list=rows, sheet=draft, ending=to_office, filter=forms.LeavingFilter(request.GET, areas=rows.areas),
        leave_url=reverse("holding:leave", args=[worker_id]), post=leaving_summary(leaver, mine),
    )  # fmt: skip


def _leaving_form(request: HttpRequest, leaver: Any, rows: Any, draft: Any) -> forms.LeavingForm:
    return forms.LeavingForm(
        bound(request),
        rows=[(line.key, f"{line.row.kind_label} {line.row.what[:40]}") for line in rows.shown],
        workers=[(load.worker_id, f"{load.name}(いま{load.now}件)") for load in rows.loads],
        initial={
            "draft": draft.id,
            "leaving_on": leaver.leaving_on,
            "known": ",".join(f"{line.key}={line.revision}" for line in rows.shown),
        },
    )


def _write_lines(request: HttpRequest, leaver: Any, form: Any, *, ending: bool) -> Any:
    """The answer of a list that was sent: written, led to its first result, or the differences (409); () to show it."""
    if not form.is_bound:
        return ()
    claim(request.worker, form.data.get("draft"))
    if not form.is_valid():
        return ()
    typed = form.cleaned_data
    line = actions.Line(
        typed["successor"],
        typed["handed_note"] or None,
        typed["handed_told"] or None,
        typed["introduced_how"] or None,
    )
    chosen = {(kind, int(pk)): line for kind, _, pk in (row.partition(":") for row in typed["rows"])}
    try:
        consume(request.worker, typed["draft"], request.get_full_path(), request.now)
        count = actions.prepare_leaving(
            leaver, leaving_on=None if ending else typed["leaving_on"], rows=chosen, known=form.revisions(),
            by=request.worker, at=request.now,
        )  # fmt: skip
    except AlreadyDone as done:
        return redirect(done.result_link or request.get_full_path())
    except actions.StaleList as stale:
        form.add_error(None, str(stale))
        return stale.differences
    except Refused as refusal:
        put(form, refusal)
        return ()
    words = f"{count}件の引き継ぎを書きました。" if count else "離任の日を書きました。"
    messages.success(request, f"{words}その日が来るまで、受け持ちは動きません。")
    return redirect(request.get_full_path())


@writes
def call_off(request: HttpRequest, worker_id: int) -> HttpResponse:
    """The worker stays after all."""
    leaver = leaver_for(request.worker, worker_id)
    if request.method == "POST":
        actions.call_off_leaving(leaver, by=request.worker, at=request.now)
        messages.success(request, "離任の予定を取り消しました。書いた引き継ぎ表は残っています。")
    return redirect("holding:leaving", worker_id)


@writes
def leave(request: HttpRequest, worker_id: int) -> HttpResponse:
    """Execute the list: every row passes in one deed, and the worker is deactivated (H2)."""
    leaver = leaver_for(request.worker, worker_id)
    rows = leaving_list(
        worker_id,
        offices_for(request.worker, Purpose.HAND_OVER),
        request.now,
        hidden=not_overseen(request.worker),
    )
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.leave(leaver, by=request.worker, at=request.now)
        return f"{len(rows.lines)}件を後任に渡し、離任を記録しました。"

    return run(
        request, form, act, back=reverse(HOME), template="holding/leave.html", leaver=leaver, list=rows,
        title="離任を記録する", prepare_url=reverse("holding:leaving", args=[worker_id]), posting=None, here="net",
    )  # fmt: skip


@writes
def end_post(request: HttpRequest, posting_id: int) -> HttpResponse:
    """The end of a post (異動・出向の終わり): what is held in that office passes by the same list."""
    posting = posting_for(request.worker, posting_id)
    rows = leaving_list(
        posting.worker_id, [posting.office_id], request.now, hidden=not_overseen(request.worker)
    )
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.end_post(posting, by=request.worker, at=request.now)
        return f"{len(rows.lines)}件を後任に渡し、{posting.office.label}の席を終えました。"

    return run(
        request, form, act, back=reverse(HOME), template="holding/leave.html", leaver=posting.worker, list=rows,
        title="この機関の席を終える", prepare_url=reverse("holding:leaving", args=[posting.worker_id]), posting=posting, here="net",
    )  # fmt: skip


@writes
def ending(request: HttpRequest, office_id: int) -> HttpResponse:
    """The end of an office or its contract: who follows, decided months ahead."""
    office = ending_office_for(request.worker, office_id)
    found = ending_of(office_id, [office_id])
    others = [(row.pk, row.label) for row in offices(signing_in=True) if row.pk != office_id]
    draft = _draft(request, "holding.ending", f"{office.label}の引き継ぎ", office_id)
    form = draft.fill(
        forms.EndingForm(bound(request), offices=others, initial=_ending_start(office, found, draft))
    )
    theirs: Any = ()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            consume(request.worker, typed["draft"], request.path, request.now)
            actions.prepare_ending(
                office, to_office=next(row for row in offices(signing_in=True) if row.pk == typed["to_office"]),
                ends_on=typed["ends_on"], words=typed["words"], revision=typed["revision"] or 0, by=request.worker,
                at=request.now,
            )  # fmt: skip
            messages.success(
                request, "引き継ぐ機関と日を書きました。その日が来るまで、受け持ちは動きません。"
            )
            return redirect("holding:ending", office_id)
        except Stale as stale:
            theirs = stale.differences
            form.add_error(None, str(stale))
        except Refused as refusal:
            put(form, refusal)
    return page(
        request, "holding/ending.html", here="net", status=409 if theirs else None, form=form, office=office, ending=found,
        holders=holders_in(office_id, request.now, hidden=not_overseen(request.worker)), sheet=draft, differences=theirs,
    )  # fmt: skip


def _ending_start(office: Any, found: Any, draft: Any) -> dict[str, Any]:
    start = {"draft": draft.id, "revision": 0, "ends_on": office.contract_until}
    if found is not None:
        start |= {"revision": found.revision, "to_office": found.to_office_id, "ends_on": found.ends_on}
        start["words"] = found.words
    return start


@writes
def end_office(request: HttpRequest, office_id: int) -> HttpResponse:
    """Carry out the end of an office: every row passes in one deed."""
    office = ending_office_for(request.worker, office_id)
    found = ending_of(office_id, [office_id])
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        if found is None:
            raise Refused("先に、引き継ぐ機関と終わる日を書いてください。")
        count = actions.close_office(office, to_office=found.to_office, by=request.worker, at=request.now)
        return f"{count}件を{found.to_office.label}に渡し、{office.label}を終えました。"

    return run(
        request, form, act, back=reverse("safety_net:index"), title=f"{office.label}を終える", concern=None,
        words=(
            f"受け持ちと約束をすべて{found.to_office.label}に渡し、この機関の席を終えます。"
            if found else "先に、引き継ぐ機関と終わる日を書いてください。"
        ),
    )  # fmt: skip


@writes
def absence(request: HttpRequest) -> HttpResponse:
    """My days away: a long absence names who acts for each row, in the same deed (H14)."""
    require(request.worker, Purpose.HOLD)
    return _absence(request, request.worker, back="/")


@writes
def absence_of(request: HttpRequest, worker_id: int) -> HttpResponse:
    """The manager records the absence of somebody who cannot (a sudden illness), or extends it."""
    return _absence(request, leaver_for(request.worker, worker_id), back=reverse(HOME))


def _absence(request: HttpRequest, away: Any, *, back: str) -> HttpResponse:
    rows = absence_rows(away, RowMaker(request.now), hidden=not_overseen(request.worker))
    beside = {
        office_id: colleagues(office_id, besides=away.pk) for office_id in {row.office_id for row in rows}
    }
    everybody = {
        card.id: card.name
        for card in workers_of([post.office_id for post in leaving_summary(away, None)])
        if card.id != away.pk
    }
    standing = open_absences(away.pk)
    seen = set(office_ids(request.worker))
    draft = _draft(request, "holding.absence", "不在の記録", away.pk)
    start = {"draft": draft.id, "from_on": request.today, "reason": "leave"}
    if standing:
        start |= {
            "from_on": standing[0].from_on,
            "reason": standing[0].reason,
            "acting": standing[0].acting_id,
        }
    form = draft.fill(
        forms.AbsenceForm(
            bound(request),
            workers=everybody.items(),
            initial=start,
            rows=[(f"{row.row_kind}:{row.id}", _row_words(row, seen), beside[row.office_id]) for row in rows],
        )
    )

    def act(typed: dict[str, Any]) -> str:
        actions.record_absence(
            away, from_on=typed["from_on"], until_on=typed["until_on"], acting_id=typed["acting"],
            acting=form.acting_per_row(), open_ended=typed["open_ended"], reason=typed["reason"] or "other",
            by=request.worker, at=request.now,
        )  # fmt: skip
        return "不在を記録しました。"

    return run(
        request, form, act, back=back, template="holding/absence.html", away=away, sheet=draft, standing=standing,
        is_me=away.pk == request.worker.pk, here="today" if away.pk == request.worker.pk else "net",
    )  # fmt: skip


def _row_words(row: Any, seen: set[int]) -> str:
    """A row in words; of another office only by kind and number."""
    if row.office_id not in seen:
        return f"{row.office} {row.kind_label} {row.id}"
    return f"{row.party_label} {row.kind_label} {row.what[:30]}".strip()


@writes
def back(request: HttpRequest) -> HttpResponse:
    """Back at work."""
    require(request.worker, Purpose.HOLD)
    if request.method == "POST":
        actions.come_back(request.worker, by=request.worker, at=request.now)
        messages.success(request, "おかえりなさい。代行は終わりました。")
        return redirect("/")
    return redirect("holding:absence")


@writes
def back_of(request: HttpRequest, worker_id: int) -> HttpResponse:
    """The manager says that somebody is back, or that an absence does not take place."""
    away = leaver_for(request.worker, worker_id)
    if request.method == "POST":
        if actions.come_back(away, by=request.worker, at=request.now):
            messages.success(request, f"{away.name}さんが戻ったことを記録しました。代行は終わりました。")
        else:
            for row in open_absences(away.pk):
                actions.call_off_absence(row, by=request.worker, at=request.now)
            messages.success(request, f"{away.name}さんの不在の予定を取り消しました。")
    return redirect(HOME)
