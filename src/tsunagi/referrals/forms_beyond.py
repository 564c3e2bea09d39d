"""What comes back from outside: a number, a filled-in 返信票, a book, a PIN."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagi.holding.rules import DeclineReason
from tsunagi.ui.fields import DayField, text

from .forms import Form

YES, NO = "yes", "no"
ANSWERS = ((YES, "受けます"), (NO, "受けません"))


class NumberForm(forms.Form):
    """The big number of a 返信票."""

    number = forms.CharField(
        label="返信票の番号",
        max_length=40,
        help_text="例: 08-00012-2。全角でも、ハイフンがなくてもかまいません。",
        error_messages={"required": "返信票の右上にある大きな番号を入れてください。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class AnswerForm(Form):
    """The five cells of a 返信票."""

    answer = forms.ChoiceField(label="返事", required=False, choices=ANSWERS, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="受けません のわけ", required=False, choices=[("", "選ばない"), *DeclineReason.choices()]
    )
    met_on = DayField(label="会えました(いつ)", help_text="まだなら空のまま")
    who = text("担当の方", max_length=100)
    next_on = DayField(label="次の予定", help_text="書かれていなければ空のまま")
    words = text("お伝えになりたいこと", rows=3)

    def reply(self) -> dict[str, Any]:
        """What was typed, as `actions.replies.Reply` takes it."""
        typed = self.cleaned_data
        return {
            "accepted": {YES: True, NO: False}.get(typed["answer"]),
            "reason": typed["reason"] if typed["answer"] == NO else "",
            "who": typed["who"],
            "met_on": typed["met_on"],
            "next_on": typed["next_on"],
            "words": typed["words"],
        }


class ReplyForm(AnswerForm):
    """A 返信票 typed in by the sender."""


class BookForm(Form):
    """The Excel that came back."""

    book = forms.FileField(
        label="返ってきたExcel",
        error_messages={
            "required": "返ってきたExcelのファイルを選んでください。",
            "empty": "ファイルは空です。先方にもう一度送ってもらってください。",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class TakeInForm(Form):
    """What the preview showed, signed."""

    rows = forms.CharField(widget=forms.HiddenInput)


class PinForm(forms.Form):
    """The number told by telephone."""

    pin = forms.CharField(
        label="電話でお伝えした6けたの番号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class PackageForm(Form):
    """A package that came, and the desk that takes it."""

    package = forms.FileField(
        label="届いた包み(.tsunagi)",
        error_messages={
            "required": "届いた .tsunagi のファイルを選んでください。",
            "empty": "ファイルは空です。先方にもう一度送ってもらってください。",
        },
        widget=forms.FileInput(attrs={"accept": ".tsunagi"}),
    )
    office = forms.TypedChoiceField(label="受ける窓口", coerce=int, empty_value=None)

    def __init__(self, *args: Any, offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("office", offices)


class PartnerKeyForm(Form):
    """The line a partner sent."""

    office = forms.TypedChoiceField(
        label="機関", coerce=int, empty_value=None, error_messages={"required": "機関を選んでください。"}
    )
    card = forms.CharField(
        label="先方の鍵(1行)",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "先方から届いた1行を入れてください。"},
    )

    def __init__(self, *args: Any, offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("office", [("", "選んでください"), *offices])


class CompareForm(Form):
    """What the partner reads aloud, and who read it."""

    heard = forms.CharField(
        label="電話で聞いた40けた",
        max_length=120,
        help_text="番号のわかっている電話にかけ、先方に読んでもらって打ちます。空白はあってもなくてもかまいません。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "先方が読んだ40けたを入れてください。"},
    )
    with_whom = text("読み合わせた先方の方", max_length=100)


class EndKeyForm(Form):
    """Why a key is not used any more."""

    reason = text("使うのをやめるわけ", max_length=300)
