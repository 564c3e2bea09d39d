"""The closed lists of this module: kinds of party, facets, reasons, aliases, addresses, relations, protection."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class PartyKind(Labelled):
    """Whose a concern can be: a person, a household, or someone not yet known."""

    PERSON = "person", "本人"
    HOUSEHOLD = "household", "世帯"
    UNKNOWN = "unknown", "まだ分からない人"


class Facet(Labelled):
    """What of a person is seen (見える範囲, sharing.md)."""

    BASIC = "basic", "基本"
    HOUSEHOLD = "household", "世帯・関係"
    CONSULTATION = "consultation", "相談内容"
    HEALTH = "health", "健康・医療"
    DISABILITY = "disability", "障害"
    MONEY = "money", "経済"
    WORK_SCHOOL = "work_school", "就労・学校"
    LIFE_HISTORY = "life_history", "生育歴"
    JUSTICE = "justice", "触法・司法"
    RESIDENCE_LANGUAGE = "residence_language", "在留・言語"
    SEXUALITY_UNTOLD = "sexuality_untold", "性のあり方・未告知"
    INFORMANT = "informant", "情報提供者"
    PROGRESS = "progress", "支援経過"
    PLAN = "plan", "プラン"
    MEETING = "meeting", "会議"


# What an office that supports needs to work (根拠 01): everything but the narrow facets, which are given one by one.
NARROW_FACETS = frozenset({Facet.JUSTICE, Facet.RESIDENCE_LANGUAGE, Facet.SEXUALITY_UNTOLD, Facet.INFORMANT})
SUPPORTING_FACETS = tuple(facet.value for facet in Facet if facet not in NARROW_FACETS)
# What a つなぐシート carries until it is accepted.
REFERRAL_FACETS = (Facet.BASIC.value, Facet.HOUSEHOLD.value, Facet.CONSULTATION.value)


class ReasonKind(Labelled):
    """Why an office is involved (関わりの理由). The reason itself lives in a higher module."""

    CONSULTATION = "consultation", "相談を受けている"
    CONCERN = "concern", "課題を受け持っている"
    PROMISE = "promise", "約束がある"
    REFERRAL = "referral", "つなぎを受けている・出している"
    CASE = "case", "支援をしている"
    CONSENT = "consent", "本人の同意がある"
    MEETING = "meeting", "会議で扱う"
    ROLE = "role", "会議で決まった役割がある"
    BREAK_GLASS = "break_glass", "緊急に開いた"
    # Whoever writes a person down can open what they wrote; it ends as soon as the office has a reason of its own.
    REGISTERED = "registered", "この記録を作った"


class AliasKind(Labelled):
    """Names beside the registered one."""

    KNOWN_AS = "known_as", "通称"
    MAIDEN = "maiden", "旧姓"
    FORMER = "former", "以前の氏名"
    SPELLING = "spelling", "別の表記"


class AddressKind(Labelled):
    """住民票・居所・連絡先。本籍 is never stored."""

    REGISTERED = "registered", "住民票"
    LIVING = "living", "居所"
    CONTACT = "contact", "連絡先"


class RelationKind(Labelled):
    """How one person is related to another; read 「AはBの…」."""

    PARENT = "parent", "親"
    SPOUSE = "spouse", "配偶者"
    PARTNER = "partner", "内縁・パートナー"
    FORMER_SPOUSE = "former_spouse", "元配偶者"
    SIBLING = "sibling", "きょうだい"
    GRANDPARENT = "grandparent", "祖父母"
    OTHER_KIN = "other_kin", "その他親族"
    GUARDIAN = "guardian", "後見人等"
    ACQUAINTANCE = "acquaintance", "知人"
    OTHER = "other", "その他"


class ProtectionCategory(Labelled):
    """Why an address is protected (保護の理由)."""

    PROVISIONAL = "provisional", "仮保護"
    DV = "dv", "DV等支援措置(配偶者からの暴力)"
    STALKING = "stalking", "DV等支援措置(ストーカー)"
    CHILD_ABUSE = "child_abuse", "DV等支援措置(児童虐待)"
    SIMILAR = "similar", "DV等支援措置(これらに準ずるもの)"
    OTHER = "other", "その他"


class OwnRelation(Labelled):
    """How somebody a worker declares is related to them (自分に関わる方)."""

    SELF = "self", "自分"
    HOUSEHOLD = "household", "同居の家族"
    KIN = "kin", "別居の親族"
    NEIGHBOUR = "neighbour", "近所・知人"


# Whose other party is a worker's own household: they lose the path of the protected person too.
NEAR_RELATIONS = frozenset({OwnRelation.SELF, OwnRelation.HOUSEHOLD, OwnRelation.KIN})


class ContactWay(Labelled):
    """Which way a person may be reached (連絡のしかた)."""

    PHONE = "phone", "電話"
    MOBILE = "mobile", "携帯電話"
    MESSAGE = "message", "SMS・メール"
    LETTER = "letter", "手紙"
    VISIT = "visit", "訪問"
    THROUGH_OTHER = "through_other", "人を通して"
    NOT_AT_ALL = "not_at_all", "こちらからは連絡しない"


class YesNo(Labelled):
    """Yes, no, or not asked yet. A blank shows as 「まだ聞いていない」."""

    YES = "yes", "はい"
    NO = "no", "いいえ"
    UNASKED = "", "まだ聞いていない"
