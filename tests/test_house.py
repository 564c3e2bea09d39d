"""What an import contract cannot show: the house rules that hold for every module.

The pages' rule (every URL name is visited as allowed, stranger and anonymous) is read from the source: the test that
does it says `@pytest.mark.visits("people:detail")`; see tests/conftest.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tsunagi.config.modules import MODULES, PACKAGE, present

TESTS = Path(__file__).parent
MODULES_HERE = [name for name in present() if name not in ("config", "shared", "ui", "press")]

# Where modules meet: what one module may import of another.
MEETING_POINTS = {
    "rules", "events", "models", "access", "queries", "actions", "reactions", "laws", "fields",
}  # fmt: skip
# These may be imported whole: they are no module of the work.
OPEN_HOUSES = {"ui", "shared", "press"}

# What writes when it is called on a manager, a queryset or a row.
WRITING = {"save", "create", "bulk_create", "bulk_update", "delete", "update_or_create", "get_or_create"}
# Files that may write: deeds, and what calls nothing else.
WRITERS = {"actions", "migrations"}


@cache
def sources(module: str) -> list[tuple[Path, ast.Module]]:
    """The module's Python files, parsed."""
    return [
        (path, ast.parse(path.read_text(), str(path)))
        for path in sorted((PACKAGE / module).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


def part_of(path: Path) -> str:
    """Which file of its module this is: `rules` for both people/rules.py and people/rules/dates.py."""
    return path.relative_to(PACKAGE).parts[1].removesuffix(".py")


def imported(tree: ast.Module, module: str) -> Iterator[tuple[int, str]]:
    """Every absolute `tsunagi.x.y` a file imports, with its line; relative imports stay inside and are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("module", MODULES_HERE)
def test_foreign_keys_point_down(module: str) -> None:
    if module not in apps.app_configs:
        return
    order = {name: floor for floor, name in enumerate(MODULES)}
    wrong = []
    for model in apps.get_app_config(module).get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None)
            if target is None or not getattr(field, "concrete", False) or not target.model:
                continue
            label = target.model._meta.app_label
            if label not in order:
                continue
            if order[label] < order[module]:
                wrong.append(f"{model.__name__}.{field.name} → {label}")
    assert not wrong


@pytest.mark.parametrize("module", MODULES_HERE)
def test_modules_meet_only_at_their_meeting_points(module: str) -> None:
    wrong = []
    for path, tree in sources(module):
        if part_of(path) == "migrations":
            continue
        for line, name in imported(tree, module):
            parts = name.split(".")
            if parts[0] != "tsunagi" or len(parts) < 3 or parts[1] in OPEN_HOUSES or parts[1] == module:
                continue
            if parts[2] not in MEETING_POINTS and not (parts[1] == "config" and module == "demo"):
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert not wrong


@pytest.mark.parametrize("module", [name for name in MODULES_HERE if name != "demo"])
def test_only_actions_write(module: str) -> None:
    wrong = []
    for path, tree in sources(module):
        if part_of(path) in WRITERS:
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITING
                and not _writes_a_file(node)
            ):
                wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} calls .{node.func.attr}()")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and part_of(path) not in ("models", "laws")
                and re.match(r"\s*(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE)\b", node.value)
            ):
                wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} writes by SQL")
    assert not wrong


def _writes_a_file(call: ast.Call) -> bool:
    """`workbook.save(stream)` writes a file: a row is saved with keywords only."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "save" and bool(call.args)


LONGEST_VIEW = 35
"""Lines of a view's body (a guide says 20; what is over this does more than a door, a form and an answer)."""


@pytest.mark.parametrize("module", MODULES_HERE)
def test_views_are_short_functions(module: str) -> None:
    wrong = []
    for path, tree in sources(module):
        if part_of(path) != "views":
            continue
        for node in tree.body:
            where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            if isinstance(node, ast.ClassDef) and any("View" in ast.unparse(base) for base in node.bases):
                wrong.append(f"{where} class {node.name}")
            if not isinstance(node, ast.FunctionDef):
                continue
            marks = {ast.unparse(mark).split("(")[0].split(".")[-1] for mark in node.decorator_list}
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1
            if marks & {"reads", "writes"} and length > LONGEST_VIEW:
                wrong.append(f"{where} {node.name} is {length} lines long")
    assert not wrong


def test_every_page_is_marked_reads_or_writes() -> None:
    wrong = [
        f"{name} ({pattern.callback.__module__}.{pattern.callback.__name__})"
        for name, pattern in pages()
        if not hasattr(pattern.callback, "edge")
    ]
    assert not wrong


INLINE = [
    (r"\sstyle\s*=\s*[\"']", "an inline style"),
    (r"\son[a-z]+\s*=\s*[\"']", "an inline handler"),
    (r"\shx-on[:\w-]*\s*=", "an inline handler (hx-on)"),
    (r"<script(?![^>]*\b(src|type=\"application/json\"))", "an inline script"),
    (r"<style\b", "an inline style sheet"),
    (r"(?:src|href|action)\s*=\s*[\"']https?://", "an address of another server"),
    (r"\|\s*safe\b", "|safe"),
    (r"{%\s*autoescape\s+off", "autoescape off"),
]


@pytest.mark.parametrize("module", [name for name in present() if name != "shared"])
def test_templates_have_no_inline_code_or_style(module: str) -> None:
    wrong = []
    for path in sorted((PACKAGE / module).rglob("*.html")):
        text = path.read_text()
        for pattern, words in INLINE:
            for found in re.finditer(pattern, text):
                line = text.count("\n", 0, found.start()) + 1
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} has {words}")
    assert not wrong


@pytest.mark.parametrize("module", present())
def test_every_module_has_a_short_readme(module: str) -> None:
    readme = PACKAGE / module / "README.md"
    assert readme.is_file(), (
        f"{module}/README.md: what this is for, its words, the law it follows, its neighbours"
    )
    assert len(readme.read_text().splitlines()) <= 40


def test_every_package_on_disk_is_in_the_order_of_modules() -> None:
    on_disk = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert on_disk == set(MODULES)


FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "manager", "services"}


def test_no_file_has_a_name_that_says_nothing() -> None:
    wrong = [path for path in PACKAGE.rglob("*.py") if path.stem in FORBIDDEN_NAMES]
    assert not wrong


@pytest.mark.parametrize("module", MODULES_HERE)
def test_nothing_that_decides_reads_the_clock(module: str) -> None:
    wrong = []
    for path, tree in sources(module):
        if part_of(path) in ("tasks", "migrations"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = ast.unparse(node.func)
                if words in {
                    "timezone.now",
                    "timezone.localtime",
                    "timezone.localdate",
                    "datetime.now",
                    "datetime.today",
                    "date.today",
                    "datetime.utcnow",
                    "time.time",
                }:
                    wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {words}()")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.search(r"\b(current_date|current_timestamp|now\(\))", node.value, re.IGNORECASE)
                and re.search(r"\b(SELECT|WHERE|UPDATE|INSERT)\b", node.value)
            ):
                wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} asks the database what time it is")
    assert not wrong


# -- every page has its three visitors -----------------------------------------------------------------


def pages() -> list[tuple[str, URLPattern]]:
    """Our own pages by name (allauth's and the ui's own tools apart)."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, inner)
            elif pattern.callback.__module__.startswith("tsunagi."):
                yield f"{space}{pattern.name or pattern.pattern}", pattern

    return [
        (name, pattern)
        for name, pattern in walk(get_resolver().url_patterns, "")
        if not name.startswith("ui:")
    ]


def url_names() -> set[str]:
    """The names of our own pages."""
    return {name for name, _ in pages()}


def visited_names() -> set[str]:
    """The names that some test's `visits` mark promises to visit."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func).endswith("mark.visits")
            ):
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def test_every_page_is_visited_as_allowed_stranger_and_anonymous() -> None:
    missing = url_names() - visited_names()
    assert not missing, f"no test is marked @pytest.mark.visits(...) for: {', '.join(sorted(missing))}"


def test_every_visited_name_exists() -> None:
    unknown = {name for name in visited_names() if not name.startswith(("ui:", "account_"))} - url_names()
    assert not unknown
