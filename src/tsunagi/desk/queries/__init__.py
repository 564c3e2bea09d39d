"""What the desk's pages bring together."""

from .found import keys_of
from .parting import LookedMeanwhile, RowSince, looked_meanwhile, rows_since
from .person import PartyPage, Told, party_page
from .places import PlaceNamed, places_named, words_of_place
from .texts import FoundText, all_ids, shown_of, texts_of
from .today import Today, everything_of, today_of

__all__ = [
    "FoundText",
    "LookedMeanwhile",
    "PartyPage",
    "PlaceNamed",
    "RowSince",
    "Today",
    "Told",
    "all_ids",
    "everything_of",
    "keys_of",
    "looked_meanwhile",
    "party_page",
    "places_named",
    "rows_since",
    "shown_of",
    "texts_of",
    "today_of",
    "words_of_place",
]
