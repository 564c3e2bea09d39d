"""Papers a city signs, filled from its settings: as values, as PDF, as Excel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from tsunagi.codes.queries import setting, text
from tsunagi.codes.rules import SETTINGS
from tsunagi.press import grids
from tsunagi.press.pdf import typeset
from tsunagi.records.rules.papers import PAPERS, Bit, CityPaper, articles_of, bits, keys_of
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show


@dataclass(frozen=True)
class PaperCard:
    """A paper as the page offers it: what is still missing and where it is set, what must be checked."""

    code: str
    name: str
    when: str
    missing: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]


def cards() -> list[PaperCard]:
    """Every paper of the list."""
    found = []
    for paper in PAPERS:
        lacks = tuple((SETTINGS[key].label, reverse("codes:setting", args=[key])) for key in _missing(paper))
        found.append(PaperCard(paper.code, paper.name, paper.when, lacks, tuple(articles_of(paper))))
    return found


def _missing(paper: CityPaper) -> list[str]:
    return [key for key in keys_of(paper) if not text(key).strip()]


def as_pdf(paper: CityPaper, at: datetime) -> bytes:
    """The paper as PDF."""
    return typeset("records/papers/city.typ", _values(paper, at), at=at, accessible=True)


def as_xlsx(paper: CityPaper, at: datetime) -> bytes:
    """The same as Excel, to be written on."""
    lines: list[tuple[grids.Box, ...] | grids.Picture] = [(grids.Box(paper.name, 48, size=14, plain=True),)]
    lines += [(grids.Box(words, 48, grey=True, size=9),) for words in _todo(paper)]
    if paper.address:
        lines.append((grids.Box(_flat(_said(paper.address)), 48, plain=True),))
    for part in paper.parts:
        if part.title:
            lines.append((grids.Box(f"■ {part.title}", 48, plain=True, size=10.5),))
        lines += [(grids.Box(_flat(_said(words)), 48),) for words in part.paragraphs]
        lines += [
            (grids.Box(_flat(_said(label)), 14, grey=True), grids.Box(_flat(_said(words)), 34))
            for label, words in part.rows
        ]
    lines += [(grids.Box("", 48, label=sign, lines=2),) for sign in paper.signs]
    return grids.form_book([grids.Page(paper.name[:28], tuple(lines))], head=paper.name, foot=_foot(at))


def _values(paper: CityPaper, at: datetime) -> dict[str, Any]:
    return {
        "name": paper.name, "todo": _todo(paper), "foot": _foot(at), "signs": list(paper.signs),
        "address": [_as(bit) for bit in _said(paper.address)] if paper.address else [],
        "parts": [
            {
                "title": part.title, "paragraphs": [[_as(bit) for bit in _said(words)] for words in part.paragraphs],
                "rows": [{"label": [_as(bit) for bit in _said(label)], "text": [_as(bit) for bit in _said(words)]} for label, words in part.rows],
            }
            for part in paper.parts
        ],
    }  # fmt: skip


def _todo(paper: CityPaper) -> list[str]:
    lacks, articles = _missing(paper), articles_of(paper)
    told = []
    if lacks:
        told.append(
            f"未設定が{len(lacks)}つあります(管理の「設定」で決めます: {'、'.join(SETTINGS[key].label for key in lacks)})。"
        )
    if articles:
        told.append(f"条番号{len(articles)}か所は、いまの法令で確かめてから使ってください。")
    return told


def _foot(at: datetime) -> str:
    return f"{show(day_of(at))} 作成の案。市の法務担当が確かめてから決裁してください。"


def _said(words: str) -> list[Bit]:
    keys = {key: str(setting(key)) for key in SETTINGS if key.startswith(("city.", "papers."))}
    return list(bits(words, keys, {key: spec.label for key, spec in SETTINGS.items()}))


def _as(bit: Bit) -> dict[str, str]:
    return {"kind": bit.kind, "words": bit.words}


def _flat(found: Iterable[Bit]) -> str:
    return "".join(
        f"〔未設定：{bit.words}〕"
        if bit.kind == "missing"
        else f"{bit.words}(要確認)"
        if bit.kind == "check"
        else bit.words
        for bit in found
    )
