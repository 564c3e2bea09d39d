"""What contradicts itself is drawn as far as it can be and said; how everybody is called; what a paper may show."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tests.genogram.geometry import crossings, overlaps, struck
from tsunagi.genogram.rules import ecomap as eco
from tsunagi.genogram.rules.drawing import Words, draw
from tsunagi.genogram.rules.family import Family, Feeling, Home, Member, Parenthood, Twins, Union, plan
from tsunagi.genogram.rules.gallery import hard_families, thirty, world_of
from tsunagi.genogram.rules.kinds import Bond, Emotion, Form, Nature, Notation, Sex, TieKind, Twinship
from tsunagi.genogram.rules.kinship import band, listed, terms, veiled
from tsunagi.genogram.rules.place import lay_out, width_of, wrapped
from tsunagi.genogram.rules.ties import NewTie, check_tie, kept_day, read_day
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import parse


def people(*keys: str, **born: int) -> tuple[Member, ...]:
    return tuple(
        Member(
            key,
            f"人{key}",
            born=(born[key],) if key in born else (),
            index=key == keys[0],
            caption=(f"人{key}",),
        )
        for key in keys
    )


def kin(*links: tuple[str, str]) -> tuple[Parenthood, ...]:
    return tuple(Parenthood(parent, child) for parent, child in links)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (Family(people("a", "b", "c"), parents=kin(("a", "b"), ("b", "c"), ("c", "a"))), "自分の先祖になる記録"),
        (Family(people("a", "b"), parents=kin(("a", "b"), ("b", "a"))), "自分の先祖になる記録"),
        (Family(people("a"), parents=kin(("a", "a"))), "自分の親になる記録"),
        (Family(people("a", "b"), parents=kin(("a", "b")), unions=(Union("a", "b"),)), "世代が食い違う"),
        (Family(people("a"), unions=(Union("a", "a"),)), "自分と夫婦になる記録"),
        (Family(people("a", "b"), unions=(Union("a", "b"), Union("b", "a", Bond.DIVORCED))), "「婚姻」と「離婚」の記録"),
        (Family(people("a", "b", a=1990, b=1980), parents=kin(("a", "b"))), "親の人aさんより前"),
        (Family(people("a", "b"), parents=kin(("a", "b")), siblings=(("a", "b"),)), "「きょうだい」の記録が、親子の記録と合いません"),
        (
            Family(people("a", "b", "c", "d"), parents=kin(("b", "a"), ("c", "a"), ("d", "a"))),
            "親（実子）が3人書かれています",
        ),
        (Family(people("a", "b"), parents=kin(("b", "a")), grandparents=(("a", "b"),)), "祖父母の記録が、親子の記録と合いません"),
        (Family(people("a", "b"), twins=(Twins(("a", "b")),)), "親が、同じではありません"),
    ],
    ids=[
        "a circle of three", "parents of each other", "own parent", "parent and spouse", "own spouse", "married and divorced",
        "born before the parent", "parent and sibling", "three parents", "grandparent of one's parent", "twins of nobody",
    ],
)  # fmt: skip
def test_what_contradicts_is_said_and_everybody_is_drawn(family: Family, words: str) -> None:
    scene = lay_out(family)
    assert any(words in sentence for sentence in scene.findings), scene.findings
    drawn = {symbol.member.key for symbol in scene.symbols}
    assert {member.key for member in family.members} <= drawn
    assert not overlaps(scene)
    assert draw(scene, family, Words("図", "")).startswith("<svg")


def test_nothing_at_all_is_a_picture_too() -> None:
    scene = lay_out(Family())
    assert scene.symbols == []
    assert "</svg>" in draw(scene, Family(), Words("図", ""))


def test_a_grandparent_whose_child_is_not_written_hangs_over_somebody_without_a_record() -> None:
    family = Family(people("child", "gran"), grandparents=(("gran", "child"),))
    read = plan(family)
    assert [member.form for member in read.members].count(Form.MISSING) == 1
    assert read.levels[1] == read.levels[0] - 2
    assert read.findings == []


def test_an_uncle_who_married_his_niece_stands_on_her_row() -> None:
    family = Family(
        people("k", "g", "u", "p", "n"),
        (Union("u", "n"),),
        kin(("g", "u"), ("g", "p"), ("p", "n"), ("u", "k"), ("n", "k")),
    )
    scene = lay_out(family)
    at = {symbol.member.key: symbol for symbol in scene.symbols}
    assert at["u"].y == at["n"].y
    assert scene.findings == []
    assert not overlaps(scene)
    assert not struck(scene)
    assert not crossings(scene)


def test_children_after_a_divorce_hang_on_the_side_of_who_keeps_them() -> None:
    members = people("f", "m", "c", "d")
    links = (
        Parenthood("f", "c", custody=True), Parenthood("m", "c"), Parenthood("f", "d"), Parenthood("m", "d", custody=True),
    )  # fmt: skip
    scene = lay_out(Family(members, (Union("f", "m", Bond.DIVORCED),), links))
    at = {symbol.member.key: symbol.x for symbol in scene.symbols}
    middle = (at["f"] + at["m"]) / 2
    drops = [
        line.points[0][0]
        for line in scene.lines
        if line.kind == "child-birth" and line.ends and set(line.ends) == {0, 1}
    ]
    near_father, near_mother = sorted(drops, key=lambda x: abs(x - at["f"]))
    assert abs(near_father - at["f"]) < abs(near_father - at["m"])
    assert abs(near_mother - at["m"]) < abs(near_mother - at["f"])
    assert near_father != middle
    assert len(scene.marks) == 1


def _descendants(seed: int) -> Family:
    """A tree: one couple, their children, whom these married (of whom no parents are written), and so on."""
    turn = random.Random(seed)
    members: list[Member] = []
    unions: list[Union] = []
    links: list[Parenthood] = []

    def one(year: int) -> str:
        key = f"p{len(members)}"
        members.append(
            Member(
                key,
                "森 ハル",
                turn.choice(list(Sex)),
                (year,),
                2026 - year,
                index=not members,
                caption=("森 ハル",),
            )
        )
        return key

    def grow(key: str, year: int, left: int) -> None:
        for turn_of in range(turn.choice((0, 1, 1, 2, 3)) if left else 0):
            if len(members) > 28:
                return
            mate = one(year)
            unions.append(
                Union(key, mate, turn.choice((Bond.MARRIED, Bond.DIVORCED)), (year + 20 + turn_of,))
            )
            for number in range(turn.choice((0, 1, 2, 3))):
                child = one(year + 22 + 2 * number)
                links.extend((Parenthood(key, child), Parenthood(mate, child)))
                grow(child, year + 22 + 2 * number, left - 1)

    grow(one(1930), 1930, 3)
    return Family(tuple(members), tuple(unions), tuple(links))


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_a_tree_of_descendants_never_crosses(first: int) -> None:
    for seed in range(first, first + 20):
        scene = lay_out(_descendants(seed))
        assert not crossings(scene), seed
        assert not overlaps(scene), seed
        assert not struck(scene), seed


def test_how_everybody_is_called() -> None:
    called = terms(thirty())
    assert [called[key] for key in ("c6", "b3", "b4", "c5", "a1", "b1", "b2", "c1", "d3", "d7", "c6x", "c5w", "b1w", "c1w")] == [
        "本人", "父", "母", "兄", "祖父", "おじ", "おば", "いとこ", "甥", "娘", "元夫", "兄弟の妻", "おば（おじの妻）", "いとこの妻",
    ]  # fmt: skip
    raised = Family(
        people("c", "p", "q"),
        parents=(Parenthood("p", "c", Nature.ADOPTED), Parenthood("q", "c", Nature.FOSTER)),
    )
    assert terms(raised)["p"] == "養親"
    assert terms(raised)["q"] == "里親"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (None, ""),
        (0, "10歳未満"),
        (9, "10歳未満"),
        (10, "10代"),
        (89, "80代"),
        (90, "90代以上"),
        (104, "90代以上"),
    ],
)
def test_the_age_by_tens(age: int | None, words: str) -> None:
    assert band(age) == words


def test_on_a_paper_who_did_not_agree_is_relation_and_age_by_tens() -> None:
    for hard in hard_families():
        family = veiled(hard.family)
        drawn = draw(lay_out(family), family, Words("図", ""), links=False)
        for member in hard.family.members:
            if member.name:
                assert member.name not in drawn
        for word in ("流産", "妊娠", "養子", "里子", "対立", "密着", "のの家"):
            assert f">{word}" not in drawn
        assert family.feelings == ()
        text = "".join("".join(lines) for _heading, lines in listed(family))
        assert "養子" not in text
        assert "里" not in text
    open_ones = frozenset({"haru", "kenji"})
    family = veiled(hard_families()[0].family, open_ones)
    assert [row.kind for row in family.feelings] == [Emotion.FUSED.value]
    assert {member.name for member in family.members if member.name} == {"森田 ハル", "森田 健二"}


@pytest.mark.parametrize("notation", list(Notation))
def test_every_notation_draws_with_its_legend(notation: Notation) -> None:
    for hard in hard_families():
        drawn = draw(lay_out(hard.family), hard.family, Words(hard.title, hard.why), notation=notation)
        assert "凡例" in drawn
        assert notation.label in drawn
        assert "style=" not in drawn
        for word in ("男性", "女性", "本人", "死亡"):
            assert f">{word}</text>" in drawn


@pytest.mark.parametrize("hard", hard_families(), ids=lambda hard: hard.key)
def test_an_ecomap_has_no_overlap_and_no_line_through_anybody(hard: object) -> None:
    world = world_of(hard)  # type: ignore[arg-type]
    scene = eco.lay_out(world)
    boxes = [(node.around.key, node.box) for node in scene.nodes]
    for symbol in scene.symbols:
        boxes.append((symbol.member.key, symbol.box))
        if symbol.caption_box:
            boxes.append((f"{symbol.member.key} caption", symbol.caption_box))
    assert not [
        (a, b) for n, (a, one) in enumerate(boxes) for b, other in boxes[n + 1 :] if one.meets(other, 0.1)
    ]
    assert len(scene.ways) == len(world.threads)
    for way in scene.ways:
        own = {way.thread.around, way.thread.member}
        for start, end in pairwise(way.points):
            through = [key for key, box in boxes if key not in own and eco.enters(start, end, box)]
            assert not [key for key in through if not key.endswith("caption")], (way.thread, through)
    for node in scene.nodes:
        assert 0 < node.box.left < node.box.right < scene.width
        assert 0 < node.box.top < node.box.bottom < scene.height
    assert eco.draw(world, Words("図", "")) == eco.draw(world, Words("図", ""))


def test_a_caption_is_wrapped_and_never_shortened() -> None:
    name = "ジョアン シルバ サントス デ オリベイラ"
    assert "".join(wrapped(name)).replace(" ", "") == name.replace(" ", "")
    assert all(width_of(line) <= 96 for line in wrapped(name))
    long = "寿限無寿限無五劫の擦り切れ海砂利水魚の"
    assert "".join(wrapped(long)) == long
    old = "邉\U000e0101子"
    assert wrapped(old) == [old]
    assert width_of(old) == width_of("邉子")


@pytest.mark.parametrize(
    ("tie", "field"),
    [
        (NewTie(TieKind.EMOTION, 1, 1, manner="close"), "other"),
        (NewTie(TieKind.EMOTION, 1, manner="close"), "other"),
        (NewTie(TieKind.EMOTION, 1, 2, manner="loves"), "manner"),
        (NewTie(TieKind.PARENT, 1, 2, manner="unsure"), "manner"),
        (NewTie(TieKind.SUPPORT, 1, manner="strong"), "place"),
        (NewTie(TieKind.SUPPORT, 1, 2, 3, manner="strong"), "place"),
        (NewTie(TieKind.SUPPORT, 1, 2, manner="strong", flow="up"), "flow"),
    ],
)
def test_a_tie_may_not_be_written_without_its_ends(tie: NewTie, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_tie(tie)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("told", "kept"), [("R5.4.1", "2023-04-01"), ("2023-04", "2023-04"), ("平成5年", "1993")]
)
def test_a_day_told_in_part_is_kept_in_part(told: str, kept: str) -> None:
    assert kept_day(parse(told)) == kept
    assert "-".join(f"{part:02d}" for part in read_day(kept)) == kept


def test_the_list_says_what_the_picture_shows() -> None:
    family = Family(
        people("a", "b", "c"),
        (Union("a", "b", Bond.SEPARATED, words="2019から"),),
        (Parenthood("a", "c", Nature.FOSTER), Parenthood("b", "c", Nature.FOSTER, custody=True)),
        twins=(Twins(("b", "c"), Twinship.IDENTICAL),),
        feelings=(Feeling("a", "b", "cut_off"),),
        homes=(Home("h", "友岡の家", ("a", "c")),),
    )
    said = dict(listed(family, ("確かめてください。",)))
    assert said["夫婦・パートナー"] == ("本人 人a と 配偶者 人b：別居（2019から）",)
    assert "里子" in said["親子"][0]
    assert "育てている" in said["親子"][0]
    assert said["間柄"] == ("本人 人a と 配偶者 人b：断絶",)
    assert said["いっしょに住む人"][0].startswith("友岡の家：本人 人a、")
    assert said["確かめること"] == ("確かめてください。",)
