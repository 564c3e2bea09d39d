"""Reading a city's opening file: bytes → a document and everything that is wrong in it, line by line.

The whole file is read before anything is said: whoever mends it sees every mistake at once. What a Japanese editor
easily writes (a BOM, CP932, 「：」 for a colon, full-width digits) is understood; what could be meant in two ways (a
tab, a key said twice) is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from tsunagi.shared.refusal import Refused

from .schema import CODE, SECTION_BY_WORD, Key, Schema, every_word, half

BIGGEST = 5_000_000
MOST_PROBLEMS = 200


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a line of the file (1 is the first), and what to do."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}行目: {self.sentence}"


@dataclass
class Entry:
    """One mapping of the file: what it says, by name, and on which line."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """What is said, or the default where nothing is said."""
        return self.values.get(name, default)

    def line_of(self, name: str) -> int:
        """The line a value stands on."""
        return self.lines.get(name, self.line)


@dataclass
class Document:
    """What a file says of a city, or what stands in the database, in the same shape."""

    city: Entry | None = None
    settings: Entry | None = None
    calendar: Entry | None = None
    districts: list[Entry] = field(default_factory=list)
    towns: list[Entry] = field(default_factory=list)
    offices: list[Entry] = field(default_factory=list)
    workers: list[Entry] = field(default_factory=list)
    code_lists: list[Entry] = field(default_factory=list)
    said: frozenset[str] = frozenset()


@dataclass
class Reading:
    """The document as far as it could be read, its problems, and what was understood although written otherwise."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, sentence: str) -> None:
        """Remember a problem."""
        self.problems.append(Problem(line, sentence))


def read(data: bytes) -> Reading:
    """Read the bytes of a file. Never raises: what cannot be read is a problem with its line."""
    reading = Reading(Document())
    if len(data) > BIGGEST:
        reading.wrong(1, "ファイルが大きすぎます(5MBまで)。開設ファイルかどうかを確かめてください。")
        return reading
    words = decoded(data, reading)
    if words is None:
        return reading
    mended = _mend(words, reading)
    _Reader(reading).sections(_nodes(mended, reading))
    reading.problems = sorted(set(reading.problems))[:MOST_PROBLEMS]
    reading.notes.sort()
    return reading


# -- letters --------------------------------------------------------------------------------------------


def decoded(data: bytes, reading: Reading) -> str | None:
    """The text of the file: UTF-8 with or without BOM, UTF-16 with BOM, or CP932 (Shift_JIS)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp932"]
    for name in candidates:
        try:
            found = data.decode(name)
        except UnicodeDecodeError:
            continue
        if name != "utf-8-sig":
            reading.notes.append(Problem(1, f"文字コードを {name.upper()} として読みました。"))
        return _without_control_letters(found, reading)
    before = data[: _first_bad(data)].count(b"\n") + 1
    reading.wrong(before, "文字として読めないところがあります。UTF-8で保存し直してください。")
    return None


def _first_bad(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _without_control_letters(words: str, reading: Reading) -> str:
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if _CONTROL.search(line):
            reading.wrong(number, "目に見えない制御文字が入っています。行を打ち直してください。")
            lines[number - 1] = _CONTROL.sub("", line)
    return "\n".join(lines)


_WORDS = "|".join(sorted(map(re.escape, every_word()), key=len, reverse=True))
_WIDE_COLON = re.compile(rf"^(\s*(?:- +)?(?:{_WORDS}))\s*：[ \u3000]*")
_TIGHT_COLON = re.compile(rf"^(\s*(?:- +)?(?:{_WORDS})):(?=[^\s])")
_INDENT = re.compile(r"^[ \t\u3000\u00a0]*")
_BULLET = re.compile(r"^(\s*)[－―・][ \u3000]*(?=\S)")
_TIGHT_BULLET = re.compile(rf"^(\s*)-(?=(?:{_WORDS})[ ]*[:：])")


def _mend(words: str, reading: Reading) -> str:
    """The text with full-width marks as YAML wants them; what was mended is noted, what is unclear is a problem."""
    return "\n".join(
        _mended_line(number, line, reading) for number, line in enumerate(words.split("\n"), start=1)
    )


def _mended_line(number: int, line: str, reading: Reading) -> str:
    indent = _INDENT.match(line)
    space = indent[0] if indent else ""
    if not line.strip():
        return ""
    if "\t" in space:
        reading.wrong(number, "字下げにタブが入っています。タブを半角の空白2つに置きかえてください。")
    mended = space.replace("\t", "  ").replace("\u3000", "  ").replace("\u00a0", " ") + line[len(space) :]
    mended = re.sub(r"^(\s*)＃", r"\1#", mended)
    if not mended.lstrip().startswith("#"):
        mended = _BULLET.sub(r"\1- ", mended)
        mended = _TIGHT_BULLET.sub(r"\1- ", mended)
        mended = _WIDE_COLON.sub(r"\1: ", mended)
        mended = _TIGHT_COLON.sub(r"\1: ", mended)
        mended = re.sub(r"[\u3000\t]+#", " #", mended)
    if mended != line and "\t" not in space:
        reading.notes.append(Problem(number, "全角の記号や空白を、半角として読みました。"))
    return mended


# -- YAML -----------------------------------------------------------------------------------------------


class _Refusing(yaml.BaseLoader):
    """Every value stays the text it was written as; nothing points at anything else."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=event.start_mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="tag", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _nodes(words: str, reading: Reading) -> list[yaml.MappingNode]:
    """The whole file as one mapping; where it cannot be parsed, every section by itself, so that all is told."""
    node, trouble = _composed(words)
    if trouble is None:
        return _as_mapping(node, reading)
    found, told = [], False
    for section in _split(words):
        node, trouble_here = _composed(section)
        if trouble_here is not None:
            reading.problems.append(trouble_here)
            told = True
        elif node is not None:
            found += _as_mapping(node, reading)
    if not told:
        reading.problems.append(trouble)
    return found


def _composed(words: str) -> tuple[Any, Problem | None]:
    try:
        return yaml.compose(words, Loader=_Refusing), None
    except yaml.MarkedYAMLError as error:
        problem = str(error.problem or "")
        never_ends = "unexpected end" in problem or "expected ','" in problem
        marks = (error.context_mark, error.problem_mark)  # what never ends is mended where it began
        mark = next((mark for mark in (marks if never_ends else marks[::-1]) if mark is not None), None)
        return None, Problem(mark.line + 1 if mark else 1, _in_words(problem))
    except yaml.YAMLError:
        return None, Problem(1, "YAMLとして読めません。書き方を確かめてください。")
    except RecursionError:
        return None, Problem(1, "かっこが深すぎて読めません。書き方を確かめてください。")


_TROUBLES = (
    ("alias", '「*」や「&」で始まる値は使えません。記号を使うときは、値を " " で囲んでください。'),
    ("tag", '「!」で始まる値は使えません。記号を使うときは、値を " " で囲んでください。'),
    (
        "mapping values are not allowed",
        '値の中に「: 」があるか、字下げがずれています。値を " " で囲むか、字下げをそろえてください。',
    ),
    ("could not find expected ':'", "「:」がありません。「名前: 値」の形で書いてください。"),
    ("found character", '値を「@」や「`」などの記号で始めることはできません。値を " " で囲んでください。'),
    ("found unexpected end", "引用符(\" や ')が閉じていません。"),
    ("while scanning a quoted", "引用符(\" や ')が閉じていません。"),
    ("expected <block end>", "字下げがずれています。同じ段の行は、左をそろえてください。"),
    ("did not find expected", "字下げかかっこがずれています。上の行とそろえてください。"),
    ("expected ',' or", "かっこ([ ] や { })が閉じていません。"),
    ("expected a single document", "「---」で区切らず、ひとつのファイルにひとつの市を書いてください。"),
)


def _in_words(problem: str) -> str:
    for mark, sentence in _TROUBLES:
        if mark in problem:
            return sentence
    return "YAMLとして読めません。字下げ(半角の空白)と「:」のあとの空白を確かめてください。"


def _split(words: str) -> Iterator[str]:
    """Each top-level section by itself, with empty lines before it, so that its lines keep their numbers."""
    lines = words.split("\n")
    starts = [number for number, line in enumerate(lines) if line and line[0] not in " #-}]" and ":" in line]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        yield "\n" * start + "\n".join(lines[start:end])


def _as_mapping(node: Any, reading: Reading) -> list[yaml.MappingNode]:
    if node is None:
        reading.wrong(1, "ファイルに何も書かれていません。tsunagi setup --example で見本を出せます。")
        return []
    if not isinstance(node, yaml.MappingNode):
        words = "、".join(SECTION_BY_WORD)
        reading.wrong(_line(node), f"いちばん左には「{words}」のどれかを書いてください。")
        return []
    return [node]


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


# -- meaning --------------------------------------------------------------------------------------------


class _Reader:
    """Turns nodes into entries by the schema."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.said: set[str] = set()

    def sections(self, nodes: Iterable[yaml.MappingNode]) -> None:
        document = self.reading.document
        seen: dict[str, int] = {}
        for node in nodes:
            for word, line, value in self._pairs(node, seen):
                found = SECTION_BY_WORD.get(word)
                if found is None:
                    self.reading.wrong(line, _unknown(word, SECTION_BY_WORD))
                    continue
                name, schema, is_list = found
                self.said.add(name)
                if _is_empty(value):
                    continue
                if name == "code_lists":
                    document.code_lists = self._code_lists(value)
                elif is_list:
                    setattr(document, name, self._entries(value, schema))
                else:
                    setattr(document, name, self._entry(value, schema))
        document.said = frozenset(self.said)

    def _pairs(
        self, node: yaml.MappingNode, seen: dict[str, int] | None = None
    ) -> Iterator[tuple[str, int, yaml.Node]]:
        """Key, line and value of a mapping; a key said twice is a problem and its second value is not read."""
        seen = {} if seen is None else seen
        for key, value in node.value:
            line = _line(key)
            if not isinstance(key, yaml.ScalarNode):
                self.reading.wrong(line, "項目名には、ことばを書いてください。")
                continue
            word = " ".join(str(key.value).split())
            if word in seen:
                self.reading.wrong(
                    line, f"「{word}」が{seen[word]}行目にもあります。どちらかひとつにしてください。"
                )
                continue
            seen[word] = line
            yield word, line, value

    def _entry(self, node: yaml.Node, schema: Schema) -> Entry | None:
        line = _line(node)
        if isinstance(node, yaml.ScalarNode) and schema.short:
            return self._short(node, schema)
        if not isinstance(node, yaml.MappingNode):
            self.reading.wrong(line, f"「{schema.what}」は、字下げして「項目: 値」の形で書いてください。")
            return None
        entry = Entry(line)
        for word, at, value in self._pairs(node):
            key = schema.by_word.get(word) or schema.by_word.get(half(word))
            if key is None:
                self.reading.wrong(at, _unknown(word, schema.by_word, schema.what))
            elif key.name in entry.values:
                self.reading.wrong(
                    at, f"「{word}」は{entry.lines[key.name]}行目の項目と同じです。どちらかを消してください。"
                )
            else:
                self._value(entry, key, value, at)
        self._needs(entry, schema)
        return entry

    def _short(self, node: yaml.ScalarNode, schema: Schema) -> Entry:
        entry = Entry(_line(node))
        self._value(entry, schema.by_word[schema.short], node, entry.line)
        self._needs(entry, schema)
        return entry

    def _needs(self, entry: Entry, schema: Schema) -> None:
        for key in schema.keys:
            if key.needed and key.name not in entry.lines:
                self.reading.wrong(entry.line, f"「{key.word}」がありません。書き足してください。")
            elif key.needed and key.name in entry.values and entry.values[key.name] in ("", None):
                self.reading.wrong(entry.line_of(key.name), f"「{key.word}」が空です。値を書いてください。")

    def _value(self, entry: Entry, key: Key, node: yaml.Node, line: int) -> None:
        entry.lines[key.name] = line
        if key.many is not None:
            entry.values[key.name] = [] if _is_empty(node) else self._entries(node, key.many)
        elif key.texts:
            entry.values[key.name] = self._texts(node, key)
        elif not isinstance(node, yaml.ScalarNode):
            joined = self._joined(node) if key.name in ("weekdays", "open_weekdays") else None
            if joined is None:
                self.reading.wrong(line, f"「{key.word}」には、値をひとつだけ書いてください。")
            else:
                self._scalar(entry, key, joined, line)
        else:
            entry.lines[key.name] = _line(node) if node.value else line
            self._scalar(entry, key, "" if _is_null(node) else str(node.value), entry.lines[key.name])

    def _scalar(self, entry: Entry, key: Key, words: str, line: int) -> None:
        if key.needed and not words.strip():
            entry.values[key.name] = ""
            return
        try:
            if words.strip() or not _must_say(key):
                entry.values[key.name] = key.read(words)
        except Refused as refusal:
            self.reading.wrong(line, f"「{key.word}」: {refusal.sentence}")
            if key.needed:
                entry.values.pop(key.name, None)

    def _joined(self, node: yaml.Node) -> str | None:
        if isinstance(node, yaml.SequenceNode) and all(
            isinstance(one, yaml.ScalarNode) for one in node.value
        ):
            return "".join(str(one.value) for one in node.value)
        return None

    def _texts(self, node: yaml.Node, key: Key) -> list[str]:
        if isinstance(node, yaml.SequenceNode):
            scalars = [one for one in node.value if isinstance(one, yaml.ScalarNode)]
            if len(scalars) != len(node.value):
                self.reading.wrong(_line(node), f"「{key.word}」には、ことばだけを並べてください。")
            parts = [(_line(one), str(one.value)) for one in scalars]
        elif isinstance(node, yaml.ScalarNode):
            words = "" if _is_null(node) else str(node.value)
            parts = [(_line(node), part) for part in re.split(f"[{key.separators}]", words)]
        else:
            self.reading.wrong(_line(node), f"「{key.word}」には、ことばを並べてください。")
            return []
        found: list[str] = []
        for line, part in parts:
            try:
                one = key.read(part)
            except Refused as refusal:
                self.reading.wrong(line, f"「{key.word}」: {refusal.sentence}")
                continue
            if one and one not in found:
                found.append(one)
        return found

    def _entries(self, node: yaml.Node, schema: Schema) -> list[Entry]:
        if isinstance(node, yaml.MappingNode) or (isinstance(node, yaml.ScalarNode) and not schema.short):
            self.reading.wrong(_line(node), f"「{schema.what}」は、行の初めに「- 」をつけて並べてください。")
            return []
        rows = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = (self._entry(one, schema) for one in rows if not _is_empty(one))
        return [entry for entry in found if entry is not None]

    def _code_lists(self, node: yaml.Node) -> list[Entry]:
        if not isinstance(node, yaml.MappingNode):
            self.reading.wrong(_line(node), "「コード表」は、表の名前の下に「- 値: …」を並べてください。")
            return []
        found = []
        for word, line, value in self._pairs(node):
            codes = [] if _is_empty(value) else self._entries(value, CODE)
            found.append(Entry(line, {"list": word, "codes": codes}, {"list": line}))
        return found


def _must_say(key: Key) -> bool:
    """Whether an empty value says nothing (a choice, a setting), rather than "nothing here"."""
    return key.name in {
        "kind",
        "basis",
        "role",
        "run_by",
        "legal_kind",
        "field",
        "weekdays",
        "open_weekdays",
        "since",
    } or ("." in key.name and not key.name.startswith("city."))


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")


def _is_empty(node: yaml.Node) -> bool:
    return _is_null(node)


def _unknown(word: str, known: Iterable[str], what: str = "") -> str:
    like = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    where = f"「{what}」に" if what else ""
    meant = f"「{like[0]}」のことですか。" if like else "項目名を確かめてください。"
    return f"{where}「{word}」という項目はありません。{meant}"
