"""The shape of what is chosen before printing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from .rules import FORMS, OTHER, Format, HowBack, Mask

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
    to = forms.ChoiceField(
        label="渡す先の機関", required=False, choices=[("", "この機関で使う・本人に渡す"), (OTHER, "一覧にない相手に渡す")],
        help_text="ほかへ渡す紙では、同意していない家族は関係と年代だけになり、台帳に1行書かれます。",
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="渡す根拠", required=False, help_text="空なら、機関の種類と本人の同意から決まります"
    )
    ground_why = forms.CharField(label="この根拠にしたわけ", required=False, max_length=300)
    decision = forms.CharField(
        label="決裁",
        required=False,
        max_length=120,
        help_text="「その他」「明らかに本人の利益」のとき。例：福相第9号、個人情報管理者",
    )
    document_number = forms.CharField(
        label="文書番号", required=False, max_length=60, help_text="空なら、手で書く欄になります。"
    )

    def __init__(self, *args: Any, receivers: Any = (), grounds: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [*self.fields["to"].choices, *receivers]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", "おすすめの根拠"), *grounds]  # type: ignore[attr-defined]


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
        # A run makes copies for this office; what leaves is printed one by one, on its ground.
        for name in ("document_number", "to", "ground", "ground_why", "decision"):
            del self.fields[name]


class CopyForm(forms.Form):
    """What became of a copy; empty: it is asked back."""

    how = forms.ChoiceField(label="どうなったか", required=False, choices=HowBack.choices())
    ask = forms.BooleanField(required=False)
