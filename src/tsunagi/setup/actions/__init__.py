"""Opening a city from its file, marks that stay, what was looked at, the yearly review."""

from .marks import mark_demo, note_look
from .opening import Opened, open_city

__all__ = ["Opened", "mark_demo", "note_look", "open_city"]
