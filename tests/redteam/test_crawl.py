"""Everybody who would like to know walks through everything the program shows them, by the links it shows.

First: not one byte of her in any page, sheet, paper, header or cookie. Second: the same walk through the same city in
which she does not live: the same pages, statuses, sizes, totals, headers and statements to the database. What does not
differ tells nothing, not even that she exists.
"""

from __future__ import annotations

import difflib
import html
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.factories import NOW
from tests.redteam.conftest import SECRETS, City, a_city, settle_her, settle_nobody
from tests.strictness import counted_queries
from tests.test_house import pages
from tsunagi.accounts.models import Worker

pytestmark = pytest.mark.django_db

FARTHEST = 45
"""Pages beyond those without a number that one walker looks at."""
COST_DIFFERS = {
    "/chouhyou/N/": "the draft of a paper is searched for her words, to black them: more to search, the same page",
}
"""Pages whose statements differ, known and not yet mended; what they say does not."""
NOT_WALKED = (
    "/accounts/logout",
    "/accounts/login",
    "/static/",
    "/ui/",
    "/accounts/me/sessions",
    "/accounts/second-factor",
)


@dataclass(frozen=True)
class Seen:
    """One answer as it tells something: where, how, what, with which headers and at what cost."""

    path: str
    status: int
    text: str
    headers: str
    statements: tuple[str, ...]


def readable(answer: Any) -> str:
    """What a person gets to read of an answer: the page, the cells of a sheet, the text of a paper."""
    kind = answer.headers.get("Content-Type", "")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "pdf" in kind:
        from pypdf import PdfReader

        file = PdfReader(io.BytesIO(body))
        return "" if file.is_encrypted else "\n".join(page.extract_text() for page in file.pages)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return html.unescape(body.decode(errors="replace"))


def plain_pages() -> list[str]:
    """Every address of the product that names no thing: they are walked also where no link leads."""
    return sorted(
        {"/" + str(route) for _, route in _routes(get_resolver().url_patterns, "") if "<" not in route}
        - {"/accounts/login/sign-on/", "/accounts/login/sign-on/back/"}
    )


def _routes(patterns: Any, before: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from _routes(one.url_patterns, before + str(one.pattern))
        elif one.callback.__module__.startswith("tsunagi."):
            yield one.name or "", before + str(one.pattern)


def his_pages(city: City) -> list[str]:
    """Every page of his own file that takes one number."""
    person = dict.fromkeys(("desk:person", "people:edit", "people:reach", "sharing:who", "people:merge_choose", "people:relation_add", "people:household_new", "genogram:picture", "guardianship:index", "desk:card"), city.him.pk)  # fmt: skip
    home = {"people:household": city.numbers["his home"], "people:household_edit": city.numbers["his home"]}
    concern = dict.fromkeys(
        ("holding:concern", "holding:close", "holding:reassign"), city.numbers["his concern"]
    )
    case = dict.fromkeys(("cases:detail", "cases:close", "assessment:index", "plans:index", "paperwork:index", "cases:concerns"), city.numbers["his case"])  # fmt: skip
    rows = [*person.items(), *home.items(), *concern.items(), *case.items()]
    return [reverse(name, args=[number]) for name, number in rows]


def walk(worker: Worker, also: Sequence[str] = (), *, farther: int = FARTHEST) -> dict[str, Seen]:
    """What this worker comes to by the plain addresses, by those given and by links, breadth first."""
    client = Client()
    client.force_login(Worker.objects.get(pk=worker.pk), settings.AUTHENTICATION_BACKENDS[0])
    client.get("/")
    waiting = deque([*plain_pages(), *also])
    seen: dict[str, Seen] = {}
    while waiting and len(seen) < len(plain_pages()) + len(also) + farther:
        path = waiting.popleft()
        if path in seen or path.startswith(NOT_WALKED):
            continue
        with counted_queries() as asked:
            answer = client.get(path)
        text = readable(answer)
        told = " ".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
        cookies = " ".join(morsel.OutputString() for morsel in answer.cookies.values())
        seen[path] = Seen(path, answer.status_code, text, f"{told} {cookies}", tuple(asked.statements))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found = re.findall(r'(?:href|hx-get|data-url|src)="(/[^"#]*)', text)
            waiting.extend(dict.fromkeys(link for link in found if link not in seen))
        if answer.status_code in (301, 302) and answer.headers["Location"].startswith("/"):
            waiting.append(answer.headers["Location"])
    return seen


def secrets_in(text: str) -> list[str]:
    """Which of her words stand there."""
    return [word for word in SECRETS if word in text]


def alike(seen: Seen) -> tuple[Any, ...]:
    """An answer without what differs between two cities anyway: tokens and running numbers."""
    return (
        _plain(seen.path),
        seen.status,
        _plain(seen.text),
        _plain(seen.headers),
        tuple(_plain(one) for one in seen.statements),
    )


def _plain(text: str) -> str:
    # How many a paper must look for in its texts to black them stands in the list, not in the number of statements.
    text = re.sub(r"IN \((%s, )*%s\)", "IN (…)", text)
    text = re.sub(r"[0-9A-Za-z_-]{60,}|[0-9a-f]{32,}", "T", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "U", text)
    text = re.sub(r"%3A[^&\"]*|tsunagi_\w+=\S+|expires=[^;]*|Content-Length: \d+", "T", text)
    text = re.sub(r"(?<=[/#=\"-])\d+(?=[/\"&.?]|\b)", "N", text)
    return re.sub(r"(つ|相|受|支援|世帯|No\.|番号)\s?#?R?\d*[-0-9]*\d", r"\1N", text)


@pytest.fixture
def nobody_counts(set_clock: Any) -> None:
    set_clock(NOW)


def test_not_one_byte_of_her_in_anything_anybody_can_come_to(city: City) -> None:
    for who, worker in city.asking.items():
        seen = walk(worker)
        assert len(seen) > 20, who
        for one in seen.values():
            assert not secrets_in(one.text), (who, one.path, secrets_in(one.text))
            assert not secrets_in(one.headers), (who, one.path)
        named = {city.numbers[kind] for kind in city.numbers}
        assert named, "she is there"


def test_those_who_guard_her_see_her(city: City) -> None:
    """The same walk finds her where she may be found: the test above is not blind."""
    text = "\n".join(one.text for one in walk(city.guards[0]).values())
    for word in ("美月", "開田2", "5555-6666", "ひかりが丘", "ひまわりの家"):
        assert word in text, word


@pytest.mark.parametrize("who", ["his counsellor", "the general desk"])
def test_a_city_without_her_looks_the_same(nobody_counts: None, who: str) -> None:
    walks = []
    city = a_city()
    for settle in (settle_her, settle_nobody):
        with transaction.atomic():
            settle(city)
            found = walk(city.asking[who], his_pages(city), farther=0)
            walks.append({_plain(one.path): alike(one) for one in found.values()})
            transaction.set_rollback(True)
        connection.run_on_commit.clear()
    hers, nobodys = walks
    assert sorted(hers) == sorted(nobodys)
    for path, one in hers.items():
        other = nobodys[path]
        told = 4 if path in COST_DIFFERS else 5
        for mine, theirs in zip(one[:told], other[:told], strict=True):
            assert mine == theirs, f"{path}\n" + "\n".join(difference(mine, theirs))


def difference(one: Any, other: Any) -> list[str]:
    """The lines in which two answers differ."""
    lines = [str(side).splitlines() if isinstance(side, str) else [str(row) for row in side] if isinstance(side, tuple)
             else [str(side)] for side in (one, other)]  # fmt: skip
    return list(difflib.unified_diff(*lines, n=0, lineterm=""))[:12]


def test_the_walk_comes_to_most_of_the_product() -> None:
    """What no link and no plain address leads to is looked at by number (`test_numbers`) and by the matrix."""
    assert len(plain_pages()) > 60
    assert {name for name, _ in pages()} >= {"desk:today", "people:index"}
