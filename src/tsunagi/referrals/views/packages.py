"""Packages (.tsunagi): write one, read one in, answer one; and the keys of both sides."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.intake.access import desks_for
from tsunagi.permissions.access import office_for, require, require_administrator
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals import forms_beyond
from tsunagi.referrals.access import sent_referral_for
from tsunagi.referrals.access.by_package import package_for, partner_key_for
from tsunagi.referrals.actions import packages as deeds
from tsunagi.referrals.actions.replies import Reply
from tsunagi.referrals.queries.packages import (
    key_cards,
    offices_for_keys,
    own_key,
    package_card,
    package_cards,
)
from tsunagi.referrals.rules.package import BIGGEST
from tsunagi.shared.edges import Request, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import claim, consume

from ._flow import home, opened_draft

PACKAGE = "application/octet-stream"


@writes
def send(request: Request, referral_id: int) -> HttpResponse:
    """The sheet of a referral as a package for the office it goes to."""
    referral = sent_referral_for(request.worker, referral_id)
    if request.method != "POST":
        return redirect("referrals:paper", referral_id)
    _, made = deeds.send_package(referral, by=request.worker, at=request.now)
    return download(f"tsunagu-{referral_id}-{request.now:%Y%m%d%H%M}.tsunagi", made, PACKAGE)


@writes
def index(request: Request) -> HttpResponse:
    """Read a package in; and what went out and came in."""
    require(request.worker, Purpose.REFER)
    sent = request.method == "POST"
    form = forms_beyond.PackageForm(
        request.POST if sent else None, request.FILES if sent else None, offices=desks_for(request.worker)
    )
    if form.is_valid():
        data = form.cleaned_data["package"].read(BIGGEST + 1)
        try:
            with transaction.atomic():
                arrived = deeds.read_package(
                    data, office_id=form.cleaned_data["office"], by=request.worker, at=request.now
                )
            if arrived.referral_id is not None:
                messages.success(request, "返事を記録しました。")
                return redirect(home(arrived.referral_id))
            messages.success(request, "つなぎを相談として受けました。先方に返事をしてください。")
            return redirect("referrals:package", arrived.package.pk)
        except Refused as refusal:
            form.add_error("package", str(refusal))
    return page(request, "referrals/packages.html", form=form, packages=package_cards(request.worker))


@writes
def package(request: Request, package_id: int) -> HttpResponse:
    """A referral that came in: where it stands at our desk, and our answer as a package back."""
    found = package_for(request.worker, package_id)
    draft = opened_draft(request, "referrals.package", "包みへの返事", request.path, str(package_id))
    form = forms_beyond.ReplyForm(bound(request), initial={"draft": draft.id})
    draft.fill(form)
    if form.is_valid():
        claim(request.worker, form.cleaned_data["draft"])
        try:
            with transaction.atomic():
                _, made = deeds.send_answer(found, Reply(**form.reply()), by=request.worker, at=request.now)
            consume(request.worker, form.cleaned_data["draft"], request.path, request.now)
            return download(f"henji-{package_id}-{request.now:%Y%m%d%H%M}.tsunagi", made, PACKAGE)
        except Refused as refusal:
            field = {"answer": "answer", "who": "who", "reason": "reason"}.get(refusal.field or "")
            form.add_error(field, str(refusal))
    return page(request, "referrals/package.html", form=form, card=package_card(found), draft=draft)


@writes
def keys(request: Request) -> HttpResponse:
    """Our key and those of partners; enter one."""
    require_administrator(request.worker)
    form = forms_beyond.PartnerKeyForm(bound(request), offices=offices_for_keys())
    if form.is_valid():
        try:
            office = office_for(request.worker, form.cleaned_data["office"])
            deeds.enter_partner_key(office, form.cleaned_data["card"], by=request.worker, at=request.now)
            messages.success(request, "鍵を登録しました。別のシステム管理者が電話で読み合わせると使えます。")
            return redirect("referrals:keys")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request, "referrals/keys.html", form=form, own=own_key(request.now), keys=key_cards(), me=request.worker.pk
    )  # fmt: skip


@writes
def own(request: Request) -> HttpResponse:
    """Make our key, replace it, or replace it because it may have been stolen."""
    require_administrator(request.worker)
    if request.method == "POST":
        stolen = request.POST.get("stolen") == "yes"
        deeds.make_own_key(by=request.worker, at=request.now, stolen=stolen)
        messages.success(
            request, "鍵を作りました。相手の機関に、新しい1行を送り、電話で読み合わせてもらってください。"
        )
    return redirect("referrals:keys")


@writes
def compare(request: Request, key_id: int) -> HttpResponse:
    """Compare a partner's key by telephone."""
    found = partner_key_for(request.worker, key_id)
    form = forms_beyond.CompareForm(bound(request))
    if form.is_valid():
        try:
            deeds.compare_partner_key(
                found, heard=form.cleaned_data["heard"], with_whom=form.cleaned_data["with_whom"],
                by=request.worker, at=request.now,
            )  # fmt: skip
            messages.success(request, "読み合わせました。この鍵で包みをやりとりできます。")
            return redirect("referrals:keys")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request, "referrals/key.html", form=form, office=found.office.label, title="指紋の読み合わせ",
        button="読み合わせた", mine=found.entered_by_id == request.worker.pk,
    )  # fmt: skip


@writes
def end_key(request: Request, key_id: int) -> HttpResponse:
    """Stop using a partner's key at once."""
    found = partner_key_for(request.worker, key_id)
    form = forms_beyond.EndKeyForm(bound(request))
    if form.is_valid():
        try:
            deeds.end_partner_key(
                found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now
            )
            messages.success(request, "この鍵を止めました。先方にも知らせてください。")
            return redirect("referrals:keys")
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return page(
        request, "referrals/key.html", form=form, office=found.office.label, title="鍵を止める",
        button="止める", mine=False,
    )  # fmt: skip
