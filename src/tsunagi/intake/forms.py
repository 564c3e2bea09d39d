"""The shape of what is typed at the desk. Nothing is required: a consultation is what is there (M19)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django import forms

from tsunagi.codes.queries import choices as code_choices
from tsunagi.holding.rules import (
    CONSULTATION_OUTCOMES,
    AbuseKind,
    ConsultationOutcome,
    NightRecipient,
    Urgency,
    Whose,
)
from tsunagi.intake.actions import AboutWish, ConcernWish, InformantWish
from tsunagi.intake.rules import CallerKind, InformantReach, WayBack
from tsunagi.people.rules import read_birth
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate
from tsunagi.sharing.fields import ConsentTick
from tsunagi.ui.fields import DayField, DayInput, PaperMarksField

Choices = Iterable[tuple[Any, str]]
BLANK = [("", "選ばない")]
MARKS = {"o": "circle", "oo": "double"}
PROMISES = {
    Urgency.HIGH: "高：今日のうちに動く（時間外でも）",
    Urgency.UNCLEAR: "要見極め：今日か次の開庁日に、だれかが見る",
    Urgency.MIDDLE: "中：5開庁日のうちに、最初の動き",
    Urgency.LOW: "低：急がない（整理は3開庁日のうちに）",
}
OPEN, NEW, UNKNOWN = "", "new", "unknown"
_LIKE_A_DATE = re.compile(r"[0-9RHSTMrhstm明治大正昭和平成令元年月日/.\-\s]+")
NOT_FOUND = "選んだ方が見つかりません。もう一度さがすか、「あとで決める」にしてください。"


class Form(forms.Form):
    """A form that knows its draft, and keeps 個人番号 out of every text at its own field."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse 個人番号 where it was typed; the text stays in its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and isinstance(self.fields[name], forms.CharField):
                try:
                    refuse_my_number(value, str(self.fields[name].label or name))
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return cleaned

    def refill(self, data: Mapping[str, Any]) -> None:
        """Show what was typed without judging it: somebody only pressed 「さがす」."""
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if not field.widget.value_omitted_from_data(data, {}, key):  # type: ignore[arg-type]
                self.initial[name] = field.widget.value_from_datadict(data, {}, key)  # type: ignore[arg-type]


class ClockField(forms.TimeField):
    """An hour as a clerk types it: 14:30, 1430, 14時30分, full-width too. Cleans to `time` or None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "6"})
        wrong = {"invalid": "時刻を読み取れません。14:30 のように入れてください。"}
        super().__init__(
            required=False,
            widget=widget,
            input_formats=["%H:%M", "%H:%M:%S", "%H%M"],
            error_messages=wrong,
            **kwargs,
        )

    def to_python(self, value: Any) -> time | None:
        """Read the typed hour; ValidationError when it is none."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().replace("時", ":").replace("分", "")
            value = f"{value}00" if value.endswith(":") else value
            value = f"0{value}" if len(value) == 3 and value.isdigit() else value
        found: time | None = super().to_python(value)
        return found


def text(label: str, *, rows: int = 0, hint: str = "", longest: int | None = None) -> forms.CharField:
    """A text that may be empty."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    too_long = {
        "max_length": f"「{label}」は%(limit_value)d文字までです。続きは「相談の内容」に書いてください。"
    }
    return forms.CharField(
        label=label,
        required=False,
        widget=widget,
        help_text=hint,
        max_length=longest,
        error_messages=too_long,
    )


def choice(
    label: str, options: Choices | Callable[[], Choices], *, radio: bool = False, hint: str = ""
) -> forms.ChoiceField:
    """One of several, or none; a callable is asked each time a form is made."""
    widget = forms.RadioSelect() if radio else forms.Select()
    return forms.ChoiceField(label=label, required=False, choices=options, widget=widget, help_text=hint)  # type: ignore[arg-type]


def listed(key: str, blank: str = "選ばない") -> Callable[[], Choices]:
    """The codes of a list after a blank, asked when the form is made."""
    return lambda: [("", blank), *code_choices(key)]


class AboutForm(Form):
    """だれのことか: found while typing, written down as new, not yet known, or left for later."""

    about_name = text("お名前", longest=120)
    about_kana = text("よみ", longest=120)
    about_birth = forms.CharField(
        label="生年月日・年齢",
        required=False,
        max_length=40,
        widget=DayInput(),
        help_text="例：S23.1.15、1948年、78歳くらい",
    )
    about_phone = text("電話", longest=60)
    about_address = text("住所", longest=200)
    about = forms.CharField(label="この方は", required=False)
    about_place = text("場所", longest=200, hint="例：中央公園のベンチ、○○マンションの前")
    about_looks = text("見た目・ようす", longest=300)
    about_heard = text("聞いたことば", rows=2)

    def __init__(self, *args: Any, whose: Callable[[str], int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._whose = whose
        self._party_id: int | None = None

    def clean_about_birth(self) -> str:
        """A date that cannot be is said at once; other words are kept as they are (「孫が小学生」)."""
        said: str = self.cleaned_data["about_birth"]
        if said and _LIKE_A_DATE.fullmatch(unicodedata.normalize("NFKC", said)):
            try:
                read_birth(said)
            except NotADate as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return said

    def clean_about(self) -> str:
        """One of the three words, or the mark of somebody the lookup showed."""
        said: str = self.cleaned_data["about"]
        if said not in (OPEN, NEW, UNKNOWN):
            self._party_id = self._whose(said)
            if self._party_id is None:
                raise forms.ValidationError(NOT_FOUND)
        return said

    def about_wish(self) -> AboutWish:
        """Whom it is about, for the deed."""
        typed = self.cleaned_data
        return AboutWish(
            party_id=self._party_id,
            new=typed["about"] == NEW,
            unknown=typed["about"] == UNKNOWN,
            name=typed["about_name"],
            kana=typed["about_kana"],
            birth=typed["about_birth"],
            phone=typed["about_phone"],
            address=typed["about_address"],
            place=typed["about_place"],
            looks=typed["about_looks"],
            words=typed["about_heard"],
        )


class RecordForm(Form):
    """What is written of a consultation, by whom it came, and who told us."""

    words = text(
        "相談の内容", rows=7, hint="聞いたまま、ひとことでも。ほかの欄は空のままで受け付けられます。"
    )
    caller_kind = choice("だれから", CallerKind.choices(), radio=True)
    caller_words = text("続柄・名乗り", longest=120, hint="例：長女、隣の方、○○包括の職員")
    came_day = DayField(label="来た日", help_text="例：R8.6.9、2026-06-09")
    came_clock = ClockField(label="来た時刻", help_text="宿直の票・手紙・週明けの分は、来たときに直す")
    came_about = forms.BooleanField(label="日時はおよそ", required=False)
    means = choice("方法", listed("contact_means"))
    way_back = choice("戻り先（こちらから連絡するとき）", WayBack.choices(), radio=True)
    way_back_words = text("連絡先", longest=200, hint="番号・時間帯・名乗り方など")
    cut_off = forms.BooleanField(label="途中で切れた", required=False)
    worries = PaperMarksField(
        label="困りごと", rows=(), help_text="○は、あること。◎は、いちばん困っていること。"
    )
    urgency = choice("緊急度", [(kind.value, words) for kind, words in PROMISES.items()], radio=True)
    language = choice("ことば", listed("languages", "日本語・聞いていない"))
    interpreter = choice("通訳", listed("interpreter_needs", "聞いていない"))
    wishes = text("どうなりたいか・希望", rows=3)
    informant_name = text("お名前", longest=120)
    informant_contact = text("連絡先", longest=200)
    informant_relation = text("本人との関係", longest=120)
    informant_source = choice("どこから", listed("information_sources"))
    informant_reach = choice("だれまで知ってよいか", InformantReach.choices(), radio=True)
    informant_word_back = forms.BooleanField(
        label="返事（「受け止めました」）がほしい",
        required=False,
        help_text="中身は伝えません。返事の日を約束します。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worries"].widget.rows = code_choices("worries")

    def came_at(self, now: datetime, before: datetime | None = None) -> datetime | None:
        """When it came: the day and hour typed; None when neither was."""
        day, clock = self.cleaned_data["came_day"], self.cleaned_data["came_clock"]
        if day is None and clock is None:
            return None
        day = day or (before or now).date()
        if clock is None:
            clock = min(time(12), now.time()) if day == now.date() else time(12)
        elif (
            before is not None
            and day == before.date()
            and clock == before.time().replace(second=0, microsecond=0)
        ):
            return before
        return datetime.combine(day, clock, tzinfo=now.tzinfo)

    def written(self) -> dict[str, Any]:
        """The fields of the deed."""
        names = (
            "words", "caller_kind", "caller_words", "came_about", "means", "way_back", "way_back_words", "cut_off",
            "urgency", "language", "interpreter", "wishes",
        )  # fmt: skip
        worries = {code: MARKS[mark] for code, mark in self.cleaned_data["worries"].items()}
        return {name: self.cleaned_data[name] for name in names} | {"worries": worries}

    def informant(self) -> InformantWish:
        """Who told us, for the deed."""
        typed = self.cleaned_data
        return InformantWish(
            name=typed["informant_name"],
            contact=typed["informant_contact"],
            relation=typed["informant_relation"],
            source_kind=typed["informant_source"],
            reach=typed["informant_reach"],
            wants_word_back=typed["informant_word_back"],
        )


class CaptureForm(RecordForm, AboutForm, ConsentTick):
    """The page of thirty seconds."""

    office = forms.TypedChoiceField(label="受けた窓口", required=False, coerce=int, empty_value=None)
    sheet_number = text(
        "紙の受付票の番号",
        longest=20,
        hint="前に印刷した受付票を打ち込むときだけ。その番号のまま受け付けます",
    )

    def __init__(self, *args: Any, desks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), name) for pk, name in desks]
        self.fields["office"].choices = rows  # type: ignore[attr-defined]
        self.first_desk = int(rows[0][0])
        if len(rows) == 1:
            self.fields["office"].widget = forms.HiddenInput()


class BlankSheetForm(Form):
    """How many blank sheets are printed, for which desk."""

    office = forms.TypedChoiceField(label="窓口", required=False, coerce=int, empty_value=None)
    count = forms.IntegerField(
        label="枚数", initial=1, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "枚数を入れてください。", "invalid": "枚数を数字で入れてください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, desks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), name) for pk, name in desks]
        self.fields["office"].choices = rows  # type: ignore[attr-defined]
        self.first_desk = int(rows[0][0])


class CorrectionForm(RecordForm):
    """The same page again, with what stands there."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    about_words = text("だれのこと（書かれたまま）", longest=200)

    def written(self) -> dict[str, Any]:
        """The fields of the deed."""
        return super().written() | {"about_words": self.cleaned_data["about_words"]}


class ColleagueForm(Form):
    """A colleague of the desk."""

    worker = forms.TypedChoiceField(
        label="渡す相手",
        coerce=int,
        empty_value=None,
        error_messages={"required": "渡す相手を選んでください。"},
    )

    def __init__(self, *args: Any, workers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [("", "選んでください"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]


# What an end of a consultation may be chosen as on a screen: concerns and referrals are made on their own pages.
ENDS = (
    ConsultationOutcome.INFORMATION_GIVEN,
    ConsultationOutcome.TOLD_THOSE_INVOLVED,
    ConsultationOutcome.EXISTING_CONCERN,
    ConsultationOutcome.COULD_NOT_REACH,
    ConsultationOutcome.WITHDRAWN,
    ConsultationOutcome.NOT_A_CONSULTATION,
)


def _end_label(outcome: ConsultationOutcome) -> str:
    rule = CONSULTATION_OUTCOMES[outcome]
    second = "（もうひとりの確認が要ります）" if rule.second_person else ""
    return f"{outcome.label}{second}"


class EndForm(Form):
    """What became of it (H10), with what each outcome asks for."""

    outcome = forms.ChoiceField(
        label="どうなりましたか",
        choices=[(outcome.value, _end_label(outcome)) for outcome in ENDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "この相談がどうなったかを選んでください。決まるまでは窓口が受け持ちます。"
        },
    )
    words = text("伝えたこと・わけ", rows=4)
    became = forms.TypedChoiceField(label="加えた課題", required=False, coerce=int, empty_value=None)
    second = forms.TypedChoiceField(
        label="確認してもらう人",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="「連絡がつかなかった」「相談ではない」のとき。選ばなければ管理職に届きます。",
    )

    def __init__(self, *args: Any, workers: Choices, concerns: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]
        self.fields["became"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in concerns)]  # type: ignore[attr-defined]


class BatchForm(Form):
    """Several that were no consultations, in one sheet that another agrees to."""

    consultations = forms.TypedMultipleChoiceField(
        label="終える相談", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    words = text("わけ", rows=2, hint="間違い・営業・いたずらのどれか")
    second = forms.TypedChoiceField(
        label="確認してもらう人",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="選ばなければ管理職に届きます。",
    )

    def __init__(self, *args: Any, workers: Choices, rows: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultations"].choices = [(str(pk), name) for pk, name in rows]  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]


class NightForm(Form):
    """To whom a 高 was handed for the night or the closed days."""

    to_kind = choice("どこへ", [*BLANK, *NightRecipient.choices()])
    to_name = text("どなたへ", longest=100)
    day = DayField(label="渡した日", help_text="空なら今日")
    clock = ClockField(label="渡した時刻", help_text="空なら今")

    def handed_at(self, now: datetime) -> datetime:
        """The moment it was handed over. Raises Refused for one that has not come yet."""
        day, clock = self.cleaned_data["day"] or now.date(), self.cleaned_data["clock"]
        at = (
            now
            if clock is None and day == now.date()
            else datetime.combine(day, clock or time(12), tzinfo=now.tzinfo)
        )
        if at > now:
            raise Refused("渡した時刻が、まだ来ていない時刻になっています。直してください。", field="clock")
        return at


AROUND, NOBODY = "around", "unknown"


class ConcernRow(Form):
    """One difficulty somebody will carry. A row without words and kinds is no row."""

    description = text("困りごと", rows=2, hint="だれが見ても分かるひとことで")
    codes = forms.MultipleChoiceField(label="種類", required=False, widget=forms.CheckboxSelectMultiple)
    whose = choice("だれの", ())
    around = text("周りのだれ", longest=120, hint="「周りの人」のとき。例：隣の家、大家、学校")
    urgency = choice("緊急度", [("", "相談のまま"), *Urgency.choices()])
    worker = forms.TypedChoiceField(label="受け持つ人", required=False, coerce=int, empty_value=None)
    danger = choice("虐待・自傷のおそれ", [("", "なし"), *AbuseKind.choices()])
    person_sees_it = choice("本人の困り感", listed("person_sees_it", "聞けていない"))
    family_support = forms.BooleanField(label="家族支援（家族と話すことが支援になる）", required=False)

    def __init__(
        self,
        *args: Any,
        whose: Choices,
        workers: Choices,
        offered: Callable[[str], int | None],
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("empty_permitted", True)
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)
        self._offered = offered
        self.fields["codes"].choices = code_choices("case_types")  # type: ignore[attr-defined]
        self.fields["whose"].choices = list(whose)  # type: ignore[attr-defined]
        self.fields["worker"].choices = [("", "自分"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]

    @property
    def is_written(self) -> bool:
        """Whether there is anything to open a concern with."""
        typed = self.cleaned_data
        return bool(typed.get("description") or typed.get("codes") or typed.get("danger"))

    def wish(self) -> ConcernWish:
        """The concern, for the deed."""
        typed = self.cleaned_data
        said = typed["whose"]
        party = None if said in ("", AROUND, NOBODY) else self._offered(said)
        return ConcernWish(
            description=typed["description"],
            codes=tuple(typed["codes"]),
            party_id=party,
            whose=Whose.AROUND.value if said == AROUND else "",
            around=typed["around"],
            urgency=typed["urgency"],
            worker_id=typed["worker"],
            danger=typed["danger"],
            person_sees_it=typed["person_sees_it"],
            family_support=typed["family_support"],
        )


class ConcernsForm(Form):
    """Several rows at once: each written row becomes a concern."""

    rows = forms.IntegerField(required=False, min_value=1, max_value=12, widget=forms.HiddenInput)
    other = text(
        "ほかの方の課題もあるとき",
        longest=120,
        hint="お名前・よみ・生年月日など。「さがす」を押すと「だれの」に並びます。",
    )

    def __init__(self, *args: Any, first: Mapping[str, Any], count: int, **kwargs: Any) -> None:
        about = {name: kwargs.pop(name) for name in ("whose", "workers", "offered")}
        super().__init__(*args, **kwargs)
        self.initial["rows"] = count
        self.lines = [
            ConcernRow(*args, prefix=f"row{number}", initial=dict(first) if number == 0 else {}, **about)
            for number in range(count)
        ]

    def clean(self) -> dict[str, Any]:
        """Every row is judged; what is wrong stands at its own field, and its row is named above."""
        cleaned = super().clean()
        for number, line in enumerate(self.lines, start=1):
            for errors in () if line.is_valid() else line.errors.values():
                self.add_error(None, f"{number}つ目：{' '.join(str(error) for error in errors)}")
        return cleaned

    def wishes(self) -> list[ConcernWish]:
        """The written rows, for the deed."""
        return [line.wish() for line in self.lines if line.is_written]

    @property
    def begins_with_nobody(self) -> bool:
        """Whether a row says 「まだ分からない人」 or those around somebody not yet known."""
        return any(line.cleaned_data.get("whose") in (NOBODY, AROUND) for line in self.lines)
