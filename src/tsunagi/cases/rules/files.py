"""The family's file (支援): its states and when it may close (holding.md H9)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class CaseState(Labelled):
    """Whether a file is open. How far the work has come is its `Stage`."""

    OPEN = "open", "支援中"
    CLOSED = "closed", "終結"


class Stage(Labelled):
    """How far the work has come (domain.md §2.3). The higher modules write it down: assessment, plans, meetings."""

    RECEIVED = "received", "受付"
    SCREENING = "screening", "受理審査中"
    CONSENT = "consent", "同意待ち(支援会議対応)"
    ASSESSING = "assessing", "アセスメント中"
    DECIDING = "deciding", "支援決定待ち"
    PLANNING = "planning", "プラン作成中"
    CONFERRING = "conferring", "会議協議待ち"
    SUPPORTING = "supporting", "支援中"
    MONITORING = "monitoring", "モニタリング"
    REPLANNING = "replanning", "再プラン"
    ENDING = "ending", "終結協議"
    WATCHING = "watching", "見守り"
    SUSPENDED = "suspended", "中断"
    REOPENED = "reopened", "再開"
    CLOSED = "closed", "終結"
    ELSEWHERE = "elsewhere", "他機関対応で終了"
    INFORMED = "informed", "情報提供のみで終了"
    FOLLOWING = "following", "フォローアップ中"
    DONE = "done", "完了"
    MOVED = "moved", "転出"
    DIED = "died", "死亡"
    MERGED = "merged", "統合"


# Stages of a file that is closed; every other one is a stage of an open file.
CLOSED_STAGES = frozenset(
    {
        Stage.CLOSED,
        Stage.ELSEWHERE,
        Stage.INFORMED,
        Stage.FOLLOWING,
        Stage.DONE,
        Stage.MOVED,
        Stage.DIED,
        Stage.MERGED,
    }
)

_BEFORE_A_PLAN = (Stage.SCREENING, Stage.CONSENT, Stage.ASSESSING, Stage.DECIDING, Stage.PLANNING)
_SIDE = (Stage.WATCHING, Stage.SUSPENDED, Stage.ENDING)
_AT_WORK = (Stage.MONITORING, Stage.REPLANNING, Stage.CONFERRING, Stage.SUPPORTING)
# From a stage to the stages it may go to. Work does not run in a straight line: consent may come in the middle of an
# assessment, a plan may be thought over again before it was decided; what may not happen is a plan in force before one
# was made, and leaving a closed file except by reopening it.
NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset((*_BEFORE_A_PLAN, *_SIDE)),
    Stage.SCREENING: frozenset((*_BEFORE_A_PLAN, *_SIDE)),
    Stage.CONSENT: frozenset((*_BEFORE_A_PLAN, *_SIDE)),
    Stage.ASSESSING: frozenset((*_BEFORE_A_PLAN, *_SIDE)),
    Stage.DECIDING: frozenset((*_BEFORE_A_PLAN, *_SIDE)),
    Stage.PLANNING: frozenset((*_BEFORE_A_PLAN, *_SIDE, Stage.CONFERRING, Stage.SUPPORTING)),
    Stage.CONFERRING: frozenset((Stage.PLANNING, Stage.REPLANNING, Stage.SUPPORTING, *_SIDE)),
    Stage.SUPPORTING: frozenset((*_AT_WORK, *_SIDE, Stage.PLANNING)),
    Stage.MONITORING: frozenset((*_AT_WORK, *_SIDE, Stage.PLANNING)),
    Stage.REPLANNING: frozenset((*_AT_WORK, *_SIDE, Stage.PLANNING)),
    Stage.ENDING: frozenset((*_AT_WORK, *_BEFORE_A_PLAN, Stage.WATCHING, Stage.SUSPENDED)),
    Stage.WATCHING: frozenset((*_AT_WORK, *_BEFORE_A_PLAN, Stage.SUSPENDED, Stage.ENDING)),
    Stage.SUSPENDED: frozenset((*_AT_WORK, *_BEFORE_A_PLAN, Stage.WATCHING, Stage.ENDING)),
    Stage.REOPENED: frozenset((*_BEFORE_A_PLAN, *_SIDE, Stage.SUPPORTING)),
    Stage.CLOSED: frozenset((Stage.FOLLOWING, Stage.DONE)),
    Stage.ELSEWHERE: frozenset((Stage.FOLLOWING, Stage.DONE)),
    Stage.INFORMED: frozenset((Stage.DONE,)),
    Stage.FOLLOWING: frozenset((Stage.DONE,)),
    Stage.DONE: frozenset(),
    Stage.MOVED: frozenset((Stage.DONE,)),
    Stage.DIED: frozenset((Stage.DONE,)),
    Stage.MERGED: frozenset(),
}


def check_stage(now: Stage, then: Stage) -> None:
    """Raise Refused when a file cannot go from one stage to the other."""
    if then not in NEXT_STAGES[now]:
        raise Refused(f"「{now.label}」から「{then.label}」へは進められません。", field="stage")


class Consent(Labelled):
    """How it stands with the person's consent to be helped by several offices (sharing.md)."""

    UNTOLD = "", "まだ説明していない"
    THINKING = "thinking", "説明した・検討中"
    WHOLE = "whole", "同意あり"
    PARTLY = "partly", "一部に同意"
    REFUSED = "refused", "拒否"
    DIFFICULT = "difficult", "同意が難しい"
    WITHDRAWN = "withdrawn", "撤回"


DECADES = ("10歳未満", "10代", "20代", "30代", "40代", "50代", "60代", "70代", "80代", "90代以上")


def decade(age: int | None) -> str:
    """年代 as lists show it (domain.md §3.9)."""
    return "不明" if age is None or age < 0 else DECADES[min(age // 10, len(DECADES) - 1)]


class NoteKind(Labelled):
    """How the worker met or worked (対応方法, domain.md §3.5)."""

    PHONE = "phone", "電話相談・連絡"
    VISIT = "visit", "訪問・同行支援"
    MEETING = "meeting", "面談"
    INTERNAL = "internal", "所内会議"
    OTHER_OFFICE = "other_office", "他機関との電話照会・協議"
    CONFERENCE = "conference", "他機関との会議"
    OTHER = "other", "その他(メール・手紙等)"


def check_case_closing(*, still_held: int, main_office: str, no_main_reason: str) -> None:
    """A case closes when each concern is closed or WATCHING for a look-back, and names the 主担当 (H9)."""
    if still_held:
        raise Refused(
            f"まだ終わっていない課題が{still_held}件あります。それぞれを終えるか、ふりかえりにしてから終結してください。"
        )
    if not main_office.strip() and not no_main_reason:
        raise Refused(
            "終結のあとも連絡のとれる主担当を書くか、いないわけを選んでください。", field="main_office"
        )


def stages_by_hand(now: Stage) -> list[Stage]:
    """The stages a worker may choose from here, in the order of the work; those other deeds set are left out."""
    by_deed = (CLOSED_STAGES - {Stage.FOLLOWING, Stage.DONE}) | {Stage.REOPENED}
    return [stage for stage in Stage if stage in NEXT_STAGES[now] and stage not in by_deed]


class PlanDays(Labelled):
    """What a list of files asks of their plans' days."""

    PAST = "past", "期限を過ぎた"
    SOON = "soon", "30日以内"
    LATER = "later", "その先"
    NONE = "none", "プランがない"


SOON_DAYS = 30


class ListOrder(Labelled):
    """In which order a list of files stands."""

    NEW = "new", "新しい順"
    PLAN = "plan", "プラン期限の近い順"
    STAGE = "stage", "段階の順"
    WORKER = "worker", "担当の順"


LONGEST = 20_000
"""Letters in one box of a note: some fifteen pages. What is longer is a document, and belongs beside the note."""


def check_length(text: str, label: str, field: str) -> None:
    """Raise Refused for a text that is longer than a box of a note may be."""
    if len(text) > LONGEST:
        raise Refused(
            f"「{label}」が{len(text):,}文字あります。{LONGEST:,}文字までです。書類はそのまま「添付」に入れて、ここには要点を書いてください。",
            field=field,
        )
