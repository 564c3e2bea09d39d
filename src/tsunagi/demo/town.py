"""The people of the city: households as they are met at desks, with names of their years, none of them real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from faker import Faker

from tsunagi.people.actions import register_many, start_many_households
from tsunagi.people.models import Relation, SafeContact
from tsunagi.people.rules import NewHousehold, NewPerson
from tsunagi.places.models import Town

from .cast import Cast
from .days import Days

# Given names by the years in which they were given: (until year of birth, women, men), each with its reading.
GIVEN = (
    (1945, "和子 カズコ,幸子 サチコ,千代子 チヨコ,キヨ キヨ,節子 セツコ,文子 フミコ,ハル ハル,静江 シズエ,照子 テルコ,芳枝 ヨシエ",
     "正一 ショウイチ,勇 イサム,清 キヨシ,茂 シゲル,昭三 ショウゾウ,義雄 ヨシオ,武 タケシ,辰夫 タツオ,弘 ヒロシ,光男 ミツオ"),
    (1965, "恵子 ケイコ,京子 キョウコ,洋子 ヨウコ,悦子 エツコ,由美子 ユミコ,明美 アケミ,美智子 ミチコ,久美子 クミコ,真由美 マユミ,裕子 ユウコ",
     "誠 マコト,隆 タカシ,修 オサム,浩 ヒロシ,和彦 カズヒコ,哲也 テツヤ,健二 ケンジ,秀樹 ヒデキ,博之 ヒロユキ,豊 ユタカ"),
    (1985, "智子 トモコ,直美 ナオミ,陽子 ヨウコ,麻衣 マイ,香織 カオリ,恵 メグミ,愛 アイ,真理子 マリコ,美穂 ミホ,理恵 リエ",
     "大輔 ダイスケ,健太 ケンタ,直樹 ナオキ,剛 ツヨシ,学 マナブ,達也 タツヤ,亮 リョウ,雄一 ユウイチ,智也 トモヤ,淳 アツシ"),
    (2005, "美咲 ミサキ,葵 アオイ,彩 アヤ,七海 ナナミ,優花 ユウカ,楓 カエデ,桃子 モモコ,未来 ミク,菜摘 ナツミ,千尋 チヒロ",
     "翔太 ショウタ,拓海 タクミ,大樹 ダイキ,駿 シュン,蓮 レン,涼介 リョウスケ,海斗 カイト,悠人 ユウト,直人 ナオト,陸 リク"),
    (2100, "陽葵 ヒマリ,結菜 ユイナ,芽依 メイ,咲良 サクラ,紬 ツムギ,凛 リン,莉子 リコ,心春 コハル,彩葉 イロハ,花 ハナ",
     "湊 ミナト,蒼 アオ,陽翔 ハルト,律 リツ,樹 イツキ,大和 ヤマト,朝陽 アサヒ,颯真 ソウマ,奏太 ソウタ,新 アラタ"),
)  # fmt: skip
FAMILIES = (
    "西山 ニシヤマ,竹内 タケウチ,小畑 オバタ,今井 イマイ,乾 イヌイ,湯川 ユカワ,中小路 ナカコウジ,井上 イノウエ,能勢 ノセ,馬場 ババ,"
    "岡本 オカモト,奥田 オクダ,河合 カワイ,塚本 ツカモト,安田 ヤスダ,平井 ヒライ,北村 キタムラ,田中 タナカ,吉岡 ヨシオカ,谷口 タニグチ,"
    "藤本 フジモト,宮川 ミヤガワ,大西 オオニシ,堀 ホリ,杉本 スギモト,浜田 ハマダ,上野 ウエノ,福井 フクイ,川端 カワバタ,野々村 ノノムラ,"
    "髙橋 タカハシ,渡邊 ワタナベ,齋藤 サイトウ,濱口 ハマグチ,嶋田 シマダ,広瀬 ヒロセ,山﨑 ヤマサキ,久保田 クボタ,松尾 マツオ,水野 ミズノ"
)
FOREIGN = (
    ("グエン・ティ・ラン", "グエン ティ ラン", "vi", "needed"),
    ("リー・シャオメイ", "リー シャオメイ", "zh_hans", "easy_ja"),
    ("マリア・サントス", "マリア サントス", "tl", "easy_ja"),
    ("プラカシュ・タパ", "プラカシュ タパ", "ne", "needed"),
    ("カルロス・オリベイラ", "カルロス オリベイラ", "pt", "needed"),
    ("キム・ソヨン", "キム ソヨン", "ko", "none"),
    ("ニン・スー", "ニン スー", "my", "needed"),
    ("デウィ・ラハユ", "デウィ ラハユ", "id", "family"),
)
FLATS = (
    "コーポ竹の子",
    "ハイツすみれ",
    "第二みやこ荘",
    "サンハイム",
    "市営団地3棟",
    "グリーンハイツ",
    "メゾン天神",
    "泉荘",
)
WAYS = ("phone", "mobile", "mobile", "letter", "visit", "message")
TIMES = ("平日の午後", "夕方6時以降", "午前中", "いつでもよい", "土日のほうがよい", "昼休みだけ")


@dataclass
class Someone:
    """A person of the demo."""

    name: str
    kana: str
    sex: str
    birth: date
    relation: str
    languages: tuple[str, ...] = ()
    interpreter: str = ""
    id: int = 0

    def age(self, on: date) -> int:
        """Years of age on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass
class Home:
    """A household of the demo and where it lives."""

    kind: str
    town: str
    district_id: int | None
    address: str
    postal_code: str
    members: list[Someone] = field(default_factory=list)
    id: int = 0

    @property
    def centre(self) -> Someone:
        """Whom the household is named after."""
        return self.members[0]

    def fitting(self, who: str, on: date) -> Someone | None:
        """Who of the household a trouble of this kind would be of."""
        ages = [(member, member.age(on)) for member in self.members]
        wanted = {
            "elder": lambda a: a >= 70, "adult": lambda a: 25 <= a < 70, "youth": lambda a: 16 <= a < 35,
            "child": lambda a: 6 <= a < 18, "parent": lambda a: 20 <= a < 50,
        }[who]  # fmt: skip
        found = [member for member, age in ages if wanted(age)]
        if who == "parent" and not any(age < 18 for _, age in ages):
            return None
        return found[0] if found else None


MIX = (
    ("single", 26), ("couple", 14), ("couple_children", 20), ("single_parent", 12), ("three_generations", 6),
    ("old_parent_child", 16), ("siblings", 2), ("single_young", 4),
)  # fmt: skip


# Types a story asks for, as the household's record names them.
SHOWN_AS = {
    "single_young": "single",
    "single_old": "single",
    "single_adult": "single",
    "parent_teen": "single_parent",
    "newcomers": "couple_children",
}


class Registry:
    """Makes people up: the same seed gives the same city."""

    def __init__(self, days: Days, rng: Random) -> None:
        self.days, self.rng = days, rng
        faker = Faker("ja_JP")
        faker.seed_instance(rng.randrange(10**6))
        self._faker = faker
        self._families = [tuple(pair.split()) for pair in FAMILIES.split(",")]
        self._towns = list(
            Town.objects.order_by("id").values_list("name", "has_chome", "postal_code", "district_id")
        )
        self._foreign = 0

    def family(self) -> tuple[str, str]:
        """A family name and its reading."""
        if self.rng.random() < 0.45:
            return self.rng.choice(self._families)  # type: ignore[return-value]
        name, kana, _ = self._faker.last_name_pair()
        return name, kana

    def someone(self, family: tuple[str, str], age: int, relation: str, sex: str = "") -> Someone:
        """A person of about this age today."""
        sex = sex or self.rng.choice(("female", "male"))
        born = self.days.today - timedelta(days=age * 365 + age // 4 + self.rng.randrange(10, 350))
        women, men = next((w, m) for until, w, m in GIVEN if born.year <= until)
        given, kana = self.rng.choice((women if sex == "female" else men).split(",")).split()
        return Someone(f"{family[0]} {given}", f"{family[1]} {kana}", sex, born, relation)

    def home(self, kind: str = "") -> Home:
        """A household of this type, or of any, somewhere in the city."""
        rng = self.rng
        kind = kind or rng.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        town, has_chome, postal, district = rng.choice(self._towns)
        where = f"{rng.randint(1, 4)}丁目{rng.randint(1, 30)}番{rng.randint(1, 20)}号" if has_chome else (
            f"{rng.randint(1, 90)}番地{rng.choice(('', f'の{rng.randint(1, 12)}'))}"
        )  # fmt: skip
        flat = f" {rng.choice(FLATS)}{rng.randint(1, 4)}0{rng.randint(1, 8)}号" if rng.random() < 0.35 else ""
        code = f"{postal[:3]}-{postal[3:]}" if postal else ""
        home = Home(SHOWN_AS.get(kind, kind), town, district, f"長岡京市{town}{where}{flat}", code)
        home.members = self._members(kind)
        return home

    def _members(self, kind: str) -> list[Someone]:
        rng, family = self.rng, self.family()
        someone = self.someone
        if kind == "single":
            return [someone(family, rng.choice((rng.randint(68, 92), rng.randint(35, 67))), "self")]
        if kind == "single_old":
            return [someone(family, rng.randint(72, 90), "self")]
        if kind == "single_adult":
            return [someone(family, rng.randint(36, 63), "self")]
        if kind == "newcomers":
            self._foreign = self._foreign // 9 * 9 + 8  # whoever comes next comes from abroad
            return self._members("couple_children")
        if kind == "parent_teen":
            return [someone(family, rng.randint(38, 48), "self", "female"), someone(family, rng.randint(13, 14), "child", "female"),
                    someone(family, rng.randint(4, 7), "child", "male")]  # fmt: skip
        if kind == "single_young":
            return [someone(family, rng.randint(18, 30), "self")]
        if kind == "couple":
            age = rng.randint(66, 88)
            return [
                someone(family, age, "self", "male"),
                someone(family, age - rng.randint(0, 5), "spouse", "female"),
            ]
        if kind == "couple_children":
            age = rng.randint(31, 50)
            children = [
                someone(family, rng.randint(1, min(17, age - 24)), "child")
                for _ in range(rng.choice((1, 2, 2, 3)))
            ]
            parents = [
                someone(family, age, "self", "male"),
                someone(family, age - rng.randint(-2, 5), "spouse", "female"),
            ]
            return self._maybe_foreign(parents) + sorted(children, key=lambda child: child.birth)
        if kind == "single_parent":
            age = rng.randint(26, 49)
            children = [
                someone(family, rng.randint(1, min(17, age - 21)), "child")
                for _ in range(rng.choice((1, 1, 2)))
            ]
            parent = [someone(family, age, "self", "female" if rng.random() < 0.85 else "male")]
            return self._maybe_foreign(parent) + sorted(children, key=lambda child: child.birth)
        if kind == "three_generations":
            age = rng.randint(38, 50)
            return [
                someone(family, age, "self", "female"),
                someone(family, age + rng.randint(26, 34), "mother", "female"),
                *(
                    someone(family, rng.randint(2, min(16, age - 24)), "child")
                    for _ in range(rng.choice((1, 2)))
                ),
            ]
        if kind == "old_parent_child":
            child = rng.randint(44, 60)
            parents = [
                someone(
                    family, child + rng.randint(24, 32), "self", "female" if rng.random() < 0.7 else "male"
                )
            ]
            return [*parents, someone(family, child, "child", "male" if rng.random() < 0.7 else "female")]
        age = rng.randint(55, 75)
        return [someone(family, age, "self"), someone(family, age - rng.randint(1, 6), "sibling")]

    def _maybe_foreign(self, parents: list[Someone]) -> list[Someone]:
        self._foreign += 1
        if self._foreign % 9:
            return parents
        name, kana, language, interpreter = FOREIGN[self._foreign // 9 % len(FOREIGN)]
        last = parents[-1]
        last.name, last.kana, last.languages, last.interpreter = (
            name,
            kana,
            (language, "ja_easy"),
            interpreter,
        )
        return parents

    def new_person(self, someone: Someone, home: Home) -> NewPerson:
        """What a desk would have written down of this person."""
        rng, age = self.rng, someone.age(self.days.today)
        phones = []
        if age >= 12 and rng.random() < 0.8:
            # Numbers that no exchange gives out: nobody is called by a demonstration.
            phones.append(
                f"075-0{rng.randint(10, 99)}-{rng.randint(1000, 9999)}" if age > 65 and rng.random() < 0.7
                else f"0{rng.choice((7, 8, 9))}0-0{rng.randint(100, 999)}-{rng.randint(1000, 9999)}"
            )  # fmt: skip
        about = age >= 60 and rng.random() < 0.05
        return NewPerson(
            name=someone.name,
            kana=someone.kana,
            sex=someone.sex,
            birth="" if about else someone.birth.isoformat(),
            birth_year=someone.birth.year if about else None,
            birth_about=about,
            phones=phones,
            addresses=[home.address] if rng.random() < 0.96 else [],
            languages=someone.languages or ("ja",),
            interpreter=someone.interpreter,
        )


def settle(registry: Registry, homes: list[Home], cast: Cast, days: Days) -> None:
    """Write these households down: persons, relations, how some may be reached."""
    by = cast.workers["soudan"]
    at = days.ago(1100)
    people = [(someone, home) for home in homes for someone in home.members]
    numbers = register_many([registry.new_person(*row) for row in people], by=by, at=at)
    for (someone, _), number in zip(people, numbers, strict=True):
        someone.id = number
    ids = start_many_households(
        [
            NewHousehold(
                members=[(someone.id, someone.relation, True) for someone in home.members],
                label=f"{home.centre.name} 世帯",
                household_type=home.kind,
            )
            for home in homes
        ],
        by=by,
        at=at,
    )
    for home, number in zip(homes, ids, strict=True):
        home.id = number
    Relation.objects.bulk_create(
        [
            Relation(person_id=first, other_id=other, kind=kind, written_at=at)
            for home in homes
            for first, other, kind in _relations(home)
        ]
    )
    rng = registry.rng
    reached = [someone for someone, _ in people if someone.age(days.today) >= 16 and rng.random() < 0.45]
    SafeContact.objects.bulk_create(
        [
            SafeContact(
                person_id=someone.id,
                way=rng.choice(WAYS),
                when=rng.choice(TIMES),
                message_allowed=rng.choice(("yes", "yes", "no", "")),
                plain_envelope=rng.choice(("no", "no", "yes", "")),
                who_may_know=rng.choice(("", "", "同居の家族は知っている", "だれにも伝えていない")),
                asked_on=days.open_on(rng.randint(5, 700)),
            )
            for someone in reached
        ]
    )


def _relations(home: Home) -> list[tuple[int, int, str]]:
    centre = home.centre
    kinds = {"spouse": "spouse", "sibling": "sibling"}
    rows = []
    for other in home.members[1:]:
        if other.relation == "child":
            rows.append((centre.id, other.id, "parent"))
            rows += [(s.id, other.id, "parent") for s in home.members if s.relation == "spouse"]
        elif other.relation == "mother":
            rows.append((other.id, centre.id, "parent"))
        else:
            rows.append((centre.id, other.id, kinds[other.relation]))
    return rows
