"""The modules, top to bottom. This tuple is the import order and the order of INSTALLED_APPS."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

MODULES: tuple[str, ...] = (
    "config",
    "demo",
    "desk",
    "safety_net",
    "records",
    "paperwork",
    "meetings",
    "diary",
    "referrals",
    "plans",
    "assessment",
    "cases",
    "genogram",
    "guardianship",
    "intake",
    "holding",
    "sharing",
    "people",
    "setup",
    "places",
    "codes",
    "notices",
    "search",
    "workbench",
    "permissions",
    "accounts",
    "journal",
    "press",
    "ui",
    "shared",
)


def present() -> tuple[str, ...]:
    """The modules that exist on disk, in import order."""
    return tuple(name for name in MODULES if (PACKAGE / name / "__init__.py").is_file())


def having(file: str) -> tuple[str, ...]:
    """The present modules that have `file` (as a module or as a package), in import order."""
    return tuple(
        name
        for name in present()
        if (PACKAGE / name / f"{file}.py").is_file() or (PACKAGE / name / file / "__init__.py").is_file()
    )
