"""Which notices to show, and up to which one they were read."""

from __future__ import annotations

from typing import Any

from django import forms

from .rules import MailKind, MailWish


class Filter(forms.Form):
    """The filter of the list."""

    show = forms.ChoiceField(
        label="出すもの", choices=[("all", "すべて"), ("unread", "まだ読んでいないもの")], required=False
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class Seen(forms.Form):
    """The newest notice on the screen when everything was marked as read."""

    up_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class Address(forms.Form):
    """Where letters are to go."""

    address = forms.EmailField(
        label="メールアドレス",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="仕事のアドレスを入れてください。確認の番号を送ります。",
        error_messages={
            "required": "メールアドレスを入れてください。",
            "invalid": "メールアドレスの形ではありません。@の前後を確かめてください。",
        },
    )


class Code(forms.Form):
    """The code that came."""

    code = forms.CharField(
        label="届いた6けたの番号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "メールで届いた6けたの番号を入れてください。"},
    )


class Choices(forms.Form):
    """Which kinds, and how."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in MailKind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=MailWish.choices(), widget=forms.RadioSelect, required=False
            )
