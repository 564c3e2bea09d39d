"""The shape of what is typed under 管理."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagi.accounts.queries import offices, worker_choices
from tsunagi.accounts.rules import WEEKDAYS, Field, LegalKind, Role, RunBy
from tsunagi.ui.fields import DayField

from .queries import SUBJECTS

_BIGGEST = 2**63 - 1


def _weekdays(label: str) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )


def _chosen(
    label: str, choices: list[tuple[int, str]], blank: str = "選んでください"
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("", blank), *choices], coerce=int, empty_value=None, required=False
    )


class OfficeForm(forms.Form):
    """An office. `values()` is what the deed takes."""

    name = forms.CharField(label="機関名", max_length=100)
    short_name = forms.CharField(label="略称", max_length=30, required=False)
    run_by = forms.ChoiceField(label="運営", choices=RunBy.choices())
    legal_kind = forms.ChoiceField(
        label="法上の種類",
        choices=LegalKind.choices(),
        help_text="渡すとき・受けるときの根拠は、この種類から選ばれます。",
    )
    field = forms.ChoiceField(label="分野", choices=Field.choices())
    is_front_desk = forms.BooleanField(label="総合相談の窓口", required=False)
    phone = forms.CharField(label="電話", max_length=40, required=False)
    fax = forms.CharField(label="FAX", max_length=40, required=False)
    address = forms.CharField(label="所在地", max_length=200, required=False)
    opening_hours = forms.CharField(label="受付時間", max_length=100, required=False)
    closing_time = forms.TimeField(
        label="閉庁時刻",
        required=False,
        help_text="例:17:15。これより後に受けた「高」は、夜の引き継ぎを求められます。",
    )
    contract_until = DayField(label="委託の終わり")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, office: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["open_weekdays"] = _weekdays("開庁の曜日")
        others = [
            (row.pk, row.label) for row in offices(signing_in=True) if office is None or row.pk != office.pk
        ]
        self.fields["stand_in_office"] = _chosen("代わりの機関", others, "なし")
        self.fields["duty_worker"] = _chosen("当番", worker_choices(office_id=office.pk if office else None))
        self.order_fields(["name", "short_name", "duty_worker", "stand_in_office"])
        if office is not None:
            for name in self.fields:
                self.initial.setdefault(
                    name, getattr(office, f"{name}_id", None) or getattr(office, name, None)
                )

    def values(self) -> dict[str, Any]:
        """Field of the office → value."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("revision", "code", "signs_in")
        }
        given["duty_worker_id"] = given.pop("duty_worker")
        given["stand_in_office_id"] = given.pop("stand_in_office")
        return given


class NewOfficeForm(OfficeForm):
    """An office that is opened: also its code, and whether its workers sign in."""

    code = forms.CharField(
        label="機関コード",
        max_length=30,
        help_text="台帳の取り込みで使う短い名前です。あとから変えられません。",
    )
    signs_in = forms.BooleanField(
        label="このシステムを使う",
        required=False,
        initial=True,
        help_text="使わない機関は、つなぎ先にはなりますが、受け持ちません。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["code", "name", "short_name", "signs_in", "duty_worker", "stand_in_office"])


class WorkerForm(forms.Form):
    """A worker. `values()` is what the deed takes."""

    name = forms.CharField(label="氏名", max_length=100)
    kana = forms.CharField(label="カナ", max_length=100, required=False)
    employer = forms.CharField(
        label="雇用元", max_length=100, required=False, help_text="配属先と違うとき(派遣・出向)に入れます。"
    )
    professions = forms.CharField(
        label="資格・職種", max_length=200, required=False, help_text="「、」で区切ります。"
    )
    phone = forms.CharField(label="電話", max_length=40, required=False)
    email = forms.EmailField(label="メール", required=False)
    joined_on = DayField(label="着任日")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, worker: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"] = _weekdays("勤務の曜日")
        if worker is not None:
            for name in self.fields:
                self.initial.setdefault(name, getattr(worker, name))
            self.initial["professions"] = "、".join(worker.professions)

    def values(self) -> dict[str, Any]:
        """Field of the worker → value."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("revision", "sign_in_name")
        }
        words = given["professions"].replace(",", "、").split("、")
        given["professions"] = [word.strip()[:40] for word in words if word.strip()]
        return given


class NewWorkerForm(WorkerForm):
    """A worker who is registered: also the name they sign in with."""

    sign_in_name = forms.CharField(
        label="サインイン名",
        max_length=60,
        help_text="半角の小文字・数字・「.」「-」「_」。あとから変えられません。",
    )
    field_order = ("sign_in_name", "name", "kana")


def _reason(hint: str) -> forms.CharField:
    return forms.CharField(
        label="わけ",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=hint,
        error_messages={"required": "わけを一言書いてください。"},
    )


class ReasonForm(forms.Form):
    """Why something is proposed."""

    reason = _reason("例:4月の異動、スマートフォンの紛失。二人目の管理者が読みます。")


class SignOnForm(forms.Form):
    """A worker's name at the city's sign-on."""

    subject = forms.CharField(
        label="共通サインインの名前",
        max_length=255,
        help_text="情報システム担当が管理している利用者の番号(サインインのたびに変わらないもの)",
    )
    reason = _reason("例:4月の着任。二人目の管理者が読みます。")


class PostingForm(forms.Form):
    """A worker's new post."""

    role = forms.ChoiceField(label="役割", choices=Role.choices(blank="選んでください"))
    since = DayField(label="開始")
    is_main = forms.BooleanField(label="主な所属にする", required=False)
    is_secondment = forms.BooleanField(label="派遣・出向", required=False)
    planned_until = DayField(label="終了予定")
    reason = _reason("例:4月の異動、産休の代わり。二人目の管理者が読みます。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = _chosen("機関", [(row.pk, row.label) for row in offices(signing_in=True)])
        self.fields["office"].required = True
        self.order_fields(["office", "role", "since"])


class CalendarDayForm(forms.Form):
    """A day that differs from the ordinary week."""

    day = DayField(label="日")
    until = DayField(label="この日まで", help_text="続くときだけ(例:12月28日から1月4日)")
    opens = forms.TypedChoiceField(
        label="この日は",
        choices=[("closed", "閉じる"), ("open", "開く")],
        coerce=lambda value: value == "open",
        widget=forms.RadioSelect,
        initial="closed",
    )
    label = forms.CharField(
        label="わけ", max_length=60, required=False, help_text="例:市制記念日、年度末の休日開庁"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = True


class OfficeFilter(forms.Form):
    """The filter of the offices."""

    words = forms.CharField(label="機関名・コード", max_length=60, required=False)
    closed = forms.BooleanField(label="閉じた機関も出す", required=False)


class WorkerFilter(forms.Form):
    """The filter of the workers."""

    words = forms.CharField(label="氏名・カナ・サインイン名", max_length=60, required=False)
    left = forms.BooleanField(label="離任した職員も出す", required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_BIGGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = _chosen("機関", [(row.pk, row.label) for row in offices()], "すべて")
        self.order_fields(["words", "office", "left"])


class JournalFilter(forms.Form):
    """Whose lines of the journal: of a thing, or of a worker, by number."""

    subject_kind = forms.ChoiceField(label="対象の種類", choices=[("", "すべて"), *SUBJECTS], required=False)
    subject_id = forms.IntegerField(label="対象の番号", required=False, min_value=1, max_value=_BIGGEST)
    worker_id = forms.IntegerField(label="職員の番号", required=False, min_value=1, max_value=_BIGGEST)
    from_on = DayField(label="この日から", help_text="")
    until_on = DayField(label="この日まで", help_text="")
    before = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=_BIGGEST)
