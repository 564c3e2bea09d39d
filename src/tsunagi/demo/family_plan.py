"""The first file gets a plan in force: roles of several people, one look at it, and one event of work."""

from __future__ import annotations

from datetime import date, datetime, time

from tsunagi.accounts.queries import calendar_of
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState
from tsunagi.people.access import seen_among
from tsunagi.people.queries import members_of
from tsunagi.plans.actions import (
    GoalWish,
    MonitoringWish,
    PlanWish,
    RoleWish,
    begin,
    confer,
    decide,
    new_plan,
    record_conference,
    record_consent,
    record_event,
    record_monitoring,
    say_of_role,
    write_plain,
    write_plan,
    write_roles,
)
from tsunagi.plans.models import Plan
from tsunagi.plans.queries import answering, strength_choices
from tsunagi.plans.rules import add_months, first_draft, period_end
from tsunagi.shared.days import TOKYO, day_of


def plan_files(at: datetime) -> Plan | None:
    """Give the first open file a plan that was conferred on and agreed to, and that runs; None where there is no file."""
    case = (
        Case.objects.filter(state=CaseState.OPEN)
        .select_related("worker", "office", "party__person", "party__household", "party__unknown")
        .order_by("id")
        .first()
    )
    return _Planner(case, at).tell() if case else None


class _Planner:
    """Makes the plan as the file's own worker would have, on days since the file was opened."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case, self.by, self.at = case, case.worker, at
        self.calendar = calendar_of(case.office_id)
        self.today = day_of(at)

    def day(self, share: float) -> datetime:
        """A moment of an open day, that share of the way from the opening to now."""
        begun = self.case.opened_at
        moment = begun + (self.at - begun) * share
        on = self.calendar.on_or_before(day_of(moment))
        hour = datetime.combine(on, time(11 + int(share * 10) % 5, int(share * 1000) % 60), TOKYO)
        return hour if begun < hour < self.at else moment

    def ahead(self, days: int) -> date:
        """An open day to come, or past."""
        return self.calendar.add(self.today, days)

    def tell(self) -> Plan:
        """From the draft to the first look at how it goes."""
        plan = self.written()
        self.agreed(plan)
        self.decided(plan)
        self.looked_at(plan)
        return plan

    def written(self) -> Plan:
        """The draft: words, goals, roles, やさしい日本語."""
        at = self.day(0.45)
        plan = new_plan(self.case, by=self.by, at=at)
        from_on = day_of(self.day(0.55))
        until_on = max(period_end(from_on, 6), self.ahead(40))
        monitor_on = min(max(self.calendar.on_or_after(add_months(from_on, 1)), from_on), until_on)
        strengths = [pk for pk, _words in strength_choices(self.by, self.case, on=day_of(at))][:1]
        plan = write_plan(
            plan,
            PlanWish(
                wish_person="いまの家で暮らしつづけたい。役所の手紙がたまっているのが、いちばん気になる。",
                wish_family="少しずつでも外に出て、だれかと話せるようになってほしい。",
                situation="収入が減り、家賃と公共料金の支払いが遅れている。日中に話す相手がなく、体調の波がある。",
                direction="支払いの順番をいっしょに決め、通える場所をひとつ見つける。急がず、本人の言う順に進める。",
                services=("outreach", "participation", "budgeting", "work_support", "medical"),
                services_words="包括相談の主担当は、この支援の機関",
                emergency="3日連絡がとれないときは、担当が訪ねる。夜間と休日は、市の宿直へ。",
                sharing="この表に名前のある機関と、この表に書いたことを。病名は本人がその場で伝える。",
                ending_sign="家賃の支払いが3か月続き、週に一度出かける場所がある。",
                from_on=from_on,
                until_on=until_on,
                monitor_on=monitor_on,
            ),
            [
                GoalWish("long", "いまの家で、支払いの心配なく暮らす", *strengths),
                GoalWish("short", "家賃と公共料金を払う順番を決める"),
                GoalWish("short", "週に一度、出かける場所をみつける"),
            ],
            revision=plan.revision,
            by=self.by,
            at=at,
        )
        plan = write_roles(plan, self.roles(plan), revision=plan.revision, by=self.by, at=at)
        goals = {goal.pk: first_draft(goal.text) for goal in plan.goals.all()}
        roles = {role.pk: first_draft(f"{role.often}、{role.what}。") for role in plan.roles.all()}
        return write_plain(
            plan, goals, roles, confirmed=True, revision=plan.revision, by=self.by, at=self.day(0.48)
        )

    def roles(self, plan: Plan) -> list[RoleWish]:
        """Who does what: the worker, a colleague, the person, somebody outside; one day has passed, one comes soon."""
        mine = (self.case.worker_id, self.case.office_id)
        others = [(worker, office) for worker, office, _words in answering(self.case) if worker != mine[0]]
        beside = others[0] if others else mine
        _far, pay, out = plan.goals.order_by("term", "position")
        return [
            RoleWish("家計の表をいっしょに書き、払う順番を決める", *mine, self.ahead(3), often="月2回",
                     how_known="家計の表が2か月続く", goal_id=pay.pk),
            RoleWish("たまった手紙を、いっしょに開けて分ける", *mine, self.ahead(-1), often="1回",
                     how_known="急ぐ手紙の返事が出た", goal_id=pay.pk),
            RoleWish("朝、起きたら短い電話をする", *mine, self.ahead(10), owner_kind="person", often="週1回",
                     how_known="電話の記録", goal_id=out.pk),
            RoleWish("居場所の見学に同行する", *beside, self.ahead(8), often="2回", how_known="見学の感想を聞く",
                     goal_id=out.pk),
            RoleWish("体調の相談を受ける", *mine, self.ahead(20), owner_kind="outside", owner_words="みどりの丘病院の相談員",
                     often="通院の日", how_known="本人から聞く"),
        ]  # fmt: skip

    def agreed(self, plan: Plan) -> None:
        """The person signed."""
        at = self.day(0.5)
        plan.refresh_from_db()
        record_consent(
            plan, explained_on=day_of(at), agreed_by="person", way="signed", scope="この表に名前のある機関と、この表のことを",
            kept_where="相談室の鍵つき書庫 2段目", words="「順番が分かってよかった」", revision=plan.revision, by=self.by, at=at,
        )  # fmt: skip

    def decided(self, plan: Plan) -> None:
        """The meeting found it fit; the city decided; it began."""
        confer(plan, by=self.by, at=self.day(0.51))
        held = self.day(0.53)
        record_conference(
            plan,
            held_on=day_of(held),
            kind="multi",
            result="fit",
            words="居場所は、まず見学から。",
            by=self.by,
            at=held,
        )
        sure = self.day(0.55)
        decide(plan, decided_on=day_of(sure), decided_by="地域福祉課長", by=self.by, at=sure)
        begin(plan, by=self.by, at=sure)

    def looked_at(self, plan: Plan) -> None:
        """One role is done, work was begun, and the plan was looked at."""
        role = plan.roles.get(position=3)
        say_of_role(
            role,
            "done",
            words="2か所を見学した。畑のある方が話しやすいとのこと",
            by=self.by,
            at=self.day(0.75),
        )
        persons = members_of(self.case.party_id) or [self.case.party_id]
        seen = seen_among(self.by, persons)
        at = self.day(0.8)
        record_event(
            self.case, on=day_of(at), kind="work_supported", person_id=next((pk for pk in persons if pk in seen), None),
            is_target=True, income_up=True, amount=12_000, words="週2日、畑の手伝い（中間的就労）", by=self.by, at=at,
        )  # fmt: skip
        plan.refresh_from_db()
        at = self.day(0.85)
        goals = list(plan.goals.order_by("term", "position"))
        record_monitoring(
            plan,
            MonitoringWish(
                on=day_of(at), decision="continue", next_on=max(self.ahead(25), plan.monitor_on or self.today),
                persons_view="better", persons_words="手紙がこわくなくなってきた。畑の日は眠れる。",
                opinion="支払いの順番は決まった。遅れていた分を、いつ払い終えるかを次に決める。", left_over="公共料金の遅れがあと2か月分ある。",
                decision_words="いまの役割のまま続ける。", changes=("07", "09", "12", "15"),
                goals={goals[0].pk: ("partly", "家賃は今月から払えている"), goals[1].pk: ("reached", ""),
                       goals[2].pk: ("partly", "週に2日、畑に通いはじめた")},
                roles={role.pk: "感想を聞けた"},
            ),
            revision=plan.revision,
            by=self.by,
            at=at,
        )  # fmt: skip
