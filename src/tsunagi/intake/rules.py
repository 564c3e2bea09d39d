"""Who comes, how to reach them again, and what an imported ledger may become."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class CallerKind(Labelled):
    """Who brought the consultation (相談者)."""

    SELF = "self", "本人"
    FAMILY = "family", "家族・親族"
    NEIGHBOUR = "neighbour", "近隣・知人"
    COMMISSIONER = "commissioner", "民生委員・児童委員"
    AGENCY = "agency", "関係機関"
    SECTION = "section", "庁内の他課"
    ANONYMOUS = "anonymous", "匿名"


# Who tells us of somebody else gets a box of their own, and a word back if they want one (H10).
THIRD_PARTIES = frozenset(
    {CallerKind.FAMILY, CallerKind.NEIGHBOUR, CallerKind.COMMISSIONER, CallerKind.AGENCY, CallerKind.SECTION}
)


class WayBack(Labelled):
    """How we can reach the caller again. 「戻り先なし」 is an answer."""

    PHONE = "phone", "電話"
    LETTER = "letter", "手紙"
    MAIL = "mail", "メール・SMS"
    VISIT = "visit", "訪問してよい"
    COMES_AGAIN = "comes_again", "また来る・かける"
    NONE = "none", "戻り先なし"


class InformantReach(Labelled):
    """Whether a later holder may know who told us."""

    DESK_ONLY = "desk_only", "この窓口だけ"
    SUCCESSORS = "successors", "担当が変わっても"


class ImportState(Labelled):
    """Where a ledger stands."""

    PREVIEW = "preview", "確認中"
    RUNNING = "running", "取り込み中"
    DONE = "done", "取り込みずみ"
    FAILED = "failed", "取り込めなかった"
    DROPPED = "dropped", "やめた"


class ProposalState(Labelled):
    """What a worker said of a proposed link."""

    OPEN = "open", "未確認"
    SAME = "same", "同じ方"
    OTHER = "other", "別の方"


class SlipConsent(Labelled):
    """What the person said to being passed on with 困りごと相談連絡票."""

    YES = "yes", "同意あり(署名)"
    NO = "no", "同意なし"


class MeetingKind(Labelled):
    """What a row of the 所内会議 sheet is about."""

    CONSULTATION = "consultation", "受けた相談"
    SECOND = "second", "もう一人の確認"
    BUNDLE = "bundle", "棚卸しの束"
    STOCK = "stock", "棚卸し"


class MeetingAnswer(Labelled):
    """What the 所内会議 decides about a row; each is a deed that exists apart from the meeting."""

    CONCERN = "concern", "課題にして受け持つ"
    GIVE = "give", "整理する人を替える"
    INFORMATION_GIVEN = "information_given", "情報提供で終了"
    TOLD_THOSE_INVOLVED = "told_those_involved", "既に関わっている機関へ伝えた"
    WITHDRAWN = "withdrawn", "取り下げ"
    COULD_NOT_REACH = "could_not_reach", "連絡がつかなかった"
    NOT_A_CONSULTATION = "not_a_consultation", "相談ではない"
    AGREE = "agree", "同意する"
    BACK = "back", "わけを書いて戻す"
    GOING_ON = "going_on", "続いている"
    OVER = "over", "終わっていた"
    UNKNOWN = "unknown", "分からない"
    REFERRED = "referred_without_result", "つないだが結果が分からない"


_ANSWERS: dict[MeetingKind, tuple[MeetingAnswer, ...]] = {
    MeetingKind.CONSULTATION: (
        MeetingAnswer.CONCERN,
        MeetingAnswer.GIVE,
        MeetingAnswer.INFORMATION_GIVEN,
        MeetingAnswer.TOLD_THOSE_INVOLVED,
        MeetingAnswer.WITHDRAWN,
        MeetingAnswer.COULD_NOT_REACH,
        MeetingAnswer.NOT_A_CONSULTATION,
    ),
    MeetingKind.SECOND: (MeetingAnswer.AGREE, MeetingAnswer.BACK),
    MeetingKind.BUNDLE: (MeetingAnswer.AGREE, MeetingAnswer.BACK),
    MeetingKind.STOCK: (
        MeetingAnswer.GOING_ON,
        MeetingAnswer.OVER,
        MeetingAnswer.UNKNOWN,
        MeetingAnswer.REFERRED,
    ),
}


def answers_for(kind: MeetingKind) -> tuple[MeetingAnswer, ...]:
    """What can be decided about a row of this kind."""
    return _ANSWERS[kind]


def week_of(day: date) -> date:
    """The Monday of a day's week: an office has one 所内会議 sheet a week."""
    return day - timedelta(days=day.weekday())


def check_answer(kind: MeetingKind, answer: str) -> MeetingAnswer:
    """The answer as it is known; Refused when a row of this kind cannot be answered so."""
    found = next((known for known in _ANSWERS[kind] if known == answer), None)
    if found is None:
        raise Refused("この行では選べない答えです。もう一度選んでください。", field="answer")
    return found


def check_conclusion(
    *, concluded: bool, week_on: date, held_on: date, sat: Collection[int], on: date
) -> None:
    """A sheet is concluded once, by somebody who sat, on a day of its week or after it, never ahead of time."""
    if concluded:
        raise Refused("この会議は、もう終えています。続けるときは「続きを開く」を使ってください。")
    if held_on > on:
        raise Refused("会議の日が先の日付です。会議をした日を入れてください。", field="held_on")
    if held_on < week_on:
        raise Refused("この紙の週より前の日です。会議をした日を確かめてください。", field="held_on")
    if not sat:
        raise Refused("出席した職員を選んでください。", field="sat")
