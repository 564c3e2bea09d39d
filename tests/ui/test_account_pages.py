"""Signing in and out in the product's look, and the pulse that keeps a draft alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings

from tests.factories import a_worker
from tests.strictness import StrictClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "words"),
    [("/accounts/login/", "サインイン名"), ("/accounts/password/reset/", "この画面からは決め直せません")],
)
def test_anybody_may_see_how_to_sign_in(client: StrictClient, path: str, words: str) -> None:
    html = client.get(path).content.decode()
    assert words in html
    assert "tsunagi.css" in html
    assert "サインアップ" not in html


def test_a_wrong_password_says_what_to_do(client: StrictClient) -> None:
    response = client.post("/accounts/login/", {"login": "nobody", "password": "x"})
    html = response.content.decode()
    assert "サインインできませんでした" in html
    assert "サインイン名かパスワードが違います" in html
    assert 'value="nobody"' in html


def test_signing_out_says_so(client_of: Callable[[Any], StrictClient]) -> None:
    response = client_of(a_worker()).post("/accounts/logout/", follow=True)
    assert "サインアウトしました" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/accounts/password/change/", "12文字以上"), ("/accounts/logout/", "書きかけの文は下書きに残ります")],
)
def test_the_pages_of_ones_own_account(
    client_of: Callable[[Any], StrictClient], path: str, words: str
) -> None:
    worker = a_worker()
    worker.set_password("korekara-hajimaru-7")
    worker.save()
    html = client_of(worker).get(path).content.decode()
    assert words in html


@pytest.mark.visits("ui:pulse")
def test_the_pulse_gives_a_fresh_token_to_the_signed_in_alone(
    client_of: Callable[[Any], StrictClient],
) -> None:
    answer = client_of(a_worker()).get("/ui/pulse/")
    assert len(answer.json()["csrf"]) > 30
    assert StrictClient().get("/ui/pulse/").status_code == 302
    assert StrictClient().htmx("get", "/ui/pulse/").status_code == 401


def test_the_gallery_is_not_part_of_the_product(client_of: Callable[[Any], StrictClient]) -> None:
    with override_settings(DEBUG=False):
        assert client_of(a_worker()).get("/ui/gallery/").status_code == 404
