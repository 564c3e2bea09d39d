"""The closed lists of meetings: what logic branches on. Legal types and bases are fixed; names are the city's."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class BodyType(Labelled):
    """What a body is before the law (sharing.md "Meetings"); its local name is the city's."""

    SUPPORT = "support", "支援会議"
    LAYERED = "layered", "重層的支援会議"
    COORDINATION = "coordination", "支援調整会議"
    NETWORK = "network", "ネットワーク会議"
    COMMITTEE = "committee", "推進委員会・部会"
    BONDS = "bonds", "きずな会議"
    CORE = "core", "プラットフォーム・コアメンバー会議"
    OTHER = "other", "その他"


class Mode(Labelled):
    """The one legal basis an item has. It decides who may see it, and what may come of it."""

    SUPPORT = "support", "支援会議"
    SUPPORT_NEEDY = "support_needy", "支援会議（困窮法）"
    LAYERED = "layered", "重層的支援会議"
    COORDINATION = "coordination", "支援調整会議"
    NO_PERSONS = "no_persons", "個人を扱わない"


class ItemKind(Labelled):
    """What an item is about."""

    PERSON = "person", "個別の支援"
    PLAN = "plan", "プランの協議"
    CLOSING = "closing", "評価・終結"
    RESOURCES = "resources", "はざま・資源"
    PROGRESS = "progress", "進捗資料"
    OTHER = "other", "その他"


class ItemState(Labelled):
    """Where an item stands."""

    PROPOSED = "proposed", "提案"
    TAKEN = "taken", "取り上げる"
    DONE = "done", "済み"
    DEFERRED = "deferred", "見送り"
    WITHDRAWN = "withdrawn", "取り下げ"


class SittingState(Labelled):
    """Where a sitting stands."""

    PLANNED = "planned", "予定"
    CALLED = "called", "召集"
    OPEN = "open", "開催中"
    ENDED = "ended", "終了"
    CANCELLED = "cancelled", "取りやめ"


class HowHeld(Labelled):
    """How a sitting is held. By phone or in writing only where the city's 要綱 allows it."""

    TOGETHER = "together", "集合"
    ONLINE = "online", "オンライン"
    PHONE = "phone", "電話"
    WRITING = "writing", "持ち回り"


class MemberRole(Labelled):
    """What somebody is in a body."""

    CHAIR = "chair", "会長"
    DEPUTY = "deputy", "副会長"
    MEMBER = "member", "構成員"
    SECRETARY = "secretary", "事務局"
    OBSERVER = "observer", "オブザーバー"


class AcknowledgedHow(Labelled):
    """How 守秘義務 was acknowledged."""

    SCREEN = "screen", "画面"
    PAPER = "paper", "紙"
    ROW = "row", "一括（会場の署名簿）"


class Recall(Labelled):
    """What the city's rule says of papers after a sitting."""

    COLLECT = "collect", "回収する"
    ELECTRONIC = "electronic", "電子のみ（紙を配らない）"
    NONE = "none", "配らない"


class HolidayRule(Labelled):
    """Where a sitting goes when its day is closed."""

    BEFORE = "before", "前の開庁日にする"
    AFTER = "after", "次の開庁日にする"
    SKIP = "skip", "その月は開かない"


class Presence(Labelled):
    """Whether a member was there."""

    EXPECTED = "expected", "これから"
    PRESENT = "present", "出席"
    ABSENT = "absent", "欠席"


class DecisionKind(Labelled):
    """What was decided of an item."""

    WATCH = "watch", "見守り"
    ROLES = "roles", "役割分担"
    SEEK_CONSENT = "seek_consent", "同意の求め方"
    PLAN_FIT = "plan_fit", "プラン：適切"
    PLAN_REVISED = "plan_revised", "プラン：修正のうえ適切"
    PLAN_AGAIN = "plan_again", "プラン：再検討"
    EVALUATED = "evaluated", "評価"
    CLOSE = "close", "終結"
    SUSPEND = "suspend", "中断"
    RESOURCE = "resource", "はざま → 資源"
    OTHER = "other", "その他"


class RoleState(Labelled):
    """What became of a role a meeting gave. It opens sight until it is looked at again (見直し)."""

    ASKED = "asked", "返事待ち"
    OPEN = "open", "取り組み中"
    DONE = "done", "済み（見直し待ち）"
    REVIEWED = "reviewed", "見直し済み"
    STOPPED = "stopped", "取りやめ"


class RoleDeed(Labelled):
    """What is said of a role."""

    ACCEPT = "accept", "受ける"
    DECLINE = "decline", "受けられない"
    DONE = "done", "済んだ"
    GO_ON = "go_on", "続ける（次の日を決める）"
    PASS = "pass", "別の職員に頼む"
    STOP = "stop", "取りやめる"
    REVIEW = "review", "見直した"


class Source(Labelled):
    """Where a proposed item came from."""

    HAND = "hand", "提案"
    FALLING = "falling", "こぼれそうな課題"
    PLAN = "plan", "協議を待つプラン"
    REVIEW = "review", "見直しの時期"
    CLOSING = "closing", "終結を待つ支援"
    GAP = "gap", "はざま"
    AGAIN = "again", "前の会議から"


LIVE_ITEM = (ItemState.PROPOSED, ItemState.TAKEN)
"""An item that is still to be spoken of."""

OVER = (SittingState.ENDED, SittingState.CANCELLED)

NEEDS_CONSENT = frozenset({Mode.LAYERED, Mode.COORDINATION})
"""Modes whose items need the person's consent (domain.md §1.3)."""

WITHOUT_CONSENT = frozenset({Mode.SUPPORT, Mode.SUPPORT_NEEDY})

OF_PERSONS = (Mode.SUPPORT, Mode.SUPPORT_NEEDY, Mode.LAYERED, Mode.COORDINATION)
"""Modes whose items are about somebody."""

GROUND = {
    Mode.SUPPORT: "06",
    Mode.SUPPORT_NEEDY: "07",
    Mode.LAYERED: "02",
    Mode.COORDINATION: "02",
}
"""On what ground an item of a mode opens somebody to its members (sharing.md "Grounds")."""

MODES_OF = {
    BodyType.SUPPORT: (Mode.SUPPORT, Mode.SUPPORT_NEEDY, Mode.LAYERED, Mode.NO_PERSONS),
    BodyType.LAYERED: (Mode.LAYERED, Mode.SUPPORT, Mode.NO_PERSONS),
    BodyType.COORDINATION: (Mode.COORDINATION, Mode.SUPPORT_NEEDY, Mode.NO_PERSONS),
    BodyType.NETWORK: (Mode.NO_PERSONS,),
    BodyType.COMMITTEE: (Mode.NO_PERSONS,),
    BodyType.BONDS: (Mode.NO_PERSONS,),
    BodyType.CORE: (Mode.NO_PERSONS,),
    BodyType.OTHER: (Mode.NO_PERSONS,),
}
"""The bases a body of a type may rest on. Some towns hold 106条の4 and 106条の6 in one (domain.md §1.4)."""

SEES_AGENDA = (MemberRole.CHAIR, MemberRole.DEPUTY, MemberRole.SECRETARY)
