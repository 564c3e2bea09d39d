"""Writing down and changing a person, how they are reached, and their protection."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id
from tsunagi.people import actions, forms
from tsunagi.people.access import person_for
from tsunagi.people.queries import (
    addresses_set_aside,
    birth_of,
    changes_of,
    contact_values,
    lived_with,
    own_people_of,
    person_card,
    safe_contact_of,
)
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._flow import home, opened_sheet, run


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Write a person down. Nothing is required."""
    require(request.worker, Purpose.WRITE_PERSON, Reach.INVOLVED)
    sheet = opened_sheet("new", "人の登録", reverse("people:new"), request=request)
    form = forms.NewPersonForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        person = actions.register_person(
            by=request.worker, at=request.now, office=main_office_id(request.worker), **form.wish()
        )
        return home(person.pk), "登録しました。相談や課題につなぐと、この方を続けて見られます。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="人を登録する",
        words="分かることだけで登録できます。あとから足せます。", button="登録する", back=reverse("people:index"),
    )  # fmt: skip


@writes
def edit(request: HttpRequest, party_id: int) -> HttpResponse:
    """Change name, kana, birth date, language; somebody else's change in between is shown beside."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("edit", "人の記録の変更", request.path, request=request)
    names = ("name", "kana", "sex", "languages", "interpreter", "note")
    initial = {name: getattr(person, name) for name in names} | {"birth": birth_of(person)}
    form = forms.PersonForm(bound(request), initial=initial)
    sheet.fill(form)

    def act() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or person.revision
        actions.change_person(person, by=request.worker, at=request.now, revision=revision, **form.said())
        return home(person.pk), "直しました。前の内容は履歴に残っています。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="人の記録を直す",
        button="保存する", back=home(person.pk), revision=person.revision, history=changes_of(request.worker, person),
    )  # fmt: skip


@writes
def safe_contact(request: HttpRequest, party_id: int) -> HttpResponse:
    """連絡のしかた: how this person may be reached without harm."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("safe_contact", "連絡のしかた", request.path, request=request)
    initial = contact_values(request.worker, person)
    form = forms.SafeContactForm(bound(request), initial=initial)
    sheet.fill(form)

    def act() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or 0
        actions.set_safe_contact(person, by=request.worker, at=request.now, revision=revision, **form.said())
        return home(person.pk), "連絡のしかたを書きました。電話番号と住所の前に出ます。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="連絡のしかた",
        words="聞いていないところは空けておきます。空きは「まだ聞いていない」と出ます。", button="保存する",
        back=home(person.pk), revision=initial["revision"],
    )  # fmt: skip


@writes
def reach(request: HttpRequest, party_id: int) -> HttpResponse:
    """Numbers, addresses and other names in use; each can end, none is deleted."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    if request.method == "POST":
        try:
            messages.success(request, _end(request, person.pk))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("people:reach", person.pk)
    card = person_card(request.worker, person, on=request.today)
    said = safe_contact_of(request.worker, person).brief
    aside = addresses_set_aside(request.worker, person, on=request.today) if not card.protected else []
    return page(request, "people/reach.html", person=card, said=said, aside=aside, back=home(person.pk))


def _end(request: HttpRequest, person_id: int) -> str:
    """End the number or address whose button was pressed, or use one again that was set aside; what to say."""
    again = request.POST.get("again", "")
    if again.isdigit():
        actions.use_address_again(person_id, int(again), by=request.worker, at=request.now)
        return "また使う住所にしました。検索や紙にも出ます。"
    phone, address = request.POST.get("phone", ""), request.POST.get("address", "")
    if phone.isdigit():
        actions.end_phone(person_id, int(phone), by=request.worker, at=request.now)
    if address.isdigit():
        actions.end_address(
            person_id, int(address), until_on=request.today, by=request.worker, at=request.now
        )
    return "使われなくなったものにしました。記録は残っています。"


@writes
def phone_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Add a number."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("phone", "電話番号の追加", request.path, request=request)
    form = forms.PhoneForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.add_phone(person, form.wish(), by=request.worker, at=request.now)
        return reverse("people:reach", args=[person.pk]), "電話番号を足しました。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="電話番号を足す",
        button="足す", back=reverse("people:reach", args=[person.pk]),
    )  # fmt: skip


@writes
def address_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Add an address; an older one of the same kind ends."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("address", "住所の追加", request.path, request=request)
    form = forms.AddressForm(bound(request), initial={"kind": "living"})
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.add_address(
            person, form.wish(), by=request.worker, at=request.now, from_on=form.cleaned_data["from_on"]
        )
        return reverse(
            "people:reach", args=[person.pk]
        ), "住所を足しました。同じ種類の前の住所は、終わりにしました。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="住所を足す",
        button="足す", back=reverse("people:reach", args=[person.pk]),
    )  # fmt: skip


@writes
def alias_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Add another name."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON)
    sheet = opened_sheet("alias", "別名の追加", request.path, request=request)
    form = forms.AliasForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.add_alias(person, form.wish(), by=request.worker, at=request.now)
        return reverse("people:reach", args=[person.pk]), "別名を足しました。この名前でもさがせます。"

    return run(
        form, act, request=request, template="people/form.html", sheet=sheet, title="通称・旧姓などを足す",
        button="足す", back=reverse("people:reach", args=[person.pk]),
    )  # fmt: skip


@writes
def protect(request: HttpRequest, party_id: int) -> HttpResponse:
    """仮保護: one click, a reason in a word. From then on no search and no list shows this person."""
    person = person_for(request.worker, party_id, Purpose.PROTECT)
    sheet = opened_sheet("protect", "仮保護", request.path, request=request)
    form = forms.ProtectForm(bound(request), members=lived_with(request.worker, person, on=request.today))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.protect(person, by=request.worker, at=request.now, **form.wish())
        return (
            home(person.pk),
            "保護しました。検索と一覧には、もう出ません。5開庁日のうちに、ふたりで続けるかを決めます。居場所の分かる記録も、この方の画面から確かめてください。",
        )

    return run(
        form, act, request=request, template="people/protect.html", sheet=sheet, title="仮保護をかける",
        button="いま保護する", back=home(person.pk),
    )  # fmt: skip


@writes
def own(request: HttpRequest) -> HttpResponse:
    """自分に関わる方: those records close for this worker. Whether any is known here is never told."""
    require(request.worker, Purpose.MESSAGE)
    sheet = opened_sheet("own", "自分に関わる方", reverse("people:own"), request=request)
    if "withdraw" in request.POST:
        number = request.POST["withdraw"]
        if number.isdigit():
            actions.withdraw_own(request.worker, int(number), at=request.now)
        messages.success(request, "取り下げました。")
        return redirect("people:own")
    form = forms.OwnPersonForm(bound(request))
    sheet.fill(form)

    def act() -> tuple[str, str]:
        actions.declare_own(request.worker, at=request.now, **form.said())
        return reverse("people:own"), "受け取りました。記録があってもなくても、この画面に出ることは同じです。"

    return run(
        form, act, request=request, template="people/own.html", sheet=sheet, title="自分に関わる方",
        own=own_people_of(request.worker), back=reverse("people:index"),
    )  # fmt: skip
