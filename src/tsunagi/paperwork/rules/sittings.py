"""The papers of a sitting: 次第, 資料 of one item, 議事録. Drawn like every form; none of them is a form of a case."""

from __future__ import annotations

from tsunagi.people.rules import Facet

from .forms import Column, Field, Form, Picture, Row, Sheet, Statement, Table

JUUSOU = "重層的支援体制整備事業"
KEEP = "この会議で知ったことは、支援のためだけに使います。捜査、徴収、指導など、ほかの目的には使えません（社会福祉法第106条の6）。"

SHIDAI = Form(
    "shidai", "次第", f"{JUUSOU}・会議",
    (
        Sheet("次第", (
            Row((Field("body", "会議", 7), Field("when", "日時", 5))),
            Row((Field("place", "場所", 7), Field("secretary", "事務局", 5))),
            Table("items", "議題", (Column("件", 1), Column("会議の種類", 4), Column("議題", 6), Column("予定", 2), Column("出る方", 5)), blanks=8),
            Statement(KEEP),
        )),
    ),
    of_case=False,
)  # fmt: skip

SHIRYO = Form(
    "shiryo", "会議資料", f"{JUUSOU}・会議",
    (
        Sheet("会議資料", (
            Row((Field("number", "件", 2), Field("mode", "会議の種類", 4), Field("level", "秘匿の程度", 6))),
            Row((Field("name", "対象", 5, facet=Facet.BASIC.value), Field("birth", "年齢", 2, facet=Facet.BASIC.value), Field("address", "住所（校区）", 5, facet=Facet.BASIC.value))),
            Row((Field("asked", "論点（何を決めてほしいか）", lines=3),)),
            Picture("picture", "ジェノグラム", 72),
            Table("family", "世帯", (Column("続柄", 3), Column("お名前", 4), Column("年齢", 2)), blanks=0, facet=Facet.HOUSEHOLD.value),
            Table("concerns", "課題と受け持つ機関", (Column("課題", 6), Column("機関", 4), Column("次に動く日", 2)), blanks=0, facet=Facet.CONSULTATION.value),
            Row((Field("memo", "メモ", lines=3),)),
            Statement(KEEP),
        )),
    ),
    of_case=False,
)  # fmt: skip


def giroku_form(headings: tuple[str, ...]) -> Form:
    """The 議事録 with one table for each part that may be read, in its order."""
    blocks = tuple(
        Table(f"part-{place}", heading, (Column("", 3), Column("記録", 10)), blanks=0)
        for place, heading in enumerate(headings)
    )
    return Form(
        "giroku", "議事録", f"{JUUSOU}・会議",
        (Sheet("議事録", (Row((Field("version", "版", 6), Field("state", "状態", 6))), *blocks, Row((Field("digest", "ハッシュ（SHA-256）"),)))),),
        of_case=False,
    )  # fmt: skip
