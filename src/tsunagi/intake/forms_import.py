"""The shape of what is chosen when a ledger is taken in, and when its open rows are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tsunagi.holding.rules import StocktakingAnswer
from tsunagi.intake.actions import Settled
from tsunagi.intake.ledger.sheets import MAX_FILE_BYTES

from .forms import Form

TOO_LARGE = "ファイルが大きすぎます(上限{most}MB)。年度か月で分けて保存し、1つずつ取り込んでください。"


class Upload(Form):
    """A ledger file and the office that kept it."""

    file = forms.FileField(
        label="台帳のファイル",
        help_text="Excel(.xlsx)かCSV。50MBまで。見出しの書き方は自由です。次の画面で、列の読み方を確かめてから取り込みます。",
        error_messages={
            "required": "取り込む台帳のファイルを選んでください。",
            "empty": "ファイルは空です。中身が入っているか、Excelで開いて確かめてください。",
            "missing": "取り込む台帳のファイルを選んでください。",
            "invalid": "ファイルが届きませんでした。もう一度選んでください。",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
    )
    office = forms.TypedChoiceField(
        label="台帳をつけていた機関",
        coerce=int,
        error_messages={
            "invalid_choice": "この機関の台帳は取り込めません。ご自分の機関を選んでください。",
            "required": "台帳をつけていた機関を選んでください。",
        },
    )

    def __init__(self, *args: Any, desks: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = list(desks)  # type: ignore[attr-defined]
        self.too_large = False

    def clean_file(self) -> UploadedFile:
        """Refuse a file that nobody could read here anyway."""
        found: UploadedFile = self.cleaned_data["file"]
        if (found.size or 0) > MAX_FILE_BYTES:
            self.too_large = True
            raise forms.ValidationError(TOO_LARGE.format(most=MAX_FILE_BYTES // 1024 // 1024))
        return found


class Words(Form):
    """Why it is not agreed."""

    words = forms.CharField(
        label="同意できないわけ", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class StockLine(Form):
    """What was found about one imported row. Nothing is required: rows without an answer stay as they are."""

    answer = forms.ChoiceField(
        label="いまどうなっているか", required=False, choices=[], widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label="続いているときの受け持ち方", required=False, choices=[])
    words = forms.CharField(
        label="ひとこと",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="続いている: 課題の内容(空なら台帳の文のまま)。終わっていた: 台帳のどこで分かるか。",
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = StocktakingAnswer.choices()  # type: ignore[attr-defined]
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def settled(self, consultation_id: int) -> Settled | None:
        """The answer, or None where there is none."""
        if not self.cleaned_data.get("answer"):
            return None
        answer = StocktakingAnswer(self.cleaned_data["answer"])
        kind = self.cleaned_data["kind"] if answer == StocktakingAnswer.GOING_ON else ""
        return Settled(consultation_id, answer, kind, self.cleaned_data["words"])


class Second(Form):
    """Who is asked to agree to what had ended."""

    second = forms.TypedChoiceField(
        label="「終わっていた」を確かめてもらう人", required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args: Any, colleagues: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].choices = [("", "管理職(いなければ同僚)"), *colleagues]  # type: ignore[attr-defined]
