"""The shape of what is typed about people. Nothing is required; a 個人番号 is kept out at its own field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagi.codes.queries import choices as code_choices
from tsunagi.places.queries import district_choices
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate
from tsunagi.ui.fields import DayField, PartialDayField

from .rules import (
    AddressKind,
    AliasKind,
    ContactWay,
    NewAddress,
    NewAlias,
    NewPhone,
    OwnRelation,
    ProtectionCategory,
    RelationKind,
    YesNo,
    read_birth,
)

BLANK = [("", "選ばない")]


class BirthField(PartialDayField):
    """A birth date as told: 和暦, 西暦, partial. Cleans to the text itself, which the action reads and keeps."""

    def _parsed(self, value: Any) -> Any:
        try:
            return read_birth(str(value))
        except NotADate as refusal:
            raise ValidationError(str(refusal)) from None

    def clean(self, value: Any) -> str:
        """The text as typed, when it can be read."""
        super().clean(value)
        return str(value or "").strip()


class Form(forms.Form):
    """A form that knows its draft and its revision, and refuses 個人番号 where it was typed."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse 個人番号 at the field that holds it; the text stays there to be mended."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                try:
                    refuse_my_number(value, str(self.fields[name].label or name))
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What was typed, without what only the form needs."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("draft", "revision")}


def _text(label: str, max_length: int, hint: str = "", *, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, help_text=hint)


def _choice(label: str, options: Any, *, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=options, help_text=hint)


def _sexes() -> list[tuple[str, str]]:
    return [*BLANK, *code_choices("sexes")]


def _relations() -> list[tuple[str, str]]:
    return [*BLANK, *code_choices("relations")]


def _districts() -> list[tuple[str, str]]:
    return [("", "住所から決める"), *((str(pk), name) for pk, name in district_choices())]


class PersonForm(Form):
    """Who somebody is, as far as told."""

    name = _text("氏名", 120, "書かれたとおりに。名字と名のあいだは空けます")
    kana = _text("カナ", 120)
    birth = BirthField(label="生年月日")
    sex = _choice("性別", _sexes)
    languages = forms.MultipleChoiceField(
        label="使うことば",
        required=False,
        choices=lambda: code_choices("languages"),
        widget=forms.SelectMultiple,
    )
    interpreter = _choice("通訳", lambda: [*BLANK, *code_choices("interpreter_needs")])
    note = _text("見分けの手がかり", 300, "同じ名前の方と間違えないための一言")


class NewPersonForm(PersonForm):
    """A new person, with one number, one address and one other name; more can follow."""

    phone = _text("電話", 60)
    address = _text("住所", 200, "町名から番地まで。校区は住所から決まります")
    alias = _text("通称・旧姓など", 120)

    field_order = ("name", "kana", "birth", "sex", "phone", "address", "alias")

    def wish(self) -> dict[str, Any]:
        """What `register_person` takes."""
        said = self.said()
        phone, address, alias = said.pop("phone"), said.pop("address"), said.pop("alias")
        return said | {
            "phones": [phone] if phone else [],
            "addresses": [address] if address else [],
            "aliases": [alias] if alias else [],
        }


class SafeContactForm(Form):
    """連絡のしかた. What was not asked stays blank and shows as まだ聞いていない."""

    way = _choice("方法", [*BLANK, *ContactWay.choices()])
    when = _text("曜日・時間", 100, "例：平日の昼、夫がいない水曜")
    under_name = _text("名乗り方", 100, "例：個人名で、市役所とは言わない")
    message_allowed = _choice("留守番・伝言", YesNo.choices())
    plain_envelope = _choice("市の名前のない封筒で", YesNo.choices())
    paper_allowed = _choice("紙（連絡カードなど）を渡してよいか", YesNo.choices())
    who_may_know = _text("家で知っている人", 100)
    note = _text("気をつけること", 300, rows=3)
    asked_on = DayField(label="聞いた日")


class PhoneForm(Form):
    """One more number."""

    number = _text("電話", 60)
    whose = _text("だれの番号", 60, "本人のものなら空けておきます")
    shared_by_many = forms.BooleanField(label="大家・施設など、多くの人が使う番号", required=False)

    def wish(self) -> NewPhone:
        """What `add_phone` takes."""
        return NewPhone(**self.said())


class AddressForm(Form):
    """One more address."""

    kind = _choice("種類", AddressKind.choices())
    postal_code = _text("郵便番号", 8)
    text = _text("住所", 200)
    district = _choice("校区", _districts, hint="住所から決まります。違うときだけ選びます")
    shared_by_many = forms.BooleanField(label="施設・社宅など、多くの人の住所", required=False)
    from_on = DayField(label="いつから")

    def wish(self) -> NewAddress:
        """What `add_address` takes."""
        said = self.cleaned_data
        return NewAddress(
            text=said["text"],
            kind=said["kind"] or AddressKind.LIVING,
            postal_code=said["postal_code"],
            district_id=int(said["district"]) if said["district"] else None,
            shared_by_many=said["shared_by_many"],
        )


class AliasForm(Form):
    """Another name."""

    kind = _choice("種類", AliasKind.choices())
    name = _text("氏名", 120)
    kana = _text("カナ", 120)

    def wish(self) -> NewAlias:
        """What `add_alias` takes."""
        said = self.said()
        return NewAlias(said["name"], said["kana"], said["kind"] or AliasKind.KNOWN_AS)


class HouseholdForm(Form):
    """What a household is called and how it lives."""

    label = _text("呼び名", 120, "例：山田さん(友岡)のお宅")
    household_type = _choice("世帯類型", lambda: [*BLANK, *code_choices("household_types")])
    note = _text("ようす", 300, rows=3)


class ChosenPerson(Form):
    """Somebody chosen from what a search showed. `persons` are (number, name) the worker may choose."""

    person = forms.TypedChoiceField(
        label="だれ",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "さがして、選んでください。"},
    )

    def __init__(self, *args: Any, persons: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = list(persons)
        field: Any = self.fields["person"]
        field.choices = [(str(pk), name) for pk, name in self.persons]


class MergeForm(Form):
    """Why two records are one person. `offices`: (number, label) of those that see one of the two only."""

    reason = _text("どうして同じ方と分かりましたか", 300, "例：本人に確かめた。旧姓で登録していた")
    letting_see = forms.TypedMultipleChoiceField(
        label="両方を見られるようにする機関",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばない機関には、これまで見えていた記録だけが見えます。",
    )

    def __init__(self, *args: Any, offices: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(pk), label) for pk, label in offices]
        if choices:
            field: Any = self.fields["letting_see"]
            field.choices = choices
        else:
            del self.fields["letting_see"]


class MemberForm(ChosenPerson):
    """A new member of a household."""

    relation = _choice("世帯の中心の方から見た続柄", _relations)
    lives_here = forms.BooleanField(label="いっしょに住んでいる", required=False, initial=True)


class RelationForm(ChosenPerson):
    """A relation: this person is the … of the chosen one."""

    kind = _choice("この方は、選んだ方の", RelationKind.choices())
    words = _text("ことばで", 60, "例：別れて暮らす長女")
    untold = forms.BooleanField(label="本人・子に知らせていない関係", required=False)


class UnknownForm(Form):
    """Someone not yet known."""

    place = _text("場所", 200, "例：友岡の公園の北側のベンチ")
    looks = _text("見た目・ようす", 300, rows=3)
    words = _text("聞いたこと", 2000, rows=5)


class ProtectForm(Form):
    """仮保護: one click, a reason in a word. The rest can follow. `members`: who lives with them, (id, name)."""

    reason = _text("わけ(ひとことで)", 300)
    covering = forms.TypedMultipleChoiceField(
        label="いっしょに保護する家族", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    category = _choice("種類", ProtectionCategory.choices())
    measure_until_on = DayField(label="支援措置の期限")
    municipality = _text("受け付けた市町村", 60)
    other_party_id = forms.TypedChoiceField(
        label="相手方(記録のある家族から)", required=False, coerce=int, empty_value=None
    )
    other_party_name = _text("相手方のお名前", 120)
    other_party_relation = _text("相手方との関係", 60)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), name) for pk, name in members]
        self.fields["covering"].choices = rows  # type: ignore[attr-defined]
        self.fields["other_party_id"].choices = [*BLANK, *rows]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["covering"], self.fields["other_party_id"]

    def wish(self) -> dict[str, Any]:
        """What `protect` takes."""
        said = self.said()
        return said | {"category": said["category"] or ProtectionCategory.PROVISIONAL}


class MeasureForm(Form):
    """A measure as 市民課 let us know of it."""

    came_on = DayField(label="市民課から連絡が来た日")
    name = _text("お名前", 120)
    kana = _text("よみ", 120)
    birth = BirthField(label="生年月日", required=False)
    phone = _text("電話", 40, "生年月日か電話の、どちらかは要ります。")
    category = _choice(
        "支援措置の種類",
        [row for row in ProtectionCategory.choices() if row[0] not in ("provisional", "other")],
    )
    from_on = DayField(label="支援措置の開始")
    measure_until_on = DayField(label="支援措置の期限")
    municipality = _text("受け付けた市町村", 60)
    other_party_name = _text(
        "相手方のお名前", 120, "同じ名前の職員がいると、その職員には、この方の記録が開かなくなります。"
    )
    other_party_relation = _text("相手方との関係", 60)

    def wish(self, today: date) -> dict[str, Any]:
        """What `MeasureWish` takes."""
        said = self.said()
        return said | {"came_on": said["came_on"] or today}


class OwnPersonForm(Form):
    """Somebody a worker declares as their own: those records close for them."""

    relation = forms.ChoiceField(
        label="あなたとの関係",
        choices=OwnRelation.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "あなたとの関係を選んでください。"},
    )
    name = _text("お名前", 120)
    kana = _text("よみ", 120)
    birth = BirthField(label="生年月日", required=False)
    school = _text(
        "お子さんのときは、通っている学校",
        60,
        "例：長法寺小学校。同じ学年の子の記録が、番号で監査に出ます。ほかのだれも読みません。",
    )
    school_class = _text("クラス", 20, "例：3年2組")
