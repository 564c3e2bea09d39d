"""What the board 網 shows."""

from .board import Board, LadderRow, board_of
from .figures import OfficeLine

__all__ = ["Board", "LadderRow", "OfficeLine", "board_of"]
