"""What a draft keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from tsunagi.workbench.rules import TooLong, body_of, excerpt_of, is_forgotten, is_here


def test_tokens_passwords_and_my_numbers_are_not_kept() -> None:
    kept = body_of(
        {
            "words": ["家賃が払えない"],
            "csrfmiddlewaretoken": ["x"],
            "new_password1": ["himitsu"],
            "seq": ["3"],
            "note": ["番号は 123456789018 です"],
            "marks": ["01", "03"],
        }
    )
    assert kept == {
        "words": ["家賃が払えない"],
        "note": ["番号は ［個人番号のため消しました］ です"],
        "marks": ["01", "03"],
    }


def test_a_draft_has_an_end() -> None:
    assert body_of({"words": ["字" * 300_000]})
    with pytest.raises(TooLong, match="分けて保存"):
        body_of({"a": ["字" * 200_000], "b": ["字" * 200_000]})


def test_the_excerpt_is_of_the_longest_text() -> None:
    assert excerpt_of(
        {"name": ["短い"], "draft_link": ["/" + "x" * 60], "words": ["三日前から\n 食べていない"]}
    ) == ("三日前から 食べていない")
    assert excerpt_of({"words": ["あ" * 50]}) == "あ" * 40 + "…"
    assert excerpt_of({}) == ""


@pytest.mark.parametrize(
    ("link", "here"),
    [
        ("/uketsuke/new/", True),
        ("//evil.example/", False),
        ("https://evil.example/", False),
        ("/\\evil", False),
        ("", False),
    ],
)
def test_a_link_stays_here(link: str, here: bool) -> None:
    assert is_here(link) is here


def test_drafts_are_forgotten_after_thirty_days() -> None:
    assert not is_forgotten(NOW - timedelta(days=30), NOW)
    assert is_forgotten(NOW - timedelta(days=30, seconds=1), NOW)
