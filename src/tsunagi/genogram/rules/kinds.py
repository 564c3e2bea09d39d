"""The closed lists of this module: what stands between people, and how it is drawn."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class Sex(Labelled):
    """Whose shape a symbol has. The record's words stay in the record; △ is drawn where nothing is known."""

    MALE = "male", "男性"
    FEMALE = "female", "女性"
    OTHER = "other", "その他"
    UNKNOWN = "unknown", "性別不明"


class Form(Labelled):
    """What a symbol stands for: somebody born, or a pregnancy and how it went."""

    PERSON = "person", "人"
    PREGNANCY = "pregnancy", "妊娠中"
    MISCARRIAGE = "miscarriage", "流産"
    ABORTION = "abortion", "人工妊娠中絶"
    STILLBIRTH = "stillbirth", "死産"
    MISSING = "missing", "記録のない方"


class Bond(Labelled):
    """How two partners are joined."""

    MARRIED = "married", "婚姻"
    COHABITING = "cohabiting", "内縁・パートナー"
    SEPARATED = "separated", "別居"
    DIVORCED = "divorced", "離婚"
    PARTED = "parted", "内縁・パートナーの解消"
    PARENTS = "parents", "子の父母（関係の記録なし）"


class Nature(Labelled):
    """What kind of parent somebody is."""

    BIRTH = "birth", "実子"
    ADOPTED = "adopted", "養子"
    FOSTER = "foster", "里子"
    STEP = "step", "継子（養子縁組なし）"
    UNSURE = "unsure", "親の記録なし"


class Twinship(Labelled):
    """How twins are alike."""

    IDENTICAL = "identical", "一卵性の双子"
    FRATERNAL = "fraternal", "二卵性の双子"
    UNSURE = "unsure", "双子"


class Emotion(Labelled):
    """How two people are with each other, as a worker heard or saw it."""

    CLOSE = "close", "親密"
    FUSED = "fused", "密着"
    DISTANT = "distant", "疎遠"
    CONFLICT = "conflict", "対立"
    CLOSE_CONFLICT = "close_conflict", "密着と対立"
    CUT_OFF = "cut_off", "断絶"
    VIOLENCE = "violence", "暴力・虐待"
    CONTROL = "control", "支配"


class Strength(Labelled):
    """How strong a tie to the world around is."""

    STRONG = "strong", "強い"
    NORMAL = "normal", "ふつう"
    WEAK = "weak", "弱い"
    BROKEN = "broken", "途切れている"


class Flow(Labelled):
    """Which way help and energy go."""

    BOTH = "both", "互いに"
    TO_FAMILY = "to_family", "家族へ"
    FROM_FAMILY = "from_family", "家族から"
    NONE = "none", "向きなし"


class Notation(Labelled):
    """Whose signs are drawn (a setting of the city)."""

    JAPAN = "japan", "日本の実務"
    JAPAN_FILLED = "japan_filled", "日本の実務（死亡は黒塗り）"
    MCGOLDRICK = "mcgoldrick", "マクゴールドリック"


ENDED_BONDS = frozenset({Bond.DIVORCED, Bond.PARTED})


class TieKind(Labelled):
    """What this module keeps beside the relations and households of `people`."""

    PARENT = "parent", "親子の種類"
    UNION = "union", "夫婦・パートナーのいま"
    TWIN = "twin", "双子"
    BIRTH = "birth", "妊娠・流産・死産"
    EMOTION = "emotion", "ふたりの間柄"
    KEY = "key", "キーパーソン"
    SUPPORT = "support", "まわりとのつながり"


# Which words say how, per kind of tie; kinds without any need none.
MANNERS: dict[TieKind, type[Labelled]] = {
    TieKind.PARENT: Nature,
    TieKind.UNION: Bond,
    TieKind.TWIN: Twinship,
    TieKind.BIRTH: Form,
    TieKind.EMOTION: Emotion,
    TieKind.SUPPORT: Strength,
}
# What nobody chooses: it is what is drawn where something is not written.
UNCHOSEN = frozenset({Bond.PARENTS, Nature.UNSURE, Form.PERSON, Form.MISSING})
# Either of the two may stand first.
MUTUAL = frozenset({TieKind.UNION, TieKind.TWIN})


def manners_of(kind: TieKind) -> list[tuple[str, str]]:
    """What may be chosen for a kind of tie: (value, words)."""
    listed = MANNERS.get(kind)
    return [] if listed is None else [(one.value, one.label) for one in listed if one not in UNCHOSEN]
