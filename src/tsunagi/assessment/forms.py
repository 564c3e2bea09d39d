"""The shape of what is typed: a section is made of its questions, the rest are plain forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from tsunagi.codes.queries import choices as codes_of
from tsunagi.codes.queries import code_of
from tsunagi.ui.fields import DayField, DraftForm, text

from .actions import LifeWish, NotKnown, ScreeningWish, StrengthWish
from .queries import codes_seen
from .rules import (
    FACTS,
    FACTS_LABELS,
    HOW_TO_SAY,
    JUDGEMENT,
    JUDGEMENT_LABEL,
    UNKNOWN,
    UNKNOWN_LABEL,
    Ask,
    Given,
    LifeKind,
    Outcome,
    Question,
    Source,
    Verdict,
    View,
    Whose,
)

Form = DraftForm
Choices = Iterable[tuple[Any, str]]


def _field(question: Question, facets: Iterable[str], chosen: Iterable[str]) -> forms.Field:
    if question.ask is Ask.WORDS:
        return text(question.label, rows=3, hint=question.hint)
    if not question.has_codes:
        label = f"{question.label}（{question.unit}）" if question.unit else question.label
        return text(label, hint=question.hint)
    offered = [(code.value, code.label) for code in codes_seen(question, facets)]
    known = {value for value, _ in offered}
    # A choice that is no longer offered stays on the page where it was chosen.
    for value in chosen:
        code = code_of(question.list_key, value) if value not in known and value != UNKNOWN else None
        if code is not None and code.retired_on is not None:
            offered.append((value, f"{code.label}（いまは使わない選択肢）"))
    offered.append((UNKNOWN, UNKNOWN_LABEL))
    if question.ask is Ask.ONE:
        return forms.ChoiceField(
            label=question.label,
            required=False,
            choices=[*offered, ("", "空けておく")],
            widget=forms.RadioSelect,
        )
    return forms.MultipleChoiceField(
        label=question.label, required=False, choices=offered, widget=forms.CheckboxSelectMultiple
    )


class SectionForm(Form):
    """One section of one subject in one view: its questions, the facts, the judgement, what is not known yet."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Question],
        view: View,
        facets: Iterable[str],
        answers: Mapping[str, Given],
        finders: Choices = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.view = tuple(asked), view
        for question in self.asked:
            given = answers.get(question.key, Given())
            self.fields[question.key] = _field(question, facets, given.values)
            self.initial.setdefault(question.key, _initial(question, given))
        self.fields[FACTS] = text(FACTS_LABELS[view], rows=4)
        self.initial.setdefault(FACTS, answers.get(FACTS, Given()).words)
        if view is View.SUPPORTER:
            self.fields[JUDGEMENT] = text(JUDGEMENT_LABEL, rows=3, hint="事実と分けて書きます")
            self.initial.setdefault(JUDGEMENT, answers.get(JUDGEMENT, Given()).words)
            self.fields["unknown"] = text(
                "まだ分からないこと", hint="ひとつずつ。ここに書いたことは一覧に残ります"
            )
            self.fields["finder"] = forms.TypedChoiceField(
                label="だれが確かめるか", required=False, coerce=int, empty_value=None,
                choices=[("", "決めていない"), *finders],
            )  # fmt: skip
            self.fields["by_on"] = DayField(label="いつまでに", help_text="入れると、その人の約束になります")
            self.fields["complete"] = forms.BooleanField(label="この項目は、ひととおり聞けた", required=False)

    def answers(self) -> dict[str, Given]:
        """What was typed, question by question."""
        typed = self.cleaned_data
        found = {}
        for question in self.asked:
            value = typed.get(question.key) or ""
            if question.ask is Ask.MANY:
                found[question.key] = Given(tuple(value or ()))
            elif question.ask is Ask.ONE:
                found[question.key] = Given((value,) if value else ())
            else:
                found[question.key] = Given((), value)
        for key in (FACTS, JUDGEMENT):
            if key in self.fields:
                found[key] = Given((), typed.get(key) or "")
        return found

    def not_known(self) -> NotKnown:
        """What nobody knows yet, as typed."""
        typed = self.cleaned_data
        return NotKnown(typed.get("unknown") or "", typed.get("finder"), typed.get("by_on"))


def _initial(question: Question, given: Given) -> Any:
    if question.ask is Ask.MANY:
        return list(given.values)
    if question.ask is Ask.ONE:
        return given.values[0] if given.values else ""
    return given.words


class WordsForm(Form):
    """One sentence."""

    words = text("分かったこと", rows=2, max_length=300)


class BeginForm(Form):
    """Begin an assessment: nothing to type."""


class FinishForm(Form):
    """The day on which the assessment was put together."""

    on = DayField(label="まとめた日", help_text="空なら今日")


class ScreeningForm(Form):
    """スクリーニング."""

    on = DayField(label="スクリーニングの日", help_text="空なら今日")
    outcome = forms.ChoiceField(
        label="対応結果・方針",
        widget=forms.RadioSelect,
        error_messages={"required": "対応結果・方針をひとつ選んでください。"},
    )
    elsewhere = text("他機関へのつなぎ先", max_length=200)
    reasons = forms.MultipleChoiceField(
        label="支援決定の理由", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason_words = text("理由（ことばで）", rows=3)
    urgent = forms.MultipleChoiceField(
        label="緊急的支援の要否", required=False, widget=forms.CheckboxSelectMultiple
    )
    urgent_words = text("緊急的支援（ことばで）", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, key in (
            ("outcome", "screening_results"),
            ("reasons", "support_reasons"),
            ("urgent", "urgent_support"),
        ):
            self.fields[name].choices = codes_of(key)  # type: ignore[attr-defined]

    def wish(self, today: date) -> ScreeningWish:
        """For the deed."""
        typed = self.cleaned_data
        return ScreeningWish(
            typed["on"] or today, Outcome(typed["outcome"]), typed["elsewhere"], tuple(typed["reasons"]),
            typed["reason_words"], tuple(typed["urgent"]), typed["urgent_words"],
        )  # fmt: skip


class PatternForm(Form):
    """A word about a pattern."""

    verdict = forms.ChoiceField(
        label="どう見ますか",
        choices=Verdict.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "どう見るかを選んでください。"},
    )
    reason = text("わけ", rows=2, max_length=300, hint="「ちがう」のときは、ひとこと書いてください")
    until_on = DayField(label="いつ見直すか", help_text="「あとで見る」のとき。例：R8.7.1")


class StrengthForm(Form):
    """A strength."""

    party = forms.TypedChoiceField(label="だれの", coerce=int)
    whose = forms.ChoiceField(label="どこにある強みか", choices=Whose.choices(), widget=forms.RadioSelect)
    words = text("強み", hint="例：毎日3人分の昼食を作っている")
    evidence = text("そう思う場面", rows=3, hint="いつ、どんなときに見たか・聞いたか")
    told_by = forms.ChoiceField(label="だれの見方", choices=View.choices(), widget=forms.RadioSelect)
    since = text("いつから", max_length=40, hint="例：高校のころ、2019年")

    def __init__(self, *args: Any, subjects: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = list(subjects)  # type: ignore[attr-defined]

    def wish(self) -> StrengthWish:
        """For the deed."""
        typed = self.cleaned_data
        return StrengthWish(
            typed["party"], Whose(typed["whose"]), typed["words"], typed["evidence"], View(typed["told_by"]), typed["since"],
            typed.get("ended_on"), typed.get("ended_words", ""),
        )  # fmt: skip


class StrengthEditForm(StrengthForm):
    """A strength put right, or ended."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    ended_on = DayField(label="終わった日", help_text="いまもあるなら空けておきます")
    ended_words = text("終わったわけ", max_length=200)


class LifeForm(Form):
    """A life event."""

    kind = forms.ChoiceField(
        label="種類",
        widget=forms.RadioSelect,
        error_messages={"required": "種類をひとつ選んでください。"},
    )
    words = text("できごと", hint="例：高校を中退、工場に就職、父を亡くす")
    since = forms.CharField(
        label="いつ（から）", required=False, max_length=40, help_text=HOW_TO_SAY,
        error_messages={"max_length": "長すぎます。例：小学校のころ"},
    )  # fmt: skip
    until = forms.CharField(
        label="いつまで", required=False, max_length=40, help_text="続いたことなら",
        error_messages={"max_length": "長すぎます。例：1997年"},
    )  # fmt: skip
    goes_on = forms.BooleanField(label="いまも続いている", required=False)
    detail = text("くわしく", rows=3)
    source = forms.ChoiceField(
        label="だれから聞いたか",
        required=False,
        choices=[*Source.choices(), ("", "まだ書かない")],
        widget=forms.RadioSelect,
    )
    source_words = text("出どころ（ことばで）", hint="例：母、通知表、前の担当の記録")

    def __init__(self, *args: Any, kinds: Iterable[LifeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = set(kinds)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in LifeKind if kind in seen]  # type: ignore[attr-defined]

    def wish(self) -> LifeWish:
        """For the deed."""
        typed = self.cleaned_data
        return LifeWish(
            LifeKind(typed["kind"]), typed["words"], typed["detail"], typed["since"], typed["until"], typed["goes_on"],
            Source(typed["source"]) if typed["source"] else "", typed["source_words"],
        )  # fmt: skip


class LifeEditForm(LifeForm):
    """A life event put right."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RemoveForm(Form):
    """Take a life event out."""

    why = text("取り消すわけ", rows=2, max_length=200, hint="例：別の方のことだった")
