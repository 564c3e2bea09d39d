"""The shape of what is typed on the pages of 開設 and of the yearly review."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from tsunagi.accounts.queries import offices
from tsunagi.accounts.rules import check_revision
from tsunagi.places.rules import Basis, DistrictKind, check_city_code
from tsunagi.shared.refusal import Refused
from tsunagi.ui.fields import DayField

from .queries import Now, elementary_names, junior_high_names, reviewer_choices
from .rules.readiness import Looked
from .rules.reviews import Verdict
from .rules.schema import area, bounds, half, postal_code


def _read(reader: Callable[[str], Any], words: str) -> Any:
    try:
        return reader(words)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from None


class _Kept(forms.Form):
    """A form over a record that has no revision of its own: it remembers what was shown, and compares."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: Now | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        if now is not None:
            self.initial.update(now.values, revision=now.revision)

    def check_fresh(self) -> None:
        """Raise Stale when somebody changed the record after the form was opened."""
        if self.now is None:
            return
        labels = {name: str(field.label) for name, field in self.fields.items()}
        mine = {name: value for name, value in self.cleaned_data.items() if name in self.now.values}
        if all(self.now.values[name] == value for name, value in mine.items()):
            return  # sent twice: it says what stands already
        known = self.cleaned_data["revision"]
        check_revision(known or 0, self.now.revision, self.now.values, mine, labels)


class LookForm(forms.Form):
    """What somebody looked at."""

    what = forms.ChoiceField(choices=Looked.choices())


class CityForm(_Kept):
    """The municipality."""

    code = forms.CharField(
        label="全国地方公共団体コード",
        max_length=12,
        help_text="検査数字を含む6桁です。あとから変えられません。",
    )
    name = forms.CharField(label="市区町村名", max_length=40)
    prefecture = forms.CharField(label="都道府県", max_length=10)
    kana = forms.CharField(label="カナ", max_length=60, required=False)
    area_km2 = forms.CharField(label="面積(km²)", max_length=12, required=False)

    def clean_code(self) -> str:
        """Six digits, full width too."""
        code = half(self.cleaned_data["code"])
        _read(check_city_code, code)
        return code

    def clean_area_km2(self) -> Any:
        """Square kilometres, or nothing."""
        return _read(area, self.cleaned_data["area_km2"])

    def values(self) -> Mapping[str, Any]:
        """Field of the city → value."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class DistrictForm(_Kept):
    """A school district and who serves it."""

    name = forms.CharField(label="校区名", max_length=40, help_text="例:中央小学校区")
    kind = forms.ChoiceField(label="種類", choices=DistrictKind.choices(), widget=forms.RadioSelect)
    kana = forms.CharField(label="カナ", max_length=60, required=False)
    school_name = forms.CharField(label="学校名", max_length=60, required=False)
    parent = forms.ChoiceField(
        label="主な進学先", required=False, help_text="小学校区のとき、進む中学校区を選びます。"
    )
    basis = forms.ChoiceField(
        label="区域の根拠",
        choices=Basis.choices(),
        required=False,
        help_text="市の規則や表で確かめたものは「公表」です。",
    )
    offices = forms.MultipleChoiceField(
        label="担当する機関", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "なし"), *((name, name) for name in junior_high_names())]  # type: ignore[attr-defined]
        self.fields["offices"].choices = [(row.code, row.label) for row in offices()]  # type: ignore[attr-defined]
        self.initial.setdefault("kind", DistrictKind.ELEMENTARY)

    def values(self) -> dict[str, Any]:
        """Field of the district → value."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return given | {"basis": given["basis"] or Basis.PUBLISHED}


_PART = re.compile(r"^(?P<part>.+?)\s*[=＝:：→]\s*(?P<district>.+)$")


class TownForm(_Kept):
    """A town; parts of it that lie in another district, one a line."""

    name = forms.CharField(label="町名", max_length=40)
    kana = forms.CharField(label="カナ", max_length=60, required=False)
    postal_code = forms.CharField(label="郵便番号", max_length=12, required=False)
    has_chome = forms.BooleanField(label="丁目がある", required=False)
    district = forms.ChoiceField(label="おもな小学校区", required=False)
    has_exceptions = forms.BooleanField(label="一部がほかの校区", required=False)
    parts = forms.CharField(
        label="ほかの校区になる部分",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="1行にひとつ。例:3-4丁目=川西小学校区、100-250番地=川西小学校区、字山田=川西小学校区",
    )
    note = forms.CharField(label="覚え書き", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = elementary_names()
        self.fields["district"].choices = [("", "まだ決めない"), *((name, name) for name in self.names)]  # type: ignore[attr-defined]

    def clean_postal_code(self) -> str:
        """Seven digits, with or without a hyphen."""
        return str(_read(postal_code, self.cleaned_data["postal_code"]))

    def clean_parts(self) -> str:
        """Every line says a part and a district that exists; kept as it was typed."""
        typed = self.cleaned_data["parts"].replace("\r\n", "\n").strip()
        self.ranges = [
            self._part(number, line) for number, line in enumerate(typed.split("\n"), 1) if line.strip()
        ]
        return typed

    def _part(self, number: int, line: str) -> dict[str, Any]:
        found = _PART.match(line.strip())
        if found is None:
            raise forms.ValidationError(
                f"{number}行目は「部分=校区」の形で書いてください。例:3-4丁目=川西小学校区"
            )
        district, part = found["district"].strip(), found["part"].strip()
        if district not in self.names:
            raise forms.ValidationError(
                f"{number}行目の校区「{district}」は登録にありません。校区名を確かめてください。"
            )
        koaza, _, numbers = part.rpartition(" ") if " " in part else ("", "", part)
        if "丁目" in numbers:
            return {"koaza": koaza, "chome": _read(bounds, numbers), "district": district}
        if re.match(r"^[0-9０-９]", numbers):
            return {"koaza": koaza, "banchi": _read(bounds, numbers), "district": district}
        return {"koaza": part, "district": district}

    def values(self) -> dict[str, Any]:
        """Field of the town → value."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in ("revision", "parts")
        }
        if self.now is not None and self.cleaned_data["parts"] == self.now.values["parts"]:
            return given  # the parts keep their grounds and notes, which this page does not show
        return given | {"ranges": self.ranges}


class BeginForm(forms.Form):
    """The yearly review begins: until when."""

    due_on = DayField(label="いつまでに")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = True


class AnswerForm(forms.Form):
    """What is said of one posting."""

    posting = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    verdict = forms.ChoiceField(choices=Verdict.choices())
    reason = forms.CharField(label="わけ", max_length=200, required=False)


class HandForm(forms.Form):
    """Who reviews instead, and until when."""

    due_on = DayField(label="いつまでに")

    def __init__(self, *args: Any, review: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = True
        self.fields["reviewer"] = forms.TypedChoiceField(
            label="見直す人", choices=reviewer_choices(review.office_id), coerce=int
        )
        self.order_fields(["reviewer", "due_on"])
        self.initial.update(reviewer=review.reviewer_id, due_on=review.due_on)
