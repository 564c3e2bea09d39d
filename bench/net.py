"""`tsunagi net` over 100,000 open concerns: at most a second; each law against a bare count of the open holds."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Any

from bench.city import a_city, p50

SIZE = 100_000
LIMIT_S = 1.0


def main(size: int = SIZE) -> int:
    """Print the slowest laws and the whole; 1 when it takes longer than it may."""
    with a_city(size) as city:
        from tests.factories import TODAY
        from tsunagi.safety_net import net

        raw = p50(
            lambda: city.owner.execute("SELECT count(*) FROM holding_hold WHERE closed_at IS NULL").fetchone()
        )
        today = {"today": TODAY + timedelta(days=3)}
        taken: list[tuple[float, str]] = []
        for law in net.laws():
            taken.append((p50(lambda sql=law.violations: _ask(city, sql, today), rounds=3), law.number))
        for finding in net.findings():
            taken.append((p50(lambda sql=finding.sql: _ask(city, sql, today), rounds=3), finding.key))
        whole = []
        for _ in range(3):
            start = time.perf_counter()
            report = net.check(city.owner, today=today["today"])  # type: ignore[arg-type]
            whole.append(time.perf_counter() - start)
        print(f"net over {report.open_concerns:,} open concerns: {min(whole):.2f} s (may take {LIMIT_S} s)")
        print(
            f"  a bare count of the open holds: {raw:.1f} ms; the whole is ×{min(whole) * 1000 / raw:.0f} of it"
        )
        for milliseconds, name in sorted(taken, reverse=True)[:8]:
            print(f"  {name:<28}{milliseconds:7.1f} ms  ×{milliseconds / raw:.1f}")
        if report.broken:
            print({law.law.number: law.violations[:3] for law in report.laws if law.violations})
        if "--plans" in sys.argv:
            for law in net.laws():
                print(f"\n{law.number}")
                for (line,) in city.owner.execute(f"EXPLAIN (ANALYZE) {law.violations}", today):
                    print("  " + line)
    return int(min(whole) > LIMIT_S or report.broken)


def _ask(city: Any, sql: str, values: dict[str, Any]) -> Any:
    return city.owner.execute(sql, values).fetchall()


if __name__ == "__main__":
    sys.exit(main())
