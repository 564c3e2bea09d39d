"""PostgreSQL's own tools against a database of the tests' cluster, as its owner."""

from __future__ import annotations

import subprocess

from tests import harness
from tsunagi.config import embedded


def run(tool: str, database: str, arguments: list[str]) -> None:
    """Run `pg_dump` or `pg_restore` of the cluster's own version; raises with what it said."""
    found = harness.CLUSTER.parameters(embedded.OWNER, database)
    environment = embedded.environment() | {"PGPASSWORD": str(found["password"])}
    where = ["--host", str(found["host"]), "--port", str(found["port"]), "--username", str(found["user"])]
    command = [str(harness.CLUSTER._binaries / tool), *where, "--dbname", database, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool}: {done.stderr[-2000:]}")
