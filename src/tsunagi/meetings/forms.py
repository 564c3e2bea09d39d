"""The shape of what is typed about meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from tsunagi.holding.rules import GapKind
from tsunagi.people.rules import Facet
from tsunagi.ui.fields import DayField, EditForm, radios, text

from .actions import BodyWish, DecisionWish, ItemWish, RoleWish, SittingWish
from .rules import (
    SMALLEST,
    WEEKDAYS,
    WEEKS,
    BodyType,
    DecisionKind,
    HolidayRule,
    HowHeld,
    ItemKind,
    MemberRole,
    Mode,
    Presence,
    Recall,
    RoleDeed,
    Source,
    decisions_for,
)

Form = EditForm
Choices = Iterable[tuple[Any, str]]
ROLE_ROWS, MORE_ROWS, MOST_ROWS = 2, 2, 20


def clock(label: str, hint: str = "") -> forms.TimeField:
    """An hour."""
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), help_text=hint,
        error_messages={"invalid": "14:00 のように入れてください。"},
    )  # fmt: skip


def number(label: str, *, low: int, high: int, hint: str = "") -> forms.IntegerField:
    """A whole number between two."""
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, help_text=hint, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": f"{label}を入れてください。", "invalid": "数字だけで入れてください。",
            "min_value": f"{low}以上の数で入れてください。", "max_value": f"{high}以下の数で入れてください。",
        },
    )  # fmt: skip


def pick(
    label: str, *, empty: str = "選んでください", required: bool = False, hint: str = ""
) -> forms.TypedChoiceField:
    """A number out of a select; its choices come with the form."""
    return forms.TypedChoiceField(
        label=label, required=required, coerce=int, empty_value=None, choices=[("", empty)], help_text=hint,
        error_messages={"required": f"{label}を選んでください。"},
    )  # fmt: skip


def _fill(form: forms.Form, name: str, choices: Choices, empty: str | None = "選んでください") -> None:
    first = [] if empty is None else [("", empty)]
    form.fields[name].choices = [*first, *((str(value), words) for value, words in choices)]  # type: ignore[attr-defined]


class PlainForm(Form):
    """Nothing but a key."""


class ReasonForm(Form):
    """A deed with its reason."""

    reason = text("わけ", max_length=300)


class BodyForm(Form):
    """A body and its rules."""

    name = text("名前", max_length=80, hint="例：くらし支援会議")
    modes = forms.MultipleChoiceField(
        label="議題の根拠", choices=Mode.choices(), widget=forms.CheckboxSelectMultiple,
        help_text="ひとつの会議が、いくつかの根拠の議題を扱えます。議題の根拠は、いつもひとつです",
        error_messages={"required": "議題の根拠を、ひとつは選んでください。"},
    )  # fmt: skip
    office_id = pick("庶務の機関", required=True)
    week = pick("定例日：第何", empty="定例日なし")
    weekday = pick("曜日", empty="なし")
    begins = clock("始まり")
    minutes = number("長さ（分）", low=10, high=600)
    place = text("場所", max_length=120)
    holiday_rule = radios("閉庁日のとき", HolidayRule.choices(), "どうするかを選んでください。")
    call_days = number("議題の募集の締切（開催の何開庁日前）", low=0, high=40)
    by_phone = forms.BooleanField(label="電話・持ち回りで開ける", required=False)
    by_phone_article = text("それを認める要綱の条文", max_length=120, hint="例：第6条第2項")
    outside_sittings = forms.BooleanField(label="会議の外で、構成員どうしが共有できる", required=False)
    outside_article = text("それを認める要綱の条文", max_length=120)
    recall = radios("資料", Recall.choices(), "資料をどうするかを選んでください。")
    recall_article = text("資料についての条文", max_length=120)
    keeps_who_said = forms.BooleanField(label="議事録に、だれの発言かを残す", required=False)

    def __init__(
        self, *args: Any, offices: Choices = (), modes: Choices | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "office_id", offices)
        _fill(self, "week", WEEKS.items(), "定例日なし")
        _fill(self, "weekday", list(enumerate(WEEKDAYS)), "なし")
        if modes is not None:
            _fill(self, "modes", modes, None)

    def wish(self) -> BodyWish:
        """For the deed."""
        typed = {
            name: value for name, value in self.cleaned_data.items() if name in BodyWish.__dataclass_fields__
        }
        return BodyWish(**(typed | {"modes": tuple(typed["modes"])}))


class NewBodyForm(BodyForm):
    """A body that is founded: its legal type is chosen once."""

    body_type = radios(
        "法上の種類", BodyType.choices(), "法上の種類を選んでください。", hint="あとから変えられません"
    )


class MemberForm(Form):
    """A new member."""

    worker = forms.ChoiceField(label="職員", required=False, choices=())
    name = text(
        "お名前（システムを使わない方）", max_length=100, hint="例：民生委員、医師。機関が代わりに答えます"
    )
    office = pick("その方のことを答える機関", empty="職員を選んだときは空けます")
    role = radios("役", MemberRole.choices(), "役を選んでください。")
    from_on = DayField(
        label="任期の始まり", required=True, error_messages={"required": "任期の始まりを入れてください。"}
    )
    until_on = DayField(label="任期の終わり", help_text="決まっていなければ空けます")
    is_part_time = forms.BooleanField(
        label="出番のときだけ来る", required=False, help_text="議題の順を、一度で済むように並べます"
    )

    def __init__(self, *args: Any, workers: Choices = (), offices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "worker", workers)
        _fill(self, "office", offices, "職員を選んだときは空けます")

    def who(self) -> tuple[int | None, int | None]:
        """(worker, office)."""
        worker, office = who_of(self.cleaned_data["worker"])
        return worker, office or self.cleaned_data["office"]


class MemberChangeForm(Form):
    """Another role or end of term."""

    role = radios("役", MemberRole.choices(), "役を選んでください。")
    until_on = DayField(label="任期の終わり", help_text="決まっていなければ空けます")
    is_part_time = forms.BooleanField(label="出番のときだけ来る", required=False)


def who_of(value: Any) -> tuple[int | None, int | None]:
    """(worker, office) of the choice 「office-worker」."""
    office, _, worker = str(value or "").partition("-")
    return (int(worker), int(office)) if office.isdecimal() and worker.isdecimal() else (None, None)


def who_choices(rows: Iterable[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Workers of offices, as a select offers them."""
    return [(f"{office}-{worker}", words) for worker, office, words in rows]


class RowForm(Form):
    """A signed row of acknowledgements."""

    members = forms.TypedMultipleChoiceField(
        label="署名した方", coerce=int, widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )
    on = DayField(label="署名の日", required=True, error_messages={"required": "署名の日を入れてください。"})
    kept_where = text("署名簿の保管場所", max_length=200, hint="例：相談室の鍵つき書庫")

    def __init__(self, *args: Any, members: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "members", members, None)


class DaysForm(Form):
    """Days of the rule, ticked."""

    days = forms.MultipleChoiceField(
        label="予定に入れる日", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, days: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "days", days, None)


class SittingForm(Form):
    """When, where and how a sitting is held."""

    day = DayField(label="日", required=True, error_messages={"required": "会議の日を入れてください。"})
    begins = clock("始まり")
    place = text("場所", max_length=120, hint="オンラインのときは、つなぎ方を別に知らせます")
    how = radios("開き方", HowHeld.choices(), "開き方を選んでください。")
    joint = forms.TypedMultipleChoiceField(
        label="合同で開く会議", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, choices=(),
        help_text="同じ場で開くときに選びます。議題ごとに根拠はひとつです",
    )  # fmt: skip
    is_ad_hoc = forms.BooleanField(
        label="随時に開く（急ぎ）", required=False, help_text="すぐに召集し、構成員に知らせます"
    )
    reason = text("随時に開くわけ", max_length=300, hint="お名前は書かないでください。例：住まいを失うおそれ")

    def __init__(self, *args: Any, joint: Choices = (), changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "joint", joint, None)
        if changing:
            del self.fields["is_ad_hoc"], self.fields["reason"]

    def wish(self) -> SittingWish:
        """For the deed."""
        typed = self.cleaned_data
        return SittingWish(
            day=typed["day"], begins=typed["begins"], place=typed["place"], how=typed["how"],
            joint_ids=tuple(typed["joint"]), is_ad_hoc=typed.get("is_ad_hoc", False), reason=typed.get("reason", ""),
        )  # fmt: skip


class PresenceForm(Form):
    """Who is there."""

    def __init__(self, *args: Any, members: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in members:
            self.fields[f"m{row.member_id}"] = forms.ChoiceField(
                label=f"{row.name}（{row.office}）", choices=Presence.choices(), widget=forms.RadioSelect,
                initial=row.presence, required=False,
            )  # fmt: skip

    def presence(self) -> dict[int, str]:
        """Member → what was said."""
        return {int(name[1:]): value for name, value in self.cleaned_data.items() if name[0] == "m" and value}


class ToldForm(Form):
    """Which absent members were told what came of it."""

    members = forms.TypedMultipleChoiceField(
        label="結果を伝えた方", coerce=int, widget=forms.CheckboxSelectMultiple, choices=(),
        error_messages={"required": "結果を伝えた方を選んでください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, members: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "members", members, None)


class ProposeForm(Form):
    """An item that is proposed. The basis is one; what it shows is the least."""

    sitting = pick("どの会議に", required=True)
    mode = radios("根拠", Mode.choices(), "根拠を選んでください。")
    kind = radios("種類", ItemKind.choices(), "種類を選んでください。")
    party = pick("どなたのこと", empty="個人を扱わない")
    title = text("題（個人を扱わない議題）", max_length=120, hint="お名前は書かないでください")
    asked = text("論点（何を決めてほしいか）", rows=3, hint="例：だれが見守り、いつもう一度話し合うか")
    minutes = number("予定の分数", low=1, high=240)
    facets = forms.MultipleChoiceField(
        label="会議で見せてよい範囲", required=False, widget=forms.CheckboxSelectMultiple, choices=(),
        help_text="必要な分だけ。あなたが見られる範囲から選びます",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        sittings: Choices = (),
        parties: Choices = (),
        facets: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "sitting", sittings)
        people = list(parties)
        if people:
            _fill(self, "party", people, None)
            del self.fields["title"]
            self.fields["mode"].choices = [pair for pair in Mode.choices() if pair[0] != Mode.NO_PERSONS]  # type: ignore[attr-defined]
            _fill(self, "facets", [(facet, Facet.label_of(facet)) for facet in facets], None)
            self.fields["facets"].initial = [facet for facet in SMALLEST if facet in set(facets)]
        else:
            del self.fields["party"], self.fields["facets"]
            self.fields["mode"].choices = [(Mode.NO_PERSONS.value, Mode.NO_PERSONS.label)]  # type: ignore[attr-defined]
            self.fields["mode"].initial = Mode.NO_PERSONS.value
            kinds = (ItemKind.PROGRESS, ItemKind.RESOURCES, ItemKind.OTHER)
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def wish(self, **about: Any) -> ItemWish:
        """For the deed; `about`: the file, plan, concern or gap it came from."""
        typed = self.cleaned_data
        return ItemWish(
            mode=typed["mode"], kind=typed["kind"], party_id=typed.get("party"), title=typed.get("title", ""),
            asked=typed["asked"], minutes=typed["minutes"], facets=tuple(typed.get("facets", ())), source=Source.HAND.value,
            **about,
        )  # fmt: skip


class ItemForm(Form):
    """What is asked, and how long it takes."""

    title = text("題", max_length=120, hint="お名前は書かないでください")
    asked = text("論点（何を決めてほしいか）", rows=4)
    minutes = number("予定の分数", low=1, high=240)

    def __init__(self, *args: Any, titled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not titled:
            del self.fields["title"]


class MoveForm(Form):
    """見送り to another sitting."""

    sitting = pick("どの会議に送るか", required=True)
    reason = text("わけ", max_length=300, hint="例：時間が足りなかった")

    def __init__(self, *args: Any, sittings: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "sitting", sittings)


class ModeForm(Form):
    """Another basis."""

    mode = radios("根拠", (), "根拠を選んでください。")
    reason = text("わけ", max_length=300, hint="例：本人の同意がもらえた")

    def __init__(self, *args: Any, modes: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "mode", modes, None)


class ChooseForm(Form):
    """Who sees an item, and how much: one tick per member, the facets beside it."""

    def __init__(
        self, *args: Any, members: Sequence[Any] = (), facets: Iterable[str] = (), **kwargs: Any
    ) -> None:
        self.known: Mapping[int, Sequence[str]] = kwargs.pop("known", {})
        super().__init__(*args, **kwargs)
        offered = [(facet, Facet.label_of(facet)) for facet in facets]
        least = [facet for facet, _label in offered if facet in SMALLEST]
        self.members = list(members)
        for row in self.members:
            self.fields[f"m{row.id}"] = forms.BooleanField(
                label=f"{row.name}（{row.office}・{row.role_label}）",
                required=False,
                initial=row.id in self.known,
            )
            self.fields[f"f{row.id}"] = forms.MultipleChoiceField(
                label=f"{row.name}に見せる範囲", required=False, widget=forms.CheckboxSelectMultiple, choices=offered,
                initial=list(self.known.get(row.id, least)),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(member, tick, facets) for the page."""
        return [(row, self[f"m{row.id}"], self[f"f{row.id}"]) for row in self.members]

    def chosen(self) -> dict[int, tuple[str, ...]]:
        """Member → facets."""
        typed = self.cleaned_data
        return {row.id: tuple(typed[f"f{row.id}"]) for row in self.members if typed[f"m{row.id}"]}


class OrderForm(Form):
    """The place of each item."""

    def __init__(self, *args: Any, items: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for place, row in enumerate(self.items, start=1):
            self.fields[f"i{row.id}"] = number(f"「{row.label}」の順", low=1, high=200)
            self.fields[f"i{row.id}"].initial = place

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """(item, box) for the page."""
        return [(row, self[f"i{row.id}"]) for row in self.items]

    def order(self) -> list[int]:
        """The numbers by the places typed; equal places keep the order they were in."""
        typed = self.cleaned_data
        was = {row.id: place for place, row in enumerate(self.items)}
        return sorted(was, key=lambda one: (typed[f"i{one}"], was[one]))


class GatherForm(Form):
    """What the work proposes, ticked."""

    chosen = forms.MultipleChoiceField(
        label="議題に提案する", widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )

    def __init__(self, *args: Any, keys: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


class RoleRowForm(forms.Form):
    """A row of the role table: nothing in it is required by the form; the deed says what is missing."""

    what = text("何を", max_length=300)
    who = forms.ChoiceField(label="だれが", required=False, choices=())
    due_on = DayField(label="いつまでに")

    def __init__(self, *args: Any, workers: Choices = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        _fill(self, "who", workers)

    def clean(self) -> dict[str, Any]:
        """A row is whole or empty."""
        typed = super().clean() or {}
        if any(typed.get(name) for name in ("what", "who", "due_on")) and not self.errors:
            for name, words in (
                ("what", "何をするかを書いてください。"),
                ("who", "だれがするかを選んでください。"),
                ("due_on", "いつまでにするかを入れてください。"),
            ):
                if not typed.get(name):
                    self.add_error(name, words)
        return typed

    def wish(self) -> RoleWish | None:
        """For the deed; None for an empty row."""
        typed = self.cleaned_data
        worker, office = who_of(typed.get("who"))
        if worker is None or office is None:
            return None
        return RoleWish(office, worker, typed["what"], typed["due_on"])


def role_rows(data: QueryDict | None, workers: Choices) -> list[RoleRowForm]:
    """As many rows as were on the page, and two more when 「行を足す」 was pressed."""
    try:
        count = min(int(str(data["rows"])) if data is not None and "rows" in data else ROLE_ROWS, MOST_ROWS)
    except (TypeError, ValueError):
        count = ROLE_ROWS
    if data is not None and "more-roles" in data:
        count = min(count + MORE_ROWS, MOST_ROWS)
    offered = list(workers)
    return [RoleRowForm(data, prefix=f"role-{place}", workers=offered) for place in range(max(count, 1))]


class DecideForm(Form):
    """What was decided."""

    kind = radios("決定", (), "何が決まったかを選んでください。")
    words = text("決定のことば", rows=3, hint="決まったことを、そのまま読み上げられる文で")
    watch_on = DayField(
        label="次にようすを見る日（見守り）", help_text="この議題の課題の受け持ちを「見守り」にするときだけ"
    )
    gap_kind = forms.ChoiceField(
        label="はざまとして記録する", required=False, choices=[("", "記録しない"), *GapKind.choices()]
    )
    decided_by = text(
        "この場で決定したときは、決定した人",
        max_length=120,
        hint="例：福祉課長。あとで決裁するときは空けます",
    )

    def __init__(self, *args: Any, mode: str, has_plan: bool, has_concern: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = decisions_for(mode, has_plan=has_plan)
        _fill(self, "kind", [(kind.value, kind.label) for kind in kinds], None)
        if DecisionKind.RESOURCE not in kinds:
            del self.fields["gap_kind"]
        if not has_plan:
            del self.fields["decided_by"]
        if not has_concern or DecisionKind.WATCH not in kinds:
            del self.fields["watch_on"]

    def wish(self, roles: Sequence[RoleRowForm]) -> DecisionWish:
        """For the deed."""
        typed = self.cleaned_data
        return DecisionWish(
            kind=typed["kind"], words=typed["words"], roles=[wish for row in roles if (wish := row.wish())],
            gap_kind=typed.get("gap_kind", ""), decided_by=typed.get("decided_by", ""), watch_on=typed.get("watch_on"),
        )  # fmt: skip


class RoleForm(Form):
    """What became of a role."""

    deed = radios("どうなりましたか", (), "どうなったかを選んでください。")
    words = text("ようす・わけ", rows=2, max_length=500)
    due_on = DayField(label="次の日（続けるとき）")
    who = forms.ChoiceField(label="だれに頼むか（別の職員に頼むとき）", required=False, choices=())

    def __init__(
        self, *args: Any, deeds: Iterable[RoleDeed] = (), workers: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = list(deeds)
        _fill(self, "deed", [(deed.value, deed.label) for deed in offered], None)
        _fill(self, "who", workers)
        if RoleDeed.GO_ON not in offered:
            del self.fields["due_on"]
        if RoleDeed.PASS not in offered:
            del self.fields["who"]
