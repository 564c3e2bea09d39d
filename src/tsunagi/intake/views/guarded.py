"""A fact under a special secret: written beside a consultation, and the three doors it may come in by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.holding import actions
from tsunagi.intake.access import consultation_for
from tsunagi.intake.forms_sharing import DoorForm, SecretForm
from tsunagi.shared.edges import writes
from tsunagi.sharing.access import guarded_for
from tsunagi.sharing.queries import guarded_page
from tsunagi.ui.pages import bound, page

from ._flow import done, elsewhere, home, opened_sheet


@writes
def write(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Write it; with a door it is in the record, without one it is the writer's alone until the next business day."""
    found = consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("secret", "特別な秘密", request.path, str(consultation_id), request=request)
    form = SecretForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        wish = form.wish()
        actions.write_secret(
            "consultation",
            found.pk,
            secret=typed["secret"],
            words=typed["words"],
            wish=wish,
            by=request.worker,
            at=request.now,
        )
        said = (
            "記録しました。"
            if wish.door
            else "あなただけが読めるように、預かりました。次の開庁日に、今日の画面へ出ます。"
        )
        return home(consultation_id), said

    answer = done(form, act, request=request, back=home(consultation_id))
    return answer or page(
        request, "intake/secret.html", form=form, sheet=sheet, back=home(consultation_id), text=None,
        slip_url=reverse("intake:slip_new"),
    )  # fmt: skip


@writes
def door(request: HttpRequest, text_id: int) -> HttpResponse:
    """The writer chooses one of the three doors for what was kept back."""
    text = guarded_for(request.worker, text_id)
    back = (
        elsewhere("cases:detail", text.subject_id) if text.subject_kind == "case" else home(text.subject_id)
    )
    sheet = opened_sheet("secret_door", "特別な秘密の入れ方", request.path, str(text_id), request=request)
    form = DoorForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.choose_secret_door(text, form.wish(), by=request.worker, at=request.now)
        return back, "入れ方を決めました。"

    answer = done(form, act, request=request, back=back)
    return answer or page(
        request, "intake/secret.html", form=form, sheet=sheet, back=back, slip_url=reverse("intake:slip_new"),
        text=guarded_page(request.worker, text),
    )  # fmt: skip
