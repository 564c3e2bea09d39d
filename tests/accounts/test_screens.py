"""マイページ, sign-in on real pages, and typed text that survives the end of a session."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, PASSWORD, a_worker, an_office
from tests.strictness import StrictClient
from tsunagi.accounts import actions
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role

pytestmark = pytest.mark.django_db


def a_worker_with_a_password(**fields: Any) -> Worker:
    worker = a_worker(an_office("福祉なんでも相談室"), name="架空 花子", **fields)
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def sign_in(client: StrictClient, worker: Worker, password: str = PASSWORD, **data: str) -> Any:
    return client.post("/accounts/login/", {"login": worker.sign_in_name, "password": password} | data)


@pytest.mark.visits("accounts:me")
def test_my_page_is_mine(three_people: Any, client_of: Any, client: Any) -> None:
    worker, other = a_worker_with_a_password(), a_worker()
    me = reverse("accounts:me")
    page = three_people(me, allowed=worker, stranger=other, stranger_sees=200).content.decode()
    assert "福祉なんでも相談室(相談員)" in page
    assert "架空 花子" not in client_of(other).get(me).content.decode()
    mine = client_of(worker)
    assert mine.post(me, {"weekdays": [1, 3]}).status_code == 302
    assert Worker.objects.get(pk=worker.pk).weekdays == [1, 3]
    nothing = mine.post(me, {})
    assert nothing.status_code == 422
    assert "曜日をひとつ以上" in nothing.content.decode()
    assert client.post(me, {"weekdays": [1]}).status_code == 401


def test_a_worker_without_a_post_is_told_whom_to_ask(client_of: Any) -> None:
    worker, _ = actions.register_worker("hanako", {"name": "架空 花子"}, by=None, at=NOW)
    worker.set_password("jibun-de-eranda-kotoba")  # their own, after the first sign-in
    worker.save()
    assert "配属がありません" in client_of(worker).get(reverse("accounts:me")).content.decode()


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: StrictClient) -> None:
    worker = a_worker_with_a_password()
    me = reverse("accounts:me")
    answer = sign_in(client, worker, next=me)
    assert answer.headers["Location"] == me
    assert client.get(me).status_code == 200
    assert Worker.objects.get(pk=worker.pk).last_login is not None


def test_a_worker_changes_their_own_password(client: StrictClient) -> None:
    worker = a_worker_with_a_password()
    sign_in(client, worker)
    change = "/accounts/password/change/"
    weak = client.post(change, {"oldpassword": PASSWORD, "password1": "mijikai", "password2": "mijikai"})
    assert "12" in weak.content.decode()
    new = "atarashii-aikotoba-2026"
    client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert sign_in(StrictClient(), worker, new).status_code == 302


def test_a_new_password_ends_every_session(client: StrictClient) -> None:
    worker, administrator = a_worker_with_a_password(), a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    sign_in(client, worker)
    assert client.get(reverse("accounts:me")).status_code == 200
    actions.give_password(worker, by=administrator, at=NOW)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_who_left_is_out_at_once(client: StrictClient) -> None:
    worker = a_worker_with_a_password()
    sign_in(client, worker)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_a_whole_city_hall_signs_in_within_a_minute(settings: Any) -> None:
    from django.core.cache import cache

    from tsunagi.config import settings as product

    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    cache.clear()
    worker = a_worker_with_a_password()
    for _ in range(40):
        assert sign_in(StrictClient(), worker).status_code == 302
    cache.clear()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "password/reset/done/", "login/code/confirm/"])
def test_what_needs_mail_does_not_exist(client_of: Any, path: str) -> None:
    assert client_of(a_worker()).get(f"/accounts/{path}").status_code == 404


@pytest.mark.visits("account_reset_password")
def test_a_forgotten_password_is_asked_for_in_person(
    client: StrictClient, client_of: Any, mailoutbox: Any
) -> None:
    worker = a_worker_with_a_password(email="hanako@example.jp")
    reset = "/accounts/password/reset/"
    assert "この画面からは決め直せません" in client.get(reset).content.decode()
    assert client_of(worker).get(reset).status_code == 200
    assert client.post(reset, {"email": worker.email}).status_code == 405
    assert mailoutbox == []


def test_use_is_noted(client_of: Any, set_clock: Any) -> None:
    worker = a_worker()
    at = set_clock("2026-06-10 09:00")
    client_of(worker).get(reverse("accounts:me"))
    assert Worker.objects.get(pk=worker.pk).last_seen_at == at


# -- nothing typed is lost ------------------------------------------------------------------------------

WORDS = "三日前から食べていない。\n「だれにも言わないで」とのこと"


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page that carries what was typed."""
    from html import unescape

    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_a_form_sent_after_the_session_ended_goes_on_after_signing_in(client: StrictClient) -> None:
    worker = a_worker_with_a_password()
    sign_in(client, worker)
    me = reverse("accounts:me")
    client.session.flush()  # the idle time-out
    client.cookies.pop("tsunagi_session", None)

    sent = client.post(me, {"weekdays": ["1", "3"], "words": WORDS, "password": "himitsu"})
    page = sent.content.decode()
    assert sent.status_code == 401
    kept = fields_of(page)
    assert kept["weekdays"] == ["1", "3"]
    assert kept["words"][0].replace("\r\n", "\n") == WORDS
    assert "password" not in kept
    assert f'action="{me}"' in page

    assert sign_in(client, worker).status_code == 302
    # The token of the kept page is the one from before: the first press is shown back once more, the second is done.
    with_the_old_token = super(StrictClient, client).post(
        me, kept | {"csrfmiddlewaretoken": kept.get("csrfmiddlewaretoken", ["x"])[0]}
    )
    assert with_the_old_token.status_code in (302, 403)
    if with_the_old_token.status_code == 403:
        again = fields_of(with_the_old_token.content.decode())
        assert again["words"][0].replace("\r\n", "\n") == WORDS
        assert super(StrictClient, client).post(me, again).status_code == 302
    assert Worker.objects.get(pk=worker.pk).weekdays == [1, 3]


def test_a_saved_draft_and_htmx_are_told_401_never_redirected(client: StrictClient) -> None:
    from tsunagi.workbench.actions import new_draft_id

    url = reverse("workbench:draft", args=[new_draft_id()])
    answer = client.htmx("post", url, {"words": WORDS, "seq": "1"}, **{"X-Draft": "1"})
    assert answer.status_code == 401
    assert "Location" not in answer.headers
    assert client.htmx("get", reverse("accounts:me")).status_code == 401
