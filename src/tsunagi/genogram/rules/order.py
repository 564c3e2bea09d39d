"""Who stands left of whom: rows without crossings where none is needed, children always in birth order.

A family is unfolded outward from the person it is about: partners to one side, their brothers and sisters beside them,
their parents above, children below. Where there is a choice (which side, beside or beyond), the choice that costs least
is kept; at the end neighbours change places while that helps. What is costly: crossings, then couples who do not stand
side by side, then strangers between those who live together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .family import Child, Plan, Sibship, components
from .kinds import ENDED_BONDS, Sex

CROSSING = 10.0
OUT_OF_ORDER = 1000.0
# How often a family is unfolded anew, and how many moves are tried at the end: what keeps it quick, the same every time.
UNFOLDED = 60
POLISHED = 260
Block = dict[int, list[int]]


@dataclass
class Comb:
    """Lines that go down from one place (a couple, one parent, a passing line) to those who hang there.

    `level` is the row it comes from. `sibship` is None below the first row of a line that passes several rows.
    """

    level: int
    couple: int | None
    parent: int | None
    bottoms: list[int]
    sibship: int
    first: bool = True
    natures: list[Child] = field(default_factory=list)


@dataclass
class Net:
    """The plan as rows: places of members first, then of lines that pass a row (`passing`)."""

    plan: Plan
    levels: list[int]
    combs: list[Comb]
    homes: list[tuple[int, ...]]
    rows: list[list[int]] = field(default_factory=list)
    passing: set[int] = field(default_factory=set)
    up: dict[int, list[int]] = field(default_factory=dict)
    order_of: list[tuple[list[int], int]] = field(default_factory=list)


def arrange(plan: Plan, homes: Iterable[Sequence[int]] = ()) -> Net:
    """The rows of a plan, each from left to right."""
    net = _net(plan, homes)
    if net.levels:
        _Search(net).run()
    return net


def _net(plan: Plan, homes: Iterable[Sequence[int]]) -> Net:
    base = min(plan.levels, default=0)
    levels = [level - base for level in plan.levels]
    combs: list[Comb] = []
    passing: set[int] = set()
    orders: list[tuple[list[int], int]] = []
    for number, sibship in enumerate(plan.sibships):
        level = _top_level(sibship, plan, levels)
        lows: list[int] = []
        for child in sibship.children:
            gap = levels[child.who] - level
            if gap == 1:
                lows.append(child.who)
                continue
            above = None
            for step in range(level + 1, levels[child.who]):
                levels.append(step)
                passing.add(len(levels) - 1)
                if above is None:
                    lows.append(len(levels) - 1)
                else:
                    combs.append(Comb(step - 1, None, above, [len(levels) - 1], number, False, [child]))
                above = len(levels) - 1
            if above is not None:
                combs.append(Comb(levels[child.who] - 1, None, above, [child.who], number, False, [child]))
        combs.append(Comb(level, sibship.couple, sibship.parent, lows, number, True, list(sibship.children)))
        inside = [low for low, child in zip(lows, sibship.children, strict=True) if child.primary]
        orders.append((inside, level + 1))
    net = Net(
        plan,
        levels,
        combs,
        [tuple(home) for home in homes if len(home) > 1],
        passing=passing,
        order_of=orders,
    )
    for number, comb in enumerate(combs):
        for low in comb.bottoms:
            net.up.setdefault(low, []).append(number)
    return net


def _top_level(sibship: Sibship, plan: Plan, levels: list[int]) -> int:
    if sibship.couple is not None:
        return levels[plan.couples[sibship.couple].a]
    if sibship.parent is not None:
        return levels[sibship.parent]
    return min(levels[child.who] for child in sibship.children) - 1


def _cat(*blocks: Block) -> Block:
    whole: Block = {}
    for block in blocks:
        for level, items in block.items():
            if items:
                whole.setdefault(level, []).extend(items)
    return whole


class _Search:
    """Tries the unfolding with one choice changed at a time, then neighbours changing places."""

    def __init__(self, net: Net) -> None:
        self.net, self.plan = net, net.plan
        self.count = len(net.levels)
        self.depth = max(net.levels) + 1
        members = self.plan.members
        self.of_member: list[list[int]] = [[] for _ in range(self.count)]
        for number, couple in enumerate(self.plan.couples):
            self.of_member[couple.a].append(number)
            self.of_member[couple.b].append(number)
        for numbers in self.of_member:
            # The latest stands nearest; the earlier ones farther out.
            numbers.sort(
                key=lambda number: (
                    self.plan.couples[number].bond not in ENDED_BONDS, self.plan.couples[number].since or (9999,), number,
                ),
                reverse=True,
            )  # fmt: skip
        self.combs_of_couple: dict[int, list[int]] = {}
        self.combs_of_parent: dict[int, list[int]] = {}
        self.alone: list[int] = []
        for number, comb in enumerate(net.combs):
            if comb.couple is not None:
                self.combs_of_couple.setdefault(comb.couple, []).append(number)
            elif comb.parent is not None:
                self.combs_of_parent.setdefault(comb.parent, []).append(number)
        self.by_level: list[list[int]] = [[] for _ in range(self.depth + 1)]
        for number, comb in enumerate(net.combs):
            self.by_level[comb.level + 1].append(number)
        self.couples_at: list[list[int]] = [[] for _ in range(self.depth)]
        for number, couple in enumerate(self.plan.couples):
            self.couples_at[net.levels[couple.a]].append(number)
        self.hubs: list[list[tuple[int, list[int]]]] = [[] for _ in range(self.depth)]
        for who, numbers in enumerate(self.of_member):
            if len(numbers) > 1:
                self.hubs[net.levels[who]].append((who, numbers))
        self.male = [member.sex is Sex.MALE for member in members]
        self.rank = self._ranks()
        self.choices: dict[tuple[str, int, int], bool] = {}
        self.asked: list[tuple[str, int, int]] = []
        self.home_rows: list[list[set[int]]] = [[] for _ in range(self.depth)]
        for home in net.homes:
            for level in range(self.depth):
                inside = {who for who in home if net.levels[who] == level}
                if len(inside) > 1:
                    self.home_rows[level].append(inside)
        self.twins_at: list[list[set[int]]] = [[] for _ in range(self.depth)]
        for keys, _kind in self.plan.twins:
            self.twins_at[net.levels[keys[0]]].append(set(keys))
        self.sequence_at: list[list[list[int]]] = [[] for _ in range(self.depth + 1)]
        for items, level in net.order_of:
            if len(items) > 1 and level < self.depth:
                for row in {net.levels[item] for item in items}:
                    self.sequence_at[row].append([item for item in items if net.levels[item] == row])

    def _ranks(self) -> dict[int, tuple[int, int]]:
        """(sibship, place in it) of everybody who has a place in a sibship."""
        found: dict[int, tuple[int, int]] = {}
        for number, (items, _level) in enumerate(self.net.order_of):
            for place, item in enumerate(items):
                found.setdefault(item, (number, place))
        return found

    def run(self) -> None:
        """From the usual choices to the nearest untangled picture, then the last neighbours."""
        self.net.rows = self._polish(self._descend(UNFOLDED))

    def _descend(self, left: int) -> list[list[int]]:
        """One choice at a time, then two that belong together, as long as that helps and turns are left."""
        rows = self._unfold()
        best = self._cost(rows)
        for turn in range(4):
            before = best
            for flips in self._flips(pairs=turn > 0):
                if left == 0:
                    break
                if best < (CROSSING if len(flips) > 1 else 1.0):
                    continue
                left -= 1
                for choice in flips:
                    self.choices[choice] = not self.choices[choice]
                tried = self._unfold()
                cost = self._cost(tried)
                if cost < best - 1e-9:
                    best, rows = cost, tried
                else:
                    for choice in flips:
                        self.choices[choice] = not self.choices[choice]
            if left == 0 or (best >= before - 1e-9 and turn > 0) or best < 1.0:
                break
        return rows

    def _flips(self, *, pairs: bool) -> list[tuple[tuple[str, int, int], ...]]:
        """Choices to be turned: alone; of one person or one couple also two together."""
        asked = list(self.asked)
        if not pairs:
            return [(choice,) for choice in asked]
        return [
            (one, other)
            for n, one in enumerate(asked)
            for other in asked[n + 1 :]
            if one[2] == other[2] or one[1] == other[1]
        ] + [(choice,) for choice in asked]

    # -- unfolding ------------------------------------------------------------------------------------------

    def _choose(self, kind: str, number: int, who: int, usual: bool) -> bool:
        key = (kind, number, who)
        if key not in self.choices:
            self.choices[key] = usual
            self.asked.append(key)
        return self.choices[key]

    def _unfold(self) -> list[list[int]]:
        self.seen = [False] * self.count
        self.used: set[int] = set()
        self.hung: set[int] = set()
        whole: Block = {}
        start = self.plan.index
        for group in self._groups(start):
            first = next((who for who in group if not self.seen[who]), None)
            while first is not None:
                near, own, rest = self._grow(first, 0)
                whole = _cat(whole, near, own, rest)
                first = next((who for who in group if not self.seen[who]), None)
        return [whole.get(level, []) for level in range(self.depth)]

    def _groups(self, start: int) -> list[list[int]]:
        known = getattr(self, "_known_groups", None)
        if known is None:
            edges = [(couple.a, couple.b) for couple in self.plan.couples]
            for comb in self.net.combs:
                top = comb.parent if comb.couple is None else self.plan.couples[comb.couple].a
                first = top if top is not None else comb.bottoms[0]
                edges += [(first, low) for low in comb.bottoms]
            groups = components(self.count, edges)
            groups.sort(key=lambda group: (start not in group, group[0]))
            known = [[who for who in (start, *group) if who in set(group)] for group in groups]
            self._known_groups = known
        return known

    def _passing(self, low: int) -> tuple[list[int], int]:
        """The items of a line that passes rows, and whom it reaches."""
        items = []
        while low in self.net.passing:
            items.append(low)
            below = self.combs_of_parent[low][0]
            self.hung.add(below)
            low = self.net.combs[below].bottoms[0]
        return items, low

    def _kids(self, numbers: Iterable[int]) -> Block:
        block: Block = {}
        for number in numbers:
            if number in self.hung:
                continue
            self.hung.add(number)
            for low in self.net.combs[number].bottoms:
                items, who = self._passing(low)
                lines = {self.net.levels[item]: [item] for item in items if not self.seen[item]}
                for item in items:
                    self.seen[item] = True
                if self.seen[who]:
                    block = _cat(block, lines)
                    continue
                near, own, rest = self._grow(who, 0)
                block = _cat(block, near, lines, own, rest)
        return block

    def _grow(self, who: int, way: int, middle: Block | None = None) -> tuple[Block, Block, Block]:
        """Unfold somebody: (brothers and sisters on the inner side, themselves and what hangs on them, what lies beyond).

        `way` is +1 when a partner stands to the left of them, -1 to the right, 0 when both sides are free. `middle` are
        children who hang on them alone and stand already.
        """
        self.seen[who] = True
        own: Block = _cat(
            {self.net.levels[who]: [who]}, middle or {}, self._kids(self.combs_of_parent.get(who, ()))
        )
        inner: Block = {}
        left: Block = {}
        right: Block = {}
        for number in self.of_member[who]:
            if number in self.used:
                continue
            self.used.add(number)
            couple = self.plan.couples[number]
            other = couple.b if couple.a == who else couple.a
            combs = self.combs_of_couple.get(number, ())
            if self.seen[other]:
                own = _cat(own, self._kids(combs))
                continue
            usual = self._usual_side(who, other, number)
            side = way or (1 if self._choose("side", number, who, usual) else -1)
            near, mate, rest = self._grow(other, side)
            kids = self._kids(combs)
            inside = bool(near) and self._choose("in", number, other, True)
            if side > 0:
                if inside and way > 0:
                    inner, right = _cat(inner, near), _cat(right, kids, mate, rest)
                elif inside:
                    left, right = _cat(left, near), _cat(right, kids, mate, rest)
                else:
                    right = _cat(right, kids, near, mate, rest)
            elif inside and way < 0:
                left, inner = _cat(rest, mate, kids, left), _cat(near, inner)
            elif inside:
                left, right = _cat(rest, mate, kids, left), _cat(near, right)
            else:
                left = _cat(rest, mate, near, kids, left)
        near, before, after, lines, ups = self._beside(who, way)
        own = _cat(own, lines)
        if way == 0:
            whole = _cat(before, left, own, right, after)
            for alive, above in ups:
                whole = self._over_head(alive, above, whole)
            return {}, whole, {}
        far: Block = {}
        for alive, above in ups:
            far = _cat(far, self._over_head(alive, above, {}))
        if way > 0:
            return _cat(near, inner), _cat(left, own), _cat(right, after, far)
        return _cat(inner, near), _cat(own, right), _cat(far, before, left)

    def _over_head(self, alive: list[int], number: int | None, middle: Block) -> Block:
        """The parents of those in `middle`, with all they bring to either side."""
        if len(alive) == 2 and number is not None:
            return self._two(alive[0], alive[1], number, middle)
        return _cat(*self._grow(alive[0], 0, middle))

    def _beside(
        self, who: int, way: int
    ) -> tuple[Block, Block, Block, Block, list[tuple[list[int], int | None]]]:
        """Brothers and sisters: (those on the inner side, elder, younger), and the parents who do not stand yet."""
        near: Block = {}
        before: Block = {}
        after: Block = {}
        lines: Block = {}
        ups: list[tuple[list[int], int | None]] = []
        for number in self._ups(who):
            if number in self.hung:
                continue
            self.hung.add(number)
            comb = self.net.combs[number]
            place = comb.bottoms.index(self._bottom_of(comb, who))
            for item in self._passing(comb.bottoms[place])[0]:
                if not self.seen[item]:
                    self.seen[item] = True
                    lines = _cat(lines, {self.net.levels[item]: [item]})
            elder = self._some(comb.bottoms[:place])
            younger = self._some(comb.bottoms[place + 1 :])
            more = self._kids([one for one in self._siblings_of(comb, number) if one not in self.hung])
            if way > 0:
                near, after = _cat(near, elder), _cat(after, younger, more)
            elif way < 0:
                near, before = _cat(younger, near), _cat(before, more, elder)
            else:
                before, after = _cat(before, elder), _cat(after, younger, more)
            parents = [comb.parent]
            if comb.couple is not None:
                parents = [self.plan.couples[comb.couple].a, self.plan.couples[comb.couple].b]
                self.used.add(comb.couple)
            alive = [one for one in parents if one is not None and not self.seen[one]]
            for one in alive:
                self.seen[one] = True
            if alive:
                ups.append((alive, comb.couple))
        return near, before, after, lines, ups

    def _ups(self, who: int) -> list[int]:
        """The combs somebody hangs on, by the top of lines that pass rows; their own home first."""
        found = []
        for number in self.net.up.get(who, ()):
            comb = self.net.combs[number]
            while comb.parent is not None and comb.parent in self.net.passing:
                self.hung.add(number)
                number = self.net.up[comb.parent][0]
                comb = self.net.combs[number]
            found.append(number)
        found.sort(
            key=lambda number: all(
                child.who != who or not child.primary for child in self.net.combs[number].natures
            )
        )
        return found

    def _bottom_of(self, comb: Comb, who: int) -> int:
        for low, child in zip(comb.bottoms, comb.natures, strict=True):
            if child.who == who:
                return low
        return comb.bottoms[0]

    def _siblings_of(self, comb: Comb, number: int) -> list[int]:
        """Other combs of the same couple (children in the other parent's care)."""
        if comb.couple is None:
            return []
        return [one for one in self.combs_of_couple.get(comb.couple, ()) if one != number]

    def _some(self, lows: Sequence[int]) -> Block:
        block: Block = {}
        for low in lows:
            items, who = self._passing(low)
            lines = {self.net.levels[item]: [item] for item in items if not self.seen[item]}
            for item in items:
                self.seen[item] = True
            if self.seen[who]:
                block = _cat(block, lines)
                continue
            near, own, rest = self._grow(who, 0)
            block = _cat(block, near, lines, own, rest)
        return block

    def _two(self, one: int, other: int, number: int, middle: Block) -> Block:
        """A couple with those who stand below the two of them, and all that comes with either."""
        if not self._choose("turn", number, one, self.male[one] or not self.male[other]):
            one, other = other, one
        near_l, own_l, rest_l = self._grow(one, -1)
        near_r, own_r, rest_r = self._grow(other, 1)
        in_l = bool(near_l) and self._choose("in", number, one, True)
        in_r = bool(near_r) and self._choose("in", number, other, True)
        nothing: Block = {}
        return _cat(
            rest_l, near_r if in_r else nothing, own_l, nothing if in_l else near_l, middle,
            nothing if in_r else near_r, own_r, near_l if in_l else nothing, rest_r,
        )  # fmt: skip

    def _usual_side(self, who: int, other: int, number: int) -> bool:
        """Whether a partner stands to the right when nothing else decides: the eldest's to the left if they bring
        parents, the first of several to the left, else the man to the left."""
        mine = self.of_member[who]
        brings = bool(self.net.up.get(other))
        if who in self.rank and brings:
            sibship, place = self.rank[who]
            size = len(self.net.order_of[sibship][0])
            if size > 1:
                return place * 2 >= size
        if len(mine) > 1:
            return mine.index(number) == 0
        return self.male[who] or not self.male[other]

    # -- what it costs --------------------------------------------------------------------------------------

    def _cost(self, rows: list[list[int]]) -> float:
        self.place = [0] * self.count
        self.tops: list[float | None] = [None] * len(self.net.combs)
        self.rows = rows
        for row in rows:
            for place, item in enumerate(row):
                self.place[item] = place
        total = 0.0
        for level in range(self.depth):
            total += self._row_cost(level, rows)
        for level in range(self.depth + 1):
            total += self._between(level)
        return total

    def _row_cost(self, level: int, rows: list[list[int]]) -> float:
        place, row = self.place, rows[level]
        self._set_tops(level)
        cost = 0.0
        for items in self.sequence_at[level]:
            for one, other in itertools.pairwise(items):
                if place[one] > place[other]:
                    cost += OUT_OF_ORDER
        for inside in self.twins_at[level]:
            spread = [place[who] for who in inside]
            cost += 3.0 * (max(spread) - min(spread) + 1 - len(spread))
        for inside in self.home_rows[level]:
            spread = [place[who] for who in inside]
            cost += 1.5 * (max(spread) - min(spread) + 1 - len(spread))
        spans = []
        for number in self.couples_at[level]:
            couple = self.plan.couples[number]
            low, high = place[couple.a], place[couple.b]
            turned = low > high
            if turned:
                low, high = high, low
            if high - low > 1:
                cost += (
                    CROSSING * min(self._over(row, low, high), self._under(level, number, low, high))
                    + 3.0
                    + 0.6 * (high - low)
                )
                spans.append((low, high))
            if max(len(self.of_member[couple.a]), len(self.of_member[couple.b])) > 1:
                continue
            if (
                self.male[couple.a] != self.male[couple.b]
                and (place[couple.a] < place[couple.b]) != self.male[couple.a]
            ):
                cost += 0.1
        for who, numbers in self.hubs[level]:
            # Several unions of one person: from the earliest on the left to the latest on the right.
            mates = [
                place[couple.b if couple.a == who else couple.a]
                for couple in (self.plan.couples[n] for n in numbers)
            ]
            cost += 0.3 * sum(1 for n, one in enumerate(mates) for other in mates[n + 1 :] if one < other)
        for n, (low, high) in enumerate(spans):
            for other_low, other_high in spans[n + 1 :]:
                if low < other_low < high < other_high or other_low < low < other_high < high:
                    cost += CROSSING / 2
        return cost

    def _set_tops(self, level: int) -> None:
        """Where the combs of a row start, as the row stands now."""
        for number in self.by_level[level + 1]:
            self.tops[number] = self.top_of(self.net.combs[number])

    def _over(self, row: list[int], low: int, high: int) -> int:
        """How many lines from above a line over the heads of those between would cross."""
        return sum(len(self.net.up.get(item, ())) for item in row[low + 1 : high])

    def _under(self, level: int, number: int, low: int, high: int) -> int:
        """How many lines to children a line under those between would cross."""
        count = 0
        for other in self.by_level[level + 1]:
            top = self.tops[other]
            if top is not None and low < top < high and self.net.combs[other].couple != number:
                count += 1
        return count

    def top_of(self, comb: Comb) -> float | None:
        """Where a comb starts, between places of its row; None for children of whom no parent is written."""
        if comb.couple is None:
            return None if comb.parent is None else float(self.place[comb.parent])
        couple = self.plan.couples[comb.couple]
        a, b = self.place[couple.a], self.place[couple.b]
        if abs(a - b) == 1:
            return (a + b) / 2 + self._lean(comb, a, b)
        many_a, many_b = len(self.of_member[couple.a]), len(self.of_member[couple.b])
        far = b if many_a > many_b else a if many_b > many_a else max(a, b)
        near = a if far == b else b
        return far + (0.5 if near > far else -0.5)

    def _lean(self, comb: Comb, a: int, b: int) -> float:
        keeper = self.plan.sibships[comb.sibship].custody
        if keeper is None or comb.couple is None:
            return 0.0
        mine, theirs = (a, b) if self.plan.couples[comb.couple].a == keeper else (b, a)
        return 0.2 if mine > theirs else -0.2

    def _between(self, level: int) -> float:
        """Crossings between a row and the one below it."""
        place, tops, cost = self.place, self.tops, 0.0
        found: list[tuple[float | None, int, int, list[int]]] = []
        for number in self.by_level[level]:
            lows = [place[low] for low in self.net.combs[number].bottoms]
            found.append((tops[number], min(lows), max(lows), lows))
        for n, (top, least, most, lows) in enumerate(found):
            for other_top, other_least, other_most, others in found[n + 1 :]:
                if top is None or other_top is None:
                    cost += CROSSING * _tangled(sorted(lows), sorted(others))
                    continue
                if top < other_top or (top == other_top and least <= other_least):
                    left, right, far, near = lows, others, most, other_least
                else:
                    left, right, far, near = others, lows, other_most, least
                if far <= near:
                    continue
                inner = sum(1 for low in left if low > near)
                outer = sum(1 for low in right if low < far)
                cost += CROSSING * min(inner, outer)
                if inner and outer:
                    cost += 3.0 * self._guess((top, sorted(lows)), (other_top, sorted(others)), level)
        return cost

    def _guess(self, one: tuple[float, list[int]], other: tuple[float, list[int]], level: int) -> int:
        """About how often two combs that cannot but cross would cross, both rows standing in the middle."""
        upper = (len(self.rows[level - 1]) - 1) / 2
        lower = (len(self.rows[level]) - 1) / 2
        (top, lows), (other_top, others) = (
            (at - upper, [low - lower for low in under]) for at, under in (one, other)
        )
        span = (min(top, lows[0]), max(top, lows[-1]))
        other_span = (min(other_top, others[0]), max(other_top, others[-1]))
        above = (span[0] < other_top < span[1]) + sum(
            1 for low in lows if other_span[0] < low < other_span[1]
        )
        below = (other_span[0] < top < other_span[1]) + sum(1 for low in others if span[0] < low < span[1])
        return min(above, below)

    # -- neighbours change places ---------------------------------------------------------------------------

    def _polish(self, rows: list[list[int]]) -> list[list[int]]:
        """Let neighbours change places, and single ones move a little, while that helps."""
        cost = self._cost(rows)
        left = POLISHED
        for _round in range(4):
            better = False
            for level, row in enumerate(rows):
                here = self._local(rows, level)
                for at, to in self._moves(row):
                    if cost < 1.0 or left == 0:
                        return rows
                    if self._would_disorder(row, at, to):
                        continue
                    left -= 1
                    old = list(row)
                    row.insert(to, row.pop(at))
                    self._number(row)
                    now = self._local(rows, level)
                    if now < here - 1e-9:
                        cost += now - here
                        here = now
                        better = True
                    else:
                        row[:] = old
                        self._number(row)
                        self._set_tops(level)
            if not better:
                break
        return rows

    def _moves(self, row: list[int]) -> Iterator[tuple[int, int]]:
        """First neighbours change places, then everybody tries the places near by."""
        count = len(row)
        yield from ((at, at + 1) for at in range(count - 1))
        for at in range(count):
            yield from ((at, to) for to in (at - 3, at - 2, at + 2, at + 3) if 0 <= to < count)

    def _would_disorder(self, row: list[int], at: int, to: int) -> bool:
        """Whether a move passes a brother or sister: birth order is not given up."""
        mine = self.rank.get(row[at])
        if mine is None:
            return False
        passed = row[at + 1 : to + 1] if to > at else row[to:at]
        return any(self.rank.get(item, (-1, 0))[0] == mine[0] for item in passed)

    def _local(self, rows: list[list[int]], level: int) -> float:
        return self._row_cost(level, rows) + self._between(level) + self._between(level + 1)

    def _number(self, row: list[int]) -> None:
        for place, item in enumerate(row):
            self.place[item] = place


def _tangled(one: list[int], other: list[int]) -> int:
    """Crossings of two combs of which one has no stem."""
    if one[-1] <= other[0] or other[-1] <= one[0]:
        return 0
    return min(
        sum(1 for low in one if other[0] < low < other[-1]), sum(1 for low in other if one[0] < low < one[-1])
    )
