"""Small files for tests, made by meaning: `a_pdf()`, `a_docx()`, `a_png(width=…)`."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_pdf(inside: bytes = b"", size: int = 0) -> bytes:
    """A PDF with this object in it, filled up to a size."""
    filling = b"%" + b"x" * max(0, size - 200) + b"\n" if size else b""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
        + inside
        + b"\n"
        + filling
        + b"startxref\n9\n%%EOF\n"
    )


def an_object_stream(words: bytes) -> bytes:
    """A PDF object stream with these words packed."""
    packed = zlib.compress(words)
    return (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\r\n"
        % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
    )


def a_png(width: int = 20, height: int = 10) -> bytes:
    """The beginning of a picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB\x60\x82"


def a_jpeg(width: int = 20, height: int = 10) -> bytes:
    """The beginning of a photograph of this size."""
    app0 = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return (
        b"\xff\xd8"
        + app0
        + b"\xff\xc0\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03" * 12
        + b"\xff\xd9"
    )


def a_zip(**parts: bytes | str) -> bytes:
    """A ZIP with these parts; `__` in a name is a slash, `_dot_` a dot."""
    return zip_of({name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()})


def zip_of(parts: dict[str, bytes | str]) -> bytes:
    """A ZIP with these parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return kept.getvalue()


def a_docx(
    more: dict[str, bytes | str] | None = None, types: str = "<Types/>", main: str = "word/document.xml"
) -> bytes:
    """A Word file (or another one, by its main part) with these further parts."""
    return zip_of({"[Content_Types].xml": types, main: "<w:document/>"} | (more or {}))


def an_old_office_file(*streams: str, extra: bytes = b"") -> bytes:
    """A container of before 2007 with streams of these names."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + extra
