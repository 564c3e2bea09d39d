"""Filters a worker names and keeps: what was chosen on a list, never what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import office_ids
from tsunagi.journal.actions import record
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.models import SavedFilter
from tsunagi.workbench.rules import ListPlace, asked_of, check_filter_name

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

MOST = 20


def keep_filter(
    place: str,
    name: str,
    asked: Mapping[str, str],
    *,
    default: bool = False,
    office_id: int | None = None,
    by: Worker,
    at: datetime,
) -> SavedFilter:
    """Keep what a list is filtered by, under a name. The same name again replaces it. Raises Refused.

    `office_id`: shared with this office of the worker.
    """
    plain = check_filter_name(name)
    chosen = asked_of(place, asked)
    if not chosen:
        raise Refused("まだ何もしぼっていません。先に条件を選んでから残してください。", field="name")
    if office_id is not None and office_id not in office_ids(by):
        raise Refused("条件を分けられるのは、自分の機関だけです。", field="office")
    mine = SavedFilter.objects.filter(worker=by, place=ListPlace(place))
    if mine.exclude(name=plain).count() >= MOST:
        raise Refused("残せる条件は、一覧ごとに20までです。使わないものを消してください。", field="name")
    if default:
        mine.filter(is_default=True).update(is_default=False)
    kept, _new = SavedFilter.objects.update_or_create(
        worker=by,
        place=ListPlace(place),
        name=plain,
        defaults={"asked": chosen, "is_default": default, "office_id": office_id, "kept_at": at},
    )
    record("filter.kept", subject_kind="filter", subject_id=kept.pk, by=by.pk, at=at, detail={"of": place})
    return kept


def use_first(kept: SavedFilter, wanted: bool) -> None:
    """The list opens with this filter from now on, or with none."""
    SavedFilter.objects.filter(worker_id=kept.worker_id, place=kept.place, is_default=True).update(
        is_default=False
    )
    SavedFilter.objects.filter(pk=kept.pk).update(is_default=wanted)


def share_filter(kept: SavedFilter, office_id: int | None, *, by: Worker) -> None:
    """The office sees this filter beside its own, or no more. Raises Refused for an office that is not the worker's."""
    if office_id is not None and office_id not in office_ids(by):
        raise Refused("条件を分けられるのは、自分の機関だけです。", field="office")
    SavedFilter.objects.filter(pk=kept.pk).update(office_id=office_id)


def drop_filter(kept: SavedFilter) -> None:
    """Throw one's own filter away."""
    kept.delete()
