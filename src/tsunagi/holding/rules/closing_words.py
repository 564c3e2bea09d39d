"""The words of an ending: outcomes, whose word, what stays (H8, H9)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class ClosingOutcome(Labelled):
    """With what a concern was closed (終結の理由)."""

    RESOLVED = "resolved", "解決・目標達成"
    AGREED_PAUSE = "agreed_pause", "本人と相談して区切り（困りごとは残る）"
    CARRIED_ON_ELSEWHERE = "carried_on_elsewhere", "他機関が主担当で継続"
    DECLINED_BY_PERSON = "declined_by_person", "本人辞退"
    CONTACT_LOST = "contact_lost", "連絡途絶"
    NO_SERVICE = "no_service", "対象外・資源なし"
    NOTHING_FOUND = "nothing_found", "確かめた結果、心配なし"
    MOVED_AWAY = "moved_away", "転出"
    DIED = "died", "死亡"
    JOINED = "joined", "他の課題に統合"
    ENTERED_BY_MISTAKE = "entered_by_mistake", "誤登録"
    CHECKED_ON_IMPORT = "checked_on_import", "移行時に確認"


class WordOf(Labelled):
    """Whose word the outcome is (だれの判断・言葉か)."""

    PERSON = "person", "本人"
    FAMILY = "family", "家族"
    SUPPORTER = "supporter", "支援者"


class PersonSays(Labelled):
    """Does the person say it is solved (本人はどう言っているか)."""

    YES = "yes", "はい"
    NO = "no", "いいえ"
    NOT_ASKED = "not_asked", "聞けていない"


class LookBack(Labelled):
    """What stays after the decision (ふりかえり)."""

    NONE = "none", "なし"
    WATCHING = "watching", "ふりかえり"
    OFFER = "offer", "日を決めて声をかける"


class GapRule(Labelled):
    """Whether closing records a gap (はざま)."""

    NO = "no", "なし"
    MAY = "may", "記録できる"
    ALWAYS = "always", "必ず記録する"


class NoKeyPerson(Labelled):
    """Why a closed case has no 主担当 who stays reachable (H9)."""

    DIED = "died", "死亡"
    HANDED_TO_MUNICIPALITY = "handed_to_municipality", "転出先に引継ぎ"
    NOTHING_FOUND = "nothing_found", "心配なし"
