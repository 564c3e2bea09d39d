"""The layout, measured: ten hard families one by one, then any family at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.genogram.geometry import crossings, overlaps, struck
from tsunagi.genogram.rules.drawing import Words, draw
from tsunagi.genogram.rules.family import Family, Feeling, Home, Member, Parenthood, Twins, Union
from tsunagi.genogram.rules.feelings import curves
from tsunagi.genogram.rules.gallery import Hard, hard_families
from tsunagi.genogram.rules.kinds import Bond, Emotion, Form, Nature, Sex, Twinship
from tsunagi.genogram.rules.place import lay_out

HARD = hard_families()


@pytest.mark.parametrize("hard", HARD, ids=[hard.key for hard in HARD])
def test_a_hard_family_is_drawn_without_overlap_and_with_the_fewest_crossings(hard: Hard) -> None:
    scene = lay_out(hard.family)
    assert not overlaps(scene)
    assert not struck(scene)
    assert len(crossings(scene)) == hard.crossings
    assert scene.findings == []
    assert sorted(symbol.member.key for symbol in scene.symbols) == sorted(
        member.key for member in hard.family.members
    )
    assert all(curve.clear for curve in curves(scene, hard.family.feelings))


@pytest.mark.parametrize("hard", HARD, ids=[hard.key for hard in HARD])
def test_children_stand_in_birth_order_and_below_their_parents(hard: Hard) -> None:
    scene = lay_out(hard.family)
    at = {symbol.member.key: symbol for symbol in scene.symbols}
    for row in hard.family.parents:
        assert at[row.child].y > at[row.parent].y
    assert scene.plan is not None
    for sibship in scene.plan.sibships:
        own = [scene.symbols[child.who].x for child in sibship.children if child.primary]
        assert own == sorted(own)
    for union in hard.family.unions:
        assert at[union.a].y == at[union.b].y


KEYS = [f"p{n}" for n in range(16)]


@st.composite
def families(draw_from: st.DrawFn) -> Family:
    """Any family, sensible or not: circles, doubled unions, children older than their parents."""
    count = draw_from(st.integers(1, 16))
    keys = KEYS[:count]
    one = st.sampled_from(keys)
    two = st.tuples(one, one)
    members = tuple(
        Member(
            key,
            name := draw_from(
                st.sampled_from(("", "森 ハル", "ジョアン シルバ サントス デ オリベイラ", "𠮷野 邉子"))
            ),
            draw_from(st.sampled_from(list(Sex))),
            draw_from(st.sampled_from(((), (1950,), (1980, 4), (2010, 4, 2)))),
            draw_from(st.sampled_from((None, 8, 82))),
            dead=draw_from(st.booleans()),
            index=n == 0,
            form=draw_from(st.sampled_from((*([Form.PERSON] * 6), Form.PREGNANCY, Form.MISCARRIAGE))),
            caption=(name,) if name else (),
        )
        for n, key in enumerate(keys)
    )
    unions = tuple(
        Union(a, b, bond, since)
        for (a, b), bond, since in draw_from(
            st.lists(
                st.tuples(two, st.sampled_from(list(Bond)), st.sampled_from(((), (1990,), (2004,)))),
                max_size=10,
            )
        )
    )
    parents = tuple(
        Parenthood(a, b, nature, custody)
        for (a, b), nature, custody in draw_from(
            st.lists(st.tuples(two, st.sampled_from(list(Nature)), st.booleans()), max_size=18)
        )
    )
    return Family(
        members,
        unions,
        parents,
        tuple(draw_from(st.lists(two, max_size=3))),
        tuple(draw_from(st.lists(two, max_size=2))),
        tuple(Twins(pair, Twinship.IDENTICAL) for pair in draw_from(st.lists(two, max_size=2))),
        tuple(Feeling(a, b, Emotion.CONFLICT.value) for a, b in draw_from(st.lists(two, max_size=3))),
        tuple(Home(f"h{n}", f"家{n}", tuple(who)) for n, who in enumerate(draw_from(st.lists(st.lists(one, min_size=1, max_size=6), max_size=3)))),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(families())
def test_any_family_is_drawn_whole_without_overlap_the_same_every_time(family: Family) -> None:
    start = time.perf_counter()
    scene = lay_out(family)
    picture = draw(scene, family, Words("家族", "だれの家族でもない"))
    assert time.perf_counter() - start < 1.0
    assert not overlaps(scene)
    drawn = [symbol.member.key for symbol in scene.symbols if symbol.member.form is not Form.MISSING]
    assert sorted(drawn) == sorted(member.key for member in family.members)
    assert draw(lay_out(family), family, Words("家族", "だれの家族でもない")) == picture
    assert all(sentence.endswith("。") or "。" in sentence for sentence in scene.findings)
