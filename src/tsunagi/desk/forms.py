"""The shape of what is typed on the desk's own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.search.queries import Found, Narrowed
from tsunagi.search.rules import TextKind
from tsunagi.shared.days import TOKYO
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.ui.fields import DayField
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

from .queries import RowSince


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


class PartForm(forms.Form):
    """Why two records are two people after all, and for every row written meanwhile, whose it is."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="どうして別の方と分かりましたか", max_length=300, required=False,
        help_text="例：本人に会って、生年月日が違うと分かった",
    )  # fmt: skip

    def __init__(
        self, *args: Any, rows: Sequence[RowSince] = (), sides: Sequence[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[row.key] = forms.TypedChoiceField(
                label=f"{row.label}「{row.words[:60] or '（内容はまだ）'}」",
                coerce=int, choices=[(str(pk), name) for pk, name in sides], widget=forms.RadioSelect,
                error_messages={"required": "どちらの方のことかを選んでください。"},
            )  # fmt: skip

    def clean_reason(self) -> str:
        """No 個人番号 in the reason."""
        said = str(self.cleaned_data["reason"])
        try:
            refuse_my_number(said, "わけ")
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None
        return said

    def belongs(self) -> dict[str, int]:
        """Row → the record it belongs to."""
        return {row.key: self.cleaned_data[row.key] for row in self.rows}

    def asked(self) -> list[Any]:
        """The fields of the rows, with the row beside each."""
        return [(row, self[row.key]) for row in self.rows]


class WordsForm(forms.Form):
    """What is looked for in the records, and how it is narrowed."""

    q = forms.CharField(label="さがすことば", max_length=200, required=False)
    kind = forms.ChoiceField(
        label="どの記録", required=False, choices=lambda: [("", "すべて"), *TextKind.choices()]
    )
    since = DayField(label="いつから")
    until = DayField(label="いつまで")
    after = forms.CharField(required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_q(self) -> str:
        """No 個人番号: it is kept out everywhere, also as a question."""
        said = str(self.cleaned_data["q"])
        try:
            refuse_my_number(said, "さがすことば")
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None
        return said

    def narrowed(self) -> Narrowed:
        """Kind and days, as moments of city days; the last day counts whole."""
        kind, since, until = (self.cleaned_data.get(name) for name in ("kind", "since", "until"))
        return Narrowed(
            kinds=[TextKind(kind)] if kind else (),
            since=_begins(since) if since else None,
            until=_begins(until + timedelta(days=1)) if until else None,
        )

    def before(self) -> tuple[datetime, int] | None:
        """The last hit of the page before; None on the first page, or when the mark was altered."""
        moment, _, number = self.cleaned_data["after"].partition("|")
        try:
            return datetime.fromisoformat(moment), int(number)
        except ValueError:
            return None

    def mark(self, found: Found) -> str:
        """The mark of the next page; empty on the last one."""
        return f"{found.hits[-1].at.isoformat()}|{found.hits[-1].id}" if found.more else ""


class Form(forms.Form):
    """A form that knows its draft, and keeps 個人番号 out of every text at its own field."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @classmethod
    def opened(cls, request: HttpRequest, *args: Any, title: str, **kwargs: Any) -> tuple[Self, Sheet]:
        """The form of this page with its draft: fresh, the one asked for, or the one that was sent."""
        number = request.POST.get("draft") or request.GET.get("draft")
        draft = sheet(request.worker, number, kind=f"desk.{cls.__name__}", title=title, link=request.path)  # type: ignore[attr-defined]
        form = cls(*args, data=bound(request), **kwargs)
        draft.fill(form)
        return form, draft

    def clean(self) -> dict[str, Any]:
        """Refuse 個人番号 where it was typed; the text stays in its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and isinstance(self.fields[name], forms.CharField):
                try:
                    refuse_my_number(value, str(self.fields[name].label or name))
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return cleaned


class Press(Form):
    """One key."""


class Circulate(Form):
    """Who is to read it."""

    workers = forms.TypedMultipleChoiceField(
        label="だれに",
        required=False,
        coerce=int,
        choices=[],
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="この記録をすでに見られる職員に回せます。Ctrlを押しながら選ぶと、何人でも選べます。",
        error_messages={"invalid_choice": "選んだ職員が見つかりません。もう一度選んでください。"},
    )
    office = forms.TypedChoiceField(
        label="機関の全員に", required=False, coerce=int, empty_value=None, choices=[],
        help_text="その機関の、この記録を見られる職員みんなに回します。",
    )  # fmt: skip
    words = forms.CharField(
        label="ひとこと", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, workers: Iterable[tuple[int, str]], offices: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.fields["workers"].choices = list(workers)  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", "選ばない"), *offices]  # type: ignore[attr-defined]


class TakeAway(Form):
    """Why a list leaves the office, where a reason is asked."""

    reason = forms.CharField(
        label="書き出すわけ", required=False, max_length=300,
        help_text="例：市長会議の資料。わけは管理職に見えます。人のお名前は書かないでください。",
    )  # fmt: skip


class ReadBack(Form):
    """The exported table with new due days."""

    table = forms.FileField(
        label="書き出した表",
        help_text="Excel(.xlsx)かCSV。次の画面で、何が変わるかを見てから決めます。",
        error_messages={
            "required": "表のファイルを選んでください。",
            "empty": "ファイルは空です。Excelで開いて確かめてください。",
            "missing": "表のファイルを選んでください。",
            "invalid": "ファイルが届きませんでした。もう一度選んでください。",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )


class TakeIn(Form):
    """What the preview showed."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000)


class Decide(Form):
    """決裁."""

    decided_on = DayField(
        label="決裁の日", required=True, error_messages={"required": "決めた日を入れてください。"}
    )
    document_number = forms.CharField(
        label="文書番号", required=False, max_length=60, help_text="文書管理システムの番号"
    )


def run(
    request: HttpRequest,
    form: Any,
    act: Callable[[], tuple[str, str]],
    *,
    sheet: Sheet,
    template: str,
    back: str,
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once and lead on, or show the form again with what stands in the way.

    `act` returns (where to go, what to say). A form sent twice leads to its first result.
    """
    if form.is_bound and form.is_valid():
        number = form.cleaned_data.get("draft")
        try:
            claim(request.worker, number)  # type: ignore[attr-defined]
            link, sentence = act()
            consume(request.worker, number, link, request.now)  # type: ignore[attr-defined]
        except AlreadyDone as before:
            return redirect(before.result_link or back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, sentence)
            return redirect(link)
    return page(request, template, form=form, sheet=sheet, back=back, **context)
