"""The shape of what is typed into a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from tsunagi.holding.rules import ContactKind, NoKeyPerson
from tsunagi.sharing.rules import Door, DoorWish, SecretKind
from tsunagi.ui.fields import DayField

from .rules import NoteKind

Choices = Iterable[tuple[Any, str]]


class Form(forms.Form):
    """A form that knows its draft."""

    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def text(label: str, *, rows: int = 0, hint: str = "", max_length: int | None = None) -> forms.CharField:
    """A text that may be empty."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, widget=widget, help_text=hint, max_length=max_length)


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
