"""Ten hard families, invented: what the layout has to stand, and what it is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .ecomap import Around, Thread, World
from .family import Family, Feeling, Home, Member, Parenthood, Twins, Union
from .kinds import Bond, Emotion, Flow, Form, Nature, Sex, Strength, Twinship

YEAR = 2026
_SEX = {"m": Sex.MALE, "f": Sex.FEMALE, "o": Sex.OTHER, "?": Sex.UNKNOWN}
Born = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Hard:
    """One family of the gallery: its name, why it is hard, and the fewest crossings that can be argued for."""

    key: str
    title: str
    why: str
    family: Family
    crossings: int = 0


class Kin:
    """Writes a family down in few words: `kin.man("taro", "太郎", 1950)`."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.unions: list[Union] = []
        self.links: list[Parenthood] = []
        self.pairs: list[tuple[str, str]] = []
        self.twin_sets: list[Twins] = []
        self.feelings: list[Feeling] = []
        self.homes: list[Home] = []
        self.grand: list[tuple[str, str]] = []

    def one(self, key: str, name: str, sex: str, born: Born = None, **more: object) -> str:
        """Somebody: name, m/f/o/?, year (or year, month, day) of birth; dead, index, key_person, form."""
        when = () if born is None else (born,) if isinstance(born, int) else born
        dead = bool(more.get("dead"))
        words = [name] if name else []
        if dead and when:
            words.append("故人")
        age = YEAR - when[0] if when and not dead and more.get("form") is None else None
        self.members.append(Member(key, name, _SEX[sex], when, age, caption=tuple(words), **more))  # type: ignore[arg-type]
        return key

    def unborn(self, key: str, form: Form, words: str = "", year: int | None = None) -> str:
        """A pregnancy and how it goes or went."""
        born = (year,) if year else ()
        self.members.append(Member(key, "", Sex.UNKNOWN, born, form=form, caption=(words or form.label,)))
        return key

    def wed(
        self,
        a: str,
        b: str,
        *kids: str,
        bond: Bond = Bond.MARRIED,
        since: int | None = None,
        custody: str = "",
    ) -> None:
        """A couple and their children; `custody` is who the children live with after an end."""
        self.unions.append(Union(a, b, bond, (since,) if since else ()))
        for kid in kids:
            self.links.append(Parenthood(a, kid, custody=custody == a))
            self.links.append(Parenthood(b, kid, custody=custody == b))

    def parent(self, parent: str, *kids: str, nature: Nature = Nature.BIRTH) -> None:
        """One parent of children."""
        self.links += [Parenthood(parent, kid, nature) for kid in kids]

    def home(self, label: str, *keys: str, roof: str = "") -> None:
        """Who lives together."""
        self.homes.append(Home(f"h{len(self.homes)}", label, keys, roof))

    def feel(self, a: str, kind: Emotion, b: str) -> None:
        """An emotional line."""
        self.feelings.append(Feeling(a, b, kind.value))

    def twins(self, *keys: str, kind: Twinship = Twinship.FRATERNAL) -> None:
        """Children of one birth."""
        self.twin_sets.append(Twins(keys, kind))

    def family(self) -> Family:
        """All of it."""
        return Family(
            tuple(self.members), tuple(self.unions), tuple(self.links), tuple(self.pairs), tuple(self.grand),
            tuple(self.twin_sets), tuple(self.feelings), tuple(self.homes),
        )  # fmt: skip


def _eighty_fifty() -> Family:
    kin = Kin()
    kin.one("haru", "森田 ハル", "f", 1944, key_person=True)
    kin.one("sho", "森田 正一", "m", 1940, dead=True)
    kin.one("kenji", "森田 健二", "m", 1972, index=True)
    kin.one("yumi", "青木 由美", "f", 1969)
    kin.one("aoki", "青木 浩", "m", 1966)
    kin.one("first", "中村 達夫", "m", 1938)
    kin.one("ichi", "中村 一郎", "m", 1965)
    kin.one("second", "森田 とし", "f", 1948, dead=True)
    kin.one("nao", "森田 直子", "f", 1978)
    kin.wed("first", "haru", "ichi", bond=Bond.DIVORCED, since=1963, custody="first")
    kin.wed("sho", "second", "nao", since=1976, bond=Bond.DIVORCED, custody="second")
    kin.wed("sho", "haru", "yumi", "kenji", since=1968)
    kin.wed("aoki", "yumi")
    kin.home("友岡の家", "haru", "kenji")
    kin.feel("haru", Emotion.FUSED, "kenji")
    kin.feel("yumi", Emotion.CUT_OFF, "kenji")
    return kin.family()


def _step_siblings() -> Family:
    kin = Kin()
    kin.one("f", "田口 誠", "m", 1980)
    kin.one("m", "田口 彩", "f", 1984, index=True)
    kin.one("fx", "小野 里美", "f", 1981)
    kin.one("mx", "原 大輔", "m", 1979)
    kin.one("a", "田口 陸", "m", 2009)
    kin.one("b", "小野 葵", "f", 2011)
    kin.one("c", "原 蓮", "m", 2008)
    kin.one("d", "田口 結衣", "f", 2012)
    kin.one("e", "田口 湊", "m", 2020)
    kin.unborn("p", Form.PREGNANCY, "妊娠7か月")
    kin.wed("fx", "f", "a", bond=Bond.DIVORCED, since=2007, custody="f")
    kin.links += [Parenthood("fx", "b", custody=True), Parenthood("f", "b")]
    kin.wed("mx", "m", "c", bond=Bond.DIVORCED, since=2006, custody="mx")
    kin.links += [Parenthood("mx", "d"), Parenthood("m", "d", custody=True)]
    kin.wed("f", "m", "e", "p", since=2018)
    kin.home("田口さんの家", "f", "m", "a", "d", "e")
    kin.feel("f", Emotion.CONFLICT, "d")
    kin.feel("m", Emotion.CLOSE, "d")
    return kin.family()


def _one_roof() -> Family:
    kin = Kin()
    kin.one("gf", "西村 清", "m", 1939)
    kin.one("gm", "西村 フミ", "f", 1942, key_person=True)
    kin.one("s1", "西村 剛", "m", 1964)
    kin.one("w1", "西村 恵子", "f", 1966)
    kin.one("d1", "西村 京子", "f", 1967)
    kin.one("s2", "西村 学", "m", 1971, index=True)
    kin.one("w2", "リー メイ", "f", 1983)
    kin.one("k1", "西村 翔", "m", 1992)
    kin.one("k2", "西村 愛", "f", 1995)
    kin.one("k3", "西村 空", "m", 2013)
    kin.one("k4", "西村 海", "f", 2016)
    kin.one("w3", "西村 さくら", "f", 1994)
    kin.one("k5", "西村 芽", "f", 2024)
    kin.wed("gf", "gm", "s1", "d1", "s2")
    kin.wed("s1", "w1", "k1", "k2")
    kin.wed("s2", "w2", "k3", "k4", bond=Bond.COHABITING)
    kin.wed("k1", "w3", "k5")
    kin.home("母屋", "gf", "gm", "d1", roof="西")
    kin.home("2階", "s1", "w1", "k2", roof="西")
    kin.home("離れ", "s2", "w2", "k3", "k4", roof="西")
    kin.feel("s1", Emotion.CONFLICT, "s2")
    return kin.family()


def _twelve() -> Family:
    kin = Kin()
    kin.one("gf", "岡 茂", "m", 1935, dead=True)
    kin.one("gm", "岡 ヨネ", "f", 1938)
    kin.one("f", "岡 隆", "m", 1962)
    kin.one("m", "岡 和子", "f", 1964)
    names = ("大地", "美咲", "健太", "楓", "颯", "凛", "樹", "花")
    keys = [
        kin.one(f"c{n}", f"岡 {name}", "mf"[n % 2], 1986 + 3 * n, index=n == 4)
        for n, name in enumerate(names)
    ]
    kin.wed("gf", "gm", "f")
    kin.wed("f", "m", *keys)
    kin.home("岡さんの家", "gm", "f", "m", *keys)
    kin.feel("c4", Emotion.FUSED, "m")
    kin.feel("c4", Emotion.VIOLENCE, "c5")
    return kin.family()


def _four_generations() -> Family:
    kin = Kin()
    kin.one("a1", "谷 源三", "m", 1920, dead=True)
    kin.one("a2", "谷 トメ", "f", 1925, dead=True)
    kin.one("b0", "谷 光", "f", 1946)
    kin.one("b1", "谷 進", "m", 1949, dead=True)
    kin.one("b2", "谷 節子", "f", 1951)
    kin.one("b3", "谷 弘", "m", 1954)
    kin.one("y1", "水野 勇", "m", 1922, dead=True)
    kin.one("y2", "水野 すゑ", "f", 1928, dead=True)
    kin.one("b4", "水野 勝", "m", 1956)
    kin.one("c1", "谷 洋介", "m", 1975, index=True)
    kin.one("c2", "谷 真理", "f", 1977)
    kin.one("c3", "谷 智", "m", 1979)
    kin.one("d1", "谷 蒼", "m", 2006)
    kin.one("d2", "谷 ひな", "f", 2009, key_person=True)
    kin.wed("a1", "a2", "b0", "b1", "b3")
    kin.wed("y1", "y2", "b2", "b4")
    kin.wed("b1", "b2", "c1", "c3")
    kin.wed("c1", "c2", "d1", "d2", bond=Bond.SEPARATED, custody="c1")
    kin.home("谷さんの家", "b2", "c1", "d1", "d2")
    kin.feel("d2", Emotion.CLOSE, "b2")
    return kin.family()


def _children() -> Family:
    kin = Kin()
    kin.one("f", "北 拓也", "m", 1978)
    kin.one("m", "北 美穂", "f", 1980, index=True)
    kin.one("t1", "北 光", "m", (2008, 4, 2))
    kin.one("t2", "北 輝", "m", (2008, 4, 2))
    kin.one("u1", "北 凪", "f", (2011, 7, 9))
    kin.one("u2", "北 澪", "m", (2011, 7, 9))
    kin.one("ad", "北 結", "f", 2015)
    kin.one("fo", "佐々木 晴", "m", 2019)
    kin.one("bm", "佐々木 梓", "f", 1998)
    kin.unborn("mi", Form.MISCARRIAGE, "流産 2013", 2013)
    kin.unborn("st", Form.STILLBIRTH, "死産 2017", 2017)
    kin.unborn("pr", Form.PREGNANCY, "妊娠5か月")
    kin.wed("f", "m", "t1", "t2", "u1", "u2", "mi", "st", "pr")
    for parent in ("f", "m"):
        kin.links.append(Parenthood(parent, "ad", Nature.ADOPTED))
        kin.links.append(Parenthood(parent, "fo", Nature.FOSTER))
    kin.parent("bm", "fo")
    kin.twins("t1", "t2", kind=Twinship.IDENTICAL)
    kin.twins("u1", "u2")
    kin.home("北さんの家", "f", "m", "t1", "t2", "u1", "u2", "ad", "fo")
    return kin.family()


def _three_unions() -> Family:
    kin = Kin()
    kin.one("p", "川島 竜", "m", 1970, index=True)
    kin.one("w1", "相馬 久美", "f", 1971)
    kin.one("w2", "戸田 ゆかり", "f", 1975)
    kin.one("w3", "グエン ティ ラン", "f", 1985)
    for number, (key, name, sex, born) in enumerate(
        (
            ("a1", "相馬 匠", "m", 1995),
            ("a2", "相馬 萌", "f", 1998),
            ("b1", "戸田 光", "m", 2004),
            ("c1", "川島 リン", "f", 2015),
            ("c2", "川島 トム", "m", 2018),
        )
    ):
        del number
        kin.one(key, name, sex, born)
    kin.one("pm", "川島 タエ", "f", 1945)
    kin.wed("p", "w1", "a1", "a2", bond=Bond.DIVORCED, since=1994, custody="w1")
    kin.wed("p", "w2", "b1", bond=Bond.PARTED, since=2003, custody="w2")
    kin.wed("p", "w3", "c1", "c2", since=2014)
    kin.parent("pm", "p")
    kin.home("川島さんの家", "p", "w3", "c1", "c2")
    kin.feel("p", Emotion.CONTROL, "w3")
    kin.feel("pm", Emotion.DISTANT, "p")
    return kin.family()


def _cousins() -> Family:
    kin = Kin()
    kin.one("g1", "浜 徳蔵", "m", 1930, dead=True)
    kin.one("g2", "浜 キク", "f", 1933)
    kin.one("a", "浜 功", "m", 1955)
    kin.one("aw", "浜 芳江", "f", 1957)
    kin.one("b", "浜 照子", "f", 1959)
    kin.one("bh", "沖 実", "m", 1956)
    kin.one("a1", "浜 勉", "m", 1982)
    kin.one("a2", "浜 学", "m", 1985)
    kin.one("b1", "沖 薫", "f", 1986)
    kin.one("b2", "沖 忍", "?", 1990)
    kin.one("k", "浜 渚", "f", 2014, index=True)
    kin.wed("g1", "g2", "a", "b")
    kin.wed("a", "aw", "a1", "a2")
    kin.wed("bh", "b", "b1", "b2")
    kin.wed("a2", "b1", "k")
    kin.home("浜さんの家", "a2", "b1", "k")
    kin.home("本家", "g2", "a", "aw", "a1")
    kin.feel("a", Emotion.CUT_OFF, "b")
    return kin.family()


def _unknown() -> Family:
    kin = Kin()
    kin.one("i", "ゆう", "?", 2005, index=True)
    kin.one("m", "", "f", None)
    kin.members[-1] = Member("m", "", Sex.FEMALE, known=False, caption=("母",))
    kin.one("x", "ジョアン シルバ サントス デ オリベイラ", "o", 2003)
    kin.one("s1", "そら", "?", 2008)
    kin.one("s2", "るい", "?", None)
    kin.one("gm", "𠮷野 邉子", "f", 1941)
    kin.one("gp", "", "m", None)
    kin.members[-1] = Member("gp", "", Sex.MALE, known=False, caption=("祖父",))
    kin.one("au", "𠮷野 環", "o", 1972)
    kin.one("co", "𠮷野 律", "?", 2001)
    kin.parent("m", "i", "s1")
    kin.pairs.append(("i", "s2"))
    kin.wed("i", "x", bond=Bond.COHABITING)
    kin.wed("gp", "gm", "m", "au")
    kin.parent("au", "co")
    kin.grand.append(("gm", "i"))
    kin.home("アパート", "i", "x", "s1")
    kin.feel("i", Emotion.CLOSE_CONFLICT, "m")
    kin.feel("i", Emotion.CLOSE, "co")
    return kin.family()


def thirty() -> Family:
    """Thirty persons in four generations: what the clock is set to."""
    kin = Kin()
    for key, name, sex, born in (
        ("a1", "原田 幸吉", "m", 1928), ("a2", "原田 ミツ", "f", 1931), ("a3", "宮本 栄", "m", 1930),
        ("a4", "宮本 ハナ", "f", 1934),
    ):  # fmt: skip
        kin.one(key, name, sex, born, dead=key != "a4")
    for key, name, sex, born in (
        ("b1", "原田 武", "m", 1951), ("b1w", "原田 静江", "f", 1953), ("b2", "木下 良子", "f", 1954),
        ("b2h", "木下 進一", "m", 1950), ("b3", "原田 稔", "m", 1957), ("b4", "原田 文子", "f", 1958),
        ("b5", "宮本 孝", "m", 1961), ("b5w", "宮本 典子", "f", 1962),
    ):  # fmt: skip
        kin.one(key, name, sex, born)
    for key, name, sex, born in (
        ("c1", "原田 修", "m", 1976), ("c2", "原田 香", "f", 1979), ("c3", "木下 豊", "m", 1978),
        ("c4", "木下 歩", "f", 1981), ("c5", "原田 大介", "m", 1984), ("c5w", "原田 友美", "f", 1985),
        ("c6", "原田 千尋", "f", 1987), ("c6x", "平井 亮", "m", 1983), ("c7", "宮本 修平", "m", 1988),
        ("c8", "宮本 みなみ", "f", 1991), ("c1w", "原田 梨沙", "f", 1978),
    ):  # fmt: skip
        kin.one(key, name, sex, born, index=key == "c6")
    for key, name, sex, born in (
        ("d1", "原田 悠", "m", 2005), ("d2", "原田 杏", "f", 2008), ("d3", "原田 朔", "m", 2012),
        ("d4", "原田 詩", "f", 2015), ("d5", "平井 迅", "m", 2010), ("d6", "平井 奏", "f", 2013),
        ("d7", "原田 つむぎ", "f", 2022),
    ):  # fmt: skip
        kin.one(key, name, sex, born)
    kin.wed("a1", "a2", "b1", "b2", "b3")
    kin.wed("a3", "a4", "b4", "b5")
    kin.wed("b1", "b1w", "c1", "c2")
    kin.wed("b2h", "b2", "c3", "c4")
    kin.wed("b3", "b4", "c5", "c6")
    kin.wed("b5", "b5w", "c7", "c8")
    kin.wed("c1", "c1w", "d1", "d2")
    kin.wed("c5", "c5w", "d3", "d4")
    kin.wed("c6x", "c6", "d5", "d6", bond=Bond.DIVORCED, custody="c6", since=2009)
    kin.parent("c6", "d7")
    kin.home("原田さんの家", "b3", "b4", "c6", "d5", "d6", "d7")
    kin.home("長男の家", "c5", "c5w", "d3", "d4")
    kin.feel("b3", Emotion.CONFLICT, "c6")
    kin.feel("b4", Emotion.CLOSE, "d7")
    return kin.family()


def hard_families() -> Sequence[Hard]:
    """The ten, the plainest first."""
    return (
        Hard(
            "8050",
            "8050と再婚の両親",
            "母も父も二度目の結婚。別々に育った異父・異母きょうだいがいる。",
            _eighty_fifty(),
        ),
        Hard(
            "step",
            "子連れの再婚",
            "父の子、母の子、ふたりの子。離れて暮らす子がどちらの側にもいる。",
            _step_siblings(),
        ),
        Hard(
            "roof", "一つ屋根に三世帯", "母屋・2階・離れ。14人のうち3世帯が一つ屋根の下に住む。", _one_roof()
        ),
        Hard("twelve", "12人の家族", "きょうだい8人。", _twelve()),
        Hard("four", "四世代", "両親のどちらにも、きょうだいと親が描かれる。", _four_generations()),
        Hard(
            "children",
            "双子・養子・里子・妊娠",
            "一卵性と二卵性の双子、養子、実母のいる里子、流産、死産、妊娠。",
            _children(),
            crossings=1,
        ),
        Hard("three", "三度の結婚", "それぞれに子どもがいる。", _three_unions()),
        Hard("cousins", "いとこどうしの結婚", "線が輪になる。", _cousins()),
        Hard(
            "unknown",
            "性別や名前が分からない",
            "見られない人、長い名前、親の分からないきょうだい。",
            _unknown(),
        ),
        Hard("thirty", "30人の家族", "四世代30人。", thirty()),
    )


AROUND = (
    ("福祉なんでも相談室", "office", Strength.STRONG, False, Flow.TO_FAMILY),
    ("地域包括支援センター", "office", Strength.NORMAL, False, Flow.BOTH),
    ("ひがし病院 精神科", "office", Strength.WEAK, True, Flow.NONE),
    ("担当地区の民生委員", "person", Strength.NORMAL, False, Flow.TO_FAMILY),
    ("中学校", "office", Strength.NORMAL, True, Flow.NONE),
    ("釣り仲間", "place", Strength.STRONG, False, Flow.BOTH),
    ("前の勤め先", "place", Strength.BROKEN, False, Flow.NONE),
    ("隣の田中さん", "person", Strength.NORMAL, True, Flow.FROM_FAMILY),
    ("ハローワーク", "office", Strength.WEAK, False, Flow.NONE),
    ("こども食堂「ぽっかぽか」", "place", Strength.NORMAL, False, Flow.TO_FAMILY),
    ("大家さん", "person", Strength.WEAK, True, Flow.NONE),
    ("生活困窮者自立相談支援窓口", "office", Strength.NORMAL, False, Flow.TO_FAMILY),
)


def world_of(hard: Hard) -> World:
    """An ecomap of the family's first home: the more members, the more stands round it."""
    keys = hard.family.homes[0].keys
    members = tuple(
        member for member in hard.family.members if member.key in keys and member.form is Form.PERSON
    )
    some = AROUND[: min(5 + len(members), len(AROUND))]
    around = tuple(Around(f"a{n}", label, sort) for n, (label, sort, *_) in enumerate(some))
    threads = [
        Thread(f"a{n}", "" if n % 4 == 0 else members[n % len(members)].key, strength, stress, flow)
        for n, (_label, _sort, strength, stress, flow) in enumerate(some)
    ]
    if len(members) > 2:
        threads.append(Thread("a1", members[0].key, Strength.WEAK))
    return World(members, around, tuple(threads), hard.family.homes[0].label)
