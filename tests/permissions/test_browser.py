"""管理 in a real browser: a worker is registered, posted, signs in; every page is clean on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from tests.factories import NOW, PASSWORD, a_worker, an_office
from tests.journeys.conftest import too_wide
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.journal.actions import record, seal
from tsunagi.notices.actions import tell
from tsunagi.workbench.actions import Outcome, carry_out, keep, new_draft_id, start_run

pytestmark = pytest.mark.journey


@pytest.fixture
def everybody(fresh_database: None) -> dict[str, Worker]:
    """An administrator, an auditor, a counsellor with something on every page of theirs."""
    with transaction.atomic():
        office = an_office("福祉なんでも相談室")
        found = {
            "kanri": a_worker(office, Role.SYSTEM_ADMINISTRATOR, "架空 管理"),
            "kansa": a_worker(office, Role.AUDITOR, "架空 監査"),
            "soudan": a_worker(office, name="架空 花子"),
        }
        for name, worker in found.items():
            worker.sign_in_name = name
            worker.set_password(PASSWORD)
            worker.save()
        soudan = found["soudan"]
        record(
            "person.seen",
            subject_kind="person",
            subject_id=12,
            by=soudan.pk,
            at=NOW,
            ground="01",
            detail={"n": 1},
        )
        seal()
        tell([soudan.pk], "つなぎ R8-0012 が届きました。返事の期限があります。", "/accounts/me/", at=NOW)
        keep(soudan, new_draft_id(), "k", "", "受付", "/accounts/me/", {"words": ["三日前から"]}, 1, NOW)
        run = start_run("import", "R5 台帳の取り込み", worker=soudan, at=NOW, total=620)
        start_run("export", "受け持ちの書き出し", worker=soudan, at=NOW)
    carry_out(
        run.pk,
        lambda report: Outcome("620件を取り込みました。", {}, "却下した行.xlsx", b"PK"),
        now=lambda: NOW,
    )
    return found


def addresses(role: str) -> list[str]:
    """The pages of somebody, in the order of a morning."""
    office = Office.objects.order_by("id")[0].pk
    worker = Worker.objects.get(sign_in_name="soudan").pk
    if role == "kanri":
        plain_names = ["offices", "new_office", "workers", "new_worker", "proposals", "calendar", "table"]
        return [
            *(reverse(f"permissions:{name}") for name in plain_names),
            *(
                reverse(f"permissions:{name}", args=[office])
                for name in ("office", "edit_office", "office_calendar")
            ),
            *(reverse(f"permissions:{name}", args=[worker]) for name in ("worker", "edit_worker", "post")),
        ]
    if role == "kansa":
        journal = reverse("permissions:journal")
        return [journal, f"{journal}?subject_kind=person&subject_id=12"]
    from tsunagi.workbench.models import LongRun

    runs = [reverse("workbench:run", args=[run.pk]) for run in LongRun.objects.order_by("id")]
    return [
        reverse("accounts:me"),
        "/accounts/password/change/",
        reverse("notices:index"),
        reverse("workbench:drafts"),
        reverse("workbench:runs"),
        *runs,
    ]


@pytest.mark.parametrize("role", ["kanri", "kansa", "soudan"])
def test_every_page_is_clean_on_a_desk_and_on_a_phone(
    everybody: dict[str, Worker],
    page: Page,
    phone: Page,
    sign_in: Any,
    axe_clean: Callable[[Page], None],
    role: str,
) -> None:
    for view in (page, phone):
        sign_in(view, role, PASSWORD)
        for address in addresses(role):
            answer = view.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            if view is page:
                axe_clean(view)
            width = too_wide(view)
            assert width <= 0, f"{address} is {width} px wider than the screen"


def test_a_new_colleague_is_registered_posted_and_signs_in(
    everybody: dict[str, Worker],
    plain: Page,
    open_page: Any,
    sign_in: Any,
) -> None:
    sign_in(plain, "kanri", PASSWORD)
    plain.goto(reverse("permissions:workers"))
    plain.get_by_role("link", name="職員を登録する").click()
    plain.get_by_label("サインイン名").fill("taro")
    plain.get_by_label("氏名").fill("架空 太郎")
    plain.get_by_role("button", name="保存する").click()
    password = plain.locator("dd").nth(1).inner_text()
    plain.get_by_role("link", name="写しました").click()
    plain.get_by_role("link", name="配属する").click()
    plain.get_by_label("機関").select_option(label="福祉なんでも相談室")
    plain.get_by_label("役割").select_option(label="相談員")
    plain.get_by_label("わけ").fill("4月の着任")
    plain.get_by_role("button", name="配属を申し出る").click()
    assert "福祉なんでも相談室" in plain.locator("main").inner_text()

    taro = open_page()
    sign_in(taro, "taro", password)
    assert "仮のパスワードで入っています" in taro.locator("main").inner_text()
    taro.get_by_label("いまのパスワード").fill(password)
    taro.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    taro.get_by_label("新しいパスワード（もう一度）").fill(PASSWORD)
    taro.get_by_role("button", name="変える").click()
    taro.goto(reverse("accounts:me"))
    assert "福祉なんでも相談室" in taro.locator("main").inner_text()
    assert taro.goto(reverse("permissions:workers")).status == 404
