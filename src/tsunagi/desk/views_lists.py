"""供覧: a record shown round, read marks, 決裁."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import offices, workers_of
from tsunagi.notices.actions import tell
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench import actions
from tsunagi.workbench.queries import circulation_card, circulations_by, circulations_of
from tsunagi.workbench.rules import ShownKind

from .access import among_who_may_open, circulation_for, may_open, record_for
from .forms import Circulate, Decide, Press, run

PAGES = {
    ShownKind.CONSULTATION: "intake:detail",
    ShownKind.CONCERN: "holding:concern",
    ShownKind.CASE: "cases:detail",
    ShownKind.MEETING: "intake:meeting_detail",
}
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
