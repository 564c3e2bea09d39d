"""Every page as everybody: each role × involved, stranger, anonymous, compared with the permission table.

No list of pages is kept here. Every URL name has a test marked `visits` (the house test sees to it); the first visit of
such a test that succeeds is repeated as everybody else, in a savepoint that is rolled back, in the very state the test
built. A module that comes later is covered by the visits it must have anyway.

For a visit to `module:page` by a worker of office A, somebody of each role looks at the same address

* **involved**: posted in office A. Where the table gives the role nothing for a purpose that the page asks
  (`permissions.access.require`, or the trail its doors leave), the answer is 404; else the page opens.
* **stranger**: posted in an office nobody is involved with. A page of something with a number is 404 and, byte for
  byte, the page of a number that is not there, unless the table says the role reaches the whole city for what the page
  asks. A page without a number may open, and names no person that stands in the database.
* **anonymous**: led to the sign-in, 401 for htmx and for a form.

A refusal changes no table. What is narrower than an office (my own draft) or asks the table for nothing (my notices) is
named in `exceptions.py` with the reason.
"""

from __future__ import annotations

import contextlib
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.client import FakePayload
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.html import escape

from tests.matrix.exceptions import ANONYMOUS, NARROWER, NO_PURPOSE, ONCE, OPEN
from tsunagi.accounts.models import Office, Posting, Worker
from tsunagi.accounts.rules import Role
from tsunagi.permissions import access as gate
from tsunagi.permissions.rules import Purpose, Reach, reach_for
from tsunagi.shared import edges

ABSENT = 987_654_321
NO_UUID = uuid.UUID("00000000-0000-4000-8000-000000000000")
# Rows that a look or a refusal may leave: the journal, the session, and the silent word to those who guard somebody.
MAY_GROW = {"journal_entry", "django_session", "accounts_signin", "sharing_silentword", "procrastinate_jobs",
            "procrastinate_events", "accounts_worker", "accounts_posting", "accounts_office"}  # fmt: skip

COLLECT = os.environ.get("TSUNAGI_MATRIX_LIST", "")
"""A file that takes the faults instead of failing tests: for whoever adds a module and wants to see them all at once."""
WHOLE = os.environ.get("TSUNAGI_MATRIX") == "whole"
"""`make matrix`: every role. Else a stranger and one of the roles for whom the table gives nothing."""
FEW = tuple(Role) if WHOLE else (Role.COORDINATOR,)
visited: set[tuple[str, str]] = set()
"""(URL name, method) this process went through."""


@dataclass(frozen=True)
class Answer:
    """What somebody got, and which purposes the page asked on the way."""

    role: str
    status: int
    text: str
    headers: tuple[str, ...]
    asked: frozenset[Purpose]
    trail: frozenset[Purpose]

    @property
    def opened(self) -> bool:
        """The page is there for them (405: the page is there, and takes no such method)."""
        return self.status not in (404, 403)

    @property
    def purposes(self) -> frozenset[Purpose]:
        """What the page asked the table for, and what its doors wrote into the trail."""
        return self.asked | self.trail


@dataclass
class Watch:
    asked: set[Purpose] = field(default_factory=set)
    trail: set[Purpose] = field(default_factory=set)


@contextlib.contextmanager
def watched() -> Iterator[Watch]:
    """Notes which purposes are asked of the table by `require`, and which ones stand in the trail."""
    seen = Watch()
    real_reach, real_entry = gate.reach_for, edges.Entry

    def asked(posts: Any, purpose: Purpose) -> Reach:
        seen.asked.add(Purpose(purpose))
        return real_reach(posts, purpose)

    def entry(*args: Any, **kwargs: Any) -> Any:
        made = real_entry(*args, **kwargs)
        if made.purpose:
            seen.trail.add(Purpose(made.purpose))
        return made

    gate.reach_for, edges.Entry = asked, entry  # type: ignore[assignment, misc]
    try:
        yield seen
    finally:
        gate.reach_for, edges.Entry = real_reach, real_entry  # type: ignore[misc]


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """In a savepoint that is rolled back, and unnoticed by whoever counts the test's own statements."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        with transaction.atomic():
            try:
                yield
            finally:
                transaction.set_rollback(True)
    finally:
        connection.execute_wrappers = wrappers


@dataclass(frozen=True)
class Asked:
    """A visit as it was made, to be made again by others."""

    name: str
    kwargs: dict[str, Any]
    method: str
    environ: dict[str, Any]
    body: bytes

    def again(self, client: Client, *, path: str = "", **more: Any) -> Any:
        """The same request by this client."""
        environ = self.environ | {"wsgi.input": FakePayload(self.body)} | more
        if path:
            environ["PATH_INFO"] = path
        if self.method == "POST":
            client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
            environ["HTTP_X_CSRFTOKEN"] = "a" * 32
        return Client.request(client, **environ)

    def absent(self) -> str:
        """The same page of a number that is not there; empty when the address names nothing."""
        numbers = {
            key: ABSENT if isinstance(value, int) else NO_UUID
            for key, value in self.kwargs.items()
            if isinstance(value, int | uuid.UUID)
        }
        if not numbers:
            return ""
        with contextlib.suppress(NoReverseMatch):
            return reverse(self.name, kwargs=self.kwargs | numbers)
        return ""


def before_post(client: Client, environ: dict[str, Any], marked: tuple[str, ...]) -> None:
    """A deed is tried first (rolled back) and then by everybody, before the test's own."""
    _visit(client, environ, marked, "POST", None)


def after_get(
    client: Client, environ: dict[str, Any], marked: tuple[str, ...], answer: Any, seen: Watch
) -> None:
    """A page that opened is looked at by everybody; `seen` is what the test's own look asked."""
    if answer.status_code < 400:
        own = Answer("", answer.status_code, "", (), frozenset(seen.asked), frozenset(seen.trail))
        _visit(client, environ, marked, "GET", own)


def _visit(
    client: Client, environ: dict[str, Any], marked: tuple[str, ...], method: str, own: Answer | None
) -> None:
    match = resolve(environ["PATH_INFO"])
    name = match.view_name
    if name not in marked or name in ONCE or (name, method) in visited:
        return
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return
    payload = environ.get("wsgi.input")
    body = payload.read() if payload is not None else b""
    if payload is not None:
        environ["wsgi.input"] = FakePayload(body)
    kept = {
        key: value
        for key, value in environ.items()
        if key not in ("HTTP_COOKIE", "HTTP_HX_REQUEST", "HTTP_X_CSRFTOKEN", "wsgi.input")
    }
    asked = Asked(name, dict(match.kwargs), method, kept, body)
    faults: list[str] = []
    with _unseen():
        worker_id = client.session.get("_auth_user_id")
        faults = _Everybody(asked, int(worker_id), client).faults(own) if worker_id else []
    said = f"{name} ({method} {environ['PATH_INFO']}):\n" + "\n".join(dict.fromkeys(faults))
    if COLLECT:
        if faults:
            with open(COLLECT, "a") as file:
                file.write(said + "\n")
        return
    assert not faults, said


class _Everybody:
    def __init__(self, asked: Asked, worker_id: int, client: Client) -> None:
        self.asked = asked
        self.worker = Worker.objects.get(pk=worker_id)
        self.client = client
        self.absent = asked.absent()

    def faults(self, own: Answer | None) -> list[str]:
        posting = (
            Posting.objects.filter(worker=self.worker, ended_at__isnull=True, office__is_active=True)
            .select_related("office")
            .order_by("-is_main", "id")
            .first()
        )
        if posting is None:
            return []
        first = own or self._first()
        if first is None or not first.status < 400:
            return []
        visited.add((self.asked.name, self.asked.method))
        self.first, self.posting = first, posting
        mine = _somebody(posting.office, "involved")
        elsewhere = Office.objects.create(
            code="MATRIX", name="だれとも関わりのない課", run_by=posting.office.run_by,
            legal_kind=posting.office.legal_kind, field="other", signs_in=True, is_active=True,
            duty_worker=posting.office.duty_worker,
        )  # fmt: skip
        stranger = _somebody(elsewhere, "stranger")
        before = _counts()
        faults = [
            *self._involved(mine, posting.office),
            *self._strangers(stranger, posting.office),
            *self._anonymous(),
        ]
        grown = [table for table, rows in _counts().items() if rows != before.get(table, 0)]
        if grown:
            faults.append(f"  refused, and yet something changed in: {', '.join(sorted(grown))}")
        return faults

    def _first(self) -> Answer | None:
        """The visit of the test's own worker, rolled back."""
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        try:
            return self._look(client, "")
        except Exception:  # the test's own visit will say what is wrong
            return None

    def _look(self, client: Client, role: str, *, path: str = "") -> Answer:
        with watched() as seen, transaction.atomic():
            answer = self.asked.again(client, path=path)
            text = _text(answer)
            if answer.status_code < 400:
                transaction.set_rollback(True)
        return Answer(
            role, answer.status_code, text, tuple(sorted(answer.headers)), frozenset(seen.asked), frozenset(seen.trail)
        )  # fmt: skip

    def _involved(self, client: Client, office: Office) -> list[str]:
        faults, narrower, refused = [], self.asked.name in NARROWER, 0
        purposes = self.first.purposes
        for role in Role:
            lacking = [
                one.value for one in purposes if reach_for([(role, office.legal_kind)], one) is Reach.NONE
            ]
            if not WHOLE and not lacking:
                continue
            refused += bool(lacking)
            if not WHOLE and lacking and refused > 1:
                continue
            _become(client, role)
            answer = self._look(client, role)
            faults += _past_the_table(answer, office.legal_kind, "involved")
            if lacking and answer.opened and not answer.purposes:
                faults.append(
                    f"  involved {role}: opened although the table gives nothing for {', '.join(lacking)}"
                )
            if not lacking and not answer.opened and not narrower:
                faults.append(
                    f"  involved {role}: {answer.status}, although the table reaches for"
                    f" {', '.join(sorted(one.value for one in purposes)) or 'what this page asks (nothing)'}."
                    " If this page is narrower than the office, say so in tests/matrix/exceptions.py (NARROWER)."
                )
        if not self.first.purposes and self.asked.name not in NO_PURPOSE | ANONYMOUS:
            faults.append(
                "  the page asked for no purpose. Open a door (permissions.access.require), or name it with the reason"
                " in tests/matrix/exceptions.py (NO_PURPOSE)."
            )
        return faults

    def _strangers(self, client: Client, office: Office) -> list[str]:
        faults: list[str] = []
        names = _persons() if self.asked.method == "GET" else []
        for role in FEW:
            _become(client, role)
            answer = self._look(client, role)
            faults += _past_the_table(answer, office.legal_kind, "stranger")
            if answer.opened:
                faults += self._opened_to_a_stranger(client, answer, role, office, names)
            elif self.absent:
                faults += self._not_like_absent(client, answer, role)
        return faults

    def _opened_to_a_stranger(
        self, client: Client, answer: Answer, role: str, office: Office, names: list[str]
    ) -> list[str]:
        if answer.status == 405 or self.asked.name in OPEN | ANONYMOUS:
            return []
        kind = office.legal_kind
        city = any(reach_for([(role, kind)], one) is Reach.CITY for one in answer.purposes)
        if self.absent and not city and self._not_like_absent(client, answer, role):
            return [
                f"  stranger {role}: {answer.status}, although nothing reaches the whole city here"
                f" (asked: {', '.join(sorted(one.value for one in answer.purposes)) or 'nothing'})."
            ]
        told = [word for word in names if word in answer.text]
        return (
            [f"  stranger {role}: the page names {len(told)} person(s) nobody opened to them"] if told else []
        )

    def _not_like_absent(self, client: Client, answer: Answer, role: str) -> list[str]:
        other = self._look(client, role, path=self.absent)
        one = _shape(answer.text, self.asked.environ["PATH_INFO"])
        two = _shape(other.text, self.absent)
        if (answer.status, answer.headers, one) == (other.status, other.headers, two):
            return []
        return [
            f"  stranger {role}: the answer differs from that of a number that is not there"
            f" ({answer.status}/{other.status})."
        ]

    def _anonymous(self) -> list[str]:
        if self.asked.name in ANONYMOUS:
            return []
        plain = self.asked.again(Client(enforce_csrf_checks=True))
        moving = self.asked.again(Client(enforce_csrf_checks=True), HTTP_HX_REQUEST="true")
        faults = []
        if self.asked.method == "GET" and not (
            plain.status_code == 302 and "/accounts/" in plain.headers["Location"]
        ):
            faults.append(f"  anonymous: {plain.status_code} instead of the way to the sign-in")
        if self.asked.method == "POST" and plain.status_code != 401:
            faults.append(f"  anonymous: {plain.status_code} for a form instead of 401")
        if moving.status_code != 401:
            faults.append(f"  anonymous by htmx: {moving.status_code} instead of 401")
        return faults


def _past_the_table(answer: Answer, legal_kind: str, who: str) -> list[str]:
    """A page that opened and wrote a purpose into its trail for which the table gives this role nothing."""
    if not answer.opened or answer.status == 405:
        return []
    wrong = [
        one.value for one in answer.purposes if reach_for([(answer.role, legal_kind)], one) is Reach.NONE
    ]
    return (
        [f"  {who} {answer.role}: opened for {', '.join(wrong)}, for which the table gives nothing"]
        if wrong
        else []
    )


def _somebody(office: Office, name: str) -> Client:
    """A client signed in as a new worker of this office; `_become` changes the role."""
    worker = Worker(sign_in_name=f"matrix-{name}", name="試験 係")
    worker.set_unusable_password()
    worker.save()
    Posting.objects.create(worker=worker, office=office, role=Role.COUNSELLOR, since="2020-04-01")
    client = Client(enforce_csrf_checks=True)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(worker.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = worker.get_session_auth_hash()
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.matrix_worker = worker.pk  # type: ignore[attr-defined]
    return client


def _become(client: Client, role: str) -> None:
    Posting.objects.filter(worker_id=client.matrix_worker).update(role=role)  # type: ignore[attr-defined]


def _counts() -> dict[str, int]:
    """How many rows each table has."""
    from django.apps import apps

    tables = sorted(
        {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and model._meta.db_table not in MAY_GROW
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())


def _persons() -> list[str]:
    """Whom a page may not name to a stranger: names and kana of persons, as a page writes them."""
    from tsunagi.people.models import Person

    rows = Person.objects.order_by("pk").values_list("name", "kana")[:200]
    return [escape(word) for row in rows for word in row if len(word) > 3]


def _text(answer: Any) -> str:
    kind = answer.headers.get("Content-Type", "")
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, the file is closed
        return ""
    if not kind.startswith(("text/", "application/json")):
        return ""
    return str(answer.content.decode(errors="replace"))


def _shape(text: str, path: str) -> str:
    text = re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", text)
    return text.replace(path, "/…/")


def fail_unless_visited(names: tuple[str, ...]) -> None:
    """A test marked `visits` went through everybody."""
    missing = [name for name in names if name not in ONCE and not {(name, "GET"), (name, "POST")} & visited]
    if missing:
        pytest.fail(
            f"{', '.join(missing)}: no visit of this test was repeated as everybody (tests/matrix/everybody.py):"
            " visit the page with a StrictClient signed in as a posted worker for whom it opens."
        )
