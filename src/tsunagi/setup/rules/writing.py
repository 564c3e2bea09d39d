"""Writing a document back as YAML: what `--export` prints, and what reading it again understands alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .reading import Document, Entry
from .schema import SECTIONS, Key, Schema

_PLAIN = re.compile(
    r"[\w\u3000-\u30ff\u4e00-\u9fff々ー・()（）〜][\w\u3000-\u30ff\u4e00-\u9fff々ー・()（）〜 .+\-/]*"
)
_UNSAFE = re.compile(r"(?i)^(~|null|yes|no|on|off|true|false|y|n|[0-9.:_+\-][0-9.:_+\- ]*|.*\s)$")


def write(document: Document, *, head: str = "") -> str:
    """The document as YAML with the Japanese keys of the schema; `head` stands above it as comments."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    for word, name, schema, is_list in SECTIONS:
        value = getattr(document, name)
        if not value or (isinstance(value, Entry) and not value.values):
            continue
        lines += ["", f"{word}:"]
        if name == "code_lists":
            for entry in value:
                lines.append(f"  {quoted(entry.get('list'))}:")
                lines += _rows(entry.get("codes", []), schema.key("codes").many or schema, 4)
        elif is_list:
            lines += _rows(value, schema, 2)
        else:
            lines += _mapping(value, schema, 2)
    return "\n".join(lines).lstrip("\n") + "\n"


def quoted(text: str) -> str:
    """The text as a YAML scalar: as it is where that cannot be read as anything else, else in double quotes."""
    text = str(text)
    if _PLAIN.fullmatch(text) and not _UNSAFE.match(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    escaped = "".join(
        letter if letter.isprintable() or letter == "\u3000" else f"\\U{ord(letter):08x}"
        for letter in escaped
    )
    return f'"{escaped}"'


def _mapping(entry: Entry, schema: Schema, indent: int) -> list[str]:
    lines: list[str] = []
    for key in schema.keys:
        if key.name in entry.values:
            lines += _value(key, entry.values[key.name], indent)
    return lines


def _value(key: Key, value: Any, indent: int) -> Iterator[str]:
    space = " " * indent
    if key.many is not None:
        if value:
            yield f"{space}{quoted(key.word)}:"
            yield from _rows(value, key.many, indent + 2)
    elif key.texts:
        if value:
            yield f"{space}{quoted(key.word)}: [{', '.join(quoted(one) for one in value)}]"
    else:
        yield f"{space}{quoted(key.word)}: {quoted(key.show(value))}"


def _rows(entries: list[Entry], schema: Schema, indent: int) -> list[str]:
    lines: list[str] = []
    for entry in entries:
        inner = _mapping(entry, schema, indent + 2)
        if inner:
            lines += [" " * indent + "- " + inner[0].lstrip(), *inner[1:]]
    return lines
