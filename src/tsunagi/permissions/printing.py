"""docs/permissions.md: the permission table as the city signs it, printed from the table the code obeys."""

from __future__ import annotations

from tsunagi.accounts.rules import LegalKind, Role

from .rules import CAPS, MATRIX, Purpose, Reach

_SIGNS = {
    Reach.NONE: "—",
    Reach.NUMBERS: "番",
    Reach.INVOLVED: "関",
    Reach.OFFICE: "機",
    Reach.CITY: "市",
}


def pages() -> dict[str, str]:
    """Path under docs/ → text."""
    return {"permissions.md": page()}


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_table(), *_caps(), *_foot()]) + "\n"


def sign(reach: Reach) -> str:
    """The one letter that stands for a reach in the table."""
    return _SIGNS[reach]


def _head() -> list[str]:
    return [
        "# 権限表",
        "",
        "この表は、プログラムが従っている表(`permissions/rules.py`)から印刷したものです。表とプログラムが違うと、試験が通りません。",
        "変えるときは `rules.py` を変え、`make docs` で印刷し直して、市の決裁を受けてください。",
        "",
        "行は目的、列は役割です。ます目は、その役割がその目的でどこまで届くかを表します。",
        "",
        *(f"* **{_SIGNS[reach]}** {reach.label}" for reach in Reach),
        "",
        "届くことは、見てよいことの条件のひとつにすぎません。だれの記録を見られるかは、機関ごとの関わり(根拠と期間つき)で決まります。"
        "複数の役割をもつ職員は、いちばん広いものになります。どの役割でも、見たことは記録に残ります。",
        "",
    ]


def _table() -> list[str]:
    roles = list(Role)
    return [
        "| 目的 | " + " | ".join(role.label for role in roles) + " |",
        "|---|" + ":-:|" * len(roles),
        *(
            f"| {purpose.label} | "
            + " | ".join(_SIGNS[MATRIX[role].get(purpose, Reach.NONE)] for role in roles)
            + " |"
            for purpose in Purpose
        ),
        "",
    ]


def _caps() -> list[str]:
    purposes = [purpose for purpose in Purpose if any(purpose in caps for caps in CAPS.values())]
    return [
        "## 機関の法上の種類による上限",
        "",
        "次の種類の機関にいる職員は、役割にかかわらず、この表より広く届きません(個人情報保護法69条)。空らんは、上の表のとおりです。"
        "ここにない種類の機関には上限がありません。",
        "",
        "| 目的 | " + " | ".join(kind.label for kind in CAPS) + " |",
        "|---|" + ":-:|" * len(CAPS),
        *(
            f"| {purpose.label} | "
            + " | ".join(_SIGNS[CAPS[kind][purpose]] if purpose in CAPS[kind] else "" for kind in CAPS)
            + " |"
            for purpose in purposes
        ),
        "",
        "上限のない種類: " + "、".join(kind.label for kind in LegalKind if kind not in CAPS) + "。",
        "",
    ]


def _foot() -> list[str]:
    return [
        "## 分けてあること",
        "",
        "* システム管理者・統計担当・監査・情報公開担当は、相談に来た方の記録を自分から開けません。情報公開担当に開くのは、請求が名指すものだけです。",
        "* 監査が見る記録には、番号と符号だけがあります。名前も文もありません。",
        "* 自分の配属は、システム管理者でも自分では変えられません。",
    ]
