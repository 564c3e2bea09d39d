"""What can be done to a held concern, by whom, and how the due day answers (the transition table)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class Deed(Labelled):
    """Every deed that can touch a hold. The name is stored as the reason of the hold it opens."""

    RECEIVE = "receive", "受け付ける"
    ASSESS = "assess", "見立てに入る"
    SUPPORT = "support", "支援を始める"
    REFER = "refer", "つなぐ"
    CONFIRM_ORAL = "confirm_oral", "口頭受諾を記録する"
    ACCEPT = "accept", "受ける"
    DECLINE = "decline", "受けられないと答える"
    WITHDRAW = "withdraw", "つなぎを取り下げる"
    FOLLOW_THROUGH = "follow_through", "見届けに入る"
    TAKE_BACK = "take_back", "引き取り直す"
    COORDINATE = "coordinate", "多機関で調整する"
    HAND_BACK = "hand_back", "主担当へ戻す"
    REACH_OUT = "reach_out", "アウトリーチに入る"
    ARRANGE_PARTICIPATION = "arrange_participation", "参加支援に入る"
    WATCH = "watch", "見守りに入る"
    MET = "met", "会えた・話せた"
    SEEN = "seen", "姿・様子を確かめた"
    TALKED_AROUND = "talked_around", "周りと話した"
    TRIED = "tried", "試みた"
    WORKED = "worked", "動いた"
    COULD_NOT = "could_not", "手が回らなかった"
    WAIT = "wait", "待つ"
    RETHINK = "rethink", "見立て直し"
    EXTEND = "extend", "期日を延ばす"
    REASSIGN = "reassign", "担当を替える"
    STAND_IN = "stand_in", "代わりを立てる"
    PREPARE_LEAVING = "prepare_leaving", "異動の準備をする"
    REPLACE_LEAVER = "replace_leaver", "異動する人から引き継ぐ"
    CLOSE_OFFICE = "close_office", "機関の終了で引き継ぐ"
    REACHED_OUT = "reached_out", "声をかけた"
    REPORT_ABUSE = "report_abuse", "虐待・自傷のおそれと通告を記録する"
    TAKE_STOCK = "take_stock", "棚卸しで確かめる"
    CLOSE = "close", "終結する"
    REOPEN = "reopen", "再開する"
    MOVE_AWAY = "move_away", "転出"
    DIE = "die", "死亡"
    MERGE = "merge", "同じ人の記録をまとめる"


class Who(Labelled):
    """In what part a worker does a deed."""

    DESK = "desk", "受け付けた職員"
    HOLDER = "holder", "受け持ちの人"
    ACTING = "acting", "代わりの人"
    BESIDE = "beside", "いっしょに動く人"
    RECEIVER = "receiver", "受け取る側の人"
    MANAGER = "manager", "管理職"
    COORDINATOR = "coordinator", "くらし連携担当"


class DueRule(Labelled):
    """How far a deed moves the due day."""

    NONE = "none", "期日はなくなる"
    FIRST = "first", "緊急度と種類による最初の期日"
    DEFAULT = "default", "次の種類の標準の期日"
    CONTACT = "contact", "連絡の表による"
    COULD_NOT = "could_not", "3開庁日先"
    CHOSEN = "chosen", "最長の期日までで選ぶ"
    RETURNED = "returned", "戻ったあとの期日"
    SUCCESSOR = "successor", "引き継いだ人の3日目以降"
    UNCHANGED = "unchanged", "変わらない"


class Need(Labelled):
    """What a deed needs besides the one who does it."""

    ACCEPTANCE = "acceptance", "受け取る側の受諾"
    SECOND_PERSON = "second_person", "もう一人の同意"
    REASON = "reason", "理由"
    SEEN_OR_SECOND = "seen_or_second", "様子が分かっていること、またはもう一人の同意"
    SAFETY_SETTLED = "safety_settled", "通告・通報・相談の記録"
    ROLES_AGREED = "roles_agreed", "役割分担・見通し・主担当"
    OPEN_REQUEST = "open_request", "くらし連携担当への依頼"
    FALLING = "falling", "こぼれそうであること"
    CLOSING = "closing", "終結の内容"


class RethinkChoice(Labelled):
    """What two people choose when they look again (見立て直し)."""

    GO_ON = "go_on", "このまま続ける"
    ANOTHER_WAY = "another_way", "別のやり方にする"
    ANOTHER_PERSON = "another_person", "別の人が会う"
    WAIT = "wait", "待つ"
    END = "end", "相談して区切る"


class AgreedIn(Labelled):
    """Where a second person's agreement was given."""

    BY_ONE = "by_one", "もう一人の職員"
    OFFICE_MEETING = "office_meeting", "所内会議"
    SUPPORT_MEETING = "support_meeting", "支援会議"
