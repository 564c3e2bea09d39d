"""What comes back from outside: a number, a filled-in 返信票, a book, a PIN."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagi.holding.rules import DeclineReason
from tsunagi.ui.fields import DayField

from .forms import Form, text

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
