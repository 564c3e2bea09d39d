"""Labelled: the value is stored, the label is shown."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Engine

from tsunagi.shared.labels import Labelled


class ContactKind(Labelled):
    """As holding.md lists them, with one member that has no label."""

    MET = "met", "会えた・話せた"
    TRIED = "tried", "試みた"
    OTHER = "その他"


class ContactForm(forms.Form):
    kind = forms.TypedChoiceField(choices=ContactKind.choices, coerce=ContactKind)


def test_a_member_is_its_value_and_knows_its_label():
    assert ContactKind.MET == "met"
    assert f"{ContactKind.MET}" == "met"
    assert ContactKind.MET.label == "会えた・話せた"
    assert ContactKind("tried") is ContactKind.TRIED
    assert ContactKind.OTHER.label == "その他"


def test_choices_are_plain_text_in_the_order_written():
    assert ContactKind.choices() == [("met", "会えた・話せた"), ("tried", "試みた"), ("その他", "その他")]
    assert all(type(value) is str for value, _label in ContactKind.choices())
    assert ContactKind.choices(blank="選んでください")[0] == ("", "選んでください")
    assert ContactKind.values() == ["met", "tried", "その他"]


@pytest.mark.parametrize(
    ("value", "label"), [("met", "会えた・話せた"), ("phoned", "phoned"), (None, ""), ("", "")]
)
def test_an_old_value_is_shown_as_it_is(value, label):
    assert ContactKind.label_of(value) == label


def test_a_django_form_takes_and_gives_members():
    form = ContactForm({"kind": "met"})
    assert form.is_valid()
    assert form.cleaned_data["kind"] is ContactKind.MET
    assert not ContactForm({"kind": "phoned"}).is_valid()


def test_a_template_can_walk_the_members():
    page = Engine().from_string("{% for kind in kinds %}{{ kind.label }} {% endfor %}{{ kinds.MET }}")
    assert page.render(Context({"kinds": ContactKind})) == "会えた・話せた 試みた その他 met"
