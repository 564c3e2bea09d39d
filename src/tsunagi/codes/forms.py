"""The shape of a setting that is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from .queries import SettingCard
from .rules import SettingKind


class SettingForm(forms.Form):
    """One setting: a text, a number, an hour or a length of time. `stored()` is what the deed takes."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    value = forms.CharField(label="値", required=False, max_length=300)

    def __init__(self, *args: Any, card: SettingCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        self.fields["value"].label = card.label
        self.fields["value"].help_text = " ".join(part for part in (card.hint, card.bounds) if part)
        if card.kind in (SettingKind.NUMBER, SettingKind.SPAN):
            self.fields["value"] = forms.IntegerField(
                label=f"{card.label}({card.unit})" if card.unit else card.label,
                help_text=self.fields["value"].help_text,
                error_messages={"required": "数を入れてください。", "invalid": "数を入れてください。"},
            )
        self.initial.update(value=card.typed, revision=card.revision)

    def stored(self) -> Any:
        """The value as settings are stored (JSON)."""
        value = self.cleaned_data["value"]
        return {"n": value, "unit": self.card.unit_key} if self.card.kind is SettingKind.SPAN else value
