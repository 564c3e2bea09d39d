"""What may be printed how: formats, masking, and what became of a copy."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

from .forms import Form
from .masks import Mask

MOST_AT_ONCE = 200
WITHOUT_REASON = 50
"""More than this many households on paper at once need a word what for."""


class Format(Labelled):
    """As what a form is made."""

    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"


class HowBack(Labelled):
    """What became of a printed copy."""

    FILED = "filed", "綴った（簿冊に入れた）"
    GIVEN = "given", "渡した（返してもらわない）"
    RETURNED = "returned", "戻ってきた"
    SHREDDED = "shredded", "裁断した"
    LOST = "lost", "見つからない（管理職に伝えた）"


def copy_number(number: int) -> str:
    """The number on a printed copy, by which it is called back: P000123."""
    return f"P{number:06d}"


def check_print(form: Form, mask: str) -> Mask:
    """The mask as it is known; Refused when this form cannot be printed so."""
    if mask not in Mask.values():
        raise Refused(
            f"秘匿の程度は {'・'.join(f'{one.value}（{one.label}）' for one in Mask)} から選んでください。",
            field="mask",
        )
    if mask not in form.masks:
        known = "・".join(Mask.label_of(one) for one in form.masks)
        raise Refused(f"「{form.name}」は、{known}だけで印刷できます。", field="mask")
    return Mask(mask)


OTHER = "other"
"""A receiver who is not on the list of offices; who it is stands in words."""


def check_leaving(
    *, found: bool = True, own: bool = False, fits: bool = True, consented: bool = True
) -> None:
    """Raise Refused where a paper may not leave for this receiver on this ground."""
    if not found or own:
        raise Refused(
            "渡す先の機関を選び直してください。同じ機関で使う紙は「この機関で使う」です。", field="to"
        )
    if not fits:
        raise Refused("この渡す先には使えない根拠です。選び直してください。", field="ground")
    if not consented:
        raise Refused(
            "この渡す先は、本人の同意の範囲に入っていません。同意を記録してから印刷するか、ほかの根拠を選んで、わけを書いてください。",
            field="ground",
        )


def check_of_one(form: Form) -> None:
    """Raise Refused where a form says something of other files too: it does not leave."""
    if not form.of_case:
        raise Refused(
            f"「{form.name}」にはほかの方のことも載るので、ほかへは渡せません。この機関で使う紙として印刷してください。",
            field="to",
        )


def check_many(count: int, for_whom: str) -> None:
    """Raise Refused for more papers at once than a run makes, or for many without saying what for."""
    if count > MOST_AT_ONCE:
        raise Refused(
            f"いちどに印刷できるのは{MOST_AT_ONCE}件までです。分けて印刷してください。", field="cases"
        )
    if count > WITHOUT_REASON and not for_whom.strip():
        raise Refused(
            f"{WITHOUT_REASON}件をこえるときは、渡す先か使いみちを書いてください。管理職に知らせます。",
            field="for_whom",
        )
