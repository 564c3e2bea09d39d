"""The main navigation: which entries there are, and who of the modules above says who may open them.

`ui` knows no roles. `config.wiring` calls `wire(...)` once; until then every entry whose address exists is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One entry: its key, its words, the URL names tried in order, and the namespaces it stands for."""

    key: str
    label: str
    url_names: tuple[str, ...]
    namespaces: tuple[str, ...]


ENTRIES: tuple[Entry, ...] = (
    Entry("today", "今日", ("desk:today", "desk:index"), ("desk", "diary")),
    Entry("intake", "受付", ("intake:index", "intake:list", "intake:new"), ("intake",)),
    Entry(
        "people",
        "人・世帯",
        ("people:index", "people:list", "desk:people", "desk:lookup", "desk:search"),
        ("people", "sharing"),
    ),
    Entry(
        "cases",
        "支援",
        ("cases:index", "cases:list"),
        ("cases", "assessment", "plans", "genogram", "guardianship", "paperwork", "holding"),
    ),
    Entry("referrals", "つなぎ", ("referrals:index", "referrals:list"), ("referrals",)),
    Entry("meetings", "会議", ("meetings:index",), ("meetings",)),
    Entry("net", "網", ("safety_net:index",), ("safety_net",)),
    Entry("ledger", "台帳", ("sharing:ledger",), ()),
    Entry(
        "manage",
        "管理",
        ("permissions:index",),
        ("accounts", "codes", "places", "setup", "journal", "permissions", "config", "records"),
    ),
)


@dataclass(frozen=True)
class Link:
    """An entry as a page shows it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Place:
    """A link beside the navigation (お知らせ, さがす) that exists only when its address does."""

    url: str
    count: int = 0
    live_url: str = ""


@dataclass
class _Wiring:
    may_open: Mapping[str, Callable[[Any], bool]]
    office_of: Callable[[Any], str] | None
    notices_of: Callable[[Any], int] | None
    notices_url: str
    lookup_url: str
    lookup_live_url: str = ""


_wiring = _Wiring({}, None, None, "notices:index", "desk:lookup", "desk:lookup_live")


def wire(
    *,
    may_open: Mapping[str, Callable[[Any], bool]] | None = None,
    office_of: Callable[[Any], str] | None = None,
    notices_of: Callable[[Any], int] | None = None,
    notices_url: str | None = None,
    lookup_url: str | None = None,
    lookup_live_url: str | None = None,
) -> None:
    """Tell the frame what it cannot know.

    `may_open`: key of an entry (today intake people cases referrals meetings net manage; lookup: the box) → worker → bool.
    `office_of`: worker → the words for their office(s). `notices_of`: worker → unread notices.
    `notices_url`, `lookup_url`: URL names of the notices and of the lookup box (POST q).
    `lookup_live_url`: URL name that answers POST q with a piece of a page, shown under the box while typing.
    """
    if may_open is not None:
        _wiring.may_open = may_open
    if office_of is not None:
        _wiring.office_of = office_of
    if notices_of is not None:
        _wiring.notices_of = notices_of
    _wiring.notices_url = notices_url or _wiring.notices_url
    _wiring.lookup_url = lookup_url or _wiring.lookup_url
    _wiring.lookup_live_url = lookup_live_url or _wiring.lookup_live_url


def url_or_none(*names: str) -> str | None:
    """The address of the first of these URL names that exists."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return None


def worker_of(request: HttpRequest | None) -> Any | None:
    """The signed-in worker, or None on the pages before sign-in."""
    worker = getattr(request, "worker", None) or getattr(request, "user", None)
    return worker if getattr(worker, "is_authenticated", False) else None


def links(request: HttpRequest, here: str = "") -> list[Link]:
    """The entries this worker may open. `here` is a key that overrides the namespace of the page."""
    worker = worker_of(request)
    if worker is None:
        return []
    match = getattr(request, "resolver_match", None)
    spaces = set(match.namespaces) if match else set()
    found = []
    for entry in ENTRIES:
        url = url_or_none(*entry.url_names)
        allowed = _wiring.may_open.get(entry.key)
        if url is None or (allowed is not None and not allowed(worker)):
            continue
        current = here == entry.key if here else bool(spaces & set(entry.namespaces))
        found.append(Link(entry.label, url, current))
    return found


def office_words(worker: Any) -> str:
    """The office under the worker's name, or nothing when nobody told."""
    return _wiring.office_of(worker) if _wiring.office_of else ""


def notices(worker: Any) -> Place | None:
    """Where the notices are and how many are unread; None while there is no such page."""
    url = url_or_none(_wiring.notices_url)
    return Place(url, _wiring.notices_of(worker) if _wiring.notices_of else 0) if url else None


def lookup(worker: Any) -> Place | None:
    """Where the lookup box asks; None while there is no such page, or this worker looks nobody up."""
    allowed = _wiring.may_open.get("lookup")
    if allowed is not None and not allowed(worker):
        return None
    url = url_or_none(_wiring.lookup_url)
    live = url_or_none(_wiring.lookup_live_url) if _wiring.lookup_live_url else None
    return Place(url, live_url=live or "") if url else None


def context(request: HttpRequest) -> dict[str, Any]:
    """A context processor for pages that want the navigation as values; base.html needs none."""
    return {"navigation": links(request)}
