"""Demands, an incident, complaints and a few rules of keeping, so that 保存・請求・事故・苦情 shows what it is for."""

from __future__ import annotations

from datetime import datetime, timedelta

from tsunagi.accounts.queries import main_office_id
from tsunagi.cases.models import Case
from tsunagi.codes.actions import decide
from tsunagi.records.actions.accidents import report, stop
from tsunagi.records.actions.demanding import decide as decide_demand
from tsunagi.records.actions.demanding import match_demand, take_demand
from tsunagi.records.actions.keeping import set_hold, set_rule
from tsunagi.records.actions.voicing import answer_voice, name_overseer, take_voice
from tsunagi.shared.days import day_of

from .cast import Cast

PAPERS = {
    "papers.head": "長岡京市長",
    "papers.section": "福祉総務課",
    "papers.officer": "健康福祉部長",
    "papers.disclosure_desk": "総務課 市民相談担当",
    "papers.purpose": "重層的支援体制整備事業における相談支援、参加支援及び地域づくりに向けた支援のため",
}


def keep_records(cast: Cast, at: datetime) -> None:
    """A month of the disclosure desk, one accident, three voices, who stands in for a manager."""
    legal, desk, manager = cast.workers["koukai"], cast.workers["soudan"], cast.workers["kanri"]
    today = day_of(at)
    for key, words in PAPERS.items():
        decide(key, words)
    for kind, years in (("case", 5), ("consultation", 5), ("concern", 5)):
        set_rule(
            kind,
            years=years,
            begins="year_end",
            article="文書管理規程 別表第2(見本)",
            by=legal,
            at=at - timedelta(days=40),
        )
    own = take_demand(
        "disclosure_self",
        came_on=today - timedelta(days=6),
        by=legal,
        at=at - timedelta(days=6),
        requester="見本 一郎",
        about_name="見本 一郎",
        about_birth="S40.4.1",
        wanted="令和6年からの相談の記録",
        identity="photo_card",
    )
    police = take_demand(
        "police",
        came_on=today - timedelta(days=3),
        by=legal,
        at=at - timedelta(days=3),
        requester="向日町警察署",
        their_number="照会 第118号",
        about_name="見本 次郎",
        wanted="相談の有無と最終の来所日",
        identity="official_paper",
        powers="statute",
    )
    press = take_demand(
        "press",
        came_on=today - timedelta(days=2),
        by=legal,
        at=at - timedelta(days=2),
        requester="見本新聞",
        about_name="見本 花子",
        wanted="相談に来ていたか",
    )
    for row in (own, police, press):
        match_demand(row.pk, at=at)
    decide_demand(
        press,
        "not_said",
        words="",
        document_number="総第77号",
        with_whom=None,
        by=legal,
        at=at - timedelta(days=1),
    )
    case = Case.objects.order_by("pk").first()
    if case is not None:
        set_hold(
            case.party_id,
            reason="court",
            words="家裁の調停が続いている(見本)",
            by=legal,
            at=at - timedelta(days=20),
        )
    made = report(
        "missent",
        words="プランの写しを、別の方の封筒に入れて送ってしまった。届いた方から電話があった。",
        by=desk,
        at=at - timedelta(days=1),
        party_ids=[case.party_id] if case else (),
        items="氏名、プランの目標",
    )
    stop(made, "call", applies=True, by=desk, at=at - timedelta(days=1))
    office = main_office_id(desk) or 0
    name_overseer(office, cast.workers["renkei"].pk, by=legal, at=at - timedelta(days=30))
    take_voice(
        "complaint",
        office_id=office,
        said_by="family",
        words="折り返すと言われて三日待った。",
        topic="waiting",
        by=desk,
        at=at - timedelta(days=2),
    )
    wish = take_voice(
        "wish",
        office_id=office,
        said_by="person",
        words="夕方も相談できる日がほしい。",
        topic="place_hours",
        by=desk,
        at=at - timedelta(days=12),
    )
    answer_voice(
        wish,
        "水曜は19時まで電話を受けていることを伝えた。",
        changed="窓口の紙に、水曜の時間を大きく書いた。",
        by=manager,
        at=at - timedelta(days=4),
    )
