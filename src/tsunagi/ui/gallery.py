"""Every component on one page, with invented people. Only in development (DEBUG or TSUNAGI_GALLERY)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse

from .fields import DayField, PaperMarksField
from .pages import bound, page

WORRIES = (
    ("01", "病気や健康、障害のこと"),
    ("02", "住まいについて"),
    ("03", "収入・生活費のこと"),
    ("04", "家賃やローンの支払いのこと"),
    ("13", "ひきこもり・不登校"),
    ("16", "その他"),
)


class Sample(forms.Form):
    """One field of each kind."""

    words = forms.CharField(
        label="聞いたこと",
        required=False,
        widget=forms.Textarea,
        help_text="言葉のまま書いてください。整理はあとでできます。",
    )
    came_on = DayField(label="相談のあった日")
    urgency = forms.ChoiceField(
        label="緊急度",
        required=False,
        widget=forms.RadioSelect,
        choices=[("high", "高"), ("unclear", "要見極め"), ("middle", "中"), ("low", "低")],
    )
    ways = forms.MultipleChoiceField(
        label="連絡のしかた",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("phone", "電話してよい"),
            ("message", "留守電に入れてよい"),
            ("letter", "手紙を出してよい（封筒に市の名を入れない）"),
        ],
    )
    office = forms.ChoiceField(
        label="つなぐ先",
        required=False,
        choices=[("", "選んでください"), ("1", "福祉なんでも相談室"), ("2", "健康づくり推進課")],
    )
    people_count = forms.IntegerField(label="世帯の人数", required=False)
    paper = forms.FileField(label="添える紙", required=False)
    told = forms.BooleanField(
        label="本人に伝えた", required=False, help_text="まだのときは、伝える予定の日を下に。"
    )
    worries = PaperMarksField(
        label="ご相談の内容（お困りのこと）",
        rows=WORRIES,
        help_text="あてはまるものに○、いちばん困っているものに◎。",
    )

    def clean_people_count(self) -> int | None:
        """Shows how an error looks."""
        count: int | None = self.cleaned_data["people_count"]
        if count is not None and count < 1:
            raise forms.ValidationError("0人の世帯はありません。ご本人を入れて数えてください。")
        return count


def _rows(today: date) -> list[dict[str, Any]]:
    def row(
        number: int, name: str, late: str, kind: str, urgent: str, due: int, seen: int | None
    ) -> dict[str, Any]:
        return {
            "number": number,
            "name": name,
            "lateness": late,
            "kind": kind,
            "urgency": urgent,
            "due_on": today + timedelta(days=due),
            "seen_on": None if seen is None else today - timedelta(days=seen),
        }

    return [
        row(4021, "川﨑 さと子（世帯）", "falling", "handing_over", "high", -8, 74),
        row(3877, "まだ分からない人（駅の北口）", "red", "reaching_out", "unclear", -2, None),
        row(3990, "竹内 一郎", "amber", "supporting", "middle", 0, 31),
        row(4102, "髙橋 ゆうき", "green", "watching", "low", 19, 6),
    ]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """All components; a POST shows the form with its errors."""
    today: date = getattr(request, "today", date(2026, 11, 24))
    form = Sample(bound(request), initial={"worries": {"03": "oo", "13": "o"}, "came_on": "R8.11.24"})
    if request.GET.get("said"):
        messages.success(request, "竹内さんの訪問を記録しました。次の予定は12月8日です。")
        messages.error(request, "90日以上連絡がありません。訪問か電話で様子を確かめてから終結してください。")
    return page(
        request,
        "ui/gallery.html",
        form=form,
        today=today,
        born_on=date(2014, 5, 1),
        rows=_rows(today),
        moments=[datetime(today.year, today.month, today.day, 14, 5) - timedelta(days=n) for n in (0, 3, 41)],  # noqa: DTZ001
        tabs=[("いま", "?", True, 12), ("待ち", "?t=wait", False, 3), ("これまで", "?t=past", False)],
        bars=[
            ("長法寺小学校区", 14),
            ("長岡第五小学校区", 9, "soon"),
            ("神足小学校区", 21, "bad"),
            ("校区が分からない", 3, "plain"),
        ],
        kinds=(
            "stocktaking triage assessing supporting handing_over following_through coordinating"
            " reaching_out participating watching"
        ).split(),
        contacts="met seen around tried worked".split(),
        urgencies="high unclear middle low".split(),
        latenesses="green amber red falling".split(),
        theirs="母より電話。息子は先月から部屋を出ていない。食事は廊下に置く。",
        mine="母より電話。息子は先週から部屋を出ていない。食事は廊下に置くと食べている。",
    )


@login_not_required
def draft(request: HttpRequest) -> HttpResponse:
    """Answers as a draft's address does, and keeps nothing."""
    return JsonResponse({"seq": int(request.POST.get("seq", 0) or 0), "saved_at": "14:05"})


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    """The frame of the pages before sign-in."""
    return page(request, "ui/gallery_public.html")
