"""Which notices to show, and up to which one they were read."""

from __future__ import annotations

from django import forms


class Filter(forms.Form):
    """The filter of the list."""

    show = forms.ChoiceField(
        label="出すもの", choices=[("all", "すべて"), ("unread", "まだ読んでいないもの")], required=False
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class Seen(forms.Form):
    """The newest notice on the screen when everything was marked as read."""

    up_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
