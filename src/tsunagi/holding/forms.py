"""The shape of what is typed about a held concern. Nothing is required here that a rule does not ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from tsunagi.accounts.rules import AbsenceReason
from tsunagi.codes.queries import choices as code_choices
from tsunagi.holding.rules import (
    AbuseKind,
    ClosingOutcome,
    ContactKind,
    GapKind,
    HandoverIntroduction,
    HoldKind,
    NightRecipient,
    PersonSays,
    ReportedTo,
    RethinkChoice,
    Urgency,
    WaitingFor,
    WordOf,
)
from tsunagi.people.rules import ProtectionCategory, read_fields
from tsunagi.shared.wareki import NotADate
from tsunagi.sharing.rules import CallerRelation, EnquiryReply
from tsunagi.ui.fields import DayField, DraftForm, text

Choices = Iterable[tuple[Any, str]]


class Form(DraftForm):
    """A form of this module; as it is, nothing but a key."""


BLANK = [("", "選ばない")]


def choice(
    label: str, options: Choices, *, radio: bool = False, hint: str = "", blank: bool = True
) -> forms.ChoiceField:
    """One of several, or none."""
    rows = [*(BLANK if blank and not radio else []), *options]
    widget = forms.RadioSelect() if radio else forms.Select()
    return forms.ChoiceField(label=label, required=False, choices=rows, widget=widget, help_text=hint)


class WorkerChoice(Form):
    """A form with colleagues to choose from, given as `workers=[(id, name)]`."""

    worker_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, workers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [("", "選ばない"), *((str(pk), name) for pk, name in workers)]
        for name in self.worker_fields:
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = options[1:]
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = options


def worker(label: str, hint: str = "") -> forms.TypedChoiceField:
    """A colleague; cleans to their number or None."""
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, help_text=hint, choices=()
    )


def _moment(form: forms.Form, now: datetime) -> datetime:
    day = form.cleaned_data.get("day") or now.date()
    clock = form.cleaned_data.get("clock")
    if clock is None:
        clock = (
            now.time()
            if day == now.date()
            else now.time().replace(hour=12, minute=0, second=0, microsecond=0)
        )
    return datetime.combine(day, clock, tzinfo=now.tzinfo)


class ContactForm(Form):
    """会った・様子が分かった・話した・試みた・動いた: once for all concerns of the household."""

    kind = forms.ChoiceField(
        label="どうでしたか",
        choices=ContactKind.choices(),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={
            "required": "会えた・様子が分かった・周りと話した・試みた・動いた、のどれかを選んでください。"
        },
    )
    concerns = forms.TypedMultipleChoiceField(
        label="どの課題のこと",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "どの課題についての連絡かを、ひとつ以上選んでください。"},
    )
    day = DayField(label="日", help_text="空なら今日")
    clock = forms.TimeField(
        label="時刻",
        required=False,
        help_text="空なら今",
        widget=forms.TextInput(attrs={"placeholder": "14:30"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H%M"],
    )
    means = choice("方法", ())
    with_whom = text("だれと", max_length=120)
    words = text("ようす", rows=3, hint="ひとことで足ります。見たこと・聞いたことを書きます。")
    due_on = DayField(label="次に動く日(そろえる)", help_text="空なら、受け持ち方ごとの標準の日になります")
    urgency = choice("緊急度を見直す", Urgency.choices(), hint="空なら変えません")

    def __init__(self, *args: Any, concerns: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = [(str(pk), name) for pk, name in concerns]  # type: ignore[attr-defined]
        self.fields["means"].choices = [("", "選ばない"), *code_choices("contact_means")]  # type: ignore[attr-defined]

    def happened_at(self, now: datetime) -> datetime:
        """The moment it happened: the day and hour typed, the rest from now."""
        return _moment(self, now)


WAYS = (
    HoldKind.ASSESSING,
    HoldKind.SUPPORTING,
    HoldKind.REACHING_OUT,
    HoldKind.PARTICIPATING,
    HoldKind.WATCHING,
    HoldKind.FOLLOWING_THROUGH,
)


class WayForm(Form):
    """Another way of holding."""

    kind = forms.ChoiceField(
        label="これからの受け持ち方",
        choices=[(kind.value, kind.label) for kind in WAYS],
        error_messages={"required": "これからの受け持ち方を選んでください。"},
    )
    due_on = DayField(label="次に動く日", help_text="空なら標準の日")
    reason = text("わけ", max_length=500)


class ExtendForm(WorkerChoice):
    """A reasoned extension."""

    worker_fields = ("second",)
    due_on = DayField(
        label="次に動く日", required=True, error_messages={"required": "次に動く日を入れてください。"}
    )
    reason = text("わけ", max_length=500, hint="一文で足ります。何を待っているか、なぜ今ではないか。")
    second = worker("確認してもらう人", "三度目からは、もうひとりの確認が要ります")


class WaitForm(WorkerChoice):
    """What is waited for."""

    worker_fields = ("second",)
    waiting_for = choice("何を待っていますか", WaitingFor.choices())
    waiting_from = text("だれから", max_length=120)
    expected_on = DayField(label="いつごろ")
    due_on = DayField(
        label="こちらから聞く日",
        required=True,
        error_messages={"required": "こちらから聞く日を入れてください。"},
    )
    second = worker("確認してもらう人", "三度目からは、もうひとりの確認が要ります")


pick = choice  # below, `choice` is a field's name


class RethinkForm(WorkerChoice):
    """見立て直し: two people look again."""

    worker_fields = ("second",)
    choice = forms.ChoiceField(
        label="どうしますか",
        choices=RethinkChoice.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "二人で選んだことを、ひとつ選んでください。"},
    )
    next_kind = pick("別のやり方", [(kind.value, kind.label) for kind in WAYS[:5]])
    reason = text("見立て", rows=3, max_length=500)
    due_on = DayField(label="次に動く日", help_text="空なら標準の日")
    second = worker("一緒に見る人", "選ばなければ管理職に届きます")


class ReassignForm(WorkerChoice):
    """Another colleague of the office takes it, when they say yes."""

    worker_fields = ("to_worker",)
    to_worker = worker("替わってほしい人")
    handed_note = text("引き継ぎのことば", rows=3, hint="うまくいくこと、言ってはいけないこと")
    handed_told = text("本人に、だれが伝えたか", max_length=40, hint="まだなら空のまま")
    introduced_how = choice("引き合わせ", HandoverIntroduction.choices())


class StandInForm(WorkerChoice):
    """Who acts while the holder is away."""

    worker_fields = ("acting",)
    acting = worker("代行する人")
    from_on = DayField(
        label="から", required=True, error_messages={"required": "始まりの日を入れてください。"}
    )
    until_on = DayField(
        label="まで", required=True, error_messages={"required": "終わりの日を入れてください。"}
    )


class TogetherForm(WorkerChoice):
    """いっしょに動く人."""

    worker_fields = ("workers",)
    workers = forms.TypedMultipleChoiceField(
        label="いっしょに動く人", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )


class CloseForm(WorkerChoice):
    """終結: the outcome, whose word, and what was said about coming back (H8). What is missing is said by the rule."""

    worker_fields = ("second",)
    outcome = forms.ChoiceField(
        label="終わり方",
        choices=[(o.value, o.label) for o in ClosingOutcome if o is not ClosingOutcome.CHECKED_ON_IMPORT],
        widget=forms.RadioSelect,
        error_messages={"required": "終わり方を選んでください。"},
    )
    word_of = choice("だれの判断・言葉ですか", WordOf.choices(), radio=True)
    person_says = choice("解決したと、本人は言っていますか", PersonSays.choices(), radio=True)
    told_return = text("また相談できることを、どう伝えましたか", max_length=300)
    reason = text("わけ・ようす", rows=3)
    card = text("渡したカード", max_length=200, hint="名前と電話の入ったカード。渡さないときは、そのわけ")
    heard_from = text("つながったと、だれから聞きましたか", max_length=120)
    heard_on = DayField(label="聞いた日")
    key_office = text("これからの主担当", max_length=120)
    capacity_and_danger = text("判断する力と、いまある危険", max_length=300)
    offer_on = DayField(label="もう一度声をかける日")
    tries = text("いつ、どう連絡を試みたか", rows=3)
    gap = choice("はざまの種類", GapKind.choices())
    gap_needed = text("何があればよかったか", max_length=300)
    look_back_on = DayField(label="ふりかえる日", help_text="空なら90日後")
    next_municipality = text("転出先への引き継ぎ", max_length=300)
    persons_own_word = forms.BooleanField(label="転出先への引き継ぎを、本人が望んでいる", required=False)
    died_on = DayField(label="亡くなった日")
    left_behind = text("世帯に残された方", max_length=200)
    into = forms.TypedChoiceField(
        label="どの課題にまとめるか", required=False, coerce=int, empty_value=None, choices=()
    )
    second = worker("確認してもらう人", "選ばなければ管理職に届きます")

    def __init__(self, *args: Any, others: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in others)]  # type: ignore[attr-defined]


class ReopenForm(WorkerChoice):
    """再開."""

    worker_fields = ("worker",)
    reason = text("わけ", max_length=500, hint="何が起きたか")
    worker = worker("受け持つ人", "選ばなければ自分")
    urgency = choice("緊急度", Urgency.choices())


class ChangeForm(Form):
    """Correct the words of a concern."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    description = text("内容", rows=4)
    codes = forms.MultipleChoiceField(
        label="種類", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    person_sees_it = choice("本人の困り感", (), radio=False)
    family_support = forms.BooleanField(label="家族支援(家族と話すことが支援になる)", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = code_choices("case_types")  # type: ignore[attr-defined]
        self.fields["person_sees_it"].choices = [("", "まだ聞いていない"), *code_choices("person_sees_it")]  # type: ignore[attr-defined]


class ReportForm(WorkerChoice):
    """H15: a suspicion, the report, or the reasoned "not" by two."""

    worker_fields = ("second",)
    danger = choice("何の疑いですか", AbuseKind.choices())
    to_kind = choice("どこへ知らせましたか", ReportedTo.choices())
    to_whom = text("先方のお名前・部署", max_length=80)
    day = DayField(label="知らせた日", help_text="空なら今日")
    clock = forms.TimeField(
        label="時刻", required=False, help_text="空なら今", input_formats=["%H:%M", "%H%M"]
    )
    reason = text("知らせないと判断したわけ", rows=2, max_length=500)
    second = worker("一緒に判断した人")


class NightForm(Form):
    """To whom a 高 is handed for the night or the closed days."""

    to_kind = choice("どこへ", NightRecipient.choices())
    to_name = text("お名前", max_length=100)
    clock = forms.TimeField(
        label="渡した時刻", required=False, help_text="空なら今", input_formats=["%H:%M", "%H%M"]
    )


class WordsForm(Form):
    """One sentence."""

    words = text("ことば", rows=2, max_length=500)


class AnswerForm(Form):
    """The second person's answer."""

    agreed = forms.TypedChoiceField(
        label="どうしますか",
        choices=[("yes", "同意する"), ("no", "同意できない")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "同意するか、同意できないかを選んでください。"},
    )
    words = text("ことば", rows=2, max_length=500, hint="同意できないときは、わけを書いてください")


class EnquiryForm(Form):
    """心当たり照会: does anybody know this person already?"""

    name = text("お名前", max_length=120)
    kana = text("よみ", max_length=120)
    birth = text("生年月日", max_length=40, hint="例：S23.1.15、1948年1月15日")
    phone = text("電話", max_length=60)
    reason = text(
        "問い合わせるわけ",
        rows=3,
        max_length=300,
        hint="相手の機関に伝わります。相談の中身は書かなくて足ります。",
    )
    relation = choice("相談に来た方", CallerRelation.choices(), hint="本人なら空のままで")
    ground = choice("根拠", (), blank=False)

    def __init__(self, *args: Any, grounds: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = list(grounds)  # type: ignore[attr-defined]

    def clean_birth(self) -> str:
        """A date that can be read, or nothing."""
        said: str = self.cleaned_data["birth"]
        try:
            read_fields(birth=said)
        except NotADate as wrong:
            raise forms.ValidationError(str(wrong)) from None
        return said


class ReplyForm(Form):
    """What a holder answers."""

    reply = forms.ChoiceField(
        label="返事",
        choices=EnquiryReply.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "返事をひとつ選んでください。"},
    )
    words = text(
        "ひとこと",
        max_length=300,
        hint="「連絡ください」のときは、つながりやすい時間など。ほかは空のままで足ります。",
    )


class DecideProtectionForm(Form):
    """What two people decide on: the protection goes on, so and until then. `members`: who lives with them."""

    category = forms.ChoiceField(
        label="種類",
        choices=[row for row in ProtectionCategory.choices() if row[0] != ProtectionCategory.PROVISIONAL],
        error_messages={"required": "種類を選んでください。"},
    )
    reason = text("わけ", rows=2, max_length=300)
    from_on = DayField(label="から")
    measure_until_on = DayField(
        label="支援措置の期限", help_text="支援措置でなければ空のままで。過ぎても保護は続きます。"
    )
    municipality = text("受け付けた市町村", max_length=60)
    other_party_id = forms.TypedChoiceField(
        label="相手方(記録のある方から)", required=False, coerce=int, empty_value=None
    )
    other_party_name = text(
        "相手方のお名前",
        max_length=120,
        hint="同じ名前の職員がいれば、この方の記録はその職員に開かなくなります",
    )
    other_party_relation = text("相手方との関係", max_length=60)
    covering = forms.TypedMultipleChoiceField(
        label="いっしょに保護する家族", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), name) for pk, name in members]
        self.fields["covering"].choices = rows  # type: ignore[attr-defined]
        self.fields["other_party_id"].choices = [("", "選ばない"), *rows]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["covering"], self.fields["other_party_id"]


class EndProtectionForm(Form):
    """What two people need to end a protection."""

    person_asked_on = DayField(label="本人に確かめた日")
    words = text("本人はどう言っているか", rows=3, max_length=500)


class ShowAddressForm(WorkerChoice):
    """A protected address for one named worker."""

    worker_fields = ("worker",)

    worker = worker("だれに", "この方の記録を開ける職員だけです")
    reason = text("住所が要るわけ", rows=2, max_length=300)
    until_on = DayField(label="いつまで", help_text="空なら今日かぎり。7日までです。")


class MessageForm(WorkerChoice):
    """伝言."""

    worker_fields = ("for_worker",)
    for_worker = forms.TypedChoiceField(
        label="だれへ",
        coerce=int,
        empty_value=None,
        choices=(),
        error_messages={"required": "伝言の相手を選んでください。"},
    )
    caller = text("だれから", max_length=100)
    number = text("かけ直す番号", max_length=60)
    words = text("用件", rows=3)
    day = DayField(label="来た日", help_text="空なら今日")
    clock = forms.TimeField(
        label="来た時刻",
        required=False,
        help_text="空なら今",
        widget=forms.TextInput(attrs={"placeholder": "14:30"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H%M"],
        error_messages={"invalid": "14:30 のように入れてください。"},
    )

    def happened_at(self, now: datetime) -> datetime:
        """When it came: the day and hour typed, the rest from now."""
        return _moment(self, now)


class TakeCoordinationForm(WorkerChoice):
    """くらし連携担当 names who takes it."""

    worker_fields = ("worker",)
    worker = forms.TypedChoiceField(
        label="受け持つ職員",
        coerce=int,
        empty_value=None,
        choices=(),
        error_messages={"required": "受け持つ職員を選んでください。"},
    )


class GapForm(Form):
    """はざま."""

    kind = forms.ChoiceField(
        label="種類", choices=GapKind.choices(), error_messages={"required": "はざまの種類を選んでください。"}
    )
    needed = text("何があればよかったか", max_length=300)
    words = text("ようす", rows=2, max_length=500)


class SolveGapForm(Form):
    """Something now fits."""

    solved_words = text("何ができましたか", rows=2, max_length=300)


class LeavingFilter(forms.Form):
    """Which rows of the hand-over list are shown."""

    area = forms.ChoiceField(label="校区", required=False)
    urgency = forms.ChoiceField(label="緊急度", required=False, choices=Urgency.choices(blank="すべて"))
    kind = forms.ChoiceField(label="受け持ち方", required=False, choices=HoldKind.choices(blank="すべて"))
    state = forms.ChoiceField(
        label="後任",
        required=False,
        choices=[("", "すべて"), ("open", "まだ決まっていない"), ("caution", "注意のあるもの")],
    )

    def __init__(self, *args: Any, areas: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.fields["area"].choices = [("", "すべて"), *((area, area) for area in areas)]  # type: ignore[attr-defined]


class LeavingForm(WorkerChoice):
    """One successor and some words for the chosen rows; what stays empty leaves the lines as they are."""

    worker_fields = ("successor",)
    known = forms.CharField(required=False, widget=forms.HiddenInput)
    leaving_on = DayField(label="離任の日")
    rows = forms.MultipleChoiceField(
        label="渡す行",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    successor = worker("後任", "空なら、書いてある後任のまま")
    handed_note = text(
        "引き継ぎのことば", rows=2, hint="うまくいくこと、言ってはいけないこと。空なら、書いてあるまま"
    )
    handed_told = text("本人に、だれが伝えたか", max_length=40, hint="まだなら空のまま")
    introduced_how = choice("引き合わせ", HandoverIntroduction.choices())

    def __init__(self, *args: Any, rows: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = list(rows)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The rows ticked, or all that are shown when that key was pressed."""
        found: dict[str, Any] = super().clean() or {}
        if "all" in self.data:
            found["rows"] = [key for key, _ in self.fields["rows"].choices]  # type: ignore[attr-defined]
        if not found.get("rows") and any(
            found.get(name) for name in ("successor", "handed_note", "handed_told")
        ):
            self.add_error("rows", "渡す行をひとつ以上選んでください。")
        return found

    def revisions(self) -> dict[tuple[str, int], int]:
        """The revision of each line as this form showed it."""
        found = {}
        for part in self.cleaned_data.get("known", "").split(","):
            key, _, revision = part.partition("=")
            kind, _, number = key.partition(":")
            if kind in ("hold", "promise") and number.isdecimal() and revision.isdecimal():
                found[kind, int(number)] = int(revision)
        return found


class EndingForm(Form):
    """Which office follows, and when."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to_office = forms.TypedChoiceField(
        label="引き継ぐ機関",
        coerce=int,
        empty_value=None,
        choices=(),
        error_messages={"required": "引き継ぐ機関を選んでください。"},
    )
    ends_on = DayField(
        label="終わる日(この日に渡します)",
        required=True,
        error_messages={"required": "終わる日を入れてください。"},
    )
    words = text("引き継ぎのことば", rows=3, hint="鍵、書類、約束の場所など、機関どうしで渡すこと")

    def __init__(self, *args: Any, offices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [("", "選んでください"), *((str(pk), name) for pk, name in offices)]
        self.fields["to_office"].choices = options  # type: ignore[attr-defined]


class ReadyForm(Form):
    """備えあり for many at once: one sentence for those ticked, or each its own."""

    rows = forms.TypedMultipleChoiceField(
        label="備えのある方", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    words = text("備え(選んだ方に共通)", max_length=300, hint="だれに連絡できるか、家に何があるか")

    def __init__(self, *args: Any, rows: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [int(pk) for pk, _ in rows]
        self.fields["rows"].choices = [(str(pk), name) for pk, name in rows]  # type: ignore[attr-defined]
        for pk, name in rows:
            self.fields[f"words-{pk}"] = text(f"{name}の備え", max_length=300)

    def settled(self) -> dict[int, str]:
        """Concern → words, for the rows ticked, or for the one whose own key was pressed."""
        only = self.data.get("only", "")
        chosen = [int(only)] if only.isdecimal() and int(only) in self.keys else self.cleaned_data["rows"]
        return {pk: self.cleaned_data.get(f"words-{pk}") or self.cleaned_data["words"] for pk in chosen}


class AbsenceForm(WorkerChoice):
    """Days away, and who acts: one for all rows, or a name beside single rows."""

    worker_fields = ("acting",)
    reason = forms.ChoiceField(label="種類", required=False, choices=AbsenceReason.choices())
    from_on = DayField(
        label="から", required=True, error_messages={"required": "始まりの日を入れてください。"}
    )
    until_on = DayField(
        label="まで", required=True, error_messages={"required": "終わりの日を入れてください。"}
    )
    open_ended = forms.BooleanField(
        label="いつ戻るか、まだ分からない",
        required=False,
        help_text="「まで」には、もう一度見る日を入れてください。戻るまで代行が続きます。",
    )
    acting = worker("代行する人", "5開庁日を超える不在では、代行が要ります")

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str, Choices]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_names = {}
        for key, label, colleagues in rows:
            name = f"acting-{key}"
            field = worker(label)
            field.choices = [("", "上の人"), *((str(pk), who) for pk, who in colleagues)]
            self.fields[name] = field
            self.row_names[key] = name

    def row_fields(self) -> list[Any]:
        """The selects beside single rows."""
        return [self[name] for name in self.row_names.values()]

    def acting_per_row(self) -> dict[tuple[str, int], int]:
        """Row → who acts, where another than the one above was named."""
        found = {}
        for key, name in self.row_names.items():
            kind, _, pk = key.partition(":")
            if self.cleaned_data.get(name):
                found[kind, int(pk)] = self.cleaned_data[name]
        return found
