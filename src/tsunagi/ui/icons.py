"""The signs of the screens: strokes on a 24 × 24 field, drawn for this product. They repeat a word, never replace it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "check": "M4 12.5l5 5L20 6.5",
    "check-circle": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.5l3 3 5.5-6.5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2",
    "alert": "M12 3.5L2.5 20h19L12 3.5zM12 10v4.5M12 17.2v.3",
    "falling": "M4 5l8 7 8-7M4 12l8 7 8-7",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.3v.3",
    "stop": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM8.5 8.5l7 7M15.5 8.5l-7 7",
    "up-double": "M6 12l6-6 6 6M6 19l6-6 6 6",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
    "minus": "M5 12h14",
    "down": "M12 5v14M6 13l6 6 6-6",
    "up": "M12 19V5M6 11l6-6 6 6",
    "right": "M9 5l7 7-7 7",
    "left": "M15 5l-7 7 7 7",
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "back": "M20 12H5M11 6l-6 6 6 6",
    "plus": "M12 5v14M5 12h14",
    "close": "M6 6l12 12M18 6L6 18",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2L21 21",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16zM10 20.5h4",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c.5-4.5 3.5-7 8-7s7.5 2.5 8 7",
    "household": "M3 11.5L12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-5.5h4V20",
    "unknown": "M9 9.2A3 3 0 1 1 13 12c-.8.4-1 1-1 2M12 17.5v.3M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "phone": "M6 3.5h3.5l1.5 5-2.2 1.6a12 12 0 0 0 5 5L15.5 13l5 1.5V18a2.5 2.5 0 0 1-2.7 2.5A16 16 0 0 1 3.5 6.2 2.5 2.5 0 0 1 6 3.5z",
    "talk": "M4 5h16v11H11l-4.5 4v-4H4z",
    "walk": "M13 3.5v.5M9 21l2.5-6L9.5 12l1.5-4.5 3 .5 2 3 3 1M11.5 15l3 2 1 4M11 7.5L7.5 9 6.5 12.5",
    "letter": "M3 6h18v12H3zM3 7l9 7 9-7",
    "paper": "M6 3h9l4 4v14H6zM14.5 3v4.5H19M9 12h7M9 16h7",
    "pen": "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
    "lock": "M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11",
    "shield": "M12 3l8 3v6c0 4.5-3 7.5-8 9.5-5-2-8-5-8-9.5V6z",
    "scales": "M12 3v18M7 21h10M4 7h16M4 7l-2 6a3 3 0 0 0 5 0L4 7zM20 7l-3 6a3 3 0 0 0 5 0z",
    "inbox": "M4 5h16v14H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20",
    "box": "M4 8l8-4.5L20 8v8.5L12 21l-8-4.5zM4 8l8 4.5L20 8M12 12.5V21",
    "hands": "M12 20s-8-4.5-8-10a4.2 4.2 0 0 1 8-2 4.2 4.2 0 0 1 8 2c0 5.5-8 10-8 10z",
    "link": "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8 3.5V7M16 3.5V7",
    "clip": "M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17a1.8 1.8 0 0 1-2.5-2.5l7.5-7.5",
    "print": "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "upload": "M12 16V5M7 9.5l5-5 5 5M4 20h16",
    "out": "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
    "key": "M8 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 12h9v3.5M17 12v3",
    "list": "M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1",
    "undo": "M8 5L3.5 9.5 8 14M4 9.5h10a5 5 0 0 1 0 10H8",
    "wait": "M7 3.5h10M7 20.5h10M8 3.5c0 5 8 5.5 8 8.5s-8 3.5-8 8.5M16 3.5c0 5-8 5.5-8 8.5s8 3.5 8 8.5",
    "dot": "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
}

# The stored words of lateness have their sign under their own name too.
PATHS |= {
    "green": PATHS["check-circle"],
    "amber": PATHS["clock"],
    "red": PATHS["alert"],
    "warning": PATHS["alert"],
}


def icon(name: str) -> SafeString:
    """One sign as inline SVG, hidden from screen readers because the word stands beside it.

    Raises KeyError for a name that is not in PATHS, so that a misspelt one is found at once.
    """
    path = mark_safe(PATHS[name])  # noqa: S308  (our own constants)
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        path,
    )
