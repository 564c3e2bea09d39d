"""Where everything stands: coordinates in pixels, from the rows of `order` to symbols, captions and lines.

Symbols of a row stand on one line. Couples who are neighbours are joined from side to side; others by a line over the
heads or under the captions of those between, whichever crosses less. Children hang from a bar; bars that would meet get
tracks of their own. Captions never lie on a line: a symbol with a line at its foot has its caption beside that line.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from .family import Family, Member, Plan, plan
from .kinds import Bond, Form, Nature, Twinship
from .order import Comb, Net, arrange

SIZE = 44.0
HALF = SIZE / 2
TEXT = 12.0
LINE = 15.0
GAP = 18.0
UNION = 62.0
TRACK = 13.0
MARGIN = 26.0
FOOT = 7.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, by: float = 0.0) -> bool:
        """Whether two rectangles overlap by more than `by` pixels."""
        return (
            self.left + by < other.right
            and other.left + by < self.right
            and self.top + by < other.bottom
            and other.top + by < self.bottom
        )

    def grown(self, by: float) -> Box:
        """The same, wider on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True)
class Symbol:
    """A member at their place, with their caption's lines and where these stand."""

    member: Member
    x: float
    y: float
    size: float
    caption: tuple[str, ...]
    caption_x: float
    caption_y: float
    anchor: str
    caption_box: Box | None

    @property
    def box(self) -> Box:
        """The symbol's own rectangle."""
        half = self.size / 2
        return Box(self.x - half, self.y - half, self.x + half, self.y + half)


@dataclass(frozen=True)
class Line:
    """One stroke. `net` tells what belongs together (a couple and its children): only different nets can cross."""

    points: tuple[Point, ...]
    kind: str
    net: str
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mark:
    """The strokes on a couple's line: one for a separation, two for a divorce, and which way it runs."""

    x: float
    y: float
    kind: str


@dataclass
class Scene:
    """The family as geometry, ready to be drawn in any notation."""

    width: float
    height: float
    symbols: list[Symbol]
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    plan: Plan | None = None
    net: Net | None = None
    places: dict[str, int] = field(default_factory=dict)


def width_of(text: str, size: float = TEXT) -> float:
    """About how wide a text stands: full-width letters 1, others 0.6 of its size; what has no shape of its own nothing."""
    wide = 0.0
    for letter in text:
        if (
            unicodedata.combining(letter)
            or 0xFE00 <= ord(letter) <= 0xFE0F
            or 0xE0100 <= ord(letter) <= 0xE01EF
        ):
            continue
        wide += 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.6
    return wide * size


def wrapped(text: str, most: float = 96.0, size: float = TEXT) -> list[str]:
    """A text in lines of at most `most` pixels: at its spaces where there are some, never shortened."""
    lines: list[str] = []
    for word in text.replace("\u3000", " ").split(" ") if width_of(text, size) > most else [text]:
        if lines and width_of(lines[-1] + " " + word, size) <= most:
            lines[-1] += " " + word
            continue
        while width_of(word, size) > most:
            cut = len(word)
            while width_of(word[:cut], size) > most:
                cut -= 1
            while cut < len(word) - 1 and width_of(word[cut], size) == 0:
                cut += 1
            cut = max(cut, 1)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return [line for line in lines if line]


def lay_out(family: Family) -> Scene:
    """The whole way from what is written to what is drawn."""
    read = plan(family)
    places = {member.key: place for place, member in enumerate(read.members)}
    homes = [[places[key] for key in dict.fromkeys(home.keys) if key in places] for home in family.homes]
    net = arrange(read, homes)
    scene = _Placing(net).scene() if read.members else Scene(2 * MARGIN, 2 * MARGIN, [])
    scene.findings, scene.plan, scene.net, scene.places = read.findings, read, net, places
    return scene


def size_of(member: Member) -> float:
    """Somebody not born, or without a record, is drawn smaller."""
    return SIZE if member.form is Form.PERSON else 26.0 if member.form is not Form.MISSING else 30.0


@dataclass
class _Item:
    left: float
    right: float
    lines: list[str]
    foot: bool


class _Placing:
    """Coordinates: x by pulling rows towards each other, y by what must pass between two rows."""

    def __init__(self, net: Net) -> None:
        self.net, self.plan = net, net.plan
        self.count = len(net.levels)
        self.place = [0] * self.count
        for row in net.rows:
            for place, item in enumerate(row):
                self.place[item] = place
        self.couples_of: dict[int, list[int]] = {}
        self.near: list[bool] = []
        for number, couple in enumerate(self.plan.couples):
            self.couples_of.setdefault(couple.a, []).append(number)
            self.couples_of.setdefault(couple.b, []).append(number)
            self.near.append(abs(self.place[couple.a] - self.place[couple.b]) == 1)
        self.combs_of_couple: dict[int, list[int]] = {}
        self.combs_of_parent: dict[int, list[int]] = {}
        for number, comb in enumerate(net.combs):
            if comb.couple is not None:
                self.combs_of_couple.setdefault(comb.couple, []).append(number)
            elif comb.parent is not None:
                self.combs_of_parent.setdefault(comb.parent, []).append(number)
        self.over = self._routes()
        self.items = [self._item(item) for item in range(self.count)]
        self.space = [self._spaces(row) for row in net.rows]
        self.x = [0.0] * self.count
        self.settled = False
        self._spread()
        self.settled = True

    # -- x --------------------------------------------------------------------------------------------------

    def _routes(self) -> dict[int, bool]:
        """Couples who are no neighbours: whether their line runs over the heads (else under the captions)."""
        routes: dict[int, bool] = {}
        for number, couple in enumerate(self.plan.couples):
            if self.near[number]:
                continue
            level = self.net.levels[couple.a]
            low, high = sorted((self.place[couple.a], self.place[couple.b]))
            row = self.net.rows[level]
            over = sum(len(self.net.up.get(item, ())) for item in row[low + 1 : high])
            over += sum(1 for item in row[low + 1 : high] if item in self.net.passing)
            under = 0
            for other in range(len(self.net.combs)):
                comb = self.net.combs[other]
                if comb.level != level or comb.couple == number:
                    continue
                if comb.couple is not None:
                    its = self.plan.couples[comb.couple]
                    ends = (self.place[its.a], self.place[its.b])
                    under += any(low < end < high for end in ends) and min(ends) >= low and max(ends) <= high
                elif comb.parent is not None:
                    under += low < self.place[comb.parent] < high
            under += sum(1 for item in row[low + 1 : high] if item in self.net.passing)
            routes[number] = (over < under and not any(comb.couple == number for comb in self.net.combs)) or (
                over == 0 and under > 0
            )
        return routes

    def _item(self, item: int) -> _Item:
        if item in self.net.passing:
            return _Item(5.0, 5.0, [], False)
        member = self.plan.members[item]
        half = size_of(member) / 2
        lines = [line for text in member.caption for line in wrapped(text)]
        foot = bool(self.combs_of_parent.get(item)) or any(
            not self.near[number] and not self.over[number] for number in self.couples_of.get(item, ())
        )
        widest = max((width_of(line) for line in lines), default=0.0)
        if foot:
            return _Item(half, max(half, widest + FOOT), lines, True)
        return _Item(max(half, widest / 2), max(half, widest / 2), lines, False)

    def _spaces(self, row: Sequence[int]) -> list[float]:
        """The least distance between the middles of neighbours."""
        spaces = []
        for one, other in itertools.pairwise(row):
            least = self.items[one].right + self.items[other].left + GAP
            number = self._couple_between(one, other)
            if number is not None:
                own = self.items[one].right + self.items[other].left
                combs = [self.net.combs[comb] for comb in self.combs_of_couple.get(number, ())]
                custody = any(self.plan.sibships[comb.sibship].custody is not None for comb in combs)
                halves = size_of(self.plan.members[one]) / 2 + size_of(self.plan.members[other]) / 2
                least = max(halves + UNION, own + (34.0 if custody else 18.0))
                if len(combs) > 1:
                    # Children in the care of either: the lines to them go down as far apart as the children stand.
                    kids = sum(
                        self.items[comb.bottoms[place]].right
                        for comb, place in zip(combs, (-1, 0), strict=False)
                    )
                    least = max(least, own + kids + GAP + 12.0)
            elif self._drop_between(one, other):
                least += 14.0
            spaces.append(least)
        return spaces

    def _couple_between(self, one: int, other: int) -> int | None:
        for number in self.couples_of.get(one, ()):
            couple = self.plan.couples[number]
            if other in (couple.a, couple.b):
                return number
        return None

    def _drop_between(self, one: int, other: int) -> bool:
        """Whether children of a couple joined over the heads hang down between these two."""
        for number, over in self.over.items():
            couple = self.plan.couples[number]
            if (
                over
                and self.combs_of_couple.get(number)
                and (one in (couple.a, couple.b) or other in (couple.a, couple.b))
            ):
                return True
        return False

    def _spread(self) -> None:
        rows, x = self.net.rows, self.x
        for level, row in enumerate(rows):
            at = 0.0
            for place, item in enumerate(row):
                at += self.space[level][place - 1] if place else 0.0
                x[item] = at
        middle = max((x[row[-1]] for row in rows if row), default=0.0) / 2
        for row in rows:
            if row:
                move = middle - (x[row[0]] + x[row[-1]]) / 2
                for item in row:
                    x[item] += move
        depth = len(rows)
        self.by_level: list[list[int]] = [[] for _ in range(depth + 1)]
        for number, comb in enumerate(self.net.combs):
            self.by_level[comb.level + 1].append(number)
        self.pairs: list[list[tuple[int, int, float]]] = []
        for level, row in enumerate(rows):
            found = []
            for place in range(len(row) - 1):
                if self._couple_between(row[place], row[place + 1]) is not None:
                    found.append((row[place], row[place + 1], self.space[level][place]))
            self.pairs.append(found)
        for turn in range(14):
            order = range(depth) if turn % 2 == 0 else range(depth - 1, -1, -1)
            for level in order:
                self._pull(level, up=turn % 2 == 0 or turn > 8, down=turn % 2 == 1 or turn > 8)
        least = min(x[item] - self.items[item].left for item in range(self.count))
        for item in range(self.count):
            x[item] += MARGIN - least

    def _pull(self, level: int, *, up: bool, down: bool) -> None:
        row, x = self.net.rows[level], self.x
        if not row:
            return
        want: dict[int, list[float]] = {}
        if up:
            for number in self.by_level[level]:
                comb = self.net.combs[number]
                lows = [low for low, child in zip(comb.bottoms, comb.natures, strict=False) if child.primary]
                drop = self._drop(comb)
                if drop is None or not lows:
                    continue
                first, last = min(x[low] for low in lows), max(x[low] for low in lows)
                shift = drop - (first + last) / 2
                # Children who stand far apart for other reasons need not stand evenly: the line may go down anywhere
                # above them, or each would push the next one out.
                slack = max(last - first - 90.0 * len(lows) - 60.0, 0.0) / 2
                shift = max(shift - slack, 0.0) if shift > 0 else min(shift + slack, 0.0)
                for low in lows:
                    want.setdefault(low, []).append(x[low] + shift)
        if down and level + 1 <= len(self.net.rows):
            for number in self.by_level[level + 1]:
                comb = self.net.combs[number]
                drop = self._drop(comb)
                if drop is None:
                    continue
                lows = comb.bottoms
                tops = [x[low] if len(self.net.up[low]) < 2 else self._top_x(number, low) for low in lows]
                shift = (min(tops) + max(tops)) / 2 - drop
                couple = self.plan.couples[comb.couple] if comb.couple is not None else None
                for top in (couple.a, couple.b) if couple else (comb.parent,):
                    if top is not None:
                        want.setdefault(top, []).append(x[top] + shift)
        targets, weights = [], []
        for item in row:
            if item in want:
                targets.append(sum(want[item]) / len(want[item]))
                weights.append(3.0 if item in self.net.passing else 1.0)
            else:
                targets.append(x[item])
                weights.append(0.01)
        at = {item: place for place, item in enumerate(row)}
        for one, other, space in self.pairs[level]:
            # Whom nothing pulls stands beside their partner.
            if weights[at[one]] < 0.5 <= weights[at[other]]:
                targets[at[one]], weights[at[one]] = targets[at[other]] - space, 0.3
            elif weights[at[other]] < 0.5 <= weights[at[one]]:
                targets[at[other]], weights[at[other]] = targets[at[one]] + space, 0.3
        for item, new in zip(row, _apart(targets, weights, self.space[level]), strict=True):
            x[item] = new

    def _drop(self, comb: Comb) -> float | None:
        """Where the line to the children goes down."""
        if comb.couple is None:
            return None if comb.parent is None else self.x[comb.parent]
        couple = self.plan.couples[comb.couple]
        one, other = (couple.a, couple.b) if self.x[couple.a] <= self.x[couple.b] else (couple.b, couple.a)
        left, right = self._clear(one, other)
        if self.near[comb.couple]:
            keeper = self.plan.sibships[comb.sibship].custody
            if keeper is not None:
                usual = right - 6.0 if keeper == other else left + 6.0
                half = (left + right) / 2
                left, right = (half + 6.0, right - 4.0) if keeper == other else (left + 4.0, half - 6.0)
            else:
                usual = (left + right) / 2
                left, right = left + 2.0, right - 2.0
            if self.settled and len(comb.bottoms) == 1 and left <= right:
                return min(max(self.x[comb.bottoms[0]], left), right)
            return usual
        if self.over[comb.couple]:
            far = other if len(self.couples_of[one]) >= len(self.couples_of[other]) else one
            if far == other:
                return self.x[far] - self.items[far].left - 8.0
            return self.x[far] + self.items[far].right + 8.0
        lows = [self.x[low] for low in comb.bottoms]
        middle = (min(lows) + max(lows)) / 2
        return min(max(middle, self.x[one] + 14.0), self.x[other] - 14.0)

    def _clear(self, one: int, other: int) -> tuple[float, float]:
        """The free space between the captions of two neighbours."""
        return self.x[one] + self.items[one].right + 3.0, self.x[other] - self.items[other].left - 3.0

    # -- y --------------------------------------------------------------------------------------------------

    def scene(self) -> Scene:
        """Give every row its height, then draw the lines."""
        self.lines: list[Line] = []
        self.marks: list[Mark] = []
        depth = len(self.net.rows)
        self.row_y = [0.0] * depth
        y = MARGIN
        over = [self._tracks_of_couples(level, True) for level in range(depth)]
        under = [self._tracks_of_couples(level, False) for level in range(depth)]
        first_bars = self._bars(0)
        y += (1 + max(first_bars.values())) * TRACK + 10.0 if first_bars else 0.0
        bar_y: dict[int, float] = {}
        for number, track in first_bars.items():
            bar_y[number] = MARGIN + 4.0 + track * TRACK
        y += over[0][1] * TRACK
        for level in range(depth):
            self.row_y[level] = y + HALF
            low = max((len(self.items[item].lines) for item in self.net.rows[level]), default=0) * LINE
            y += SIZE + 4.0 + low
            self.under_y = y + 6.0
            for number, track in under[level][0].items():
                self._foot_line(number, y + 6.0 + track * TRACK)
            y += under[level][1] * TRACK + 8.0
            if level + 1 < depth:
                bars = self._bars(level + 1)
                for number, track in bars.items():
                    bar_y[number] = y + 6.0 + track * TRACK
                y += (1 + max(bars.values(), default=0)) * TRACK + 14.0
                y += over[level + 1][1] * TRACK + (4.0 if over[level + 1][1] else 0.0)
        for level in range(depth):
            for number, track in over[level][0].items():
                self._head_line(number, self.row_y[level] - HALF - 9.0 - track * TRACK)
        self._couple_lines()
        for number in range(len(self.net.combs)):
            self._comb_lines(number, bar_y[number])
        symbols = [self._symbol(item) for item in range(len(self.plan.members))]
        width = max(self.x[item] + self.items[item].right for item in range(self.count)) + MARGIN
        return Scene(width, y + MARGIN - 8.0, symbols, self.lines, self.marks)

    def _tracks_of_couples(self, level: int, over: bool) -> tuple[dict[int, int], int]:
        """Tracks of lines between couples who are no neighbours: the wider outside, so that they nest."""
        found = []
        for number, route in self.over.items():
            couple = self.plan.couples[number]
            if route is over and self.net.levels[couple.a] == level:
                low, high = sorted((self.place[couple.a], self.place[couple.b]))
                found.append((high - low, low, high, number))
        tracks: dict[int, int] = {}
        taken: list[tuple[int, int, int]] = []
        for _span, low, high, number in sorted(found):
            track = 0
            while any(
                t == track and low <= other_high and other_low <= high for t, other_low, other_high in taken
            ):
                track += 1
            taken.append((track, low, high))
            tracks[number] = track
        return tracks, max(tracks.values(), default=-1) + 1

    def _tops(self, low: int) -> list[int]:
        """The combs a symbol or passing line hangs on, from left to right."""
        combs = self.net.up.get(low, [])
        if len(combs) < 2:
            return list(combs)
        return sorted(combs, key=lambda number: (self._drop(self.net.combs[number]) or 0.0, number))

    def _top_x(self, number: int, low: int) -> float:
        """Where the line of a comb reaches a symbol."""
        combs = self._tops(low)
        spread = 12.0 * (combs.index(number) - (len(combs) - 1) / 2)
        return self.x[low] + spread

    def _bars(self, level: int) -> dict[int, int]:
        """A track for every bar between two rows: bars that meet get their own, in the order that crosses least."""
        spans: dict[int, tuple[float, float, float | None, list[float]]] = {}
        for number in self.by_level[level]:
            comb = self.net.combs[number]
            lows = sorted(self._top_x(number, low) for low in comb.bottoms)
            drop = self._drop(comb)
            ends = [*lows, drop] if drop is not None else lows
            spans[number] = (min(ends), max(ends), drop, lows)
        numbers = sorted(spans, key=lambda number: (spans[number][0], number))
        above: dict[int, set[int]] = {number: set() for number in numbers}
        for n, one in enumerate(numbers):
            for other in numbers[n + 1 :]:
                if spans[one][1] + 4.0 < spans[other][0] or spans[other][1] + 4.0 < spans[one][0]:
                    continue
                first, second = _crossed(spans[one], spans[other]), _crossed(spans[other], spans[one])
                upper, lower = (one, other) if first <= second else (other, one)
                above[lower].add(upper)
        tracks: dict[int, int] = {}

        def track(number: int, path: frozenset[int]) -> int:
            if number not in tracks:
                before = [
                    track(other, path | {number}) for other in sorted(above[number]) if other not in path
                ]
                tracks[number] = max(before, default=-1) + 1
            return tracks[number]

        for number in numbers:
            track(number, frozenset({number}))
        # A circle among them is opened: no two that meet may share a track.
        for number in sorted(numbers, key=lambda one: tracks[one]):
            while any(
                other != number
                and tracks[other] == tracks[number]
                and not (spans[number][1] + 4.0 < spans[other][0] or spans[other][1] + 4.0 < spans[number][0])
                for other in numbers
            ):
                tracks[number] += 1
        return tracks

    # -- lines ----------------------------------------------------------------------------------------------

    def _y(self, item: int) -> float:
        return self.row_y[self.net.levels[item]]

    def _half(self, item: int) -> float:
        return size_of(self.plan.members[item]) / 2

    def _couple_lines(self) -> None:
        for number, couple in enumerate(self.plan.couples):
            if not self.near[number]:
                continue
            one, other = (couple.a, couple.b) if self.x[couple.a] < self.x[couple.b] else (couple.b, couple.a)
            y = self._y(one)
            start, end = self.x[one] + self._half(one), self.x[other] - self._half(other)
            self.lines.append(
                Line(((start, y), (end, y)), f"bond-{couple.bond.value}", f"c{number}", (one, other))
            )
            drops = sorted(
                drop
                for comb in self.combs_of_couple.get(number, ())
                if (drop := self._drop(self.net.combs[comb])) is not None
            )
            self._mark(couple.bond, start, end, drops, y)

    def _mark(self, bond: Bond, start: float, end: float, drops: list[float], y: float) -> None:
        if bond not in (Bond.DIVORCED, Bond.SEPARATED, Bond.PARTED):
            return
        stops = [start, *drops, end]
        left, right = max(itertools.pairwise(stops), key=lambda gap: (round(gap[1] - gap[0], 3), gap[0]))
        self.marks.append(Mark((left + right) / 2, y, bond.value))

    def _feet(self, item: int) -> dict[str, float]:
        """Where lines leave the foot of a symbol: children of this parent alone, then lines under the captions."""
        found: list[tuple[float, str]] = []
        for comb in self.combs_of_parent.get(item, ()):
            found.append((0.0, f"k{comb}"))
        for number in self.couples_of.get(item, ()):
            if not self.near[number] and not self.over[number]:
                couple = self.plan.couples[number]
                other = couple.b if couple.a == item else couple.a
                found.append((self.x[other] - self.x[item], f"c{number}"))
        left = sorted(one for one in found if one[0] < 0)
        middle = [one for one in found if one[0] == 0]
        right = sorted((one for one in found if one[0] > 0), reverse=True)
        # The farther the partner, the deeper its line: it leaves on the inner side.
        names = [name for _far, name in (*sorted(left, key=lambda one: -one[0]), *middle, *right)]
        names.reverse()
        return {name: self.x[item] - 9.0 * place for place, name in enumerate(names)}

    def _foot_line(self, number: int, y: float) -> None:
        couple = self.plan.couples[number]
        one, other = (couple.a, couple.b) if self.x[couple.a] < self.x[couple.b] else (couple.b, couple.a)
        start, end = self._feet(one)[f"c{number}"], self._feet(other)[f"c{number}"]
        top = self._y(one)
        self.lines.append(
            Line(
                ((start, top + self._half(one)), (start, y), (end, y), (end, top + self._half(other))),
                f"bond-{couple.bond.value}", f"c{number}", (one, other),
            )
        )  # fmt: skip
        self._start_y = getattr(self, "_start_y", {})
        self._start_y[number] = y
        drops = sorted(
            drop
            for comb in self.combs_of_couple.get(number, ())
            if (drop := self._drop(self.net.combs[comb])) is not None
        )
        self._mark(couple.bond, start, end, drops, y)

    def _head_line(self, number: int, y: float) -> None:
        couple = self.plan.couples[number]
        one, other = (couple.a, couple.b) if self.x[couple.a] < self.x[couple.b] else (couple.b, couple.a)
        start, end = self.x[one] + 14.0, self.x[other] - 14.0
        top_one, top_other = self._y(one) - self._half(one), self._y(other) - self._half(other)
        self.lines.append(
            Line(
                ((start, top_one), (start, y), (end, y), (end, top_other)),
                f"bond-{couple.bond.value}", f"c{number}", (one, other),
            )
        )  # fmt: skip
        self._start_y = getattr(self, "_start_y", {})
        self._start_y[number] = y
        drops = sorted(
            drop
            for comb in self.combs_of_couple.get(number, ())
            if (drop := self._drop(self.net.combs[comb])) is not None
        )
        self._mark(couple.bond, start, end, drops, y)

    def _comb_lines(self, number: int, bar: float) -> None:
        comb = self.net.combs[number]
        net, drop = self._net_of(number), self._drop(comb)
        natures = [child.nature for child in comb.natures]
        usual = Nature.BIRTH if Nature.BIRTH in natures else natures[0]
        tops = [self._top_x(number, low) for low in comb.bottoms]
        twins = self._twin_apexes(comb, tops)
        hooks = [twins.get(low, (top, None))[0] for low, top in zip(comb.bottoms, tops, strict=True)]
        ends = [*hooks, drop] if drop is not None else hooks
        straight = drop is not None and len(hooks) == 1 and abs(hooks[0] - drop) < 0.6
        if drop is not None:
            start = self._start(comb)
            self.lines.append(
                Line(((drop, start), (drop, bar)), f"child-{usual.value}", net, self._tops_of(comb))
            )
        if max(ends) - min(ends) > 0.6 and not straight:
            self.lines.append(Line(((min(ends), bar), (max(ends), bar)), f"child-{usual.value}", net))
        for low, child, top, hook in zip(comb.bottoms, comb.natures, tops, hooks, strict=True):
            end = self.row_y[self.net.levels[low]] - (0.0 if low in self.net.passing else self._half(low))
            ends_at = () if low in self.net.passing else (low,)
            self.lines.append(Line(((hook, bar), (top, end)), f"child-{child.nature.value}", net, ends_at))
        for low, (_apex, joined) in twins.items():
            if joined is not None:
                other, kind = joined
                self._twin_bar(comb, low, other, kind, bar, net)

    def _net_of(self, number: int) -> str:
        comb = self.net.combs[number]
        while comb.couple is None and comb.parent is not None and comb.parent in self.net.passing:
            number = self.net.up[comb.parent][0]
            comb = self.net.combs[number]
        return f"c{comb.couple}" if comb.couple is not None else f"s{comb.sibship}"

    def _tops_of(self, comb: Comb) -> tuple[int, ...]:
        if comb.couple is not None:
            return (self.plan.couples[comb.couple].a, self.plan.couples[comb.couple].b)
        return () if comb.parent is None or comb.parent in self.net.passing else (comb.parent,)

    def _start(self, comb: Comb) -> float:
        if comb.couple is not None:
            if self.near[comb.couple]:
                return self._y(self.plan.couples[comb.couple].a)
            return float(self._start_y[comb.couple])
        assert comb.parent is not None
        if comb.parent in self.net.passing:
            return self.row_y[self.net.levels[comb.parent]]
        return self._y(comb.parent) + self._half(comb.parent)

    def _twin_apexes(
        self, comb: Comb, tops: Sequence[float]
    ) -> dict[int, tuple[float, tuple[int, Twinship] | None]]:
        """Children of one birth leave the bar at one point; (that point, the next of them and how alike)."""
        found: dict[int, tuple[float, tuple[int, Twinship] | None]] = {}
        at = dict(zip(comb.bottoms, tops, strict=True))
        for keys, kind in self.plan.twins:
            inside = sorted((low for low in comb.bottoms if low in keys), key=lambda low: at[low])
            if len(inside) < 2:
                continue
            apex = (at[inside[0]] + at[inside[-1]]) / 2
            for low, after in zip(inside, [*inside[1:], None], strict=True):
                found[low] = (apex, None if after is None else (after, kind))
        return found

    def _twin_bar(self, comb: Comb, low: int, other: int, kind: Twinship, bar: float, net: str) -> None:
        if kind is not Twinship.IDENTICAL:
            return
        lows = dict(
            zip(
                comb.bottoms,
                [self._top_x(self.net.combs.index(comb), one) for one in comb.bottoms],
                strict=True,
            )
        )
        foot = self._y(low) - self._half(low)
        keys = next(keys for keys, _ in self.plan.twins if low in keys)
        inside = [lows[one] for one in comb.bottoms if one in keys]
        apex = (min(inside) + max(inside)) / 2
        share = 0.55
        y = bar + (foot - bar) * share
        left, right = (apex + (lows[one] - apex) * share for one in (low, other))
        self.lines.append(Line(((left, y), (right, y)), "twin", net))

    def _symbol(self, item: int) -> Symbol:
        member, its = self.plan.members[item], self.items[item]
        x, y, size = self.x[item], self._y(item), size_of(self.plan.members[item])
        top = y + HALF + 4.0 if member.form is Form.PERSON else y + size / 2 + 4.0
        box = None
        caption_x, anchor = x, "middle"
        if its.lines:
            widest = max(width_of(line) for line in its.lines)
            if its.foot:
                caption_x, anchor = x + FOOT, "start"
                box = Box(caption_x, top, caption_x + widest, top + len(its.lines) * LINE)
            else:
                box = Box(x - widest / 2, top, x + widest / 2, top + len(its.lines) * LINE)
        return Symbol(member, x, y, size, tuple(its.lines), caption_x, top, anchor, box)


def _crossed(
    upper: tuple[float, float, float | None, list[float]],
    lower: tuple[float, float, float | None, list[float]],
) -> int:
    """Crossings when one bar lies over another: the lower one's stem through it, its own children through the lower."""
    low, high, _drop, lows = upper
    count = 0
    if lower[2] is not None and low <= lower[2] <= high:
        count += 1
    return count + sum(1 for one in lows if lower[0] <= one <= lower[1])


def _apart(targets: Sequence[float], weights: Sequence[float], spaces: Sequence[float]) -> list[float]:
    """The places nearest to the wished ones (least squares) that keep order and distances."""
    shift, shifts = 0.0, [0.0]
    for space in spaces:
        shift += space
        shifts.append(shift)
    blocks: list[list[float]] = []
    for target, weight, moved in zip(targets, weights, shifts, strict=True):
        blocks.append([(target - moved) * weight, weight, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, weight, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += weight
            blocks[-1][2] += count
    places: list[float] = []
    for total, weight, count in blocks:
        places += [total / weight] * int(count)
    return [place + moved for place, moved in zip(places, shifts, strict=True)]
