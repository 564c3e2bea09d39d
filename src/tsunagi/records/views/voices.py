"""苦情・要望; who stands in for a manager; records too near to a worker, by number, for audit."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.records import access, forms
from tsunagi.records.actions import voicing as deeds
from tsunagi.records.queries import voices as asked
from tsunagi.shared.edges import Request, leave_trail, reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import opened, run


def _home(voice_id: int) -> str:
    return reverse("records:voice", args=[voice_id])


@reads
def voices(request: Request) -> HttpResponse:
    """What this worker answers or wrote down."""
    access.require_report(request.worker)
    ended = request.GET.get("which") == "ended"
    return page(
        request,
        "records/voices.html",
        here="manage",
        rows=asked.voice_rows(request.worker, is_open=not ended),
        ended=ended,
    )


@writes
def new(request: Request) -> HttpResponse:
    """Write down what was said to us."""
    access.require_report(request.worker)
    party = request.GET.get("party", "")
    form = forms.VoiceForm(
        bound(request), offices=asked.office_choices(), workers=asked.colleague_choices(), topics=asked.topic_choices(),
        initial={"party": party if party.isdecimal() else None, "kind": "complaint"},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        made = deeds.take_voice(
            str(typed["kind"]), office_id=int(str(typed["office"] or 0)), said_by=str(typed["said_by"]), words=str(typed["words"]),
            name=str(typed["name"]), contact=str(typed["contact"]), topic=str(typed["topic"]), about_worker_id=typed["about_worker"],
            party_id=typed["party"], wants_answer=bool(typed["wants_answer"]), by=request.worker, at=request.now,
        )  # fmt: skip
        # Who wrote down a complaint about themselves has done right, and reads no more of it.
        return "届けました。答える人と日が決まりました。", _home(
            made.pk
        ) if made.about_worker_id != request.worker.pk else reverse("records:voices")

    return run(
        request, form, act, back=reverse("records:index"), draft=opened(request, "voice", "苦情・要望を届ける"), title="苦情・要望を届ける", label="事故・苦情",
        lead="言われた方に代わって書くことも、自分のこととして書くこともできます。相手の職員には見えません。", inline="kind",
    )  # fmt: skip


@reads
def voice(request: Request, voice_id: int) -> HttpResponse:
    """One complaint or wish."""
    found = access.voice_for(request.worker, voice_id)
    shown = asked.voice_page(found)
    may = found.answers_id == request.worker.pk or access.answers_for(request.worker, found.about_office_id)
    return page(request, "records/voice.html", here="manage", voice=shown, may_answer=may and shown.is_open)


@writes
def answer_voice(request: Request, voice_id: int) -> HttpResponse:
    """How it was answered."""
    found = access.voice_to_answer_for(request.worker, voice_id)
    form = forms.AnswerVoiceForm(bound(request), topics=asked.topic_choices())

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.answer_voice(
            found,
            str(typed["answer"]),
            changed=str(typed["changed"]),
            topic=str(typed["topic"]),
            by=request.worker,
            at=request.now,
        )
        return "答えを書きました。", _home(found.pk)

    return run(
        request,
        form,
        act,
        back=_home(found.pk),
        draft=opened(request, "answer", "苦情・要望に答える", str(found.pk)),
        title="答えを書く",
        label="苦情・要望",
    )


@writes
def overseer(request: Request) -> HttpResponse:
    """Who answers where an office's own manager may not."""
    access.require_retain(request.worker)
    form = forms.OverseerForm(
        bound(request), offices=asked.office_choices(), workers=asked.colleague_choices()
    )
    here = reverse("records:overseer")

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.name_overseer(
            int(str(typed["office"])), int(str(typed["worker"])), by=request.worker, at=request.now
        )
        return "代わりに答える人を決めました。", here

    return run(
        request,
        form,
        act,
        back=reverse("records:index"),
        template="records/overseer.html",
        named=asked.overseers(),
    )


@reads
def own_people(request: Request) -> HttpResponse:
    """Records that are too near to a worker, by number, for audit."""
    if reach_of(request.worker, Purpose.JOURNAL) < Reach.NUMBERS:
        raise Http404
    leave_trail("own_people.audited", subject_kind="audit", subject_id=None, purpose=Purpose.JOURNAL)
    return page(request, "records/own_people.html", here="manage", rows=asked.like_own_people())
