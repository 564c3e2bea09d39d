"""供覧: a record shown round, read marks, 決裁; filters that are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id, managers_of, offices, workers_of
from tsunagi.notices.actions import tell
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import download, page
from tsunagi.workbench import actions
from tsunagi.workbench.access import filter_for
from tsunagi.workbench.actions import new_draft_id
from tsunagi.workbench.queries import (
    circulation_card,
    circulations_by,
    circulations_of,
    filters_of,
    list_link,
    taken_away_of,
)
from tsunagi.workbench.rules import PARAMETERS, ListPlace, ShownKind, asked_of, needs_reason

from .access import among_who_may_open, circulation_for, may_open, record_for
from .actions import move_days, try_days
from .forms import Circulate, Decide, Press, ReadBack, TakeAway, TakeIn, run
from .queries.lists import names_somebody
from .queries.read_back import read_days, signed, unsigned
from .queries.tables import Table, table_of

PAGES = {
    ShownKind.CONSULTATION: "intake:detail",
    ShownKind.CONCERN: "holding:concern",
    ShownKind.CASE: "cases:detail",
    ShownKind.MEETING: "intake:meeting_detail",
}
LIST_PURPOSES: dict[str, Purpose] = {
    ListPlace.MINE: Purpose.TODAY,
    ListPlace.TODAY: Purpose.TODAY,
    ListPlace.TRIAGE: Purpose.CONSULT,
    ListPlace.PEOPLE: Purpose.READ_PERSON,
    ListPlace.REFERRALS: Purpose.REFER,
    ListPlace.NET: Purpose.NET,
}
LONG = 2000  # rows: beyond this the table is made by a job
ONLY_THOSE = (
    "回せない職員が含まれています（{names}）。この記録をすでに見られる職員だけに回せます。"
    "ほかの職員に知らせたいときは、「つなぐ」か口頭で伝えてください。"
)
NOBODY = "この機関には、この記録を見られる職員がいません。見られる職員だけに回せます。"


@reads
def circulations(request: HttpRequest) -> HttpResponse:
    """What I showed round and what was shown to me."""
    require(request.worker, Purpose.TODAY)
    return page(request, "desk/circulations.html", rows=circulations_by(request.worker), me=request.worker.pk)


@writes
def circulate(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Name who is to read this record: workers, or everybody of an office who may open it."""
    record_for(request.worker, kind, subject_id)
    form, sheet = Circulate.opened(
        request, *_staff(request), title=f"供覧 {ShownKind.label_of(kind)} {subject_id}"
    )

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        named = _readers(typed, kind, subject_id, me=request.worker.pk)
        made = actions.circulate(
            kind, subject_id, named, words=typed["words"], by=request.worker, at=request.now
        )
        link = reverse("desk:circulation", args=[made.pk])
        tell(named, "供覧が回ってきました。", link, kind="circulation", at=request.now)
        return link, f"{len(named)}人に回しました。読むまで、それぞれの今日の画面に出ます。"

    return run(request, form, act, sheet=sheet, template="desk/circulate.html", back=reverse(PAGES[ShownKind(kind)], args=[subject_id]),
               before=circulations_of(kind, subject_id), label=ShownKind.label_of(kind), number=subject_id)  # fmt: skip


@writes
def circulation(request: HttpRequest, circulation_id: int) -> HttpResponse:
    """Who has read it and who has not; 「読みました」, or 「見られなくなりました」 when the record closed meanwhile."""
    found = circulation_for(request.worker, circulation_id)
    opens = may_open(request.worker, found.kind, found.subject_id)
    form, sheet = Press.opened(request, title="供覧")
    here = reverse("desk:circulation", args=[found.pk])

    def act() -> tuple[str, str]:
        if not opens:
            actions.let_lapse(found, by=request.worker, at=request.now)
            return reverse(
                "desk:circulations"
            ), "今日の画面から外しました。回した人に、見られなかったことが分かります。"
        actions.mark_read(found, by=request.worker, at=request.now)
        return here, "読んだことを記録しました。"

    card = circulation_card(found)
    mine = next((reader for reader in card.readers if reader.worker_id == request.worker.pk), None)
    return run(request, form, act, sheet=sheet, template="desk/circulation.html", back=here, card=card, opens=opens, mine=mine,
               link=reverse(PAGES[ShownKind(found.kind)], args=[found.subject_id]), more_url=reverse("desk:circulate_more", args=[found.pk]),
               decide_url=reverse("desk:circulation_decide", args=[found.pk]))  # fmt: skip


@writes
def circulate_more(request: HttpRequest, circulation_id: int) -> HttpResponse:
    """Name further readers."""
    found = circulation_for(request.worker, circulation_id)
    record_for(request.worker, found.kind, found.subject_id)
    form, sheet = Circulate.opened(request, *_staff(request), title="供覧を足す")
    here = reverse("desk:circulation", args=[found.pk])

    def act() -> tuple[str, str]:
        named = _readers(form.cleaned_data, found.kind, found.subject_id, me=request.worker.pk)
        added = actions.show_to_more(found, named, by=request.worker, at=request.now)
        tell(added, "供覧が回ってきました。", here, kind="circulation", at=request.now)
        return here, f"{len(added)}人を足しました。"

    return run(request, form, act, sheet=sheet, template="desk/circulate.html", back=here, before=[],
               label=ShownKind.label_of(found.kind), number=found.subject_id, adding=True)  # fmt: skip


@writes
def decide(request: HttpRequest, circulation_id: int) -> HttpResponse:
    """決裁: name, day, 文書番号."""
    found = circulation_for(request.worker, circulation_id)
    record_for(request.worker, found.kind, found.subject_id)
    form, sheet = Decide.opened(request, title="決裁", initial={"decided_on": request.today})
    here = reverse("desk:circulation", args=[found.pk])

    def act() -> tuple[str, str]:
        actions.decide_circulation(
            found, decided_on=form.cleaned_data["decided_on"], document_number=form.cleaned_data["document_number"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return here, "決裁を記録しました。"

    return run(
        request, form, act, sheet=sheet, template="desk/decide.html", back=here, card=circulation_card(found)
    )


@reads
def filters(request: HttpRequest) -> HttpResponse:
    """The filters I kept, and those my offices share."""
    require(request.worker, Purpose.TODAY)
    rows = [(card, ListPlace.label_of(card.place)) for card in filters_of(request.worker)]
    return page(request, "desk/filters.html", rows=rows)


@writes
def filter_keep(request: HttpRequest) -> HttpResponse:
    """Keep what a list is filtered by, under a name that names nobody."""
    require(request.worker, Purpose.TODAY)
    place = request.POST.get("place", "")
    if request.method != "POST" or place not in PARAMETERS:
        return redirect("desk:filters")
    asked = {
        name.removeprefix("asked-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("asked-")
    }
    name = request.POST.get("name", "")
    try:
        refuse_my_number(name, "名前", "name")
        if names_somebody(request.worker, name):
            raise Refused("条件の名前に、人のお名前は書けません。何の一覧かが分かる言葉にしてください。")
        office_id = main_office_id(request.worker) if request.POST.get("share") else None
        actions.keep_filter(
            place, name, asked, default=bool(request.POST.get("default")), office_id=office_id,
            by=request.worker, at=request.now,
        )  # fmt: skip
        messages.success(request, "この条件を残しました。")
    except Refused as refusal:
        messages.warning(request, f"まだ残していません。{refusal}")
    return redirect(list_link(place, asked_of(place, asked)))


@writes
def filter_change(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Use it first, show it to the office, or throw it away."""
    found = filter_for(request.worker, filter_id)
    deed = request.POST.get("do", "") if request.method == "POST" else ""
    if deed == "drop":
        actions.drop_filter(found)
        messages.success(request, "条件を消しました。")
    elif deed in ("first", "not_first"):
        actions.use_first(found, deed == "first")
        messages.success(request, "最初に使う条件を変えました。")
    elif deed in ("share", "unshare"):
        office_id = main_office_id(request.worker) if deed == "share" else None
        actions.share_filter(found, office_id, by=request.worker)
        messages.success(request, "見せる相手を変えました。")
    return redirect("desk:filters")


@writes
def take_away(request: HttpRequest, place: str) -> HttpResponse:
    """A list as Excel: what leaves and what stays is said before; a reason where more than the own rows leave."""
    if place not in LIST_PURPOSES:
        raise Http404
    require(request.worker, LIST_PURPOSES[place])
    asked = asked_of(place, request.GET)
    table = table_of(request.worker, place, asked, request.now)
    form, sheet = TakeAway.opened(request, title=f"{table.title}の書き出し")
    if form.is_bound and form.is_valid():
        try:
            return _taken(request, place, asked, table, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request, "desk/take_away.html", form=form, sheet=sheet, table=table, count=len(table.rows),
        back=reverse("desk:today") if place == ListPlace.TODAY else list_link(place, asked),
        asks_reason=needs_reason(persons=table.persons, others_rows=table.others_rows), fills=place in (ListPlace.MINE, ListPlace.TODAY),
    )  # fmt: skip


@reads
def taken_away(request: HttpRequest) -> HttpResponse:
    """What was taken away: my own, and what my offices took where I lead them."""
    require(request.worker, Purpose.TODAY)
    after = request.GET.get("after", "")
    led = offices_for(request.worker, Purpose.HAND_OVER)
    rows, total, more = taken_away_of(request.worker, led, after=after)
    return page(
        request, "desk/taken_away.html", rows=rows, total=total, leads=bool(led), next_url=f"?after={more}" if more else "",
        first_url="?" if after else "", unseen=any(not (row.seen_by or row.mine) for row in rows),
    )  # fmt: skip


@writes
def taken_away_seen(request: HttpRequest) -> HttpResponse:
    """The manager has seen what their offices took away."""
    require(request.worker, Purpose.HAND_OVER)
    if request.method == "POST":
        led = offices_for(request.worker, Purpose.HAND_OVER)
        rows, _total, _more = taken_away_of(request.worker, led, size=500)
        numbers = [row.id for row in rows if not (row.mine or row.seen_by)]
        count = actions.see_taken_away(numbers, by=request.worker, at=request.now)
        messages.success(request, f"{count}件を見たことを記録しました。")
    return redirect("desk:taken_away")


@writes
def read_back(request: HttpRequest) -> HttpResponse:
    """An exported list with new due days: the POST shows what it would do, and nothing is changed yet."""
    require(request.worker, Purpose.TODAY)
    sent = request.method == "POST"
    form = ReadBack(data=request.POST if sent else None, files=request.FILES if sent else None)
    if form.is_valid():
        try:
            table = form.cleaned_data["table"]
            rows = read_days(request.worker, table.read(), table.name, on=request.today)
            tried = try_days(rows, by=request.worker, at=request.now)
            return page(
                request, "desk/read_back.html", rows=tried, count=sum(not row.why_not for row in tried),
                take_in=TakeIn(initial={"rows": signed(request.worker, tried), "draft": new_draft_id()}),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("table", str(refusal))
    return page(request, "desk/read_back.html", form=form)


@writes
def days_taken_in(request: HttpRequest) -> HttpResponse:
    """Move the days the preview showed; rows that moved on meanwhile are told and change nothing."""
    require(request.worker, Purpose.TODAY)
    form = TakeIn(data=request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("desk:read_back")
    number = form.cleaned_data["draft"]
    actions.claim(request.worker, number)
    try:
        rows = unsigned(request.worker, form.cleaned_data["rows"])
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:read_back")
    moved, refused = move_days(rows, by=request.worker, at=request.now)
    actions.consume(request.worker, number, reverse("desk:mine"), request.now)
    if refused:
        return page(request, "desk/read_back.html", rows=refused, count=0, moved=moved)
    messages.success(request, f"{moved}件の期日を動かしました。")
    return redirect("desk:mine")


def _taken(
    request: HttpRequest, place: str, asked: dict[str, str], table: Table, reason: str
) -> HttpResponse:
    """Write down that it leaves, then the file; a long one as a run that can be left and come back to."""
    actions.note_taken_away(
        place, rows=len(table.rows), persons=table.persons, others_rows=table.others_rows,
        filter_words=table.filter_words, reason=reason, by=request.worker, at=request.now,
    )  # fmt: skip
    if reason.strip():
        leaders = [pk for pk in managers_of(main_office_id(request.worker) or 0) if pk != request.worker.pk]
        tell(
            leaders,
            "わけのある書き出しがありました。",
            reverse("desk:taken_away"),
            kind="taken_away",
            at=request.now,
        )
    if len(table.rows) > LONG:
        run = actions.start_run(
            "take_away", f"{table.title}の書き出し", worker=request.worker, at=request.now, total=2
        )
        enqueue("desk.take_away", run_id=run.pk, place=place, asked=asked)
        return redirect("workbench:run", run.pk)
    made = actions.table_to_take_away(
        table.headers, table.rows, kind=place, title=table.title, filter_words=table.filter_words, widths=table.widths,
        by=request.worker, at=request.now,
    )  # fmt: skip
    return download(f"{table.title}-{request.now:%Y%m%d}.xlsx", made, actions.XLSX)


def _staff(request: HttpRequest) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Workers and offices that can be named: everybody who signs in; who may open it is asked when sent."""
    known = offices(signing_in=True)
    cards = workers_of([office.pk for office in known], holding_only=False)
    people = {card.id: f"{card.name}({card.office})" for card in cards if card.id != request.worker.pk}
    return list(people.items()), [(office.pk, office.label) for office in known]


def _readers(typed: dict[str, Any], kind: str, subject_id: int, *, me: int) -> list[int]:
    """The named workers; all of them may open the record, or the deed is refused with one sentence whatever the cause."""
    named = [pk for pk in typed["workers"] if pk != me]
    may = among_who_may_open(named, kind, subject_id)
    if refused := [pk for pk in named if pk not in may]:
        names = {card.id: card.name for card in workers_of([o.pk for o in offices()], holding_only=False)}
        raise Refused(
            ONLY_THOSE.format(names="、".join(names.get(pk, "") for pk in refused)), field="workers"
        )
    if typed["office"]:
        there = [card.id for card in workers_of([typed["office"]], holding_only=False) if card.id != me]
        found = among_who_may_open(there, kind, subject_id)
        if not found and not named:
            raise Refused(NOBODY, field="office")
        named += sorted(found - set(named))
    return named
