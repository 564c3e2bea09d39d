"""The grounds as shipped (根拠): number, article, who may give, who may receive, what else they need.

Sources: 個人情報の保護に関する法律 27条, 66条, 69条, 70条; the laws each ground names. `to_be_checked` marks what must be
compared with the text of the law before a list is printed or a form is frozen. 13 (民生委員・児童委員) is a recipient and 14
(緊急) a door: neither is a ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsunagi.accounts.rules import LegalKind as K


@dataclass(frozen=True)
class GroundCard:
    """One version of a ground. `givers` and `receivers` are legal kinds; `pairs` narrows which two may meet."""

    code: str
    name: str
    law: str = ""
    article: str = ""
    givers: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()
    needs_consent: bool = False
    needs_second_person: bool = False
    puts_conditions: bool = False
    for_private_bodies: bool = False
    to_be_checked: bool = True
    version: int = 1

    @property
    def label(self) -> str:
        """01 利用目的内."""
        return f"{self.code} {self.name}"


def _kinds(*kinds: K) -> frozenset[str]:
    return frozenset(kind.value for kind in kinds)


# 市の機関: each is a body of its own (実施機関); 議会 stands outside 69条 as a giver and follows its own ordinance.
CITY_BODIES = _kinds(K.MAYOR, K.EDUCATION_BOARD, K.PUBLIC_ENTERPRISE, K.FIRE)
OTHER_PUBLIC = _kinds(K.OTHER_MUNICIPALITY, K.NATIONAL, K.INCORPORATED)
ENTRUSTED = _kinds(K.ENTRUSTED)
ASSEMBLY = _kinds(K.ASSEMBLY)
PRIVATE = _kinds(K.PRIVATE)
INDIVIDUAL = _kinds(K.INDIVIDUAL)
# Those bound by 69条: the city's bodies, other public bodies, and who handles data for them (66条).
PUBLIC = CITY_BODIES | OTHER_PUBLIC | ENTRUSTED
EVERYBODY = frozenset(kind.value for kind in K)

_APPI = "個人情報の保護に関する法律"

SHIPPED: tuple[GroundCard, ...] = (
    GroundCard(
        "01", "利用目的内(委託先を含む)", _APPI, "69条1項・66条", CITY_BODIES | ENTRUSTED,
        CITY_BODIES | ENTRUSTED | INDIVIDUAL, to_be_checked=False,
    ),
    GroundCard(
        "02", "本人の同意", _APPI, "69条2項1号", PUBLIC, EVERYBODY, needs_consent=True, to_be_checked=False,
    ),
    GroundCard(
        "03", "同じ機関の内部利用・相当の理由", _APPI, "69条2項2号", CITY_BODIES, CITY_BODIES | INDIVIDUAL, to_be_checked=False,
    ),
    GroundCard(
        "04", "他の行政機関・地方公共団体の機関・独法等への提供・相当の理由", _APPI, "69条2項3号", PUBLIC,
        PUBLIC | ASSEMBLY | INDIVIDUAL, puts_conditions=True, to_be_checked=False,
    ),
    GroundCard(
        "05", "明らかに本人の利益・特別の理由", _APPI, "69条2項4号", PUBLIC, EVERYBODY, needs_second_person=True,
        puts_conditions=True, to_be_checked=False,
    ),
    GroundCard("06", "支援会議", "社会福祉法", "106条の6", EVERYBODY, EVERYBODY, to_be_checked=False),
    GroundCard("07", "支援会議", "生活困窮者自立支援法", "9条", EVERYBODY, EVERYBODY, to_be_checked=False),
    GroundCard("08", "要保護児童対策地域協議会", "児童福祉法", "25条の2から25条の5まで", EVERYBODY, EVERYBODY),
    GroundCard(
        "09", "児童虐待の通告・資料の提供", "児童虐待の防止等に関する法律", "6条・13条の4", EVERYBODY,
        _kinds(K.MAYOR, K.OTHER_MUNICIPALITY, K.ENTRUSTED),
    ),
    GroundCard(
        "10", "高齢者・障害者の虐待の通報", "高齢者虐待防止法・障害者虐待防止法", "7条・7条", EVERYBODY,
        _kinds(K.MAYOR, K.OTHER_MUNICIPALITY, K.ENTRUSTED),
    ),
    GroundCard(
        "11", "調整会議・調査", "生活保護法", "27条の3・29条", EVERYBODY - INDIVIDUAL, _kinds(K.MAYOR, K.ENTRUSTED),
    ),
    GroundCard(
        "12", "住民基本台帳・戸籍", "住民基本台帳法・戸籍法", "", _kinds(K.MAYOR), CITY_BODIES | OTHER_PUBLIC,
    ),
    GroundCard(
        "15", "避難行動要支援者", "災害対策基本法", "49条の11", _kinds(K.MAYOR),
        _kinds(K.FIRE, K.OTHER_MUNICIPALITY, K.PRIVATE, K.INDIVIDUAL, K.ENTRUSTED), puts_conditions=True,
    ),
    GroundCard(
        "16", "困難な問題を抱える女性・DV", "困難女性支援法・DV防止法", "15条・9条", EVERYBODY - INDIVIDUAL,
        EVERYBODY - INDIVIDUAL - ASSEMBLY,
    ),
    GroundCard("17", "孤独・孤立対策地域協議会", "孤独・孤立対策推進法", "15条", EVERYBODY, EVERYBODY - ASSEMBLY),
    GroundCard(
        "18", "ほかの法律の会議", "子ども・若者育成支援推進法・障害者総合支援法・介護保険法", "19条・89条の3・115条の48",
        EVERYBODY, EVERYBODY - ASSEMBLY,
    ),
    GroundCard(
        "20", "裁判所の嘱託・提出命令", "民事訴訟法など", "226条・223条", EVERYBODY, _kinds(K.NATIONAL),
        needs_second_person=True,
    ),
    GroundCard(
        "21", "捜査関係事項照会", "刑事訴訟法", "197条2項", EVERYBODY, _kinds(K.NATIONAL, K.OTHER_MUNICIPALITY),
        needs_second_person=True,
    ),
    GroundCard(
        "22", "弁護士会照会", "弁護士法", "23条の2", EVERYBODY, PRIVATE, needs_second_person=True,
    ),
    GroundCard(
        "23", "開示・情報公開の決定", f"{_APPI}・情報公開条例", "76条から88条まで", CITY_BODIES | ASSEMBLY | OTHER_PUBLIC,
        INDIVIDUAL | PRIVATE, needs_second_person=True,
    ),
    GroundCard(
        "30", "本人の同意(民間)", _APPI, "27条1項", PRIVATE | INDIVIDUAL, EVERYBODY, needs_consent=True,
        for_private_bodies=True,
    ),
    GroundCard(
        "31", "人の生命・身体・財産の保護(民間)", _APPI, "27条1項2号", PRIVATE | INDIVIDUAL, EVERYBODY,
        for_private_bodies=True,
    ),
    GroundCard(
        "32", "公衆衛生・児童の健全育成(民間)", _APPI, "27条1項3号", PRIVATE | INDIVIDUAL, EVERYBODY, for_private_bodies=True,
    ),
    GroundCard(
        "33", "国・地方公共団体等への協力(民間)", _APPI, "27条1項4号", PRIVATE | INDIVIDUAL, PUBLIC | ASSEMBLY,
        for_private_bodies=True,
    ),
    GroundCard(
        "34", "委託(民間)", _APPI, "27条5項1号", PRIVATE, PRIVATE | INDIVIDUAL | ENTRUSTED, for_private_bodies=True,
    ),
    GroundCard("99", "その他(個人情報管理者の了承)", "", "", EVERYBODY, EVERYBODY, needs_second_person=True, to_be_checked=False),
)  # fmt: skip


def by_code(cards: Iterable[GroundCard]) -> dict[str, GroundCard]:
    """The newest version of each ground."""
    found: dict[str, GroundCard] = {}
    for card in sorted(cards, key=lambda card: (card.code, card.version)):
        found[card.code] = card
    return found
