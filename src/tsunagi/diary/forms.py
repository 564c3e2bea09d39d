"""The shape of what is typed about appointments, papers carried outside, and the night's password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagi.holding.rules import ContactKind
from tsunagi.ui.fields import DayField, DraftForm

from .actions import Wish
from .rules import AppointmentKind, HowReturned, PaperKind

Form = DraftForm
Choices = Iterable[tuple[Any, str]]


def _clock(label: str, hint: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"placeholder": "14:30", "inputmode": "numeric"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H%M"],
        error_messages={"invalid": "14:30 のように入れてください。決まっていなければ空けておきます。"},
    )


def _worker(label: str, hint: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, help_text=hint, choices=()
    )


class WhenForm(Form):
    """When, where and who goes: the part that planning and moving share."""

    day = DayField(label="日")
    begins = _clock("始まり", "決まっていなければ空けておきます")
    ends = _clock("終わり")
    at_home = forms.BooleanField(label="自宅で（住所は写さず、見てよい人にだけ見えます）", required=False)
    place = forms.CharField(
        label="場所", required=False, max_length=120, help_text="例：ハローワーク、3階の相談室"
    )
    worker = _worker("担当")
    second = _worker("もうひとり", "その人の今日の画面にも出ます")
    note = forms.CharField(
        label="ひとこと", required=False, max_length=200, help_text="例：犬がいる、裏口から、母に先に電話"
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workers: Choices = (), along: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [(str(pk), name) for pk, name in workers]  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", "いない"), *((str(pk), name) for pk, name in along)]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """What `plan` and `move` take."""
        typed = self.cleaned_data
        return Wish(
            day=typed["day"], begins=typed["begins"], ends=typed["ends"], at_home=typed["at_home"],
            place=typed["place"], note=typed["note"], worker_id=typed["worker"], second_id=typed["second"],
        )  # fmt: skip


class PlanForm(WhenForm):
    """A new appointment."""

    kind = forms.ChoiceField(
        label="なにを",
        choices=AppointmentKind.choices(),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "訪問・同行・専門相談・来所・電話のどれかを選んでください。"},
    )
    concerns = forms.TypedMultipleChoiceField(
        label="どの課題のこと",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "どの課題のための予定かを、ひとつ以上選んでください。"},
    )

    def __init__(self, *args: Any, concerns: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = [(str(pk), name) for pk, name in concerns]  # type: ignore[attr-defined]


class MoveForm(WhenForm):
    """Another day, other hours, another place, other people."""

    reason = forms.CharField(
        label="わけ", required=False, max_length=200, help_text="例：本人の通院と重なった"
    )


class CancelForm(Form):
    """Why it is taken out of the diary."""

    reason = forms.CharField(
        label="わけ",
        required=False,
        max_length=200,
        help_text="例：本人から電話で断り。またの日は決めていない",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class HappenedForm(Form):
    """What became of it: once for all its concerns."""

    kind = forms.ChoiceField(
        label="どうでしたか",
        choices=ContactKind.choices(),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={
            "required": "会えた・様子が分かった・周りと話した・試みた・動いた、のどれかを選んでください。"
        },
    )
    words = forms.CharField(
        label="ようす", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="ひとことで足ります。見たこと・聞いたことを書きます。",
    )  # fmt: skip
    with_whom = forms.CharField(label="だれと", required=False, max_length=120)
    due_on = DayField(label="次に動く日", help_text="空なら、受け持ち方ごとの標準の日になります")
    clock = _clock("時刻", "空なら、予定の始まりの時刻になります")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TakeOutForm(Form):
    """Which paper is printed to be carried outside."""

    kind = forms.ChoiceField(label="紙", choices=PaperKind.choices())


class BackForm(Form):
    """What became of a paper."""

    how = forms.ChoiceField(
        label="どうしましたか", choices=HowReturned.choices(),
        error_messages={"required": "紙をどうしたかを選んでください。"},
    )  # fmt: skip


class NightKeyForm(Form):
    """A new password for the papers of the night."""

    password = forms.CharField(
        label="新しいパスワード", required=False, max_length=64, strip=True,
        help_text="12文字以上の半角。空のままなら、読みやすい16文字を作ります。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
