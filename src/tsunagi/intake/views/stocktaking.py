"""棚卸し: fifty rows at a time, heaviest first; what had ended is agreed by two."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.holding.rules import StocktakingAnswer
from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, stocktaking_sheet_for
from tsunagi.intake.forms_import import Second, StockLine, Words
from tsunagi.intake.queries import stocktaking as shown
from tsunagi.shared.edges import leave_trail, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._flow import colleagues, done, opened_sheet

_ANSWER = re.compile(r"r(\d{1,15})-answer")
SORTS = {"weight": "重い順", "due": "期日の順"}


@writes
def index(request: HttpRequest) -> HttpResponse:
    """The next fifty rows of a desk; each answered one is settled, the rest stay."""
    desk, asked = _asked(request)
    base = f"{reverse('intake:stocktaking')}?{urlencode({k: v for k, v in asked.items() if k != 'after'} | {'office': desk})}"
    found = shown.stocktaking_of(request.worker, [desk], **asked)
    leave_trail(
        "stocktaking.seen",
        subject_kind="office",
        subject_id=desk,
        detail={"rows": [row.id for row in found.rows]},
    )
    sheet = opened_sheet("stocktaking", "棚卸し", base, str(desk), request=request)
    second = sheet.fill(Second(bound(request), colleagues=colleagues(desk, besides=request.worker.pk)))
    lines = _lines(request, found, sheet)
    answer = done(second, lambda: _settle(request, lines, desk, second, base), request=request, back=base)
    return answer or page(
        request, "intake/stocktaking.html", form=second, sheet=sheet, found=found, lines=lines, desk=desk, base=base,
        desks=desks_for(request.worker), asked=asked, scopes=shown.SCOPES.items(), sorts=SORTS.items(),
        sheets=shown.sheets_of(request.worker, [desk]), next_url=f"{base}&after={found.next}" if found.next else "",
        first_url=base if asked["after"] else "",
    )  # fmt: skip


def _asked(request: HttpRequest) -> tuple[int, dict[str, str]]:
    desks = [office_id for office_id, _name in desks_for(request.worker)]
    said = request.GET.get("office", "")
    desk = int(said) if said.isdecimal() and int(said) in desks else desks[0]
    scope = request.GET.get("scope", "") if request.GET.get("scope") in shown.SCOPES else "all"
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "weight"
    return desk, {"scope": scope, "sort": sort, "after": request.GET.get("after", "")[:40]}


def _lines(request: HttpRequest, found: Any, sheet: Any) -> list[tuple[Any, StockLine]]:
    kinds = shown.going_on_kinds()
    return [
        (
            row,
            sheet.fill(
                StockLine(
                    bound(request),
                    kinds=kinds,
                    prefix=f"r{row.id}",
                    initial={"answer": row.answer, "words": row.answer_words},
                )
            ),
        )
        for row in found.rows
    ]


def _settle(request: HttpRequest, lines: Any, desk: int, second: Any, base: str) -> tuple[str, str]:
    """Every answered row; raises Refused when one of them cannot be settled, and then none is."""
    if not all(form.is_valid() for _row, form in lines):
        raise Refused("書き直すところがあります。赤い印の行を見てください。")
    answered = [(row, form, form.settled(row.id)) for row, form in lines]
    over = [one for _r, _f, one in answered if one is not None and one.answer == StocktakingAnswer.OVER]
    count = 0
    for _row, form, one in answered:
        if one is None or one.answer == StocktakingAnswer.OVER:
            continue
        try:
            actions.settle_row(one, office_ids=[desk], by=request.worker, at=request.now)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "answer", str(refusal))
            raise Refused(
                "片づけられない行があります。赤い印の行を見て、直すか答えを外してください。ほかの行もまだ保存していません。"
            ) from None
        count += 1
    gone = _answered_elsewhere(request, {row.id for row, _form in lines})
    if not (over or count):
        raise Refused("答えた行がありません。いまどうなっているかを、分かる行だけ選んでください。")
    if over:
        actions.ask_sheet(
            over, office_id=desk, second=second.cleaned_data["second"], by=request.worker, at=request.now
        )
    asked = f"{len(over)}件の「終わっていた」は、もう一人の確認を待っています。" if over else ""
    if gone:
        messages.warning(
            request, f"{gone}件は、ほかの職員が先に片づけていました。その行の答えは使っていません。"
        )
    return base, f"{count}件を片づけました。{asked}" if count else asked


def _answered_elsewhere(request: HttpRequest, here: set[int]) -> int:
    """How many rows were answered on a page whose rows somebody else settled meanwhile."""
    named = (_ANSWER.fullmatch(name) for name, value in request.POST.items() if value)
    return sum(found is not None and int(found[1]) not in here for found in named)


@writes
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Up to fifty rows that had ended: another worker agrees to all, or sends the sheet back with words."""
    found = stocktaking_sheet_for(request.worker, sheet_id)
    back = f"{reverse('intake:stocktaking')}?office={found.office_id}"
    draft = opened_sheet("stocktaking.sheet", "棚卸しの確認", request.path, str(sheet_id), request=request)
    form = draft.fill(Words(bound(request)))
    answer = done(form, lambda: (back, _answer(request, found, form)), request=request, back=request.path)
    return answer or page(
        request, "intake/stocktaking_sheet.html", form=form, sheet=draft, found=found, back=back,
        rows=shown.rows_of_sheet(request.worker, found), state=shown.state_of_sheet(found),
        mine=found.asked_by_id == request.worker.pk, open=found.agreed_at is None and found.sent_back_at is None,
    )  # fmt: skip


def _answer(request: HttpRequest, found: Any, form: Any) -> str:
    if request.POST.get("do") == "agree":
        count = actions.agree_sheet(found, by=request.worker, at=request.now)
        messages.info(request, "もとの台帳の行は、根拠として残っています。")
        return f"{count}件を「移行時に確認」で終えました。"
    actions.send_back_sheet(found, words=form.cleaned_data["words"], by=request.worker, at=request.now)
    return "確認を戻しました。行は棚卸しの一覧に戻ります。"
