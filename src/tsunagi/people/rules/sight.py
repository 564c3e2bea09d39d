"""Who may see what of a person: the tiers of a lookup, and when a protected address is shown (sharing.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tsunagi.accounts.rules import TELLING_FIELDS, LegalKind, Role
from tsunagi.shared.labels import Labelled

from .kinds import ReasonKind


class Tier(Labelled):
    """How much of a person a lookup shows to this worker (sharing.md 「心当たり照会」)."""

    INVOLVED = "involved", "関わりのある方"
    INDEX = "index", "見出しだけ"
    HINT = "hint", "あるかもしれないことだけ"
    NOTHING = "nothing", "なにも見せない"


# 提示: an office works with the person herself through a concern or a case; only then a protected address is shown.
ADDRESS_OPENING_REASONS = frozenset({ReasonKind.CONCERN.value, ReasonKind.CASE.value})
# The ground under which a supporting office sees the household as it needs it (根拠 01).
SUPPORTING_GROUND = "01"

HINT_SENTENCE = "同じ方と思われる記録があります。"
WITHHELD = "非開示"
OTHERS_INVOLVED = "ほかに関わりあり"


# Bodies outside the city write down; the city's desk matches (sharing.md, third tier).
_OUTSIDE = frozenset(
    {
        LegalKind.OTHER_MUNICIPALITY.value,
        LegalKind.NATIONAL.value,
        LegalKind.INCORPORATED.value,
        LegalKind.PRIVATE.value,
        LegalKind.INDIVIDUAL.value,
    }
)
# Who is shown the index card: a setting, published in the 個人情報ファイル簿.
FIRST_TIER_NOBODY, FIRST_TIER_COORDINATION, FIRST_TIER_ALL = 0, 1, 2


def base_tier(posts: Iterable[tuple[str, bool, str]], *, first_tier: int = FIRST_TIER_ALL) -> Tier:
    """What somebody with these posts — (role, office is a front desk, legal kind) — sees of persons others know.

    The general desk and くらし連携担当 see the index card (as far as the setting `first_tier` says), other offices of
    the system a hint, offices outside nothing.
    """
    tier = Tier.NOTHING
    for role, is_front_desk, legal_kind in posts:
        if legal_kind in _OUTSIDE:
            continue
        tier = Tier.HINT
        if (role == Role.COORDINATOR and first_tier >= FIRST_TIER_COORDINATION) or (
            is_front_desk and first_tier >= FIRST_TIER_ALL
        ):
            return Tier.INDEX
    return tier


def shows_address(*, protected: bool, reasons: Collection[str]) -> bool:
    """Whether address, phones and district may be shown to an office that is involved for these reasons."""
    return not protected or not ADDRESS_OPENING_REASONS.isdisjoint(reasons)


def nameable(offices: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], bool]:
    """The offices — (name, field) — a card may name, and whether there are others it must not name.

    An office whose very name tells why somebody goes there is never named (sharing.md).
    """
    named: list[str] = []
    others = False
    for name, field in offices:
        if field in TELLING_FIELDS:
            others = True
        elif name not in named:
            named.append(name)
    return tuple(named), others
