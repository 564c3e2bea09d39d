"""Addresses in templates: remembered, and no less right for it."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_the_same_name_with_other_numbers_is_another_address() -> None:
    source = "{% url 'desk:person' number %}"
    assert [shown(source, number=number) for number in (1, 2, "3", 1)] == [
        reverse("desk:person", args=[number]) for number in (1, 2, 3, 1)
    ]


def test_a_name_that_is_no_page_raises_or_sets_nothing() -> None:
    with pytest.raises(NoReverseMatch):
        shown("{% url 'desk:nowhere' %}")
    assert shown("{% url 'desk:nowhere' as link %}[{{ link }}]") == "[]"
    assert shown("{% url 'desk:today' as link %}[{{ link }}]") == "[/]"


def test_names_and_keywords_come_from_variables() -> None:
    assert shown("{% url name party_id=4 %}", name="desk:person") == "/person/4/"


def test_it_follows_where_the_site_stands() -> None:
    before = shown("{% url 'desk:today' %}")
    set_script_prefix("/tsunagi/")
    try:
        assert shown("{% url 'desk:today' %}") == "/tsunagi/"
    finally:
        set_script_prefix("/")
    with override_settings(ROOT_URLCONF="tests.config.pages"), pytest.raises(NoReverseMatch):
        shown("{% url 'desk:person' 1 %}")
    assert shown("{% url 'desk:today' %}") == before
