"""The door of a package that came in: the desk that took it, by the consultation it became."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.permissions.access import require, require_administrator
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals.models import Package, PartnerKey
from tsunagi.shared.edges import leave_trail

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def package_for(worker: Worker, package_id: int) -> Package:
    """A referral that came in as a package, for the office whose consultation it became; else 404."""
    require(worker, Purpose.REFER)
    found = (
        Package.objects.filter(
            pk=package_id, incoming=True, consultation__office_id__in=offices_for(worker, Purpose.REFER)
        )
        .select_related("partner__office", "worker", "referral")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("package.seen", subject_kind="package", subject_id=found.pk, purpose=Purpose.REFER)
    return found


def partner_key_for(worker: Worker, key_id: int) -> PartnerKey:
    """A partner's key, for whoever administers the whole city."""
    require_administrator(worker)
    found = PartnerKey.objects.filter(pk=key_id).select_related("office").first()
    if found is None:
        raise Http404
    leave_trail(
        "partner_key.seen", subject_kind="partner_key", subject_id=found.pk, purpose=Purpose.ADMINISTER
    )
    return found
