"""Keys and packages as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Office
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals.models import OwnKey, Package, PartnerKey
from tsunagi.referrals.rules.package import PackageKind, read_card

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class KeyCard:
    """A key and where it stands: 「読み合わせ待ち」「使えます」「止めました」."""

    id: int
    office: str
    fingerprint: str
    text: str
    state: str
    tone: str
    entered_by: str
    entered_by_id: int
    entered_at: datetime
    compared: str
    ended_reason: str


@dataclass(frozen=True)
class OwnKeyCard:
    """Our key that stands now, as it is sent to partners."""

    text: str
    fingerprint: str
    made_at: datetime
    made_by: str
    old_open_until: datetime | None


@dataclass(frozen=True)
class PackageCard:
    """A package in a list: which way, between whom, about which number; never what it says."""

    id: int
    way: str
    kind: str
    office: str
    number: str
    at: datetime
    until_at: datetime
    worker: str
    referral_id: int | None
    consultation_id: int | None
    answerable: bool


def own_key(now: datetime) -> OwnKeyCard | None:
    """The current key, or None when none was made yet."""
    row = OwnKey.objects.filter(replaced_at__isnull=True).select_related("made_by").first()
    if row is None:
        return None
    old = OwnKey.objects.filter(opens_until__gt=now).order_by("-opens_until").first()
    card = read_card(row.card)
    return OwnKeyCard(
        card.text, card.fingerprint, row.made_at, row.made_by.name, old.opens_until if old else None
    )


def key_cards() -> list[KeyCard]:
    """All keys of partners: living ones first."""
    rows = PartnerKey.objects.select_related("office", "entered_by", "compared_by").order_by(
        "ended_at", "-id"
    )
    return [_key_card(row) for row in sorted(rows, key=lambda row: (row.ended_at is not None, -row.pk))]


def _key_card(row: PartnerKey) -> KeyCard:
    if row.ended_at is not None:
        state, tone = "止めました", ""
    elif row.compared_at is None:
        state, tone = "読み合わせ待ち", "warning"
    else:
        state, tone = "使えます", "good"
    compared = f"{row.compared_by.name}(先方: {row.compared_with})" if row.compared_by is not None else ""
    return KeyCard(
        row.pk, row.office.label, read_card(row.card).fingerprint, row.card, state, tone, row.entered_by.name,
        row.entered_by_id, row.entered_at, compared, row.ended_reason,
    )  # fmt: skip


def offices_for_keys() -> list[tuple[int, str]]:
    """Open offices without an account: whose keys can be entered."""
    rows = Office.objects.filter(signs_in=False, is_active=True).order_by("name", "id")
    return [(row.pk, row.label) for row in rows]


def has_partner_key(office_id: int) -> bool:
    """Whether a package can be written to this office."""
    return PartnerKey.objects.filter(
        office_id=office_id, compared_at__isnull=False, ended_at__isnull=True
    ).exists()


def package_cards(worker: Worker) -> list[PackageCard]:
    """The last packages that this worker's offices sent or read in."""
    mine = offices_for(worker, Purpose.REFER)
    rows = (
        Package.objects.filter(
            Q(referral__from_office_id__in=mine)
            | Q(consultation__office_id__in=mine)
            | Q(answers__consultation__office_id__in=mine)
        )
        .select_related("partner__office", "referral", "worker")
        .order_by("-id")[:100]
    )
    return [package_card(row) for row in rows]


def package_card(row: Package) -> PackageCard:
    """One package."""
    number = row.referral.number if row.referral is not None else row.their_number
    return PackageCard(
        row.pk, "届いた" if row.incoming else "送った", PackageKind(row.kind).label, row.partner.office.label,
        number or "", row.at, row.until_at, row.worker.name, row.referral_id, row.consultation_id,
        row.incoming and row.kind == PackageKind.REFERRAL,
    )  # fmt: skip
