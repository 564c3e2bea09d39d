"""A promise that was passed on goes on in its successor: who finds something out after somebody left."""

from __future__ import annotations

from collections.abc import Iterable

from tsunagi.holding.models import Promise

LONGEST_CHAIN = 50


def living_promises(promise_ids: Iterable[int]) -> dict[int, Promise]:
    """promise → the open promise it has become (itself, or a successor's); those that ended are left out."""
    roots = {pk: pk for pk in promise_ids}
    found: dict[int, Promise] = {}
    for _ in range(LONGEST_CHAIN):
        if not roots:
            break
        for promise in (
            Promise.objects.filter(pk__in=roots, is_open=True).select_related("worker").order_by("pk")
        ):
            found[roots.pop(promise.pk)] = promise
        following = (
            Promise.objects.filter(previous_id__in=roots).order_by("pk").values_list("pk", "previous_id")
        )
        roots = {pk: roots[before] for pk, before in following if before is not None}
    return found
