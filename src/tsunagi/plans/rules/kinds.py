"""The closed lists of a plan: what logic branches on."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class PlanState(Labelled):
    """Where a plan stands (domain.md §2.3, §3.4)."""

    DRAFT = "draft", "下書き"
    CONFERRING = "conferring", "会議協議待ち"
    DECIDED = "decided", "決定"
    RUNNING = "running", "実施中"
    EVALUATED = "evaluated", "評価済"
    WITHDRAWN = "withdrawn", "取下げ"
    REPLACED = "replaced", "訂正ずみ"


class MeetingKind(Labelled):
    """Which meeting looked at the plan."""

    MULTI = "multi", "重層的支援会議"
    SUPPORT = "support", "支援調整会議"
    OFFICE = "office", "所内会議"
    OTHER = "other", "その他の会議"


class MeetingResult(Labelled):
    """What the meeting said of the plan (協議結果)."""

    FIT = "fit", "適切"
    FIT_REVISED = "fit_revised", "修正のうえ適切"
    AGAIN = "again", "再検討"


class NoMeeting(Labelled):
    """Why a plan is decided without a meeting."""

    ONE_OFFICE = "one_office", "ひとつの機関で支える"
    URGENT = "urgent", "急ぐため（あとで会議に報告する）"
    MINOR = "minor", "軽い訂正"
    ELSEWHERE = "elsewhere", "ほかの場で話し合った"


class AgreedBy(Labelled):
    """Who agreed to the plan."""

    PERSON = "person", "本人"
    GUARDIAN = "guardian", "後見人等"
    PARENT = "parent", "親権者"
    FAMILY = "family", "家族（世帯員）"


class ConsentWay(Labelled):
    """How they agreed."""

    SIGNED = "signed", "署名"
    ORAL = "oral", "口頭"
    PROXY = "proxy", "代理"


class Term(Labelled):
    """How far away a goal lies."""

    LONG = "long", "長期目標"
    SHORT = "short", "短期目標"


class RoleOwner(Labelled):
    """Who does what a row says; where it is no worker, a worker answers for it."""

    WORKER = "worker", "職員"
    PERSON = "person", "本人"
    FAMILY = "family", "家族"
    OUTSIDE = "outside", "外部の人・機関"


class RoleState(Labelled):
    """What became of a row of the role table."""

    PREPARED = "prepared", "準備"
    OPEN = "open", "取り組み中"
    DONE = "done", "済み"
    STOPPED = "stopped", "取りやめ"
    CARRIED = "carried", "次のプランへ"


class RoleDeed(Labelled):
    """What is said of a row."""

    DONE = "done", "済んだ"
    GO_ON = "go_on", "続ける（次の日を決める）"
    PASS = "pass", "答える職員を替える"
    STOP = "stop", "取りやめる"


class Attainment(Labelled):
    """How far a goal was reached (目標の達成状況)."""

    REACHED = "reached", "達成"
    PARTLY = "partly", "一部"
    NOT = "not", "未達"


class PersonsView(Labelled):
    """What the person says of it; their own words stand beside."""

    BETTER = "better", "よくなった"
    SAME = "same", "変わらない"
    WORSE = "worse", "しんどくなった"
    UNASKED = "unasked", "まだ聞けていない"


class MonitorDecision(Labelled):
    """What is decided when the plan was looked at (判断)."""

    CONTINUE = "continue", "このまま続ける"
    REPLAN = "replan", "再プランして続ける"
    CLOSE = "close", "終結に進める"
    SUSPEND = "suspend", "中断する"


class FollowUpResult(Labelled):
    """How it is some time after the end."""

    FINE = "fine", "落ち着いている"
    WATCH = "watch", "気になることがある（もう一度みる）"
    TROUBLE = "trouble", "困りごとがある（再開を考える）"
    NOT_MET = "not_met", "連絡がつかなかった"
