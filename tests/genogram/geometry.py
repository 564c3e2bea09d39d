"""What is counted in a picture: overlaps, lines through symbols and captions, crossings. By geometry, not by a snapshot."""

from __future__ import annotations

from itertools import combinations

from tsunagi.genogram.rules.place import Box, Line, Point, Scene

EPS = 0.6
Segment = tuple[Point, Point]


def overlaps(scene: Scene) -> list[str]:
    """Symbols and captions that overlap another symbol or caption."""
    boxes: list[tuple[str, Box]] = []
    for symbol in scene.symbols:
        boxes.append((f"{symbol.member.key} symbol", symbol.box))
        if symbol.caption_box is not None:
            boxes.append((f"{symbol.member.key} caption", symbol.caption_box))
    return [f"{a} meets {b}" for (a, one), (b, other) in combinations(boxes, 2) if one.meets(other, 0.1)]


def segments(line: Line) -> list[Segment]:
    return list(zip(line.points, line.points[1:], strict=False))


def struck(scene: Scene) -> list[str]:
    """Structural lines that pass through a symbol or a caption."""
    found = []
    for line in scene.lines:
        for segment in segments(line):
            for symbol in scene.symbols:
                if _enters(segment, symbol.box.grown(-1.5)):
                    found.append(f"{line.kind} {line.net} through {symbol.member.key}")
                if symbol.caption_box is not None and _enters(segment, symbol.caption_box):
                    found.append(f"{line.kind} {line.net} through the caption of {symbol.member.key}")
    return found


def _enters(segment: Segment, box: Box) -> bool:
    (x, y), (end_x, end_y) = segment
    for step in range(41):
        t = step / 40
        if box.left < x + (end_x - x) * t < box.right and box.top < y + (end_y - y) * t < box.bottom:
            return True
    return False


def crossings(scene: Scene) -> list[str]:
    """Where lines of different nets meet: a net is a couple (or one parent) with all their children."""
    parts = [(line.net, segment) for line in scene.lines for segment in segments(line)]
    found = []
    for (net, one), (other_net, other) in combinations(parts, 2):
        if net != other_net and _cross(one, other):
            found.append(f"{net} × {other_net}")
    return found


def _cross(one: Segment, other: Segment) -> bool:
    """Whether two segments cross, or run on top of each other. Meeting at a symbol's rim is not crossing."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    d = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(d) < 1e-6:
        return _on_top(one, other)
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / d
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / d
    length = max(abs(bx - ax) + abs(by - ay), 1e-6)
    other_length = max(abs(dx - cx) + abs(dy - cy), 1e-6)
    return -EPS / length < t < 1 + EPS / length and -EPS / other_length < u < 1 + EPS / other_length


def _on_top(one: Segment, other: Segment) -> bool:
    for axis in (0, 1):
        level = 1 - axis
        values = {round(point[level], 1) for point in (*one, *other)}
        if len(values) == 1:
            low, high = sorted((one[0][axis], one[1][axis]))
            low_other, high_other = sorted((other[0][axis], other[1][axis]))
            return min(high, high_other) - max(low, low_other) > EPS
    return False
