"""A scene as SVG: the field's notation by presentation attributes alone, with legend, title and description."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as _escape

from .family import Family, Feeling, Home, Member
from .feelings import FELT, Curve, curves
from .kinds import Bond, Emotion, Form, Nature, Notation, Sex, Twinship
from .outline import Ring, rings, roofs
from .place import LINE, TEXT, Line, Mark, Point, Scene, Symbol, width_of

FONT = "IPAexGothic, 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif"
INK = "#1a1a1c"
PAPER = "#ffffff"
LINK = "#0017c1"
QUIET = "#626264"
# On a screen letters are read from farther than on paper.
SCREEN = 1.3
HOME_INKS = ("#0055ad", "#197a4b", "#8a4b00", "#6f23a8", "#006f83", "#a12a2a")
HOME_DASHES = ("7 4", "2 3", "12 4 2 4", "4 2", "10 3", "1 4")

BOND_DASH = {
    f"bond-{Bond.COHABITING.value}": "6 4",
    f"bond-{Bond.PARTED.value}": "6 4",
    f"bond-{Bond.PARENTS.value}": "1.5 4",
}
CHILD_DASH = {
    f"child-{Nature.FOSTER.value}": "2 3",
    f"child-{Nature.STEP.value}": "8 3 2 3",
    f"child-{Nature.UNSURE.value}": "1.5 4",
}


@dataclass(frozen=True)
class Words:
    """What stands round the picture: its title, its description, and the day it is of."""

    title: str
    description: str
    day: str = ""


def draw(
    scene: Scene, family: Family, words: Words, *, notation: Notation = Notation.JAPAN, links: bool = True
) -> str:
    """The whole picture. Without `links` it is for paper: no symbol leads anywhere."""
    around = rings(scene, family.homes)
    felt = curves(scene, family.feelings)
    pen = Pen(notation)
    covering = roofs(scene, family.homes)
    body = [pen.roof(ring) for ring in covering]
    body += [pen.ring(ring) for ring in around]
    body += [pen.line(_reaching(scene, line), line.kind) for line in scene.lines]
    body += [pen.mark(mark) for mark in scene.marks]
    body += [pen.feeling(curve) for curve in felt]
    body += [pen.member(symbol, links=links) for symbol in scene.symbols]
    body += [pen.ring_number(ring) for ring in around if not ring.inner]
    used = _used(scene, family.feelings, notation)
    width = max(scene.width, 360.0)
    legend, height = pen.legend(
        used, family.homes, scene, top=scene.height + 6.0, width=width, day=words.day, roofed=bool(covering)
    )
    return svg(width, height, words, [*body, *legend], by=SCREEN if links else 1.0)


def svg(width: float, height: float, words: Words, body: Iterable[str], *, by: float = 1.0) -> str:
    """The frame of a picture, `by` times as large as it is measured. Its group is named by its title; what is inside
    stays reachable by keyboard."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width * by)}" '
        f'height="{_n(height * by)}" role="group" aria-label="{escape(words.title, quote=True)}" font-family="{FONT}" '
        f'font-size="{_n(TEXT)}" fill="{INK}">'
        f"<title>{escape(words.title)}</title><desc>{escape(words.description)}</desc>"
        f'<rect x="0" y="0" width="{_n(width)}" height="{_n(height)}" fill="{PAPER}"/>'
        + "".join(body)
        + "</svg>"
    )


def escape(words: str, quote: bool = True) -> str:
    """Text that may stand in SVG: signs escaped, what XML cannot hold left out."""
    held = "".join(
        letter
        for letter in words
        if letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff"
    )
    return _escape(held, quote=quote)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = TEXT,
    anchor: str = "middle",
    fill: str = INK,
    halo: bool = False,
) -> str:
    """One line of text; `y` is its foot. With a `halo` it stays readable where a stroke passes behind it."""
    more = (
        f' stroke="{PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    )
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}" fill="{fill}"{more}>'
        f"{escape(words)}</text>"
    )


def stroke(
    points: Sequence[Point], *, ink: str = INK, width: float = 1.6, dash: str = "", closed: bool = False
) -> str:
    """A stroke without a filling."""
    name = "polygon" if closed else "polyline"
    more = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<{name} points="{_points(points)}" fill="none" stroke="{ink}" stroke-width="{_n(width)}" '
        f'stroke-linejoin="round"{more}/>'
    )


def star(x: float, y: float, radius: float) -> str:
    """★ drawn, so that no font is needed for it."""
    corners = []
    for corner in range(10):
        far = radius if corner % 2 == 0 else radius * 0.42
        angle = math.pi * (corner / 5 - 0.5)
        corners.append((x + far * math.cos(angle), y + far * math.sin(angle)))
    return f'<polygon points="{_points(corners)}" fill="#b78f00" stroke="{INK}" stroke-width="0.8"/>'


def spoken(member: Member) -> str:
    """What a symbol says to who cannot see it."""
    parts = [*(member.caption or (member.name,))]
    if member.age is not None and not member.dead:
        parts.append(f"{member.age}歳{'くらい' if member.about else ''}")
    if member.form is not Form.PERSON:
        parts.append(member.form.label)
    elif member.sex is Sex.UNKNOWN:
        parts.append(member.sex.label)
    if member.dead:
        parts.append("死亡")
    if member.index:
        parts.append("本人")
    if member.key_person:
        parts.append("キーパーソン")
    return " ".join(part for part in dict.fromkeys(parts) if part)


class Pen:
    """Draws the pieces in one notation."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def shape(
        self,
        sex: Sex,
        x: float,
        y: float,
        size: float,
        *,
        fill: str = PAPER,
        width: float = 1.8,
        dash: str = "",
    ) -> str:
        """The outline of a person."""
        half = size / 2
        look = f'fill="{fill}" stroke="{INK}" stroke-width="{_n(width)}"' + (
            f' stroke-dasharray="{dash}"' if dash else ""
        )
        if sex is Sex.MALE:
            return (
                f'<rect x="{_n(x - half)}" y="{_n(y - half)}" width="{_n(size)}" height="{_n(size)}" {look}/>'
            )
        if sex is Sex.FEMALE:
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" {look}/>'
        if sex is Sex.UNKNOWN and self.notation is not Notation.MCGOLDRICK:
            return f'<polygon points="{_points(_triangle(x, y, half))}" stroke-linejoin="round" {look}/>'
        corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
        return f'<polygon points="{_points(corners)}" stroke-linejoin="round" {look}/>'

    def member(self, symbol: Symbol, *, links: bool) -> str:
        """A symbol with its age, its marks and its caption."""
        member = symbol.member
        inner = self.figure(symbol)
        for row, words in enumerate(symbol.caption):
            inner += text(
                symbol.caption_x, symbol.caption_y + (row + 1) * LINE - 3.0, words, anchor=symbol.anchor,
                fill=LINK if links and member.link and row == 0 else INK, halo=True,
            )  # fmt: skip
        name = escape(spoken(member), quote=True)
        if links and member.link:
            return f'<a href="{escape(member.link, quote=True)}" aria-label="{name}">{inner}</a>'
        return f'<g role="img" aria-label="{name}">{inner}</g>' if name else f"<g>{inner}</g>"

    def figure(self, symbol: Symbol) -> str:
        """The symbol alone."""
        member, x, y, half = symbol.member, symbol.x, symbol.y, symbol.size / 2
        if member.form is Form.MISSING:
            return self.shape(Sex.OTHER, x, y, symbol.size, width=1.2, dash="2 3") + text(
                x, y + 4.5, "?", fill=QUIET
            )
        if member.form is not Form.PERSON:
            return self.unborn(member, x, y, half)
        filled = member.dead and self.notation is Notation.JAPAN_FILLED
        drawn = self.shape(
            member.sex, x, y, symbol.size, fill=INK if filled else PAPER, dash="" if member.known else "5 3"
        )
        if member.index:
            drawn += self._inner(member.sex, x, y, half, PAPER if filled else INK)
        drawn += self._age(member, x, y)
        if member.dead and not filled:
            drawn += self._cross(member.sex, x, y, half)
        if member.key_person:
            drawn += star(x + half, y - half, 8.0)
        return drawn

    def _age(self, member: Member, x: float, y: float) -> str:
        low = 9.0 if member.sex is Sex.UNKNOWN and self.notation is not Notation.MCGOLDRICK else 4.8
        if member.dead:
            return ""
        if member.age is not None:
            words = f"約{member.age}" if member.about else str(member.age)
            if member.index and low > 5.0:
                return text(x, y + 13.5, words, size=10.0)
            return text(x, y + low + (4.0 if low > 5.0 else 0.0), words, size=11.0 if member.about else 13.0)
        if member.sex is Sex.UNKNOWN and self.notation is Notation.MCGOLDRICK:
            return text(x, y + low, "?", size=14.0)
        return ""

    def _inner(self, sex: Sex, x: float, y: float, half: float, ink: str) -> str:
        """The second line of 本人."""
        drawn = self.shape(
            sex,
            x,
            y + (1.6 if sex is Sex.UNKNOWN else 0.0),
            2 * half - (13.0 if sex in (Sex.UNKNOWN, Sex.OTHER) else 8.0),
            width=1.4,
            fill="none",
        )
        return drawn.replace(f'stroke="{INK}"', f'stroke="{ink}"')

    def _cross(self, sex: Sex, x: float, y: float, half: float) -> str:
        reach = half if sex is Sex.MALE else half * 0.707 if sex is Sex.FEMALE else half * 0.5
        down = half * 0.28 if sex is Sex.UNKNOWN and self.notation is not Notation.MCGOLDRICK else 0.0
        return stroke(((x - reach, y - reach + down), (x + reach, y + reach + down)), width=1.4) + stroke(
            ((x + reach, y - reach + down), (x - reach, y + reach + down)), width=1.4
        )

    def unborn(self, member: Member, x: float, y: float, half: float) -> str:
        """A pregnancy, or how it went."""
        if member.form is Form.PREGNANCY:
            return f'<polygon points="{_points(_triangle(x, y, half))}" fill="{PAPER}" stroke="{INK}" stroke-width="1.6"/>'
        if member.form is Form.MISCARRIAGE:
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half * 0.5)}" fill="{INK}"/>' + stroke(
                ((x, y - half), (x, y))
            )
        if member.form is Form.ABORTION:
            far = half * 0.6
            return (
                stroke(((x, y - half), (x, y - far)))
                + stroke(((x - far, y - far), (x + far, y + far)), width=2.0)
                + stroke(((x + far, y - far), (x - far, y + far)), width=2.0)
            )
        sex = member.sex if member.sex in (Sex.MALE, Sex.FEMALE) else Sex.OTHER
        return self.shape(sex, x, y, 2 * half, width=1.6) + self._cross(sex, x, y, half)

    def line(self, points: Sequence[Point], kind: str) -> str:
        """A couple's stroke or one to a child; adoption is a full and a broken line side by side."""
        if kind == f"child-{Nature.ADOPTED.value}":
            return self._double(points)
        dash = BOND_DASH.get(kind) or CHILD_DASH.get(kind, "")
        return stroke(points, dash=dash, width=1.4 if kind.startswith(f"bond-{Bond.PARENTS.value}") else 1.6)

    def _double(self, points: Sequence[Point]) -> str:
        (x, y), (end_x, end_y) = points[0], points[-1]
        long = math.hypot(end_x - x, end_y - y) or 1.0
        aside_x, aside_y = -(end_y - y) / long * 3.2, (end_x - x) / long * 3.2
        return stroke(points) + stroke(
            ((x + aside_x, y + aside_y), (end_x + aside_x, end_y + aside_y)), width=1.2, dash="4 3"
        )

    def mark(self, mark: Mark) -> str:
        """One stroke for living apart, two for an end."""
        places = (0.0,) if mark.kind == Bond.SEPARATED.value else (-3.5, 3.5)
        return "".join(
            stroke(((mark.x + place - 4.0, mark.y + 9.0), (mark.x + place + 4.0, mark.y - 9.0)), width=1.8)
            for place in places
        )

    def ring(self, ring: Ring) -> str:
        """A household line."""
        number = (ring.number - 1) % len(HOME_INKS)
        return (
            f'<path d="{self._round(ring)}" fill="none" stroke="{HOME_INKS[number]}" stroke-width="1.8" '
            f'stroke-dasharray="{HOME_DASHES[number]}"/>'
        )

    def roof(self, ring: Ring) -> str:
        """The line round homes under one roof."""
        return f'<path d="{self._round(ring)}" fill="none" stroke="#d0d0d0" stroke-width="5"/>'

    def _round(self, ring: Ring) -> str:
        corners = list(ring.points)
        path = ""
        for place, (x, y) in enumerate(corners):
            before, after = corners[place - 1], corners[(place + 1) % len(corners)]
            start, end = _toward((x, y), before), _toward((x, y), after)
            path += f"{'L' if place else 'M'}{_n(start[0])} {_n(start[1])}Q{_n(x)} {_n(y)} {_n(end[0])} {_n(end[1])}"
        return f"{path}Z"

    def ring_number(self, ring: Ring) -> str:
        """The number of a home on its line."""
        x, y = ring.mark[0] + 4.0, ring.mark[1] + 4.0
        return self.disc(x, y, ring.number)

    def disc(self, x: float, y: float, number: int) -> str:
        """A number in a small disc."""
        ink = HOME_INKS[(number - 1) % len(HOME_INKS)]
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="7.5" fill="{ink}"/>' + text(
            x, y + 3.8, str(number), size=10.5, fill=PAPER
        )

    def feeling(self, curve: Curve) -> str:
        """An emotional line: every kind has its own pattern beside its colour."""
        return "".join(felt_strokes(curve.points, curve.kind))

    # -- legend ---------------------------------------------------------------------------------------------

    def legend(
        self,
        used: Sequence[tuple[str, str]],
        homes: Sequence[Home],
        scene: Scene,
        *,
        top: float,
        width: float,
        day: str,
        roofed: bool = False,
    ) -> tuple[list[str], float]:
        """What the signs mean: always there, in as many rows as the picture's width asks for."""
        drawn = [
            f'<line x1="14" y1="{_n(top)}" x2="{_n(width - 14)}" y2="{_n(top)}" stroke="#b3b3b3" stroke-width="1"/>'
        ]
        y, x = top + 22.0, 20.0
        title = "凡例" + (f"　{day}" if day else "") + f"　{self.notation.label}の記号"
        drawn.append(text(20.0, y, title, size=11.0, anchor="start", fill=QUIET))
        y += 24.0
        for kind, words in used:
            wide = 40.0 + width_of(words, 11.0) + 18.0
            if x + wide > width - 10 and x > 20.0:
                x, y = 20.0, y + 26.0
            drawn.append(self.sign(kind, x, y))
            drawn.append(text(x + 36.0, y + 4.0, words, size=11.0, anchor="start"))
            x += wide
        shown = [
            (number, home)
            for number, home in enumerate(homes, start=1)
            if any(key in scene.places for key in home.keys)
        ]
        for number, home in shown:
            words = f"{home.label}（いっしょに住む人・{sum(key in scene.places for key in home.keys)}人）"
            wide = 40.0 + width_of(words, 11.0) + 18.0
            if x + wide > width - 10 and x > 20.0:
                x, y = 20.0, y + 26.0
            ink, dash = HOME_INKS[(number - 1) % len(HOME_INKS)], HOME_DASHES[(number - 1) % len(HOME_DASHES)]
            drawn.append(
                f'<rect x="{_n(x + 1)}" y="{_n(y - 8)}" width="28" height="16" rx="4" fill="none" stroke="{ink}" '
                f'stroke-width="1.8" stroke-dasharray="{dash}"/>' + self.disc(x + 3.0, y - 8.0, number)
            )
            drawn.append(text(x + 36.0, y + 4.0, words, size=11.0, anchor="start"))
            x += wide
        if roofed:
            if x + 150.0 > width - 10:
                x, y = 20.0, y + 26.0
            drawn.append(
                f'<rect x="{_n(x + 1)}" y="{_n(y - 8)}" width="28" height="16" rx="4" fill="none" stroke="#d0d0d0" stroke-width="5"/>'
            )
            drawn.append(text(x + 36.0, y + 4.0, "一つ屋根の下", size=11.0, anchor="start"))
        return drawn, y + 24.0

    def sign(self, kind: str, x: float, y: float) -> str:
        """One sign of the legend in a field of 30 by 20."""
        middle = x + 15.0
        if kind in Sex.values():
            return self.shape(Sex(kind), middle, y, 18.0, width=1.4)
        if kind == "index":
            return self.shape(Sex.MALE, middle, y, 18.0, width=1.4) + self.shape(
                Sex.MALE, middle, y, 11.0, width=1.2
            )
        if kind == "dead":
            if self.notation is Notation.JAPAN_FILLED:
                return self.shape(Sex.MALE, middle, y, 18.0, width=1.4, fill=INK)
            return self.shape(Sex.MALE, middle, y, 18.0, width=1.4) + self._cross(Sex.MALE, middle, y, 9.0)
        if kind == "key":
            return star(middle, y, 9.0)
        if kind == "unseen":
            return self.shape(Sex.MALE, middle, y, 18.0, width=1.4, dash="4 2.5")
        if kind in Form.values():
            if kind == Form.MISSING:
                return self.shape(Sex.OTHER, middle, y, 18.0, width=1.2, dash="2 3") + text(
                    middle, y + 4.0, "?", size=10.0, fill=QUIET
                )
            return self.unborn(Member(kind, form=Form(kind)), middle, y, 9.0)
        if kind.startswith("bond-"):
            drawn = self.line(((x, y), (x + 30.0, y)), kind)
            bond = kind.removeprefix("bond-")
            marked = bond in (Bond.DIVORCED, Bond.SEPARATED, Bond.PARTED)
            return drawn + (self.mark(Mark(middle, y, bond)) if marked else "")
        if kind.startswith("child-"):
            return self.line(((middle, y - 10.0), (middle, y + 10.0)), kind)
        if kind in Twinship.values():
            drawn = stroke(((middle - 10.0, y + 10.0), (middle, y - 9.0), (middle + 10.0, y + 10.0)))
            return drawn + (
                stroke(((middle - 5.0, y + 1.5), (middle + 5.0, y + 1.5)))
                if kind == Twinship.IDENTICAL
                else ""
            )
        return "".join(felt_strokes(((x, y), (x + 10.0, y), (x + 20.0, y), (x + 30.0, y)), kind))


def _reaching(scene: Scene, line: Line) -> tuple[Point, ...]:
    """A couple's stroke goes on under a symbol whose sides lean inward; the symbol is drawn over it."""
    if not line.kind.startswith("bond-") or len(line.points) != 2:
        return line.points
    (x, y), (end, _) = line.points
    leans = [scene.symbols[one].member.sex is Sex.UNKNOWN for one in line.ends]
    inward = [
        scene.symbols[one].size / 2 if lean else 0.0 for one, lean in zip(line.ends, leans, strict=True)
    ]
    return ((x - inward[0], y), (end + inward[1], y))


def _triangle(x: float, y: float, half: float) -> tuple[Point, ...]:
    return ((x, y - half), (x + half, y + half), (x - half, y + half))


def _toward(corner: Point, other: Point, by: float = 7.0) -> Point:
    x, y = other[0] - corner[0], other[1] - corner[1]
    long = math.hypot(x, y) or 1.0
    share = min(by, long / 2) / long
    return corner[0] + x * share, corner[1] + y * share


def _used(scene: Scene, feelings: Iterable[Feeling], notation: Notation) -> list[tuple[str, str]]:
    """The signs of this picture, the plainest first; sexes, 本人 and death always."""
    members = [symbol.member for symbol in scene.symbols]
    people = [member for member in members if member.form is Form.PERSON]
    signs = [(Sex.MALE.value, Sex.MALE.label), (Sex.FEMALE.value, Sex.FEMALE.label)]
    signs += [
        (sex.value, sex.label)
        for sex in (Sex.OTHER, Sex.UNKNOWN)
        if any(one.sex is sex for one in people) or sex is Sex.UNKNOWN
    ]
    signs += [("index", "本人"), ("dead", "死亡")]
    signs += [("key", "キーパーソン")] if any(one.key_person for one in members) else []
    signs += [("unseen", "関係だけ")] if any(not one.known for one in people) else []
    signs += [
        (form.value, form.label)
        for form in Form
        if form is not Form.PERSON and any(one.form is form for one in members)
    ]
    kinds = {line.kind for line in scene.lines}
    signs += [(f"bond-{bond.value}", bond.label) for bond in Bond if f"bond-{bond.value}" in kinds]
    signs += [
        (f"child-{nature.value}", nature.label)
        for nature in Nature
        if nature is not Nature.BIRTH and f"child-{nature.value}" in kinds
    ]
    if scene.plan is not None:
        kept = {kind for _keys, kind in scene.plan.twins}
        signs += [(kind.value, kind.label) for kind in Twinship if kind in kept]
    felt = {feeling.kind for feeling in feelings}
    signs += [(kind.value, kind.label) for kind in Emotion if kind.value in felt]
    return signs


def felt_strokes(points: Sequence[Point], kind: str) -> list[str]:
    """The strokes of an emotional line along these points."""
    ink, pattern = FELT[kind]
    strokes: list[str] = []
    if "1" in pattern:
        strokes.append(stroke(points, ink=ink, width=1.5))
    if "2" in pattern:
        strokes += [stroke(aside(points, by), ink=ink, width=1.4) for by in (-2.2, 2.2)]
    if "3" in pattern:
        strokes += [stroke(aside(points, by), ink=ink, width=1.3) for by in (-3.6, 0.0, 3.6)]
    if "." in pattern:
        strokes.append(stroke(points, ink=ink, width=1.5, dash="1.5 4.5"))
    if "z" in pattern:
        strokes.append(stroke(zigzag(points), ink=ink, width=1.4))
    if "|" in pattern:
        strokes += _bars(points, ink)
    if ">" in pattern:
        strokes.append(arrow(points, ink))
    return strokes


def aside(points: Sequence[Point], by: float) -> list[Point]:
    """The same way, a little to the side."""
    moved = []
    for place, (x, y) in enumerate(points):
        before, after = points[max(place - 1, 0)], points[min(place + 1, len(points) - 1)]
        along_x, along_y = after[0] - before[0], after[1] - before[1]
        long = math.hypot(along_x, along_y) or 1.0
        moved.append((x - along_y / long * by, y + along_x / long * by))
    return moved


def spaced(points: Sequence[Point], step: float) -> list[Point]:
    """Points at even distances along a way."""
    found, rest = [points[0]], step
    for (x, y), (end_x, end_y) in itertools.pairwise(points):
        long = math.hypot(end_x - x, end_y - y)
        at = rest
        while at <= long and long > 0:
            found.append((x + (end_x - x) * at / long, y + (end_y - y) * at / long))
            at += step
        rest = at - long
    return found


def zigzag(points: Sequence[Point], step: float = 5.0, by: float = 4.0) -> list[Point]:
    """A jagged line along a way."""
    even = spaced(points, step)
    if len(even) < 3:
        return list(points)
    left, right = aside(even, by), aside(even, -by)
    return [
        even[0],
        *((left if place % 2 else right)[place] for place in range(1, len(even) - 1)),
        points[-1],
    ]


def _bars(points: Sequence[Point], ink: str) -> list[str]:
    """A way that is cut in its middle by two bars."""
    even = spaced(points, 3.0)
    middle = len(even) // 2
    first, last = even[: max(middle - 1, 1)], even[middle + 2 :] or even[-1:]
    strokes = [stroke(part, ink=ink, width=1.5) for part in (first, last) if len(part) > 1]
    for place in (max(middle - 2, 0), min(middle + 2, len(even) - 1)):
        left, right = aside(even, 6.0)[place], aside(even, -6.0)[place]
        strokes.append(stroke((left, right), ink=ink, width=1.8))
    return strokes


def arrow(points: Sequence[Point], ink: str, size: float = 8.0) -> str:
    """The head of an arrow at the end of a way."""
    x, y = points[-1]
    even = spaced(points, 2.0)
    back = even[max(len(even) - 6, 0)]
    long = math.hypot(x - back[0], y - back[1]) or 1.0
    along_x, along_y = (x - back[0]) / long, (y - back[1]) / long
    corners = (
        (x, y),
        (x - along_x * size - along_y * size * 0.5, y - along_y * size + along_x * size * 0.5),
        (x - along_x * size + along_y * size * 0.5, y - along_y * size - along_x * size * 0.5),
    )
    return f'<polygon points="{_points(corners)}" fill="{ink}"/>'
