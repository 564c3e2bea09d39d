"""会議's first page; bodies, members, 守秘義務, the calendar and its secret address."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import offices, workers_of
from tsunagi.meetings import actions, forms, queries
from tsunagi.meetings.access import (
    body_for,
    convened_body_for,
    convenes,
    feed_by_token,
    member_of_convened,
    own_member_for,
    require_convener,
)
from tsunagi.meetings.rules import MODES_OF, BodyType, Mode, fiscal_year
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared import wareki
from tsunagi.shared.edges import reads, with_the_trail, writes
from tsunagi.ui.pages import bound, page

from ._flow import opened, run

FEED_SECONDS = 60
"""A calendar address answers once a minute."""


@reads
def index(request: HttpRequest) -> HttpResponse:
    """会議: what comes, what is mine, what waits for me."""
    require(request.worker, Purpose.ATTEND)
    may_found = reach_of(request.worker, Purpose.CONVENE) > Reach.NONE
    return page(
        request, "meetings/index.html", home=queries.home(request.worker, request.now), may_found=may_found,
        feed=queries.feed_of(request.worker),
    )  # fmt: skip


@reads
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    """A body: its rules, its members, its sittings."""
    found = body_for(request.worker, body_id, request.today)
    return page(
        request, "meetings/body.html", body=queries.body_page(request.worker, found, request.now),
        convened=convenes(request.worker, body_id, request.today),
    )  # fmt: skip


def _own_offices(request: HttpRequest) -> list[tuple[int, str]]:
    mine = set(offices_for(request.worker, Purpose.CONVENE))
    return [(office.pk, office.label) for office in offices(signing_in=True) if office.pk in mine]


@writes
def body_new(request: HttpRequest) -> HttpResponse:
    """Found a body."""
    require_convener(request.worker)
    draft = opened(request, "body_new", "会議をつくる", 0)
    mine = _own_offices(request)
    start = {
        "minutes": 120,
        "call_days": 5,
        "holiday_rule": "after",
        "recall": "collect",
        "office_id": mine[0][0],
    }
    form = forms.NewBodyForm(bound(request), offices=mine, initial=start | {"draft": draft.id})
    draft.fill(form)

    def act() -> tuple[str, str]:
        made = actions.make_body(
            form.cleaned_data["body_type"], form.wish(), by=request.worker, at=request.now
        )
        return reverse("meetings:body", args=[made.pk]), "会議をつくりました。次に、構成員を加えてください。"

    return run(
        request, form, act, draft=draft, title="会議をつくる", back=reverse("meetings:index"), template="meetings/body_form.html",
        key="つくる",
    )  # fmt: skip


@writes
def body_edit(request: HttpRequest, body_id: int) -> HttpResponse:
    """Change the rules of a body."""
    found = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "body", "会議の設定", body_id)
    known = asdict(actions.BodyWish(**{name: getattr(found, name) for name in actions.LABELS}))
    choices = dict([*_own_offices(request), (found.office_id, found.office.label)])
    form = forms.BodyForm(
        bound(request), offices=choices.items(),
        modes=[(mode.value, mode.label) for mode in MODES_OF[BodyType(found.body_type)]],
        initial=known | {"draft": draft.id, "revision": found.revision},
    )  # fmt: skip
    draft.fill(form)
    back = reverse("meetings:body", args=[body_id])

    def act() -> tuple[str, str]:
        actions.change_body(
            found, form.wish(), revision=form.cleaned_data["revision"] or 0, by=request.worker, at=request.now
        )
        return back, "会議の設定を変えました。"

    return run(
        request, form, act, draft=draft, title="会議の設定", back=back, template="meetings/body_form.html", body_name=found.name,
        stored_revision=found.revision,
    )  # fmt: skip


@writes
def body_end(request: HttpRequest, body_id: int) -> HttpResponse:
    """Abolish a body."""
    found = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "body_end", "会議を廃止する", body_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.end_body(found, by=request.worker, at=request.now)
        return reverse("meetings:index"), f"「{found.name}」を廃止しました。記録は残ります。"

    return run(
        request, form, act, draft=draft, title=f"「{found.name}」を廃止する", key="廃止する",
        back=reverse("meetings:body", args=[body_id]), lead="これからの会議が残っていると、廃止できません。記録は残ります。",
    )  # fmt: skip


@writes
def member_new(request: HttpRequest, body_id: int) -> HttpResponse:
    """Add a member."""
    found = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "member", "構成員を加える", body_id)
    every = offices()
    workers = [
        (f"{card.office_id}-{card.id}", f"{card.office} {card.name}")
        for card in workers_of([office.pk for office in every if office.signs_in], holding_only=False)
    ]
    form = forms.MemberForm(
        bound(request), workers=workers, offices=[(office.pk, office.label) for office in every],
        initial={"draft": draft.id, "from_on": request.today, "role": "member"},
    )  # fmt: skip
    draft.fill(form)
    back = reverse("meetings:body", args=[body_id])

    def act() -> tuple[str, str]:
        worker_id, office_id = form.who()
        names = ("name", "role", "from_on", "until_on", "is_part_time")
        actions.add_member(
            found, worker_id=worker_id, office_id=office_id or 0, by=request.worker, at=request.now,
            **{name: form.cleaned_data[name] for name in names},
        )  # fmt: skip
        return back, "構成員を加えました。守秘義務を確かめると、選ばれた議題が読めます。"

    return run(
        request, form, act, draft=draft, title=f"「{found.name}」に構成員を加える", back=back, key="加える"
    )


@writes
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """Change a member's role or term."""
    found = member_of_convened(request.worker, member_id, request.today)
    draft = opened(request, "member_edit", "構成員の任期", member_id)
    names = ("role", "until_on", "is_part_time")
    form = forms.MemberChangeForm(
        bound(request), initial={name: getattr(found, name) for name in names} | {"draft": draft.id}
    )
    back = reverse("meetings:body", args=[found.body_id])

    def act() -> tuple[str, str]:
        actions.change_member(
            found, by=request.worker, at=request.now, **{name: form.cleaned_data[name] for name in names}
        )
        return back, "構成員の記録を変えました。"

    return run(
        request, form, act, draft=draft, title=f"{found.worker.name if found.worker else found.name}さん（{found.body.name}）",
        back=back, end_url=reverse("meetings:member_end", args=[member_id]), end_words="構成員から外す",
    )  # fmt: skip


@writes
def member_end(request: HttpRequest, member_id: int) -> HttpResponse:
    """Somebody leaves a body."""
    found = member_of_convened(request.worker, member_id, request.today)
    draft = opened(request, "member_end", "構成員から外す", member_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})
    back = reverse("meetings:body", args=[found.body_id])

    def act() -> tuple[str, str]:
        actions.end_member(found, by=request.worker, at=request.now)
        return back, "構成員から外しました。開いていた議題は、もう読めません。"

    return run(
        request, form, act, draft=draft, title="構成員から外す", key="外す", back=back,
        lead=f"{found.worker.name if found.worker else found.name}さんを「{found.body.name}」から外します。開いていた議題は、すぐに読めなくなります。",
    )  # fmt: skip


@writes
def acknowledge(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member acknowledges 守秘義務 on their own screen."""
    seat = own_member_for(request.worker, member_id, request.today)
    draft = opened(request, "acknowledge", "守秘義務を確かめる", member_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.acknowledge(seat, by=request.worker, at=request.now)
        return reverse("meetings:index"), "守秘義務を確かめました。選ばれた議題が読めます。"

    return run(
        request, form, act, draft=draft, title="守秘義務を確かめる", key="確かめました", back=reverse("meetings:index"),
        template="meetings/acknowledge.html", body_name=seat.body.name, year=wareki.show_fiscal_year(fiscal_year(request.today)),
        by_law=Mode.SUPPORT in seat.body.modes, by_needy_law=Mode.SUPPORT_NEEDY in seat.body.modes,
    )  # fmt: skip


@writes
def signatures(request: HttpRequest, body_id: int) -> HttpResponse:
    """Write down a signed row of acknowledgements: all at once."""
    found = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "signatures", "署名簿を記録する", body_id)
    waiting = [row for row in queries.member_cards(found, request.today) if row.acknowledged_on is None]
    form = forms.RowForm(
        bound(request), members=[(row.id, f"{row.name}（{row.office}）") for row in waiting],
        initial={"draft": draft.id, "on": request.today, "members": [row.id for row in waiting]},
    )  # fmt: skip
    back = reverse("meetings:body", args=[body_id])

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        count = actions.acknowledge_row(
            found,
            typed["members"],
            on=typed["on"],
            kept_where=typed["kept_where"],
            by=request.worker,
            at=request.now,
        )
        return back, f"{count}人の守秘義務の確認を記録しました。"

    return run(
        request, form, act, draft=draft, title=f"「{found.name}」の署名簿を記録する", back=back, key="記録する",
        lead="" if waiting else "今年度の確認は、全員そろっています。",
    )  # fmt: skip


@writes
def calendar(request: HttpRequest, body_id: int) -> HttpResponse:
    """The next twelve months by the rule; those ticked go into the calendar."""
    found = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "calendar", "定例日を予定に入れる", body_id)
    days = queries.days_of(found, request.today)
    offered = [
        (day.day.isoformat(), wareki.show(day.day) + (f"（{day.regular.month}月{day.regular.day}日が閉庁日のため）" if day.moved else ""))
        for day, standing in days
        if day.day is not None and not standing
    ]  # fmt: skip
    form = forms.DaysForm(
        bound(request),
        days=offered,
        initial={"draft": draft.id, "days": [value for value, _words in offered]},
    )
    back = reverse("meetings:body", args=[body_id])

    def act() -> tuple[str, str]:
        chosen = {
            day.day for day, _standing in days if day.day and day.day.isoformat() in form.cleaned_data["days"]
        }
        made = actions.plan_sittings(found, chosen, by=request.worker, at=request.now)
        return back, f"{len(made)}回の会議を予定に入れました。"

    rule = queries.body_page(request.worker, found, request.now).rule
    return run(
        request, form, act, draft=draft, title=f"「{found.name}」の定例日", back=back, key="予定に入れる",
        lead=f"{rule}の、これから12か月です。" if days else "定例日がありません。会議の設定で「第何・曜日」を決めるか、ひとつずつ入れてください。",
    )  # fmt: skip


@writes
def feed(request: HttpRequest) -> HttpResponse:
    """The worker's own calendar address: made, shown once, stopped."""
    require(request.worker, Purpose.ATTEND)
    address = ""
    if request.method == "POST":
        if "stop" in request.POST:
            actions.stop_feed(by=request.worker, at=request.now)
        else:
            token = actions.make_feed(by=request.worker, at=request.now)
            address = request.build_absolute_uri(reverse("meetings:feed_file", args=[token]))
    return page(request, "meetings/feed.html", feed=queries.feed_of(request.worker), address=address)


@login_not_required
@reads
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads: bodies, places, hours, numbers of items; nobody's name. Slowed down, not counted."""
    found = feed_by_token(token)
    if found.last_read_at is not None and (request.now - found.last_read_at).total_seconds() < FEED_SECONDS:
        return HttpResponse(
            "少し待って、もう一度読んでください。", status=429, content_type="text/plain; charset=utf-8",
            headers={"Retry-After": str(FEED_SECONDS)},
        )  # fmt: skip
    with_the_trail(lambda at: actions.feed_was_read(found.pk, at=at))
    return HttpResponse(
        queries.calendar_file(found.worker, request.now), content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
    )  # fmt: skip
