"""A password handed over on paper opens one page only, and is changed there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, a_post, a_worker, an_office
from tests.strictness import StrictClient
from tsunagi.accounts.actions import give_password, register_worker
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role

pytestmark = pytest.mark.django_db
OWN = "hitori-dake-ga-shiru-8"


@pytest.fixture
def newcomer() -> tuple[Worker, str]:
    """Somebody who was registered, posted and handed a password."""
    worker, word = register_worker("shinjin", {"name": "架空 花子"}, by=None, at=NOW)
    a_post(worker, an_office(), Role.COUNSELLOR, is_main=True)
    return worker, word


def signed_in(name: str, word: str) -> StrictClient:
    client = StrictClient()
    answer = client.post("/accounts/login/", {"login": name, "password": word})
    assert answer.status_code == 302
    return client


def change(client: StrictClient, old: str, new: str) -> Any:
    return client.post(
        reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new}
    )


def test_the_handed_over_password_opens_nothing_but_its_own_change(newcomer: tuple[Worker, str]) -> None:
    worker, word = newcomer
    client = signed_in("shinjin", word)
    for name in ("desk:today", "intake:new", "accounts:me", "permissions:table"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("account_change_password")
    assert "仮のパスワードで入っています" in client.get(reverse("account_change_password")).text
    again = change(client, word, word)
    assert "別のものに" in again.text
    assert client.get(reverse("desk:today")).status_code == 302
    assert change(client, word, OWN).status_code == 302
    worker.refresh_from_db()
    assert not worker.password_is_temporary
    assert client.get(reverse("desk:today")).status_code == 200


def test_a_password_given_anew_is_changed_again(newcomer: tuple[Worker, str]) -> None:
    worker, word = newcomer
    client = signed_in("shinjin", word)
    change(client, word, OWN)
    word = give_password(worker, by=a_worker(role=Role.SYSTEM_ADMINISTRATOR), at=NOW)
    assert client.get(reverse("desk:today")).status_code == 302
    client = signed_in("shinjin", word)
    assert client.get(reverse("desk:today")).headers["Location"] == reverse("account_change_password")


def test_whoever_chose_their_own_is_not_asked(client_of: Any) -> None:
    assert client_of(a_worker()).get(reverse("desk:today")).status_code == 200
