"""What stands beside the record: supervision, jottings, the person's own words; and one line read as an entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.cases import actions, forms
from tsunagi.cases.access import case_for, jotting_for, own_case_for, own_words_for
from tsunagi.cases.queries import note_choices, speakers_of
from tsunagi.cases.rules import JOTTING_SENTENCE, QuickLine, read_line
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume

from ._flow import home, opened, run


@writes
def supervision_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write down a supervision: for the file's own office."""
    case = own_case_for(request.worker, case_id)
    draft = opened(request, "supervision", "スーパービジョン", str(case_id))
    form = draft.fill(forms.SupervisionForm(bound(request)))

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.write_supervision(case, **_but_draft(typed), by=request.worker, at=request.now)
        return "スーパービジョンを書きました。紙には出ません。", f"{home(case_id)}#supervision"

    return run(
        request, form, act, template="cases/beside.html", title="スーパービジョンを書く", back=home(case_id),
        sheet=draft, no_files=True, lead="この支援の機関の職員だけが読めます。紙・書き出し・ほかの機関の画面には出ません。",
    )  # fmt: skip


@writes
def jotting_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Scribble something for oneself."""
    case = case_for(request.worker, case_id)
    draft = opened(request, "jotting", "覚え書き", str(case_id))
    form = draft.fill(forms.JottingForm(bound(request)))

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        made = actions.jot(case, typed["words"], by=request.worker, at=request.now)
        return f"書きとめました。{made.gone_on:%-m月%-d日}の夜に消えます。", f"{home(case_id)}#jottings"

    return run(
        request, form, act, template="cases/beside.html", title="覚え書き", back=home(case_id), sheet=draft, no_files=True,
        lead=f"あなただけが読めます。30日で消えます。{JOTTING_SENTENCE}",
    )  # fmt: skip


@writes
def jotting_edit(request: HttpRequest, case_id: int, jotting_id: int) -> HttpResponse:
    """Write one's own jotting anew, or delete it."""
    found = jotting_for(request.worker, case_id, jotting_id, on=request.today)
    if "delete" in request.POST:
        actions.throw_away(found, by=request.worker, at=request.now)
        messages.success(request, "覚え書きを消しました。")
        return redirect(f"{home(case_id)}#jottings")
    draft = opened(request, "jotting", "覚え書き", str(case_id))
    form = draft.fill(forms.JottingForm(bound(request), initial={"words": found.words}))

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.change_jotting(found, typed["words"], by=request.worker, at=request.now)
        return "書き直しました。", f"{home(case_id)}#jottings"

    return run(
        request, form, act, template="cases/beside.html", title="覚え書きを直す", back=home(case_id), sheet=draft,
        no_files=True, jotting=found, lead=f"{found.gone_on:%-m月%-d日}の夜に消えます。{JOTTING_SENTENCE}",
        case_id=case_id,
    )  # fmt: skip


@writes
def own_words_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """The person's own words beside the file, an entry (`?note=`) or the assessment; `?corrects=` says them anew."""
    case = own_case_for(request.worker, case_id)
    note, corrects = request.GET.get("note", ""), request.GET.get("corrects", "")
    before = own_words_for(request.worker, case_id, int(corrects)) if corrects.isdecimal() else None
    draft = opened(request, "own_words", "本人の付記", str(case_id))
    speakers = speakers_of(request.worker, case)
    form = forms.OwnWordsForm(
        bound(request), speakers=speakers, notes=note_choices(case), corrects=before is not None,
        initial={"on": "note" if note else request.GET.get("on", "file"), "note": note, "said_on": request.today},
    )  # fmt: skip
    draft.fill(form)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.state_own_words(
            case, **forms.own_words(typed, before), replaces=before, by=request.worker, at=request.now
        )
        return "本人の言葉を、記録のとなりに残しました。", f"{home(case_id)}#own-words"

    return run(
        request, form, act, template="cases/own_words.html", title="本人の付記を書く", back=home(case_id), sheet=draft,
        no_files=True, before=before, speakers=speakers,
    )  # fmt: skip


@writes
def quick(request: HttpRequest, case_id: int) -> HttpResponse:
    """One line: shown as it was read, and with a second Enter saved."""
    case = own_case_for(request.worker, case_id)
    draft = opened(request, "quick", "一行の記録", str(case_id))
    form = draft.fill(forms.QuickForm(bound(request), initial={"draft": draft.id}))
    read: QuickLine | None = None
    if form.is_bound and form.is_valid():
        line, shown = form.cleaned_data["line"], form.cleaned_data["shown"]
        try:
            read = read_line(line, now=request.now)
            if shown == line:
                claim(request.worker, draft.id)
                actions.write_note(case, **read.as_note(), by=request.worker, at=request.now)  # type: ignore[arg-type]
                consume(request.worker, draft.id, home(case_id), request.now)
                messages.success(request, "記録しました。")
                return redirect(home(case_id))
        except AlreadyDone as done:
            return redirect(done.result_link or home(case_id))
        except Refused as refusal:
            read = None
            form.add_error("line", str(refusal))
    return page(
        request,
        "cases/quick.html",
        form=form,
        sheet=draft,
        read=read,
        back=home(case_id),
        case_id=case_id,
        here="cases",
    )


@reads
def quick_help(request: HttpRequest, case_id: int) -> HttpResponse:
    """How one line is read."""
    case_for(request.worker, case_id)
    return page(request, "cases/quick_help.html", back=home(case_id))


def _but_draft(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if name != "draft"}
