"""What every page carries, and the pages for what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from tests.strictness import StrictClient, faults_of
from tsunagi.config import clock

pytestmark = [pytest.mark.urls("tests.config.pages"), pytest.mark.django_db]


def test_every_page_forbids_what_is_not_ours(client: StrictClient) -> None:
    answer = client.get("/open_to_all/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_anonymous_is_led_to_sign_in(client: StrictClient) -> None:
    answer = client.get("/looks/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next=/looks/"


def test_anonymous_htmx_is_told_401(client: StrictClient) -> None:
    answer = client.htmx("get", "/looks/")
    assert answer.status_code == 401
    assert "サインイン" in answer.content.decode()


def test_a_form_sent_after_the_session_ended_is_shown_back(client: StrictClient) -> None:
    words = "三日前から食べていないとのこと"
    answer = client.post("/makes_a_group/", {"name": words, "password": "himitsu"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert f'name="name" value="{words}"' in page
    assert 'action="/makes_a_group/"' in page
    assert "himitsu" not in page


def test_a_form_with_an_old_token_is_shown_back(signed_in: StrictClient) -> None:
    headers = {"X-CSRFToken": "x" * 32}
    answer = super(StrictClient, signed_in).post(
        "/makes_a_group/", {"name": "消えては困る文"}, headers=headers
    )
    assert answer.status_code == 403
    assert "消えては困る文" in answer.content.decode()


def test_a_form_of_another_site_is_not(signed_in: StrictClient) -> None:
    headers = {"X-CSRFToken": "x" * 32, "Sec-Fetch-Site": "cross-site"}
    answer = super(StrictClient, signed_in).post("/makes_a_group/", {"name": "よその文"}, headers=headers)
    assert answer.status_code == 403
    assert "よその文" not in answer.content.decode()


def test_not_there_and_not_yours_look_alike(signed_in: StrictClient, kept: Any) -> None:
    absent = signed_in.get("/no_such_page/")
    hidden = signed_in.get("/looks_and_finds_nothing/")
    assert absent.status_code == hidden.status_code == 404
    assert absent.content == hidden.content


def test_our_own_fault_is_admitted(signed_in: StrictClient) -> None:
    answer = signed_in.get("/dies/")
    assert answer.status_code == 500
    assert "こちらの不具合" in answer.content.decode()


def test_the_clock_is_the_city_s() -> None:
    assert str(clock.now().tzinfo) == "Asia/Tokyo"


def test_the_session_lives_as_long_as_it_is_used(signed_in: StrictClient, set_clock: Any) -> None:
    moments = {}
    for time in ("09:00:00", "09:00:30", "09:02:00"):
        at: datetime = set_clock(f"2026-11-24 {time}")
        signed_in.get("/settings_of_the_transaction/")
        moments[time] = signed_in.session["touched"]
        assert moments[time] <= at.timestamp()
    assert moments["09:00:00"] == moments["09:00:30"] < moments["09:02:00"]


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<p style="color:red">', "inline style"),
        ('<a onclick="x()">', "inline handler"),
        ("<script>x()</script>", "inline <script>"),
        ("<p>{{ name }}", "unrendered"),
        ('<form method="post" action="/x/"></form>', "no CSRF token"),
        ('<img src="https://example.org/x.png">', "another server"),
        ('<p id="a"><p id="a">', "twice"),
    ],
)
def test_the_strict_client_refuses(markup: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(markup))
