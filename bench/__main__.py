"""`make bench`: every benchmark in a process of its own; 1 when one of them missed its limit."""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "net", "case_list", "case_page", "list_of_500", "hub_pages", "genogram", "papers", "room", "memory", "lookup", "search", "rows",
)  # fmt: skip


def main() -> int:
    """Run all, print all, say which missed."""
    missed = []
    for name in ALL:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            missed.append(name)
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall within their limits")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
