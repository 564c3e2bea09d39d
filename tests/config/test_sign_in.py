"""Sign-in: nobody signs up by themselves; guessing is cooled off by account and address together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.strictness import StrictClient
from tsunagi.accounts.models import Worker

pytestmark = pytest.mark.django_db
WORD = "tsunagi-no-aikotoba-2026"
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _limits_as_in_the_city(settings: Any) -> Iterator[None]:
    """The limits that the other tests do without."""
    from tsunagi.config import settings as product

    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()


def a_worker(sign_in_name: str) -> Worker:
    worker = Worker(sign_in_name=sign_in_name, name="架空 花子")
    worker.set_password(WORD)
    worker.save()
    return worker


def knock(client: StrictClient, sign_in_name: str, word: str, address: str = HERE) -> bool:
    """Try to sign in; True if the door opened."""
    answer = client.post("/accounts/login/", {"login": sign_in_name, "password": word}, REMOTE_ADDR=address)
    return answer.status_code == 302


def test_the_right_word_opens_the_door(client: StrictClient) -> None:
    a_worker("hanako")
    assert knock(client, "hanako", WORD)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_guessing_is_cooled_off_for_this_account_at_this_address_only(client: StrictClient) -> None:
    a_worker("hanako")
    a_worker("taro")
    for _ in range(11):
        assert not knock(client, "hanako", "guess")
    assert not knock(client, "hanako", WORD)  # even the right word has to wait
    assert knock(StrictClient(), "hanako", WORD, ELSEWHERE)  # a prankster does not lock her out elsewhere
    assert knock(StrictClient(), "taro", WORD)  # a city hall is one address


def test_a_deactivated_worker_stays_outside(client: StrictClient) -> None:
    worker = a_worker("hanako")
    worker.is_active = False
    worker.save()
    knock(client, "hanako", WORD)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(client: StrictClient) -> None:
    answer = client.get("/accounts/signup/")
    assert answer.status_code == 200
    assert 'name="password1"' not in answer.content.decode()
    client.post("/accounts/signup/", {"username": "intruder", "password1": WORD})
    assert not Worker.objects.exists()


def test_sign_in_can_be_read_before_anything_of_the_library() -> None:
    """Which part is imported first is chance (Django runs its checks in no order), and the library is a circle."""
    code = "import django; django.setup(); import tsunagi.config.sign_in"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
