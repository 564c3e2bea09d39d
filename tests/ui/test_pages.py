"""What a view answers with, where the navigation leads, and how days are read and shown."""

from __future__ import annotations

import gettext
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import resolve

from tests.ui import site
from tsunagi.shared import wareki
from tsunagi.ui import dates, difference, navigation, pages
from tsunagi.ui.fields import DayField, PaperMarksField, PartialDayField

UI = Path(pages.__file__).parent


class Words(forms.Form):
    words = forms.CharField()


def asked(path: str = "/ui/gallery/", method: str = "get", **data: str) -> Any:
    """A request as the middleware leaves it."""
    request = getattr(RequestFactory(), method)(path, data)
    request.worker, request.today = site.Colleague(), site.TODAY
    request.resolver_match = resolve(path)
    return request


def test_only_a_post_is_bound(ui_site: site.Desk) -> None:
    assert pages.bound(asked()) is None
    posted = pages.bound(asked("/ui/gallery/", "post", words="あ"))
    assert posted is not None
    assert posted["words"] == "あ"


@pytest.mark.parametrize(
    ("form", "status", "answer"),
    [
        (Words(), None, 200),
        (Words({"words": "あ"}), None, 200),
        (Words({}), None, 422),
        (Words({}), 409, 409),
    ],
    ids=["untouched", "right", "with errors", "the view knows better"],
)
def test_a_form_with_errors_is_never_a_success(
    ui_site: site.Desk, form: forms.Form, status: int | None, answer: int
) -> None:
    response = pages.page(asked(), "ui/gallery_public.html", status=status, form=form)
    assert response.status_code == answer
    assert getattr(response, "is_rendered", True)


def test_the_navigation_shows_what_exists_and_may_be_opened(
    ui_site: site.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [link.label for link in navigation.links(asked())] == ["今日", "人・世帯", "網"]
    monkeypatch.setattr(navigation._wiring, "may_open", {"net": lambda worker: False})
    assert [link.label for link in navigation.links(asked())] == ["今日", "人・世帯"]


def test_the_navigation_says_where_you_are(ui_site: site.Desk) -> None:
    assert [link.current for link in navigation.links(asked("/people/index/"))] == [False, True, False]
    assert [link.current for link in navigation.links(asked("/people/index/"), here="net")] == [
        False,
        False,
        True,
    ]


def test_nobody_signed_in_sees_no_navigation(ui_site: site.Desk) -> None:
    request = asked()
    request.worker = None
    assert navigation.links(request) == []


def test_the_frame_names_worker_office_and_notices(ui_site: site.Desk) -> None:
    html = pages.page(asked("/form/"), "ui_site/form.html", count=0).content.decode()
    for words in (
        "中野 はるか",
        "福祉なんでも相談室",
        '<span class="bell__count">3</span>',
        "本文へ",
        'data-draft-seq="4"',
    ):
        assert words in html
    assert '"historyCacheSize":0' in html
    assert "htmx-2" in html


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_error_pages_say_what_to_do_next_and_ask_the_database_nothing(status: int) -> None:
    from django.template.loader import render_to_string

    html = render_to_string(f"{status}.html")
    assert 'role="alert"' in html
    assert 'href="/"' in html


def test_the_404_page_is_the_same_for_absent_and_for_not_yours() -> None:
    from django.template.loader import render_to_string

    assert "担当がいれば声をかけます" in render_to_string("404.html")


@pytest.mark.parametrize(
    ("day", "short"),
    [
        (date(2019, 4, 30), "H31.4.30"),
        (date(2019, 5, 1), "R1.5.1"),
        (date(1989, 1, 7), "S64.1.7"),
        (date(1926, 12, 25), "S1.12.25"),
        (date(1912, 7, 30), "T1.7.30"),
        (date(1873, 1, 1), "M6.1.1"),
        (date(1800, 1, 1), "1800.1.1"),
    ],
)
def test_short_wareki_turns_on_the_right_day(day: date, short: str) -> None:
    assert dates.show_short(day) == short


def test_a_moment_is_told_in_the_citys_time() -> None:
    night = datetime.fromisoformat("2026-12-31T15:30:00+00:00")
    assert dates.show_moment(night, date(2026, 12, 31)) == "2027年1月1日（金）00:30"
    assert dates.days_since(night, date(2027, 1, 1)) == 0


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("H26.5.1", "平成26年5月1日（2014-05-01） 12歳・小学6年生"),
        ("S23", "昭和23年（1948年） 77〜78歳"),
        ("R9.1.10", "令和9年1月10日（2027-01-10） 出生予定日"),
        ("60代", "60代"),
        ("不詳", "不詳"),
    ],
)
def test_beside_a_birth_date_stand_age_and_grade(born: str, words: str) -> None:
    assert words in dates.show_birth(wareki.parse(born, on=site.TODAY), site.TODAY)


def test_long_texts_are_compared_by_lines_and_stay_whole() -> None:
    old, new = "一行目\n" * 1000, "一行目\n" * 999 + "変えた行\n"
    left, right = difference.both_sides(old, new)
    assert re.sub(r"</?(del|ins)>", "", left) == old
    assert re.sub(r"</?(del|ins)>", "", right) == new
    assert "<ins>変えた行\n</ins>" in right


def test_a_sheet_keeps_only_its_marks() -> None:
    field = PaperMarksField(rows=[("01", "病気"), ("02", "住まい"), ("03", "お金")])
    found = field.widget.value_from_datadict({"w-01": "o", "w-02": "", "w-03": "<x>"}, {}, "w")
    assert field.clean(found) == {"01": "o"}
    assert field.clean(None) == {}
    assert field.has_changed({"01": "oo"}, found)


@pytest.mark.parametrize("typed", ["R5.4.1", "令和5年4月1日", "5/4/1", "2023-04-01", "Ｒ５．４．１"])
def test_a_day_is_read_in_either_calendar(typed: str) -> None:
    assert DayField().clean(typed) == date(2023, 4, 1)


def test_a_day_may_be_blank_and_nonsense_is_told_what_to_type() -> None:
    assert DayField().clean("") is None
    assert PartialDayField().clean("") is None
    with pytest.raises(ValidationError):
        DayField().clean("あした")
    with pytest.raises(ValidationError, match="年・月・日まで"):
        DayField().clean("令和5年4月")
    assert PartialDayField().clean("昭和30年") is not None


# -- the look, by arithmetic ------------------------------------------------------------------------------


def _tokens() -> dict[str, str]:
    css = (UI / "static/ui/tokens.css").read_text()
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))

    def value(text: str) -> str:
        while text.startswith("var("):
            text = found[text[6:-1]]
        return text

    return {name: value(text) for name, text in found.items()}


def _light(colour: str) -> float:
    text = colour.lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    parts = [int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "ground", 7),
        ("ink-quiet", "ground", 7),
        ("ink-quiet", "paper", 7),
        ("link", "ground", 7),
        ("link", "focus", 4.5),
        ("good", "good-ground", 4.5),
        ("soon", "yellow-100", 4.5),
        ("bad", "bad-ground", 4.5),
        ("white", "red-1000", 4.5),
        ("white", "key", 4.5),
        ("white", "red-900", 4.5),
        ("key-strong", "key-ground", 4.5),
        ("cyan-1100", "cyan-50", 4.5),
        ("purple-1000", "purple-50", 4.5),
        ("orange-1000", "orange-50", 4.5),
        ("gray-700", "gray-100", 4.5),
        ("gray-600", "paper", 4.5),
        ("control-line", "paper", 3),
        ("gray-536", "paper", 3),
        ("soon-line", "paper", 3),
    ],
)
def test_contrast_is_enough(front: str, back: str, least: float) -> None:
    tokens = _tokens()
    one, two = sorted((_light(tokens[front]), _light(tokens[back])), reverse=True)
    assert (one + 0.05) / (two + 0.05) >= least


def test_every_custom_property_used_is_defined() -> None:
    css = (UI / "static/ui/tsunagi.css").read_text()
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= set(_tokens())


def test_letters_are_never_smaller_than_sixteen_pixels() -> None:
    css = (UI / "static/ui/tsunagi.css").read_text().split("/* -- print")[0]
    for size, unit in re.findall(r"font-size:\s*([\d.]+)(rem|px|em|%)", css):
        assert float(size) >= {"rem": 1, "em": 1, "px": 16, "%": 100}[unit]


def test_nothing_in_the_templates_runs_or_styles_inline() -> None:
    for template in (UI / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|https?://", text), template


def test_the_styles_and_scripts_ask_no_other_server() -> None:
    for file in [*(UI / "static").rglob("*.css"), *(UI / "static").rglob("*.js")]:
        text = file.read_text()
        assert not re.search(r"https?://|eval\(|new Function|innerHTML", text), file


def test_the_licence_of_the_tokens_is_kept() -> None:
    notes = list((UI / "static/ui/LICENSES").iterdir())
    assert any("デジタル庁" in note.read_text() for note in notes)


def test_the_compiled_sentences_are_those_of_the_source() -> None:
    folder = UI / "locale/ja/LC_MESSAGES"
    written = dict(
        re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text(), re.MULTILINE)
    )
    with (folder / "django.mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    assert written
    for source, words in written.items():
        assert spoken.gettext(source) == words


def test_a_library_speaks_as_the_product_does() -> None:
    assert Words({}).errors["words"] == ["空のままです。入れてください。"]
