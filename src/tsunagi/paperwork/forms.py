"""The shape of what is chosen before printing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from .rules import FORMS, Format, HowBack, Mask

NEED = {"required": "帳票を選んでください。"}


class PrintForm(forms.Form):
    """One form of one file."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label="帳票", choices=[(form.code, form.name) for form in FORMS], widget=forms.RadioSelect,
        error_messages={"required": "帳票を選んでください。", "invalid_choice": "この帳票はありません。選び直してください。"},
    )  # fmt: skip
    mask = forms.ChoiceField(
        label="秘匿の程度", choices=Mask.choices(), widget=forms.RadioSelect, initial=Mask.REAL.value
    )
    fmt = forms.ChoiceField(
        label="形式", choices=Format.choices(), widget=forms.RadioSelect, initial=Format.PDF.value
    )
    for_whom = forms.CharField(
        label="渡す先・使いみち",
        required=False,
        max_length=120,
        help_text="例：7月の重層的支援会議。紙の上に出ます。",
    )
    document_number = forms.CharField(
        label="文書番号", required=False, max_length=60, help_text="空なら、手で書く欄になります。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ManyForm(PrintForm):
    """One form of many files."""

    together = forms.ChoiceField(
        label="まとめ方", choices=[("zip", "1件ずつのファイルをZIPに"), ("one", "1つのPDFに（PDFのとき）")], widget=forms.RadioSelect,
        initial="zip",
    )  # fmt: skip
    cases = forms.TypedMultipleChoiceField(
        label="どの支援", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "印刷する支援を、1つ以上選んでください。", "invalid_choice": "選べない支援が入っています。画面を開き直してください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, cases: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].choices = [(str(pk), label) for pk, label in cases]  # type: ignore[attr-defined]
        self.fields["form"].choices = [(form.code, form.name) for form in FORMS if form.of_case]  # type: ignore[attr-defined]
        del self.fields["document_number"]


class CopyForm(forms.Form):
    """What became of a copy; empty: it is asked back."""

    how = forms.ChoiceField(label="どうなったか", required=False, choices=HowBack.choices())
    ask = forms.BooleanField(required=False)
