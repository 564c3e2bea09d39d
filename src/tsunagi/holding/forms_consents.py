"""The shape of what is typed about a consent, its withdrawal, paper asked back, and an emergency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagi.people.rules import Facet
from tsunagi.sharing.rules import (
    ConsentBy,
    ConsentState,
    ConsentWay,
    ConsentWish,
    GlassReview,
    PaperBack,
    Preset,
)
from tsunagi.ui.fields import DayField, text

from .forms import Choices, Form, choice

STATES = [
    ("given_all", "同意する"),
    *((str(state.value), state.label) for state in (
        ConsentState.CONSIDERING, ConsentState.REFUSED, ConsentState.UNABLE, ConsentState.NOT_EXPLAINED,
    )),
]  # fmt: skip
FACETS = [(facet.value, facet.label) for facet in Facet if facet != Facet.INFORMANT]


def many(label: str, options: Choices = (), hint: str = "") -> forms.MultipleChoiceField:
    """Any number of boxes."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(options),
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


class ConsentForm(Form):
    """What the person was told and answered. One tick is enough: the standard preset."""

    state = forms.ChoiceField(
        label="本人の答え",
        choices=STATES,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "本人の答えを選んでください。"},
    )
    explained_on = DayField(label="説明した日")
    preset = choice("どこまで", Preset.choices(), radio=True)
    offices = many("どの機関に", hint="「標準」では、あとから機関を加えられます。加えたら本人に伝えます")
    facets = many("どの項目を", FACETS, "「機関と項目を選ぶ」のときだけ")
    purpose = text("何のために", max_length=300)
    way = choice("方法", ConsentWay.choices(), radio=True)
    kept_where = text("署名した紙の保管場所", max_length=200, hint="例：相談室の鍵つき書庫")
    explanation_id = forms.TypedChoiceField(
        label="説明に使った文書", required=False, coerce=int, empty_value=None
    )
    present = text("その場にいた人", max_length=200)
    words = text("本人のことば", rows=2)
    until_on = DayField(
        label="本人が決めた終わりの日", help_text="空なら、支援が終わるまで。毎年、いっしょに見直します"
    )
    given_by = choice("だれの同意", ConsentBy.choices(), blank=False)
    given_by_name = text("親権者・後見人等のお名前と続柄", max_length=120)
    child_word = text("子ども本人はどう言っているか", rows=2, max_length=500)
    parent_harm = text("親権者に聞かないわけ", rows=2, max_length=500)
    instead = text("かわりに決めたところ", max_length=300, hint="例：6月の支援会議、要対協、所内でふたりで")
    second_id = forms.TypedChoiceField(
        label="いっしょに決めた職員", required=False, coerce=int, empty_value=None
    )
    judged_by = text("同意困難と判断した人", max_length=120)
    judged_on = text("何を見て判断したか", max_length=300)
    ask_again_on = DayField(label="もう一度聞く日")

    def __init__(
        self,
        *args: Any,
        offices: Choices = (),
        workers: Choices = (),
        explanations: Choices = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offices"].choices = [(str(pk), name) for pk, name in offices]  # type: ignore[attr-defined]
        self.fields["explanation_id"].choices = [(str(pk), name) for pk, name in explanations]  # type: ignore[attr-defined]
        blank = [("", "選ばない")]
        self.fields["second_id"].choices = blank + [(str(pk), name) for pk, name in workers]  # type: ignore[attr-defined]

    def wish(self, *, guardian_covers: bool | None = None) -> ConsentWish:
        """What was typed, as the rule reads it."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("draft", "offices")}
        typed["facets"] = tuple(typed["facets"])
        typed["preset"] = typed["preset"] or Preset.STANDARD.value
        typed["given_by"] = typed["given_by"] or ConsentBy.PERSON.value
        return ConsentWish(
            **typed,
            office_ids=tuple(int(pk) for pk in self.cleaned_data["offices"]),
            guardian_covers=guardian_covers,
        )


class WithdrawForm(Form):
    """What is taken back: all, some offices, some facets; and for each hold that rests on it, where it goes."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label="何を取り消しますか",
        choices=[("all", "全部"), ("offices", "一部の機関"), ("facets", "一部の項目")],
        widget=forms.RadioSelect,
        initial="all",
        error_messages={"required": "全部・一部の機関・一部の項目のどれかを選んでください。"},
    )
    offices = many("取り消す機関", hint="「一部の機関」のとき")
    facets = many("取り消す項目", hint="「一部の項目」のとき")
    words = text("本人のことば", rows=2, max_length=300)

    def __init__(
        self,
        *args: Any,
        offices: Choices = (),
        facets: Choices = (),
        resting: Iterable[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offices"].choices = [(str(pk), name) for pk, name in offices]  # type: ignore[attr-defined]
        self.fields["facets"].choices = list(facets)  # type: ignore[attr-defined]
        self.resting = tuple(resting)
        for row in self.resting:
            options = [("", f"{row.back_to}に戻す(根拠 01)"), *row.grounds]
            self.fields[f"ground_{row.hold_id}"] = forms.ChoiceField(
                label="この受け持ちは", required=False, choices=options
            )
            self.fields[f"reason_{row.hold_id}"] = text("続けるわけ", max_length=300)
            self.fields[f"decision_{row.hold_id}"] = text("決裁(文書番号)", max_length=120)

    def held(self) -> list[tuple[Any, list[Any]]]:
        """Each hold with its own three fields."""
        return [
            (row, [self[f"{name}_{row.hold_id}"] for name in ("ground", "reason", "decision")])
            for row in self.resting
        ]


class AddOfficeForm(Form):
    """One more office under the standard preset."""

    office = forms.TypedChoiceField(
        label="加える機関",
        coerce=int,
        error_messages={"required": "加える機関を選んでください。"},
    )
    why = text("この機関が要るわけ", rows=2, max_length=300)
    told_on = DayField(
        label="本人に伝えた日", help_text="まだなら空のままで。伝えるまで、あなたの約束になります"
    )

    def __init__(self, *args: Any, offices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in offices)]  # type: ignore[attr-defined]


class ToldForm(Form):
    """When the person was told of the new office."""

    told_on = DayField(
        label="本人に伝えた日", required=True, error_messages={"required": "伝えた日を入れてください。"}
    )


class PaperForm(Form):
    """What became of the paper."""

    answer = choice("渡した紙はどうなりましたか", PaperBack.choices(), radio=True)
    words = text("ひとこと", rows=2, max_length=300)


class GlassForm(Form):
    """Who is meant, and why now."""

    name = text("氏名", max_length=120)
    birth = text("生年月日", max_length=40, hint="生年月日か電話の、どちらかは要ります。例：S30.4.1")
    phone = text("電話", max_length=40)
    reason = text(
        "なぜ今、開かないといけないか",
        rows=3,
        hint="あとで別の人が読みます。例：倒れているとの通報。持病を知りたい",
    )


class GlassReviewForm(Form):
    """Whether it was right."""

    answer = choice("必要でしたか", GlassReview.choices(), radio=True)
    words = text("ことば", rows=2, max_length=500)
