"""What each component says, and that colour never says it alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from tsunagi.ui import marks
from tsunagi.ui.fields import DayField, PaperMarksField

TODAY = date(2026, 11, 24)


def show(source: str, **context: Any) -> str:
    """The source rendered as a page's template would be, on TODAY."""
    request = RequestFactory().get("/")
    request.today = TODAY  # type: ignore[attr-defined]
    template = engines["django"].from_string("{% load ui %}" + source)
    return str(template.template.render(_context(context | {"request": request})))


def _context(values: dict[str, Any]) -> Any:
    from django.template import Context

    return Context(values)


class Sheet(forms.Form):
    words = forms.CharField(label="言葉", help_text="そのまま", required=True, widget=forms.Textarea)
    way = forms.ChoiceField(label="どちら", widget=forms.RadioSelect, choices=[("a", "あ"), ("b", "い")])
    on = DayField(label="日")
    told = forms.BooleanField(label="伝えた", required=False)
    worries = PaperMarksField(label="こと", rows=[("01", "病気"), ("02", "住まい")])


@pytest.mark.parametrize("table", [marks.LATENESS, marks.URGENCY, marks.HOLD_KIND, marks.CONTACT_KIND])
def test_every_mark_has_a_word_and_a_sign(table: dict[str, marks.Mark]) -> None:
    for mark in table.values():
        drawn = show("{% badge m.word tone=m.tone icon=m.icon %}", m=mark)
        assert mark.word in drawn
        assert "<svg" in drawn


@pytest.mark.parametrize(
    ("value", "words"),
    [("green", "予定どおり"), ("amber", "今日明日"), ("red", "期限切れ"), ("falling", "こぼれそう")],
)
def test_lateness_is_said_in_words(value: str, words: str) -> None:
    assert words in show("{% lateness v %}", v=value)


def test_an_unknown_value_is_shown_not_raised() -> None:
    assert "somewhere" in show("{% hold_kind v %}", v="somewhere")
    assert show("{% urgency v %}", v=None) == ""


def test_all_kinds_of_hold_and_urgency_have_their_words() -> None:
    """The stored words of holding, kept here as plain text because ui may not import it."""
    assert set(marks.HOLD_KIND) == set(
        "stocktaking triage assessing supporting handing_over following_through coordinating"
        " reaching_out participating watching".split()
    )
    assert set(marks.URGENCY) == {"high", "unclear", "middle", "low"}
    assert set(marks.CONTACT_KIND) == {"met", "seen", "around", "tried", "worked"}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (date(2026, 11, 12), "（12日前）"),
        (TODAY, "（きょう）"),
        (date(2025, 12, 1), "2025年12月1日（月）"),
        (None, "まだ分かっていません"),
    ],
)
def test_last_seen_says_the_day_and_how_long(seen: date | None, words: str) -> None:
    assert words in show("{% last_seen d %}", d=seen)


def test_last_seen_speaks_louder_after_sixty_days() -> None:
    assert "last-seen--long" not in show("{% last_seen d %}", d=date(2026, 9, 26))
    assert "last-seen--long" in show("{% last_seen d %}", d=date(2026, 9, 25))


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    drawn = show("{% field form.words %}", form=Sheet({"words": ""}))
    assert 'for="id_words"' in drawn
    assert 'aria-describedby="id_words-hint id_words-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert " required" not in drawn


def test_an_untouched_field_is_not_called_wrong() -> None:
    drawn = show("{% field form.words %}", form=Sheet())
    assert "aria-invalid" not in drawn
    assert "field__error" not in drawn


def test_choices_are_a_group_with_a_legend() -> None:
    drawn = show("{% field form.way inline=True %}", form=Sheet({"way": "x"}))
    assert "<legend>どちら</legend>" in drawn
    assert drawn.count('type="radio"') == 2
    assert "id_way-error" in drawn


def test_fields_draws_the_whole_form_and_its_errors() -> None:
    drawn = show("{% fields form %}", form=Sheet({"words": ""}))
    assert 'href="#id_words"' in drawn
    for label in ("言葉", "どちら", "日", "伝えた", "こと"):
        assert label in drawn


def test_a_button_that_cannot_be_used_says_why() -> None:
    drawn = show('{% button "終結する" why_not="返事待ちが2件あります。" %}')
    assert 'aria-disabled="true"' in drawn
    assert 'type="button"' in drawn
    assert "返事待ちが2件あります。" in drawn


def test_names_are_shown_exactly_as_stored() -> None:
    name = "渡邉\U000e0101 﨑子"  # an ideographic variation selector stays where it is
    assert name in show("{% person n %}", n=name)


def test_what_is_typed_is_never_markup() -> None:
    bad = "<script>x</script>"
    for source in (
        "{% person t %}",
        "{% badge t %}",
        "{% fact t t %}",
        "{% crumb t %}",
        "{% card t %}{{ t }}{% endcard %}",
        "{% banner t %}{{ t }}{% endbanner %}",
        "{% event d t by=t %}{{ t }}{% endevent %}",
        "{% conflict t u %}",
        "{% confirm t %}{{ t }}{% endconfirm %}",
        "{% empty_state t t %}",
        "{% button t why_not=t %}",
        "{% bar_chart rows t %}",
    ):
        drawn = show(source, t=bad, u="", d=TODAY, rows=[(bad, 1)])
        assert "<script>" not in drawn, source
        assert "&lt;script&gt;" in drawn, source


def test_a_blank_fact_says_that_nobody_asked_yet() -> None:
    assert "まだ聞いていない" in show('{% fact "電話" "" %}')
    assert "まだ聞いていない" not in show('{% fact "件数" 0 %}')


def test_a_long_list_says_how_many_and_leads_on() -> None:
    drawn = show('{% pager 128 50 next_url="?after=9" %}')
    assert "全128件のうち50件" in drawn
    assert 'rel="next"' in drawn
    assert "のうち" not in show("{% pager 3 3 %}")


def test_progress_is_said_in_words() -> None:
    drawn = show('{% progress 1250 3400 "取り込み" %}')
    assert "3400件のうち1250件（37％）" in drawn
    assert "数えています" in show('{% progress 0 0 "取り込み" %}')


def test_bars_carry_their_figures_as_text() -> None:
    drawn = show('{% bar_chart rows "校区" %}', rows=[("神足", 21, "bad"), ("長法寺", 7)])
    assert "21件" in drawn
    assert 'width="33.3"' in drawn
    assert "まだ数字がありません" in show('{% bar_chart rows "校区" %}', rows=[])


def test_both_texts_of_a_conflict_are_whole() -> None:
    drawn = show("{% conflict a b %}", a="先月から出ない", b="先週から出ない。")
    assert "先<del>月</del>から出ない" in drawn
    assert "先<ins>週</ins>から出ない<ins>。</ins>" in drawn


def test_a_block_sees_the_pages_own_values() -> None:
    drawn = show('{% card "題" count=0 %}{% for x in xs %}{{ x }}{% endfor %}{% endcard %}', xs="あい")
    assert "あい" in drawn
    assert '<span class="count">0</span>' in drawn


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% day d %}", "12月3日（木）"),
        ("{% due d %}", "9日後"),
        ("{{ d|days_ago:request.today }}", "9日後"),
        ("{{ d|wareki_short }}", "R8.12.3"),
        ("{% moment_of t %}", "12月3日（木）14:05"),
        ("{% day n %}", ""),
        ("{{ n|wareki_short }}", ""),
    ],
)
def test_days_are_said_as_people_say_them(source: str, words: str) -> None:
    assert words in show(
        source, d=date(2026, 12, 3), t=datetime.fromisoformat("2026-12-03T05:05:00+00:00"), n=None
    )


def test_late_rows_are_striped() -> None:
    assert show("{{ v|row_class }}", v="falling") == "row--falling"
    assert show("{{ v|row_class }}", v="green") == ""


@pytest.mark.parametrize(("stored", "tone"), [("red", "bad"), ("amber", "soon"), ("green", "good")])
def test_stored_lateness_is_a_tone_and_a_sign_everywhere(stored: str, tone: str) -> None:
    drawn = show(
        "{% stat 'あ' 1 tone=t icon=t %}{% badge 'い' tone=t %}{% card 'う' tone=t %}{% endcard %}", t=stored
    )
    for component in ("tile", "badge", "card"):
        assert f"{component}--{tone}" in drawn


def test_a_hidden_field_is_only_its_control() -> None:
    class Hidden(forms.Form):
        draft = forms.CharField(widget=forms.HiddenInput)

    assert (
        show("{% field form.draft %}", form=Hidden()).strip()
        == '<input type="hidden" name="draft" id="id_draft">'
    )
