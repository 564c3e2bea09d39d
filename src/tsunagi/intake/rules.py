"""Who comes, how to reach them again, and what an imported ledger may become."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


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
