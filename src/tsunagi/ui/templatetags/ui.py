"""Every component of the screens: `{% load ui %}`. How to use each: README.md and the gallery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.widgets import FileInput
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsunagi.ui import charts, dates, difference, icons, marks, navigation
from tsunagi.ui.fields import DayInput, PaperMarksInput

register = template.Library()


def _today(context: Context, on: date | None = None) -> date | None:
    """The page's day: the argument, else request.today; None where there is neither."""
    if on is not None:
        return on
    found: date | None = getattr(context.get("request"), "today", None)
    return found


# -- signs and marks ------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "phone" %}`: a sign beside a word; the names are in ui/icons.py."""
    return icons.icon(name)


@register.simple_tag
def is_practice() -> bool:
    """Whether the invented city is served: then every page says so, lest somebody writes a real person into it."""
    return bool(getattr(settings, "DEMO", False))


def _badge(text: object, sign: str = "", tone: str = "", title: str = "") -> SafeString:
    drawn = icons.icon(sign) if sign else SafeString("")
    classes = f"badge badge--{tone}" if tone else "badge"
    if title:
        return format_html('<span class="{}" title="{}">{}{}</span>', classes, title, drawn, text)
    return format_html('<span class="{}">{}{}</span>', classes, drawn, text)


@register.simple_tag
def badge(text: object, tone: str = "", icon: str = "") -> SafeString:
    """`{% badge "同意あり" tone="good" icon="check" %}`. Tones: good soon bad falling warm key cool violet plain."""
    return _badge(text, icon, marks.tone_of(tone))


def _mark(table: dict[str, marks.Mark], value: object, text: str) -> SafeString:
    if value in (None, ""):
        return SafeString("")
    mark = marks.mark_of(table, value)
    return _badge(text, mark.icon, mark.tone) if text else _drawn(mark)


@lru_cache(maxsize=256)
def _drawn(mark: marks.Mark) -> SafeString:
    """A mark in its own words: a list draws the same few in every row."""
    return _badge(mark.word, mark.icon, mark.tone)


@register.simple_tag
def lateness(value: object, text: str = "") -> SafeString:
    """`{% lateness row.lateness %}`: 予定どおり・今日明日・期限切れ・こぼれそう. `text` replaces the words, not the sign."""
    return _mark(marks.LATENESS, value, text)


@register.simple_tag
def urgency(value: object, text: str = "") -> SafeString:
    """`{% urgency concern.urgency %}`: high unclear middle low."""
    return _mark(marks.URGENCY, value, text)


@register.simple_tag
def hold_kind(value: object, text: str = "") -> SafeString:
    """`{% hold_kind hold.kind %}`: the kind of hold in its words."""
    return _mark(marks.HOLD_KIND, value, text)


@register.simple_tag
def contact_kind(value: object, text: str = "") -> SafeString:
    """`{% contact_kind contact.kind %}`: met seen around tried worked."""
    return _mark(marks.CONTACT_KIND, value, text)


@register.filter
def row_class(value: object) -> str:
    """`<tr class="{{ row.lateness|row_class }}">`: the stripe of a late row; empty for green."""
    key = str(getattr(value, "value", value))
    return f"row--{key}" if key in ("amber", "red", "falling") else ""


# -- days -----------------------------------------------------------------------------------------------


@register.filter
def wareki(value: Any) -> str:
    """令和5年4月1日（2023-04-01)."""
    return dates.show_wareki(value) if value else ""


@register.filter
def wareki_short(value: date | None) -> str:
    """R5.4.1."""
    return dates.show_short(value) if value else ""


@register.filter
def age_and_grade(value: Any, on: date) -> str:
    """`{{ person.born_on|age_and_grade:request.today }}`: both calendars, age, school grade."""
    return dates.show_birth(value, on) if value else ""


@register.filter
def days_ago(value: date | datetime | None, on: date) -> str:
    """`{{ day|days_ago:request.today }}`: きょう, きのう, 12日前, 3日後."""
    return dates.distance(value, on) if value else ""


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | None, on: date | None = None) -> str:
    """`{% day hold.due_on %}`: 12月3日（木), with the year when it is another year."""
    return dates.show_day(value, _today(context, on)) if value else ""


@register.simple_tag(takes_context=True)
def moment_of(context: Context, value: datetime | None, on: date | None = None) -> str:
    """`{% moment_of note.at %}`: 12月3日（木）14:05."""
    return dates.show_moment(value, _today(context, on)) if value else ""


@register.simple_tag(takes_context=True)
def birth(context: Context, value: Any, on: date | None = None) -> str:
    """`{% birth person.born_on %}`: 平成26年5月1日（2014-05-01） 12歳・小学6年. Blank: まだ聞いていない."""
    if not value:
        return "まだ聞いていない"
    today = _today(context, on)
    return dates.show_birth(value, today) if today else dates.show_wareki(value)


@register.simple_tag(takes_context=True)
def due(context: Context, value: date | None, on: date | None = None) -> SafeString:
    """`{% due hold.due_on %}`: 12月3日（木） 3日後, kept on one line."""
    if not value:
        return SafeString("")
    return _due(value, _today(context, on))


@lru_cache(maxsize=1024)
def _due(value: date, today: date | None) -> SafeString:
    beside = dates.distance(value, today) if today else ""
    return format_html(
        '<time class="nowrap" datetime="{}">{} <span class="quiet">{}</span></time>',
        value.isoformat(),
        dates.show_day(value, today),
        beside,
    )


@register.simple_tag(takes_context=True)
def last_seen(
    context: Context, value: date | datetime | None, on: date | None = None, label: bool = True
) -> SafeString:
    """`{% last_seen row.last_seen_on %}`: 最後に様子が分かった日 …（12日前). None: まだ誰も会えていません."""
    return _last_seen(value, _today(context, on), label)


@lru_cache(maxsize=1024)
def _last_seen(value: date | datetime | None, today: date | None, label: bool) -> SafeString:
    head = (
        SafeString('<span class="last-seen__label">最後に様子が分かった日</span>')
        if label
        else SafeString("")
    )
    if value is None:
        return format_html('<span class="last-seen last-seen--long">{} まだ分かっていません</span>', head)
    long = today is not None and dates.days_since(value, today) >= marks.UNSEEN_DAYS
    beside = f"（{dates.distance(value, today)}）" if today else ""
    return format_html(
        '<span class="last-seen{}">{} <span>{}{}</span></span>',
        " last-seen--long" if long else "",
        head,
        dates.show_day(value, today),
        beside,
    )


# -- buttons --------------------------------------------------------------------------------------------


def _button_class(kind: str, small: bool) -> str:
    return "button" + (f" button--{kind}" if kind else "") + (" button--small" if small else "")


@register.inclusion_tag("ui/parts/button.html")
def button(
    text: str,
    kind: str = "",
    name: str = "",
    value: str = "",
    icon: str = "",
    small: bool = False,
    why_not: str = "",
    formaction: str = "",
    type: str = "submit",
    form: str = "",
) -> dict[str, Any]:
    """`{% button "記録する" kind="primary" icon="check" %}`. Kinds: (plain) primary danger quiet.

    `why_not` is the sentence that says why it cannot be pressed: the button then does nothing and says so.
    """
    return {
        "text": text,
        "classes": _button_class(kind, small),
        "name": name,
        "value": value,
        "icon_name": icon,
        "why_not": why_not,
        "formaction": formaction,
        "type": type,
        "form_id": form,
    }


@register.inclusion_tag("ui/parts/button_link.html")
def button_link(text: str, url: str, kind: str = "", icon: str = "", small: bool = False) -> dict[str, Any]:
    """`{% button_link "受付を始める" url kind="primary" icon="plus" %}`."""
    return {"text": text, "url": url, "classes": _button_class(kind, small), "icon_name": icon}


# -- forms ----------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/parts/field.html")
def field(
    bound: BoundField,
    label: str = "",
    hint: str | None = None,
    rows: int = 0,
    inline: bool = False,
    placeholder: str = "",
    autofocus: bool = False,
    big: bool = False,
    hide_label: bool = False,
) -> dict[str, Any]:
    """`{% field form.words rows=8 hint="…" %}`: label, hint, error and control of any field, by its widget.

    `inline` sets choices side by side; `big` makes a tall text area; `hint=""` hides the form's own hint.
    Nothing is ever marked required.
    """
    if bound.is_hidden:
        return {"kind": "hidden", "control": bound.as_hidden()}
    bound.form.use_required_attribute = False
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    paper = isinstance(widget, PaperMarksInput)
    errors = bound.errors
    hint = str(bound.help_text or "") if hint is None else hint
    described = " ".join(
        part
        for part in (
            f"{bound.auto_id}-hint" if hint else "",
            f"{bound.auto_id}-error" if errors else "",
            f"{bound.auto_id}-echo" if isinstance(widget, DayInput) else "",
        )
        if part
    )
    attrs: dict[str, Any] = {}
    if not (many or paper):
        attrs["aria-describedby"] = described or False
        attrs["aria-invalid"] = "true" if errors else False
    if not (many or single or paper):
        known = widget.attrs.get("class", "")
        attrs["class"] = f"input {known} {_control_class(widget, big)}".replace("  ", " ").strip()
    if rows:
        attrs["rows"] = rows
    if placeholder:
        attrs["placeholder"] = placeholder
    elif widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = False  # the label already stands above
    if autofocus:
        attrs["autofocus"] = True
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint,
        "errors": errors,
        "kind": "paper" if paper else "many" if many else "single" if single else "plain",
        "control": "" if many else bound.as_widget(attrs=attrs),
        "choices": list(bound.subwidgets) if many else [],
        "described": described,
        "inline": inline,
        "echo": isinstance(widget, DayInput),
        "hide_label": hide_label,
        "id": bound.id_for_label or bound.auto_id,
        "auto_id": bound.auto_id,
    }


def _control_class(widget: Any, big: bool) -> str:
    if isinstance(widget, DayInput):
        return "input--day"
    if isinstance(widget, Textarea):
        return "input--big" if big else ""
    if isinstance(widget, Select | FileInput):
        return ""
    return "input--number" if getattr(widget, "input_type", "") == "number" else ""


@register.inclusion_tag("ui/parts/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """`{% fields form %}`: the error summary, hidden fields, and every visible field in the form's order."""
    return {"form": form}


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(form: BaseForm, as_problem: str = "まだ保存していません") -> dict[str, Any]:
    """`{% form_errors form %}`: what stands in the way, with links to the fields. Nothing when there is nothing."""
    found: list[dict[str, Any]] = []
    if form.is_bound:
        for name, errors in form.errors.items():
            target = form[name] if name in form.fields else None
            found.extend(
                {
                    "sentence": str(error),
                    "label": str(target.label) if target is not None else "",
                    "anchor": (target.id_for_label or target.auto_id) if target is not None else "",
                }
                for error in errors
            )
    return {"found": found, "problem": as_problem}


@register.simple_tag
def draft_attrs(url: str, seq: int = 0) -> SafeString:
    """`<form method="post" … {% draft_attrs url seq %}>`: the form saves itself to this address while typing."""
    return format_html('data-draft-url="{}" data-draft-seq="{}"', url, seq)


@register.inclusion_tag("ui/parts/draft_bar.html")
def draft_bar(url: str, saved_at: datetime | None = None) -> dict[str, Any]:
    """`{% draft_bar url saved_at %}` inside that form: 保存済み／未保存, and the 下書き保存 button without JavaScript."""
    return {"url": url, "saved_at": f"{saved_at:%H:%M}" if saved_at else ""}


# -- boxes ----------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str, title: str = "", level: int = 2, tone: str = "", id: str = "", count: int | None = None
) -> SafeString:
    """`{% card "課題" count=3 tone="red" %}…{% endcard %}`. Tones: bad soon good falling key (or red amber green)."""
    return _render(
        "ui/parts/card.html",
        content=content,
        title=title,
        heading=f"h{level}",
        tone=marks.tone_of(tone),
        id=id,
        count=count,
    )


@register.simple_block_tag
def table(
    content: str, caption: str, hide_caption: bool = False, cards: bool = True, id: str = ""
) -> SafeString:
    """`{% table "受け持ち" %}<thead>…<tbody>…{% endtable %}`: rows become cards on a phone (`data-label` on each td)."""
    return _render(
        "ui/parts/table.html", content=content, caption=caption, hide_caption=hide_caption, cards=cards, id=id
    )


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """`{% facts %}{% fact "電話" person.phone %}…{% endfacts %}`: a list of names and values."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_tag
def fact(label: str, value: object = None, blank: str = "まだ聞いていない") -> SafeString:
    """One line of `facts`; an empty value says so in words."""
    if value is None or value == "":
        return format_html('<div><dt>{}</dt><dd class="quiet">{}</dd></div>', label, blank)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, value)


@register.simple_block_tag
def fact_block(content: str, label: str) -> SafeString:
    """`{% fact_block "家族" %}…{% endfact_block %}`: a line of `facts` whose value is markup."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_block_tag
def timeline(content: str, label: str = "これまでのこと") -> SafeString:
    """`{% timeline %}{% event note.at "訪問" %}…{% endevent %}{% endtimeline %}`, newest first."""
    return format_html('<ol class="timeline" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag(takes_context=True)
def event(
    context: Context,
    content: str,
    at: date | datetime,
    title: str,
    icon: str = "dot",
    tone: str = "",
    by: str = "",
) -> SafeString:
    """One entry of `timeline`. Tones: good bad soon key."""
    today = _today(context)
    when = dates.show_moment(at, today) if isinstance(at, datetime) else dates.show_day(at, today)
    return _render(
        "ui/parts/event.html",
        content=content,
        when=when,
        machine=at.isoformat(),
        title=title,
        icon_name=icon,
        tone=marks.tone_of(tone),
        by=by,
    )


@register.simple_block_tag
def banner(content: str, title: str = "", tone: str = "", live: bool = False) -> SafeString:
    """`{% banner "休み前の点検" tone="soon" %}…{% endbanner %}`. Tones: (plain) good soon bad; `live` is read out at once."""
    tone = marks.tone_of(tone)
    sign = {"good": "check-circle", "soon": "alert", "bad": "stop"}.get(tone, "info")
    return _render("ui/parts/banner.html", content=content, title=title, tone=tone, icon_name=sign, live=live)


@register.simple_block_tag
def disclosure(content: str, summary: str, open: bool = False, id: str = "") -> SafeString:
    """`{% disclosure "くわしく" %}…{% enddisclosure %}`: opens without JavaScript."""
    return _render("ui/parts/disclosure.html", content=content, summary=summary, open=open, id=id)


@register.simple_block_tag
def confirm(
    content: str, summary: str, kind: str = "danger", icon: str = "", open: bool = False, small: bool = False
) -> SafeString:
    """`{% confirm "取り消す" %}<form …>{% endconfirm %}`: a button that first opens what will happen."""
    return _render(
        "ui/parts/confirm.html",
        content=content,
        summary=summary,
        classes=_button_class(kind, small),
        plain=kind != "danger",
        icon_name=icon,
        open=open,
    )


@register.inclusion_tag("ui/parts/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """`{% empty_state "つなぎはまだありません" "送ったつなぎがここに並びます。" url "つなぐ" %}`."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Iterable[Sequence[Any]], label: str = "この画面の中") -> dict[str, Any]:
    """`{% tabs items %}`: items are (label, url, is_current[, count]). Links, so each tab has its address."""
    made = [
        {
            "label": item[0],
            "url": item[1],
            "current": bool(item[2]),
            "count": item[3] if len(item) > 3 else None,
        }
        for item in items
    ]
    return {"items": made, "label": label}


@register.inclusion_tag("ui/parts/pager.html")
def pager(
    total: int, shown: int, next_url: str = "", first_url: str = "", unit: str = "件"
) -> dict[str, Any]:
    """`{% pager total shown next_url first_url %}`: 全128件のうち50件 and 次へ (keyset), 最初へ when not on the first."""
    return {"total": total, "shown": shown, "next_url": next_url, "first_url": first_url, "unit": unit}


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str, note: str = "") -> dict[str, Any]:
    """`{% progress run.done run.total "台帳の取り込み" %}`: the bar and the same in words."""
    percent = round(done / total * 100) if total else 0
    return {"done": done, "total": total, "label": label, "note": note, "percent": percent}


@register.simple_block_tag
def stats(content: str) -> SafeString:
    """`{% stats %}{% stat "期限切れ" 3 … %}{% endstats %}`: tiles side by side."""
    return format_html('<ul class="tiles">{}</ul>', content)


@register.inclusion_tag("ui/parts/stat.html")
def stat(
    label: str, value: object, url: str = "", tone: str = "", unit: str = "件", note: str = "", icon: str = ""
) -> dict[str, Any]:
    """One tile. Tones: bad falling soon good key; a nought is calm whatever its tone."""
    return {
        "label": label,
        "value": value,
        "url": url,
        "tone": "" if value == 0 else marks.tone_of(tone),
        "unit": unit,
        "note": note,
        "icon_name": icon,
    }


@register.inclusion_tag("ui/parts/bar_chart.html")
def bar_chart(rows: Iterable[Sequence[Any]], title: str, unit: str = "件") -> dict[str, Any]:
    """`{% bar_chart rows "校区ごとの課題" %}`: rows of (label, value[, tone]); tones: bad soon good plain."""
    return {"bars": charts.bars(rows), "title": title, "unit": unit}


@register.inclusion_tag("ui/parts/person.html")
def person(name: str, kana: str = "", url: str = "", kind: str = "person", note: str = "") -> dict[str, Any]:
    """`{% person party.name kana=party.kana url=… kind="household" %}`: a name exactly as stored. Kinds: person household unknown."""
    sign = {"household": "household", "unknown": "unknown"}.get(str(getattr(kind, "value", kind)), "person")
    return {"name": name, "kana": kana, "url": url, "icon_name": sign, "note": note}


@register.inclusion_tag("ui/parts/conflict.html")
def conflict(
    theirs: str, mine: str, their_name: str = "", saved_at: str = "", label: str = ""
) -> dict[str, Any]:
    """`{% conflict stored.words form.words.value their_name %}`: both texts side by side, the difference marked."""
    left, right = difference.both_sides(theirs or "", mine or "")
    return {"theirs": left, "mine": right, "their_name": their_name, "saved_at": saved_at, "label": label}


# -- the frame ------------------------------------------------------------------------------------------


@register.simple_tag
def crumb(text: str, url: str = "") -> SafeString:
    """`{% block crumbs %}{% crumb "支援" url %}{% crumb "支援 #12" %}{% endblock %}`: the last one without url."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, text)
    return format_html('<li aria-current="page">{}</li>', text)


@register.inclusion_tag("ui/parts/navigation.html", takes_context=True)
def main_navigation(context: Context) -> dict[str, Any]:
    """The main navigation of base.html; a page that lies elsewhere passes `here="cases"` in its context."""
    request = context.get("request")
    return {"links": navigation.links(request, context.get("here") or "") if request else []}


@register.inclusion_tag("ui/parts/lookup.html", takes_context=True)
def lookup_box(context: Context) -> dict[str, Any]:
    """The search box of the head; nothing while there is no page that answers."""
    request = context.get("request")
    worker = navigation.worker_of(request)
    return {
        "place": navigation.lookup(worker) if worker is not None else None,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/parts/worker_menu.html", takes_context=True)
def worker_menu(context: Context) -> dict[str, Any]:
    """Notices, the worker's name and office, password, sign out."""
    worker = navigation.worker_of(context.get("request"))
    return {
        "worker_name": getattr(worker, "name", "") or (str(worker.get_username()) if worker else ""),
        "office": navigation.office_words(worker) if worker else "",
        "notices": navigation.notices(worker) if worker else None,
        "me_url": navigation.url_or_none("accounts:me"),
        "drafts_url": navigation.url_or_none("workbench:drafts"),
        "runs_url": navigation.url_or_none("workbench:runs"),
        "report_url": navigation.url_or_none("records:index"),
        "password_url": navigation.url_or_none("account_change_password"),
        "sign_out_url": navigation.url_or_none("account_logout"),
        "home_url": navigation.url_or_none("desk:today", "desk:index") or "/",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/parts/messages.html", takes_context=True)
def messages_list(context: Context) -> dict[str, Any]:
    """What the last deed said (django.contrib.messages), as banners."""
    found = []
    for message in context.get("messages") or []:
        mark = marks.mark_of(marks.MESSAGE, message.level_tag)
        found.append({"text": str(message), "tone": mark.tone, "icon_name": mark.icon, "word": mark.word})
    return {"found": found}


@register.inclusion_tag("ui/parts/swap_messages.html", takes_context=True)
def swap_messages(context: Context) -> dict[str, Any]:
    """`{% swap_messages %}` at the end of a fragment: what the deed said appears on top of the page."""
    return {"request": context.get("request"), "messages": context.get("messages") or []}


@register.simple_tag(takes_context=True)
def print_line(context: Context) -> SafeString:
    """On paper only: 取扱注意, who printed it and when."""
    request = context.get("request")
    worker = navigation.worker_of(request)
    now = getattr(request, "now", None)
    if worker is None:
        return SafeString("")
    when = f" {dates.show_moment(now)}" if now else ""
    return format_html(
        '<p class="print-only print-line">取扱注意　{}{} 印刷</p>', getattr(worker, "name", ""), when
    )


def _render(template_name: str, **context: Any) -> SafeString:
    from django.template.loader import render_to_string

    return render_to_string(template_name, context)
