"""Words found among 200,000 texts, each worker seeing 5, 500, 5,000 or 20,000 of the city's people.

Raw: the same question without any filter of who may see what, newest 41 rows and a total that stops at 1,001.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from typing import Any

from bench.city import FIRST, a_city

TEXTS, PARTIES = 200_000, 50_000
SEEN = (5, 500, 5_000, 20_000)
LIMIT_MS, LIMIT_RATIO = 40.0, 1.3
QUESTIONS = (
    "訪問", "電話", "家賃", "滞納", "母", "長男", "ひきこもり", "引きこもり", "家賃滞納", "家賃 滞納", "食事", "不登校",
    "生活保護", "生保", "社協", "民生委員", "面談", "返信なし", "手紙", "体調", "通院", "精神科", "受診", "仕事", "就労",
    "面接", "学校", "担任", "ヤングケアラー", "介護", "認知症", "地域包括支援センター", "借金", "督促", "水道", "電気",
    "ごみ屋敷", "近所", "苦情", "騒音", "フードバンク", "米", "父 暴力", "警察", "保健師 訪問", "次回 同行", "開田",
    "まれなことば42", "まれなことば1777", "神足 母 家賃",
)  # fmt: skip


def main() -> int:
    """Print p50 and p95 for each reach, and the ratio to the raw question; 1 when a limit is passed."""
    with a_city(PARTIES) as city:
        _fill(city)
        worst = 0
        for seen in SEEN:
            worst |= _measure(city, seen)
        if "--plans" in sys.argv:
            _plans(city)
    return worst


def _fill(city: Any) -> None:
    """Texts of four sentences each; words as frequent as in real notes, some in one text of ten thousand only."""
    from tsunagi.search.rules import vector_of

    chance = random.Random(8050)
    sentences = [_sentence(chance) for _ in range(4_000)]
    sentences += [f"まれなことば{number}について話した。" for number in range(2_000)]
    city.root.execute("CREATE TABLE bench_sentence (id int PRIMARY KEY, words tsvector)")
    with city.root.cursor().copy("COPY bench_sentence FROM STDIN") as copy:
        for number, sentence in enumerate(sentences):
            copy.write_row((number, vector_of(sentence)))
    city.root.execute("SELECT setseed(0.8050)")
    city.root.execute("ALTER TABLE search_passage DISABLE TRIGGER ALL")
    city.root.execute(
        f"""
        INSERT INTO search_passage (id, kind, source_id, party, office, at, keys, words) OVERRIDING SYSTEM VALUE
        SELECT g.i, CASE WHEN g.i % 4 = 0 THEN 'consultation' ELSE 'note' END, g.i, {FIRST} + 1 + g.i % {PARTIES},
               (ARRAY{city.offices})[1 + g.i % {len(city.offices)}],
               TIMESTAMPTZ '2026-11-01' - make_interval(mins => g.i * 8),
               CASE WHEN g.i % 4 = 0 THEN ARRAY['told:' || {FIRST} + 1 + g.i % {PARTIES},
                                                'desk:' || (ARRAY{city.offices})[1 + g.i % {len(city.offices)}]]
                    ELSE ARRAY['file:' || {FIRST} + 1 + g.i % {PARTIES}] END,
               a.words || b.words || c.words || d.words
          FROM (SELECT i, (random() * 3999)::int a, (random() * 3999)::int b, (random() * 3999)::int c,
                       (random() * 5999)::int d FROM generate_series(1, {TEXTS}) AS i) g
          JOIN bench_sentence a ON a.id = g.a JOIN bench_sentence b ON b.id = g.b
          JOIN bench_sentence c ON c.id = g.c JOIN bench_sentence d ON d.id = g.d
        """
    )
    city.root.execute("VACUUM ANALYZE")
    size = city.root.execute(
        "SELECT pg_size_pretty(pg_total_relation_size('search_passage')), pg_size_pretty(pg_relation_size('passage_words'))"
    ).fetchone()
    print(f"{TEXTS:,} texts, table with indexes {size[0]}, index of words {size[1]}")


WHO = (
    "母",
    "父",
    "長男",
    "長女",
    "本人",
    "妻",
    "夫",
    "祖母",
    "隣の方",
    "民生委員",
    "担任の先生",
    "保健師",
    "大家さん",
)
WHERE = (
    "自宅",
    "開田の自宅",
    "神足の市営住宅",
    "市役所",
    "社協",
    "学校",
    "病院",
    "地域包括支援センター",
    "公民館",
    "駅前",
)
WHAT = (
    "訪問した", "電話で話した", "面談した", "手紙を届けた", "同行して受診した", "家賃の滞納について聞いた", "食事の様子を確かめた",
    "ひきこもりの相談があった", "不登校の様子を聞いた", "生活保護の申請を説明した", "借金の督促状を一緒に読んだ", "水道が止まったと聞いた",
    "電気代が払えないと話した", "仕事の面接の日を決めた", "就労準備の見学に行った", "介護の負担が大きいと話した", "認知症の検査をすすめた",
    "精神科の通院が途切れている", "フードバンクの米を届けた", "近所から騒音の苦情があった", "ゴミ屋敷の片づけを始めた",
    "ヤングケアラーの疑いがあると聞いた", "父の暴力について話した", "警察から連絡があった", "返信なし", "体調は変わりない",
    "次回は同行して訪問する予定",
)  # fmt: skip


def _sentence(chance: random.Random) -> str:
    return f"{chance.choice(WHERE)}で{chance.choice(WHO)}と{chance.choice(WHO)}に会い、{chance.choice(WHAT)}。{chance.choice(WHAT)}。"


def _worker_seeing(city: Any, seen: int) -> Any:
    from django.db import transaction

    from tests import factories

    with transaction.atomic():
        worker = factories.a_worker(factories.an_office())
    city.root.execute(
        "INSERT INTO people_involvement SELECT (i.x).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object("
        "'id', s.id + %s, 'office_id', %s::bigint)) AS x FROM people_involvement s"
        f" WHERE s.party_id > {FIRST} AND s.party_id %% (%s / %s) = 0 LIMIT %s) i",
        [seen * 10_000_000, factories.office_of(worker).pk, PARTIES, seen, seen],
    )
    city.root.execute("ANALYZE people_involvement")
    return worker


def _measure(city: Any, seen: int) -> int:
    from django.db import connection

    from tests import factories
    from tsunagi.desk.queries.found import keys_of
    from tsunagi.search.queries import find
    from tsunagi.search.rules import question_of

    worker = _worker_seeing(city, seen)
    ours, bare = [], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    for words in QUESTIONS:
        question = question_of(words)
        ours.append((_best(lambda q=question: find(q, keys_of(worker, factories.NOW.date()))), words))
        bare.append((_best(lambda q=question: find(q, None)), words))
    mine, raw = [time for time, _ in ours], [time for time, _ in bare]
    p95 = statistics.quantiles(mine, n=20)[18]
    raw95 = statistics.quantiles(raw, n=20)[18]
    print(
        f"{seen:>6,} people seen: p50 {statistics.median(mine):5.1f} ms, p95 {p95:5.1f} ms; bare p50 {statistics.median(raw):5.1f},"
        f" p95 {raw95:5.1f}; p95 / bare ×{p95 / raw95:.2f}; slowest {max(ours)[1]} {max(ours)[0]:.1f} ms"
    )
    return int(p95 > LIMIT_MS or p95 / raw95 > LIMIT_RATIO)


def _best(work: Any, rounds: int = 5) -> float:
    """The median of a few runs in milliseconds."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def _plans(city: Any) -> None:
    from django.db import connection

    from tests import factories
    from tsunagi.desk.queries.found import keys_of
    from tsunagi.search import queries
    from tsunagi.search.rules import question_of

    for seen, ask in ((5, queries._by_party), (500, queries._by_party), (20_000, queries._of_the_newest)):
        held = keys_of(_worker_seeing(city, seen + 1), factories.NOW.date())
        for words in ("訪問", "まれなことば42", "家賃滞納"):
            values = {
                "asked": question_of(words).tsquery, "counted": queries.COUNTED, "newest": queries.NEWEST_FIRST,
                "offices": list(held.offices), **held.params,
            }  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(
                    "EXPLAIN (ANALYZE, BUFFERS) " + ask(held, "p.words @@ %(asked)s::tsquery"), values
                )
                print(f"\n-- {seen} {words}")
                print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    sys.exit(main())
