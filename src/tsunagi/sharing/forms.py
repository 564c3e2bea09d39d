"""The shape of what is typed about the ledger and about usual flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from tsunagi.people.rules import Facet
from tsunagi.ui.fields import DayField


class LedgerFilter(forms.Form):
    """Which rows of the ledger."""

    from_on = DayField(label="から")
    until_on = DayField(label="まで")
    office = forms.TypedChoiceField(label="機関", required=False, coerce=int, empty_value=None)
    ground = forms.ChoiceField(label="根拠", required=False)

    def __init__(self, *args: Any, grounds: Any = (), offices: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "すべて"), *((str(pk), name) for pk, name in offices)]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", "すべて"), *grounds]  # type: ignore[attr-defined]

    def in_words(self, asked: Mapping[str, Any]) -> str:
        """What was asked for, as the cover of the export says it."""
        said = []
        for name, value in asked.items():
            options = dict(getattr(self.fields[name], "choices", ()))
            said.append(f"{self.fields[name].label} {options.get(str(value), value)}")
        return "、".join(said)


class ExplanationForm(forms.Form):
    """The next version of the 説明文書."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="題", required=False, max_length=120)
    words = forms.CharField(
        label="本人に説明する文", required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    plain_words = forms.CharField(
        label="やさしい日本語", required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="短い文で、一文にひとつのこと。人が読んで確かめてから載せます。",
    )  # fmt: skip
    from_on = DayField(
        label="いつから使うか",
        required=True,
        help_text="この日からの説明に使います。それまでの同意は、そのときの版のまま残ります。",
        error_messages={"required": "いつから使うかを入れてください。例：R8.7.1"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class FlowForm(forms.Form):
    """A usual flow as it was decided."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.CharField(label="協議番号", required=False, max_length=20, help_text="例：6-16")
    giver = forms.TypedChoiceField(
        label="渡す機関", coerce=int, error_messages={"required": "渡す機関を選んでください。"}
    )
    receiver = forms.TypedChoiceField(
        label="受ける機関", coerce=int, error_messages={"required": "受ける機関を選んでください。"}
    )
    ground = forms.ChoiceField(label="根拠", error_messages={"required": "根拠を選んでください。"})
    facets = forms.MultipleChoiceField(
        label="項目", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(facet.value, facet.label) for facet in Facet if facet != Facet.INFORMANT],
    )  # fmt: skip
    purpose = forms.CharField(label="目的", required=False, max_length=300)
    conditions = forms.CharField(label="受け手への条件(70条)", required=False, max_length=300)
    from_on = DayField(
        label="から", required=True, error_messages={"required": "期間の始まりを入れてください。"}
    )
    until_on = DayField(
        label="まで", required=True, error_messages={"required": "期間の終わりを入れてください。"}
    )
    decided_words = forms.CharField(label="決裁(文書番号・決めた人)", required=False, max_length=120)
    decided_on = DayField(
        label="決裁の日", required=True, error_messages={"required": "決裁の日を入れてください。"}
    )

    def __init__(self, *args: Any, offices: Any = (), grounds: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        rows = [("", "選ばない"), *((str(pk), name) for pk, name in offices)]
        self.fields["giver"].choices = rows  # type: ignore[attr-defined]
        self.fields["receiver"].choices = rows  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", "選ばない"), *grounds]  # type: ignore[attr-defined]
