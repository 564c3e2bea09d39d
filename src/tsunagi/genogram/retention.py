"""What this module holds of a party (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held

HELD = (
    Held(
        "genogram_tie", "party_id = ANY(%(parties)s) OR other_id = ANY(%(parties)s)", blank=("place", "words", "since"),
        keeps=("kind", "manner", "flow"),
    ),
)  # fmt: skip

NOT_OF_A_PARTY: dict[str, str] = {}
MOMENTS = ()
