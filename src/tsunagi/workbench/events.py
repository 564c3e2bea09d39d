"""What the workbench announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FileInfected:
    """The scanner, asked again, found a virus in a file that was kept meanwhile; nobody can open it any more."""

    attachment_id: int
    worker_id: int
    at: datetime
