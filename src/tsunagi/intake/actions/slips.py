"""困りごと相談連絡票: made, agreed to by the person, taken in as a consultation (総税企第119号・社援地発1001第9号)."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Office
from tsunagi.intake.models import Consultation, Slip
from tsunagi.intake.rules import CallerKind, SlipConsent, WayBack
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year

from .consultations import AboutWish, take_consultation

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

TEXTS = {
    "name": "お名前",
    "kana": "よみ",
    "birth": "生年月日",
    "phone": "電話",
    "address": "住所",
    "words": "困りごと",
}
NOT_FOUND = "この番号の連絡票は見つかりません。紙の右上の番号を、もう一度確かめてください。"


def make_slip(*, office_id: int, by: Worker, at: datetime, **written: str) -> Slip:
    """Make a numbered slip, blank or filled as far as it is known. Raises Refused for a 個人番号."""
    for name, label in TEXTS.items():
        refuse_my_number(written.get(name, ""), label, name)
    slip = Slip.objects.create(
        number=uuid.uuid4().hex[:20],
        office_id=office_id,
        made_by=by,
        made_at=at,
        **{name: written.get(name, "").strip() for name in TEXTS},
    )
    # The number is the row's own: a slip that was not stored leaves no gap that somebody could look for.
    slip.number = f"連{fiscal_year(day_of(at)) - 2018}-{slip.pk:05d}"
    slip.save(update_fields=["number"])
    record(
        "slip.made",
        subject_kind="slip",
        subject_id=slip.pk,
        by=by.pk,
        at=at,
        detail={"office": office_id, "filled": [name for name in TEXTS if written.get(name, "").strip()]},
    )
    return slip


def agree_to_slip(number: str, *, consent: str, consent_on: date | None, by: Worker, at: datetime) -> Slip:
    """A signed paper is in hand: write down that the person agreed, and find it by its number.

    Raises Refused for an unknown number, without consent, or when it was taken in already.
    """
    typed = unicodedata.normalize("NFKC", number).strip().replace(" ", "")
    slip = Slip.objects.select_for_update().filter(number=typed).first()
    if slip is None:
        raise Refused(NOT_FOUND, field="number")
    if slip.consultation_id is not None:
        raise Refused("この連絡票は、すでに受け付けてあります。", field="number")
    if consent != SlipConsent.YES:
        raise Refused(
            "同意の欄に署名がないときは、受け付けられません。本人が来たときに、そのまま相談を受けてください。",
            field="consent",
        )
    if consent_on and consent_on > day_of(at):
        raise Refused("署名の日が今日より後になっています。日付を確かめてください。", field="consent_on")
    slip.consent, slip.consent_on, slip.agreed_by = SlipConsent.YES, consent_on or day_of(at), by
    slip.save(update_fields=["consent", "consent_on", "agreed_by"])
    record(
        "slip.agreed",
        subject_kind="slip",
        subject_id=slip.pk,
        by=by.pk,
        at=at,
        ground="02",
        detail={"on": slip.consent_on.isoformat()},
    )
    return slip


def take_slip(
    slip: Slip, *, office_id: int, way_back_words: str, by: Worker, at: datetime, **written: str
) -> Consultation:
    """Take an agreed slip in as a consultation of this desk, recommended by the section that made it."""
    locked = Slip.objects.select_for_update().get(pk=slip.pk)
    if locked.consultation_id is not None:
        raise Refused("この連絡票は、すでに受け付けてあります。")
    if locked.consent != SlipConsent.YES:
        raise Refused("本人の同意を確かめてから受け付けてください。")
    section = Office.objects.get(pk=locked.office_id)
    reach = " ".join(filter(None, (written.get("phone", "").strip(), way_back_words.strip())))
    about: dict[str, Any] = {name: written.get(name, "") for name in TEXTS if name != "words"}
    taken = take_consultation(
        by=by,
        at=at,
        office_id=office_id,
        about=AboutWish(**about),
        words=written.get("words", ""),
        caller_kind=CallerKind.SECTION,
        caller_words=f"{section.label}から(連絡票 {locked.number}・本人の同意あり)"[:120],
        way_back=WayBack.PHONE if written.get("phone", "").strip() else "",
        way_back_words=reach[:200],
    )
    locked.consultation, locked.taken_at, locked.taken_by = taken, at, by
    locked.save(update_fields=["consultation", "taken_at", "taken_by"])
    record(
        "slip.taken",
        subject_kind="slip",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        ground="02",
        detail={"consultation": taken.pk},
    )
    return taken
