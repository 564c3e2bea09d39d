"""The assessment, strengths and lives of one file on the screen."""

from .lives import history, life_edit, life_new, life_remove, strength_edit, strength_new
from .sheets import begin, difference, finish, index, pattern, screening, section, unknown, whole

__all__ = [
    "begin",
    "difference",
    "finish",
    "history",
    "index",
    "life_edit",
    "life_new",
    "life_remove",
    "pattern",
    "screening",
    "section",
    "strength_edit",
    "strength_new",
    "unknown",
    "whole",
]
