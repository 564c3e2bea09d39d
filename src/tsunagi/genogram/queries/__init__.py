"""What screens and papers ask: the pictures, what stands between people, whom a new tie can lead to."""

from __future__ import annotations

from .files import FILES, file_of
from .gallery import gallery_pictures
from .pages import Choice, Panel, RelationRow, TieRow, offices_to_choose, panel
from .pictures import Picture, ecomap, ecomap_svg, genogram, notation_of, picture_svg

__all__ = [
    "FILES",
    "Choice",
    "Panel",
    "Picture",
    "RelationRow",
    "TieRow",
    "ecomap",
    "ecomap_svg",
    "file_of",
    "gallery_pictures",
    "genogram",
    "notation_of",
    "offices_to_choose",
    "panel",
    "picture_svg",
]
