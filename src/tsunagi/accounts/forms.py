"""What a worker says about themselves."""

from __future__ import annotations

from django import forms

from .rules import WEEKDAYS


class MyWeekdays(forms.Form):
    """The weekdays I work."""

    weekdays = forms.TypedMultipleChoiceField(
        label="勤務の曜日",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="期限が休みの日に当たるときは、その前の最後の勤務日に色がつきます。",
    )
