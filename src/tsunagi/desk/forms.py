"""The shape of what is typed on the desk's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagi.search.queries import Found, Narrowed
from tsunagi.search.rules import TextKind
from tsunagi.shared.days import TOKYO
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.ui.fields import DayField

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
