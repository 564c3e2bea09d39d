"""What the desk's pages bring together."""

from .mine import Asked, mine_of
from .person import PartyPage, Told, party_page
from .places import PlaceNamed, places_named, words_of_place
from .today import Today, today_of

__all__ = [
    "Asked",
    "PartyPage",
    "PlaceNamed",
    "Today",
    "Told",
    "mine_of",
    "party_page",
    "places_named",
    "today_of",
    "words_of_place",
]
