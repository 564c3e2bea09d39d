"""Who is meant, among 100,000 and among 1,000,000 persons: the lookup's time and how it grows with the city.

Names are invented from common family and given names, as frequent as such names are (few are very common). The
questions are the worst there are: 佐藤, one kana, the beginning of a number, a foreign name, a year of birth.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from typing import Any

from bench.city import a_city, copies

SIZES = (100_000, 1_000_000)
FIRST = 50_000_000
SEEN = 500
LIMIT_MS, LIMIT_RATIO = 40.0, 1.3
ROUNDS = 5
FAMILIES = (
    "佐藤 サトウ", "鈴木 スズキ", "高橋 タカハシ", "田中 タナカ", "伊藤 イトウ", "渡辺 ワタナベ", "山本 ヤマモト", "中村 ナカムラ",
    "小林 コバヤシ", "加藤 カトウ", "吉田 ヨシダ", "山田 ヤマダ", "佐々木 ササキ", "山口 ヤマグチ", "松本 マツモト", "井上 イノウエ",
    "木村 キムラ", "林 ハヤシ", "斎藤 サイトウ", "清水 シミズ", "山崎 ヤマザキ", "森 モリ", "池田 イケダ", "橋本 ハシモト",
    "阿部 アベ", "石川 イシカワ", "山下 ヤマシタ", "中島 ナカジマ", "石井 イシイ", "小川 オガワ", "前田 マエダ", "岡田 オカダ",
    "長谷川 ハセガワ", "藤田 フジタ", "後藤 ゴトウ", "近藤 コンドウ", "村上 ムラカミ", "遠藤 エンドウ", "青木 アオキ", "坂本 サカモト",
    "西村 ニシムラ", "福田 フクダ", "太田 オオタ", "三浦 ミウラ", "藤井 フジイ", "岡本 オカモト", "松田 マツダ", "中川 ナカガワ",
    "神足 コウタリ", "開田 カイデン", "グエン グエン", "サントス サントス",
)  # fmt: skip
GIVEN = (
    "花子 ハナコ", "太郎 タロウ", "一郎 イチロウ", "和子 カズコ", "幸子 サチコ", "洋子 ヨウコ", "恵子 ケイコ", "京子 キョウコ", "茂 シゲル",
    "清 キヨシ", "勇 イサム", "進 ススム", "誠 マコト", "浩 ヒロシ", "健一 ケンイチ", "直樹 ナオキ", "美咲 ミサキ", "陽菜 ヒナ",
    "翔太 ショウタ", "大輔 ダイスケ", "裕子 ユウコ", "真由美 マユミ", "明美 アケミ", "久美子 クミコ", "由美 ユミ", "さくら サクラ",
    "蓮 レン", "陽翔 ハルト", "結衣 ユイ", "葵 アオイ", "悠真 ユウマ", "千代 チヨ", "ヴァン ヴァン", "マリア マリア", "薫 カオル",
)  # fmt: skip
RARE = 20_000
"""Names of one city that are seldom: a family name of two characters that few bear."""
QUESTIONS = (
    "佐藤", "さとう", "サ", "さ", "あ", "や", "し", "佐", "山", "佐藤 花子", "花子 佐藤", "花子 山", "さと はな", "ハナコ ヤ",
    "山田 S23", "佐藤 1948", "S23.1.15", "昭和23年", "1948-01", "075-955-12", "0759551234", "075", "4321", "グエン",
    "グエン ヴァン", "マリア サントス", "santos", "渡邊", "わたなべ かずこ", "斉藤", "開田2-25-14", "神足", "コウタリ ハルト", "斎藤 健",
)  # fmt: skip


def main() -> int:
    """Print p50 and p95 at both sizes and the ratio; 1 when a limit is passed."""
    with a_city(1_000) as city:
        worker = _desk(city)
        _names(city)
        times: list[dict[str, float]] = []
        there = 0
        for size in SIZES:
            begun = time.perf_counter()
            _fill(city, there, size)
            there = size
            print(f"{size:,} persons are there after {time.perf_counter() - begun:.0f} s", flush=True)
            _see(city, worker, size)
            times.append(_measure(worker))
        if "--each" in sys.argv:
            for words, small in times[0].items():
                print(f"  {words}: {small:.1f} → {times[1][words]:.1f} ms")
    return _told(times)


def _told(times: list[dict[str, float]]) -> int:
    p95 = []
    for size, found in zip(SIZES, times, strict=True):
        values = list(found.values())
        p95.append(statistics.quantiles(values, n=20)[18])
        slowest = max(found, key=lambda words: found[words])
        print(
            f"{size:>9,} persons: p50 {statistics.median(values):5.1f} ms, p95 {p95[-1]:5.1f} ms; slowest {slowest} {found[slowest]:.1f} ms"
        )
    print(f"p95 at {SIZES[1]:,} / p95 at {SIZES[0]:,} ×{p95[1] / p95[0]:.2f}")
    return int(p95[1] > LIMIT_MS or p95[1] / p95[0] > LIMIT_RATIO)


def _desk(city: Any) -> Any:
    from django.db import transaction

    from tests import factories

    with transaction.atomic():
        return factories.a_worker(factories.an_office(is_front_desk=True))


def _names(city: Any) -> None:
    """Every name once with its keys; how often each is borne follows from its place in the lists."""
    from tsunagi.people.rules import person_keys

    chance = random.Random(8050)
    pairs = [(family, given) for family in FAMILIES for given in GIVEN]
    letters = "松竹梅川原野沢谷岡島浜宮寺池堀畑西東南北上下中大小高長広深清新古"
    kana = "アイカキサシタチナニハマミヤユラリワ"
    pairs += [
        ("".join(chance.sample(letters, 3)) + " " + "".join(chance.choices(kana, k=5)), chance.choice(GIVEN))
        for _ in range(RARE)
    ]
    city.root.execute("CREATE TABLE bench_name (id int, kind text, key text)")
    city.root.execute("CREATE TABLE bench_called (id int PRIMARY KEY, name text, kana text)")
    called, keys = [], []
    for number, (family, given) in enumerate(pairs):
        (written, read), (also, said) = family.split(), given.split()
        name, reading = f"{written} {also}", f"{read} {said}"
        called.append((number, name, reading))
        keys += [
            (number, str(kind), key)
            for kind, key, _ in person_keys(
                names=[(name, reading)], birth=(None, None, None, False), numbers=(), places=()
            )
        ]
    for table, rows in (("bench_called", called), ("bench_name", keys)):
        with city.root.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    city.root.execute("CREATE INDEX ON bench_name (id)")
    city.root.execute("ANALYZE bench_name, bench_called")


# Half of a city bears a common name, the first of the list most often; the other half one of the rare ones.
_COMMON = len(FAMILIES) * len(GIVEN)
_NAME = (
    f"CASE WHEN g.i % 2 = 0 THEN ({len(FAMILIES)} * power(hashint4(g.i)::float8 / 4294967296 + 0.5, 2))::int % {len(FAMILIES)}"
    f" * {len(GIVEN)} + abs(hashint4(g.i + 7) % {len(GIVEN)}) ELSE {_COMMON} + abs(hashint4(g.i + 3) % {RARE}) END"
)
_BORN = "(DATE '1935-01-01' + abs(hashint4(g.i + 1) % 30000))"


def _fill(city: Any, there: int, size: int) -> None:
    """Persons `there` + 1 to `size` with name, birth date, telephone and address, as keys that are found."""
    root, count, begin = city.root, size - there, FIRST + there
    number = f"g.i + {begin}"
    one = root.execute("SELECT min(party_id) FROM people_person").fetchone()[0]
    copies(root, "people_party", f"id = {one}", count, {"id": number})
    copies(
        root, "people_person", f"party_id = {one}", count,
        {"party_id": number, "name": f"(SELECT c.name FROM bench_called c WHERE c.id = {_NAME})",
         "kana": f"(SELECT c.kana FROM bench_called c WHERE c.id = {_NAME})", "birth_on": _BORN,
         "birth_year": f"extract(year FROM {_BORN})", "birth_month": f"extract(month FROM {_BORN})"},
    )  # fmt: skip
    root.execute("DROP INDEX search_key_lookup")
    for kinds in (
        f"SELECT {number}, n.kind, n.key FROM generate_series(1, {count}) g(i) JOIN bench_name n ON n.id = {_NAME}",
        f"SELECT {number}, 'birth', to_char({_BORN}, 'YYYYMMDD') FROM generate_series(1, {count}) g(i)",
        f"SELECT {number}, 'phone', '075' || lpad(abs(hashint4(g.i + 5) % 10000000)::text, 7, '0') FROM generate_series(1, {count}) g(i)",
    ):
        root.execute(
            f"INSERT INTO people_searchkey (person_id, kind, key, shared_by_many) SELECT made.*, false FROM ({kinds}) made"
        )
    root.execute(
        "CREATE INDEX search_key_lookup ON people_searchkey (kind, key, person_id) INCLUDE (shared_by_many)"
    )
    root.execute("VACUUM ANALYZE people_searchkey, people_party, people_person")


def _see(city: Any, worker: Any, size: int) -> None:
    """The worker's office is involved with `SEEN` of them, spread over the whole city."""
    from tests import factories

    office = factories.office_of(worker).pk
    city.root.execute("DELETE FROM people_involvement WHERE office_id = %s", [office])
    one = city.root.execute("SELECT min(id) FROM people_involvement").fetchone()[0]
    copies(
        city.root, "people_involvement", f"id = {one}", SEEN,
        {"id": f"g.i + {FIRST + size}", "party_id": f"{FIRST} + g.i * {size // SEEN}", "office_id": str(office),
         "reason_id": f"g.i + {FIRST + size}", "worker_id": "NULL::bigint"},
    )  # fmt: skip
    city.root.execute("ANALYZE people_involvement")


def _measure(worker: Any) -> dict[str, float]:
    from tests import factories
    from tsunagi.people.queries import lookup

    found = {}
    for words in QUESTIONS:
        taken = []
        for _ in range(ROUNDS + 1):
            begun = time.perf_counter()
            lookup(worker, words, on=factories.TODAY, trail=False)
            taken.append((time.perf_counter() - begun) * 1000)
        found[words] = statistics.median(taken[1:])
    return found


if __name__ == "__main__":
    sys.exit(main())
