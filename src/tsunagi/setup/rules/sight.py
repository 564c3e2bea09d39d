"""What a posting lets somebody see and do, in plain words, read off the permission table."""

from __future__ import annotations

from tsunagi.permissions.rules import Purpose, Reach, reach_for

_HOW_FAR = {
    Reach.CITY: "市全体",
    Reach.OFFICE: "自分の機関",
    Reach.INVOLVED: "関わりのある方",
    Reach.NUMBERS: "件数・番号だけ",
}


def in_short(role: str, legal_kind: str) -> str:
    """One sentence: whose records this posting opens."""
    person = reach_for([(role, legal_kind)], Purpose.READ_PERSON)
    if person >= Reach.INVOLVED:
        net = reach_for([(role, legal_kind)], Purpose.NET)
        wider = "市全体のこぼれそうな件を、番号で見られます。" if net is Reach.CITY else ""
        return f"機関が関わっている方の記録を、見て書けます。{wider}"
    if reach_for([(role, legal_kind)], Purpose.ADMINISTER) is Reach.CITY:
        return "機関・職員・設定を変えられます。人の記録は見られません。"
    if reach_for([(role, legal_kind)], Purpose.JOURNAL) > Reach.NONE:
        return "だれがいつ何を見たかを、番号で調べられます。人の記録は見られません。"
    if reach_for([(role, legal_kind)], Purpose.DISCLOSURE) > Reach.NONE:
        return "開示や照会が名指す記録だけを扱えます。"
    if reach_for([(role, legal_kind)], Purpose.STATISTICS) > Reach.NONE:
        return "件数だけを見られます。人の記録は見られません。"
    return "人の記録は見られません。"


def in_full(role: str, legal_kind: str) -> tuple[tuple[str, str], ...]:
    """(how far, what) for every reach this posting has, the widest first: 市全体 → 網を見る、はざまを見る."""
    found: dict[Reach, list[str]] = {}
    for purpose in Purpose:
        reach = reach_for([(role, legal_kind)], purpose)
        if reach > Reach.NONE:
            found.setdefault(reach, []).append(purpose.label)
    return tuple((_HOW_FAR[reach], "、".join(found[reach])) for reach in sorted(found, reverse=True))
