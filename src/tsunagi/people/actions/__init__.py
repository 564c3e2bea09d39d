"""The deeds of this module; nothing else writes its tables."""

from __future__ import annotations

from .bulk import register_many, start_many_households
from .households import (
    change_household,
    join_household,
    join_unknown,
    leave_household,
    note_unknown,
    part_unknown,
    relate,
    start_household,
    unrelate,
)
from .involvements import end_involvement, end_past_their_day, involve, involve_many
from .own_people import declare_own, match_all_own, match_own, withdraw_own
from .persons import (
    add_address,
    add_alias,
    add_phone,
    change_person,
    choose_district,
    count_as_shared,
    end_address,
    end_phone,
    leave_search,
    record_death,
    record_move_away,
    register_person,
    return_to_search,
    set_safe_contact,
)
from .protections import (
    LONGEST_GRANT,
    ProtectionWish,
    decide_protection,
    end_protection,
    hide_address_again,
    protect,
    show_address,
)
from .search_keys import rebuild_keys

__all__ = [
    "LONGEST_GRANT",
    "ProtectionWish",
    "add_address",
    "add_alias",
    "add_phone",
    "change_household",
    "change_person",
    "choose_district",
    "count_as_shared",
    "decide_protection",
    "declare_own",
    "end_address",
    "end_involvement",
    "end_past_their_day",
    "end_phone",
    "end_protection",
    "hide_address_again",
    "involve",
    "involve_many",
    "join_household",
    "join_unknown",
    "leave_household",
    "leave_search",
    "match_all_own",
    "match_own",
    "note_unknown",
    "part_unknown",
    "protect",
    "rebuild_keys",
    "record_death",
    "record_move_away",
    "register_many",
    "register_person",
    "relate",
    "return_to_search",
    "set_safe_contact",
    "show_address",
    "start_household",
    "start_many_households",
    "unrelate",
    "withdraw_own",
]
