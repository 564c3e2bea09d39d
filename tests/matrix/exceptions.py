"""What the matrix of every page × everybody is told by hand, each with its reason."""

from __future__ import annotations

_OWN = "one's own and nobody else's: the door asks whose it is, no role opens it"
_CHOSEN = "an item opens to the members chosen for it who acknowledged their duty, not to their offices"
_MEMBERS = "a body opens to its members and to those who prepare it, not to their offices"
_SEAT = "one acknowledges for one's own seat"
_ACCIDENT = "anybody reports one; it opens to who reported it, to the managers of their office and to who answers for the city"
_SIGNS = "papers the city signs: for who decides about keeping, administers the city or leads an office"
_MINE = "every worker has this page of their own"

NO_PURPOSE: dict[str, str] = {
    "accounts:app": _MINE,
    "accounts:key": _MINE,
    "accounts:me": _MINE,
    "accounts:my_days": _MINE,
    "accounts:second_factor": _MINE,
    "accounts:sessions": _MINE,
    "accounts:spare_codes": _MINE,
    "cases:template_edit": "a template holds no person; the door asks whose it is: one's own, one's office's, the city's",
    "cases:template_new": "a template holds no person",
    "cases:templates": "templates hold no person",
    "records:index": "leads to the first page that the role opens",
    "records:paper": "empty forms of the city, which hold no person",
    "records:papers": "empty forms of the city, which hold no person",
    "desk:circulation": "who was asked to read it, or may open the record by its own door",
    "desk:filter": _OWN,
    "desk:today": "every worker has a first page; each piece of it asks for itself",
    "notices:index": _MINE,
    "notices:mail": _MINE,
    "notices:open": _OWN,
    "notices:read_all": _MINE,
    "permissions:index": "leads to the first page of 管理 that the role opens",
    "permissions:table": "the permission table is everybody's",
    "ui:pulse": "says only that the session lives",
    "workbench:cancel": _OWN,
    "workbench:discard": _OWN,
    "workbench:draft": _OWN,
    "workbench:draft_files": _OWN,
    "workbench:drafts": _MINE,
    "workbench:drop_file": _OWN,
    "workbench:file": _OWN,
    "workbench:run": _OWN,
    "workbench:runs": _MINE,
}
"""Pages that ask the permission table for nothing."""

NARROWER: dict[str, str] = {
    "cases:template_new": "who works with files writes templates for them; the others need none",
    "cases:templates": "who works with files reads the templates; the others need none",
    "paperwork:giroku": "minutes are for the body's members, and a draft for who prepares it",
    "paperwork:shidai": "an agenda is printed by who prepares the sitting",
    "desk:circulation": "who was asked to read it, or may open the record it is about by its own door",
    "records:add_party": _ACCIDENT,
    "records:finish": _ACCIDENT,
    "records:incident": _ACCIDENT,
    "records:letter": _ACCIDENT,
    "records:look_back": _ACCIDENT,
    "records:stop": _ACCIDENT,
    "records:write_incident": _ACCIDENT,
    "records:paper": _SIGNS,
    "records:papers": _SIGNS,
    "accounts:end_session": _OWN,
    "accounts:remove_factor": _OWN,
    "accounts:remove_my_day": _OWN,
    "cases:jotting_edit": "a jotting is its writer's alone",
    "cases:template_edit": "one's own template",
    "desk:filter": _OWN,
    "desk:paper": "a paper is printed again by whoever took it out",
    "holding:glass": "who opened in an emergency, who is asked to look whether it was right, and the office's manager",
    "holding:glass_answer": "who typed the number that was read out",
    "holding:glass_second": "a 当番 or a manager of a body of the city",
    "holding:glass_two": "who opened in an emergency asks a second person",
    "people:measures": "the one office that the setting names",
    "meetings:acknowledge": _SEAT,
    "meetings:body": _MEMBERS,
    "meetings:decide": _CHOSEN,
    "meetings:decision_back": _CHOSEN,
    "meetings:done": _CHOSEN,
    "meetings:gather": _MEMBERS,
    "meetings:item": _CHOSEN,
    "meetings:item_edit": _CHOSEN,
    "meetings:room_line": _CHOSEN,
    "meetings:sitting": _MEMBERS,
    "meetings:take_back": "a proposal is taken back by whoever made it",
    "diary:back": "whoever took it out, and who leads the office",
    "intake:secret_door": "a text under a special secret is its writer's alone until a door is chosen",
    "intake:slip_take": "a slip is taken by whom it was offered to",
    "notices:open": _OWN,
    "paperwork:copy_file": "a numbered copy is its member's, and whoever prepares the sitting hands it out",
    "paperwork:file": "a copy is fetched once, by whoever made it",
    "workbench:cancel": _OWN,
    "workbench:discard": _OWN,
    "workbench:draft": _OWN,
    "workbench:drop_file": _OWN,
    "workbench:file": _OWN,
    "workbench:run": _OWN,
}
"""Pages that do not open to a colleague of the same office whose role reaches far enough."""

OPEN: dict[str, str] = {
    "cases:template_edit": "the city's templates are kept by whoever administers the city",
    "workbench:draft": "a number that no draft of anybody's has begins one; another's is told 'reload', and shows nothing",
    "workbench:draft_files": "as a draft: files are hung on one's own",
}
"""Pages of a numbered thing that answer a stranger otherwise than for a number that is not there."""

ONCE: dict[str, str] = {
    "meetings:feed_file": "a calendar's secret address answers once a minute, whoever asks: its own test asks as everybody",
}
"""Pages that cannot be asked again at once."""

ANONYMOUS: dict[str, str] = {
    "account_reset_password": "who has lost the password cannot sign in",
    "accounts:second_step": "the second step of signing in",
    "accounts:sign_on": "the way to the city's sign-on",
    "accounts:sign_on_back": "the way back from the city's sign-on",
    "referrals:link": "an office without an account reads one sheet, by link and PIN",
    "referrals:link_answer": "an office without an account answers once, by link and PIN",
}
"""Pages that open without a sign-in."""
