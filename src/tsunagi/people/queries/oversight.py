"""Who watches over a row where the office's own manager may not (sharing.md "Our own people").

A manager of an office in which somebody works who may be the other party of a protected person — by name, by their own
declaration, by the household — would learn of her from the board, from words meant for managers, from a hand-over list.
The row passes out of their sight, to whom the city named for that office, else to くらし連携担当. What the manager's office
does for her itself is not touched: this is oversight, not involvement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import coordination_office, managers_of, overseer_named, posts_of
from tsunagi.accounts.rules import Role
from tsunagi.people.access import closed_to
from tsunagi.people.rules import NEAR_RELATIONS, OwnRelation
from tsunagi.shared.kept import asked
from tsunagi.shared.rows import sees_whole

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# (office, party, worker): somebody posted in the office may be the other party of the protected party. Begins with the living
# protections, which are few. Both records of one person carry it, and the household she lives in, as in `closed_to`.
_KEPT_APART = """
    WITH pairs AS (
        SELECT person_id, unnest(other_party_workers) AS worker_id FROM people_protection WHERE ended_at IS NULL
        UNION
        SELECT p.person_id, o.worker_id FROM people_protection p
          JOIN people_ownperson o ON o.ended_at IS NULL AND o.relation = ANY(%(near)s::text[]) AND p.other_party_id = ANY(o.matched)
         WHERE p.ended_at IS NULL
        UNION
        SELECT p.person_id, o.worker_id FROM people_protection p
          JOIN people_membership theirs ON theirs.person_id = p.other_party_id AND theirs.ended_at IS NULL
          JOIN people_membership mine ON mine.household_id = theirs.household_id AND mine.ended_at IS NULL
          JOIN people_ownperson o ON o.ended_at IS NULL AND o.relation = %(self)s::text AND mine.person_id = ANY(o.matched)
         WHERE p.ended_at IS NULL
    ), roots AS (
        SELECT DISTINCT COALESCE(p.same_as_id, p.id) AS id, q.office_id, q.worker_id
          FROM pairs JOIN accounts_posting q ON q.worker_id = pairs.worker_id AND q.ended_at IS NULL
          JOIN people_party p ON p.id = pairs.person_id
    )
    SELECT roots.office_id, p.id, roots.worker_id FROM people_party p JOIN roots ON roots.id IN (p.id, p.same_as_id)
    UNION
    SELECT roots.office_id, m.household_id, roots.worker_id FROM people_membership m
      JOIN people_party p ON p.id = m.person_id
      JOIN roots ON roots.id = COALESCE(p.same_as_id, p.id)
     WHERE m.ended_at IS NULL
"""


@sees_whole("who may be the other party stands against whoever asks, in records they do not see")
def kept_apart() -> frozenset[tuple[int, int, int]]:
    """(office, party, worker): the party is protected, and this worker of the office may be the other party."""
    near = [kind.value for kind in NEAR_RELATIONS]
    rows = asked(_KEPT_APART, {"near": near, "self": OwnRelation.SELF.value})
    return frozenset((int(office), int(party), int(worker)) for office, party, worker in rows)


def _kept_apart(worker: Worker) -> frozenset[tuple[int, int, int]]:
    """Once per worker object, that is once per request."""
    known: frozenset[tuple[int, int, int]] | None = getattr(worker, "_kept_apart", None)
    if known is None:
        known = kept_apart()
        worker._kept_apart = known  # type: ignore[attr-defined]
    return known


def _leads(worker: Worker) -> set[int]:
    return {post.office_id for post in posts_of(worker) if post.role == Role.MANAGER}


def not_overseen(worker: Worker) -> frozenset[int]:
    """Parties whose rows this worker may not watch over: those closed to them, and those whose other party may be somebody
    of an office they lead."""
    led = _leads(worker)
    if not led:
        return closed_to(worker)
    theirs = {party for office, party, who in _kept_apart(worker) if office in led and who != worker.pk}
    return closed_to(worker) | theirs


def watched_instead(worker: Worker) -> frozenset[tuple[int, int]]:
    """(office, party): rows of that office which this worker watches over because its managers may not. The named other of the
    office; where nobody is named, くらし連携担当."""
    apart = {(office, party) for office, party, _ in _kept_apart(worker)}
    if not apart:
        return frozenset()
    offices = Office.objects.filter(pk__in={office for office, _ in apart}).order_by("pk")
    named = dict(offices.filter(overseer__is_active=True).values_list("pk", "overseer_id"))
    coordinates = any(post.role == Role.COORDINATOR for post in posts_of(worker))
    mine = {
        office
        for office, _ in apart
        if named.get(office) == worker.pk or (coordinates and office not in named)
    }
    hidden = not_overseen(worker)
    return frozenset((office, party) for office, party in apart if office in mine and party not in hidden)


def overseers_of(office_id: int, party_id: int | None) -> list[int]:
    """Who watches over a row of this party in this office: its managers, but for those who may not; where none is left, whom the
    city named for the office, else the duty worker of くらし連携担当. Empty only where all of them may not."""
    managers = managers_of(office_id)
    may = may_oversee(managers, party_id)
    if may or not managers:
        return may
    coordination = coordination_office()
    others = [overseer_named(office_id), coordination.duty_worker_id if coordination else None]
    return may_oversee([pk for pk in others if pk is not None], party_id)[:1]


def may_oversee(worker_ids: Iterable[int], party_id: int | None) -> list[int]:
    """Those of these workers who may watch over this party's rows, in their order."""
    if party_id is None:
        return list(worker_ids)
    return [pk for pk in worker_ids if party_id not in not_overseen(WorkerModel(pk=pk))]
