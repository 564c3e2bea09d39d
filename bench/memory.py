"""Two web workers together after every hub page was used: at most 400 MB (proportional set size, shared pages once).

The demo city in a place of its own (`var/bench`), gunicorn as the product runs it but with two workers, the busiest
worker signed in. Each page is asked until both workers have answered it often.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagi.config.settings"
os.environ["TSUNAGI_VAR"] = os.environ.get(
    "TSUNAGI_BENCH_VAR", str(Path(__file__).parent.parent / "var" / "bench")
)
os.environ["TSUNAGI_REACH"] = "whole"  # outside requests; inside them the edges narrow it
os.environ.pop("DATABASE_URL", None)
LIMIT_MB = 400.0
ROUNDS = 12


def main() -> int:
    """Print the memory of the master and of each worker, and together; 1 when it is more than it may be."""
    tool = str(Path(sys.executable).with_name("tsunagi"))
    subprocess.run([tool, "demo", "--size", "city", "--no-serve"], check=True, stdout=subprocess.DEVNULL)
    try:
        return _measure()
    finally:
        subprocess.run([tool, "stop-database"], check=True, stdout=subprocess.DEVNULL)


def _measure() -> int:
    import django

    django.setup()
    cookie, pages = _signed_in()
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tsunagi.config.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--workers", "2", "--threads", "4", "--timeout", "60", "--log-level", "warning", "--no-control-socket"],
        env={name: value for name, value in os.environ.items() if name != "TSUNAGI_REACH"}
        | {"TSUNAGI_ROLE": "app", "TSUNAGI_DEMO": "1"},
        start_new_session=True,
    )  # fmt: skip
    try:
        workers = _ready(server.pid, port)
        for _ in range(ROUNDS):
            for page in pages:
                _ask(port, page, cookie)
        found = {pid: _megabytes(pid) for pid in workers}
        master = _megabytes(server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    together = sum(found.values()) + master
    for number, size in enumerate(found.values(), start=1):
        print(f"web worker {number}: {size:.0f} MB")
    print(
        f"master: {master:.0f} MB; together {together:.0f} MB after {ROUNDS} rounds of {len(pages)} pages"
        f" (may be {LIMIT_MB:.0f} MB)"
    )
    return int(len(found) != 2 or together > LIMIT_MB)


def _signed_in() -> tuple[str, list[str]]:
    """The cookie of a session of the busiest worker, and the hub pages with a person, a file and a referral."""
    from django.conf import settings
    from django.db.models import Count, Q
    from django.test import Client

    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case
    from tsunagi.holding.models import Hold
    from tsunagi.intake.models import Consultation

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    busiest = (
        Worker.objects.annotate(held=Count("holds", filter=Q(holds__closed_at__isnull=True)))
        .order_by("-held", "id")
        .first()
    )
    if busiest is None:
        raise SystemExit("the demo city has no workers")
    hold = (
        Hold.objects.filter(worker=busiest, closed_at__isnull=True)
        .select_related("concern")
        .order_by("id")[0]
    )
    case = Case.objects.filter(worker=busiest).order_by("id").first()
    told = Consultation.objects.filter(office_id=hold.office_id).order_by("id").first()
    client = Client()
    client.force_login(busiest, settings.AUTHENTICATION_BACKENDS[0])
    pages = [
        "/", "/mine/", "/uketsuke/", "/uketsuke/new/", "/uketsuke/kaigi/", "/uketsuke/kaigi/paper.pdf", "/people/",
        f"/person/{hold.concern.party_id}/", f"/concerns/{hold.concern_id}/", "/cases/", "/tsunagi/", "/net/",
        "/take-away/mine/", "/circulations/", "/workbench/drafts/", "/notices/",
    ]  # fmt: skip
    pages += [f"/cases/{case.pk}/"] if case else []
    pages += [f"/uketsuke/{told.pk}/"] if told else []
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={cookie}", pages


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(master: int, port: int) -> list[int]:
    """Wait until the server answers; the process numbers of its two workers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        with socket.socket() as probe:
            if len(children) == 2 and probe.connect_ex(("127.0.0.1", port)) == 0:
                return [int(child) for child in children]
        time.sleep(0.2)
    raise SystemExit("the server did not start")


def _ask(port: int, page: str, cookie: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{page}", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
        if answer.status != 200 or "login" in answer.url:
            raise SystemExit(f"{page}: {answer.status} {answer.url}")


def _megabytes(pid: int) -> float:
    """Proportional set size: what is shared between the processes counts once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"no memory of {pid} can be read")


if __name__ == "__main__":
    sys.exit(main())
