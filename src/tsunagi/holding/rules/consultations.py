"""What a consultation must have become before its desk lets go (H10), and stocktaking (H11)."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class ConsultationOutcome(Labelled):
    """What became of a consultation (相談の結果)."""

    INFORMATION_GIVEN = "information_given", "情報提供で終了"
    NEW_CONCERN = "new_concern", "新しい課題にした"
    EXISTING_CONCERN = "existing_concern", "今ある課題に加えた"
    REFERRED = "referred", "つないだ"
    TOLD_THOSE_INVOLVED = "told_those_involved", "既に関わっている機関へ伝えた"
    COULD_NOT_REACH = "could_not_reach", "連絡がつかなかった"
    WITHDRAWN = "withdrawn", "取り下げ"
    NOT_A_CONSULTATION = "not_a_consultation", "相談ではない（間違い・営業・いたずら）"
    CHECKED_ON_IMPORT = "checked_on_import", "移行時に確認"


class StocktakingAnswer(Labelled):
    """What a worker found when looking at an imported row (棚卸しの答え)."""

    GOING_ON = "going_on", "続いている"
    OVER = "over", "終わっていた"
    UNKNOWN = "unknown", "分からない"
    REFERRED_WITHOUT_RESULT = "referred_without_result", "つないだが結果が分からない"
