"""プラン, やさしいプラン, 評価シート, 支援ケース一覧: what the plan and the list of files say."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from tsunagi.cases.models import CaseConcern
from tsunagi.cases.queries import CaseAsked, CaseCard, case_list_sheet
from tsunagi.codes.queries import labels_of
from tsunagi.holding.rules import NoKeyPerson
from tsunagi.paperwork.rules import NOT_SAID, Chosen, Filling, Mask, initials
from tsunagi.people.models import Membership, Person, Protection
from tsunagi.plans.queries import ConsentCard, MonitoringSheet, PlanSheet, RoleCard, monitoring_sheet
from tsunagi.shared.rows import sees_whole
from tsunagi.shared.wareki import show

from .assessed import family_for, strengths
from .file import SELF, File
from .fillings import day, numbers, short, who

GROUPS = ("multi", "poverty", "existing")


def monitoring_for(file: File) -> MonitoringSheet | None:
    """The plan in force (else the one being made, else the last) and the last look at it, read once."""
    if not hasattr(file, "_monitoring"):
        file._monitoring = monitoring_sheet(file.worker, file.case, family=family_for(file))  # type: ignore[attr-defined]
    found: MonitoringSheet | None = file._monitoring  # type: ignore[attr-defined]
    return found


def plan_for(file: File) -> PlanSheet | None:
    """The plan alone."""
    found = monitoring_for(file)
    return found.plan if found else None


def plan(file: File) -> Filling:
    """プラン兼利用申込書, both sheets; without a plan the person and the strengths alone."""
    found = plan_for(file)
    filling: Filling = {**numbers(file), **who(file, ways=False), "strengths": strengths(file)}
    if found is None:
        return filling
    groups = {key: cards for key, (_words, cards) in zip(GROUPS, found.service_groups, strict=False)}
    meeting = found.conferences[-1] if found.conferences else None
    return {
        **filling,
        "plan_number": found.title, "made_on": day(found.made_on), "worker": f"{found.office}　{found.worker}",
        "situation": found.situation, "wish_own": found.wish_person, "wish_family": found.wish_family,
        "goal_long": "\n".join(goal.text for goal in found.long_goals), "goal_short": "\n".join(goal.text for goal in found.short_goals),
        "direction": found.direction, "roles": tuple(_role(role, file) for role in found.roles),
        **{key: Chosen(tuple(card.label for card in cards if card.chosen)) for key, cards in groups.items()},
        "existing": Chosen(tuple(card.label for card in groups.get("existing", ()) if card.chosen), found.services_words),
        "emergency": found.emergency, "sharing": found.sharing, "ending": found.ending_sign, "period": _span(found.from_on, found.until_on),
        "review_on": day(found.monitor_on), "consent": _agreed(found.consents, file),
        "meeting_on": f"{day(meeting.held_on)}　{meeting.kind_label}{f'　{meeting.words}' if meeting.words else ''}" if meeting else found.no_meeting,
        "meeting_result": Chosen((meeting.result_label,)) if meeting else Chosen(),
        "decided_on": day(found.decided_on), "decided_by": "　".join(filter(None, (found.decided_by, found.decision_words))),
    }  # fmt: skip


def _role(role: RoleCard, file: File) -> tuple[str, ...]:
    """One row: whose word it is, until when, how it will be known. The person's own rows stand by how they are called."""
    person = file.veil.text(role.who) if not file.real else role.who
    return role.goal, role.what, person, role.often, short(role.due_on), role.how_known


def _span(since: date | None, until: date | None) -> str:
    return f"{day(since)} から {day(until)} まで" if since and until else day(since) and f"{day(since)} から"


def _agreed(consents: tuple[ConsentCard, ...], file: File) -> str:
    """Who agreed, when, how; the name only where the paper names people."""
    if not consents:
        return ""
    last = consents[-1]
    name = last.name if file.real else ""
    return (
        f"{day(last.explained_on)}　{last.agreed_by_label}{f'　{name}' if name else ''}（{last.way_label}）"
    )


def plan_easy(file: File) -> Filling:
    """やさしいプラン: the plain words a worker confirmed; where there are none, the words of the plan."""
    found = plan_for(file)
    filling: Filling = {"name": file.called(), "easy_contact": file.case.office.phone}
    if found is None:
        return filling
    return {
        **filling, "made_on": day(found.made_on), "easy_wish": found.wish_person,
        "easy_goal": "\n".join(goal.plain or goal.text for goal in found.goals),
        "easy_roles": tuple((role.who, role.plain or role.what, day(role.due_on)) for role in found.roles if role.settled_at is None),
        "easy_review": day(found.monitor_on), "consent": _agreed(found.consents, file),
    }  # fmt: skip


def hyouka(file: File) -> Filling:
    """評価シート: the last look at the plan that stands; without one what there is to look at."""
    found = monitoring_for(file)
    case = file.case
    filling: Filling = {
        **numbers(file), **who(file, ways=False),
        "main_office": case.main_office or (NoKeyPerson(case.no_main_reason).label if case.no_main_reason else ""),
        "come_back": case.closing_words,
    }  # fmt: skip
    if found is None:
        return filling
    entry, planned = found.entry, found.plan
    goals = (
        tuple((f"{one.term_label}：{one.goal}", one.attainment_label, one.reason) for one in entry.goals) if entry
        else tuple((f"{goal.term_label}：{goal.text}", "", "") for goal in planned.goals)
    )  # fmt: skip
    filling |= {
        "plan_made_on": day(planned.made_on), "period": _span(planned.from_on, planned.until_on), "goals": goals,
        "work_events": tuple(
            (short(one.on), "　".join(filter(None, (one.kind_label, one.words))), "対象" if one.is_target else "対象でない", _more(one.income_up, one.amount))
            for one in found.events if one.taken_back_at is None
        ),
        "end_reason": planned.end_reason,
        "follow_on": "\n".join(f"{day(one.due_on)}　{one.what}" for one in found.follow_ups if one.is_open),
    }  # fmt: skip
    if entry is None:
        return filling
    return {
        **filling, "judged_on": day(entry.on), "worker": f"{entry.office}　{entry.recorded_by}",
        "changes": Chosen(entry.change_labels), "left_over": entry.left_over,
        "own_word": "\n".join(filter(None, (entry.persons_view_label, entry.persons_words))), "worker_word": entry.opinion,
        "judgement": Chosen((entry.decision_label,), entry.decision_words),
    }  # fmt: skip


def _more(income_up: bool, amount: int | None) -> str:
    return "" if not income_up else f"増えた（月 {amount:,}円）" if amount else "増えた"


# -- 支援ケース一覧 ------------------------------------------------------------------------------------------------------


def ichiran(file: File) -> Filling:
    """支援ケース一覧 of the worker's offices: no typed words, nobody who is protected, nor that they are left out."""
    sheet = case_list_sheet(file.worker, CaseAsked(show="office"), on=file.on)
    hidden = _protected({row.party_id for row in sheet.rows})
    rows = [row for row in sheet.rows if row.party_id not in hidden]
    names = _initials({row.party_id for row in rows}) if file.mask == Mask.INITIAL else {}
    kinds = _kinds([row.id for row in rows])
    return {
        "office": file.case.office.label, "as_of": show(file.on), "count": f"{len(rows)}件{'（ほかにもあります）' if sheet.more else ''}",
        "cases": tuple(_line(row, file, names.get(row.party_id, ""), kinds.get(row.id, "")) for row in rows),
    }  # fmt: skip


def _line(row: CaseCard, file: File, letters: str, kinds: str) -> tuple[str, ...]:
    told = {Mask.REAL: row.party_label, Mask.INITIAL: letters or "世帯", Mask.RELATION: "世帯"}[file.mask]
    least = file.mask == Mask.RELATION
    return (
        row.number if not least else NOT_SAID, short(row.came_on), told, row.decade, row.district if not least else NOT_SAID,
        row.route, kinds, row.consent, row.worker, row.state_label, short(row.due_on), short(row.last_contact_on), short(row.plan_until),
    )  # fmt: skip


@sees_whole("who is guarded must never be missed by who looks")
def _protected(party_ids: set[int]) -> set[int]:
    """The parties somebody protected belongs to."""
    persons = {pk: {pk} for pk in party_ids}
    for home, person in (
        Membership.objects.filter(household_id__in=party_ids, ended_at__isnull=True)
        .order_by()
        .values_list("household_id", "person_id")
    ):
        persons[home].add(person)
    everybody = {pk for found in persons.values() for pk in found}
    rows = Protection.objects.filter(ended_at__isnull=True).filter(
        Q(person_id__in=everybody) | Q(person__party__same_as_id__in=everybody)
    )
    guarded = {
        pk for pair in rows.order_by().values_list("person_id", "person__party__same_as_id") for pk in pair
    }
    return {party for party, found in persons.items() if found & guarded}


def _initials(party_ids: set[int]) -> dict[int, str]:
    """Initials of a person, or of the one a household is about."""
    found = {
        row.pk: initials(row.kana, row.name) for row in Person.objects.filter(pk__in=party_ids).order_by("pk")
    }
    rows = Membership.objects.filter(
        household_id__in=party_ids, ended_at__isnull=True, relation=SELF
    ).select_related("person")
    for row in rows.order_by("id"):
        found.setdefault(row.household_id, initials(row.person.kana, row.person.name))
    return found


def _kinds(case_ids: list[int]) -> dict[int, str]:
    """The kinds of a file's concerns by their codes: typed words may name somebody."""
    found: dict[int, list[str]] = {}
    rows = (
        CaseConcern.objects.filter(case_id__in=case_ids)
        .order_by("id")
        .values_list("case_id", "concern__codes")
    )
    for case_id, codes in rows:
        found.setdefault(case_id, []).extend(codes or [])
    return {
        case_id: "・".join(dict.fromkeys(labels_of("case_types", codes))) for case_id, codes in found.items()
    }
