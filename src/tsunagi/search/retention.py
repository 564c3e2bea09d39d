"""What this module holds of a party (`tsunagi dispose`, decision 0050): entries of the index of words."""

from __future__ import annotations

from tsunagi.shared.held import Held

HELD = (Held("search_passage", "party = ANY(%(parties)s)", delete=True),)
NOT_OF_A_PARTY = {"search_due": "numbers"}
MOMENTS = ()
