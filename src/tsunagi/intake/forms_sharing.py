"""The shape of what is typed when somebody asks about another person, of a consent slip, and of a special secret."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagi.intake.actions import AboutWish
from tsunagi.intake.rules import SlipConsent, WayBack
from tsunagi.sharing.rules import CallerRelation, Door, DoorWish, SecretKind
from tsunagi.ui.fields import DayField

from .forms import Choices, Form, choice, listed, text


class _DeskForm(Form):
    office = forms.TypedChoiceField(label="受けた窓口", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, desks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), name) for pk, name in desks]
        self.fields["office"].choices = rows  # type: ignore[attr-defined]
        self.first_desk = int(rows[0][0])
        if len(rows) == 1:
            self.fields["office"].widget = forms.HiddenInput()


class AskedAboutForm(_DeskForm):
    """Somebody asks about another person: who asks, how to call back, what they want. Nothing is required."""

    relation = choice("尋ねてきた方", CallerRelation.choices(), radio=True)
    caller = text("名乗り", longest=100, hint="名前・所属を、言われたまま")
    means = choice("どうやって", listed("contact_means"))
    way_back = choice("戻り先", WayBack.choices(), radio=True)
    way_back_words = text(
        "連絡先", longest=200, hint="言われた番号は控えるだけにして、かけ直すのは、こちらで調べた番号に"
    )
    about_name = text("お名前", longest=120)
    about_kana = text("よみ", longest=120)
    about_birth = text("生年月日・年齢", longest=40)
    about_heard = text("ほかに言っていたこと", rows=2)
    words = text("ご用件", rows=5, hint="聞いたまま。こちらから言ったことも書いてください。")

    def about_wish(self) -> AboutWish:
        """Whom they asked about, as words."""
        typed = self.cleaned_data
        return AboutWish(
            name=typed["about_name"],
            kana=typed["about_kana"],
            birth=typed["about_birth"],
            words=typed["about_heard"],
        )


class SlipForm(_DeskForm):
    """困りごと相談連絡票: filled as far as it is known, or blank."""

    name = text("お名前", longest=120)
    kana = text("よみ", longest=120)
    birth = text("生年月日", longest=40)
    phone = text("電話", longest=60)
    address = text("住所", longest=200)
    words = text(
        "困っておられること",
        rows=4,
        hint="本人が紙の上で直せます。税額・滞納・病名などは、本人が書くときだけ。",
    )


class TakeSlipForm(_DeskForm):
    """What stands on the signed paper."""

    name = text("お名前", longest=120)
    kana = text("よみ", longest=120)
    birth = text("生年月日", longest=40)
    phone = text("電話", longest=60)
    address = text("住所", longest=200)
    words = text("紙に書かれた困りごと", rows=5)
    way_back_words = text("連絡してよい時間・方法", longest=200)


class SlipNumberForm(Form):
    """A signed paper is in hand: its number finds it."""

    number = text("連絡票の番号", longest=20, hint="紙の右上にあります。例：連8-00012")
    consent = choice("本人の同意", SlipConsent.choices(), radio=True)
    consent_on = DayField(label="署名の日")


class DoorForm(Form):
    """Which of the three doors."""

    door = choice(
        "入れ方",
        Door.choices(),
        radio=True,
        hint="決められないときは、選ばずに保存できます。次の開庁日まで、あなただけが読めます。",
    )
    slip_number = text("同意をもらった連絡票の番号", longest=20)
    shown_words = text(
        "秘密を含まない気づき",
        rows=3,
        hint="例：家計のことで困っておられるようす。金額・滞納・病名は書かない。",
    )
    meeting_words = text("どの支援会議の、だれの求めか", longest=200)

    def wish(self) -> DoorWish:
        """For the deed."""
        typed = self.cleaned_data
        return DoorWish(typed["door"], typed["slip_number"], typed["shown_words"], typed["meeting_words"])


class SecretForm(DoorForm):
    """A fact under a special secret, with its door if it is known already."""

    secret = forms.ChoiceField(
        label="どの秘密ですか",
        choices=SecretKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "どの秘密にあたるかを選んでください。"},
    )
    words = text("書くこと", rows=4)
    field_order = ("secret", "words", "door", "slip_number", "shown_words", "meeting_words")
