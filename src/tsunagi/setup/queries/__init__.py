"""What stands in an installation, what it still lacks, and how the yearly review goes."""

from .guard import held_the_demo_city, what_forbids_demo, what_forbids_serving
from .ready import readiness
from .standing import standing

__all__ = ["held_the_demo_city", "readiness", "standing", "what_forbids_demo", "what_forbids_serving"]
