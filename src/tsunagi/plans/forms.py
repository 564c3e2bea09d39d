"""The shape of what is typed into a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from tsunagi.holding.rules import NoKeyPerson
from tsunagi.sharing.fields import ConsentTick
from tsunagi.sharing.rules import ConsentBy, ConsentWish
from tsunagi.ui.fields import DayField, EditForm, radios, text

from .actions import LABELS, GoalWish, Look, MonitoringWish, PlanWish, RoleWish
from .queries import GoalCard, PlanSheet, RoleCard
from .rules import (
    AgreedBy,
    Attainment,
    ConsentWay,
    FollowUpResult,
    MeetingKind,
    MeetingResult,
    MonitorDecision,
    NoMeeting,
    PersonsView,
    RoleDeed,
    RoleOwner,
    Term,
)

Choices = Iterable[tuple[Any, str]]
Groups = Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
MOST_ROWS = 40


class Form(EditForm):
    """A form of this module; as it is, nothing but a key."""


def _who(value: Any) -> tuple[int | None, int | None]:
    """(worker, office) of the choice 「office-worker」."""
    office, _, worker = str(value or "").partition("-")
    return (int(worker), int(office)) if office.isdecimal() and worker.isdecimal() else (None, None)


def who_choices(answering: Iterable[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Who may answer, as a select offers them."""
    return [("", "選んでください"), *((f"{office}-{worker}", words) for worker, office, words in answering)]


class PlanForm(Form):
    """What a plan says beside its goals and roles."""

    wish_person = text(LABELS["wish_person"], rows=3, hint="本人のことばのまま書きます")
    wish_family = text(LABELS["wish_family"], rows=2)
    situation = text(LABELS["situation"], rows=4, hint="アセスメントの要点を、事実と見立てを分けて短く")
    direction = text(LABELS["direction"], rows=2)
    services_words = text(
        LABELS["services_words"], max_length=300, hint="例：包括相談の主担当は東地域包括支援センター"
    )
    emergency = text(
        LABELS["emergency"], rows=2, hint="例：連絡が3日とれないときは、娘に電話し、相談室が訪ねる"
    )
    sharing = text(LABELS["sharing"], rows=2, hint="だれと、何を共有してよいか")
    ending_sign = text(LABELS["ending_sign"], rows=2, hint="どうなったら、ひと区切りと考えるか")
    from_on = DayField(label="期間の始まり")
    until_on = DayField(label="期間の終わり")
    monitor_on = DayField(label="次のモニタリング")

    def __init__(self, *args: Any, groups: Groups = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [f"services_{place}" for place, _group in enumerate(groups)]
        for name, (label, rows) in zip(self.groups, groups, strict=True):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(value, f"{words}＊" if national else words) for value, words, national in rows],
            )  # fmt: skip

    @property
    def services(self) -> list[Any]:
        """The boxes of 利用する事業, one field per group."""
        return [self[name] for name in self.groups]

    def wish(self) -> PlanWish:
        """For the deed."""
        names = (*LABELS, "from_on", "until_on", "monitor_on")
        chosen = [value for name in self.groups for value in self.cleaned_data[name]]
        return PlanWish(**{name: self.cleaned_data[name] for name in names}, services=chosen)


class RowForm(forms.Form):
    """One row among several: nothing in it is required by the form; the deed says what is missing."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class GoalForm(RowForm):
    """One goal."""

    term = forms.ChoiceField(
        label="長期・短期", choices=Term.choices(), required=False, initial=Term.SHORT.value
    )
    text = text("目標", rows=2)
    strength = forms.TypedChoiceField(
        label="生かす強み", required=False, coerce=int, empty_value=None, choices=()
    )

    def __init__(self, *args: Any, strengths: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(pk), words[:60]) for pk, words in strengths]
        self.fields["strength"].choices = [("", "選ばない"), *rows]  # type: ignore[attr-defined]
        self.has_strengths = bool(rows)

    def wish(self) -> GoalWish:
        """For the deed."""
        typed = self.cleaned_data
        return GoalWish(
            term=typed["term"] or Term.SHORT,
            text=typed["text"],
            strength_id=typed["strength"],
            id=typed["id"],
        )


class RoleForm(RowForm):
    """One row of the role table."""

    what = text("何を", max_length=300)
    owner_kind = forms.ChoiceField(label="だれが", choices=RoleOwner.choices(), required=False)
    owner_words = text("名前・続柄・機関", max_length=120, hint="職員のときは空けます")
    worker = forms.ChoiceField(label="答える職員", required=False, choices=())
    often = text("どのくらい", max_length=80, hint="例：月1回")
    due_on = DayField(label="いつまでに", help_text="続くことなら、次に確かめる日")
    how_known = text("どう分かるか", max_length=200, hint="例：訪問の記録、本人の電話")
    goal = forms.TypedChoiceField(
        label="どの目標のため", required=False, coerce=int, empty_value=None, choices=()
    )

    def __init__(self, *args: Any, workers: Choices = (), goals: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = list(workers)  # type: ignore[attr-defined]
        self.fields["goal"].choices = [("", "選ばない"), *((str(pk), words[:40]) for pk, words in goals)]  # type: ignore[attr-defined]

    def wish(self) -> RoleWish:
        """For the deed."""
        typed = self.cleaned_data
        worker_id, office_id = _who(typed["worker"])
        return RoleWish(
            what=typed["what"], worker_id=worker_id, office_id=office_id, due_on=typed["due_on"],
            owner_kind=typed["owner_kind"] or RoleOwner.WORKER, owner_words=typed["owner_words"], often=typed["often"],
            how_known=typed["how_known"], goal_id=typed["goal"], id=typed["id"],
        )  # fmt: skip


def goal_initial(goal: GoalCard) -> dict[str, Any]:
    """A stored goal as its row starts."""
    return {"id": goal.id, "term": goal.term, "text": goal.text, "strength": goal.strength_id}


def role_initial(role: RoleCard) -> dict[str, Any]:
    """A stored row as its form starts."""
    return {
        "id": role.id, "what": role.what, "owner_kind": role.owner_kind,
        "owner_words": role.owner_words,
        "worker": f"{role.office_id}-{role.worker_id}", "often": role.often, "due_on": role.due_on,
        "how_known": role.how_known, "goal": role.goal_id,
    }  # fmt: skip


def rows_of(
    kind: type[RowForm],
    prefix: str,
    *,
    data: QueryDict | None,
    stored: Iterable[Mapping[str, Any]],
    blank: int = 2,
    **kwargs: Any,
) -> list[Any]:
    """The rows of a table as forms: the stored ones and some blank; or those that were sent (`prefix-rows` says how many),
    two more when 「行を足す」 was pressed. Works without JavaScript."""
    if data is not None and f"{prefix}-rows" in data:
        sent = str(data[f"{prefix}-rows"])
        count = min(int(sent) if sent.isdecimal() else 0, MOST_ROWS) + (2 if f"more-{prefix}" in data else 0)
        return [kind(data, prefix=f"{prefix}-{place}", **kwargs) for place in range(min(count, MOST_ROWS))]
    known = list(stored)
    rows = [*known, *({} for _ in range(max(blank, 1)))]
    return [kind(prefix=f"{prefix}-{place}", initial=row, **kwargs) for place, row in enumerate(rows)]


class PlainForm(Form):
    """The やさしい日本語 of every goal and role, and whether somebody read it through."""

    confirmed = forms.BooleanField(
        label="声に出して読み、意味が変わっていないことを確かめました", required=False
    )

    def __init__(self, *args: Any, plan: PlanSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, row in self.rows(plan):
            self.fields[name] = text(row, rows=3)
        self.order_fields([name for name in self.fields if name != "confirmed"])

    @staticmethod
    def rows(plan: PlanSheet) -> list[tuple[str, str]]:
        """(field, the words it is for)."""
        return [(f"goal_{goal.id}", goal.text) for goal in plan.goals] + [
            (f"role_{role.id}", role.what) for role in plan.roles
        ]

    def texts(self, kind: str) -> dict[int, str]:
        """number → text, of goals or roles."""
        return {
            int(name.removeprefix(f"{kind}_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{kind}_")
        }


# Who agrees to a plan, as consent knows it. A family member cannot consent in an adult's place.
_WHOSE_WORD = {
    AgreedBy.PERSON.value: ConsentBy.PERSON.value,
    AgreedBy.GUARDIAN.value: ConsentBy.GUARDIAN.value,
    AgreedBy.PARENT.value: ConsentBy.CHILD_AND_PARENT.value,
}


class ConsentForm(Form, ConsentTick):
    """Who agreed, and how; and, with one tick, the same person's consent to what the offices of the plan tell each other."""

    explained_on = DayField(
        label="説明した日", required=True, error_messages={"required": "説明した日を入れてください。"}
    )
    agreed_by = radios("同意した人", AgreedBy.choices(), "だれが同意したかを選んでください。")
    name = text("お名前・続柄", max_length=120, hint="本人以外のときに書きます")
    way = radios("方法", ConsentWay.choices(), "署名・口頭・代理のどれかを選んでください。")
    scope = text("同意の範囲", max_length=300, hint="例：この表に名前のある機関と、この表のことを")
    kept_where = text("署名した紙の保管場所", max_length=200, hint="例：相談室の鍵つき書庫 3段目")
    words = text("本人のことば・ようす", rows=2, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Somebody of the family may agree to the plan; what is told about the person only the person agrees to."""
        typed = super().clean() or self.cleaned_data
        family = typed.get("agreed_by") == AgreedBy.FAMILY
        if family and typed.get("consent") not in (None, "", "considering", "not_explained"):
            self.add_error(
                "consent",
                "家族は、本人の代わりに同意できません。本人に聞いてから記録するか、「ここでは書かない」にしてください。",
            )
        return typed

    def sharing_wish(self) -> ConsentWish | None:
        """The consent to sharing, from what was typed for the plan: day, way, words and paper are not typed twice."""
        typed = self.cleaned_data
        return self.consent_wish(
            explained_on=typed["explained_on"],
            way=typed["way"],
            kept_where=typed["kept_where"],
            words=typed["words"],
            given_by=_WHOSE_WORD.get(typed["agreed_by"], ConsentBy.PERSON.value),
            given_by_name=typed["name"] if typed["agreed_by"] != AgreedBy.PERSON else "",
        )


class ConferenceForm(Form):
    """What a meeting said."""

    held_on = DayField(label="開催日", required=True, error_messages={"required": "開催日を入れてください。"})
    kind = radios("会議", MeetingKind.choices(), "どの会議かを選んでください。")
    result = radios(
        "協議結果", MeetingResult.choices(), "適切・修正のうえ適切・再検討のどれかを選んでください。"
    )
    words = text("出た意見・直すところ", rows=3)


class DecideForm(Form):
    """The city's decision."""

    no_meeting = radios("会議にかけないわけ", NoMeeting.choices(), "", required=False)
    decided_on = DayField(
        label="決定の日", required=True, error_messages={"required": "決定の日を入れてください。"}
    )
    decided_by = text("決定した人", max_length=120, hint="例：福祉課長")
    words = text("ひとこと", max_length=500)
    begin_now = forms.BooleanField(label="続けて、プランを始める（役割が約束になります）", required=False)


class ReasonForm(Form):
    """Why."""

    reason = text("わけ", max_length=300)


class RoleDeedForm(Form):
    """What became of a row."""

    deed = radios(
        "どうなりましたか",
        RoleDeed.choices(),
        "済んだ・続ける・替える・取りやめる、のどれかを選んでください。",
    )
    words = text("ようす・わけ", rows=2, max_length=500)
    due_on = DayField(label="次に確かめる日", help_text="「続ける」とき")
    worker = forms.ChoiceField(label="次に答える職員", required=False, choices=(), help_text="「替える」とき")
    promise = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = list(workers)  # type: ignore[attr-defined]

    def who(self) -> tuple[int | None, int | None]:
        """(worker, office)."""
        return _who(self.cleaned_data["worker"])


class MonitorForm(Form):
    """One look at the plan: a field per goal and per row beside the rest."""

    on = DayField(
        label="日", required=True, error_messages={"required": "モニタリングをした日を入れてください。"}
    )
    persons_view = radios(
        "本人はどう言っているか", PersonsView.choices(), "本人がどう言っているかを選んでください。"
    )
    persons_words = text("本人のことば", rows=3, hint="そのままのことばで")
    opinion = text("支援員の意見", rows=3)
    changes = forms.MultipleChoiceField(
        label="見られた変化", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    left_over = text("残された課題", rows=2)
    decision = radios(
        "判断", MonitorDecision.choices(), "続ける・再プラン・終結・中断のどれかを選んでください。"
    )
    is_evaluation = forms.BooleanField(
        label="プランの評価として書く（期間の終わり・再プラン・終結のとき）", required=False
    )
    decision_words = text("判断のわけ", rows=2)
    next_on = DayField(label="次の日", help_text="どの判断でも、次に見る日を決めます")

    def __init__(self, *args: Any, plan: PlanSheet, changes: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["changes"].choices = list(changes)  # type: ignore[attr-defined]
        for goal in plan.goals:
            self.fields[f"goal_{goal.id}"] = forms.ChoiceField(
                label="達成状況", required=False, choices=[("", "まだ見ていない"), *Attainment.choices()],
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"goal_{goal.id}_reason"] = text("わけ", rows=2)
        for role in plan.roles:
            self.fields[f"role_{role.id}"] = text("ようす", max_length=300)

    def wish(self, plan: PlanSheet) -> MonitoringWish:
        """For the deed."""
        typed = self.cleaned_data
        plain = ("on", "decision", "next_on", "persons_view", "persons_words", "opinion", "left_over", "decision_words",
                 "changes", "is_evaluation")  # fmt: skip
        return MonitoringWish(
            **{name: typed[name] for name in plain},
            goals={
                goal.id: (typed[f"goal_{goal.id}"], typed[f"goal_{goal.id}_reason"]) for goal in plan.goals
            },
            roles={role.id: typed[f"role_{role.id}"] for role in plan.roles},
        )


class EventForm(Form):
    """就労 or 増収."""

    on = DayField(
        label="始まった日", required=True, error_messages={"required": "始まった日を入れてください。"}
    )
    kind = radios("できごと", (), "できごとの種類を選んでください。")
    person = forms.TypedChoiceField(label="だれの", required=False, coerce=int, empty_value=None, choices=())
    is_target = forms.BooleanField(label="就労支援の対象の方", required=False)
    income_up = forms.BooleanField(label="収入が増えた", required=False)
    amount = forms.IntegerField(
        label="増えた額（月・円）", required=False, min_value=0, max_value=10_000_000, help_text="分からなければ空けます",
        error_messages={"invalid": "数字だけで入れてください。", "min_value": "0以上の数で入れてください。", "max_value": "桁を確かめてください。"},
    )  # fmt: skip
    words = text("ひとこと", max_length=300, hint="例：週3日、清掃の仕事")

    def __init__(
        self, *args: Any, kinds: Choices = (), persons: Choices = (), money: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "選ばない"), *((str(pk), name) for pk, name in persons)]  # type: ignore[attr-defined]
        if not money:
            del self.fields["amount"]


class EndForm(Form):
    """終結 with who stays reachable and the looks after the end."""

    main_office = text(
        "終結のあとの主担当", max_length=120, hint="連絡のとれる機関と担当（例：東地域包括 大山）"
    )
    no_main_reason = forms.ChoiceField(
        label="主担当がいないわけ", required=False, choices=[("", "選ばない"), *NoKeyPerson.choices()]
    )
    words = text(
        "終結のまとめ", rows=4, hint="何ができるようになったか。困ったとき、どこへ連絡すると伝えたか"
    )
    first_on = DayField(
        label="フォローアップの日（1回目）", help_text="だれかがもう一度ようすを見る日。要らなければ空けます"
    )
    first_what = text("何を見るか", max_length=200, hint="例：通院が続いているか、電話で聞く")
    second_on = DayField(label="フォローアップの日（2回目）")
    second_what = text("何を見るか", max_length=200)
    worker = forms.TypedChoiceField(
        label="フォローアップをする職員", required=False, coerce=int, empty_value=None, choices=()
    )

    def __init__(self, *args: Any, workers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [(str(pk), name) for pk, name in workers]  # type: ignore[attr-defined]

    def looks(self) -> list[Look]:
        """The days that were typed."""
        typed = self.cleaned_data
        return [
            Look(typed[f"{which}_on"], typed[f"{which}_what"])
            for which in ("first", "second")
            if typed[f"{which}_on"] is not None
        ]


class FollowUpForm(Form):
    """How it is some time after the end."""

    done_on = DayField(
        label="見た日", required=True, error_messages={"required": "ようすを見た日を入れてください。"}
    )
    result = radios("ようす", FollowUpResult.choices(), "ようすを選んでください。")
    words = text("ようす（ことば）", rows=3, hint="見たこと・聞いたこと")
    next_on = DayField(label="もう一度みる日", help_text="落ち着いていれば空けてかまいません")
