"""The deeds of the desk: those that end where the rows of several modules are visible."""

from .days import move_days, try_days
from .nights import Night, write_night_papers
from .parting import part
from .words import read_everything_anew, read_words

__all__ = [
    "Night",
    "move_days",
    "part",
    "read_everything_anew",
    "read_words",
    "try_days",
    "write_night_papers",
]
