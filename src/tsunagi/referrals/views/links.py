"""The one-time link: made by the sender, opened by an agency that does not sign in."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.referrals import forms_beyond
from tsunagi.referrals.access import sent_referral_for
from tsunagi.referrals.access.by_link import link_by_token, why_closed
from tsunagi.referrals.actions.links import answer_by_link, end_link, hash_of, make_link, open_link
from tsunagi.referrals.actions.replies import Reply
from tsunagi.referrals.queries.beyond import sheet_by_link
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

BROWSER = "tsunagi_link"
SALT = "referrals.link"
OPEN_SECONDS = 30 * 60
"""How long a page stays open after the PIN; then the PIN is asked again (a shared computer at a ward)."""


@writes
def make(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Make the link. Address and PIN stand on this page once; neither is stored readable."""
    referral = sent_referral_for(request.worker, referral_id)
    if not settings.ANSWER_LINKS:
        raise Http404
    if request.method != "POST":
        return redirect("referrals:paper", referral_id)
    made = make_link(referral, by=request.worker, at=request.now)
    where = settings.ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return page(
        request, "referrals/link_made.html", referral=referral, pin=f"{made.pin[:3]} {made.pin[3:]}",
        address=where + reverse("referrals:link", args=[made.token]),
    )  # fmt: skip


@writes
def end(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Close the link."""
    referral = sent_referral_for(request.worker, referral_id)
    if request.method == "POST":
        end_link(referral, by=request.worker, at=request.now)
    return redirect("referrals:paper", referral_id)


@login_not_required
@writes
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the PIN; after it, show the sheet and the five cells. Reveals nothing to whoever has only the address."""
    link = link_by_token(token) if settings.ANSWER_LINKS else None
    closed = why_closed(link, request.now)
    if link is None or closed:
        return page(request, "referrals/link_closed.html", sentence=closed)
    browser = _browser(request)
    if request.method != "POST" and _is_open(request, link.browser_hash):
        return _sheet(request, token, link, forms_beyond.AnswerForm())
    if request.method == "POST":
        browser = browser or secrets.token_urlsafe(24)
        sentence = open_link(link, request.POST.get("pin", "")[:20], browser=browser, at=request.now)
        if not sentence:
            return _remember(redirect("referrals:link", token), browser, request)
        # Status 200: a refusal would be rolled back, and the wrong try must count.
        return page(request, "referrals/link_pin.html", pin_form=forms_beyond.PinForm(), sentence=sentence)
    return page(request, "referrals/link_pin.html", pin_form=forms_beyond.PinForm(), sentence="")


@login_not_required
@writes
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer of the agency."""
    link = link_by_token(token) if settings.ANSWER_LINKS else None
    closed = why_closed(link, request.now)
    if link is None or closed:
        return page(request, "referrals/link_closed.html", sentence=closed)
    if not _is_open(request, link.browser_hash) or request.method != "POST":
        return redirect("referrals:link", token)
    form = forms_beyond.AnswerForm(bound(request))
    if form.is_valid():
        try:
            answer_by_link(link, Reply(**form.reply()), at=request.now)
            return redirect("referrals:link", token)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _sheet(request, token, link, form)


def _sheet(request: HttpRequest, token: str, link: object, form: forms_beyond.AnswerForm) -> HttpResponse:
    referral, sender = link.referral, link.made_by  # type: ignore[attr-defined]
    values = sheet_by_link(sender, referral, on=request.today)
    return page(request, "referrals/link_sheet.html", sheet=values, form=form, token=token)


def _browser(request: HttpRequest) -> str:
    """The secret of this device, "" when it has none."""
    return _read(request)[0]


def _is_open(request: HttpRequest, browser_hash: str) -> bool:
    browser, opened_at = _read(request)
    fresh = 0 <= request.now.timestamp() - opened_at <= OPEN_SECONDS
    return bool(browser_hash) and hash_of(browser) == browser_hash and fresh


def _read(request: HttpRequest) -> tuple[str, float]:
    try:
        browser, opened_at = signing.loads(request.COOKIES.get(BROWSER, ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return "", 0.0
    return str(browser), float(opened_at)


def _remember(answer: HttpResponse, browser: str, request: HttpRequest) -> HttpResponse:
    answer.set_cookie(
        BROWSER, signing.dumps([browser, request.now.timestamp()], salt=SALT), max_age=8 * 24 * 3600,
        path=reverse("referrals:index") + "k/", secure=settings.HTTPS, httponly=True, samesite="Strict",
    )  # fmt: skip
    return answer
