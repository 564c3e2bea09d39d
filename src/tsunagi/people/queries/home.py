"""What people in this city leave out when they write an address or a number."""

from __future__ import annotations

from tsunagi.codes.queries import area_code
from tsunagi.people.rules import Home
from tsunagi.places.queries import city_map
from tsunagi.places.rules import read_address


def home() -> Home:
    """Prefecture, city and area code of this city, as keys are folded with."""
    known = city_map()
    return Home(known.prefecture, known.city, area_code())


def town_of(address: str) -> str:
    """The town of an address (町名 on an index card): never its numbers. Empty when it lies elsewhere or is unread."""
    town = read_address(address, city_map()).town
    return town.name if town else ""
