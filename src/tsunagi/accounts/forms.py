"""What a worker says about themselves."""

from __future__ import annotations

from django import forms

from tsunagi.ui.fields import DayField

from .rules import WEEKDAYS


class MyWeekdays(forms.Form):
    """The weekdays I work."""

    weekdays = forms.TypedMultipleChoiceField(
        label="勤務の曜日",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="期限が休みの日に当たるときは、その前の最後の勤務日に色がつきます。",
    )


class MyDay(forms.Form):
    """Days on which my own week differs."""

    day = DayField(label="日", required=True, error_messages={"required": "日を入れてください。"})
    until = DayField(label="この日まで", help_text="続くときだけ")
    works = forms.TypedChoiceField(
        label="この日は",
        choices=[("off", "休み"), ("works", "出勤")],
        coerce=lambda value: value == "works",
        widget=forms.RadioSelect,
        initial="off",
    )
    label = forms.CharField(
        label="わけ", max_length=60, required=False, help_text="例:研修、振替。病名などは要りません。"
    )


class Code(forms.Form):
    """Six digits of an app, or a spare code."""

    code = forms.CharField(
        label="確認コード",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "コードを入れてください。"},
    )


class NewKey(forms.Form):
    """What a new key is called, and what it answered."""

    name = forms.CharField(
        label="呼び名",
        max_length=60,
        required=False,
        help_text="例:机の鍵、市のタブレット。あとで見分けるためです。",
    )
    answer = forms.JSONField(
        label="キーの答え",
        widget=forms.HiddenInput,
        error_messages={
            "required": "キーの答えが届いていません。「登録する」を押してください。",
            "invalid": "キーの答えを読めませんでした。",
        },
    )


class KeyAnswer(forms.Form):
    """What a key answered at sign-in."""

    answer = forms.JSONField(
        label="キーの答え",
        widget=forms.HiddenInput,
        error_messages={
            "required": "キーの答えが届いていません。「キーで確かめる」を押してください。",
            "invalid": "キーの答えを読めませんでした。",
        },
    )
