"""What is given for a decided demand: the city's papers, masked, blacked, numbered, listed page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any

from tsunagi.codes.queries import city_name
from tsunagi.paperwork.queries import Cover, Paper, as_pdf, filled
from tsunagi.paperwork.queries.file import File
from tsunagi.paperwork.rules import Chosen, Drawn, Filling, Mask, form_of
from tsunagi.people.rules import NARROW_FACETS, Facet
from tsunagi.press.pdf import typeset
from tsunagi.records.models import Demand
from tsunagi.records.rules.demands import DemandKind, WithheldFor, answer_sentence
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show

from .demands import files_of, living_masks

BY_ITSELF = "■■■■"
"""What a mask of the papers themselves leaves (informants, protected places)."""


@dataclass(frozen=True)
class Piece:
    """One page: of which form, how often blacked, why; or withheld."""

    number: int
    form: str
    blacked: int
    reasons: tuple[str, ...]
    withheld: bool


@dataclass(frozen=True)
class Package:
    """The file and what it says page by page."""

    pdf: bytes
    pages: tuple[Piece, ...]
    journal: tuple[int, str] | None


class DemandedFile(File):
    """A file as a decided demand gives it: everything but the narrow facets, whatever its worker sees today."""

    @cached_property
    def facets(self) -> frozenset[str]:
        """The decision is the ground; 触法・在留・性のあり方・情報提供者 are never part of it by themselves."""
        return frozenset(facet.value for facet in Facet if facet not in NARROW_FACETS)


def marker(place: int) -> str:
    """What stands where words were blacked, with the number of their reason."""
    return f"■■■（{place}）"


def package_of(
    demand: Demand,
    forms: Sequence[str],
    mask: str,
    withheld: Mapping[int, str],
    *,
    at: datetime,
    journal: tuple[int, str] | None,
    draft: bool,
) -> Package:
    """Every form of every file of whom a demand names, as one PDF with its list in front."""
    words = [(one.words, one.why) for one in living_masks(demand)]
    reasons = list(dict.fromkeys([*(why for _words, why in words), *withheld.values()]))
    pdfs: list[tuple[str, bytes]] = []
    for case in files_of(demand):
        for code in forms:
            file = DemandedFile(case.worker, case, at, Mask(mask))
            form = form_of(code)
            filling = _blacked(filled(file, form), words, reasons)
            pdfs.append(
                (
                    code,
                    as_pdf(
                        Paper(
                            form,
                            filling,
                            Cover(
                                at=at,
                                mask_words=file.mask.label if not file.real else "",
                                document_number=demand.document_number,
                            ),
                        )
                    ),
                )
            )
    pieces = _pieces(pdfs, reasons, withheld)
    if not pieces:
        return Package(b"", (), journal)
    return Package(
        _joined(demand, pdfs, pieces, reasons, withheld, at=at, journal=journal, draft=draft),
        tuple(pieces),
        journal,
    )


def _blacked(filling: Filling, words: Sequence[tuple[str, str]], reasons: Sequence[str]) -> Filling:
    """The words are taken out before anything is set: what was blacked is not under the black."""
    pairs = sorted(
        ((text, marker(reasons.index(why) + 1)) for text, why in words), key=lambda pair: -len(pair[0])
    )

    def over(value: Any) -> Any:
        if isinstance(value, str):
            for text, instead in pairs:
                value = value.replace(text, instead)
            return value
        if isinstance(value, tuple):
            return tuple(over(one) for one in value)
        if isinstance(value, Chosen):
            return Chosen(tuple(over(one) for one in value.options), over(value.words), value.signs)
        if isinstance(value, Drawn):
            return Drawn("", "")  # a picture names people in ways no list of words reaches
        return value

    return {key: over(value) for key, value in filling.items()}


def _pieces(
    pdfs: Sequence[tuple[str, bytes]], reasons: Sequence[str], withheld: Mapping[int, str]
) -> list[Piece]:
    from pypdf import PdfReader

    pieces: list[Piece] = []
    for code, pdf in pdfs:
        for page in PdfReader(BytesIO(pdf)).pages:
            text = "".join(page.extract_text().split())
            number = len(pieces) + 1
            counts = {why: text.count(marker(place)) for place, why in enumerate(reasons, start=1)}
            found = [why for why, count in counts.items() if count]
            itself = text.count(BY_ITSELF)
            if itself:
                found.append(WithheldFor.INFORMANT.value)
            gone = number in withheld
            pieces.append(
                Piece(
                    number,
                    code,
                    sum(counts.values()) + itself,
                    tuple([withheld[number]] if gone else found),
                    gone,
                )
            )
    return pieces


def _joined(
    demand: Demand, pdfs: Sequence[tuple[str, bytes]], pieces: Sequence[Piece], reasons: Sequence[str], withheld: Mapping[int, str], *,
    at: datetime, journal: tuple[int, str] | None, draft: bool,
) -> bytes:  # fmt: skip
    from pypdf import PdfReader, PdfWriter

    stamps = PdfReader(BytesIO(typeset("records/papers/stamps.typ", {
        "pages": [{"number": one.number, "withheld": WithheldFor.label_of(withheld[one.number]) if one.withheld else ""} for one in pieces],
        "count": len(pieces), "line": f"{'下見' if draft else '写し'}　請求 第{demand.pk}号",
    }, at=at)))  # fmt: skip
    whole = PdfWriter()
    whole.append(PdfReader(BytesIO(typeset("records/papers/cover.typ", {
        "title": "下見（渡せません）" if draft else "開示・提供する記録の写し", "city": city_name(), "number": f"請求・照会 第{demand.pk}号",
        "document_number": demand.document_number, "kind": DemandKind.label_of(demand.kind), "day": show(day_of(at)),
        "sentence": answer_sentence(demand.kind, demand.answer) if demand.answer else "", "count": len(pieces),
        "reasons": [{"number": place, "words": WithheldFor.label_of(why)} for place, why in enumerate(reasons, start=1)],
        "lines": [
            {"page": one.number, "what": "渡しません" if one.withheld else f"{one.blacked}か所", "why": "・".join(WithheldFor.label_of(why) for why in one.reasons)}
            for one in pieces if one.withheld or one.blacked
        ],
        "journal": f"{journal[0]}　{journal[1]}" if journal else "",
    }, at=at))))  # fmt: skip
    number = 0
    for _code, pdf in pdfs:
        for page in PdfReader(BytesIO(pdf)).pages:
            stamp = stamps.pages[number]
            number += 1
            if number in withheld:
                whole.add_page(stamp)
            else:
                whole.add_page(page).merge_page(stamp)
    stream = BytesIO()
    whole.write(stream)
    return stream.getvalue()
