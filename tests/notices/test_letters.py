"""Letters: they say nothing, they come after the deed, and no mail server can stop, lose or delay a deed."""

from __future__ import annotations

import re
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.factories import NOW, a_concern, a_worker, an_office, an_outside_agency, office_of
from tests.notices.smtpd import HANG_UP, SILENCE, a_certificate, a_mail_server
from tsunagi.accounts.models import Absence, CalendarDay, Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.config.modules import PACKAGE
from tsunagi.notices import actions, rules
from tsunagi.notices.models import Letter, MailAddress, Notice
from tsunagi.notices.rules import MailKind, MailWish
from tsunagi.referrals.actions import send_referral
from tsunagi.referrals.actions.reminders import remind
from tsunagi.shared.edges import opened_trail

SIGN_IN = "https://tsunagi.example.lg.jp/accounts/login/"
WHOLE = rules.BODY.format(address=SIGN_IN)


@pytest.fixture(autouse=True)
def _city(settings: Any, set_clock: Any) -> None:
    settings.MAIL_HOST, settings.MAIL_TLS, settings.MAIL_SECONDS = "127.0.0.1:9", "none", 2
    settings.MAIL_FROM, settings.ADDRESS = "tsunagi@example.lg.jp", "https://tsunagi.example.lg.jp"
    set_clock(NOW)


@pytest.fixture
def hanako(db: None) -> Worker:
    return reads_mail(a_worker(an_office("福祉なんでも相談室"), name="架空 花子"))


def reads_mail(worker: Worker, wish: MailWish = MailWish.NOW, **choices: str) -> Worker:
    MailAddress.objects.create(
        worker=worker, address=f"w{worker.pk}@example.lg.jp", asked_at=NOW, confirmed_at=NOW,
        choices={kind.value: wish.value for kind in MailKind} | choices,
    )  # fmt: skip
    return worker


def tell(worker: Worker, kind: str = "referral", at: datetime = NOW) -> None:
    actions.tell([worker.pk], "つなぎ R8-0012 が届きました。", "/tsunagi/12/", kind=kind, at=at)


def send(at: datetime = NOW) -> int:
    with opened_trail(None, "test", at):
        return actions.send_due(at)


def waiting() -> Letter:
    return Letter.objects.get(state="waiting")


# -- what a letter says -----------------------------------------------------------------------------------------------


def kinds_in_the_program() -> list[str]:
    """Every kind some deed tells of, read from the source."""
    found = {""}
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        if "tell(" in text:
            found |= set(re.findall(r'kind="([a-z_]+)"', text))
            found |= set(re.findall(r'^SUBJECT = "([a-z_]+)"', text, re.MULTILINE))
    return sorted(found)


NASTY = [
    "山田花子さん(72歳)が生活保護課へ",
    "090-1234-5678",
    "1234 5678 9018",
    "ひがし病院 精神科",
    "Subject: 山田\r\nBcc: all@example.com",
    "{address} {code} %s {{ x }}",
]


@pytest.mark.parametrize("kind", kinds_in_the_program())
def test_no_kind_of_notice_gets_a_word_into_a_letter(db: None, settings: Any, kind: str) -> None:
    office = an_office("DV相談 生活保護課", short_name="触法")
    worker = reads_mail(a_worker(office, name="山田 花子さん"))
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        for words in NASTY:
            Notice.objects.create(
                worker=worker, kind=kind, sentence=words, link=f"/people/{words}"[:200], told_at=NOW
            )
        tell(worker, kind)
        assert send() == 1
        letter = server.letters[0]
        everything = server.raw[0].decode() + str(letter["Subject"]) + letter.get_content()
    assert letter.get_content().replace("\r\n", "\n") == WHOLE
    assert str(letter["Subject"]) == rules.SUBJECT_LINE
    assert (letter["To"], letter["From"]) == (f"w{worker.pk}@example.lg.jp", "tsunagi@example.lg.jp")
    assert sorted(name.lower() for name in letter) == [
        "auto-submitted", "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version",
        "subject", "to",
    ]  # fmt: skip
    for word in (
        "山田",
        "花子",
        "1234-5678",
        "9018",
        "病院",
        "生活保護",
        "触法",
        "R8-0012",
        "people",
        "つなぎ R8",
    ):
        assert word not in everything


def test_every_letter_of_the_program_is_one_of_two_constant_texts() -> None:
    assert set(re.findall(r"{(\w+)}", rules.BODY + rules.CODE_BODY)) == {"address", "code"}
    source = "".join(path.read_text() for path in (PACKAGE / "notices").rglob("*.py"))
    assert source.count("letter(to, body") == 1
    assert len(re.findall(r"set_content\(", source)) == 1


# -- it comes after the deed, and only then -----------------------------------------------------------------------------


def test_off_means_off(hanako: Worker, settings: Any) -> None:
    for name in ("MAIL_HOST", "MAIL_FROM", "ADDRESS"):
        kept = getattr(settings, name)
        setattr(settings, name, "")
        tell(hanako)
        assert not Letter.objects.exists()
        assert send() == 0
        setattr(settings, name, kept)


def test_a_deed_that_is_undone_sends_nothing(hanako: Worker) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(hanako)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.send_now'")
        assert cursor.fetchone() == (0,)


def test_the_job_sends_it(
    hanako: Worker, settings: Any, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tsunagi.notices import tasks

    monkeypatch.setattr(tasks.timezone, "localtime", lambda: NOW)
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        tell(hanako)
        assert run_jobs() == ["notices.send_now"]
        assert len(server.letters) == 1
    assert Letter.objects.get().state == "sent"


@pytest.mark.parametrize("wish", [MailWish.DAILY, MailWish.NONE])
def test_who_did_not_choose_now_gets_none_now(db: None, wish: MailWish) -> None:
    tell(reads_mail(a_worker(), wish))
    assert not Letter.objects.exists()


def test_an_address_without_its_code_gets_none(hanako: Worker) -> None:
    MailAddress.objects.update(confirmed_at=None)
    tell(hanako)
    assert not Letter.objects.exists()


def test_choices_are_per_kind(db: None) -> None:
    worker = reads_mail(a_worker(), MailWish.NONE, message="now")
    tell(worker, "referral")
    assert not Letter.objects.exists()
    tell(worker, "message")
    assert waiting().worker_id == worker.pk


@pytest.mark.parametrize("ill", ["down", "silent", "4xx", "5xx"])
def test_a_referral_is_sent_whatever_the_mail_server_does(
    client_of: Any, hanako: Worker, settings: Any, ill: str
) -> None:
    sender, says = a_worker(), {"4xx": b"451 later", "5xx": b"554 no", "silent": SILENCE}
    Office.objects.filter(pk=office_of(hanako).pk).update(duty_worker=hanako)
    settings.MAIL_SECONDS = 0.3
    with a_mail_server({"CONNECT": says[ill]} if ill != "down" else None) as server:
        settings.MAIL_HOST = server.address if ill != "down" else "127.0.0.1:1"
        with opened_trail(None, "test"):
            concern = a_concern(held_by=sender)
            sent = send_referral(
                [concern.pk], to_office=office_of(hanako), person_told="agreed", by=sender, at=NOW
            )
            connection.check_constraints()
        assert server.connections == 0
        assert send() == 0
    assert Notice.objects.filter(worker=hanako, link=f"/tsunagi/{sent.pk}/").exists()
    row = waiting()
    assert (row.tries, row.next_at) == (1, NOW + timedelta(minutes=2))
    assert row.answer
    page = client_of(hanako).get(reverse("notices:index")).content.decode()
    assert "が届きました" in page


# -- what servers do --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        ({"CONNECT": b"421 busy"}, "connect 421"),
        ({"CONNECT": b"554 go away"}, "connect 554"),
        ({"CONNECT": HANG_UP}, "line"),
        ({"CONNECT": SILENCE}, "timeout"),
        ({"CONNECT": b"\xff\xfe\x00 nonsense"}, "connect"),
        ({"EHLO": b"500 what", "HELO": b"500 what"}, "helo 500"),
        ({"EHLO": HANG_UP}, "line"),
        ({"MAIL": b"451 later"}, "from 451"),
        ({"MAIL": b"550 not you"}, "from 550"),
        ({"MAIL": SILENCE}, "timeout"),
        ({"RCPT": b"450 greylisted"}, "rcpt 450"),
        ({"RCPT": b"552 full"}, "rcpt 552"),
        ({"RCPT": b"554 policy"}, "rcpt 554"),
        ({"RCPT": HANG_UP}, "line"),
        ({"DATA": b"452 no room"}, "data 452"),
        ({"END": b"451 later"}, "data 451"),
        ({"END": b"554 spam"}, "data 554"),
        ({"END": HANG_UP}, "line"),
        ({"END": SILENCE}, "timeout"),
    ],
    ids=lambda value: str(value),
)
def test_what_is_not_taken_is_tried_again(
    hanako: Worker, settings: Any, says: dict[str, bytes], answer: str
) -> None:
    settings.MAIL_SECONDS = 0.3
    tell(hanako)
    with a_mail_server(says) as server:
        settings.MAIL_HOST = server.address
        assert send() == 0
        row = waiting()
        assert row.answer.startswith(answer)
        assert MailAddress.objects.get().refusals == 0
        assert send() == 0  # not before its time
        assert server.connections <= 1
        server.says.clear()
        server.over.set()  # the silence ends
        settings.MAIL_SECONDS = 2
        assert send(row.next_at) == 1
    assert Letter.objects.get().state == "sent"


def test_a_goodbye_that_fails_does_not_send_it_twice(hanako: Worker, settings: Any) -> None:
    tell(hanako)
    with a_mail_server({"QUIT": HANG_UP}) as server:
        settings.MAIL_HOST = server.address
        assert send() == 1
        assert send(NOW + timedelta(hours=1)) == 0
        assert len(server.letters) == 1


def test_a_server_that_answers_a_letter_at_a_time_is_left(hanako: Worker, settings: Any) -> None:
    settings.MAIL_SECONDS = 0.2
    listening = socket.create_server(("127.0.0.1", 0))
    settings.MAIL_HOST = f"127.0.0.1:{listening.getsockname()[1]}"
    import threading

    over = threading.Event()

    def drip() -> None:
        peer, _ = listening.accept()
        with peer:
            while not over.wait(0.1):
                try:
                    peer.sendall(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    tell(hanako)
    try:
        assert send() == 0
    finally:
        over.set()
        thread.join(5)
        listening.close()
    assert waiting().answer


def test_it_is_given_up_after_some_days_and_the_notice_stays(hanako: Worker) -> None:
    tell(hanako)
    moments, at = [], NOW
    while Letter.objects.filter(state="waiting").exists():
        send(at)
        row = Letter.objects.get()
        moments.append(at)
        at = max(row.next_at, at + timedelta(minutes=1))
    assert row.state == "given_up"
    assert row.tries == rules.MOST_TRIES
    assert timedelta(days=2) < moments[-1] - NOW < timedelta(days=7)
    assert moments[1] - moments[0] == timedelta(minutes=2)
    assert Notice.objects.filter(worker=hanako, read_at__isnull=True).exists()


def test_an_address_that_does_not_exist_is_switched_off_after_three_refusals_and_said(
    client_of: Any, hanako: Worker, settings: Any
) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    today, state = reverse("desk:today"), reverse("notices:mail_state")
    with a_mail_server({"RCPT": b"550 5.1.1 <w1@example.lg.jp> unknown"}) as server:
        settings.MAIL_HOST = server.address
        for hour in range(4):
            at = NOW + timedelta(hours=hour)
            tell(hanako, at=at)
            send(at)
        assert server.connections == 3
    assert "届かなくなっています" in client_of(hanako).get(today).content.decode()
    text = client_of(administrator).get(state).content.decode()
    assert "架空 花子" in text and "example.lg.jp:" not in text
    assert "unknown" not in " ".join(Letter.objects.values_list("answer", flat=True))
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert client_of(hanako).post(reverse("notices:mail"), {"do": "again"}).status_code == 302
        send()
        code = re.search(r"\d{6}", server.letters[0].get_content())
    assert code is not None
    client_of(hanako).post(reverse("notices:mail"), {"do": "code", "code": code[0]})
    assert "届かなくなっています" not in client_of(hanako).get(today).content.decode()


def test_one_refused_address_does_not_hold_the_others_up(hanako: Worker, settings: Any) -> None:
    other = reads_mail(a_worker())
    tell(hanako)
    tell(other)
    with a_mail_server({"RCPT": b"550 unknown"}) as server:
        settings.MAIL_HOST = server.address
        send()
        assert server.connections == 2


def test_a_server_that_is_down_is_asked_once_for_all(hanako: Worker, settings: Any) -> None:
    for _ in range(3):
        tell(reads_mail(a_worker()))
    with a_mail_server({"CONNECT": b"421 busy"}) as server:
        settings.MAIL_HOST = server.address
        send()
        assert server.connections == 1


def test_the_administrator_reads_what_the_server_does_in_words(
    client_of: Any, hanako: Worker, settings: Any
) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    tell(hanako)
    with a_mail_server({"MAIL": b"550 5.7.1 w1@example.lg.jp may not"}) as server:
        settings.MAIL_HOST = server.address
        send()
    text = client_of(administrator).get(reverse("notices:mail_state")).content.decode()
    assert "差出人のアドレスを断られました(550): 1通" in text
    assert "may not" not in text


# -- TLS --------------------------------------------------------------------------------------------------------------


def test_without_tls_nothing_is_sent_where_tls_is_asked_for(hanako: Worker, settings: Any) -> None:
    settings.MAIL_TLS = "starttls"
    tell(hanako)
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert send() == 0
        assert "MAIL" not in server.heard
    assert waiting().answer == "not offered"


@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "tls"])
def test_with_tls(hanako: Worker, settings: Any, tmp_path: Path, at_once: bool) -> None:
    certificate = a_certificate(tmp_path)
    settings.MAIL_TLS = "tls" if at_once else "starttls"
    tell(hanako)
    with a_mail_server(certificate=certificate, at_once=at_once) as server:
        settings.MAIL_HOST = server.address
        assert send() == 0  # signed by nobody we know
        assert waiting().answer == "certificate"
        settings.MAIL_CA = str(certificate)
        assert send(NOW + timedelta(minutes=10)) == 1
        assert len(server.letters) == 1


def test_a_certificate_of_another_server_is_refused(hanako: Worker, settings: Any, tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path, of="127.0.0.2")
    settings.MAIL_TLS, settings.MAIL_CA = "starttls", str(certificate)
    tell(hanako)
    with a_mail_server(certificate=certificate) as server:
        settings.MAIL_HOST = server.address
        assert send() == 0
        assert "MAIL" not in server.heard
    assert waiting().answer == "certificate"


# -- when, how often, to whom -----------------------------------------------------------------------------------------


def test_many_notices_are_one_letter_and_the_next_is_half_an_hour_later(
    hanako: Worker, settings: Any
) -> None:
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        for _ in range(5):
            tell(hanako)
        assert send() == 1
        soon = NOW + timedelta(minutes=5)
        tell(hanako, at=soon)
        assert send(soon) == 0
        assert waiting().next_at == NOW + timedelta(minutes=30)
        assert send(NOW + timedelta(minutes=30)) == 1
        assert len(server.letters) == 2


def test_two_letters_asked_for_at_once_are_one(hanako: Worker, settings: Any) -> None:
    tell(hanako)
    Letter.objects.create(worker=hanako, purpose="waits", asked_at=NOW, next_at=NOW)
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        send()
        assert len(server.letters) == 1
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["needless", "sent"]


def test_what_was_read_meanwhile_needs_no_letter(hanako: Worker) -> None:
    tell(hanako)
    actions.read_all(hanako, NOW)
    send()
    assert Letter.objects.get().state == "needless"


def test_a_killed_job_s_letter_is_taken_up_again_with_the_same_number(hanako: Worker, settings: Any) -> None:
    from tsunagi.notices.actions import letters

    tell(hanako)
    assert letters._lease(NOW) is not None  # and the job dies here
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert send(NOW + timedelta(minutes=9)) == 0
        assert send(NOW + timedelta(minutes=10)) == 1
        assert server.letters[0]["Message-ID"] == f"<{Letter.objects.get().number}@example.lg.jp>"


@pytest.mark.parametrize(
    ("at", "sent_at"),
    [
        ("2026-06-09T07:59", "2026-06-09T08:00"),
        ("2026-06-09T08:00", "2026-06-09T08:00"),
        ("2026-06-09T17:14", "2026-06-09T17:14"),
        ("2026-06-09T17:15", "2026-06-10T08:00"),
        ("2026-06-12T20:00", "2026-06-15T08:00"),
        ("2026-06-13T10:00", "2026-06-15T08:00"),
        ("2026-12-28T20:00", "2027-01-04T08:00"),
    ],
)
def test_letters_keep_to_the_office_s_hours(hanako: Worker, settings: Any, at: str, sent_at: str) -> None:
    Office.objects.update(closing_time="17:15")
    moment = datetime.fromisoformat(at).replace(tzinfo=NOW.tzinfo)
    expected = datetime.fromisoformat(sent_at).replace(tzinfo=NOW.tzinfo)
    tell(hanako, at=moment)
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert send(moment) == (1 if moment == expected else 0)
        if moment != expected:
            assert waiting().next_at == expected
            assert send(expected) == 1


def test_a_closed_day_of_the_office_is_kept_too(hanako: Worker) -> None:
    CalendarDay.objects.create(office=office_of(hanako), day=NOW.date(), is_open=False)
    tell(hanako)
    send()
    assert waiting().next_at == (NOW + timedelta(days=1)).replace(hour=8)


def test_once_a_day(db: None, settings: Any) -> None:
    worker, quiet = reads_mail(a_worker(), MailWish.DAILY), reads_mail(a_worker(), MailWish.DAILY)
    tell(worker)
    tell(worker, "message")
    morning = (NOW + timedelta(days=1)).replace(hour=7, minute=45)
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert actions.digest(morning) == 1
        assert send(morning) == 0
        assert send(morning.replace(hour=8, minute=0)) == 1
        assert actions.digest(morning + timedelta(days=1)) == 0
        assert server.letters[0]["To"] == f"w{worker.pk}@example.lg.jp"
    assert not Letter.objects.filter(worker=quiet).exists()


def away(worker: Worker, acting: Worker | None, **more: Any) -> Absence:
    values = {"from_on": NOW.date(), "until_on": NOW.date() + timedelta(days=20), "business_days": 14} | more
    return Absence.objects.create(worker=worker, acting=acting, recorded_at=NOW, recorded_by=worker, **values)


def test_while_somebody_is_away_who_acts_for_them_is_told(hanako: Worker, settings: Any) -> None:
    acting = reads_mail(a_worker(office_of(hanako)))
    absence = away(hanako, acting)
    tell(hanako)
    assert waiting().worker_id == acting.pk
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert send() == 1
        assert server.letters[0]["To"] == f"w{acting.pk}@example.lg.jp"
        past = NOW + timedelta(days=21)  # its last day has passed, and nobody said they are back
        tell(hanako, at=past)
        assert waiting().worker_id == acting.pk
        Letter.objects.all().delete()
        Absence.objects.filter(pk=absence.pk).update(returned_at=past)
        tell(hanako, at=past)
        assert waiting().worker_id == hanako.pk


def test_a_reminder_of_a_referral_beyond_the_system_is_sent_as_well(hanako: Worker, settings: Any) -> None:
    with opened_trail(None, "test"):
        concern = a_concern(held_by=hanako)
        sent = send_referral(
            [concern.pk], to_office=an_outside_agency(), person_told="agreed", by=hanako, at=NOW
        )
        connection.check_constraints()
    Letter.objects.all().delete()
    late = datetime.combine(sent.answer_due_on, NOW.timetz()) + timedelta(days=1)
    with opened_trail(None, "test"):
        assert remind(late) == 1
    assert waiting().worker_id == hanako.pk


# -- the pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.visits("notices:mail", "notices:mail_state")
def test_the_pages_are_for_whom_they_concern(
    three_people: Any, client_of: Any, client: Any, hanako: Worker
) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    three_people(reverse("notices:mail_state"), allowed=administrator, stranger=hanako)
    mine = client_of(hanako).get(reverse("notices:mail")).content.decode()
    assert f"w{hanako.pk}@example.lg.jp" in mine
    other = client_of(administrator).get(reverse("notices:mail")).content.decode()
    assert f"w{hanako.pk}@" not in other
    assert client.get(reverse("notices:mail")).status_code == 302


def code_sent(server: Any) -> str:
    send()
    found = re.search(r"^(\d{6})\s*$", server.letters[-1].get_content(), re.MULTILINE)
    assert found is not None
    return found[1]


def test_an_address_is_confirmed_by_its_code(client_of: Any, db: None, settings: Any) -> None:
    worker = a_worker()
    client, url = client_of(worker), reverse("notices:mail")
    with a_mail_server() as server:
        settings.MAIL_HOST = server.address
        assert client.post(url, {"do": "address", "address": "a@example.lg.jp"}).status_code == 302
        early = client.post(url, {"do": "code", "code": "123456"}).content.decode()
        assert "番号をまだ送れていません" in early
        code = code_sent(server)
    wrong = client.post(url, {"do": "code", "code": "000000" if code != "000000" else "1"})
    assert "番号が違います" in wrong.content.decode()
    assert MailAddress.objects.get().code_tries == 1
    assert code not in MailAddress.objects.get().code_hash
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    done = client.post(url, {"do": "code", "code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert "アドレスを確かめました" in done.content.decode()
    assert wide != code
    typed = {"do": "choices", **{kind.value: "none" for kind in MailKind}, "message": "now"}
    client.post(url, typed)
    assert MailAddress.objects.get().choices["message"] == "now"
    tell(worker, at=NOW)
    assert not Letter.objects.filter(state="waiting").exists()
    client.post(url, {"do": "forget"})
    assert not MailAddress.objects.exists()


def test_a_code_cannot_be_guessed_or_kept(db: None, settings: Any) -> None:
    worker = a_worker()
    with a_mail_server() as server, opened_trail(None, "test"):
        settings.MAIL_HOST = server.address
        actions.ask_address(worker, "a@example.lg.jp", at=NOW)
        code = code_sent(server)
        late = actions.confirm(worker, code, at=NOW + timedelta(minutes=31))
        assert "使えなくなりました" in late
        for _ in range(5):
            assert "違います" in actions.confirm(worker, "999", at=NOW)
        assert "使えなくなりました" in actions.confirm(worker, code, at=NOW)
        actions.look_again(worker, at=NOW)
        again = code_sent(server)
        assert actions.confirm(worker, again, at=NOW) == ""


def test_nobody_s_box_is_filled_with_codes(client_of: Any, db: None) -> None:
    client, url = client_of(a_worker()), reverse("notices:mail")
    for _ in range(5):
        client.post(url, {"do": "address", "address": "victim@example.lg.jp"})
        Letter.objects.update(state="sent", ended_at=NOW)
    answer = client.post(url, {"do": "address", "address": "victim@example.lg.jp"})
    assert answer.status_code == 422
    assert "番号を何度も送りました" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["nobody", "a@b@c", "a@example.com\r\nBcc: b@example.com", "", "あ@example.lg.jp"]
)
def test_an_address_that_is_none_is_refused(client_of: Any, db: None, address: str) -> None:
    answer = client_of(a_worker()).post(reverse("notices:mail"), {"do": "address", "address": address})
    assert answer.status_code == 422
    assert not MailAddress.objects.exists()


def test_only_the_city_s_domains(client_of: Any, db: None, settings: Any) -> None:
    settings.MAIL_DOMAINS = ["example.lg.jp"]
    client, url = client_of(a_worker()), reverse("notices:mail")
    answer = client.post(url, {"do": "address", "address": "a@gmail.com"})
    assert "@example.lg.jp" in answer.content.decode()
    assert answer.status_code == 422
    assert client.post(url, {"do": "address", "address": "a@EXAMPLE.lg.jp"}).status_code == 302


def test_where_letters_are_off_the_page_says_so(client_of: Any, hanako: Worker, settings: Any) -> None:
    settings.MAIL_HOST = ""
    text = client_of(hanako).get(reverse("notices:mail")).content.decode()
    assert "メールでの知らせは使われていません" in text
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    assert (
        "メールは送られていません"
        in client_of(administrator).get(reverse("notices:mail_state")).content.decode()
    )


def test_today_costs_no_query_where_letters_are_off(
    client_of: Any, hanako: Worker, settings: Any, queries: Any
) -> None:
    settings.MAIL_HOST = ""
    client = client_of(hanako)
    client.get("/")
    with queries() as seen:
        client.get("/")
    assert not any("notices_mailaddress" in statement for statement in seen.statements)
