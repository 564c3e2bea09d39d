"""The shape of what is typed about powers and 市長申立て."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagi.ui.fields import DayField, EditForm, text

from .actions import PowerWish
from .rules import Aid, Aimed, HowEnded, PowerKind

Choices = Iterable[tuple[Any, str]]


class Form(EditForm):
    """A form that knows its draft and the revision it was opened on."""

    def offer(self, name: str, choices: Choices, blank: str = "") -> None:
        """Fill a choice."""
        first = [("", blank)] if blank else []
        self.fields[name].choices = [*first, *((str(value), label) for value, label in choices)]  # type: ignore[attr-defined]


def somebody(label: str, hint: str = "") -> forms.TypedChoiceField:
    """A choice by number that may stay empty."""
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, choices=(), help_text=hint
    )


class PowerForm(Form):
    """Who may act for the person, by what right, in what, until when."""

    kind = forms.ChoiceField(
        label="種類",
        choices=PowerKind.choices(blank="選んでください"),
        error_messages={"required": "種類を選んでください。"},
    )
    holder = somebody("登録のある方から", "家族・関係のある方なら、ここから選べます")
    holder_name = text("名前・法人", max_length=120, hint="登録のない方。例：司法書士 北川 実、NPO法人○○")
    holder_office = somebody("機関から", "社協など、機関そのものが担うとき")
    holder_kind = forms.ChoiceField(label="立場", required=False, choices=())
    reach_words = text("連絡先", max_length=200, hint="連絡のしかたと、つながりやすい時間も")
    cares = forms.BooleanField(label="身上保護（住まい・介護・医療の契約など）", required=False)
    keeps_money = forms.BooleanField(label="財産管理", required=False)
    agency_words = text(
        "代理権の範囲",
        rows=3,
        hint="保佐・補助・任意後見・日常生活自立支援・委任は、書かれた範囲だけ代わって署名できます。登記・契約書のとおりに",
    )
    consent_words = text("同意権・取消権", rows=2)
    from_on = DayField(label="始まり")
    until_on = DayField(
        label="終わり",
        help_text="決まっていれば。半年前から今日の画面に出ます。親権・未成年後見は空なら18歳の前の日",
    )
    court = text("裁判所・契約の相手", max_length=120)
    case_number = text("事件番号・契約の番号", max_length=60)
    source = forms.ChoiceField(label="何で確かめたか", required=False, choices=())
    source_on = DayField(label="その書類の日")
    aid = forms.ChoiceField(label="報酬助成", required=False, choices=Aid.choices())
    aid_words = text("報酬・助成のひとこと", max_length=200)
    note = text("ひとこと", rows=2)
    owner = somebody(
        "終わるあとのことを決める職員", "終わりの日があるとき、半年前にこの人の今日の画面に出ます"
    )
    why = text("訂正のわけ", max_length=300)

    def __init__(self, *args: Any, corrects: bool = False, money: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (("owner",) if corrects else ("why",)) + (() if money else ("aid", "aid_words")):
            del self.fields[name]

    def wish(self) -> PowerWish:
        """What the deeds take."""
        typed = dict(self.cleaned_data)
        for name in ("draft", "revision", "owner", "why"):
            typed.pop(name, None)
        typed["holder_id"], typed["holder_office_id"] = typed.pop("holder"), typed.pop("holder_office")
        return PowerWish(**typed)


class SettleForm(Form):
    """What comes after an end, or when it is looked at again."""

    what = forms.ChoiceField(
        label="どうしますか",
        choices=(("settle", "あとのことが決まった"), ("later", "まだ。次に確かめる日を決める")),
        widget=forms.RadioSelect,
        error_messages={"required": "決まったか、まだかを選んでください。"},
    )
    successor = somebody(
        "次の権限", "すでに書いてあれば選びます。まだなら、先に「代わりに動ける人を書く」で書けます"
    )
    words = text("次の人・要らないわけ・いま分かっていること", rows=2, max_length=300)
    due_on = DayField(label="次に確かめる日", help_text="「まだ」のとき。終わる日より前に")
    owner = somebody("確かめる職員", "「まだ」のとき。空なら、いまの人のまま")


class EndForm(Form):
    """Why and when a power is over."""

    how = forms.ChoiceField(
        label="終わったわけ",
        choices=HowEnded.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "終わったわけを選んでください。"},
    )
    ended_on = DayField(label="終わった日", help_text="空なら今日")
    words = text("ひとこと", rows=2, max_length=300)


class PetitionForm(Form):
    """An application is begun."""

    asked_by = text(
        "申出をした人・機関", max_length=120, hint="例：地域包括支援センター、病院の相談室、民生委員"
    )
    asked_on = DayField(label="申出の日", help_text="空なら今日")
    why = text("申出のわけ", rows=4, hint="本人の判断する力、困っていること、申し立てる親族がいないか")
    aimed = forms.ChoiceField(label="類型", required=False, choices=Aimed.choices())
    owner = somebody("はじめの段階を進める職員")
    due_on = DayField(label="いつまでに")


class StepForm(Form):
    """The open step is done or left out; who goes on, and until when."""

    skipped = forms.BooleanField(label="この段階は省く（わけを下に書きます）", required=False)
    done_on = DayField(label="済んだ日", help_text="空なら今日")
    words = text("分かったこと・省くわけ", rows=4)
    owner = somebody("次の段階を進める職員")
    due_on = DayField(label="次の段階を、いつまでに")
    power = somebody("引き継いだ後見人等", "書いてあれば選びます")

    def __init__(self, *args: Any, is_last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "due_on") if is_last else ("power",):
            del self.fields[name]


class MoveForm(Form):
    """Another day or another worker."""

    due_on = DayField(label="いつまでに")
    owner = somebody("進める職員")
    words = text("わけ", max_length=300, hint="例：戸籍がまだ届かない")


class DescribeForm(Form):
    """What becomes known on the way."""

    aimed = forms.ChoiceField(label="類型", required=False, choices=Aimed.choices())
    court = text("裁判所", max_length=120)
    case_number = text("事件番号", max_length=60)
    fee_words = text("申立費用", max_length=200, hint="例：市が立て替え、審判で本人負担を求める")
    aid = forms.ChoiceField(label="報酬助成", required=False, choices=Aid.choices())
    aid_words = text("報酬助成のひとこと", max_length=200)

    def __init__(self, *args: Any, money: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if money else ("fee_words", "aid", "aid_words"):
            del self.fields[name]


class StopForm(Form):
    """Why an application is given up."""

    words = text("取りやめるわけ", rows=2, max_length=300, hint="例：長女が申し立てることになった")


def step(typed: dict[str, Any]) -> dict[str, Any]:
    """What `actions.finish_step` takes."""
    return {
        "skipped": typed["skipped"],
        "done_on": typed["done_on"],
        "words": typed["words"],
        "owner_id": typed.get("owner"),
        "due_on": typed.get("due_on"),
        "power_id": typed.get("power"),
        "revision": typed["revision"] or 0,
    }
