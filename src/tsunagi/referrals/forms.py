"""つなぐシート and the answers to it. Nothing is required that a rule does not ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from tsunagi.codes.queries import choices as code_choices
from tsunagi.holding.rules import DeclineReason, HoldKind
from tsunagi.sharing.fields import ConsentTick
from tsunagi.ui.fields import DayField, DraftForm, text

from .rules import PersonTold, ReferralResult

Choices = Iterable[tuple[Any, Any]]
HOW = [
    ("together", "同行"),
    ("telephone", "電話"),
    ("letter", "手紙"),
    ("person_alone", "本人が自分で行く"),
    ("sheet", "シートだけ"),
]


class Form(DraftForm):
    """A form that knows its draft, so that a double click shows the first result."""

    def choose_from(self, name: str, options: Choices) -> None:
        """Offer these choices in a field."""
        self.fields[name].choices = list(options)  # type: ignore[attr-defined]


class SheetForm(Form, ConsentTick):
    """つなぐシート (岡山市の形を基に)."""

    concerns = forms.TypedMultipleChoiceField(
        label="つなぐ課題",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "つなぐ課題をひとつ以上選んでください。"},
    )
    to_office = forms.TypedChoiceField(
        label="つなぎ先",
        coerce=int,
        empty_value=None,
        error_messages={"required": "つなぎ先の機関を選んでください。"},
        help_text="※の機関は、このシステムを使っていません。返事はこちらで記録します。",
    )
    reason = text("紹介する理由", rows=4)
    wishes = text("相談したいこと・配慮してほしいこと", rows=3)
    troubles = forms.MultipleChoiceField(
        label="お困りごと", required=False, widget=forms.CheckboxSelectMultiple
    )
    household_words = text("世帯のようす", rows=3)
    how_introduced = forms.ChoiceField(label="つなぎ方", required=False, choices=[("", "選ばない"), *HOW])
    person_told = forms.ChoiceField(
        label="本人への説明", required=False, choices=[("", "選ばない"), *PersonTold.choices()]
    )
    person_told_words = text("説明のようす・伝えないわけ", max_length=300)
    ground = forms.ChoiceField(
        label="渡す根拠", required=False, help_text="空なら、機関の種類と本人の同意から決まります"
    )
    ground_why = text("この根拠にしたわけ", max_length=300)
    decision = text(
        "決裁", max_length=120, hint="「その他」「明らかに本人の利益」のとき。例：福相第9号、個人情報管理者"
    )
    answer_due_on = DayField(label="返事の期限", help_text="空なら5開庁日後")

    def __init__(
        self,
        *args: Any,
        concerns: Choices = (),
        offices: Choices = (),
        grounds: Choices = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("ground", [("", "おすすめの根拠"), *grounds])
        self.choose_from("concerns", [(str(pk), label) for pk, label in concerns])
        self.choose_from("to_office", [("", "選んでください"), *offices])
        self.choose_from("troubles", code_choices("tsunagu_worries"))


class AcceptForm(Form):
    """Accept all or some; name the holder, or let the duty worker name one within two open days."""

    concerns = forms.TypedMultipleChoiceField(
        label="受ける課題",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "受ける課題を一つ以上選んでください。どれも受けられないときは「受けられない」から返してください。"
        },
    )
    worker = forms.TypedChoiceField(
        label="受け持つ職員",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="決まっていなければ空のまま。当番が受け、2開庁日のうちに決めます。",
    )
    kind = forms.ChoiceField(
        label="受け持ち方",
        choices=[
            (k.value, k.label)
            for k in (
                HoldKind.ASSESSING,
                HoldKind.SUPPORTING,
                HoldKind.REACHING_OUT,
                HoldKind.PARTICIPATING,
                HoldKind.WATCHING,
            )
        ],
        initial=HoldKind.ASSESSING.value,
    )
    due_on = DayField(label="次に動く日", help_text="空なら標準の日")
    words = text("返事のことば", rows=2)

    def __init__(self, *args: Any, concerns: Choices = (), workers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("concerns", [(str(pk), label) for pk, label in concerns])
        self.choose_from("worker", [("", "当番が受ける"), *((str(pk), name) for pk, name in workers)])


class DeclineForm(Form):
    """受けられない, with its reason (H5)."""

    decline_reason = forms.ChoiceField(
        label="受けられないわけ",
        choices=DeclineReason.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "受けられないわけを選んでください。課題は送った機関に戻ります。"},
    )
    words = text("ことば", rows=3, hint="ほかに合いそうなところがあれば書いてください")


class ConsiderForm(Form):
    """検討中, with the day of the answer."""

    until = DayField(
        label="いつまでに返事をしますか",
        required=True,
        error_messages={"required": "返事をする日を入れてください。"},
    )
    words = text("ことば", rows=2)


class WordsForm(Form):
    """A word."""

    words = text("ことば", rows=3)


class OralForm(Form):
    """口頭受諾."""

    who = text("だれが受けると言いましたか", max_length=100)
    said_on = DayField(label="聞いた日", help_text="空なら今日")


class OutsideForm(Form):
    """What an office without an account answered."""

    accepted = forms.TypedChoiceField(
        label="返事",
        choices=[("yes", "受けると言った"), ("no", "受けられないと言った")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "先方の返事を選んでください。"},
    )
    who = text("先方のお名前・部署", max_length=100)
    reason = forms.ChoiceField(
        label="受けられないわけ", required=False, choices=[("", "選ばない"), *DeclineReason.choices()]
    )
    words = text("聞いたこと", rows=3)
    due_on = DayField(label="次に確かめる日", help_text="空なら14日後")


class MetForm(Form):
    """はじめて会えた."""

    day = DayField(label="会えた日", help_text="空なら今日")

    def met_at(self, now: datetime) -> datetime:
        """The moment: now, or noon of the day typed."""
        day = self.cleaned_data.get("day") or now.date()
        return (
            now
            if day == now.date()
            else now.replace(year=day.year, month=day.month, day=day.day, hour=12, minute=0)
        )


class ResultForm(Form):
    """結果."""

    result = forms.ChoiceField(
        label="どうなりましたか",
        choices=ReferralResult.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "結果を選んでください。"},
    )
    words = text("ことば", rows=3)
