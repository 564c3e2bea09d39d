"""What a form says about itself when it saves a draft."""

from __future__ import annotations

from django import forms


class AboutDraft(forms.Form):
    """The hidden fields of workbench/_draft.html and the version drafts.js counts."""

    draft_kind = forms.CharField(required=False, max_length=60)
    draft_subject = forms.CharField(required=False, max_length=60)
    draft_title = forms.CharField(required=False, max_length=80)
    draft_link = forms.CharField(required=False, max_length=200)
    seq = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)


class TakeOff(forms.Form):
    """Why a file is taken off its record."""

    reason = forms.CharField(
        label="外すわけ",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="例: 別の方の書類だった。記録には、外したこととわけが残ります。",
    )
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
