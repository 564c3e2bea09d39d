"""The command line: `tsunagi ...`.

`migrate`, `net` and `verify-journal` sign in to the database as its owner, everything else as the application.
Without DATABASE_URL the embedded database is started when a command needs it; it stays up until
`tsunagi stop-database` (`serve` stops it when it was `serve` that started it).
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import embedded

AS_OWNER = {"migrate", "net", "verify-journal", "docs", "dispose"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the process's exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:  # for developers: makemigrations, shell, ...
        return _manage(words[1:])
    options = _parser().parse_args(words)
    try:
        return int(options.run(options) or 0)
    except embedded.DatabaseTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tsunagi", description="つなぎ: 重層的支援体制整備事業の業務システム"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int | None], help: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run)
        return sub

    command("migrate", _migrate, "データベースを最新にします(所有者として)")
    serve = command("serve", _serve, "画面とジョブを動かします")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--threads", type=int, default=4)
    serve.add_argument("--demo", action="store_true", help="架空の市を、練習用として動かします")
    demo = command("demo", _demo, "架空の市のデータを入れて動かします")
    demo.add_argument("--size", choices=["small", "city"], default="city")
    demo.add_argument("--no-serve", action="store_true")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--threads", type=int, default=4)
    opening = command("setup", _setup, "市の開設ファイル(YAML)を確かめ、登録します")
    opening.add_argument("file", type=Path, nargs="?", help="開設ファイル(- は標準入力)")
    opening.add_argument("--check", action="store_true", help="確かめるだけで、登録しません")
    opening.add_argument("--example", action="store_true", help="見本を書き出します")
    opening.add_argument("--export", action="store_true", help="いまの登録を、開設ファイルの形で書き出します")
    opening.add_argument(
        "--passwords", type=Path, metavar="FILE", help="仮のパスワードをこのファイルに書きます"
    )
    command("stop-database", _stop_database, "組み込みのデータベースを止めます")
    command("doctor", _doctor, "この機械に足りないものを一画面で示します")
    net = command("net", _net, "とりこぼしの法則(H1–H17)を全件で確かめます")
    net.add_argument("--json", action="store_true")
    verify = command("verify-journal", _verify_journal, "記録の鎖に改変がないか確かめます")
    verify.add_argument("--json", action="store_true")
    verify.add_argument("--head", metavar="HEX", help="外に控えておいた鎖の先頭")
    load = command("import-consultations", _import, "相談台帳(Excel・CSV)を取り込みます")
    load.add_argument("file", type=Path)
    load.add_argument("--office", metavar="CODE", help="台帳をつけていた機関のコード")
    load.add_argument("--dry-run", action="store_true", help="読むだけで、保存しません")
    load.add_argument("--json", action="store_true")
    command("night-papers", _night_papers, "停電の日の紙(今日と網)を、いま機関ごとに作ります")
    command("dispose", _dispose, "二人で決めた廃棄を行い、証明を記録に残します(所有者として。毎晩動かします)")
    paper = command("print", _print, "帳票を作ります")
    paper.add_argument("form", nargs="?", metavar="FORM", help="帳票の符号(--list で一覧)")
    paper.add_argument("--list", action="store_true", help="帳票の一覧を、符号を先にして示します")
    paper.add_argument("--case", metavar="N", help="支援の番号")
    paper.add_argument("-o", dest="to", type=Path, metavar="FILE", help="書き出すファイル(.pdf か .xlsx)")
    paper.add_argument("--blank", action="store_true", help="手で書くための白紙")
    paper.add_argument("--mask", default="real", help="秘匿の程度: real initial relation")
    paper.add_argument("--worker", metavar="NAME", help="だれとして作るか(サインイン名)。なければ支援の担当")
    files = command("attachments", _attachments, "添付の置き場所と鍵を手入れします")
    files.add_argument("what", choices=["status", "check", "sweep", "rotate-key"])
    files.add_argument(
        "--forget-old", action="store_true", help="rotate-key: 古い鍵を捨てます(前の控えは開けなくなります)"
    )
    first = command(
        "first-administrator", _first_administrator, "空のデータベースに最初のシステム管理者を登録します"
    )
    first.add_argument("sign_in_name", help="サインイン名(半角の小文字・数字)")
    first.add_argument("--name", required=True, help="氏名")
    first.add_argument("--office", default="情報システム担当", help="所属する機関の名前")
    database = command("database", _database, "データベースの手入れをします")
    database.add_argument("what", choices=["upgrade", "erase"])
    database.add_argument("--yes", action="store_true", help="確かめずに行います")
    command("reindex", _reindex, "記録のことばの索引を、はじめから作り直します")
    command("docs", _docs, "docs/ のうち、プログラムから作るページを書き出します")
    return parser


# -- getting ready --------------------------------------------------------------------------------------


def _cluster() -> embedded.Cluster | None:
    """The embedded cluster, or None when a city's own server is used."""
    return None if os.environ.get("DATABASE_URL") else embedded.Cluster(embedded.var_directory())


def _ready(role: str = "app") -> bool:
    """Start the database if it is ours to start and load Django; True if the database was started here."""
    started = False
    cluster = _cluster()
    if cluster is not None:
        started = cluster.start()
    os.environ["TSUNAGI_ROLE"] = role
    os.environ["TSUNAGI_REACH"] = "whole"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagi.config.settings")
    import django

    django.setup()
    return started


def _become(role: str) -> None:
    """Sign in to the database as the other role from here on."""
    from django.conf import settings
    from django.db import connections

    from .settings import database

    connections.close_all()
    fresh = database(url=os.environ.get("DATABASE_URL"), role=role)
    settings.DATABASES["default"].update(fresh)
    connections["default"].settings_dict.update(fresh)


def _manage(words: list[str]) -> int:
    _ready("owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tsunagi manage", *words])
    return 0


# -- commands -------------------------------------------------------------------------------------------


def _migrate(options: argparse.Namespace) -> int:
    _ready("owner")
    return _bring_up_to_date()


def _bring_up_to_date() -> int:
    from . import database

    if _cluster() is None:
        from django.conf import settings

        owner = settings.DATABASES["default"]["USER"]
        for_administrator = database.ensure_app_role()
        if for_administrator:
            print(
                "データベースの管理者に、次の文を実行してもらってください。そのあとでもう一度 tsunagi migrate を実行します。"
            )
            for statement in for_administrator:
                print(f"{statement};")
            return 1
        database.migrate(f"{owner}_app")
    else:
        database.migrate(embedded.APP)
    return 0


def _demo(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("tsunagi.demo.loading") is None:
        print(
            "架空の市のデータは、この版にはまだ入っていません。tsunagi serve で空のまま動かせます。",
            file=sys.stderr,
        )
        return 1
    started = _ready("owner")
    failed = _bring_up_to_date()
    if failed:
        return failed
    from django.db import connections

    from tsunagi.demo import loading
    from tsunagi.setup.actions import mark_demo
    from tsunagi.setup.queries import what_forbids_demo

    from . import clock

    forbidden = what_forbids_demo()
    if forbidden:
        print(forbidden, file=sys.stderr)
        return 1
    mark_demo(at=clock.now())  # before anything of it stands: a half-loaded demo is a demo too
    is_new = _draw_the_map()
    _become("app")
    told = loading.load(size=options.size, at=clock.now())
    connections.close_all()
    cluster = _cluster()
    if is_new and cluster is not None:
        # Three years of casework came at once: the planner must know before the first page is opened.
        with cluster.connect() as owner:
            owner.execute("ANALYZE")
    if told:
        print(told, flush=True)
    if options.no_serve:
        return 0
    os.environ["TSUNAGI_DEMO"] = "1"
    return _run_servers(options, started=started)


def _reindex(options: argparse.Namespace) -> int:
    """Read every text anew, batch by batch; broken off, it goes on where it was (or the job worker does)."""
    _ready("app")
    from django.db import transaction

    from tsunagi.desk import actions
    from tsunagi.search.queries import due_count

    with transaction.atomic():
        waiting = due_count() or actions.read_everything_anew()
    done = 0
    while True:
        with transaction.atomic():
            count = actions.read_words()
        if not count:
            break
        done += count
        print(f"\r{done} / {max(waiting, done)} 件", end="", flush=True)
    print(f"\r{done} 件の記録を読みました。", flush=True)
    return 0


def _draw_the_map() -> bool:
    """The demo city's districts and towns, which only the owner writes; whether it was the first time."""
    from tsunagi.places.actions import load_city
    from tsunagi.places.models import City

    if City.objects.exists():
        return False
    load_city("nagaokakyo")
    return True


def _serve(options: argparse.Namespace) -> int:
    started = _ready("owner")
    from django.db import connections

    from tsunagi.setup.queries import what_forbids_serving

    if options.demo:
        os.environ["TSUNAGI_DEMO"] = "1"
    failed = _bring_up_to_date()
    forbidden = "" if failed else what_forbids_serving(demo=os.environ.get("TSUNAGI_DEMO") == "1")
    connections.close_all()
    if forbidden:
        print(forbidden, file=sys.stderr)
        return 1
    return failed or _run_servers(options, started=started)


def _run_servers(options: argparse.Namespace, *, started: bool) -> int:
    """Run the web process and the job worker until one ends or we are told to stop; then stop both."""
    if _taken(options.host, options.port):
        print(
            f"{options.host}:{options.port} は使われています。--port で別の番号を指定してください。",
            file=sys.stderr,
        )
        return 1
    environment = os.environ | {"TSUNAGI_ROLE": "app", "DJANGO_SETTINGS_MODULE": "tsunagi.config.settings"}
    del environment["TSUNAGI_REACH"]
    web = [
        *(sys.executable, "-m", "gunicorn", "tsunagi.config.wsgi:application"),
        *("--bind", f"{options.host}:{options.port}", "--workers", "1", "--threads", str(options.threads)),
        *("--timeout", "60", "--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
    ]
    jobs = [sys.executable, "-c", "import sys; from tsunagi.config.worker import main; sys.exit(main())"]
    processes = [
        subprocess.Popen(command, env=environment, start_new_session=True) for command in (web, jobs)
    ]
    asked: list[int] = []

    def ask(number: int, frame: object) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    told = False
    try:
        while not asked and all(process.poll() is None for process in processes):
            if not told and _taken(options.host, options.port):
                told = True
                print(
                    f"http://{options.host}:{options.port}/ で動いています。止めるには Ctrl+C を押してください。",
                    flush=True,
                )
            time.sleep(0.1)
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            if process.poll() is None:
                process.kill()
                process.wait()
        cluster = _cluster()
        if started and cluster is not None:
            cluster.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if asked else 1


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _stop_database(options: argparse.Namespace) -> int:
    cluster = _cluster()
    if cluster is None:
        print("DATABASE_URL のデータベースは、こちらからは止めません。")
        return 1
    print("データベースを止めました。" if cluster.stop() else "データベースは動いていません。")
    return 0


def _net(options: argparse.Namespace) -> int:
    _ready("owner")
    from django.db import connection

    from tsunagi.safety_net import net
    from tsunagi.shared.days import day_of

    from . import clock

    return int(net.main(connection, today=day_of(clock.now()), as_json=options.json) or 0)


def _verify_journal(options: argparse.Namespace) -> int:
    _ready("owner")
    from django.db import connection

    from tsunagi.journal import verify

    return int(verify.main(connection, head=options.head, as_json=options.json) or 0)


def _import(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        print(f"ファイル {options.file} が見つかりません。", file=sys.stderr)
        return 1
    _ready("app")
    from tsunagi.intake import tasks
    from tsunagi.shared import edges
    from tsunagi.shared.refusal import Refused

    from . import clock

    at = clock.now()
    try:
        with edges.opened_trail(None, "cli", at):
            report: Any = tasks.import_file(
                options.file, office=options.office, dry_run=options.dry_run, at=at
            )
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(report, ensure_ascii=False, default=str))
    else:
        for key, value in report.items():
            print(f"{key}: {value}")
    return 0


def _dispose(options: argparse.Namespace) -> int:
    """Carry out what two people decided to dispose of; what a killed run left is taken up again."""
    _ready("owner")
    from tsunagi.records.tasks import dispose

    from . import clock

    said = dispose(clock.now())
    print(
        f"廃棄しました: {said.done}件　止まっていたもの: {said.held}件　新しい記録があったもの: {said.not_due}件　終わった一覧: {said.finished}件"
    )
    return 0


def _night_papers(options: argparse.Namespace) -> int:
    _ready("app")
    from tsunagi.desk import actions
    from tsunagi.shared import edges

    from . import clock

    at = clock.now()
    with edges.opened_trail(None, "cli", at):
        night = actions.write_night_papers(at)
    print(f"作りました: {len(night.written)}機関　消した古いファイル: {night.removed}")
    for label in night.failed:
        print(f"作れませんでした: {label}", file=sys.stderr)
    return 1 if night.failed else 0


def _print(options: argparse.Namespace) -> int:
    """A form of one file, filled or blank; or the list of forms, which needs no database."""
    from tsunagi.shared.refusal import Refused

    if options.list:
        from tsunagi.paperwork.rules import FORMS
        from tsunagi.records.rules.papers import PAPERS

        for code, name in [(one.code, one.name) for one in FORMS] + [(one.code, one.name) for one in PAPERS]:
            print(f"{code}\t{name}")
        return 0
    missing = "" if options.form and options.to else "帳票の符号と、-o で書き出すファイルを指定してください。"
    if missing:
        print(f"{missing}帳票の一覧は tsunagi print --list です。", file=sys.stderr)
        return 1
    _ready("app")
    from tsunagi.paperwork import tasks
    from tsunagi.records import tasks as records
    from tsunagi.records.rules.papers import BY_CODE

    from . import clock

    try:
        if options.form in BY_CODE:
            said = records.print_city_paper(options.form, options.to, at=clock.now())
        else:
            said = tasks.print_to_file(
                options.form, options.to, case=options.case, blank=options.blank, mask=options.mask,
                worker=options.worker, at=clock.now(),
            )  # fmt: skip
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(said)
    return 0


def _attachments(options: argparse.Namespace) -> int:
    """status · check every file against its row · sweep what no row knows · wrap all with a new key."""
    _ready("app")
    from django.db import transaction

    from tsunagi.shared.edges import opened_trail
    from tsunagi.shared.refusal import Refused
    from tsunagi.workbench import actions, queries

    from . import clock

    at = clock.now()
    try:
        if options.what == "check":
            wrong = 0
            for number, what in actions.check_all():
                wrong += 1
                print(f"添付 {number}: {what}")
            print(f"{wrong} 個に問題があります。" if wrong else "すべて開けます。")
            return 1 if wrong else 0
        if options.what == "sweep":
            with opened_trail(None, "cli", at), transaction.atomic():
                print(f"下書きのなくなった添付 {actions.purge_pending(at)} 個を消しました。")
            print(f"どの記録のものでもないファイル {actions.sweep(at)} 個を消しました。")
        elif options.what == "rotate-key":
            with opened_trail(None, "cli", at):
                print(
                    f"新しい鍵で {actions.rotate_key(at)} 個を包み直しました。鍵のファイルの控えを取ってください。"
                )
            if options.forget_old:
                print(f"古い鍵 {actions.forget_old_keys()} 本を捨てました。")
        else:
            _say_how_files_stand(queries.files_state(), actions.scanner())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _say_how_files_stand(told: Any, peer: Any) -> None:
    scanning = "検査していません(TSUNAGI_CLAMAV がありません)"
    if peer is not None:
        scanning = peer.version() or "clamd が答えません"
    print(f"ウイルス検査: {scanning}")
    print(
        f"添付 {told.count} 個 ({told.size})・検査していない {told.not_scanned}・検査待ち {told.waiting}"
        f"・ウイルス {told.infected}・外された {told.removed}"
    )


def _first_administrator(options: argparse.Namespace) -> int:
    _ready("owner")
    failed = _bring_up_to_date()
    if failed:
        return failed
    _become("app")
    from django.db import transaction

    from tsunagi.accounts.actions import found_installation
    from tsunagi.shared.refusal import Refused

    from . import clock

    try:
        with transaction.atomic():
            worker, password = found_installation(
                options.sign_in_name, options.name, options.office, at=clock.now()
            )
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"サインイン名: {worker.sign_in_name}")
    print(f"パスワード: {password}(一度だけ出ます。最初のサインインで、自分のパスワードに変えます)")
    return 0


def _setup(options: argparse.Namespace) -> int:
    """A city from its file; what stands as a file; the example."""
    from . import opening

    if options.example:
        print(opening.example(), end="")
        return 0
    if options.file is None and not options.export:
        print(
            "開設ファイルの名前をつけてください。見本は tsunagi setup --example で書き出せます。",
            file=sys.stderr,
        )
        return 1
    _ready("owner")
    failed = _bring_up_to_date()
    if failed:
        return failed
    _become("app")
    if options.export:
        print(opening.exported(), end="")
        return 0
    from . import clock

    return opening.open_from(options.file, check=options.check, passwords=options.passwords, at=clock.now())


def _docs(options: argparse.Namespace) -> int:
    _ready("app")
    from .modules import having

    written = 0
    for module in having(
        "printing"
    ):  # a module that prints pages of its own: printing.pages() -> {path: text}
        pages = importlib.import_module(f"tsunagi.{module}.printing").pages()
        for path, text in pages.items():
            target = Path("docs") / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            written += 1
    print(f"{written} ページを書き出しました。")
    return 0


def _database(options: argparse.Namespace) -> int:
    cluster = _cluster()
    if cluster is None:
        print("DATABASE_URL のデータベースは、その管理者が手入れします。", file=sys.stderr)
        return 1
    if options.what == "erase":
        if not options.yes:
            print("全部のデータが消えます。続けるには --yes をつけてください。", file=sys.stderr)
            return 1
        for where in cluster.var.glob("*/where.json"):  # the tests' clusters lie beside ours
            embedded.Cluster(cluster.var, where.parent.name).erase()
        # Without their rows nobody can open them.
        shutil.rmtree(
            os.environ.get("TSUNAGI_ATTACHMENTS") or cluster.var / "attachments", ignore_errors=True
        )
        return 0
    from .upgrade import upgrade

    return upgrade(cluster)


# -- doctor ---------------------------------------------------------------------------------------------


def _doctor(options: argparse.Namespace) -> int:
    """What this machine has and lacks, in one screen; exit code 1 when the product itself cannot run."""
    var = embedded.var_directory()
    needed: list[tuple[bool, str, str]] = [
        (sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}", "Python 3.11 以上を入れてください"),
    ]
    for package in (
        "django",
        "psycopg",
        "procrastinate",
        "allauth",
        "gunicorn",
        "jaconv",
        "jpholiday",
        "openpyxl",
    ):
        there = importlib.util.find_spec(package) is not None
        needed.append((there, package, "make setup を実行してください"))
    try:
        binaries = embedded.wheel_binaries()
        needed.append((True, f"PostgreSQL {embedded.version_of(binaries)}(組み込み)", ""))
    except embedded.DatabaseTrouble as trouble:
        needed.append((bool(os.environ.get("DATABASE_URL")), "PostgreSQL(組み込み)", str(trouble)))
    existing = next(path for path in (var, *var.parents) if path.exists())
    needed.append(
        (os.access(existing, os.W_OK), f"{var} に書ける", "TSUNAGI_VAR に書ける場所を指定してください")
    )
    free = shutil.disk_usage(existing).free / 2**30
    needed.append((free > 1, f"空き容量 {free:.1f} GB", "1 GB 以上あけてください"))
    try:
        cluster = _cluster()
        if cluster is not None:
            embedded.os_user()
            answers = cluster.answers()
            words = "動いています" if answers else "止まっています(必要なときに起動します)"
            needed.append((True, f"組み込みのデータベース: {words}", ""))
        if cluster is None or answers:
            needed.append(_demo_or_real())
    except embedded.DatabaseTrouble as trouble:
        needed.append((False, "データベースの利用者", str(trouble)))
    needed += _files_and_mail()
    for_tests: list[tuple[bool, str, str]] = [
        (_chromium() is not None, "Chromium", "apt-get install chromium を実行してください"),
        (_japanese_font(), "日本語フォント", "apt-get install fonts-noto-cjk を実行してください"),
        (
            Path("/usr/lib/postgresql/15/bin/postgres").exists(),
            "PostgreSQL 15",
            "apt-get install postgresql-15",
        ),
        (importlib.util.find_spec("pytest") is not None, "pytest", "make setup を実行してください"),
    ]
    for title, rows in (("動かすために", needed), ("テストのために(なくても動きます)", for_tests)):
        print(title)
        for fine, what, mend in rows:
            print(f"  {'○' if fine else '×'} {what}{'' if fine else f' … {mend}'}")
    return 0 if all(fine for fine, _, _ in needed) else 1


def _files_and_mail() -> list[tuple[bool, str, str]]:
    """Whether attachments can be kept: the key's mode, the scanner. A missing scanner is said, and is no failure."""
    var = embedded.var_directory()
    keys = Path(os.environ.get("TSUNAGI_ATTACHMENT_KEYS") or var / "secrets" / "attachment-keys")
    told = [(True, "添付のウイルス検査: していません(TSUNAGI_CLAMAV)", "")]
    if os.environ.get("TSUNAGI_CLAMAV"):
        from tsunagi.workbench.files.scanner import Scanner

        version = Scanner(os.environ["TSUNAGI_CLAMAV"]).version()
        told = [
            (
                bool(version),
                f"添付のウイルス検査: {version or 'clamd が答えません'}",
                "clamd を起動してください",
            )
        ]
    if keys.exists():
        fine = not keys.stat().st_mode & 0o077
        told.append((fine, "添付の鍵は、ほかの利用者に読めない", f"chmod 600 {keys} を実行してください"))
    return told


def _demo_or_real() -> tuple[bool, str, str]:
    """Whether this database may be served in this mode: a demo city never as a real one, nor the other way round."""
    _ready("app")
    from django.conf import settings
    from django.db import DatabaseError, connections

    from tsunagi.setup.queries import held_the_demo_city, what_forbids_serving

    try:
        marked, forbidden = held_the_demo_city(), what_forbids_serving(demo=settings.DEMO)
    except DatabaseError:
        return True, "登録: まだありません(tsunagi setup か tsunagi serve で用意します)", ""
    finally:
        connections.close_all()
    what = "架空の市(デモ)" if marked else "本番"
    return not forbidden, f"登録: {what}", forbidden.replace("\n  ", " / ")


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _japanese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    out = subprocess.run(
        ["fc-list", ":lang=ja", "family"], capture_output=True, text=True, check=False
    ).stdout
    return bool(out.strip())


if __name__ == "__main__":
    sys.exit(main())
