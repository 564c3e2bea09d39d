"""連絡のしかた stands before every telephone number and address: one component prints them, and no other template does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tsunagi.config.modules import PACKAGE
from tsunagi.people.queries.cards import NOT_ASKED, AddressCard, PhoneCard, brief_of, contact_lines

COMPONENT = "people/templates/people/_reach.html"
# What a template would print of a person's: {{ … }}, {% fact … %}, or handing it on to another template.
NUMBERS = re.compile(
    r"(phone\.number|phone\.digits|address\.text|address\.postal_code|card\.phone|card\.address|slip\.phone|slip\.address"
    r"|message\.number|way_back_words|person\.phone\b|person\.address\b|\.phones\b|\.addresses\b)"
)
PRINTS = re.compile(r"{{([^}]*)}}|{%\s*(fact\s[^%]*)%}")
HANDS_ON = re.compile(r'{%\s*include\s+"people/_reach\.html"[^%]*%}')
# Where each may be printed otherwise, and why.
MAY = {
    # Their own pages say 連絡のしかた in a card of its own, above: numbers are edited there one by one.
    "people/templates/people/reach.html": "連絡のしかた",
    "intake/templates/intake/_record_fields.html": "{% field",
    # The worker's own e-mail address, and how many workers have one.
    "notices/templates/notices/mail.html": "card.address",
    "notices/templates/notices/mail_state.html": "told.addresses",
}


def printed(text: str) -> list[str]:
    """The numbers and addresses a template prints itself."""
    without = HANDS_ON.sub("", text)
    parts = (one or other for one, other in PRINTS.findall(without))
    return [found for part in parts for found in NUMBERS.findall(part)]


def templates() -> list[Path]:
    return sorted(
        path for path in PACKAGE.rglob("*.html") if path.relative_to(PACKAGE).as_posix() != COMPONENT
    )


def test_no_template_prints_a_number_or_an_address_by_itself() -> None:
    wrong = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in templates()
        if (found := printed(path.read_text())) and path.relative_to(PACKAGE).as_posix() not in MAY
    }
    assert not wrong


def test_the_exceptions_still_say_it_first() -> None:
    page = (PACKAGE / "people/templates/people/reach.html").read_text()
    assert page.index("連絡のしかた") < page.index("phone.number")
    assert "まだ聞いていない" in page


def test_the_test_itself_would_see_one() -> None:
    assert printed("<p>{{ card.phone }}</p>") == ["card.phone"]
    assert printed('{% fact "電話" slip.phone "（白紙）" %}') == ["slip.phone"]
    assert not printed('{% include "people/_reach.html" with line=True number=card.phone %}')


@pytest.mark.parametrize("line", [True, False])
def test_a_blank_says_so_before_the_number(line: bool) -> None:
    values = {
        "line": line, "said": "", "number": "075-000-1234", "place": "", "withheld": False, "protected": False, "addresses": (),
        "phones": (PhoneCard(1, "075-000-1234", "", False),),
        "way": {"lines": tuple((label, words or NOT_ASKED) for label, words in contact_lines(*[""] * 8)), "asked": False, "asked_on": None},
    }  # fmt: skip
    page = render_to_string("people/_reach.html", values)
    assert page.index("まだ聞いていない") < page.index("075-000-1234")


def test_withheld_numbers_are_not_printed() -> None:
    values = {
        "line": False, "withheld": True, "protected": True, "phones": (PhoneCard(1, "075-000-1234", "", False),),
        "addresses": (AddressCard(1, "居所", "開田一丁目", "", "", False, False),),
        "way": {"lines": (("方法", "携帯電話"),), "asked": True, "asked_on": None},
    }  # fmt: skip
    page = render_to_string("people/_reach.html", values)
    assert "075-000-1234" not in page
    assert "開田" not in page
    assert "携帯電話" in page


def test_what_was_asked_in_one_line() -> None:
    lines = contact_lines("mobile", "平日の昼", "田中と名乗る", "no", "", "no", "", "")
    assert (
        brief_of(lines)
        == "方法 携帯電話・曜日・時間 平日の昼・名乗り方 田中と名乗る・留守番・伝言 いいえ・紙を渡してよいか いいえ"
    )
    assert not brief_of(contact_lines(*[""] * 8))
