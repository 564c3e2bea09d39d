"""The ecomap: the household in the middle, persons, offices and places round it; strength, stress and direction."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .drawing import (
    INK,
    QUIET,
    SCREEN,
    Pen,
    Words,
    _bars,
    _n,
    arrow,
    aside,
    escape,
    spoken,
    stroke,
    svg,
    text,
    zigzag,
)
from .family import Member
from .kinds import Flow, Notation, Strength
from .place import LINE, Box, Point, Symbol, width_of, wrapped

FULL = 2 * math.pi
STRESS = "#ce0000"


@dataclass(frozen=True)
class Around:
    """Somebody or something round the household. `sort` is office, person or place."""

    key: str
    label: str
    sort: str = "office"
    link: str = ""


@dataclass(frozen=True)
class Thread:
    """A tie: `member` is a key of somebody inside, "" for the whole household."""

    around: str
    member: str = ""
    strength: Strength = Strength.NORMAL
    stress: bool = False
    flow: Flow = Flow.NONE
    words: str = ""


@dataclass(frozen=True)
class World:
    """Everything an ecomap shows."""

    members: tuple[Member, ...]
    around: tuple[Around, ...] = ()
    threads: tuple[Thread, ...] = ()
    label: str = "世帯"


@dataclass(frozen=True)
class Node:
    """Something round the household, at its place."""

    around: Around
    x: float
    y: float
    lines: tuple[str, ...]
    wide: float
    high: float

    @property
    def box(self) -> Box:
        """Its rectangle."""
        return Box(
            self.x - self.wide / 2, self.y - self.high / 2, self.x + self.wide / 2, self.y + self.high / 2
        )


@dataclass(frozen=True)
class Way:
    """A tie as points from inside to outside."""

    thread: Thread
    points: tuple[Point, ...]


@dataclass
class EcoScene:
    """The ecomap as geometry."""

    width: float
    height: float
    middle: Point
    radius: float
    symbols: list[Symbol]
    nodes: list[Node] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def lay_out(world: World) -> EcoScene:
    """Members on a ring inside, what is around on an oval outside: each near the members it is tied to."""
    ring, radius = _ring(world.members)
    order = _order(world)
    nodes, middle, width, height = _oval(order, radius)
    symbols = [_moved(symbol, middle) for symbol in ring]
    scene = EcoScene(width, height, middle, radius, symbols, nodes)
    at = {symbol.member.key: symbol for symbol in symbols}
    by_key = {node.around.key: node for node in nodes}
    used: dict[tuple[str, str], int] = {}
    for thread in world.threads:
        node = by_key.get(thread.around)
        if node is None:
            continue
        pair = (thread.around, thread.member)
        place = used[pair] = used.get(pair, -1) + 1
        scene.ways.append(Way(thread, _way(scene, node, at.get(thread.member), place)))
    return scene


def _caption(member: Member) -> list[str]:
    return [line for words in member.caption for line in wrapped(words, 84.0)][:4]


def _ring(members: Sequence[Member]) -> tuple[list[Symbol], float]:
    """Members round the middle (0, 0), and how far the household's circle reaches."""
    count = len(members)
    size = 36.0
    cells = [
        (
            max([width_of(line) for line in _caption(one)] + [size]) + 14.0,
            size + 6.0 + LINE * len(_caption(one)),
        )
        for one in members
    ]
    if not count:
        return [], 60.0
    long = max(math.hypot(*cell) for cell in cells)
    far = 0.0 if count == 1 else long / (2 * math.sin(math.pi / count)) if count > 2 else long / 2
    symbols = []
    for place, (member, (_wide, high)) in enumerate(zip(members, cells, strict=True)):
        angle = _turn_of(place, count) - math.pi / 2
        x, y = far * math.cos(angle), far * math.sin(angle)
        lines = tuple(_caption(member))
        top = y - high / 2
        widest = max((width_of(line) for line in lines), default=0.0)
        low = top + size + 3.0
        box = Box(x - widest / 2, low, x + widest / 2, low + LINE * len(lines)) if lines else None
        symbols.append(Symbol(member, x, top + size / 2, size, lines, x, low, "middle", box))
    return symbols, max(far + long / 2 + 14.0, 74.0)


def _moved(symbol: Symbol, by: Point) -> Symbol:
    box = symbol.caption_box
    return Symbol(
        symbol.member, symbol.x + by[0], symbol.y + by[1], symbol.size, symbol.caption, symbol.caption_x + by[0],
        symbol.caption_y + by[1], symbol.anchor,
        None if box is None else Box(box.left + by[0], box.top + by[1], box.right + by[0], box.bottom + by[1]),
    )  # fmt: skip


def _order(world: World) -> list[Around]:
    """What is around, clockwise from the top, so that each stands on the side of the members it is tied to.

    Who is tied to a member comes first; what is tied to the whole household fills the widest gaps.
    """
    count = len(world.members)
    places = {member.key: _turn_of(number, count) for number, member in enumerate(world.members)}
    wanted: dict[str, float] = {}
    for around in world.around:
        turns = [
            places[thread.member]
            for thread in world.threads
            if thread.around == around.key and thread.member in places
        ]
        x, y = sum(map(math.cos, turns)), sum(map(math.sin, turns))
        if turns and math.hypot(x, y) > 1e-6:
            wanted[around.key] = math.atan2(y, x) % FULL
    bound = sorted(
        (one for one in world.around if one.key in wanted), key=lambda one: (wanted[one.key], one.key)
    )
    free = [one for one in world.around if one.key not in wanted]
    total = len(bound) + len(free)
    slots: list[Around | None] = [None] * total
    best: tuple[float, list[int]] | None = None
    for first in range(total):
        chosen = _seats([wanted[one.key] for one in bound], total, first)
        cost = sum(
            _apart(FULL * seat / total, wanted[one.key]) ** 2 for one, seat in zip(bound, chosen, strict=True)
        )
        if best is None or cost < best[0] - 1e-9:
            best = (cost, chosen)
    for one, seat in zip(bound, best[1] if best else [], strict=True):
        slots[seat] = one
    rest = iter(free)
    return [one if one is not None else next(rest) for one in slots]


def _turn_of(number: int, count: int) -> float:
    """Where a member stands on the ring, clockwise from the top."""
    if count == 2:
        return FULL * (0.75 if number == 0 else 0.25)
    return FULL * number / max(count, 1)


def _seats(wanted: Sequence[float], total: int, first: int) -> list[int]:
    """A seat for each in order, beginning with `first`: as near as may be to where it wants to stand."""
    seats: list[int] = []
    for number, turn in enumerate(wanted):
        least = seats[-1] + 1 if seats else first
        most = first + total - (len(wanted) - number)
        near = range(least, most + 1)
        seats.append(min(near, key=lambda seat: (_apart(FULL * seat / total, turn), seat)))
    return [seat % total for seat in seats]


def _apart(one: float, other: float) -> float:
    way = abs(one - other) % FULL
    return min(way, FULL - way)


def _oval(order: Sequence[Around], radius: float) -> tuple[list[Node], Point, float, float]:
    """The nodes on an oval, wide enough that none meets another or the household."""
    shapes: list[tuple[tuple[str, ...], float, float]] = []
    for around in order:
        lines = _balanced(around.label)
        wide = max(max(width_of(line) for line in lines) + 22.0, 64.0) if lines else 64.0
        shapes.append((tuple(lines), wide, max(LINE * len(lines) + 16.0, 40.0)))
    count = len(shapes)
    far_x, far_y = radius + 120.0, radius + 84.0
    while True:
        nodes = []
        for number, (around, (said, wide, high)) in enumerate(zip(order, shapes, strict=True)):
            angle = -math.pi / 2 + 2 * math.pi * number / max(count, 1)
            nodes.append(Node(around, far_x * math.cos(angle), far_y * math.sin(angle), said, wide, high))
        boxes = [node.box.grown(7.0) for node in nodes]
        free = not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])
        if free and all(_clear_of(node.box, radius + 34.0) for node in nodes):
            break
        far_x, far_y = far_x * 1.06 + 2.0, far_y * 1.06 + 2.0
    boxes = [node.box for node in nodes]
    left = max([radius, *(-box.left for box in boxes)]) + 18.0
    top = max([radius, *(-box.top for box in boxes)]) + 18.0
    right = max([radius, *(box.right for box in boxes)]) + 18.0
    bottom = max([radius, *(box.bottom for box in boxes)]) + 18.0
    moved = [Node(n.around, n.x + left, n.y + top, n.lines, n.wide, n.high) for n in nodes]
    return moved, (left, top), left + right, top + bottom


def _balanced(label: str, most: float = 96.0) -> list[str]:
    """A label in lines of about the same width."""
    wide = width_of(label)
    if wide <= most:
        return [label]
    return wrapped(label, wide / math.ceil(wide / most) + 14.0)


def _clear_of(box: Box, radius: float) -> bool:
    x, y = min(max(0.0, box.left), box.right), min(max(0.0, box.top), box.bottom)
    return math.hypot(x, y) > radius


def _way(scene: EcoScene, node: Node, symbol: Symbol | None, number: int) -> tuple[Point, ...]:
    """From the household's rim, or from a member, to a node: straight, else between the others."""
    mid_x, mid_y = scene.middle
    if symbol is None or len(scene.symbols) == 1:
        # The whole household, or the only one in it: from the rim.
        angle = math.atan2(node.y - mid_y, node.x - mid_x)
        start = (mid_x + scene.radius * math.cos(angle), mid_y + scene.radius * math.sin(angle))
        if symbol is not None:
            start = _rim_of(symbol, (node.x, node.y)) if not _blocked(scene, symbol, node) else start
        return _shifted((start, _edge(node, start)), number)
    start = _rim_of(symbol, (node.x, node.y))
    straight = (start, _edge(node, start))
    best: tuple[float, tuple[Point, ...]] = (1000.0 * _hits(scene, straight, symbol, node), straight)
    for bend in _bends(scene) if best[0] else ():
        way = _curved(_rim_of(symbol, bend), bend, _edge(node, bend))
        long = sum(math.dist(a, b) for a, b in pairwise(way))
        if best[0] < 1000.0 and long >= best[0]:
            continue
        cost = 1000.0 * _hits(scene, way, symbol, node) + long
        if cost < best[0]:
            best = (cost, way)
    return _shifted(best[1], number)


def _curved(start: Point, bend: Point, end: Point) -> tuple[Point, ...]:
    """A way that bends towards a point."""
    found = []
    for step in range(11):
        t = step / 10
        u = 1 - t
        found.append(
            (
                u * u * start[0] + 2 * u * t * bend[0] + t * t * end[0],
                u * u * start[1] + 2 * u * t * bend[1] + t * t * end[1],
            )
        )
    return tuple(found)


def _bends(scene: EcoScene) -> list[Point]:
    mid_x, mid_y = scene.middle
    found: list[Point] = [scene.middle]
    count = max(2 * len(scene.symbols), 16)
    for far in (scene.radius * 0.6, scene.radius, scene.radius + 30.0):
        for number in range(count):
            angle = 2 * math.pi * (number + 0.5) / count - math.pi / 2
            found.append((mid_x + far * math.cos(angle), mid_y + far * math.sin(angle)))
    return found


def _hits(scene: EcoScene, way: Sequence[Point], symbol: Symbol, node: Node) -> int:
    count = 0
    for start, end in itertools.pairwise(way):
        for other in scene.symbols:
            if other is not symbol:
                count += enters(start, end, other.box.grown(3.0))
            if other.caption_box is not None:
                count += enters(start, end, other.caption_box)
        count += sum(enters(start, end, other.box.grown(3.0)) for other in scene.nodes if other is not node)
    return count


def _blocked(scene: EcoScene, symbol: Symbol, node: Node) -> bool:
    start = _rim_of(symbol, (node.x, node.y))
    return symbol.caption_box is not None and enters(start, _edge(node, start), symbol.caption_box)


def enters(start: Point, end: Point, box: Box) -> bool:
    """Whether a straight line passes through a rectangle."""
    (x, y), (end_x, end_y) = start, end
    low, high = 0.0, 1.0
    for at, to, least, most in ((x, end_x, box.left, box.right), (y, end_y, box.top, box.bottom)):
        way = to - at
        if abs(way) < 1e-9:
            if not least < at < most:
                return False
            continue
        first, last = sorted(((least - at) / way, (most - at) / way))
        low, high = max(low, first), min(high, last)
        if low >= high:
            return False
    return True


def _rim_of(symbol: Symbol, toward: Point) -> Point:
    x, y = toward[0] - symbol.x, toward[1] - symbol.y
    long = math.hypot(x, y) or 1.0
    far = symbol.size / 2 + 2.0
    if symbol.member.sex.value == "male":
        far = min(far * long / max(abs(x), abs(y), 0.001), symbol.size * 0.72)
    return symbol.x + x / long * far, symbol.y + y / long * far


def _edge(node: Node, origin: Point) -> Point:
    """Where a line from `origin` meets a node's rim (an ellipse for offices, else a rectangle)."""
    x, y = origin[0] - node.x, origin[1] - node.y
    if node.around.sort == "office":
        share = 1.0 / math.hypot(x / (node.wide / 2 + 1.0), y / (node.high / 2 + 1.0))
    else:
        share = min(
            (node.wide / 2 + 1.0) / abs(x) if abs(x) > 1e-6 else 1e9,
            (node.high / 2 + 1.0) / abs(y) if abs(y) > 1e-6 else 1e9,
        )
    return node.x + x * share, node.y + y * share


def _shifted(way: tuple[Point, ...], number: int) -> tuple[Point, ...]:
    """A second tie of the same two runs beside the first."""
    if not number:
        return way
    by = 9.0 * ((number + 1) // 2) * (1 if number % 2 else -1)
    return tuple(aside(way, by))


def draw(world: World, words: Words, *, notation: Notation = Notation.JAPAN, links: bool = True) -> str:
    """The ecomap as SVG, with its legend."""
    scene = lay_out(world)
    pen = Pen(notation)
    mid_x, mid_y = scene.middle
    body = [
        f'<circle cx="{_n(mid_x)}" cy="{_n(mid_y)}" r="{_n(scene.radius)}" fill="#f8f8fb" stroke="{INK}" stroke-width="1.6"/>'
    ]
    for way in scene.ways:
        body += thread_strokes(way.points, way.thread)
    body += [pen.member(symbol, links=links) for symbol in scene.symbols]
    body += [_node(node, pen, links=links) for node in scene.nodes]
    width = max(scene.width, 380.0)
    legend, height = _legend(world, pen, scene.height + 4.0, width, words.day)
    return svg(width, height, words, [*body, *legend], by=SCREEN if links else 1.0)


def thread_strokes(points: Sequence[Point], thread: Thread) -> list[str]:
    """A tie: thick, plain, broken or cut; jagged where it burdens; arrows for the way help goes."""
    strokes = []
    if thread.strength is Strength.STRONG:
        strokes.append(stroke(points, width=4.0))
    elif thread.strength is Strength.WEAK:
        strokes.append(stroke(points, width=1.6, dash="5 4"))
    elif thread.strength is Strength.BROKEN:
        strokes += _bars(points, INK)
    else:
        strokes.append(stroke(points, width=1.8))
    if thread.stress:
        strokes.append(stroke(zigzag(points, 6.0, 5.0), ink=STRESS, width=1.4))
    if thread.flow in (Flow.BOTH, Flow.FROM_FAMILY):
        strokes.append(arrow(points, INK, 10.0))
    if thread.flow in (Flow.BOTH, Flow.TO_FAMILY):
        strokes.append(arrow(tuple(reversed(points)), INK, 10.0))
    return strokes


def _node(node: Node, pen: Pen, *, links: bool) -> str:
    around = node.around
    if around.sort == "office":
        shape = (
            f'<ellipse cx="{_n(node.x)}" cy="{_n(node.y)}" rx="{_n(node.wide / 2)}" ry="{_n(node.high / 2)}" '
        )
    else:
        round_by = 4 if around.sort == "place" else 16
        shape = (
            f'<rect x="{_n(node.box.left)}" y="{_n(node.box.top)}" width="{_n(node.wide)}" height="{_n(node.high)}" '
            f'rx="{round_by}" '
        )
    inner = shape + f'fill="#ffffff" stroke="{INK}" stroke-width="1.4"/>'
    first = node.y - LINE * len(node.lines) / 2
    for number, line in enumerate(node.lines):
        inner += text(node.x, first + LINE * (number + 1) - 3.5, line)
    name = spoken(Member(around.key, around.label, caption=(around.label,))).replace(" 性別不明", "")
    if links and around.link:
        return (
            f'<a href="{escape(around.link, quote=True)}" aria-label="{escape(name, quote=True)}">{inner}</a>'
        )
    return f'<g role="img" aria-label="{escape(name, quote=True)}">{inner}</g>'


def _legend(world: World, pen: Pen, top: float, width: float, day: str) -> tuple[list[str], float]:
    signs: list[tuple[str, Thread]] = [
        (f"{kind.label}つながり" if kind is not Strength.BROKEN else kind.label, Thread("", strength=kind))
        for kind in Strength
    ]
    signs += [
        ("負担・緊張", Thread("", stress=True)),
        ("向き（力や助けが流れる先）", Thread("", flow=Flow.FROM_FAMILY)),
    ]
    drawn = [
        f'<line x1="14" y1="{_n(top)}" x2="{_n(width - 14)}" y2="{_n(top)}" stroke="#b3b3b3" stroke-width="1"/>'
    ]
    y, x = top + 22.0, 20.0
    drawn.append(text(20.0, y, "凡例" + (f"　{day}" if day else ""), size=11.0, anchor="start", fill=QUIET))
    y += 24.0
    for words, thread in signs:
        wide = 50.0 + width_of(words, 11.0) + 16.0
        if x + wide > width - 10 and x > 20.0:
            x, y = 20.0, y + 26.0
        drawn += thread_strokes(tuple((x + 8.0 * step, y) for step in range(6)), thread)
        drawn.append(text(x + 48.0, y + 4.0, words, size=11.0, anchor="start"))
        x += wide
    for words, sort in (("機関", "office"), ("人", "person"), ("場所・集まり", "place")):
        wide = 50.0 + width_of(words, 11.0) + 16.0
        if x + wide > width - 10 and x > 20.0:
            x, y = 20.0, y + 26.0
        if sort == "office":
            drawn.append(
                f'<ellipse cx="{_n(x + 18)}" cy="{_n(y)}" rx="17" ry="9" fill="#ffffff" stroke="{INK}" stroke-width="1.3"/>'
            )
        else:
            drawn.append(
                f'<rect x="{_n(x + 1)}" y="{_n(y - 9)}" width="34" height="18" rx="{2 if sort == "place" else 9}" '
                f'fill="#ffffff" stroke="{INK}" stroke-width="1.3"/>'
            )
        drawn.append(text(x + 46.0, y + 4.0, words, size=11.0, anchor="start"))
        x += wide
    return drawn, y + 24.0


def listed(world: World) -> list[tuple[str, tuple[str, ...]]]:
    """The ecomap as a list to be read."""
    names = {member.key: " ".join(member.caption) or member.name for member in world.members}
    around = {one.key: one.label for one in world.around}
    lines = []
    for thread in world.threads:
        if thread.around not in around:
            continue
        parts = [thread.strength.label]
        if thread.stress:
            parts.append("負担・緊張がある")
        if thread.flow is not Flow.NONE:
            parts.append(f"力や助けは{thread.flow.label}")
        if thread.words:
            parts.append(thread.words)
        lines.append(
            f"{names.get(thread.member, '') or world.label} と {around[thread.around]}：{'、'.join(parts)}"
        )
    return (
        [("まんなか", tuple(names.values())), ("まわりとのつながり", tuple(lines))]
        if lines
        else [("まんなか", tuple(names.values()))]
    )
