"""The shape of what the 所内会議 decides: one small form per row, and the end of the sitting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagi.holding.rules import CONSULTATION_OUTCOMES, StocktakingAnswer, kinds_for
from tsunagi.intake.actions import RowAnswer
from tsunagi.intake.queries.meeting import LETTERS
from tsunagi.intake.rules import MeetingAnswer, MeetingKind, answers_for
from tsunagi.ui.fields import DayField

from .forms import Form

LATER = "次回に見る"
_TWO = {str(outcome) for outcome, rule in CONSULTATION_OUTCOMES.items() if rule.second_person}


def _label(answer: MeetingAnswer) -> str:
    return f"{answer.label}(もう一人の確認へ)" if answer in _TWO else answer.label


class MeetingLine(Form):
    """What is decided about one row. Nothing is required: a row without an answer waits for the next sheet."""

    answer = forms.ChoiceField(label="決めたこと", required=False, choices=[])
    worker = forms.TypedChoiceField(label="だれが", required=False, coerce=int, empty_value=None, choices=[])
    hold_kind = forms.ChoiceField(label="続いているときの受け持ち方", required=False, choices=[])
    words = forms.CharField(
        label="ことば",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mark = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, key: str, colleagues: Iterable[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, prefix=key, **kwargs)
        self.key = key
        kind = LETTERS[key[0]]
        answer: Any = self.fields["answer"]
        answer.choices = [("", LATER), *((str(one), _label(one)) for one in answers_for(kind))]
        if kind == MeetingKind.CONSULTATION:
            self.fields["worker"].choices = [("", "いまのまま"), *colleagues]  # type: ignore[attr-defined]
        else:
            del self.fields["worker"], self.fields["mark"]
            if kind != MeetingKind.STOCK:
                answer.widget = forms.RadioSelect(choices=answer.choices)
        if kind == MeetingKind.STOCK:
            kinds = [(str(one), one.label) for one in kinds_for(StocktakingAnswer.GOING_ON)]
            self.fields["hold_kind"].choices = kinds  # type: ignore[attr-defined]
        else:
            del self.fields["hold_kind"]
        del self.fields["draft"]

    def answered(self) -> RowAnswer | None:
        """The answer, or None where the row waits."""
        typed = self.cleaned_data
        if not typed.get("answer"):
            return None
        return RowAnswer(
            self.key,
            typed["answer"],
            typed.get("words", ""),
            typed.get("worker"),
            typed.get("hold_kind", ""),
            typed.get("mark", ""),
        )


class WholeSheet(Form):
    """What is said for the sheet as a whole."""

    second = forms.TypedChoiceField(
        label="棚卸しの「終わっていた」を確かめてもらう人",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[],
    )

    def __init__(self, *args: Any, colleagues: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].choices = [("", "管理職(いなければ同僚)"), *colleagues]  # type: ignore[attr-defined]


class Conclusion(Form):
    """Who sat, the day, 文書番号."""

    held_on = DayField(
        label="会議の日", required=True, error_messages={"required": "会議をした日を入れてください。"}
    )
    sat = forms.TypedMultipleChoiceField(
        label="出席", coerce=int, required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )
    sat_words = forms.CharField(
        label="ほかの出席者",
        required=False,
        max_length=200,
        help_text="この機関の職員でない人。例：保健師 一人",
    )
    document_number = forms.CharField(
        label="文書番号",
        required=False,
        max_length=60,
        help_text="文書管理システムの番号。あとからでも書けます。",
    )
    words = forms.CharField(
        label="覚え", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, colleagues: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sat"].choices = list(colleagues)  # type: ignore[attr-defined]


class Number(Form):
    """文書番号, written later."""

    document_number = forms.CharField(label="文書番号", required=False, max_length=60)
    revision = forms.IntegerField(widget=forms.HiddenInput)
