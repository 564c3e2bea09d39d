"""What the desk's pages bring together."""

from .parting import LookedMeanwhile, RowSince, looked_meanwhile, rows_since
from .person import PartyPage, Told, party_page
from .places import PlaceNamed, places_named, words_of_place
from .today import Today, everything_of, today_of

__all__ = [
    "LookedMeanwhile",
    "PartyPage",
    "PlaceNamed",
    "RowSince",
    "Today",
    "Told",
    "everything_of",
    "looked_meanwhile",
    "party_page",
    "places_named",
    "rows_since",
    "today_of",
    "words_of_place",
]
