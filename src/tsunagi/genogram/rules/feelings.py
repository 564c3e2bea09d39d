"""Emotional lines: from one symbol to another, round everybody who stands between."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from .family import Feeling
from .kinds import Emotion
from .place import Box, Point, Scene, Symbol

# Colour and pattern of every kind: 1, 2, 3 lines, . dotted, z jagged, | cut, > arrow.
FELT: dict[str, tuple[str, str]] = {
    Emotion.CLOSE.value: ("#197a4b", "2"),
    Emotion.FUSED.value: ("#197a4b", "3"),
    Emotion.DISTANT.value: ("#626264", "."),
    Emotion.CONFLICT.value: ("#ce0000", "z"),
    Emotion.CLOSE_CONFLICT.value: ("#a8500f", "2z"),
    Emotion.CUT_OFF.value: ("#ce0000", "|"),
    Emotion.VIOLENCE.value: ("#ce0000", "z>"),
    Emotion.CONTROL.value: ("#6f23a8", "1>"),
}
BULGES = (
    0.0,
    *(
        sign * size
        for size in (14.0, 26.0, 36.0, 46.0, 58.0, 70.0, 85.0, 100.0, 120.0, 140.0, 165.0, 190.0, 250.0)
        for sign in (1, -1)
    ),
)
STEPS = 22


@dataclass(frozen=True)
class Curve:
    """An emotional line as points; `clear` is False when it could not keep clear of everybody."""

    points: tuple[Point, ...]
    kind: str
    ends: tuple[int, int]
    clear: bool = True


def curves(scene: Scene, feelings: Iterable[Feeling]) -> list[Curve]:
    """A way for every emotional line between two symbols of the scene."""
    found: list[Curve] = []
    for feeling in feelings:
        one, other = scene.places.get(feeling.a), scene.places.get(feeling.b)
        if one is None or other is None or one == other or feeling.kind not in FELT:
            continue
        found.append(_curve(scene, one, other, feeling.kind, found))
    return found


def _curve(scene: Scene, one: int, other: int, kind: str, before: list[Curve]) -> Curve:
    start, end = scene.symbols[one], scene.symbols[other]
    boxes = [(symbol.box.grown(4.0)) for n, symbol in enumerate(scene.symbols) if n not in (one, other)]
    captions = [symbol.caption_box for symbol in scene.symbols if symbol.caption_box is not None]
    own = [symbol.box.grown(-3.0) for symbol in (start, end)]
    taken = sum(1 for curve in before if set(curve.ends) == {one, other})
    best: tuple[float, tuple[Point, ...]] | None = None
    level = abs(start.y - end.y) < 1.0 or abs(start.x - end.x) < 1.0
    # Along a row the way over the heads comes first.
    turn = -1.0 if abs(start.y - end.y) < 1.0 and start.x < end.x else 1.0
    for place, bulge in enumerate(BULGES):
        if abs(bulge) < 20.0 and (level or taken):
            continue
        points = _bent(start, end, bulge * turn)
        inner = points[2:-2]
        hits = sum(1 for box in _near(points, boxes) if _through(points, box))
        hits += sum(1 for box in own if _through(inner, box))
        words = sum(1 for box in _near(points, captions) if _through(points, box))
        near = sum(1 for curve in before if _close(curve.points, points))
        outside = sum(
            1 for x, y in points if x < 4.0 or y < 4.0 or x > scene.width - 4.0 or y > scene.height - 2.0
        )
        cost = hits * 1000.0 + words * 120.0 + near * 30.0 + outside * 60.0 + place * 2.0
        if best is None or cost < best[0]:
            best = (cost, points)
        if cost < 24.0:
            break
    assert best is not None
    if best[0] >= 500.0:
        detour = _round(scene, one, other)
        hits = sum(1 for box in boxes if _through(detour, box))
        if hits * 1000.0 < best[0] - best[0] % 1000.0:
            best = (hits * 1000.0, detour)
    return Curve(best[1], kind, (one, other), best[0] < 1000.0)


def _bent(start: Symbol, end: Symbol, bulge: float) -> tuple[Point, ...]:
    """A curve between two symbols that bends aside by `bulge`, from rim to rim."""
    x, y, end_x, end_y = start.x, start.y, end.x, end.y
    long = math.hypot(end_x - x, end_y - y) or 1.0
    middle = (
        (x + end_x) / 2 - (end_y - y) / long * bulge * 2,
        (y + end_y) / 2 + (end_x - x) / long * bulge * 2,
    )
    first, last = _rim(start, middle), _rim(end, middle)
    points = []
    for step in range(STEPS + 1):
        t = step / STEPS
        u = 1 - t
        points.append(
            (
                u * u * first[0] + 2 * u * t * middle[0] + t * t * last[0],
                u * u * first[1] + 2 * u * t * middle[1] + t * t * last[1],
            )
        )
    return tuple(points)


def _rim(symbol: Symbol, toward: Point) -> Point:
    """Where a line from the middle of a symbol leaves it."""
    x, y = toward[0] - symbol.x, toward[1] - symbol.y
    long = math.hypot(x, y) or 1.0
    far = symbol.size / 2 + 2.0
    if symbol.member.sex.value == "male":
        far = (symbol.size / 2 + 2.0) / max(abs(x), abs(y), 0.001) * long
        far = min(far, symbol.size * 0.72)
    return symbol.x + x / long * far, symbol.y + y / long * far


def _through(points: tuple[Point, ...], box: Box) -> bool:
    return any(box.left < x < box.right and box.top < y < box.bottom for x, y in points)


def _near(points: tuple[Point, ...], boxes: list[Box]) -> list[Box]:
    """The boxes a way could pass at all."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return [
        box
        for box in boxes
        if box.left < right and left < box.right and box.top < bottom and top < box.bottom
    ]


def _close(one: tuple[Point, ...], other: tuple[Point, ...]) -> bool:
    """Whether two curves run on top of each other."""
    middle = other[len(other) // 2]
    return any(abs(x - middle[0]) + abs(y - middle[1]) < 12.0 for x, y in one[4:-4])


def _round(scene: Scene, one: int, other: int) -> tuple[Point, ...]:
    """The long way: over the head of each, along the rows, down the side of everything."""
    start, end = scene.symbols[one], scene.symbols[other]
    side = 8.0 if start.x + end.x < scene.width else scene.width - 8.0
    head, foot = start.y - start.size / 2 - 5.0, end.y - end.size / 2 - 5.0
    off = 8.0
    way: list[Point] = [
        (start.x + off, start.y - start.size / 2),
        (start.x + off, head),
        (side, head),
        (side, foot),
    ]
    way += [(end.x + off, foot), (end.x + off, end.y - end.size / 2)]
    points: list[Point] = []
    for (x, y), (to_x, to_y) in itertools.pairwise(way):
        steps = max(int((abs(to_x - x) + abs(to_y - y)) / 12.0), 1)
        points += [(x + (to_x - x) * n / steps, y + (to_y - y) * n / steps) for n in range(steps)]
    return (*points, way[-1])
