"""The shape of what is typed beside a picture. Nothing is required but the other end of a tie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagi.codes.queries import choices as code_choices
from tsunagi.people.rules import read_birth
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate
from tsunagi.ui.fields import DayField, PartialDayField

from .rules.kinds import Flow, Nature, Notation, Strength, TieKind, manners_of
from .rules.roles import Role
from .rules.ties import NewTie, kept_day

NOBODY = [("", "選ばない")]
Choices = Sequence[tuple[str, str]]


class Form(forms.Form):
    """A form that knows its draft, and refuses a 個人番号 where it was typed."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

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


class ShownForm(forms.Form):
    """How the picture is looked at: of which day, in whose signs, masked or not."""

    on = DayField(label="いつの図", help_text="その日までに書かれたことだけで描きます")
    notation = forms.ChoiceField(
        label="記号", required=False, choices=[("", "市の設定"), *Notation.choices()]
    )
    masked = forms.BooleanField(label="紙に出す形で見る（同意のない方は続柄と年代だけ）", required=False)


class BirthField(PartialDayField):
    """A birth date as told. Cleans to the text itself, which the action reads and keeps."""

    def _parsed(self, value: Any) -> Any:
        try:
            return read_birth(str(value))
        except NotADate as refusal:
            raise ValidationError(str(refusal)) from None

    def clean(self, value: Any) -> str:
        """The text as typed, when it can be read."""
        super().clean(value)
        return str(value or "").strip()


def _others(label: str, hint: str = "") -> Any:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, help_text=hint, choices=()
    )


class KinForm(Form):
    """Somebody added to the family of a person."""

    role = forms.ChoiceField(
        label="この方の",
        choices=Role.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "この方の何に当たる方かを選んでください。"},
    )
    other = _others("図の中の方", "図にいる方との間なら、ここで選びます")
    name = forms.CharField(
        label="氏名", required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="はじめての方。分からなければ空けておきます",
    )  # fmt: skip
    sex = forms.ChoiceField(label="性別", required=False)
    birth = BirthField(label="生年月日")
    nature = forms.ChoiceField(
        label="親子の種類", required=False, help_text="親・子を足すときだけ",
        choices=lambda: [("", "実子"), *(row for row in manners_of(TieKind.PARENT) if row[0] != Nature.BIRTH)],
    )  # fmt: skip
    since = DayField(label="いつから", help_text="結婚した日など。分かるときだけ。例：H10.5.1")
    untold = forms.BooleanField(label="本人・子に知らせていない関係（紙には出ません）", required=False)

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.choices = [*NOBODY, *people]
        sex: Any = self.fields["sex"]
        sex.choices = [*NOBODY, *code_choices("sexes")]


class TieForm(Form):
    """Something between two people of the picture, or a pregnancy. One list: what is chosen says of which kind it is."""

    what = forms.ChoiceField(
        label="何を書きますか",
        error_messages={
            "required": "何を書くかを選んでください。",
            "invalid_choice": "何を書くかを選び直してください。",
        },
    )
    other = _others("だれとのこと", "妊娠のときは、相手の方（分かるときだけ）")
    custody = forms.BooleanField(label="この方が育てている（離婚・別居のあと）", required=False)
    since = PartialDayField(label="いつから・いつ")
    words = forms.CharField(
        label="ひとこと", required=False, max_length=120, help_text="例：本人から聞いた、予定日は3月"
    )
    untold = forms.BooleanField(label="本人・子に知らせていないこと（紙には出ません）", required=False)

    def __init__(self, *args: Any, people: Choices = (), name: str = "この方", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        what.choices = [
            ("", "選んでください"),
            *(
                (f"{kind.label}（{name}が親）" if kind is TieKind.PARENT else kind.label, _manners(kind))
                for kind in TieKind
                if kind not in (TieKind.SUPPORT, TieKind.KEY)
            ),
            (TieKind.KEY.label, [("key:", f"{name}がキーパーソン")]),
        ]
        other: Any = self.fields["other"]
        other.choices = [*NOBODY, *people]

    def wish(self, party_id: int) -> NewTie:
        """What `write_tie` takes."""
        said = self.cleaned_data
        kind, _, manner = said["what"].partition(":")
        return NewTie(
            TieKind(kind), party_id, said["other"], manner=manner, custody=said["custody"], untold=said["untold"],
            words=said["words"], since=kept_day(said["since"]),
        )  # fmt: skip


def _manners(kind: TieKind) -> list[tuple[str, str]]:
    return [(f"{kind.value}:{value}", label) for value, label in manners_of(kind)]


class AroundForm(Form):
    """A tie to the world around: one office, one person or one place."""

    office = _others("機関")
    other = _others("人", "図にいる方。ほかの方は、下に書きます")
    place = forms.CharField(
        label="場所・人・集まり",
        required=False,
        max_length=60,
        help_text="例：隣の田中さん、喫茶店、つりの仲間",
    )
    manner = forms.ChoiceField(
        label="強さ", choices=Strength.choices(), initial=Strength.NORMAL.value, widget=forms.RadioSelect
    )
    stress = forms.BooleanField(label="負担・緊張がある", required=False)
    flow = forms.ChoiceField(
        label="力や助けが流れる先", required=False, choices=[("", "選ばない"), *Flow.choices()]
    )
    since = PartialDayField(label="いつから")
    words = forms.CharField(label="ひとこと", required=False, max_length=120)

    def __init__(self, *args: Any, people: Choices = (), offices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("other", people), ("office", offices)):
            field: Any = self.fields[name]
            field.choices = [*NOBODY, *choices]

    def wish(self, party_id: int) -> NewTie:
        """What `write_tie` takes."""
        said = self.cleaned_data
        return NewTie(
            TieKind.SUPPORT, party_id, said["other"], said["office"], said["place"].strip(), said["manner"],
            stress=said["stress"], flow=said["flow"], words=said["words"], since=kept_day(said["since"]),
        )  # fmt: skip


def day_asked(form: ShownForm, today: date) -> date:
    """The day of the picture: never after today."""
    asked = form.cleaned_data.get("on") if form.is_valid() else None
    return min(asked, today) if asked else today
