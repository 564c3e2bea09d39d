"""Gaps between services (はざま) and why an office says no (H5)."""

from __future__ import annotations

from collections.abc import Mapping

from tsunagi.shared.labels import Labelled


class GapKind(Labelled):
    """Why no service fitted (制度の狭間の種類)."""

    OUT_OF_SCOPE = "out_of_scope", "対象外（年齢・手帳・診断・所得）"
    UNDIAGNOSED = "undiagnosed", "未診断"
    NOT_FELT = "not_felt", "本人の拒否・困り感なし"
    PASSED_AROUND = "passed_around", "制度間の押し付け・管轄"
    NO_RESOURCE = "no_resource", "待機・資源なし"
    BETWEEN_PROCEDURES = "between_procedures", "手続き中の空白"
    PART_OF_HOUSEHOLD = "part_of_household", "世帯の一部だけが対象"
    MOVING_ON = "moving_on", "転居・退院・出所の切れ目"


class DeclineReason(Labelled):
    """Why the receiving office cannot take the concern (受けられない理由)."""

    AGE = "age", "対象外：年齢"
    CERTIFICATE = "certificate", "対象外：手帳"
    DIAGNOSIS = "diagnosis", "対象外：診断"
    INCOME = "income", "対象外：所得"
    NO_RESOURCE = "no_resource", "資源なし・待機"
    JURISDICTION = "jurisdiction", "管轄外"
    NOT_ENOUGH_KNOWN = "not_enough_known", "情報不足"
    PERSON_REFUSES = "person_refuses", "本人拒否"
    OTHER = "other", "その他"


# Reasons that mean "no service fits" leave a gap at the first no; any other reason at the second (H5).
NO_SERVICE_FITS: Mapping[DeclineReason, GapKind] = {
    DeclineReason.AGE: GapKind.OUT_OF_SCOPE,
    DeclineReason.CERTIFICATE: GapKind.OUT_OF_SCOPE,
    DeclineReason.DIAGNOSIS: GapKind.UNDIAGNOSED,
    DeclineReason.INCOME: GapKind.OUT_OF_SCOPE,
    DeclineReason.NO_RESOURCE: GapKind.NO_RESOURCE,
}

_AT_SECOND_NO: Mapping[DeclineReason, GapKind] = {
    DeclineReason.JURISDICTION: GapKind.PASSED_AROUND,
    DeclineReason.NOT_ENOUGH_KNOWN: GapKind.BETWEEN_PROCEDURES,
    DeclineReason.PERSON_REFUSES: GapKind.NOT_FELT,
    DeclineReason.OTHER: GapKind.PASSED_AROUND,
}


def gap_of(reason: DeclineReason, *, declines_before: int) -> GapKind | None:
    """The gap a decline leaves, or None (H5).

    A gap also opens a request to くらし連携担当 that cannot be declined: the sender holds meanwhile.
    `declines_before` counts the earlier declines of the same concern.
    """
    if reason in NO_SERVICE_FITS:
        return NO_SERVICE_FITS[reason]
    return _AT_SECOND_NO[reason] if declines_before >= 1 else None
