"""Whom somebody adds to the picture: 「この方の…」, and what is written for it."""

from __future__ import annotations

from tsunagi.shared.labels import Labelled


class Role(Labelled):
    """How the one who is added stands to the one who was pressed."""

    PARENT = "parent", "親"
    CHILD = "child", "子"
    SPOUSE = "spouse", "配偶者"
    PARTNER = "partner", "内縁・パートナー"
    FORMER = "former_spouse", "元配偶者"
    SIBLING = "sibling", "きょうだい"
    GRANDPARENT = "grandparent", "祖父母"
    GRANDCHILD = "grandchild", "孫"


# Role → the relation that is written, and whether the one who is added is its first ("AはBの…").
WRITTEN: dict[Role, tuple[str, bool]] = {
    Role.PARENT: ("parent", True),
    Role.CHILD: ("parent", False),
    Role.SPOUSE: ("spouse", True),
    Role.PARTNER: ("partner", True),
    Role.FORMER: ("former_spouse", True),
    Role.SIBLING: ("sibling", True),
    Role.GRANDPARENT: ("grandparent", True),
    Role.GRANDCHILD: ("grandparent", False),
}
