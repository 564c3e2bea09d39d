"""The line round those who live together: round its members and the strokes that join them, never round anybody else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .family import Home
from .kinds import Form
from .place import Box, Line, Point, Scene

CELL = 6.0
WAY = 5.0


@dataclass(frozen=True)
class Ring:
    """One closed line of a home: its number in the legend, its corners, where the number stands."""

    number: int
    points: tuple[Point, ...]
    mark: Point
    inner: bool = False


def rings(scene: Scene, homes: Iterable[Home]) -> list[Ring]:
    """The household lines. A home whose members stand apart has several, all with its number."""
    found: list[Ring] = []
    for number, home in enumerate(homes, start=1):
        who = {scene.places[key] for key in home.keys if key in scene.places}
        if not who:
            continue
        for loop in outlines(_pieces(scene, who)):
            area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, [*loop[1:], loop[0]], strict=True))
            top = min(loop, key=lambda point: (point[1], point[0]))
            found.append(Ring(number, tuple(loop), top, inner=area < 0))
    return found


def roofs(scene: Scene, homes: Iterable[Home]) -> list[Ring]:
    """A wider line round the homes that stand under one roof."""
    under: dict[str, list[Home]] = {}
    for home in homes:
        if home.roof:
            under.setdefault(home.roof, []).append(home)
    found = []
    for together in under.values():
        who = {scene.places[key] for home in together for key in home.keys if key in scene.places}
        if len(together) > 1 and who:
            found += [Ring(0, tuple(loop), loop[0]) for loop in outlines(_pieces(scene, who, 4.5))]
    return found


def _cell(scene: Scene, place: int) -> Box:
    """A member with their caption."""
    symbol = scene.symbols[place]
    box, caption = symbol.box, symbol.caption_box
    if caption is None:
        return box
    return Box(
        min(box.left, caption.left), box.top, max(box.right, caption.right), max(box.bottom, caption.bottom)
    )


def _pieces(scene: Scene, who: set[int], more: float = 0.0) -> list[Box]:
    """Rectangles that cover the members and what joins them. Where nobody else stands the room between is filled."""
    cells = {place: _cell(scene, place) for place in range(len(scene.symbols))}
    strangers = [
        box.grown(3.0)
        for place, box in cells.items()
        if place not in who and scene.symbols[place].member.form in (Form.PERSON, Form.MISSING)
    ]
    boxes = [cells[place].grown(CELL + more) for place in who]

    def fill(box: Box) -> bool:
        if box.left >= box.right or box.top >= box.bottom or any(box.meets(other) for other in strangers):
            return False
        boxes.append(box.grown(more))
        return True

    net, plan = scene.net, scene.plan
    if net is None or plan is None:
        return boxes
    for row in net.rows:
        for one, other in itertools.pairwise(row):
            if one in who and other in who:
                left, right = cells[one].grown(CELL), cells[other].grown(CELL)
                low = min(left.bottom, right.bottom)
                fill(Box(scene.symbols[one].x, max(left.top, right.top), scene.symbols[other].x, low))
    by_net: dict[str, list[Line]] = {}
    for line in scene.lines:
        by_net.setdefault(line.net, []).append(line)
    for number, couple in enumerate(plan.couples):
        if couple.a in who and couple.b in who:
            for line in by_net.get(f"c{number}", []):
                if line.kind.startswith("bond-"):
                    boxes.extend(_strips(line.points))
    for comb in net.combs:
        key = f"c{comb.couple}" if comb.couple is not None else f"s{comb.sibship}"
        parents = (
            [comb.parent]
            if comb.couple is None
            else [plan.couples[comb.couple].a, plan.couples[comb.couple].b]
        )
        inside = [one for one in parents if one is not None and one in who]
        kids = [low for low in comb.bottoms if low in who]
        if not kids or len(inside) + len(kids) < 2:
            continue
        _join(scene, by_net.get(key, []), inside, kids, cells, boxes, fill)
    return boxes


def _join(
    scene: Scene, lines: Sequence[Line], parents: list[int], kids: list[int], cells: dict[int, Box], boxes: list[Box],
    fill: Callable[[Box], bool],
) -> None:  # fmt: skip
    """Join these parents and children: the whole room between them, or a narrow way along the strokes."""
    stems = [
        line
        for line in lines
        if line.ends and line.ends[0] in kids and line.points[-1][1] > line.points[0][1]
    ]
    stems = [
        line
        for line in stems
        if abs(line.points[-1][1] - (scene.symbols[line.ends[0]].y - scene.symbols[line.ends[0]].size / 2))
        < 0.6
    ]
    if not stems:
        return
    bar = stems[0].points[0][1]
    reach = [point[0] for line in stems for point in (line.points[0], line.points[-1])]
    foot = max(scene.symbols[kid].y for kid in kids)
    drop = next(
        (
            line for line in lines
            if line.points[-1][1] == bar and line.points[0][0] == line.points[-1][0] and line.points[0][1] < bar
        ),
        None,
    )  # fmt: skip
    if parents and drop is not None:
        x = drop.points[0][0]
        top = max(scene.symbols[one].y for one in parents)
        beside = [scene.symbols[one].x for one in parents]
        if not fill(Box(min(*beside, x, *reach) - WAY, top, max(*beside, x, *reach) + WAY, foot)):
            if not fill(Box(min(*beside, x) - WAY, top, max(*beside, x) + WAY, bar + WAY)):
                boxes.extend(_strips(drop.points))
                for bond in lines:
                    if bond.kind.startswith("bond-"):
                        boxes.extend(_half(bond, x, parents))
            reach.append(x)
    if not fill(Box(min(reach) - WAY, bar - WAY, max(reach) + WAY, foot)):
        boxes.append(Box(min(reach) - WAY, bar - WAY, max(reach) + WAY, bar + WAY))
        for stem in stems:
            boxes.extend(_strips(stem.points))


def _half(bond: Line, drop: float, parents: Sequence[int]) -> list[Box]:
    """The part of a couple's stroke between the children's line and those of the couple who live here."""
    left, right = bond.ends
    if left in parents and right in parents:
        return _strips(bond.points)
    if len(bond.points) == 2:
        (x, y), (end, _) = bond.points
        return _strips(((x, y), (drop, y))) if left in parents else _strips(((drop, y), (end, y)))
    (x, top), (_, y), (end, _), (_, other_top) = bond.points
    return (
        _strips(((x, top), (x, y), (drop, y)))
        if left in parents
        else _strips(((drop, y), (end, y), (end, other_top)))
    )


def _strips(points: Sequence[Point]) -> list[Box]:
    return [
        Box(min(x, end_x) - WAY, min(y, end_y) - WAY, max(x, end_x) + WAY, max(y, end_y) + WAY)
        for (x, y), (end_x, end_y) in itertools.pairwise(points)
    ]


def outlines(boxes: Sequence[Box]) -> list[list[Point]]:
    """The corners of the outlines of a union of rectangles, clockwise; holes counter-clockwise."""
    xs = sorted({box.left for box in boxes} | {box.right for box in boxes})
    ys = sorted({box.top for box in boxes} | {box.bottom for box in boxes})
    at_x = {x: n for n, x in enumerate(xs)}
    at_y = {y: n for n, y in enumerate(ys)}
    wide, tall = len(xs) - 1, len(ys) - 1
    full = [bytearray(wide) for _ in range(tall)]
    for box in boxes:
        left, right = at_x[box.left], at_x[box.right]
        for row in range(at_y[box.top], at_y[box.bottom]):
            full[row][left:right] = b"\x01" * (right - left)
    edges: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row in range(tall):
        for column in range(wide):
            if not full[row][column]:
                continue
            if row == 0 or not full[row - 1][column]:
                edges.setdefault((column, row), []).append((column + 1, row))
            if column == wide - 1 or not full[row][column + 1]:
                edges.setdefault((column + 1, row), []).append((column + 1, row + 1))
            if row == tall - 1 or not full[row + 1][column]:
                edges.setdefault((column + 1, row + 1), []).append((column, row + 1))
            if column == 0 or not full[row][column - 1]:
                edges.setdefault((column, row + 1), []).append((column, row))
    loops = []
    while edges:
        start = min(edges)
        here, loop, way = start, [], (0, 0)
        while True:
            nexts = edges[here]
            after = (
                nexts[0]
                if len(nexts) == 1
                else min(nexts, key=lambda to: _turn(way, (to[0] - here[0], to[1] - here[1])))
            )
            nexts.remove(after)
            if not nexts:
                del edges[here]
            step = (after[0] - here[0], after[1] - here[1])
            if step != way:
                loop.append((xs[here[0]], ys[here[1]]))
                way = step
            here = after
            if here == start:
                break
        if len(loop) > 2:
            first, last = loop[0], loop[-1]
            second = loop[1]
            if (last[0] == first[0] == second[0]) or (last[1] == first[1] == second[1]):
                loop.pop(0)
            loops.append(loop)
    return loops


def _turn(way: tuple[int, int], step: tuple[int, int]) -> int:
    """Keep to the inside where two corners touch: right turns first."""
    cross = way[0] * step[1] - way[1] * step[0]
    return -cross
