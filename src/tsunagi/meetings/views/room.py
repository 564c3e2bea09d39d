"""The room of a sitting: the secretary's page, the projector's, the rows that are typed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from tsunagi.meetings.access import convened_sitting_for, line_item_for
from tsunagi.meetings.actions import modes_at, open_sitting, room
from tsunagi.meetings.queries.room import (
    Screen,
    all_seats,
    item_cards,
    room_of,
    screen,
    screen_unless,
    undecided_count,
)
from tsunagi.meetings.rules import DecisionKind, Presence, decisions_for, way_out
from tsunagi.meetings.rules.room import (
    NO_WAY_OUT,
    NOT_FOR_OTHER_ENDS,
    PLEASE_LEAVE,
    WAY_OUT,
    LineKind,
    Shut,
    Stage,
)
from tsunagi.meetings.rules.room_merge import LABELS
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.shared.wareki import NotADate, parse
from tsunagi.ui.pages import fragment, page

WORDS: dict[str, Any] = {
    "not_for_other_ends": NOT_FOR_OTHER_ENDS,
    "please_leave": PLEASE_LEAVE,
}


@writes
def index(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The secretary's page; its buttons bring items before the room, note who came, write what was decided."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    here = reverse("meetings:room", args=[sitting.pk])
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Refused("どのボタンかが分かりません。画面を開き直してください。")
        sentence = deed(request, sitting)
        if sentence:
            messages.success(request, sentence)
        return redirect(here)
    shown = screen(request.worker, sitting, request.now)
    _leave_trail(shown)
    state = room_of(sitting)
    cards = item_cards(request.worker, sitting, request.today, here=state.item_id if state else None)
    return page(
        request, "meetings/room.html", sitting=sitting, shown=shown, items=cards, kinds=LineKind.choices(), here="meetings",
        new_key=uuid.uuid4(), no_values=dict.fromkeys(LABELS, ""), waiting=undecided_count([shown.item.id]) if shown.item else 0,
        decisions=_decisions(shown), seats=all_seats(sitting, request.today), way_out=_way_out(shown, sitting), **WORDS,
    )  # fmt: skip


def _way_out(shown: Screen, sitting: Any) -> str:
    """What may be done of an item whose consent was withdrawn; "" for any other."""
    if shown.shut is not Shut.CONSENT:
        return ""
    return WAY_OUT if way_out(modes_at(sitting)) else NO_WAY_OUT


def _decisions(shown: Screen) -> list[tuple[str, str]]:
    if shown.item is None:
        return []
    return [
        (kind.value, kind.label)
        for kind in decisions_for(shown.item.mode, has_plan=shown.item.kind == "plan")
    ]


def _leave_trail(shown: Screen) -> None:
    """Who looked at the item: the journal's line, once for each change of what is shown."""
    if shown.shows and shown.item is not None:
        leave_trail(
            "meeting_item.shown", subject_kind="meeting_item", subject_id=shown.item.id, purpose=Purpose.CONVENE,
            ground=shown.ground,
        )  # fmt: skip


@reads
def projector(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """What everybody sees: follows the secretary's page by itself, without JavaScript by loading anew."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    shown = screen(request.worker, sitting, request.now)
    _leave_trail(shown)
    answer = page(
        request, "meetings/room_screen.html", sitting=sitting, shown=shown, svg=SafeString(shown.svg), **WORDS
    )
    answer["Cache-Control"] = "no-store"
    return answer


@reads
def projector_part(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The piece that changes; 204 while nothing did, so that a screen that stands still is no look."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    shown = screen_unless(request.worker, sitting, request.now, request.GET.get("v"))
    if shown is None:
        return HttpResponse(status=204)
    _leave_trail(shown)
    answer = fragment(
        request,
        "meetings/_room_screen.html",
        sitting=sitting,
        shown=shown,
        svg=SafeString(shown.svg),
        **WORDS,
    )
    answer["Cache-Control"] = "no-store"
    return answer


# -- the buttons -------------------------------------------------------------------------------------------------------


def _number(request: HttpRequest, name: str) -> int:
    words = request.POST.get(name, "")
    if not (words.isascii() and words.isdigit() and len(words) < 18):
        raise Refused("どれのことかが分かりません。画面を開き直してください。")
    return int(words)


def _begin(request: HttpRequest, sitting: Any) -> str:
    open_sitting(sitting, by=request.worker, at=request.now)
    return "会議を始めました。来た方を「出席」にしてください。"


def _show(request: HttpRequest, sitting: Any) -> str:
    showing = room.show_item(sitting, _number(request, "item"), by=request.worker, at=request.now)
    return "" if showing.shown_at else "退室をお願いする方がいます。退室を確かめるまで、画面は空のままです。"


def _left(request: HttpRequest, sitting: Any) -> str:
    room.confirm_left(sitting, by=request.worker, at=request.now)
    return ""


def _clear(request: HttpRequest, sitting: Any) -> str:
    room.clear_screen(sitting, by=request.worker, at=request.now)
    return "画面を空けました。"


def _read_out(request: HttpRequest, sitting: Any) -> str:
    item = line_item_for(request.worker, sitting.pk, _number(request, "item"), request.today)
    room.read_out(item, by=request.worker, at=request.now)
    return "読み上げたことを記録しました。"


def _presence(request: HttpRequest, sitting: Any) -> str:
    presence = request.POST.get("presence", "")
    if presence not in (*Presence.values(), "left"):
        raise Refused("出席か欠席かを選んでください。")
    room.say_presence(sitting, _number(request, "member"), presence, by=request.worker, at=request.now)
    return ""


def _decide(request: HttpRequest, sitting: Any) -> str:
    item = line_item_for(request.worker, sitting.pk, _number(request, "item"), request.today)
    kind = request.POST.get("kind", "")
    if kind not in DecisionKind.values():
        raise Refused("決定の種類を選んでください。")
    made = room.settle_lines(
        item, kind, request.POST.get("words", ""), decided_by=request.POST.get("decided_by", ""), by=request.worker, at=request.now
    )  # fmt: skip
    count = made.roles.count()
    return (
        f"決まったことを記録しました。役割{count}件が、それぞれの方の「今日」に載りました。"
        if count
        else "決まったことを記録しました。"
    )


def _finish(request: HttpRequest, sitting: Any) -> str:
    room.finish_here(sitting, by=request.worker, at=request.now)
    return "この件を済みにしました。次の件を選んでください。"


def _end(request: HttpRequest, sitting: Any) -> str:
    room.end_room(sitting, by=request.worker, at=request.now)
    return "会議を終えました。議事録の下書きをつくれます。"


DEEDS: dict[str, Callable[[HttpRequest, Any], str]] = {
    "begin": _begin, "show": _show, "left": _left, "clear": _clear, "read_out": _read_out, "presence": _presence,
    "decide": _decide, "finish": _finish, "end": _end,
}  # fmt: skip


# -- rows --------------------------------------------------------------------------------------------------------------


@writes
def line(request: HttpRequest, sitting_id: int, item_id: int) -> HttpResponse:
    """Write a row: from the page's form, or from a tablet that kept it while it was off the line (JSON)."""
    item = line_item_for(request.worker, sitting_id, item_id, request.today)
    here = reverse("meetings:room", args=[sitting_id])
    if request.method != "POST":
        return redirect(here)
    as_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        written = room.write_line(item, **_typed(request.POST), by=request.worker, at=request.now)
    except Stale as stale:
        if as_json:
            return JsonResponse({"sentence": str(stale), "differences": stale.differences}, status=409)
        kept = {
            name: request.POST.get(name, "")
            for name in ("key", "base", "kind", "what", "owner_id", "owner_words", "due")
        }
        return page(
            request, "meetings/room_line.html", sitting_id=sitting_id, item_id=item_id, kept=kept, status=409, here="meetings",
            differences=stale.differences, revision=room.revision_of(kept["key"]), new_write=uuid.uuid4(),
        )  # fmt: skip
    except Refused as refusal:
        if as_json:
            return JsonResponse({"sentence": str(refusal), "field": refusal.field or ""}, status=422)
        raise
    if as_json:
        return JsonResponse(
            {"revision": written.line.revision, "merged": written.was_merged, "again": written.again}
        )
    return redirect(here)


def _typed(fields: Mapping[str, str]) -> dict[str, Any]:
    """A writing as it came. Raises Refused for numbers that are none."""
    try:
        # Without JavaScript a writing has no number; the row's own keeps it from being stored twice.
        key, write = uuid.UUID(fields.get("key", "")), uuid.UUID(fields.get("write") or str(uuid.uuid4()))
    except ValueError:
        raise Refused("行の番号が読めません。画面を開き直して、もう一度書いてください。") from None
    base = fields.get("base", "0")
    values = {name: fields.get(name, "") for name in ("kind", "what", "owner_id", "owner_words", "removed")}
    try:
        day = parse(fields.get("due", "").strip()).exact if fields.get("due", "").strip() else None
    except NotADate as wrong:
        raise Refused(str(wrong), field="due") from None
    values["due"] = day.isoformat() if day else fields.get("due", "").strip()
    return {
        "key": key,
        "write": write,
        "base": int(base) if base.isdigit() and len(base) < 9 else 0,
        "values": values,
    }


@reads
def state(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """For a tablet: whether the sitting goes on, so that what it kept may be forgotten when it is over."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    over = screen(request.worker, sitting, request.now, picture=False).stage is Stage.OVER
    return JsonResponse({"over": over})
