"""The only writer of code lists and settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.db import transaction

from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import check_revision
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from . import queries
from .models import Code, CodeList, Setting
from .rules import (
    FIXED_LISTS,
    SETTINGS,
    Origin,
    Span,
    SpanUnit,
    check_code,
    check_setting,
    read_setting,
    spec_of,
)


@dataclass(frozen=True)
class Loaded:
    """What loading did: how many lists, codes and settings there are now new, changed or retired."""

    lists: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    settings: int = 0


def shipped_lists() -> list[dict[str, Any]]:
    """The product's own edition of every list (`shipped/*.json`), by key."""
    folder = resources.files("tsunagi.codes") / "shipped"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )
    return [card for file in files for card in json.loads(file.read_text(encoding="utf-8"))]


@transaction.atomic
def load_shipped() -> Loaded:
    """Bring the lists and settings that ship with the product into the database, as its owner.

    May be run at every upgrade: what is there already is left alone; words that changed become a new version,
    valid from the edition's day; codes that no longer ship are retired; what the city added or changed stays.
    """
    loaded = Loaded(settings=_load_settings())
    for shipped in shipped_lists():
        loaded = _load_list(shipped, loaded)
    queries.forget()
    return loaded


def _load_settings() -> int:
    there = {setting.key: setting for setting in Setting.objects.all()}
    new = [
        Setting(key=spec.key, value=spec.default, label=spec.label, hint=spec.hint)
        for spec in SETTINGS.values()
        if spec.key not in there
    ]
    Setting.objects.bulk_create(new)
    for key, setting in there.items():
        spec = SETTINGS.get(key)
        if spec is None:
            continue
        value = setting.value if setting.is_own else spec.default
        if (setting.value, setting.label, setting.hint) != (value, spec.label, spec.hint):
            setting.value, setting.label, setting.hint = value, spec.label, spec.hint
            setting.save(update_fields=["value", "label", "hint"])
    return len(new)


def _load_list(shipped: dict[str, Any], loaded: Loaded) -> Loaded:
    edition = date.fromisoformat(shipped["edition"])
    about = {
        "label": shipped["label"],
        "national_report": shipped.get("national_report", False),
        "source": shipped.get("source", ""),
    }
    code_list, is_new = CodeList.objects.get_or_create(key=shipped["key"], defaults=about)
    if not is_new and any(getattr(code_list, name) != value for name, value in about.items()):
        CodeList.objects.filter(pk=code_list.pk).update(**about)
    newest = {code.value: code for code in code_list.codes.order_by("version")}
    rows, changed = [], 0
    for position, entry in enumerate(shipped["codes"], start=1):
        wanted = _shipped_code(code_list, entry, position)
        known = newest.pop(wanted.value, None)
        if known is None:
            rows.append(wanted)
        elif known.origin == Origin.SHIPPED and known.retired_on is None and _differ(known, wanted):
            _retire(known, edition)
            wanted.version, wanted.valid_from = known.version + 1, edition
            rows.append(wanted)
            changed += 1
    gone = [code for code in newest.values() if code.origin == Origin.SHIPPED and code.retired_on is None]
    for code in gone:
        _retire(code, edition)
    Code.objects.bulk_create(rows)
    return Loaded(
        lists=loaded.lists + is_new,
        added=loaded.added + len(rows) - changed,
        changed=loaded.changed + changed,
        retired=loaded.retired + len(gone),
        settings=loaded.settings,
    )


def _shipped_code(code_list: CodeList, entry: dict[str, Any], position: int) -> Code:
    reserved = {"value", "label", "national_report"}
    return Code(
        list=code_list,
        value=entry["value"],
        label=entry["label"],
        position=position * 10,
        national_report=entry.get("national_report", code_list.national_report),
        attributes={name: value for name, value in entry.items() if name not in reserved},
        origin=Origin.SHIPPED,
    )


def _differ(known: Code, wanted: Code) -> bool:
    fields = ("label", "position", "national_report", "attributes")
    return any(getattr(known, name) != getattr(wanted, name) for name in fields)


def _retire(code: Code, on: date) -> None:
    code.retired_on = max(on, code.valid_from) if code.valid_from else on
    code.save(update_fields=["retired_on"])


def _check_not_fixed(list_key: str) -> None:
    if list_key in FIXED_LISTS:
        raise Refused(
            "種類ごとに動きが決まっている表なので、足したり外したりはできません。ことばだけ変えられます。"
        )


def _list_of(list_key: str) -> CodeList:
    code_list = CodeList.objects.filter(key=list_key).first()
    if code_list is None:
        raise Refused("このコード表はありません。一覧から選び直してください。", field="list")
    return code_list


def _in_force(list_key: str, value: str) -> Code:
    code = (
        Code.objects.select_for_update(no_key=True, of=("self",))
        .filter(list__key=list_key, value=value, retired_on__isnull=True)
        .first()
    )
    if code is None:
        raise Refused("このコードは、いま使われていません。一覧を開き直してください。", field="value")
    return code


@transaction.atomic
def add_code(
    list_key: str,
    value: str,
    label: str,
    *,
    by: Worker | None,
    at: datetime,
    position: int | None = None,
    attributes: dict[str, Any] | None = None,
) -> Code:
    """Add a choice of the city's own. Refused when the value was ever used: its meaning must not move."""
    check_code(value=value, label=label)
    _check_not_fixed(list_key)
    code_list = _list_of(list_key)
    if code_list.codes.filter(value=value).exists():
        raise Refused(
            "この値は、前に使われています。意味が変わらないよう、別の値にしてください。", field="value"
        )
    if position is None:
        last = code_list.codes.order_by("-position").first()
        position = last.position + 10 if last else 10
    code = Code.objects.create(
        list=code_list,
        value=value,
        label=label.strip(),
        position=position,
        valid_from=day_of(at),
        attributes=attributes or {},
        origin=Origin.CITY,
    )
    record(
        "code.added",
        subject_kind="code",
        subject_id=code.pk,
        by=by.pk if by else None,
        at=at,
        detail={"list": list_key},
    )
    queries.forget()
    return code


@transaction.atomic
def change_code(
    list_key: str,
    value: str,
    *,
    by: Worker | None,
    at: datetime,
    label: str | None = None,
    position: int | None = None,
    attributes: dict[str, Any] | None = None,
) -> Code:
    """Give a choice other words: the version in force is retired and the next one begins the same day.

    Old records keep the old words by their day. Raises Refused when the code is not in force.
    """
    old = _in_force(list_key, value)
    new_label = old.label if label is None else label.strip()
    check_code(value=value, label=new_label)
    _retire(old, day_of(at))
    code = Code.objects.create(
        list_id=old.list_id,
        value=value,
        label=new_label,
        position=old.position if position is None else position,
        version=old.version + 1,
        valid_from=old.retired_on,
        national_report=old.national_report,
        attributes=old.attributes if attributes is None else attributes,
        origin=Origin.CITY,
    )
    detail = {"list": list_key, "version": code.version}
    record(
        "code.changed",
        subject_kind="code",
        subject_id=code.pk,
        by=by.pk if by else None,
        at=at,
        detail=detail,
    )
    queries.forget()
    return code


@transaction.atomic
def reword_code(
    list_key: str,
    value: str,
    label: str,
    attributes: dict[str, Any],
    *,
    version: int,
    by: Worker,
    at: datetime,
) -> Code:
    """The same from a page that was opened on a version. Raises Stale when there is a newer one."""
    now = _in_force(list_key, value)
    check_revision(version, now.version, {"label": now.label}, {"label": label.strip()}, {"label": "ことば"})
    return change_code(list_key, value, by=by, at=at, label=label, attributes=attributes)


@transaction.atomic
def retire_code(list_key: str, value: str, *, by: Worker | None, at: datetime) -> None:
    """Offer a choice no longer, from today on. Records that carry it keep its words."""
    code = _in_force(list_key, value)
    _check_not_fixed(list_key)
    if code.national_report:
        raise Refused("国へ報告する項目なので、外せません。表示のことばだけ変えられます。", field="value")
    _retire(code, day_of(at))
    record(
        "code.retired",
        subject_kind="code",
        subject_id=code.pk,
        by=by.pk if by else None,
        at=at,
        detail={"list": list_key},
    )
    queries.forget()


@transaction.atomic
def set_setting(
    key: str, value: Any, *, by: Worker | None, at: datetime, revision: int | None = None
) -> Setting:
    """Store what the city decided (JSON, as `rules.SETTINGS` says). Refused when kind or size is wrong.

    `revision`: of the value the form was opened on (0: never stored); Stale when somebody changed it meanwhile.
    """
    if revision is not None and key in SETTINGS:
        stored = Setting.objects.select_for_update(no_key=True).filter(key=key).first()
        label = SETTINGS[key].label
        check_revision(
            revision,
            stored.revision if stored else 0,
            {key: _in_words(key, stored.value) if stored else ""},
            {key: _in_words(key, value)},
            {key: label},
        )
    setting = decide(key, value)
    record(
        "setting.changed",
        subject_kind="setting",
        subject_id=setting.pk,
        by=by.pk if by else None,
        at=at,
        detail={"key": key},
    )
    return setting


def _in_words(key: str, value: Any) -> str:
    return str(read_setting(SETTINGS[key], value))


@transaction.atomic
def decide(key: str, value: Any) -> Setting:
    """The same without a worker: a city's folder is loaded by its installer, who is in nobody's journal."""
    if key not in SETTINGS:
        raise Refused(f"「{key}」という設定はありません。", field="key")
    spec = spec_of(key)
    check_setting(spec, value, limit=queries.span(spec.within) if spec.within else None)
    _keep_due_within(key, value)
    setting, _ = Setting.objects.select_for_update(no_key=True).get_or_create(
        key=key, defaults={"value": spec.default, "label": spec.label, "hint": spec.hint}
    )
    setting.value, setting.is_own, setting.revision = value, True, setting.revision + 1
    setting.save(update_fields=["value", "is_own", "revision"])
    queries.forget()
    return setting


def _keep_due_within(key: str, value: Any) -> None:
    """A horizon may not fall below the due day that rests on it."""
    for spec in SETTINGS.values():
        if spec.within == key:
            limit = read_setting(SETTINGS[key], value)
            if not isinstance(limit, Span):
                raise Refused(f"「{SETTINGS[key].label}」には期間を入れてください。", field="value")
            due = queries.span(spec.key)
            check_setting(spec, {"n": due.n, "unit": SpanUnit(due.unit).value}, limit=limit)
