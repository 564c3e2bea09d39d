"""Deeds that end where the rows of several modules are visible: taking a merge back, row by row (H12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.cases.actions import say_whose_file
from tsunagi.desk.queries import rows_since
from tsunagi.holding.actions import say_whose
from tsunagi.holding.models import Hold
from tsunagi.intake.actions import say_who
from tsunagi.intake.models import Consultation
from tsunagi.notices.actions import tell
from tsunagi.people.actions import part_persons
from tsunagi.people.models import Merge
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


TOLD = "担当の方の記録の統合が、元に戻されました。書いたことが正しい方に残っているか、確かめてください。"


def part(merge: Merge, *, reason: str, belongs: Mapping[str, int], by: Worker, at: datetime) -> Merge:
    """Take a merge back. `belongs` says for every row written after it whose it is: "concern:12" → party.

    Holders on either side are told. Raises Refused when a row was written meanwhile that nobody was asked about, or
    when a row cannot go over yet; then nothing happened.
    """
    if merge.parted_at is not None:
        return merge
    ends = (merge.kept_id, merge.joined_id)
    rows = rows_since(by, merge)
    missing = [row for row in rows if belongs.get(row.key) not in ends]
    if missing:
        raise Refused(
            "統合のあとに書かれた記録が、ほかにもあります。どちらの方のことかを、すべて選んでください。"
        )
    done = part_persons(merge, reason=reason, by=by, at=at)
    for row in rows:
        whose = belongs[row.key]
        if whose == row.party_id:
            continue
        if row.kind == "concern":
            say_whose(row.id, whose, by=by, at=at)
        elif row.kind == "case":
            say_whose_file(row.id, whose, by=by, at=at)
        else:
            say_who(Consultation.objects.get(pk=row.id), whose, by=by, at=at)
    for party_id in ends:
        holders = set(
            Hold.objects.filter(concern__party_id=party_id, closed_at__isnull=True).values_list(
                "worker_id", flat=True
            )
        )
        tell(holders - {by.pk}, TOLD, f"/person/{party_id}/", kind="merge", at=at)
    return done
