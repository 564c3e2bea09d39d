"""The second thing that proves a worker: rules on paper, and every way through and round the door."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, PASSWORD, a_worker, an_office
from tests.strictness import StrictClient
from tsunagi.accounts.actions import second_factor as deeds
from tsunagi.accounts.models import CodeTries, SecondFactor, SignIn, SpareCode, Worker
from tsunagi.accounts.rules.second_factor import (
    COOL_OFF,
    app_code,
    browser_kind,
    check_tries,
    failed_before,
    new_spare_codes,
    step_of,
    step_of_code,
)
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused

SECRET = b"12345678901234567890"
ME, STEP, FACTOR = "/accounts/me/", "/accounts/login/second-step/", "/accounts/second-factor/"


# -- rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "code"), [(0, "755224"), (1, "287082"), (9, "520489")])
def test_codes_are_those_of_the_standard(step: int, code: str) -> None:
    assert app_code(SECRET, step) == code  # RFC 4226, appendix D


@pytest.mark.parametrize(
    ("typed", "off", "last", "fits"),
    [
        ("", 0, 0, True),
        ("spaced", 0, 0, True),
        ("", 1, 0, True),
        ("", -1, 0, True),
        ("", 2, 0, False),
        ("", -2, 0, False),
        ("", 0, "now", False),
        ("", -1, "now", False),
        ("", 1, "now", True),
        ("wrong", 0, 0, False),
    ],
    ids=[
        "now", "full width with a space", "a period ahead", "a period behind", "too far ahead", "too old",
        "used already", "older than one that was used", "the next after one that was used", "wrong",
    ],
)  # fmt: skip
def test_a_code_counts_when(typed: str, off: int, last: Any, fits: bool) -> None:
    now = step_of(NOW)
    code = app_code(SECRET, now + off)
    if typed == "spaced":
        code = (code[:3] + " " + code[3:]).translate(str.maketrans("0123456789 ", "０１２３４５６７８９　"))
    if typed == "wrong":
        code = f"{(int(code) + 1) % 1_000_000:06d}"
    last_step = now if last == "now" else last
    assert (step_of_code(SECRET, code, at=NOW, last_step=last_step) is not None) is fits


def test_guessing_waits_after_five_and_is_forgotten_after_a_quarter_of_an_hour() -> None:
    check_tries(failed=4, last_at=NOW, at=NOW)
    with pytest.raises(Refused, match="15分ほど待って"):
        check_tries(failed=5, last_at=NOW, at=NOW)
    check_tries(failed=5, last_at=NOW, at=NOW + COOL_OFF)
    assert failed_before(failed=5, last_at=NOW, at=NOW + COOL_OFF) == 0
    assert failed_before(failed=3, last_at=NOW, at=NOW + timedelta(minutes=1)) == 3


def test_spare_codes_are_ten_and_differ() -> None:
    import secrets

    codes = new_spare_codes(secrets.choice)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", code) for code in codes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
            "Edge・Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome・Windows"),
        ("Mozilla/5.0 (iPad; CPU OS 17) AppleWebKit/605 Version/17 Safari/604", "Safari・iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox・Linux"),
        ("", "分からない端末"),
        ("<script>", "分からない端末"),
    ],
)
def test_a_browser_is_told_in_two_words(text: str, words: str) -> None:
    assert browser_kind(text) == words


# -- the door --------------------------------------------------------------------------------------------------


@pytest.fixture
def required(settings: Any) -> None:
    """As a city has it."""
    settings.SECOND_FACTOR_REQUIRED = True


def somebody(**fields: Any) -> Worker:
    worker = a_worker(an_office("福祉なんでも相談室"), name="架空 花子", **fields)
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def sign_in(client: StrictClient, worker: Worker, **data: str) -> Any:
    return client.post("/accounts/login/", {"login": worker.sign_in_name, "password": PASSWORD} | data)


def secret_of(worker: Worker) -> bytes:
    row = SecondFactor.objects.get(worker=worker, kind="app")
    return deeds._unseal(bytes(row.sealed), worker.pk)


def with_an_app(at: datetime = NOW) -> tuple[Worker, list[str]]:
    """Somebody whose app is registered, and their spare codes."""
    worker = somebody()
    deeds.begin_app(worker, at=at)
    codes = deeds.confirm_app(worker, app_code(secret_of(worker), step_of(at)), session_key=None, at=at)
    return worker, codes


def enrol(client: StrictClient, worker: Worker, at: datetime) -> Any:
    """Through the pages, as a newcomer does."""
    assert client.post(f"{FACTOR}app/").status_code == 302
    assert 'class="qr"' in client.get(f"{FACTOR}app/").content.decode()
    return client.post(f"{FACTOR}app/", {"code": app_code(secret_of(worker), step_of(at))})


@pytest.mark.django_db
@pytest.mark.visits("accounts:second_factor", "accounts:app")
def test_a_newcomer_is_led_to_register_before_anything_else(
    client: StrictClient, required: None, set_clock: Any
) -> None:
    at = set_clock("2026-06-10 09:00")
    worker = somebody()
    assert client.get(FACTOR).status_code == client.get(f"{FACTOR}app/").status_code == 302
    assert sign_in(client, worker).status_code == 302
    for page in (ME, "/", reverse("accounts:sessions")):
        assert client.get(page).headers["Location"] == FACTOR
    assert "もうひとつの確認が要ります" in client.get(FACTOR).content.decode()
    shown = enrol(client, worker, at)
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", shown.content.decode())
    assert len(codes) == 10
    assert client.get(ME).status_code == 200
    assert "登録してあるもの" in client.get(FACTOR).content.decode()
    # Once only: nothing shows them again.
    assert codes[0] not in client.get(FACTOR).content.decode()
    assert set(Entry.objects.filter(subject_kind="worker").values_list("action", flat=True)) >= {
        "worker.signed_in", "worker.factor_registered", "worker.spare_codes_made",
    }  # fmt: skip


@pytest.mark.django_db
def test_what_was_typed_before_registering_is_kept(client: StrictClient, required: None) -> None:
    sign_in(client, somebody())
    answer = client.post(ME, {"weekdays": ["1"], "words": "三日前から食べていない"})
    assert answer.status_code == 401
    assert "三日前から食べていない" in answer.content.decode()
    assert "別の画面で登録する" in answer.content.decode()
    assert client.htmx("get", ME).status_code == 401


@pytest.mark.django_db
def test_where_it_is_optional_the_password_alone_opens(client: StrictClient) -> None:
    sign_in(client, somebody())
    assert client.get(ME).status_code == 200


@pytest.mark.django_db
@pytest.mark.visits("accounts:second_step")
def test_the_password_alone_opens_nothing_for_who_registered(
    client: StrictClient, client_of: Any, set_clock: Any
) -> None:
    worker, _ = with_an_app()
    at = set_clock(NOW + timedelta(minutes=5))
    assert client.get(STEP).status_code == 302  # nobody knows of a password yet
    assert sign_in(client, worker, next=ME).headers["Location"] == STEP
    assert "_auth_user_id" not in client.session
    assert client.get(ME).status_code == 302
    assert "6桁" in client.get(STEP).content.decode()
    wrong = client.post(STEP, {"code": "000000"})
    assert wrong.status_code == 422
    assert "コードが違うか、もう使われています" in wrong.content.decode()
    right = client.post(STEP, {"code": app_code(secret_of(worker), step_of(at))})
    assert right.headers["Location"] == ME
    assert client.get(ME).status_code == 200
    assert SignIn.objects.get(worker=worker).proof == "app"
    assert client_of(worker).get(STEP).status_code == 302


@pytest.mark.django_db
def test_a_code_is_not_used_twice(set_clock: Any) -> None:
    worker, _ = with_an_app()
    at = set_clock(NOW + timedelta(minutes=5))
    code = app_code(secret_of(worker), step_of(at))
    for client, opens in ((StrictClient(), True), (StrictClient(), False)):
        sign_in(client, worker)
        assert (client.post(STEP, {"code": code}).status_code == 302) is opens


@pytest.mark.django_db
def test_the_code_of_enrolment_does_not_sign_in(set_clock: Any, client: StrictClient) -> None:
    worker, _ = with_an_app()
    set_clock(NOW)
    sign_in(client, worker)
    assert client.post(STEP, {"code": app_code(secret_of(worker), step_of(NOW))}).status_code == 422


@pytest.mark.django_db
def test_a_spare_code_opens_once(set_clock: Any) -> None:
    worker, codes = with_an_app()
    set_clock(NOW + timedelta(minutes=5))
    for client, opens in ((StrictClient(), True), (StrictClient(), False)):
        sign_in(client, worker)
        assert (client.post(STEP, {"code": codes[3].upper().replace("-", " ")}).status_code == 302) is opens
    assert Entry.objects.get(action="worker.spare_code_used").detail == {"left": 9}


@pytest.mark.django_db
def test_guessing_is_stopped_for_the_worker_wherever_it_comes_from(set_clock: Any) -> None:
    worker, _ = with_an_app()
    at = set_clock(NOW + timedelta(minutes=5))
    for number in range(5):
        client = StrictClient(REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(client, worker)
        assert client.post(STEP, {"code": "000000"}).status_code == 422
    client = StrictClient()
    sign_in(client, worker)
    code = app_code(secret_of(worker), step_of(at))
    shut = client.post(STEP, {"code": code})
    assert "15分ほど待ってください" in shut.content.decode()
    assert "_auth_user_id" not in client.session
    later = set_clock(at + COOL_OFF)
    sign_in(client, worker)
    assert client.post(STEP, {"code": app_code(secret_of(worker), step_of(later))}).status_code == 302
    assert CodeTries.objects.get(worker=worker).failed == 0


@pytest.mark.django_db
def test_a_deactivated_worker_does_not_come_through_the_second_step(
    client: StrictClient, set_clock: Any
) -> None:
    worker, _ = with_an_app()
    at = set_clock(NOW + timedelta(minutes=5))
    sign_in(client, worker)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    client.post(STEP, {"code": app_code(secret_of(worker), step_of(at))})
    assert client.get(ME).status_code == 302


@pytest.mark.django_db
def test_one_may_turn_back_at_the_second_step(client: StrictClient) -> None:
    worker, _ = with_an_app()
    sign_in(client, worker)
    assert client.post(STEP, {"leave": "1"}).headers["Location"] == "/accounts/login/"
    assert client.get(STEP).headers["Location"] == "/accounts/login/"


@pytest.mark.django_db
def test_a_session_of_before_is_asked_when_a_city_turns_it_on(client_of: Any, required: None) -> None:
    worker, _ = with_an_app()
    client = client_of(worker)  # signed in without a second step
    assert "/accounts/login/" in client.get(ME).headers["Location"]
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_secrets_at_rest_are_sealed_and_bound_to_their_worker(settings: Any) -> None:
    worker, codes = with_an_app()
    other = somebody()
    secret = secret_of(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed, worker_id FROM accounts_secondfactor")
        sealed = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT string_agg(digest, ' ') FROM accounts_sparecode")
        digests = cursor.fetchone()[0]
    assert secret not in sealed
    assert not any(code.replace("-", "") in digests or code in digests for code in codes)
    with pytest.raises(Refused, match="登録し直し"):
        deeds._unseal(sealed, other.pk)  # the row copied to somebody else
    settings.SECRETS_KEY = "another word"
    with pytest.raises(Refused, match="登録し直し"):
        deeds._unseal(sealed, worker.pk)


@pytest.mark.django_db
def test_the_secret_stands_in_no_session_and_no_journal(
    client: StrictClient, required: None, set_clock: Any
) -> None:
    at = set_clock("2026-06-10 09:00")
    worker = somebody()
    sign_in(client, worker)
    enrol(client, worker, at)
    from base64 import b32encode

    letters = b32encode(secret_of(worker)).decode()
    for row in Session.objects.all():
        assert letters not in str(row.get_decoded())
    assert letters not in str(list(Entry.objects.values_list("detail", flat=True)))


# -- my own ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.visits("accounts:remove_factor", "accounts:spare_codes", "accounts:key")
def test_changing_what_proves_me_needs_a_fresh_proof(
    client: StrictClient, client_of: Any, set_clock: Any
) -> None:
    worker, _ = with_an_app()
    factor = SecondFactor.objects.get(worker=worker)
    pages = [f"{FACTOR}app/", f"{FACTOR}key/", f"{FACTOR}spare-codes/", f"{FACTOR}{factor.pk}/remove/"]
    mine = client_of(worker)  # signed in by nothing that was recorded lately
    for address in pages:
        assert "/accounts/reauthenticate/" in mine.get(address).headers["Location"], address
        assert "/accounts/reauthenticate/" in mine.post(address).headers["Location"], address
        assert client.get(address).status_code == 302, address
    assert SecondFactor.objects.filter(worker=worker).count() == 1
    assert client_of(somebody()).post(pages[-1]).status_code == 404

    again = mine.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": FACTOR})
    assert again.headers["Location"] == FACTOR
    assert mine.post(pages[-1]).headers["Location"] == FACTOR
    assert not SecondFactor.objects.filter(worker=worker).exists()
    assert not SpareCode.objects.filter(worker=worker).exists()


@pytest.mark.django_db
def test_the_last_one_stays_where_one_must_be_on(required: None) -> None:
    worker, _ = with_an_app()
    with pytest.raises(Refused, match="最後のひとつは外せません"):
        deeds.remove_factor(SecondFactor.objects.get(worker=worker), by=worker, at=NOW)


@pytest.mark.django_db
def test_new_spare_codes_end_the_old_ones_and_are_shown_once(client: StrictClient, set_clock: Any) -> None:
    worker, codes = with_an_app()
    at = set_clock(NOW + timedelta(minutes=5))
    sign_in(client, worker)
    client.post(STEP, {"code": app_code(secret_of(worker), step_of(at))})
    page = client.post(f"{FACTOR}spare-codes/").content.decode()
    new = re.findall(r"<li>([a-z2-9-]{14})</li>", page)
    assert len(new) == 10
    assert client.get(f"{FACTOR}spare-codes/").status_code == 302
    with pytest.raises(Refused):
        deeds.prove_by_code(worker, codes[0], at=at)
    assert deeds.prove_by_code(worker, new[0], at=at) == "spare"


@pytest.mark.django_db
def test_registering_ends_the_other_sessions(client: StrictClient, set_clock: Any) -> None:
    at = set_clock("2026-06-10 09:00")
    worker, elsewhere = somebody(), StrictClient()
    sign_in(elsewhere, worker)
    assert elsewhere.get(ME).status_code == 200
    sign_in(client, worker)
    enrol(client, worker, at)
    assert client.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 302


@pytest.mark.django_db
def test_a_number_of_the_state_is_no_name_for_a_key() -> None:
    from tests.accounts.test_keys import SITE

    with pytest.raises(Refused, match="個人番号"):
        deeds.add_key(somebody(), SITE, {}, {}, name="123456789018", session_key=None, at=NOW)


# -- where I am signed in --------------------------------------------------------------------------------------


def two_places(worker: Worker) -> tuple[StrictClient, StrictClient]:
    here = StrictClient(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36"})
    there = StrictClient(headers={"User-Agent": "Mozilla/5.0 (iPad; CPU OS 17) Version/17 Safari/604"})
    for client in (here, there):
        sign_in(client, worker)
        assert client.get(ME).status_code == 200
    return here, there


@pytest.mark.django_db
@pytest.mark.visits("accounts:sessions", "accounts:end_session")
def test_i_see_where_i_am_signed_in_and_end_one(client: StrictClient, client_of: Any) -> None:
    worker = somebody()
    here, there = two_places(worker)
    page = here.get(reverse("accounts:sessions")).content.decode()
    assert "Chrome・Windows" in page
    assert "Safari・iPad" in page
    assert page.count("この端末</span>") == 1
    tablet = SignIn.objects.get(worker=worker, browser="Safari・iPad")
    end = reverse("accounts:end_session", args=[tablet.pk])
    assert client_of(somebody()).post(end).status_code == 404
    assert client.get(end).status_code == client.get(reverse("accounts:sessions")).status_code == 302
    assert here.post(end).status_code == 302
    assert there.get(ME).status_code == 302
    assert here.get(ME).status_code == 200


@pytest.mark.django_db
def test_i_end_all_the_others(client_of: Any) -> None:
    worker = somebody()
    here, there = two_places(worker)
    here.post(reverse("accounts:sessions"))
    assert there.get(ME).status_code == 302
    assert here.get(ME).status_code == 200
    assert list(SignIn.objects.filter(worker=worker).values_list("browser", flat=True)) == ["Chrome・Windows"]


@pytest.mark.django_db
def test_a_list_of_sessions_is_mine_alone(client_of: Any) -> None:
    two_places(somebody())
    assert "iPad" not in client_of(somebody()).get(reverse("accounts:sessions")).content.decode()


@pytest.mark.django_db
def test_who_is_deactivated_is_out_and_stays_out() -> None:
    worker = somebody()
    here, _ = two_places(worker)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    assert not SignIn.objects.filter(worker=worker).exists()
    assert not Session.objects.exists()
    Worker.objects.filter(pk=worker.pk).update(is_active=True)  # somebody who comes back signs in anew
    assert here.get(ME).status_code == 302


@pytest.mark.django_db
def test_ended_sign_ins_are_forgotten() -> None:
    from tsunagi.accounts import tasks

    worker = somebody()
    two_places(worker)
    Session.objects.all().delete()
    tasks.forget_sessions()
    assert not SignIn.objects.filter(worker=worker).exists()
    assert django_settings.SESSION_ENGINE.endswith("db")


@pytest.mark.django_db
def test_a_new_password_keeps_the_list_true(client: StrictClient) -> None:
    worker = somebody()
    sign_in(client, worker)
    new = "atarashii-aikotoba-2026"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    session = client.session
    session["touched"] = 0
    session.save()
    assert "この端末" in client.get(reverse("accounts:sessions")).content.decode()
