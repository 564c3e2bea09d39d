"""Why an office can see somebody, with dates and grounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tsunagi.accounts.models import Worker
from tsunagi.accounts.queries import office_ids
from tsunagi.people.access import sight_of
from tsunagi.people.models import Involvement, Membership, Party
from tsunagi.people.rules import SUPPORTING_GROUND, Facet, ReasonKind
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .cards import InvolvementCard
from .families import hidden_from
from .parties import household_ids_of, is_protected


@sees_whole("who is hidden hides what would tell of them")
def involvements_of(worker: Worker, party: Party | int, *, ended: bool = False) -> list[InvolvementCard]:
    """「なぜこの機関はこの方の記録を見られるのか」: the living involvements (with `ended`, the past ones too)."""
    party_id = party if isinstance(party, int) else party.pk
    # A protected person is never seen through the household alone.
    households = [] if is_protected(party_id) else household_ids_of(party_id)
    rows = (_EVER if ended else _LIVING).named(party_id, households)
    hidden = _reasons_of_the_hidden(worker, party_id, rows)
    guarded = _guarded_from(worker, party_id)
    mine = office_ids(worker) if guarded else ()
    seen: set[tuple[int, str, int]] = set()
    cards = []
    for row in sorted(rows, key=lambda row: row.party_id != party_id):
        key = (row.office_id, row.reason_kind, row.reason_id)
        if key in hidden or (row.party_id != party_id and key in seen):
            continue
        seen.add(key)
        cards.append(
            InvolvementCard(
                id=row.id,
                # An agency near home would tell where a protected person is.
                office=OTHER_AGENCY
                if guarded and row.office_id not in mine
                else row.office__short_name or row.office__name,
                worker=row.worker__name if row.worker__name and not guarded else "",
                ground=row.ground,
                ground_name=GROUND_WORDS.get(row.ground, ""),
                reason=ReasonKind.label_of(row.reason_kind),
                facets=tuple(Facet.label_of(facet) for facet in row.facets),
                from_on=row.from_on,
                until_on=row.until_on,
                ended_at=row.ended_at,
                through="" if row.party_id == party_id else "世帯を通して",
            )
        )
    return cards


OTHER_AGENCY = "ほかの機関（非開示）"


def _guarded_from(worker: Worker, party_id: int) -> bool:
    if not is_protected(party_id):
        return False
    sight = sight_of(worker, party_id)
    return sight is None or not sight.shows_address


def _reasons_of_the_hidden(worker: Worker, party_id: int, rows: Iterable[Any]) -> set[tuple[int, str, int]]:
    """Reasons a household is open only because of a protected member whom this worker may not see: they would tell
    that she is known, and where."""
    through = sorted({row.party_id for row in rows if row.ground == SUPPORTING_GROUND})
    members = {pk for (pk,) in _MEMBERS.rows(through)} - {party_id}
    hidden = hidden_from(worker, members)
    # Asked also where nobody is hidden: what a page costs would tell that somebody is.
    return {tuple(row) for row in _REASONS.rows(sorted(hidden))}  # type: ignore[misc]


_MEMBERS = Kept(
    lambda households: (
        Membership.objects.filter(household__party__id__any=households).order_by().values_list("person_id")
    )
)
_REASONS = Kept(
    lambda parties: (
        Involvement.objects.filter(party__id__any=parties)
        .order_by()
        .values_list("office_id", "reason_kind", "reason_id")
    )
)


def _rows(party_id: int, households: list[int]) -> QuerySet[Involvement]:
    return Involvement.objects.filter(
        Q(party_id=party_id) | Q(party__id__any=households, ground=SUPPORTING_GROUND)
    ).order_by("ended_at", "office__code", "id")


_COLUMNS = (
    "id", "party_id", "office_id", "office__name", "office__short_name", "worker__name", "ground", "reason_kind",
    "reason_id", "facets", "from_on", "until_on", "ended_at",
)  # fmt: skip
_EVER = Kept(lambda party, households: _rows(party, households).values_list(*_COLUMNS))
_LIVING = Kept(
    lambda party, households: _rows(party, households).filter(ended_at__isnull=True).values_list(*_COLUMNS)
)


def who_can_see(worker: Worker, party: Party | int) -> list[str]:
    """The offices that can open this record now, each once, by code."""
    return list(dict.fromkeys(card.office for card in involvements_of(worker, party)))


# The long names with their articles live one floor up (sharing); these are for a line on a page.
GROUND_WORDS = {
    "01": "利用目的内",
    "02": "本人の同意",
    "03": "同じ機関の内部利用",
    "04": "他の機関への提供",
    "05": "明らかに本人の利益・特別の理由",
    "06": "支援会議(社会福祉法)",
    "07": "支援会議(困窮者自立支援法)",
    "08": "要対協",
    "09": "児童虐待の通告・資料提供",
    "10": "高齢者・障害者虐待の通報",
    "11": "調整会議・調査(生活保護法)",
    "12": "住基法・戸籍法",
    "15": "災害対策基本法",
    "16": "困難女性支援法・DV防止法",
    "17": "孤独・孤立対策推進法",
    "18": "ほかの法律の会議",
    "20": "裁判所",
    "21": "捜査関係事項照会",
    "22": "弁護士会照会",
    "23": "開示・情報公開の決定",
    "30": "本人の同意(民間)",
    "31": "生命・身体・財産(民間)",
    "32": "児童の健全育成・公衆衛生(民間)",
    "33": "国・自治体への協力(民間)",
    "34": "委託(民間)",
    "99": "その他",
}
