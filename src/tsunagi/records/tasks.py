"""Jobs of this module."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

from .actions import demanding
from .actions.disposing import CarriedOut, carry_out
from .queries import papers
from .rules.papers import paper_of


def match_demand(demand_id: int) -> None:
    """Look for whom a demand may mean, where nobody who asks can see the time it takes."""
    with transaction.atomic():
        demanding.match_demand(demand_id, at=timezone.localtime())


def dispose(at: datetime) -> CarriedOut:
    """Carry out what two people decided; signed in as the database's owner (`tsunagi dispose`)."""
    with opened_trail(None, "cli", at):
        return carry_out(at)


def print_city_paper(code: str, to: Path, *, at: datetime) -> str:
    """Write a paper a city signs into a file (.pdf or .xlsx); the sentence to print. Raises Refused."""
    if to.suffix not in (".pdf", ".xlsx"):
        raise Refused("書き出すファイルは .pdf か .xlsx にしてください。")
    paper = paper_of(code)
    to.write_bytes(papers.as_pdf(paper, at) if to.suffix == ".pdf" else papers.as_xlsx(paper, at))
    return f"{paper.name}を {to} に書き出しました。"
