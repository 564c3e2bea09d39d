"""PDF by typst: a paper of a module, filled with values."""

from __future__ import annotations

import functools
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from . import letters

PACKAGE = Path(__file__).resolve().parent.parent
PDF = "application/pdf"


def typeset(paper: str, values: dict[str, Any], *, at: datetime, accessible: bool = False) -> bytes:
    """The PDF of `paper` ("referrals/papers/sheet.typ") filled with `values`.

    `values` hold texts, numbers, truths, None, lists and dicts of them; the paper reads them as `values.name`. They
    travel as JSON, so that nothing typed by anybody is read as typst. `at` (aware) is the document's date. A letter
    that no font has is printed as 〓 and named at the foot. `accessible` asks for PDF/UA-1. Raises ValueError when
    `paper` is not one of ours.
    """
    made = _compiler().compile(
        input=_ours(paper),
        format="pdf",
        sys_inputs=_inputs(values),
        timestamp=int(at.timestamp()),
        pdf_standards=["ua-1"] if accessible else [],
    )
    return bytes(made)


def drawn(paper: str, values: dict[str, Any], *, at: datetime, dots: float = 144.0) -> bytes:
    """The first page of `paper` as a PNG, `dots` to the inch; values and letters as in `typeset`."""
    made = _compiler().compile(
        input=_ours(paper), format="png", ppi=dots, sys_inputs=_inputs(values), timestamp=int(at.timestamp())
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _ours(paper: str) -> str:
    place = (PACKAGE / paper).resolve()
    if PACKAGE not in place.parents or place.suffix != ".typ" or not place.is_file():
        raise ValueError(f"no such paper: {paper}")
    return str(place)


def _inputs(values: dict[str, Any]) -> dict[str, str]:
    told = {**letters.shown(values), "missing": letters.named(letters.all_missing(values))}
    return {"values": json.dumps(told, ensure_ascii=False)}


def joined(pdfs: list[bytes]) -> bytes:
    """Several papers as one file, in order."""
    from pypdf import PdfReader, PdfWriter

    whole = PdfWriter()
    for pdf in pdfs:
        whole.append(PdfReader(BytesIO(pdf)))
    return _bytes_of(whole)


def locked(pdf: bytes, password: str) -> bytes:
    """The same paper, encrypted (AES-256): it opens with the password only. Raises ValueError for an empty password."""
    from pypdf import PdfReader, PdfWriter

    if not password:
        raise ValueError("a locked paper needs a password")
    closed = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    closed.encrypt(user_password=password, algorithm="AES-256")
    return _bytes_of(closed)


def text_of(pdf: bytes, password: str = "") -> str:
    """The text of a paper, page after page, as a reader would copy it."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf), password=password or None)
    return "\n".join(page.extract_text() for page in reader.pages)


@functools.cache
def _compiler() -> Any:
    """One compiler per process: reading the fonts is what takes time."""
    import typst

    return typst.Compiler(
        root=str(PACKAGE),
        font_paths=[str(folder) for folder in letters.font_folders()],
        ignore_system_fonts=True,
    )


def _bytes_of(writer: Any) -> bytes:
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()
