"""How everybody is called from the person the picture is about: 母, 兄, 祖母, 義父, いとこ …"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .family import Family, Member, Parenthood
from .kinds import ENDED_BONDS, Bond, Emotion, Form, Nature, Sex

SELF = "本人"
KIN = "親族"

# Way from the person: u up to a parent, d down to a child, b brother or sister, s partner, x former partner.
# (man, woman, otherwise)
TERMS: Mapping[str, tuple[str, str, str]] = {
    "u": ("父", "母", "親"),
    "d": ("息子", "娘", "子"),
    "b": ("兄弟", "姉妹", "きょうだい"),
    "s": ("夫", "妻", "配偶者"),
    "x": ("元夫", "元妻", "元配偶者"),
    "uu": ("祖父", "祖母", "祖父母"),
    "uuu": ("曽祖父", "曽祖母", "曽祖父母"),
    "dd": ("孫", "孫", "孫"),
    "ddd": ("ひ孫", "ひ孫", "ひ孫"),
    "ub": ("おじ", "おば", "親のきょうだい"),
    "bd": ("甥", "姪", "きょうだいの子"),
    "bdd": ("甥・姪の子", "甥・姪の子", "甥・姪の子"),
    "ubd": ("いとこ", "いとこ", "いとこ"),
    "ubdd": ("いとこの子", "いとこの子", "いとこの子"),
    "uub": ("大おじ", "大おば", "祖父母のきょうだい"),
    "us": ("親の夫", "親の妻", "親の配偶者"),
    "ux": ("親の元夫", "親の元妻", "親の元配偶者"),
    "ubs": ("おじ（おばの夫）", "おば（おじの妻）", "おじ・おばの配偶者"),
    "su": ("義父", "義母", "義理の親"),
    "sb": ("義理の兄弟", "義理の姉妹", "義理のきょうだい"),
    "bs": ("姉妹の夫", "兄弟の妻", "きょうだいの配偶者"),
    "sd": ("配偶者の息子", "配偶者の娘", "配偶者の子"),
    "ds": ("娘の夫", "息子の妻", "子の配偶者"),
    "dx": ("娘の元夫", "息子の元妻", "子の元配偶者"),
    "sx": ("配偶者の元夫", "配偶者の元妻", "配偶者の元配偶者"),
    "xd": ("元配偶者の息子", "元配偶者の娘", "元配偶者の子"),
    "xu": ("元配偶者の父", "元配偶者の母", "元配偶者の親"),
    "dds": ("孫の夫", "孫の妻", "孫の配偶者"),
    "ubds": ("いとこの夫", "いとこの妻", "いとこの配偶者"),
    "bds": ("姪の夫", "甥の妻", "甥・姪の配偶者"),
    "uus": ("祖父母の夫", "祖父母の妻", "祖父母の配偶者"),
    "usd": ("親の配偶者の子", "親の配偶者の子", "親の配偶者の子"),
}
ELDER, YOUNGER = ("兄", "姉", "年上のきょうだい"), ("弟", "妹", "年下のきょうだい")
RAISED = {Nature.ADOPTED: "養", Nature.FOSTER: "里", Nature.STEP: "継"}


def terms(family: Family) -> dict[str, str]:
    """Everybody's name of kinship, by key; 親族 where there is no short one, "" where no way leads."""
    members = {member.key: member for member in family.members}
    start = next((member.key for member in family.members if member.index), None)
    if start is None:
        return dict.fromkeys(members, "")
    steps = _steps(family)
    ways: dict[str, str] = {start: ""}
    reached = [start]
    first: dict[str, str] = {}
    for here in reached:
        for step, there in steps.get(here, ()):
            way = _shorter(ways[here] + step)
            if there in members and there not in ways and len(way) <= 6:
                ways[there] = way
                first[there] = here
                reached.append(there)
    links = {(row.parent, row.child): row for row in family.parents}
    return {
        key: "" if key not in ways else _term(ways[key], members[key], members[start], links, family)
        for key in members
    }


def _steps(family: Family) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}

    def add(one: str, step: str, other: str) -> None:
        found.setdefault(one, []).append((step, other))

    for row in family.parents:
        add(row.child, "u", row.parent)
        add(row.parent, "d", row.child)
    for one, other in family.siblings:
        add(one, "b", other)
        add(other, "b", one)
    parents: dict[str, list[str]] = {}
    for row in family.parents:
        parents.setdefault(row.parent, []).append(row.child)
    for children in parents.values():
        for one in children:
            for other in children:
                if one != other:
                    add(one, "b", other)
    for union in family.unions:
        step = "x" if union.bond in ENDED_BONDS else "s"
        add(union.a, step, union.b)
        add(union.b, step, union.a)
    for old, young in family.grandparents:
        add(young, "uu", old)
        add(old, "dd", young)
    rank = "udbsx"
    for rows in found.values():
        rows.sort(key=lambda row: rank.index(row[0][0]))
    return found


def _shorter(way: str) -> str:
    """A child of a parent is a brother or sister; a brother of a brother is one too; their parent is a parent."""
    for longer, short in (("ud", "b"), ("bb", "b"), ("bu", "u"), ("db", "d")):
        while longer in way:
            way = way.replace(longer, short)
    return way


def _term(
    way: str, member: Member, start: Member, links: Mapping[tuple[str, str], Parenthood], family: Family
) -> str:
    if way == "":
        return SELF
    if member.form is not Form.PERSON:
        return member.form.label
    sex = 0 if member.sex is Sex.MALE else 1 if member.sex is Sex.FEMALE else 2
    if (
        way == "b"
        and member.born
        and start.born
        and (
            member.born[:1] != start.born[:1]
            or (min(len(member.born), len(start.born)) > 1 and member.born != start.born)
        )
    ):
        return (ELDER if member.born < start.born else YOUNGER)[sex]
    if way in ("u", "d"):
        row = links.get((member.key, start.key) if way == "u" else (start.key, member.key))
        how = RAISED.get(row.nature) if row is not None else None
        if how and way == "u":
            return how + TERMS["u"][sex]
        if how:
            return {"養": "養子", "里": "里子", "継": "継子"}[how]
    if way == "s":
        for union in family.unions:
            if {union.a, union.b} == {member.key, start.key} and union.bond is Bond.COHABITING:
                return "パートナー"
    found = TERMS.get(way)
    return found[sex] if found else KIN


def band(age: int | None) -> str:
    """The age by tens, as the code list 年代 words it; "" when it is not known."""
    if age is None or age < 0:
        return ""
    if age < 10:
        return "10歳未満"
    return "90代以上" if age >= 90 else f"{age // 10 * 10}代"


def veiled(family: Family, open_to: frozenset[str] = frozenset()) -> Family:
    """The family for a paper: relation and age by tens, but for those in `open_to`.

    Feelings and pregnancies are left out, and how a child came into the family is not told, unless everybody they are
    about is open. Homes lose their names.
    """
    plain = tuple(
        row if row.child in open_to and row.parent in open_to else replace(row, nature=_plain(row.nature))
        for row in family.parents
    )
    called = terms(replace(family, parents=plain))
    unborn = {
        member.key
        for member in family.members
        if member.form is not Form.PERSON
        and not all(row.parent in open_to for row in family.parents if row.child == member.key)
    }
    members = tuple(
        member
        if member.key in open_to or member.form is not Form.PERSON
        else _veil(member, called[member.key])
        for member in family.members
        if member.key not in unborn
    )
    parents = tuple(row for row in plain if row.child not in unborn)
    return replace(
        family,
        members=members,
        parents=parents,
        unions=tuple(row if {row.a, row.b} <= open_to else replace(row, words="") for row in family.unions),
        feelings=tuple(row for row in family.feelings if {row.a, row.b} <= open_to),
        homes=tuple(
            replace(home, label=f"同居 {number}") for number, home in enumerate(family.homes, start=1)
        ),
    )


def _veil(member: Member, term: str) -> Member:
    words = tuple(word for word in (term or "同居の方", band(member.age) if not member.dead else "") if word)
    return replace(member, name="", link="", age=None, born=member.born[:1], caption=words)


def _plain(nature: Nature) -> Nature:
    return Nature.BIRTH if nature in (Nature.ADOPTED, Nature.FOSTER) else nature


def listed(family: Family, findings: tuple[str, ...] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """The picture as a list to be read: (heading, lines), every line a sentence part of its own."""
    called = terms(family)
    people = {member.key: member for member in family.members}

    def named(key: str) -> str:
        member = people[key]
        words = " ".join(word for word in dict.fromkeys((called[key], member.name)) if word)
        return words or "・".join(member.caption) or "お名前が分からない方"

    def whole(member: Member) -> str:
        marks = []
        if not member.name and called[member.key] not in member.caption:
            marks += list(member.caption)
        elif not member.name and len(member.caption) > 1:
            marks += list(member.caption[1:])
        if member.age is not None and not member.dead:
            marks.append(f"{'約' if member.about else ''}{member.age}歳")
        if member.dead:
            marks = [mark for mark in marks if mark != "故人"] + ["死亡"]
        if member.sex in (Sex.UNKNOWN, Sex.OTHER) and member.known and member.form is Form.PERSON:
            marks.append(member.sex.label)
        if member.key_person:
            marks.append("キーパーソン")
        return named(member.key) + (f"（{'・'.join(marks)}）" if marks else "")

    inside = set(people)
    sections: list[tuple[str, tuple[str, ...]]] = [("人", tuple(whole(member) for member in family.members))]
    unions = [
        f"{named(row.a)} と {named(row.b)}：{row.bond.label}" + (f"（{row.words}）" if row.words else "")
        for row in family.unions
        if {row.a, row.b} <= inside
    ]
    parents: dict[str, list[Parenthood]] = {}
    for link in family.parents:
        if {link.parent, link.child} <= inside:
            parents.setdefault(link.child, []).append(link)
    children = [
        f"{named(child)} の親：" + "、".join(
            named(link.parent)
            + ("" if link.nature in (Nature.BIRTH, Nature.UNSURE) else f"（{link.nature.label}）")
            + ("（育てている）" if link.custody else "")
            for link in links
        )
        for child, links in parents.items()
    ]  # fmt: skip
    twins = [
        "・".join(named(key) for key in row.keys if key in inside) + f"：{row.kind.label}"
        for row in family.twins
    ]
    homes = [
        f"{home.label}：" + "、".join(named(key) for key in home.keys if key in inside)
        for home in family.homes
    ]
    feelings = [
        f"{named(row.a)} と {named(row.b)}：{Emotion.label_of(row.kind)}"
        for row in family.feelings
        if {row.a, row.b} <= inside
    ]
    for heading, lines in (
        ("夫婦・パートナー", unions), ("親子", children), ("双子", twins), ("いっしょに住む人", homes), ("間柄", feelings),
        ("確かめること", list(findings)),
    ):  # fmt: skip
        if lines:
            sections.append((heading, tuple(lines)))
    return sections
