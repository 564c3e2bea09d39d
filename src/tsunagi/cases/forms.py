"""The shape of what is typed into a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from tsunagi.holding.rules import ContactKind, NoKeyPerson
from tsunagi.sharing.rules import Door, DoorWish, SecretKind
from tsunagi.ui.fields import DayField, DraftForm, text

from .queries import NoteAsked
from .rules import Consent, HowGiven, NoteKind, Stage, WordsOn

Form = DraftForm
Choices = Iterable[tuple[Any, str]]


class OpenForm(Form):
    """Open a file from concerns."""

    title = text("見出し", max_length=120, hint="例: 8050の世帯・家賃の滞納")
    concerns = forms.TypedMultipleChoiceField(
        label="この支援で取り組む課題", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, concerns: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = [(str(pk), label) for pk, label in concerns]  # type: ignore[attr-defined]


class ConcernsForm(Form):
    """Which concerns the file works on."""

    concerns = forms.TypedMultipleChoiceField(
        label="この支援で取り組む課題", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, concerns: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = [(str(pk), label) for pk, label in concerns]  # type: ignore[attr-defined]


class NoteForm(Form):
    """One entry: 事実 / 見立て / 方針."""

    day = DayField(label="日", help_text="空なら今日")
    clock = forms.TimeField(
        label="時刻", required=False, help_text="空なら今", input_formats=["%H:%M", "%H:%M:%S", "%H%M"]
    )
    kind = forms.ChoiceField(
        label="対応方法", required=False, choices=[("", "選ばない"), *NoteKind.choices()]
    )
    partner = text("相手", max_length=120)
    place = text("場所", max_length=120)
    minutes = forms.IntegerField(label="所要(分)", required=False, min_value=0, max_value=1440)
    facts = text("事実", rows=4, hint="見たこと・聞いたこと")
    judgement = text("見立て", rows=3, hint="どう考えたか")
    policy = text("方針", rows=2, hint="どうするか")
    next_step = text("次の予定", max_length=300)
    contact_kind = forms.ChoiceField(
        label="連絡としても記録する", required=False, choices=[("", "記録しない"), *ContactKind.choices()]
    )
    contact_concerns = forms.TypedMultipleChoiceField(
        label="どの課題の連絡か", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    due_on = DayField(label="次に動く日", help_text="空なら標準の日")
    jotting = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, concerns: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), label) for pk, label in concerns]
        self.fields["contact_concerns"].choices = rows  # type: ignore[attr-defined]
        if not rows:
            for name in ("contact_kind", "contact_concerns", "due_on"):
                del self.fields[name]

    def happened_at(self, now: datetime) -> datetime:
        """The moment typed; the rest from now."""
        day = self.cleaned_data.get("day") or now.date()
        clock = self.cleaned_data.get("clock")
        if clock is None:
            clock = (
                now.time()
                if day == now.date()
                else now.time().replace(hour=12, minute=0, second=0, microsecond=0)
            )
        return datetime.combine(day, clock, tzinfo=now.tzinfo)


class CorrectForm(NoteForm):
    """A correction, with its reason."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    why = text("訂正のわけ", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["jotting"]


class CloseForm(Form):
    """終結 (H9)."""

    main_office = text("終結のあとの主担当", max_length=120, hint="連絡のとれる機関と担当")
    no_main_reason = forms.ChoiceField(
        label="主担当がいないわけ", required=False, choices=[("", "選ばない"), *NoKeyPerson.choices()]
    )
    words = text("終結のまとめ", rows=4)


class WordsForm(Form):
    """One sentence."""

    words = text("わけ", rows=2, max_length=300)


class SecretForm(Form):
    """A fact under a special secret, with its door if it is known already."""

    secret = forms.ChoiceField(
        label="どの秘密ですか",
        choices=SecretKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "どの秘密にあたるかを選んでください。"},
    )
    words = text("書くこと", rows=4)
    door = forms.ChoiceField(
        label="入れ方",
        choices=Door.choices(),
        required=False,
        widget=forms.RadioSelect,
        help_text="決められないときは、選ばずに保存できます。次の開庁日まで、あなただけが読めます。",
    )
    slip_number = text("同意をもらった連絡票の番号", max_length=20)
    shown_words = text(
        "秘密を含まない気づき",
        rows=3,
        hint="例：家計のことで困っておられるようす。金額・滞納・病名は書かない。",
    )
    meeting_words = text("どの支援会議の、だれの求めか", max_length=200)

    def wish(self) -> DoorWish:
        """For the deed."""
        typed = self.cleaned_data
        return DoorWish(typed["door"], typed["slip_number"], typed["shown_words"], typed["meeting_words"])


BOXES = ("kind", "facts", "judgement", "policy", "next_step")


def as_typed(form: forms.BaseForm, data: Any) -> None:
    """Show what was typed in a form that is not being sent yet, as it was typed."""
    for name, field in form.fields.items():
        if not field.widget.value_omitted_from_data(data, {}, name):
            form.initial[name] = field.widget.value_from_datadict(data, {}, name)


def fill_empty(form: forms.BaseForm, values: dict[str, Any]) -> None:
    """Put a template's or a jotting's words into boxes nothing was typed into; what is typed stays."""
    for name in BOXES:
        if values.get(name) and not str(form.initial.get(name) or "").strip():
            form.initial[name] = values[name]


class NoteAskedForm(forms.Form):
    """Which entries of a file are shown."""

    kind = forms.ChoiceField(label="対応方法", required=False, choices=[("", "すべて"), *NoteKind.choices()])
    worker = forms.TypedChoiceField(
        label="書いた人", required=False, coerce=int, empty_value=None, choices=()
    )
    from_on = DayField(label="いつから", help_text="")
    until_on = DayField(label="いつまで", help_text="")
    words = forms.CharField(label="ことば", required=False, max_length=60)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workers: Choices = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [("", "みんな"), *((str(pk), name) for pk, name in workers)]  # type: ignore[attr-defined]

    def asked(self) -> NoteAsked:
        """What is asked for; what could not be read is not asked for (the field says so)."""
        self.is_valid()
        typed = self.cleaned_data
        return NoteAsked(
            kind=typed.get("kind") or "",
            worker_id=typed.get("worker"),
            from_on=typed.get("from_on"),
            until_on=typed.get("until_on"),
            words=typed.get("words") or "",
            before=typed.get("before"),
        )


class StageForm(Form):
    """How far the work has come, and the consent."""

    stage = forms.ChoiceField(label="段階", choices=(), widget=forms.RadioSelect)
    consent = forms.ChoiceField(label="同意", required=False, choices=Consent.choices())
    consent_on = DayField(label="同意の日", help_text="例：R8.6.9。まだなら空けておきます")

    def __init__(self, *args: Any, stages: Iterable[Stage] = (), now_at: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            (now_at.value, f"{now_at.label}（いま）"),
            *((stage.value, stage.label) for stage in stages if stage != now_at),
        ]


class SupervisionForm(Form):
    """A supervision."""

    held_on = DayField(label="日", help_text="空なら今日")
    supervisor = text("だれと", max_length=120, hint="例：主任、京都府の専門職、外部のスーパーバイザー")
    about = text("何について", rows=5, hint="話したこと・気づいたこと")
    next_try = text("次に試すこと", rows=3)


class JottingForm(Form):
    """One's own scribble."""

    words = text("覚え書き", rows=6)


class OwnWordsForm(Form):
    """The person's own words beside the record."""

    person = forms.TypedChoiceField(
        label="だれの言葉",
        coerce=int,
        choices=(),
        error_messages={"required": "だれの言葉かを選んでください。"},
    )
    words = text(
        "本人の言葉",
        rows=5,
        hint="言いかえず、話されたとおりに。言いたいことが記録とちがうときも、そのまま残します。",
    )
    how = forms.ChoiceField(
        label="どうやって",
        choices=HowGiven.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "話した・書いた・代読のどれかを選んでください。"},
    )
    said_on = DayField(label="いつ")
    on = forms.ChoiceField(label="何について", choices=WordsOn.choices(), widget=forms.RadioSelect)
    note = forms.TypedChoiceField(
        label="どの記録", required=False, coerce=int, empty_value=None, choices=(),
        help_text="「ひとつの記録」のときに選びます",
    )  # fmt: skip
    on_words = text(
        "どのアセスメントか",
        max_length=120,
        hint="「アセスメント」のとき。例：2026年6月9日の、住まいのところ",
    )

    def __init__(
        self, *args: Any, speakers: Choices = (), notes: Choices = (), corrects: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(pk), name) for pk, name in speakers]  # type: ignore[attr-defined]
        self.fields["note"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in notes)]  # type: ignore[attr-defined]
        if corrects:
            for name in ("person", "on", "note", "on_words"):
                del self.fields[name]


def own_words(typed: dict[str, Any], before: Any) -> dict[str, Any]:
    """What `actions.state_own_words` takes; a correction is about what the earlier words were about."""
    said = {name: typed[name] for name in ("words", "how", "said_on")}
    if before is not None:
        return said | {"on": before.on, "person_id": before.person_id}
    return said | {
        "on": typed["on"],
        "person_id": typed["person"],
        "note_id": typed["note"],
        "on_words": typed["on_words"],
    }


class QuickForm(Form):
    """One line."""

    line = forms.CharField(
        label="一行で書く",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="例：訪問 14:00 30分 母:玄関で話せた 方針:来週電話",
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)


class TemplateForm(Form):
    """A template for notes."""

    of = forms.ChoiceField(
        label="だれの定型",
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": "だれの定型かを選んでください。"},
    )
    name = text("名前", max_length=60, hint="例：訪問、電話、受診同行")
    kind = forms.ChoiceField(
        label="対応方法", required=False, choices=[("", "選ばない"), *NoteKind.choices()]
    )
    facts = text("事実", rows=4)
    judgement = text("見立て", rows=3)
    policy = text("方針", rows=2)
    next_step = text("次の予定", max_length=300)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, whose: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if whose is None:
            del self.fields["of"]
        else:
            self.fields["of"].choices = list(whose)  # type: ignore[attr-defined]
