"""Suspected abuse and danger of self-harm: who was told, the same day (H15)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class AbuseKind(Labelled):
    """What is suspected (虐待・自傷のおそれ)."""

    CHILD = "child", "児童虐待"
    ELDER = "elder", "高齢者虐待"
    DISABLED = "disabled", "障害者虐待"
    PARTNER = "partner", "配偶者等からの暴力"
    SELF_HARM = "self_harm", "自傷・自死のおそれ"


class ReportedTo(Labelled):
    """To whom the suspicion was reported, or who was asked (通告・通報・相談先)."""

    CHILD_GUIDANCE = "child_guidance", "児童相談所"
    CITY_CHILD_DESK = "city_child_desk", "市の児童虐待の窓口"
    CITY_ELDER_DESK = "city_elder_desk", "市・地域包括の高齢者虐待の窓口"
    CITY_DISABLED_DESK = "city_disabled_desk", "障害者虐待防止センター"
    PARTNER_VIOLENCE_CENTRE = "partner_violence_centre", "配偶者暴力相談支援センター"
    HEALTH_CENTRE = "health_centre", "保健所・精神保健の窓口"
    POLICE = "police", "警察"
    AMBULANCE = "ambulance", "救急"
    OTHER = "other", "その他"


class SafetyWord(Labelled):
    """What stands in the record about a suspicion."""

    SUSPECTED = "suspected", "おそれがある（まだ知らせていない）"
    REPORTED = "reported", "通告・通報・相談した"
    NOT_BY_TWO = "not_by_two", "二人で、知らせないと判断した"
