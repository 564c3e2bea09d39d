"""The shape of a setting or a code that is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from .queries import SettingCard
from .rules import CodeCard, SettingKind


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


class NewCodeForm(forms.Form):
    """A choice of the city's own."""

    value = forms.CharField(
        label="値", max_length=40, help_text="半角の英小文字・数字・_。あとから変えられません。"
    )
    label = forms.CharField(label="ことば", max_length=120, help_text="画面と紙に出ます。")


class CodeForm(forms.Form):
    """The words of a choice. `attributes()` keeps what this page does not show."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label="ことば", max_length=120)
    short = forms.CharField(label="略", max_length=40, required=False, help_text="表や印に出る短いことば。")
    aliases = forms.CharField(
        label="別の書き方",
        max_length=300,
        required=False,
        help_text="台帳の取り込みで同じものと読むことば。「、」で区切ります。",
    )

    def __init__(self, *args: Any, code: CodeCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        self.initial.update(
            label=code.label,
            short=code.attributes.get("short", ""),
            aliases="、".join(code.attributes.get("aliases", ())),
            revision=code.version,
        )

    def attributes(self) -> dict[str, Any]:
        """The attributes of the next version."""
        words = self.cleaned_data["aliases"].replace(",", "、").split("、")
        said = {
            "short": self.cleaned_data["short"].strip(),
            "aliases": [word.strip() for word in words if word.strip()],
        }
        kept = {name: value for name, value in self.code.attributes.items() if name not in said}
        return kept | {name: value for name, value in said.items() if value}
