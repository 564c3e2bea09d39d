"""A small site for the ui alone: the gallery, a draft's address that answers as told, no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import include, path

from tsunagi.ui import gallery, session
from tsunagi.ui.pages import page


@dataclass
class Colleague:
    """Whoever is signed in."""

    name: str = "中野 はるか"
    pk: int = 1
    is_authenticated: bool = True

    def get_username(self) -> str:
        """The sign-in name."""
        return "nakano"


@dataclass
class Desk:
    """How the draft's address answers, and what it was sent."""

    status: int = 200
    tries: int = 0
    got: list[QueryDict] = field(default_factory=list)
    posts: list[QueryDict] = field(default_factory=list)


desk = Desk()
TODAY = date(2026, 11, 24)


def somebody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sets what config's middleware sets, and the product's CSP."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.worker = Colleague()  # type: ignore[attr-defined]
        request.today = TODAY  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src 'self' data:; object-src 'none'"
        )
        return response

    return middleware


def keep(request: HttpRequest) -> HttpResponse:
    """A draft's address."""
    desk.tries += 1
    if desk.status != 200:
        return JsonResponse({"url": "/ui/gallery/"}, status=desk.status)
    desk.got.append(request.POST)
    return JsonResponse({"seq": int(request.POST["seq"]), "saved_at": "14:05", "draft": "77"})


def pulse(request: HttpRequest) -> HttpResponse:
    """Signed out while the draft's address says so."""
    return HttpResponse(status=401) if desk.status == 401 else session.pulse(request)


def form(request: HttpRequest) -> HttpResponse:
    """A form that saves itself; posting it is noted, and is slow enough to be pressed twice."""
    if request.method == "POST":
        desk.posts.append(request.POST)
    return page(request, "ui_site/form.html", count=len(desk.posts))


def refuse(request: HttpRequest) -> HttpResponse:
    """What the edges answer to htmx when a law refuses: one sentence."""
    return HttpResponse(
        '<p role="alert" class="alert alert-error">ほかの方が受け持っています。</p>', status=desk.status
    )


def live(request: HttpRequest) -> HttpResponse:
    """A piece under the lookup box."""
    return HttpResponse(f'<ul><li><a href="/form/">{len(request.POST["q"])}文字</a></li></ul>')


def nothing(request: HttpRequest) -> HttpResponse:
    """An address that only has to exist."""
    return HttpResponse("")


def _module(name: str, *names: str) -> Any:
    return include(([path(f"{name}/{one}/", nothing, name=one) for one in names], name))


urlpatterns = [
    path("form/", form, name="form"),
    path("refuse/", refuse, name="refuse"),
    path("live/", live, name="live"),
    path("keep/", keep, name="keep"),
    path("out/", nothing, name="account_logout"),
    path("accounts/login/", nothing, name="account_login"),
    path("", _module("desk", "today", "lookup")),
    path("", _module("people", "index")),
    path("", _module("safety_net", "index")),
    path("", _module("notices", "index")),
    path(
        "ui/",
        include(
            (
                [
                    path("pulse/", pulse, name="pulse"),
                    path("gallery/", gallery.gallery, name="gallery"),
                    path("gallery/draft/", gallery.draft, name="gallery_draft"),
                    path("gallery/public/", gallery.public, name="gallery_public"),
                ],
                "ui",
            )
        ),
    ),
]

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tests.ui.site.somebody",
]
