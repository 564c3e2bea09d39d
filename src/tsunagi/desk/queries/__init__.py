"""What the desk's pages bring together."""

from .found import keys_of
from .mine import Asked, mine_of
from .parting import LookedMeanwhile, RowSince, looked_meanwhile, rows_since
from .person import PartyPage, Told, party_page
from .places import PlaceNamed, places_named, words_of_place
from .texts import FoundText, all_ids, shown_of, texts_of
from .today import Today, today_of

__all__ = [
    "Asked",
    "FoundText",
    "LookedMeanwhile",
    "PartyPage",
    "PlaceNamed",
    "RowSince",
    "Today",
    "Told",
    "all_ids",
    "keys_of",
    "looked_meanwhile",
    "mine_of",
    "party_page",
    "places_named",
    "rows_since",
    "shown_of",
    "texts_of",
    "today_of",
    "words_of_place",
]
