"""What the desk's pages bring together."""

from .person import PartyPage, Told, party_page
from .places import PlaceNamed, places_named, words_of_place
from .today import Today, everything_of, today_of

__all__ = [
    "PartyPage",
    "PlaceNamed",
    "Today",
    "Told",
    "everything_of",
    "party_page",
    "places_named",
    "today_of",
    "words_of_place",
]
