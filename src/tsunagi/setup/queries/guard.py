"""The guard against demo sign-ins in production: what forbids this database to be served, as sentences for an engineer.

A database that once held the demo city keeps a mark that nobody can take away: its passwords are told to everybody.
"""

from __future__ import annotations

from tsunagi.accounts.models import Worker
from tsunagi.places.models import City
from tsunagi.setup.models import Mark

DEMO = "demo"
DEMO_CITY = "262099"
"""The municipality of the slides, whose map the demo draws before anybody works there."""

IS_DEMO = (
    "このデータベースには、架空の市(デモ)が入っています。サインイン名とパスワードがだれにでも知られているので、本番では動かせません。\n"
    "  練習用に動かすとき: tsunagi serve --demo\n"
    "  本番を始めるとき: 空のデータベースを用意して tsunagi setup 開設ファイル.yaml"
    "(組み込みのデータベースなら、先に tsunagi database erase --yes で全部を消します)"
)
IS_REAL = (
    "このデータベースは、架空の市(デモ)のものではありません。練習用の設定(--demo、TSUNAGI_DEMO=1)では動かせません。\n"
    "  --demo と TSUNAGI_DEMO を外して、tsunagi serve を実行してください。"
)
IS_TAKEN = (
    "このデータベースには、すでに市か職員が登録されています。架空の市(デモ)は入れられません。\n"
    "  デモは別の場所で動かしてください: TSUNAGI_VAR=var-demo tsunagi demo"
)


def held_the_demo_city() -> bool:
    """Whether this database holds, or ever held, the demo city."""
    return Mark.objects.filter(name=DEMO).exists()


def what_forbids_serving(*, demo: bool) -> str:
    """Why this database may not be served in this mode, with what to do; nothing when it may."""
    marked = held_the_demo_city()
    if marked and not demo:
        return IS_DEMO
    return IS_REAL if demo and not marked else ""


def what_forbids_demo() -> str:
    """Why the demo city may not be loaded here; nothing when it may (it is empty, or was the demo's already)."""
    if held_the_demo_city():
        return ""
    another = City.objects.filter(is_ours=True).exclude(code=DEMO_CITY).exists()
    return IS_TAKEN if another or Worker.objects.exists() else ""
