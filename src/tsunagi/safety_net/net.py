"""`tsunagi net`: every module's laws over the whole database, as its owner, in numbers and never in names."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TextIO

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import module_has_submodule

from tsunagi.shared.laws import Finding, Law

NUMBERS = tuple(f"H{number}" for number in range(1, 18))
SHOWN = 20


@dataclass(frozen=True)
class Checked:
    """One law, how many rows it looked at, and the rows that break it."""

    law: Law
    counted: int
    violations: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Report:
    """What the net check found: laws broken, and things to look at."""

    open_concerns: int
    laws: tuple[Checked, ...]
    findings: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether any law is broken anywhere."""
        return any(checked.violations for checked in self.laws)

    @property
    def involvements_without_a_reason(self) -> int:
        """Rows that let an office see somebody, and rest on nothing that is alive; of every module's reasons together."""
        rows = {row for checked in self.laws for kind, row in checked.violations if kind == "involvement"}
        return len(rows)

    def as_dict(self) -> dict[str, Any]:
        """The report as `--json` prints it."""
        counts = dict.fromkeys(NUMBERS, 0)
        rows: dict[str, list[str]] = {}
        for checked in self.laws:
            counts[checked.law.number] += len(checked.violations)
            if checked.violations:
                rows.setdefault(checked.law.number, []).extend(
                    f"{kind}:{row}" for kind, row in checked.violations
                )
        told: dict[str, Any] = {
            "open_concerns": self.open_concerns,
            "violations": counts,
            "findings": self.findings,
        }
        if rows:
            told["rows"] = rows
        return told


def laws() -> list[Law]:
    """Every module's laws, by number."""
    found = [law for module in _laws_modules() for law in getattr(module, "LAWS", [])]
    return sorted(found, key=lambda law: (int(law.number[1:]), law.title))


def findings() -> list[Finding]:
    """Every module's findings."""
    return [finding for module in _laws_modules() for finding in getattr(module, "FINDINGS", [])]


def check(connection: BaseDatabaseWrapper, *, today: date) -> Report:
    """Verify H1–H17 over the whole database by set-based SQL. `connection` is the owner's; nothing is changed."""
    values = {"today": today}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM holding_concern WHERE closed_at IS NULL")
        open_concerns = int(cursor.fetchone()[0])
        checked = []
        for law in laws():
            cursor.execute(law.counted)
            counted = int(cursor.fetchone()[0])
            cursor.execute(law.violations, values)
            checked.append(
                Checked(law, counted, tuple((str(kind), int(row)) for kind, row in cursor.fetchall()))
            )
        told: dict[str, int] = {}
        titles: dict[str, str] = {}
        for finding in findings():
            cursor.execute(finding.sql, values)
            told[finding.key] = int(cursor.fetchone()[0])
            titles[finding.key] = finding.title
    return Report(open_concerns, tuple(checked), told, titles)


def main(
    connection: BaseDatabaseWrapper, *, today: date, as_json: bool = False, out: TextIO | None = None
) -> int:
    """Print the report; 1 when any law is broken, else 0."""
    out = out or sys.stdout
    report = check(connection, today=today)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False), file=out)
        return int(report.broken)
    print(f"開いている課題 {report.open_concerns:,}件", file=out)
    for checked in report.laws:
        mark = "×" if checked.violations else "○"
        print(
            f"{mark} {checked.law.number:<4}{checked.law.title}  見た行 {checked.counted:,}  破れ {len(checked.violations):,}",
            file=out,
        )
        for kind, row in checked.violations[:SHOWN]:
            print(f"      {kind} #{row}", file=out)
        if len(checked.violations) > SHOWN:
            print(f"      ほか {len(checked.violations) - SHOWN:,}行", file=out)
    print(f"生きた理由のない関わり {report.involvements_without_a_reason:,}", file=out)
    print("気をつけて見るもの(破れではありません)", file=out)
    for key, count in report.findings.items():
        print(f"  {report.titles[key]}: {count:,}", file=out)
    return int(report.broken)


def _laws_modules() -> list[Any]:
    return [
        importlib.import_module(f"{config.name}.laws")
        for config in apps.get_app_configs()
        if config.name.startswith("tsunagi.")
        and config.module
        and module_has_submodule(config.module, "laws")
    ]
