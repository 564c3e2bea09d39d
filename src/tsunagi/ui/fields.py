"""Forms and fields of this product: a form that keeps its draft, a text, a day in either calendar, the ○／◎ sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagi.shared import wareki

NONE, CIRCLE, DOUBLE = "", "o", "oo"
TOO_LONG = "%(show_value)s字あります。%(limit_value)s字までにしてください。"


class DraftForm(forms.Form):
    """A form that knows its draft, so that nothing typed is lost and a double click shows the first result."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class EditForm(DraftForm):
    """A form that knows its draft and the revision it was opened on: two people who write both see both texts."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


def text(label: str, *, rows: int = 0, hint: str = "", max_length: int | None = None) -> forms.CharField:
    """A text that may be empty; `rows` makes it several lines. Too long is said with how long it is."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    field = forms.CharField(
        label=label, required=False, widget=widget, help_text=hint, max_length=max_length or None
    )
    if max_length:
        field.error_messages["max_length"] = TOO_LONG
    return field


def radios(
    label: str, choices: Iterable[tuple[Any, str]], error: str, *, hint: str = "", required: bool = True
) -> forms.ChoiceField:
    """One of a few, all to be seen; `error` says what to choose."""
    return forms.ChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.RadioSelect, help_text=hint,
        error_messages={"required": error},
    )  # fmt: skip


class DayInput(forms.TextInput):
    """A text box for a day; the page echoes how it was understood."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "text", "autocomplete": "off", "data-day": ""} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        """A stored day as 2023-04-01, a partial one as it was said; typed text as it was typed."""
        if isinstance(value, wareki.PartialDate):
            return value.text or wareki.show_partial(value)
        return value.isoformat() if isinstance(value, date) else super().format_value(value)


class _AnyDay(forms.Field):
    widget = DayInput
    default_hint = "例：R5.4.1、2023-04-01"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", self.default_hint)
        super().__init__(**kwargs)

    def _parsed(self, value: Any) -> wareki.PartialDate:
        try:
            return wareki.parse(str(value).strip())
        except wareki.NotADate as refusal:
            raise ValidationError(str(refusal)) from None


class DayField(_AnyDay):
    """A whole day, from 和暦 or 西暦, full-width too. Cleans to `date` or None."""

    def to_python(self, value: Any) -> date | None:
        """Read the typed text; ValidationError when it names no whole day."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        whole = self._parsed(value).exact
        if whole is None:
            raise ValidationError("年・月・日まで入れてください。例：R5.4.1")
        return whole


class PartialDayField(_AnyDay):
    """A day known perhaps only in part (昭和30年ごろ). Cleans to `shared.wareki.PartialDate` or None."""

    default_hint = "例：S30.5.1、昭和30年、1955-05。分かるところまででかまいません"

    def to_python(self, value: Any) -> wareki.PartialDate | None:
        """Read the typed text; ValidationError when nothing in it is a day, month, year or age."""
        return None if value in self.empty_values else self._parsed(value)


class PaperMarksInput(forms.Widget):
    """The rows of a paper sheet with nothing, ○ or ◎ in each; radios, so it works without JavaScript."""

    template_name = "ui/parts/paper_marks.html"

    def __init__(self, rows: Iterable[tuple[str, str]] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows = list(rows)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The rows with what is marked."""
        context = super().get_context(name, value, attrs)
        marked = value if isinstance(value, Mapping) else {}
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["rows"] = [
            {
                "name": f"{name}-{code}",
                "label": label,
                "id": f"{base}-{code}",
                "cells": [
                    {"value": mark, "sign": sign, "word": word, "checked": marked.get(code, NONE) == mark}
                    for mark, sign, word in (
                        (NONE, "—", "なし"),
                        (CIRCLE, "○", "ある"),
                        (DOUBLE, "◎", "いちばん困っている"),
                    )
                ],
            }
            for code, label in self.rows
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """{code: "o" or "oo"} of the marked rows."""
        found = {code: str(data.get(f"{name}-{code}", NONE)) for code, _ in self.rows}
        return {code: mark for code, mark in found.items() if mark in (CIRCLE, DOUBLE)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the sheet was not on the page at all."""
        return not any(f"{name}-{code}" in data for code, _ in self.rows)

    def use_required_attribute(self, initial: Any) -> bool:
        """Nothing on a sheet is required."""
        return False


class PaperMarksField(forms.Field):
    """`PaperMarksField(rows=[("01", "病気や健康、障害のこと"), …])` cleans to {"01": "o", "10": "oo"}."""

    widget = PaperMarksInput

    def __init__(self, *, rows: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs["widget"] = PaperMarksInput(rows)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        """The marked rows; nothing marked is an empty dict and no error."""
        return dict(value or {})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether any row is marked differently."""
        return dict(initial or {}) != dict(data or {})
