"""One tick where consent is spoken of: the fields other modules' forms take in, and the wish they mean.

The receiving desk, the plan and the つなぐシート ask in their own form and write the real consent in their own deed
(`holding.actions.consent_with_a_deed`): nothing is typed twice. Everything rare has its own page (`holding:consent_new`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from tsunagi.ui.fields import DayField

from .queries import explanations
from .rules import ConsentBy, ConsentState, ConsentWay, ConsentWish, Preset

Choices = Iterable[tuple[Any, str]]
ADD = "add"
"""The tick 「標準の同意に、この機関を加える」."""
NOT_ASKED = ("", "ここでは書かない")
YES = [(str(preset.value), f"同意する：{preset.label}") for preset in Preset if preset != Preset.OWN]
ANSWERS = [
    (str(ConsentState.CONSIDERING.value), "説明した。本人が考えている"),
    (str(ConsentState.REFUSED.value), "同意しない（拒否）"),
    (str(ConsentState.UNABLE.value), "同意困難"),
    (str(ConsentState.NOT_EXPLAINED.value), "まだ説明していない"),
]
WHO = [
    (str(who.value), who.label)
    for who in (ConsentBy.PERSON, ConsentBy.CHILD_AND_PARENT, ConsentBy.GUARDIAN)
]  # fmt: skip


def _text(label: str, *, rows: int = 0, hint: str = "", longest: int | None = None) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, required=False, widget=widget, help_text=hint, max_length=longest
    )  # fmt: skip


class ConsentTick(forms.Form):
    """What the person answered, beside another deed. Ask `offer_consent` for what may be chosen; shown by `sharing/_tick.html`."""

    consent = forms.ChoiceField(
        label="情報を伝え合うことへの、本人の答え", required=False, choices=[NOT_ASKED, *YES, *ANSWERS], widget=forms.RadioSelect
    )  # fmt: skip
    consent_person = forms.TypedChoiceField(
        label="だれの同意ですか", required=False, coerce=int, empty_value=None
    )
    consent_way = forms.ChoiceField(
        label="聞いた方法", required=False, choices=ConsentWay.choices(), widget=forms.RadioSelect, initial="oral"
    )  # fmt: skip
    consent_kept_where = _text("署名した紙の保管場所", longest=200, hint="例：相談室の鍵つき書庫")
    consent_explained_on = DayField(label="説明した日")
    consent_explanation_id = forms.TypedChoiceField(
        label="説明に使った文書", required=False, coerce=int, empty_value=None
    )
    consent_present = _text("その場にいた人", longest=200)
    consent_offices = forms.MultipleChoiceField(
        label="伝えてよい機関", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="「標準」では、あとから加えられます。加えたら本人に伝えます",
    )  # fmt: skip
    consent_purpose = _text("何のために", longest=300, hint="「今回だけ」のとき。例：6月の住まいの相談")
    consent_words = _text("本人のことば", rows=2)
    consent_given_by = forms.ChoiceField(label="だれのことばですか", required=False, choices=WHO)
    consent_given_by_name = _text("親権者・後見人等のお名前と続柄", longest=120)
    consent_child_word = _text("子ども本人はどう言っているか", rows=2, longest=500)
    consent_judged_by = _text("同意困難と判断した人", longest=120)
    consent_judged_on = _text("何を見て判断したか", longest=300)
    consent_ask_again_on = DayField(label="もう一度聞く日")

    def offer_consent(
        self,
        *,
        on: date,
        offices: Choices = (),
        persons: Choices = (),
        ticked: Iterable[int] = (),
        may_add: bool = False,
    ) -> None:
        """Say what may be chosen: offices to open to (`ticked` beforehand), whose consent, whether a standard consent stands
        to which an office may be added. One person only is not asked for."""
        versions = explanations(on=on)
        self._choose(
            "consent_explanation_id", [("", "選ばない"), *((str(row.id), row.label) for row in versions)]
        )
        self._choose("consent_offices", [(str(pk), name) for pk, name in offices])
        whose = [(str(pk), name) for pk, name in persons]
        # Of several nobody is chosen beforehand: whose word it is, is said.
        self._choose("consent_person", whose if len(whose) < 2 else [("", "選んでください"), *whose])
        if len(whose) < 2:
            self.fields["consent_person"].widget = forms.HiddenInput()
        self._persons = [int(pk) for pk, _ in whose]
        if may_add:
            added = (ADD, "すでにある「標準」の同意に、この機関を加える")
            self._choose("consent", [NOT_ASKED, added, *YES, *ANSWERS])
        self.initial = {
            "consent_explained_on": on,
            "consent_explanation_id": versions[0].id if versions else None,
            "consent_person": whose[0][0] if len(whose) == 1 else None,
            "consent_offices": [str(pk) for pk in ticked],
            "consent_given_by": ConsentBy.PERSON.value,
            **(self.initial or {}),
        }

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        self.fields[name].choices = options  # type: ignore[attr-defined]

    @property
    def consent_errors(self) -> bool:
        """Whether something of the tick stands in the way: its folded part is then open."""
        return any(name.startswith("consent") for name in self.errors) if self.is_bound else False

    @property
    def consent_person_id(self) -> int | None:
        """Whose consent it is: as chosen, else the only person there is."""
        chosen: int | None = self.cleaned_data.get("consent_person")
        return chosen or (self._persons[0] if len(getattr(self, "_persons", [])) == 1 else None)

    def consent_wish(self, *, office_ids: Iterable[int] | None = None, **instead: Any) -> ConsentWish | None:
        """What was ticked, as the rule reads it; None when nothing was, or when an office is only added. `office_ids` where
        the form itself says to whom; `instead` where it says the day, the way, whose word it is or the words already."""
        typed: Mapping[str, Any] = self.cleaned_data
        answer = typed.get("consent") or ""
        if answer in ("", ADD):
            return None
        yes = answer in Preset.values()
        opened = (
            office_ids if office_ids is not None else (int(pk) for pk in typed.get("consent_offices") or ())
        )
        values = {
            name: typed.get(f"consent_{name}")
            for name in (
                "purpose", "way", "given_by_name", "child_word", "explained_on", "explanation_id", "present", "kept_where",
                "words", "judged_by", "judged_on", "ask_again_on",
            )
        }  # fmt: skip
        values["given_by"] = typed.get("consent_given_by") or ConsentBy.PERSON.value
        dated = {"explained_on", "explanation_id", "ask_again_on"}
        values |= instead
        if answer == ConsentState.NOT_EXPLAINED:
            values["explained_on"] = None
        kept: dict[str, Any] = {
            name: value if value or name in dated else "" for name, value in values.items()
        }
        return ConsentWish(
            state=ConsentState.GIVEN_ALL.value if yes else answer,
            preset=answer if yes else Preset.STANDARD.value,
            office_ids=tuple(dict.fromkeys(opened)) if yes else (),
            **kept,
        )
