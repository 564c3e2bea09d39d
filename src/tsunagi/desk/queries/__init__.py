"""What the desk's pages bring together."""

from .person import PartyPage, Told, party_page
from .today import Today, everything_of, today_of

__all__ = ["PartyPage", "Today", "Told", "everything_of", "party_page", "today_of"]
