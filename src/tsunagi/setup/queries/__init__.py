"""What stands in an installation, what it still lacks, and how the yearly review goes."""

from .guard import held_the_demo_city, what_forbids_demo, what_forbids_serving
from .maps import (
    Now,
    city_now,
    district_now,
    district_rows,
    elementary_names,
    junior_high_names,
    town_now,
    town_rows,
)
from .ready import readiness
from .reviewing import (
    offices_to_review,
    overdue_reviews,
    posting_lines,
    review_card,
    review_cards,
    reviewer_choices,
    reviews_summary,
    reviews_waiting,
)
from .standing import standing

__all__ = [
    "Now",
    "city_now",
    "district_now",
    "district_rows",
    "elementary_names",
    "held_the_demo_city",
    "junior_high_names",
    "offices_to_review",
    "overdue_reviews",
    "posting_lines",
    "readiness",
    "review_card",
    "review_cards",
    "reviewer_choices",
    "reviews_summary",
    "reviews_waiting",
    "standing",
    "town_now",
    "town_rows",
    "what_forbids_demo",
    "what_forbids_serving",
]
