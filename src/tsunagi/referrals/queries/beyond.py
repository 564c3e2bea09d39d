"""What leaves the system: a つなぐシート and its 返信票, masked to what the referral carries (sharing.md)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from tsunagi.codes.queries import city_name, labels_of
from tsunagi.holding.queries import party_label
from tsunagi.intake.models import Informant
from tsunagi.people.models import Address, Membership, Phone
from tsunagi.people.queries import (
    NOT_ASKED,
    birth_facts_of,
    is_protected,
    members_of,
    person_card,
    safe_contact_of,
)
from tsunagi.people.rules import WITHHELD, ContactWay, Facet, PartyKind, show_age
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals.models import AnswerLink, Referral
from tsunagi.referrals.rules import (
    OPEN_STATES,
    PersonTold,
    ReferralState,
    RowState,
    referral_number,
    reply_number,
)
from tsunagi.shared.refusal import Refused
from tsunagi.shared.rows import sees_whole
from tsunagi.shared.wareki import show

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SHORTEST_HIDDEN = 4
"""Letters of a protected address or an informant's name below which a find in free text would be chance."""


def sheet_values(worker: Worker, referral: Referral, *, on: date) -> dict[str, Any]:
    """Everything the printed sheet shows, as the referral's facets allow and this worker sees it.

    Raises Refused when the written words give away a protected address or somebody who told us: what was typed is
    the sender's to mend, and a printed sheet cannot be called back.
    """
    check_words_for_outside(referral)
    facets = set(referral.facets)
    sender = referral.from_office
    return {
        "number": referral.number,
        "reply_number": reply_number(referral.number or ""),
        "city": city_name(),
        "to_office": referral.to_office.name,
        "to_fax": referral.to_office.fax,
        "from_office": sender.name,
        "from_worker": referral.from_worker.name,
        "from_phone": sender.phone,
        "from_fax": sender.fax,
        "from_hours": sender.opening_hours,
        "sent_on": show(referral.sent_at.astimezone().date()),
        "due_on": show(referral.answer_due_on),
        "person": _person(worker, referral, on) if Facet.BASIC in facets else [["氏名", WITHHELD]],
        "ways": _ways(worker, referral) if Facet.BASIC in facets else [],
        "household": _household(referral, on) if Facet.HOUSEHOLD in facets else [],
        "household_words": referral.household_words if Facet.HOUSEHOLD in facets else "",
        **_consultation(referral, facets),
        "person_told": PersonTold(referral.person_told).label if referral.person_told else "",
        "person_told_words": referral.person_told_words,
    }


@sees_whole("whoever holds a link and its PIN reads the sheet that was written for them")
def sheet_by_link(worker: Worker, referral: Referral, *, on: date) -> dict[str, Any]:
    """The same sheet, opened by a link: `worker` is who made the link. Ask only after the PIN."""
    return sheet_values(worker, referral, on=on)


def _consultation(referral: Referral, facets: set[str]) -> dict[str, Any]:
    if Facet.CONSULTATION not in facets:
        return {"concerns": [], "reason": "", "wishes": "", "troubles": []}
    rows = referral.rows.exclude(state=RowState.WITHDRAWN).select_related("concern").order_by("id")
    return {
        "concerns": [row.concern.description or "(内容はまだ書かれていません)" for row in rows],
        "reason": referral.reason,
        "wishes": referral.wishes,
        "troubles": list(labels_of("tsunagu_worries", referral.troubles)),
    }


def _person(worker: Worker, referral: Referral, on: date) -> list[list[str]]:
    """The lines of the person concerned; a household stands by its label alone."""
    if referral.party.kind != PartyKind.PERSON:
        return [["だれの", party_label(referral.party)]]
    card = person_card(worker, referral.party.person, on=on)
    closed = card.withheld or is_protected(referral.party_id)
    silent = _says(worker, referral, "方法") == ContactWay.NOT_AT_ALL.label
    phones = "・".join(phone.number for phone in card.phones)
    return [
        ["氏名", card.shown_name],
        ["フリガナ", card.kana],
        ["性別", card.sex],
        ["生年月日", card.birth],
        ["住所", WITHHELD if closed else "\n".join(address.text for address in card.addresses)],
        ["電話", WITHHELD if closed else ("こちらからは連絡しないでください" if silent else phones)],
    ]


def _ways(worker: Worker, referral: Referral) -> list[list[str]]:
    """連絡のしかた: what was asked, before any number. What nobody asked yet is said too."""
    if referral.party.kind != PartyKind.PERSON:
        return []
    card = safe_contact_of(worker, referral.party.person)
    return [[label, words] for label, words in card.lines] if card.asked else [["連絡のしかた", NOT_ASKED]]


def _says(worker: Worker, referral: Referral, label: str) -> str:
    return dict(safe_contact_of(worker, referral.party.person).lines).get(label, "")


def _household(referral: Referral, on: date) -> list[list[str]]:
    """Members by relation and age only; a protected member does not stand there at all."""
    rows = (
        Membership.objects.filter(ended_at__isnull=True)
        .filter(household_id=referral.party_id)
        .select_related("person")
        .order_by("id")
        if referral.party.kind == PartyKind.HOUSEHOLD
        else Membership.objects.filter(
            household__memberships__person_id=referral.party_id,
            household__memberships__ended_at__isnull=True,
            ended_at__isnull=True,
        )
        .exclude(person_id=referral.party_id)
        .select_related("person")
        .order_by("id")
        .distinct()
    )
    found = []
    for row in rows:
        if is_protected(row.person_id) or row.person.died_on is not None:
            continue
        relation = "・".join(labels_of("relations", [row.relation])) if row.relation else ""
        found.append([relation or "ご家族", show_age(birth_facts_of(row.person), on) or "年齢は不明"])
    return found


@sees_whole("who is guarded must never be missed by who looks")
def check_words_for_outside(referral: Referral) -> None:
    """Raise Refused when a text of the sheet holds a protected person's address or phone, or an informant's name."""
    people = {referral.party_id, *members_of(referral.party_id)}
    guarded = [pk for pk in people if is_protected(pk)]
    written = _plain(
        " ".join(
            [
                referral.reason,
                referral.wishes,
                referral.household_words,
                referral.person_told_words,
                *(row.concern.description for row in referral.rows.select_related("concern").order_by("id")),
            ]
        )
    )
    if any(words in written for words in _places_of(guarded)):
        raise Refused(
            "シートの文に、守っている住所か電話が書かれています。このままでは外に出せません。取り下げて、その部分を消してから送り直してください。"
        )
    told = Informant.objects.filter(consultation__party_id__in=people).order_by("pk")
    names = {_plain(words) for row in told for words in (row.name, row.contact)}
    if any(len(words) >= SHORTEST_HIDDEN - 1 and words in written for words in names):
        raise Refused(
            "シートの文に、情報をくださった方のお名前か連絡先が書かれているようです。外には出せません。取り下げて、その部分を消してから送り直してください。"
        )


def _places_of(person_ids: list[int]) -> set[str]:
    """Addresses and phones, of today and of before, as they would stand in a text."""
    texts = [
        *Address.objects.filter(person_id__in=person_ids).order_by("id").values_list("text", flat=True),
        *Phone.objects.filter(person_id__in=person_ids).order_by("id").values_list("number", flat=True),
    ]
    return {plain for text in texts if len(plain := _plain(text)) >= SHORTEST_HIDDEN}


def _plain(text: str) -> str:
    return re.sub(r"[\s\-ー－‐−()（）・]", "", unicodedata.normalize("NFKC", text))


# -- what came back ----------------------------------------------------------------------------------------------------


def referral_by_reply_number(worker: Worker, typed: str) -> int:
    """The referral this 返信票 belongs to, among those the worker's offices sent. Raises Refused with what to do."""
    number = referral_number(typed)
    found = (
        Referral.objects.filter(number=number, from_office_id__in=offices_for(worker, Purpose.REFER))
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise Refused(
            "この番号のつなぎは、こちらの機関からは送られていません。ほかの窓口の返信票かもしれません。票の「返信先」を確かめてください。",
            field="number",
        )
    return found


def why_no_answer_is_taken(referral: Referral) -> str:
    """Why a paper answer changes nothing any more; "" when it can still be taken in."""
    if referral.to_office.signs_in:
        return "この機関は、いまはシステムで返事をします。紙の返事は、やりとりに書き添えてください。"
    if referral.state == ReferralState.WITHDRAWN:
        return "このつなぎは取り下げてあります。返事が届いたことは、先方に電話でお礼と事情を伝えてください。"
    if referral.state == ReferralState.DECLINED:
        return "このつなぎには、受けられないとの返事がすでに記録されています。気持ちが変わったときは、もう一度送ってください。"
    if referral.state not in OPEN_STATES and referral.first_contact_at is not None:
        return "このつなぎの返事と「会えました」は、すでに記録されています。"
    return ""


@dataclass(frozen=True)
class LinkCard:
    """The link of a referral as its sender sees it. `answer` is what came, as the reply form starts with it."""

    id: int
    until_at: datetime
    opened_at: datetime | None
    locked: bool
    expired: bool
    answered_at: datetime | None
    answer: dict[str, Any] | None


def link_card(referral_id: int, now: datetime) -> LinkCard | None:
    """The link that was not ended yet (open, locked, expired or answered), or None."""
    link = AnswerLink.objects.filter(referral_id=referral_id, ended_at__isnull=True).order_by("-id").first()
    if link is None:
        return None
    answer = None
    if link.answered_at is not None:
        answer = {
            "answer": "yes" if link.accepted else "no",
            "reason": link.decline_reason,
            "who": link.who,
            "met_on": link.met_on,
            "next_on": link.next_on,
            "words": link.words,
        }
    return LinkCard(
        link.pk, link.until_at, link.opened_at, link.locked_at is not None, link.until_at <= now,
        link.answered_at, answer,
    )  # fmt: skip


def agencies_waiting(worker: Worker) -> list[tuple[int, str, int]]:
    """Agencies without an account that owe the worker's offices an answer or a 「会えました」: (office, name, how many)."""
    rows = (
        of_agencies(worker)
        .order_by("to_office__name", "to_office_id")
        .values_list("to_office_id", "to_office__name")
        .annotate(count=Count("id"))
    )
    return [(pk, name, count) for pk, name, count in rows]


def of_agencies(worker: Worker, office_id: int | None = None) -> QuerySet[Referral]:
    """Referrals to agencies without an account whose loop is not closed yet."""
    rows = Referral.objects.filter(
        Q(state__in=OPEN_STATES)
        | Q(
            state__in=[ReferralState.ACCEPTED, ReferralState.PARTLY], first_contact_at__isnull=True, result=""
        ),
        from_office_id__in=offices_for(worker, Purpose.REFER),
        to_office__signs_in=False,
    )
    return rows.filter(to_office_id=office_id) if office_id else rows
