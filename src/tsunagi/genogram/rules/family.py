"""A family as it is written down, and what of it can be drawn: generations, couples, children in birth order.

Nothing here raises: what contradicts itself is left out of the picture and said in a sentence (a finding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .kinds import Bond, Form, Nature, Sex, Twinship

NO_DAY = (9999,)


@dataclass(frozen=True)
class Member:
    """Somebody in the family. `born`: (year[, month[, day]]) as far as known. `age` and `about` as of the picture's day.

    `caption` stands under the symbol, `inside` within it. `known` is False for somebody the reader may not see: they
    are drawn by their relation only. `link` is where the symbol leads.
    """

    key: str
    name: str = ""
    sex: Sex = Sex.UNKNOWN
    born: tuple[int, ...] = ()
    age: int | None = None
    about: bool = False
    dead: bool = False
    index: bool = False
    key_person: bool = False
    form: Form = Form.PERSON
    link: str = ""
    known: bool = True
    caption: tuple[str, ...] = ()


@dataclass(frozen=True)
class Union:
    """Two partners. `since` orders the unions of one person; `words` are for the list beside the picture."""

    a: str
    b: str
    bond: Bond = Bond.MARRIED
    since: tuple[int, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Parenthood:
    """`parent` is a parent of `child`. `custody`: the child lives with, or is in the care of, this parent."""

    parent: str
    child: str
    nature: Nature = Nature.BIRTH
    custody: bool = False


@dataclass(frozen=True)
class Twins:
    """Children of one birth."""

    keys: tuple[str, ...]
    kind: Twinship = Twinship.UNSURE


@dataclass(frozen=True)
class Feeling:
    """An emotional line between two members; of violence and control it goes from `a` to `b`."""

    a: str
    b: str
    kind: str


@dataclass(frozen=True)
class Home:
    """Who lives together: the household line. `roof`: homes with the same word stand under one roof."""

    key: str
    label: str
    keys: tuple[str, ...]
    roof: str = ""


@dataclass(frozen=True)
class Family:
    """Everything that is to be drawn, in the order in which it was written."""

    members: tuple[Member, ...] = ()
    unions: tuple[Union, ...] = ()
    parents: tuple[Parenthood, ...] = ()
    siblings: tuple[tuple[str, str], ...] = ()
    grandparents: tuple[tuple[str, str], ...] = ()
    twins: tuple[Twins, ...] = ()
    feelings: tuple[Feeling, ...] = ()
    homes: tuple[Home, ...] = ()


@dataclass
class Couple:
    """Two partners on one row, by their places in `Plan.members`."""

    a: int
    b: int
    bond: Bond
    since: tuple[int, ...] = ()


@dataclass
class Child:
    """A child of a sibship: who, as what, and whether its place in the row is here."""

    who: int
    nature: Nature
    primary: bool = True


@dataclass
class Sibship:
    """Children who hang together: under a couple, under one parent, or (nobody written) under a bar alone."""

    couple: int | None
    parent: int | None
    children: list[Child]
    custody: int | None = None


@dataclass
class Plan:
    """What can be drawn: members with their generation, couples, sibships in birth order, twins; and the findings."""

    members: list[Member]
    levels: list[int]
    couples: list[Couple]
    sibships: list[Sibship]
    twins: list[tuple[tuple[int, ...], Twinship]]
    findings: list[str] = field(default_factory=list)
    index: int = 0


def plan(family: Family) -> Plan:
    """Read a family into rows, couples and sibships. Never raises; the same family gives the same plan."""
    return _Reader(family).read()


def called(member: Member) -> str:
    """How a sentence calls a member."""
    return member.name or (member.caption[0] if member.caption else "") or "お名前が分からない方"


class _Classes:
    """Who stands on one row (union-find), and which rows must lie above which."""

    def __init__(self, count: int) -> None:
        self.root = list(range(count))
        self.below: list[set[int]] = [set() for _ in range(count)]

    def find(self, who: int) -> int:
        while self.root[who] != who:
            self.root[who] = self.root[self.root[who]]
            who = self.root[who]
        return who

    def reaches(self, start: int, goal: int) -> bool:
        """Whether `goal` lies under `start` (by rows)."""
        start, goal = self.find(start), self.find(goal)
        seen, todo = {start}, [start]
        while todo:
            for under in self.below[todo.pop()]:
                under = self.find(under)
                if under == goal:
                    return True
                if under not in seen:
                    seen.add(under)
                    todo.append(under)
        return False

    def put_below(self, upper: int, lower: int) -> bool:
        """Say that one row lies above another; False when that would turn in a circle."""
        upper, lower = self.find(upper), self.find(lower)
        if upper == lower or self.reaches(lower, upper):
            return False
        self.below[upper].add(lower)
        return True

    def join(self, one: int, other: int) -> bool:
        """Say that two stand on one row; False when one stands above the other."""
        one, other = self.find(one), self.find(other)
        if one == other:
            return True
        if self.reaches(one, other) or self.reaches(other, one):
            return False
        keep, gone = min(one, other), max(one, other)
        self.root[gone] = keep
        self.below[keep] |= self.below[gone]
        self.below[gone] = set()
        return True


class _Reader:
    def __init__(self, family: Family) -> None:
        self.family = family
        self.members: list[Member] = []
        self.at: dict[str, int] = {}
        for member in family.members:
            if member.key not in self.at:
                self.at[member.key] = len(self.members)
                self.members.append(member)
        self.findings: list[str] = []
        self.couples: list[Couple] = []
        self.couple_of: dict[tuple[int, int], int] = {}
        self.sibships: list[Sibship] = []
        self.ancestors: dict[int, set[int]] = {}
        self.parents: dict[int, dict[int, Parenthood]] = {}

    def read(self) -> Plan:
        links = self._parents()
        self._grandparents(links)
        self.classes = _Classes(len(self.members))
        for parent, child in links:
            self.classes.put_below(parent, child)
        self._unions()
        self._groups(links)
        self._siblings()
        twins = self._twins()
        levels = self._levels()
        self._order(twins)
        self._births(links)
        index = next((place for place, member in enumerate(self.members) if member.index), 0)
        return Plan(
            self.members,
            levels,
            self.couples,
            self.sibships,
            twins,
            list(dict.fromkeys(self.findings)),
            index,
        )

    def _say(self, sentence: str) -> None:
        self.findings.append(sentence)

    def _name(self, who: int) -> str:
        return called(self.members[who])

    def _pair(self, a: str, b: str) -> tuple[int, int] | None:
        one, other = self.at.get(a), self.at.get(b)
        return None if one is None or other is None else (one, other)

    def _parents(self) -> dict[tuple[int, int], Parenthood]:
        """Parent and child, each pair once, without circles."""
        links: dict[tuple[int, int], Parenthood] = {}
        above: dict[int, set[int]] = {}
        for row in self.family.parents:
            pair = self._pair(row.parent, row.child)
            if pair is None:
                continue
            parent, child = pair
            if parent == child:
                self._say(f"{self._name(child)}さんが自分の親になる記録があります。関係を確かめてください。")
                continue
            if pair in links:
                if row.custody and not links[pair].custody:
                    before = links[pair]
                    links[pair] = Parenthood(before.parent, before.child, before.nature, True)
                continue
            if _leads(above, parent, child):
                self._say(
                    f"{self._name(child)}さんが自分の先祖になる記録があります"
                    f"（{self._name(parent)}さんを親とする関係は描いていません）。関係を確かめてください。"
                )
                continue
            above.setdefault(child, set()).add(parent)
            links[pair] = row
        return links

    def _grandparents(self, links: dict[tuple[int, int], Parenthood]) -> None:
        """A grandparent whose child is not written: somebody without a record stands between."""
        parents: dict[int, list[int]] = {}
        for parent, child in links:
            parents.setdefault(child, []).append(parent)
        missing: dict[int, int] = {}
        mates = {frozenset(pair) for row in self.family.unions if (pair := self._pair(row.a, row.b))}
        for grand, grandchild in self.family.grandparents:
            pair = self._pair(grand, grandchild)
            if pair is None or pair[0] == pair[1]:
                continue
            old, young = pair
            mine = parents.get(young, [])
            if any(old in parents.get(parent, []) for parent in mine) or old in mine:
                continue
            above: dict[int, set[int]] = {}
            for parent, child in links:
                above.setdefault(child, set()).add(parent)
            if _leads(above, old, young):
                self._say(
                    f"{self._name(old)}さんと{self._name(young)}さんの祖父母の記録が、親子の記録と合いません。"
                    "関係を確かめてください。"
                )
                continue
            between = missing.get(young)
            known = parents.get(between, []) if between is not None else []
            if between is not None and not any(frozenset({old, one}) in mates for one in known):
                between = None if len(mine) < 2 else between
            if between is None:
                if len(mine) >= 2:
                    self._say(
                        f"{self._name(old)}さんが、{self._name(young)}さんのどちらの親の親かが分かりません。"
                        "関係を足すと図につながります。"
                    )
                    continue
                between = len(self.members)
                self.members.append(Member(key=f"missing-{len(self.members)}", form=Form.MISSING))
                missing[young] = between
                links[between, young] = Parenthood("", "", Nature.UNSURE)
                parents.setdefault(young, []).append(between)
            links[old, between] = Parenthood("", "", Nature.UNSURE)
            parents.setdefault(between, []).append(old)

    def _unions(self) -> None:
        for row in self.family.unions:
            pair = self._pair(row.a, row.b)
            if pair is None:
                continue
            one, other = pair
            if one == other:
                self._say(f"{self._name(one)}さんが自分と夫婦になる記録があります。関係を確かめてください。")
                continue
            standing = self.couple_of.get((min(pair), max(pair)))
            if standing is not None:
                couple = self.couples[standing]
                if couple.bond != row.bond:
                    self._say(
                        f"{self._name(one)}さんと{self._name(other)}さんの間に、"
                        f"「{couple.bond.label}」と「{row.bond.label}」の記録があります"
                        f"（「{row.bond.label}」で描いています）。"
                    )
                    couple.bond = row.bond
                    couple.since = row.since or couple.since
                continue
            if self._join(one, other, row.bond, row.since) is None:
                self._say(
                    f"{self._name(one)}さんと{self._name(other)}さんは、世代が食い違うため、"
                    f"「{row.bond.label}」の線を引けませんでした。関係を確かめてください。"
                )

    def _join(self, one: int, other: int, bond: Bond, since: tuple[int, ...] = ()) -> int | None:
        key = (min(one, other), max(one, other))
        standing = self.couple_of.get(key)
        if standing is not None:
            return standing
        if not self.classes.join(one, other):
            return None
        self.couple_of[key] = len(self.couples)
        self.couples.append(Couple(one, other, bond, since))
        return self.couple_of[key]

    def _groups(self, links: dict[tuple[int, int], Parenthood]) -> None:
        """Hang every child under a couple, or under one parent."""
        parents: dict[int, list[tuple[int, Nature]]] = {}
        custody: dict[tuple[int, int], bool] = {}
        for (parent, child), row in links.items():
            parents.setdefault(child, []).append((parent, row.nature))
            custody[parent, child] = row.custody
        found: dict[tuple[int | None, int | None, int | None], Sibship] = {}

        def hang(
            child: int, nature: Nature, primary: bool, *, couple: int | None, parent: int | None
        ) -> None:
            keeper = None
            if couple is not None and self.couples[couple].bond in (
                Bond.DIVORCED,
                Bond.PARTED,
                Bond.SEPARATED,
            ):
                two = (self.couples[couple].a, self.couples[couple].b)
                kept = [one for one in two if custody.get((one, child))]
                keeper = kept[0] if len(kept) == 1 else None
            key = (couple, parent, keeper)
            if key not in found:
                found[key] = Sibship(couple, parent, [], keeper)
                self.sibships.append(found[key])
            if all(one.who != child for one in found[key].children):
                found[key].children.append(Child(child, nature, primary))

        for child in sorted(parents):
            mine = parents[child]
            birth = [one for one, nature in mine if nature in (Nature.BIRTH, Nature.UNSURE)]
            raising = [one for one, nature in mine if nature is Nature.ADOPTED]
            fostering = [one for one, nature in mine if nature is Nature.FOSTER]
            step = [one for one, nature in mine if nature is Nature.STEP]
            own_home = len(raising) + len(fostering) > 0 and not any(
                self._mated(one, other) for one in (*raising, *fostering) for other in birth
            )
            placed = False
            for group, nature in ((raising, Nature.ADOPTED), (fostering, Nature.FOSTER), (birth, None)):
                if (nature is None and not placed) or (nature is not None and own_home):
                    primary = not placed
                else:
                    primary = False
                for couple, alone in self._couples_among(group, child, birth if nature else [], nature):
                    kind = nature or self._nature(mine, couple, alone)
                    hang(child, kind, primary, couple=couple, parent=alone)
                    placed = placed or primary
                    primary = False
            for one in step:
                if not any(self._mated(one, other) for other in (*birth, *raising, *fostering)):
                    hang(child, Nature.STEP, not placed, couple=None, parent=one)
                    placed = True
        self._drop_doubles()

    def _drop_doubles(self) -> None:
        """A child adopted by the partner of its only parent hangs once, under the two of them."""
        under: dict[int, list[tuple[Sibship, Child]]] = {}
        for sibship in self.sibships:
            for child in sibship.children:
                under.setdefault(child.who, []).append((sibship, child))
        for rows in under.values():
            for sibship, child in rows:
                if sibship.parent is None or child.nature not in (Nature.BIRTH, Nature.UNSURE):
                    continue
                other = next(
                    (
                        (one, its)
                        for one, its in rows
                        if one.couple is not None
                        and sibship.parent in (self.couples[one.couple].a, self.couples[one.couple].b)
                    ),
                    None,
                )
                if other is not None:
                    sibship.children.remove(child)
                    other[1].primary = other[1].primary or child.primary
        self.sibships = [sibship for sibship in self.sibships if sibship.children]

    def _nature(self, mine: list[tuple[int, Nature]], couple: int | None, parent: int | None) -> Nature:
        who = (parent,) if couple is None else (self.couples[couple].a, self.couples[couple].b)
        natures = {nature for one, nature in mine if one in who}
        return Nature.BIRTH if Nature.BIRTH in natures or not natures else Nature.UNSURE

    def _mated(self, one: int, other: int) -> bool:
        return (min(one, other), max(one, other)) in self.couple_of

    def _couples_among(
        self, group: list[int], child: int, birth: list[int], nature: Nature | None
    ) -> list[tuple[int | None, int | None]]:
        """The couples (or single parents) that a group of parents makes for a child."""
        if not group:
            return []
        if len(group) == 1:
            mates = [other for other in birth if self._mated(group[0], other)]
            if mates:
                return [(self.couple_of[min(group[0], mates[0]), max(group[0], mates[0])], None)]
            return [(None, group[0])]
        rest, made = list(group), list[tuple[int | None, int | None]]()
        pairs = [(x, y) for n, x in enumerate(rest) for y in rest[n + 1 :]]
        pairs.sort(key=lambda pair: not self._mated(*pair))
        for x, y in pairs:
            if x in rest and y in rest:
                couple = self._join(x, y, Bond.PARENTS)
                if couple is not None:
                    made.append((couple, None))
                    rest.remove(x)
                    rest.remove(y)
        made += [(None, one) for one in rest]
        if len(group) > 2:
            what = nature.label if nature else Nature.BIRTH.label
            self._say(
                f"{self._name(child)}さんの親（{what}）が{len(group)}人書かれています。養親・里親・継親の別を確かめてください。"
            )
        return made

    def _siblings(self) -> None:
        """Brothers and sisters of whom no parent is written hang beside those of whom one is."""
        place: dict[int, Sibship] = {}
        for sibship in self.sibships:
            for child in sibship.children:
                if child.primary:
                    place[child.who] = sibship
        for a, b in self.family.siblings:
            pair = self._pair(a, b)
            if pair is None or pair[0] == pair[1]:
                continue
            one, other = pair
            if self.classes.reaches(one, other) or self.classes.reaches(other, one):
                self._say(
                    f"{self._name(one)}さんと{self._name(other)}さんの「きょうだい」の記録が、親子の記録と合いません。"
                    "関係を確かめてください。"
                )
                continue
            first, second = place.get(one), place.get(other)
            if first is not None and second is not None:
                if (
                    first.couple is None
                    and first.parent is None
                    and second.couple is None
                    and second.parent is None
                    and first is not second
                ):
                    for child in second.children:
                        first.children.append(child)
                        place[child.who] = first
                    self.sibships.remove(second)
                continue
            home = first or second
            if home is None:
                if not self.classes.join(one, other):
                    continue
                home = Sibship(None, None, [Child(one, Nature.BIRTH), Child(other, Nature.BIRTH)])
                self.sibships.append(home)
                place[one] = place[other] = home
                continue
            new = other if first is not None else one
            top = home.parent if home.couple is None else self.couples[home.couple].a
            if top is not None and not self.classes.put_below(top, new):
                continue
            if top is None and not self.classes.join(home.children[0].who, new):
                continue
            nature = Nature.UNSURE if top is not None else Nature.BIRTH
            home.children.append(Child(new, nature))
            place[new] = home

    def _twins(self) -> list[tuple[tuple[int, ...], Twinship]]:
        place: dict[int, Sibship] = {}
        for sibship in self.sibships:
            for child in sibship.children:
                if child.primary:
                    place[child.who] = sibship
        sets: list[tuple[list[int], Twinship]] = []
        for row in self.family.twins:
            keys = [self.at[key] for key in dict.fromkeys(row.keys) if key in self.at]
            if len(keys) < 2:
                continue
            homes = {id(place.get(key)) for key in keys}
            if len(homes) > 1 or place.get(keys[0]) is None:
                names = "・".join(self._name(key) for key in keys)
                self._say(f"双子の記録がある{names}さんの親が、同じではありません。関係を確かめてください。")
                continue
            joined = next((one for one in sets if set(one[0]) & set(keys)), None)
            if joined is None:
                sets.append((keys, row.kind))
            else:
                joined[0].extend(key for key in keys if key not in joined[0])
        return [(tuple(keys), kind) for keys, kind in sets]

    def _levels(self) -> list[int]:
        """Rows from the top: longest path; who has nobody above stands right over their children."""
        classes = self.classes
        roots = [classes.find(who) for who in range(len(self.members))]
        below: dict[int, set[int]] = {root: set() for root in roots}
        for root in list(below):
            below[root] = {classes.find(under) for under in classes.below[root]}
        for sibship in self.sibships:
            tops = (
                []
                if sibship.couple is None and sibship.parent is None
                else [sibship.parent if sibship.couple is None else self.couples[sibship.couple].a]
            )
            for top in tops:
                if top is not None:
                    below[roots[top]] |= {roots[child.who] for child in sibship.children}
        order, done = list[int](), set[int]()
        for start in below:
            stack = [(start, iter(sorted(below[start])))]
            if start in done:
                continue
            done.add(start)
            while stack:
                root, under = stack[-1]
                for lower in under:
                    if lower not in done:
                        done.add(lower)
                        stack.append((lower, iter(sorted(below[lower]))))
                        break
                else:
                    order.append(root)
                    stack.pop()
        order.reverse()
        level = dict.fromkeys(below, 0)
        for root in order:
            for lower in below[root]:
                level[lower] = max(level[lower], level[root] + 1)
        upper: dict[int, int] = {}
        for root in order:
            for lower in below[root]:
                upper[lower] = upper.get(lower, 0) + 1
        for root in reversed(order):
            if below[root] and not upper.get(root):
                level[root] = min(level[lower] for lower in below[root]) - 1
        return [level[root] for root in roots]

    def _order(self, twins: list[tuple[tuple[int, ...], Twinship]]) -> None:
        """Children from the eldest to the youngest; those of unknown age stay where they were written."""
        mark = {who: min(keys) for keys, _ in twins for who in keys}

        def born(who: int) -> tuple[int, ...]:
            member = self.members[who]
            if member.form is Form.PREGNANCY:
                return (9998,)
            return member.born or NO_DAY

        for sibship in self.sibships:
            rows = sibship.children
            if all(born(child.who) != NO_DAY for child in rows):
                rows.sort(
                    key=lambda child: (
                        _day(born(mark.get(child.who, child.who))),
                        mark.get(child.who, child.who),
                        child.who,
                    )
                )
            else:
                _sort_known(rows, born)
                _gather_twins(rows, mark)

    def _births(self, links: Mapping[tuple[int, int], Parenthood]) -> None:
        for (parent, child), row in links.items():
            old, young = self.members[parent], self.members[child]
            if row.nature not in (Nature.BIRTH,) or not old.born or not young.born:
                continue
            if young.born[0] < old.born[0] or (
                min(len(old.born), len(young.born)) == 3 and young.born <= old.born
            ):
                self._say(
                    f"{self._name(child)}さんの生まれた日が、親の{self._name(parent)}さんより前です。生年月日を確かめてください。"
                )


def _day(born: tuple[int, ...]) -> tuple[int, int, int]:
    return (born[0], born[1] if len(born) > 1 else 0, born[2] if len(born) > 2 else 0)


def _sort_known(rows: list[Child], born: Callable[[int], tuple[int, ...]]) -> None:
    """Sort those whose birth is known among themselves; the others keep their places."""
    known = [place for place, child in enumerate(rows) if born(child.who) != NO_DAY]
    for place, child in zip(
        known, sorted((rows[n] for n in known), key=lambda c: (_day(born(c.who)), c.who)), strict=True
    ):
        rows[place] = child


def _gather_twins(rows: list[Child], mark: Mapping[int, int]) -> None:
    done: list[Child] = []
    for child in rows:
        if child in done:
            continue
        done.append(child)
        if child.who in mark:
            done += [one for one in rows if one not in done and mark.get(one.who) == mark[child.who]]
    rows[:] = done


def _leads(above: Mapping[int, set[int]], start: int, goal: int) -> bool:
    """Whether going up from `start` one comes to `goal`."""
    seen, todo = {start}, [start]
    while todo:
        who = todo.pop()
        if who == goal:
            return True
        for up in above.get(who, ()):
            if up not in seen:
                seen.add(up)
                todo.append(up)
    return False


def components(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Who hangs together, each group in order, groups by their first."""
    root = list(range(count))

    def find(who: int) -> int:
        while root[who] != who:
            root[who] = root[root[who]]
            who = root[who]
        return who

    for a, b in edges:
        one, other = find(a), find(b)
        if one != other:
            root[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for who in range(count):
        groups.setdefault(find(who), []).append(who)
    return list(groups.values())
