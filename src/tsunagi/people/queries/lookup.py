"""Lookup while typing, and matching for imports: over folded keys, ranked with reasons.

Protected persons, and those out of search, have no keys: whatever is asked, the same statements run over the same
rows as if they did not exist. Ranges are `key >= x AND key < x + U+10FFFF` on a "C" column: never LIKE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from tsunagi.accounts.queries import main_office_id
from tsunagi.people.access import closed_to, tier_of
from tsunagi.people.events import LookedUp
from tsunagi.people.rules import (
    LIKELY,
    Asked,
    Birth,
    BirthFacts,
    Evidence,
    Home,
    KeyKind,
    Match,
    Tier,
    birth_key,
    evidence_of,
    is_full,
    nameable,
    orders_of,
    read_birth_key,
    read_fields,
    read_text,
    score,
    search_ranges,
    show_age,
    show_birth,
    two_of_three,
)
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.events import announce
from tsunagi.shared.rows import sees_whole

from .cards import UNNAMED, brief_of, contact_lines
from .home import home, town_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# How many candidates of one range are weighed, and how many in all: a single kana stands before thousands.
PER_RANGE = 60
PER_LOOKUP = 80
# A worker who sees no more than this is asked for their own persons one by one, any other by a walk along the keys.
FEW = 1_500
# How far the rarest of several words is walked to find whom all of them point at.
WALK = 1_000
TOP = "\U0010ffff"


@dataclass(frozen=True)
class LookupCard:
    """One person a lookup shows, as far as this worker may see (sharing.md).

    `person_id` is None for a hint: a record exists, and nothing of it is told. `offices` are named; `others` says
    that there are more, whose very name would tell. `phone` and `address` stand on cards of involved persons only, after `way`
    (連絡のしかた in one line; "" where nobody asked yet).
    """

    tier: Tier
    person_id: int | None
    name: str
    kana: str
    birth: str
    age: str
    town: str
    phone: str
    address: str
    offices: tuple[str, ...]
    others: bool
    points: int
    certain: bool
    reasons: tuple[str, ...]
    way: str = ""


@dataclass(frozen=True)
class _Candidate:
    person_id: int
    involved: bool
    evidence: Evidence
    joined_to: int | None
    """The record of the same person it was joined to (統合)."""


@sees_whole("心当たり照会: whom others know, by tier")
def lookup(
    worker: Worker,
    text: str | Mapping[str, Any] | Asked,
    limit: int = 10,
    *,
    on: date | None = None,
    trail: bool = True,
) -> list[LookupCard]:
    """Persons who may be meant, best first: those the worker's offices are involved with, then index cards or hints.

    `text` is what stands in one box, or a dict of name, kana, birth, phone, address. Leaves a trail with the ids
    shown. A hint is shown at most once, whoever and however many it stands for.
    """
    asked = _read(text, on)
    offices = offices_for(worker, Purpose.LOOK_UP)
    if asked.empty or not offices:
        return []
    wanted = evidence_of(asked)
    tier = tier_of(worker)
    closed = closed_to(worker)
    shown: list[tuple[Tier, Match]] = []
    hinted: Match | None = None
    candidates = _candidates(asked, offices, worker.pk)
    # Two records of one person are one line for whoever is involved with both; else each is its own.
    mine = {candidate.person_id for candidate in candidates if candidate.involved}
    for candidate in candidates:
        if candidate.person_id in closed or (candidate.involved and candidate.joined_to in mine):
            continue
        match = score(candidate.person_id, wanted, candidate.evidence)
        if candidate.involved:
            shown.append((Tier.INVOLVED, match))
        elif tier is Tier.INDEX:
            shown.append((Tier.INDEX, match))
        elif tier is Tier.HINT and hinted is None and two_of_three(wanted, candidate.evidence):
            hinted = match
    shown.sort(
        key=lambda pair: (-pair[1].certain, -pair[1].points, pair[0] is not Tier.INVOLVED, pair[1].person_id)
    )
    cards = _cards(shown[:limit], on)
    if hinted is not None:
        cards.append(_HINT)
    if trail:
        leave_trail(
            "people.looked_up",
            subject_kind="lookup",
            subject_id=None,
            purpose=Purpose.LOOK_UP,
            detail={"by": asked.by, "shown": [card.person_id for card in cards if card.person_id]},
        )
        announce(LookedUp(worker.pk, main_office_id(worker), asked))
    return cards


def _read(said: str | Mapping[str, Any] | Asked, on: date | None, where: Home | None = None) -> Asked:
    if isinstance(said, str):
        said = read_text(said, on=on)
    elif not isinstance(said, Asked):
        said = read_fields(**said, on=on)
    return said.keyed(where or home())


_HINT = LookupCard(Tier.HINT, None, "", "", "", "", "", "", "", (), False, 0, False, ())


# -- candidates -----------------------------------------------------------------------------------------


def _candidates(asked: Asked, offices: Sequence[int], worker_id: int) -> list[_Candidate]:
    """Persons any part of the question points at, with all their keys; no part of it walks further than a set distance."""
    questions = _questions(asked)
    ranges = list(dict.fromkeys(found for question in questions for found in question))
    if not ranges:
        return []
    params: list[Any] = [list(offices), worker_id]
    nears = [_near(number, found, params) for number, found in enumerate(ranges)]
    hits = [f"SELECT person_id, question, false AS own FROM near{number}" for number in range(len(ranges))]
    hits += [_own_few(ranges, params), *(_own_many(n, found, params) for n, found in enumerate(ranges))]
    hits += _crossing(asked, params)
    statement = f"""
        WITH mine AS MATERIALIZED (
            SELECT DISTINCT party_id FROM people_involvement
             WHERE ended_at IS NULL AND office_id = ANY(%s) AND (worker_id IS NULL OR worker_id = %s)
        ), {", ".join(nears)}, hit AS ({" UNION ALL ".join(hits)}),
        root AS (
            SELECT p.id, p.same_as_id, count(DISTINCT hit.question) AS answers
              FROM hit JOIN people_party p ON p.id = hit.person_id
             WHERE NOT p.out_of_search
             GROUP BY p.id, p.same_as_id
             ORDER BY 3 DESC, bool_or(hit.own) DESC, 1 LIMIT {PER_LOOKUP}
        )
        SELECT root.id, root.same_as_id, k.kind, k.key,
               EXISTS (SELECT 1 FROM people_involvement i
                        WHERE i.party_id = root.id AND i.ended_at IS NULL AND i.office_id = ANY(%s)
                          AND (i.worker_id IS NULL OR i.worker_id = %s))
               OR EXISTS (SELECT 1 FROM people_membership m JOIN people_involvement i ON i.party_id = m.household_id
                           WHERE m.person_id = root.id AND m.ended_at IS NULL AND i.ended_at IS NULL
                             AND i.ground = '01' AND i.office_id = ANY(%s)
                             AND (i.worker_id IS NULL OR i.worker_id = %s))
          FROM root JOIN people_searchkey k ON k.person_id = root.id AND NOT k.shared_by_many
         WHERE NOT EXISTS (SELECT 1 FROM people_protection g WHERE g.person_id = root.id AND g.ended_at IS NULL)
    """
    params += [list(offices), worker_id, list(offices), worker_id]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    keys: dict[int, list[tuple[str, str]]] = {}
    involved: dict[int, bool] = {}
    joined_to: dict[int, int | None] = {}
    for person_id, kept_id, kind, key, is_involved in rows:
        keys.setdefault(person_id, []).append((kind, key))
        involved[person_id], joined_to[person_id] = is_involved, kept_id
    return [
        _Candidate(pk, involved[pk], evidence_from_keys(found), joined_to[pk]) for pk, found in keys.items()
    ]


Range = tuple[str, str]
"""A kind of key and what it begins with."""


def _questions(asked: Asked) -> list[list[Range]]:
    """The parts of the question; each is a list of ranges that answer it."""
    questions: list[list[Range]] = []
    for words in (asked.words, asked.kana):
        ranges = [found for order in orders_of(words) for found in search_ranges(order)]
        if ranges:
            questions.append(list(dict.fromkeys(ranges)))
    # An age finds nobody: it only helps to weigh those whom something else has found.
    if asked.birth.known and not asked.birth.about:
        questions.append([(KeyKind.BIRTH, birth_key(asked.birth))])
    if asked.phone:
        questions.append([(KeyKind.PHONE, asked.phone)])
    if asked.address:
        questions.append([(KeyKind.ADDRESS, asked.address)])
    return questions


_IN_RANGE = "kind = %s AND key >= %s AND key < %s"


def _bounds(found: Range) -> list[str]:
    kind, key = found
    return [kind, key, key + TOP]


def _keys_of_one(person: str) -> str:
    """All keys of one person, read by the person: OFFSET 0 keeps the planner from walking a whole range to find the few."""
    return f"(SELECT kind, key FROM people_searchkey WHERE person_id = {person} AND NOT shared_by_many OFFSET 0) k"


def _near(number: int, found: Range, params: list[Any]) -> str:
    """The first rows of a range, shortest key first: who is called exactly so comes before who begins so."""
    params += _bounds(found)
    return (
        f"near{number} AS MATERIALIZED (SELECT person_id, kind AS question FROM people_searchkey WHERE {_IN_RANGE}"
        f" AND NOT shared_by_many ORDER BY key, person_id LIMIT {PER_RANGE})"
    )


def _own_few(ranges: Sequence[Range], params: list[Any]) -> str:
    """Of ranges that are longer than that, the worker's own persons, asked one by one: they are few."""
    longer = []
    for number, found in enumerate(ranges):
        params += _bounds(found)
        longer.append(f"(SELECT count(*) FROM near{number}) = {PER_RANGE} AND {_IN_RANGE}")
    any_longer = " OR ".join(
        f"(SELECT count(*) FROM near{number}) = {PER_RANGE}" for number in range(len(ranges))
    )
    return (
        f"(SELECT mine.party_id, k.kind AS question, true AS own FROM mine CROSS JOIN LATERAL {_keys_of_one('mine.party_id')}"
        f" WHERE (SELECT count(*) FROM mine) <= {FEW} AND ({any_longer}) AND ({' OR '.join(longer)}) LIMIT {PER_LOOKUP})"
    )


def _own_many(number: int, found: Range, params: list[Any]) -> str:
    """The same for a worker who sees many: a walk along the range soon meets enough of them."""
    params += _bounds(found)
    return (
        # OFFSET 0 keeps the range one walk along the key index; planned together it may walk every person.
        "(SELECT person_id, question, true AS own FROM (SELECT person_id, kind AS question FROM people_searchkey"
        f" WHERE {_IN_RANGE} AND NOT shared_by_many OFFSET 0) range"
        f" WHERE (SELECT count(*) FROM mine) > {FEW} AND (SELECT count(*) FROM near{number}) = {PER_RANGE}"
        f" AND person_id IN (SELECT party_id FROM mine) LIMIT {PER_RANGE})"
    )


def _crossing(asked: Asked, params: list[Any]) -> list[str]:
    """Persons whom every single word points at: 「花子 山」 finds 山田 花子, 「山田 S23」 the one born in that year.

    One word is walked and whoever it points at is asked for the others. If one begins no more than `WALK` keys, it is
    that one and nobody is missed. Else those whom all words point at are more than a page shows, and the first
    of a birth or of a given name are walked: their keys stand in no order of family names, as whole names do.
    """
    names = [ranges for word in (*asked.words, *asked.kana) if (ranges := search_ranges((word,)))]
    if len(names) < len(asked.words) + len(asked.kana):
        return []
    born = asked.birth.known and not asked.birth.about
    words: list[list[Range]] = [[(str(KeyKind.BIRTH), birth_key(asked.birth))]] if names and born else []
    words += names
    if len(words) < 2:
        return []
    sizes = _sizes(words)
    rarest = min(range(len(words)), key=sizes.__getitem__)
    if sizes[rarest] <= WALK:
        return [_walked(rarest, words[rarest], words, params)]
    apart = [[found for found in ranges if found[0] in _STANDS_APART] for ranges in words]
    walks = [number for number in ([0] if born else range(len(words))) if apart[number]]
    crossed = [_walked(number, apart[number], words, params) for number in walks]
    crossed += [_walked(number, apart[number], words, params, own=True) for number in walks]
    crossed.append(
        "(SELECT party_id, 'crossing' AS question, true AS own FROM mine WHERE"
        f" (SELECT count(*) FROM mine) <= {FEW} AND {_pointed_at('mine.party_id', words, params)} LIMIT {PER_RANGE})"
    )
    return crossed


# Kinds of which equal keys are in the order of persons, whatever these are called besides.
_STANDS_APART = {KeyKind.BIRTH, KeyKind.PART, KeyKind.KPART, KeyKind.LPART, KeyKind.GUESS}


def _walked(
    number: int, ranges: Sequence[Range], words: list[list[Range]], params: list[Any], *, own: bool = False
) -> str:
    """Those along the ranges of one word at whom all the others point; `own`: of a worker's many persons only."""
    for found in ranges:
        params += _bounds(found)
    end = "OFFSET 0" if own else f"LIMIT {WALK}"
    walk = " UNION ALL ".join(
        f"(SELECT person_id FROM people_searchkey WHERE {_IN_RANGE} AND NOT shared_by_many {end})"
        for _ in ranges
    )
    if own:
        walk = (
            f"SELECT person_id FROM ({walk}) range WHERE (SELECT count(*) FROM mine) > {FEW}"
            f" AND person_id IN (SELECT party_id FROM mine) LIMIT {WALK}"
        )
    others = _pointed_at("met.person_id", words[:number] + words[number + 1 :], params)
    return (
        f"(SELECT person_id, 'crossing' AS question, {'true' if own else 'false'} AS own FROM"
        f" (SELECT DISTINCT person_id FROM ({walk}) walked) met WHERE {others} LIMIT {PER_RANGE})"
    )


def _pointed_at(person: str, words: Sequence[Sequence[Range]], params: list[Any]) -> str:
    """That every one of these words begins a key of the person."""
    asked = []
    for ranges in words:
        for found in ranges:
            params += _bounds(found)
        any_of = " OR ".join(_IN_RANGE for _ in ranges)
        asked.append(f"EXISTS (SELECT 1 FROM {_keys_of_one(person)} WHERE {any_of})")
    return " AND ".join(asked)


def _sizes(words: Sequence[Sequence[Range]]) -> list[int]:
    """How many keys each word begins; counting stops soon after `WALK`."""
    params: list[Any] = []
    counts = []
    for ranges in words:
        for found in ranges:
            params += _bounds(found)
        counts.append(
            " + ".join(
                f"(SELECT count(*) FROM (SELECT 1 FROM people_searchkey WHERE {_IN_RANGE} LIMIT {WALK + 1}) counted)"
                for _ in ranges
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return [int(count) for count in cursor.fetchone()]


def evidence_from_keys(keys: Iterable[tuple[str, str]]) -> Evidence:
    """What is known of a person, from their search keys."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, key in keys:
        found[kind].add(key)
    names, readings = found["name"], found["kana"]
    part, kpart = found["part"], found["kpart"]
    births = sorted(found["birth"], key=len)
    return Evidence(
        names=names,
        readings=readings,
        near=found["loose"],
        parts=part | kpart | found["lpart"] | found["guess"],
        full=is_full(names=names, readings=readings, has_parts=bool(part or kpart)),
        birth=read_birth_key(births[-1]) if births else Birth(),
        phones=found["phone"],
        addresses=found["address"],
    )


# -- cards ----------------------------------------------------------------------------------------------


# One statement for the few that are shown, whoever they are.
_CARDS = """
    SELECT p.party_id, p.name, p.kana, p.birth_on, p.birth_year, p.birth_month, p.birth_about, p.birth_text,
           (SELECT a.text FROM people_address a WHERE a.person_id = p.party_id AND a.until_on IS NULL
             ORDER BY a.kind <> 'living', a.id DESC LIMIT 1),
           (SELECT t.number FROM people_phone t WHERE t.person_id = p.party_id AND t.ended_at IS NULL
             ORDER BY t.id LIMIT 1),
           (SELECT json_build_array(s.way, s."when", s.under_name, s.message_allowed, s.plain_envelope, s.paper_allowed,
                                    s.who_may_know, s.note) FROM people_safecontact s WHERE s.person_id = p.party_id),
           (SELECT json_agg(json_build_array(COALESCE(NULLIF(o.short_name, ''), o.name), o.field) ORDER BY o.code)
              FROM accounts_office o WHERE o.id IN (
                SELECT i.office_id FROM people_involvement i WHERE i.party_id = p.party_id AND i.ended_at IS NULL))
      FROM people_person p WHERE p.party_id = ANY(%s)
"""


def _cards(shown: Sequence[tuple[Tier, Match]], on: date | None) -> list[LookupCard]:
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [[match.person_id for _tier, match in shown]])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_card(tier, match, rows[match.person_id], on) for tier, match in shown]


def _card(tier: Tier, match: Match, row: Sequence[Any], on: date | None) -> LookupCard:
    name, kana, *birth, address, phone, way, involved = row
    full = tier is Tier.INVOLVED
    facts = BirthFacts(*birth)
    offices = [(office, field) for office, field in involved or ()]
    named, others = (tuple(office for office, _field in offices), False) if full else nameable(offices)
    return LookupCard(
        tier=tier,
        person_id=match.person_id,
        name=name or kana or UNNAMED,
        kana=kana,
        birth=show_birth(facts),
        age=show_age(facts, on) if on else "",
        town=town_of(address) if address else "",
        phone=(phone or "") if full else "",
        address=(address or "") if full else "",
        offices=named,
        others=others,
        points=match.points,
        certain=match.certain,
        reasons=match.reasons,
        way=brief_of(contact_lines(*way)) if full and way else "",
    )


# -- matching for imports -------------------------------------------------------------------------------


@sees_whole("心当たり照会: whom others know, by tier")
def match(fields: Asked | Mapping[str, Any], *, on: date | None = None, limit: int = 5) -> list[Match]:
    """Known persons a row may be about, best first: certain ones may be linked, likely ones are proposed.

    `fields` are those of `read_fields`. Anything below likely is not returned.
    """
    return match_many([fields], on=on, limit=limit)[0]


@sees_whole("心当たり照会: whom others know, by tier")
def match_many(
    rows: Sequence[Asked | Mapping[str, Any]], *, on: date | None = None, limit: int = 5
) -> list[list[Match]]:
    """`match` for many rows at once: two statements whatever the number of rows; answers in the order of the rows.

    Only whole keys are compared (a whole name, a whole number), never beginnings. Two certain persons for one row
    are nobody certain: the row then has two likely ones.
    """
    where = home()
    asked = [_read(row, on, where) for row in rows]
    wanted = [evidence_of(row) for row in asked]
    pointing: dict[tuple[str, str], list[int]] = {}
    for index, evidence in enumerate(wanted):
        for pair in _whole_keys(evidence):
            pointing.setdefault(pair, []).append(index)
    found = _exact(pointing)
    known = keys_of({pk for ids in found.values() for pk in ids})
    answers: list[list[Match]] = []
    candidates: list[set[int]] = [set() for _ in rows]
    for pair, ids in found.items():
        for index in pointing[pair]:
            candidates[index] |= ids
    for evidence, ids in zip(wanted, candidates, strict=True):
        best = sorted((score(pk, evidence, known[pk]) for pk in ids), key=lambda m: (-m.points, m.person_id))
        answers.append(_only_one_certain([m for m in best if m.points >= LIKELY][:limit]))
    return answers


def _whole_keys(evidence: Evidence) -> set[tuple[str, str]]:
    pairs = {(KeyKind.NAME, key) for key in evidence.names} | {
        (KeyKind.KANA, key) for key in evidence.readings
    }
    pairs |= {(KeyKind.LOOSE, key) for key in evidence.near}
    pairs |= {(KeyKind.PHONE, key) for key in evidence.phones} | {
        (KeyKind.ADDRESS, key) for key in evidence.addresses
    }
    return {(str(kind), key) for kind, key in pairs if key}


def _exact(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Which persons carry exactly these keys. Keys many share are not asked."""
    wanted = list(pairs)
    found: dict[tuple[str, str], set[int]] = {}
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT k.kind, k.key, COALESCE(p.same_as_id, p.id)
              FROM unnest(%s::text[], %s::text[]) AS w(kind, key)
              JOIN people_searchkey k ON k.kind = w.kind AND k.key = w.key COLLATE "C" AND NOT k.shared_by_many
              JOIN people_party p ON p.id = k.person_id
             WHERE NOT p.out_of_search AND NOT EXISTS (
                SELECT 1 FROM people_protection g
                 WHERE g.person_id = COALESCE(p.same_as_id, p.id) AND g.ended_at IS NULL)
            """,
            [[kind for kind, _key in wanted], [key for _kind, key in wanted]],
        )
        for kind, key, person_id in cursor.fetchall():
            found.setdefault((kind, key), set()).add(person_id)
    return found


@sees_whole("心当たり照会: whom others know, by tier")
def keys_of(person_ids: Iterable[int]) -> dict[int, Evidence]:
    """What is known of these persons, from their search keys."""
    ids = list(person_ids)
    keys: dict[int, list[tuple[str, str]]] = {pk: [] for pk in ids}
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT COALESCE(p.same_as_id, p.id), k.kind, k.key
                  FROM people_searchkey k JOIN people_party p ON p.id = k.person_id
                 WHERE NOT k.shared_by_many AND (p.id = ANY(%s) OR p.same_as_id = ANY(%s))
                """,
                [ids, ids],
            )
            for person_id, kind, key in cursor.fetchall():
                keys[person_id].append((kind, key))
    return {pk: evidence_from_keys(found) for pk, found in keys.items()}


def _only_one_certain(matches: list[Match]) -> list[Match]:
    if sum(found.certain for found in matches) < 2:
        return matches
    return [
        Match(
            found.person_id, min(found.points, 89), False, (*found.reasons, "よく似た記録がほかにもあります")
        )
        for found in matches
    ]
