"""The shape of what is typed on the desk's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .queries import RowSince


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
