"""The second thing that proves me: registered, asked at sign-in, taken off."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.access import own_factor_for
from tsunagi.accounts.actions import second_factor as deeds
from tsunagi.accounts.forms import Code, KeyAnswer, NewKey
from tsunagi.accounts.queries import sign_in as queries
from tsunagi.accounts.rules.second_factor import Proof
from tsunagi.shared.edges import Request, reads, signs_in, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._sign_in import PROOF, must_prove_again, picture_of, site_of

KEY_STATE = "key_state"


@reads
def second_factor(request: Request) -> HttpResponse:
    """What proves me besides the password, and how to register more. Also where a newcomer is led first."""
    factors = queries.factors_of(request.worker.pk)
    return page(
        request,
        "accounts/second_factor.html",
        factors=factors,
        has_app=any(one.kind == "app" for one in factors),
        spare_left=queries.spare_codes_left(request.worker.pk),
        required=settings.SECOND_FACTOR_REQUIRED,
        is_led_here=settings.SECOND_FACTOR_REQUIRED and not request.session.get(PROOF),
    )


@writes
def app(request: Request) -> HttpResponse:
    """Register an app: make the secret (POST from the list), show it, take its first code."""
    again = must_prove_again(request)
    if again is not None:
        return again
    if request.method == "POST" and "code" not in request.POST:
        deeds.begin_app(request.worker, at=request.now)
        return redirect("accounts:app")
    offer = deeds.app_offer(request.worker)
    if offer is None:
        return redirect("accounts:second_factor")
    form = Code(bound(request))
    if form.is_valid():
        try:
            codes = deeds.confirm_app(
                request.worker,
                form.cleaned_data["code"],
                session_key=request.session.session_key,
                at=request.now,
            )
            return _registered(request, codes, Proof.APP, "確認アプリを登録しました。")
        except Refused as refusal:
            form.add_error("code" if refusal.field else None, str(refusal))
    picture = picture_of(
        offer.address, "確認アプリに読ませる二次元コード。読めないときは、下の文字を打ち込みます。"
    )
    return page(request, "accounts/app.html", form=form, letters=_in_fours(offer.letters), picture=picture)


@writes
def key(request: Request) -> HttpResponse:
    """Register a passkey or a security key."""
    again = must_prove_again(request)
    if again is not None:
        return again
    site = site_of(request)
    form = NewKey(bound(request))
    if form.is_valid():
        try:
            codes = deeds.add_key(
                request.worker,
                site,
                request.session.pop(KEY_STATE, {}),
                form.cleaned_data["answer"],
                name=form.cleaned_data["name"],
                session_key=request.session.session_key,
                at=request.now,
            )
            return _registered(request, codes, Proof.KEY, "キーを登録しました。")
        except Refused as refusal:
            form.add_error("name" if refusal.field == "name" else None, str(refusal))
    options, request.session[KEY_STATE] = deeds.begin_key(request.worker, site)
    return page(request, "accounts/key.html", form=form, options=options)


@writes
def spare_codes(request: Request) -> HttpResponse:
    """New spare codes, shown once; the earlier ones stop working."""
    again = must_prove_again(request)
    if again is not None:
        return again
    if request.method != "POST" or not queries.has_factor(request.worker):
        return redirect("accounts:second_factor")
    return _shown_once(request, deeds.make_spare_codes(request.worker, at=request.now))


@writes
def remove_factor(request: Request, factor_id: int) -> HttpResponse:
    """Take off a second factor of mine."""
    found = own_factor_for(request.worker, factor_id)
    again = must_prove_again(request)
    if again is not None:
        return again
    if request.method == "POST":
        try:
            deeds.remove_factor(found, by=request.worker, at=request.now)
            messages.success(request, f"「{found.name}」を外しました。")
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("accounts:second_factor")


@login_not_required
@signs_in
def second_step(request: Request) -> HttpResponse:
    """Between the password and the session: a code or a key. Whoever knows only the password stays outside."""
    stage = LoginStageController.enter(request, "second_step")
    if request.user.is_authenticated or stage is None:
        return redirect("/" if request.user.is_authenticated else "account_login")
    if "leave" in request.POST:
        return stage.abort()  # type: ignore[no-any-return]  # allauth has no types
    by_key = "answer" in request.POST
    code, answer = Code(None if by_key else bound(request)), KeyAnswer(bound(request) if by_key else None)
    form: Any = answer if by_key else code
    status = None
    if form.is_valid():
        try:
            proof = _prove(request, stage.login.user, form.cleaned_data, by_key=by_key)
            request.session[PROOF] = str(proof)
            record_authentication(request, stage.login.user, method="mfa", type=str(proof))
            return stage.exit()  # type: ignore[no-any-return]
        except Refused as refusal:
            form.add_error(None if by_key else "code", str(refusal))
            status = 422
    return _ask(request, stage.login.user, code, answer, status)


def _prove(request: Request, worker: Any, typed: dict[str, Any], *, by_key: bool) -> Proof:
    if by_key:
        state = request.session.pop(KEY_STATE, {})
        return deeds.prove_by_key(worker, site_of(request), state, typed["answer"], at=request.now)
    return deeds.prove_by_code(worker, typed["code"], at=request.now)


def _ask(request: Request, worker: Any, code: Code, answer: KeyAnswer, status: int | None) -> HttpResponse:
    options = None
    if queries.has_key(worker):
        options, request.session[KEY_STATE] = deeds.ask_key(worker, site_of(request))
    return page(
        request,
        "accounts/second_step.html",
        status=status or (422 if code.errors or answer.errors else None),
        form=code,
        answer=answer,
        has_app=queries.has_app(worker),
        options=options,
    )


def _registered(request: Request, codes: list[str], proof: Proof, sentence: str) -> HttpResponse:
    """The session is proved from here on; spare codes are shown by the answer itself, which nobody keeps."""
    was_led = settings.SECOND_FACTOR_REQUIRED and not request.session.get(PROOF)
    request.session[PROOF] = str(proof)
    messages.success(request, sentence)
    if codes:
        return _shown_once(request, codes, go_on="/" if was_led else "")
    return redirect("/" if was_led else "accounts:second_factor")


def _shown_once(request: Request, codes: list[str], go_on: str = "") -> HttpResponse:
    return page(request, "accounts/spare_codes.html", codes=codes, go_on=go_on)


def _in_fours(letters: str) -> str:
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))
