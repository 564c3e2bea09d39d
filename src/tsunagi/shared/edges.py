"""The edge of a request: one transaction, the worker's number in it, and the trail of every look.

`@reads`, `@asks` and `@writes` are the only ways a view touches the database; `@signs_in` is for the sign-in alone.

* One `SELECT set_config(...)` tells the database who asks, that only their rows are to be seen (`shared/rows.py`), and
  whether this transaction may write.
* `@reads`, and the GET of `@writes`, are read-only in the database, not by promise. So is `@asks`, which also takes
  POST: a question with a name in it must not stand in an address, where a browser's history keeps it.
* The POST of `@writes` is one transaction. Deferred laws speak before it commits. An answer of 400 or more rolls
  back: a refusal leaves nothing behind.
* The trail of a write that succeeds is stored in its transaction; the trail of a read, a refusal or a roll-back in
  a second one, before the answer leaves. If it cannot be stored there is no answer: no log, no page.
* A law the database refuses is answered with the law's own sentence (409). Row values never leave: PostgreSQL's
  DETAIL is cut from what is raised further.
* A serialization failure, a deadlock or a lost connection is retried once for reads; a write is answered 503 and
  nothing was stored.

Outside requests (tasks, cli, tests) `opened_trail` opens the trail that doors need.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NoReturn, Protocol

from django.apps import apps
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone

from . import rows
from .refusal import Refused


class NoTrail(RuntimeError):
    """A door was opened where nobody keeps the log. Open one: a view's mark, or `opened_trail`."""


class Request(HttpRequest):
    """What a view is given: Django's request with what the middleware sets. For annotations only."""

    worker: Any
    now: datetime
    today: date
    htmx: Any


class Elsewhere(Exception):
    """The answer is on another page; nothing of this transaction is kept (a form that was sent a second time)."""

    def __init__(self, link: str) -> None:
        super().__init__(link)
        self.link = link


@dataclass(frozen=True)
class Entry:
    """One look: what was done to which thing, for what purpose, on what ground. Numbers and codes only."""

    action: str
    subject_kind: str
    subject_id: int | None
    purpose: str = ""
    ground: str = ""
    detail: dict[str, Any] | None = None


class Store(Protocol):
    """Stores a trail: entries, whose, when, and through which channel ("web", "task", "cli")."""

    def __call__(
        self, entries: Sequence[Entry], worker_id: int | None, at: datetime, channel: str
    ) -> None: ...


class Answer(Protocol):
    """Makes the page for a refusal: status 409 or 503 and the sentence to show."""

    def __call__(self, request: HttpRequest, status: int, sentence: str) -> HttpResponse: ...


@dataclass
class Trail:
    """The looks of one request or one task, until they are stored."""

    worker_id: int | None
    channel: str
    at: datetime
    entries: list[Entry] = field(default_factory=list)
    later: list[Callable[[datetime], None]] = field(default_factory=list)

    def store(self) -> None:
        """Write the entries into the current transaction and forget them; what waited for it is done beside them."""
        if self.entries:
            if _store is None:
                raise NoTrail("記録の置き場所が登録されていません(edges.store_with)。")
            entries, self.entries = self.entries, []
            _store(entries, self.worker_id, self.at, self.channel)
        later, self.later = self.later, []
        for deed in later:
            deed(self.at)

    def store_apart(self) -> None:
        """Write the entries in a transaction of their own."""
        if self.entries or self.later:
            with transaction.atomic(), _introduced(self.worker_id, read_only=False):
                self.store()


AGAIN = "もう一度押してください。入力は残っています。"
TAKEN = "ほかの操作と重なったため保存できませんでした。画面を開き直して、内容を確かめてからもう一度お試しください。"

law_sentences: dict[str, str] = {}
"""Better words for laws that are triggers, by the constraint name; without an entry the trigger's own are shown."""

_open_trail: ContextVar[Trail | None] = ContextVar("tsunagi_trail", default=None)
_store: Store | None = None
_answer: Answer | None = None


def store_with(store: Store) -> None:
    """Register where trails are stored (config/wiring.py does)."""
    global _store
    _store = store


def answer_with(answer: Answer) -> None:
    """Register what renders the 409 and 503 pages (config/wiring.py does)."""
    global _answer
    _answer = answer


def leave_trail(
    action: str,
    *,
    subject_kind: str,
    subject_id: int | None,
    purpose: str = "",
    ground: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Note a look at a thing. Raises NoTrail where no trail is open."""
    trail = _open_trail.get()
    if trail is None:
        raise NoTrail(f"{action}: 記録が開かれていません。")
    trail.entries.append(Entry(action, subject_kind, subject_id, purpose, ground, detail))


def with_the_trail(deed: Callable[[datetime], None]) -> None:
    """Do this where the trail is stored: in its transaction, which may write although the page only reads.

    It is given the trail's moment. Where no trail is open (a rule asked in a test) nothing is done.
    """
    trail = _open_trail.get()
    if trail is not None:
        trail.later.append(deed)


@contextlib.contextmanager
def opened_trail(worker_id: int | None, channel: str, at: datetime | None = None) -> Iterator[Trail]:
    """Keep the trail of a task, a command or a test; stored when the block ends, also when it fails."""
    trail = Trail(worker_id, channel, at or timezone.localtime())
    token = _open_trail.set(trail)
    try:
        yield trail
    except BaseException:
        _open_trail.reset(token)
        # Inside somebody's broken transaction nothing can be stored any more; that failure is theirs to see.
        if not connection.in_atomic_block:
            trail.store_apart()
        raise
    _open_trail.reset(token)
    trail.store_apart()


View = Callable[..., HttpResponse]


def reads(view: View) -> View:
    """The view only reads: GET and HEAD, in a read-only transaction."""
    return _edge(view, writes=False)


def asks(view: View) -> View:
    """The view only reads, also on POST: what is asked (a name, a number) travels in the body, never in an address."""
    return _edge(view, writes=False, asks=True)


def writes(view: View) -> View:
    """The view's GET only reads; its POST is one transaction that is kept if the answer is below 400."""
    return _edge(view, writes=True)


def signs_in(view: View) -> View:
    """A view of the sign-in itself: outside any transaction, because what it counts (wrong codes) must survive its own
    refusal, and the way back from the city's sign-on is a GET that begins a session. Its deeds are transactions of
    their own; its trail is stored whatever it answers.
    """

    @functools.wraps(view)
    def edge(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        at = getattr(request, "now", None) or timezone.localtime()
        try:
            with opened_trail(worker_id_of(request), "web", at):
                return view(request, *args, **kwargs)
        except Refused as refusal:
            return answer(request, 409, str(refusal))
        except (DatabaseError, InterfaceError) as error:
            trouble = error
        return _answer_trouble(request, trouble)

    edge.edge = "signs_in"  # type: ignore[attr-defined]  # what the house test looks for
    return edge


def _answer_trouble(request: HttpRequest, trouble: BaseException) -> HttpResponse:
    """503 when pressing again may help, 409 with a law's sentence; anything else is raised without row values."""
    if passes_over(trouble):
        _drop_broken_connection()
        return answer(request, 503, AGAIN)
    sentence = sentence_of(trouble)
    if sentence is None:
        raise_bare(trouble)
    return answer(request, 409, sentence)


def _edge(view: View, *, writes: bool, asks: bool = False) -> View:
    methods = ["GET", "HEAD", "POST"] if writes or asks else ["GET", "HEAD"]

    @functools.wraps(view)
    def edge(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        read_only = asks or request.method != "POST"
        try:
            try:
                return _pass(view, request, args, kwargs, read_only=read_only)
            except (OperationalError, InterfaceError) as error:
                if not (read_only and passes_over(error)):
                    raise
                _drop_broken_connection()
            return _pass(view, request, args, kwargs, read_only=read_only)
        except Elsewhere as elsewhere:
            return _lead(request, elsewhere.link)
        except Refused as refusal:
            return answer(request, 409, str(refusal))
        except (DatabaseError, InterfaceError) as error:
            trouble = error
        # Outside the except block, so that the original, with its row values, is not carried along as context.
        return _answer_trouble(request, trouble)

    edge.edge = "writes" if writes else "asks" if asks else "reads"  # type: ignore[attr-defined]  # what the house test looks for
    return edge


def _pass(
    view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any], *, read_only: bool
) -> HttpResponse:
    """One try: transaction, view, laws, trail."""
    worker_id = worker_id_of(request)
    trail = Trail(worker_id, "web", getattr(request, "now", None) or timezone.localtime())
    token = _open_trail.set(trail)
    try:
        nested = connection.in_atomic_block  # only in tests
        with transaction.atomic(), _introduced(worker_id, read_only=read_only):
            response = view(request, *args, **kwargs)
            _check_finished(view, response)
            if read_only and not nested:
                pass  # It changed nothing; a roll-back would make the driver forget what it has prepared.
            elif read_only or response.status_code >= 400 or transaction.get_rollback():
                # Rolling back also ends the read-only state inside a test's savepoint.
                transaction.set_rollback(True)
            else:
                connection.check_constraints()
                trail.store()
    except (OperationalError, InterfaceError) as error:
        if not passes_over(error):
            trail.store_apart()
        raise
    except Exception:
        trail.store_apart()
        raise
    finally:
        _open_trail.reset(token)
    trail.store_apart()
    return response


def worker_id_of(request: HttpRequest) -> int | None:
    """The number of the worker who asks; None for a page that anybody may see."""
    worker = getattr(request, "worker", None)
    return worker.pk if worker is not None and worker.is_authenticated else None


@contextlib.contextmanager
def _introduced(worker_id: int | None, *, read_only: bool) -> Iterator[None]:
    """Tell the database who asks, what they may see and whether this transaction may write: one statement.

    The settings end with the transaction. In a test they would outlive the savepoint: then they are taken back.
    """
    nested = bool(connection.savepoint_ids)
    who = "" if worker_id is None else str(worker_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tsunagi.worker', %s, true), set_config('transaction_read_only', %s, true),"
            " current_setting('tsunagi.reach', true), set_config('tsunagi.reach', 'worker', true),"
            " set_config('tsunagi.offices', seen.offices_of(%s), true)",
            [who, "on" if read_only else "off", worker_id],
        )
        before = (cursor.fetchone() or (None, None, None))[2] or ""
    was = rows.narrowed(True)
    try:
        yield
    finally:
        rows.narrowed(was)
        if nested and rows.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('tsunagi.worker', '', true), set_config('tsunagi.reach', %s, true)",
                    [before],
                )


class Bytes(StreamingHttpResponse):
    """The one answer that may stream: bytes of a file that was opened inside the transaction. Sending them asks the
    database nothing, so a large file needs neither memory nor an open transaction."""


def _check_finished(view: View, response: HttpResponse) -> None:
    if isinstance(response, Bytes):
        return
    if response.streaming or not getattr(response, "is_rendered", True):
        raise TypeError(
            f"{view.__module__}.{view.__name__} must return a finished HttpResponse:"
            " anything else would be rendered outside its transaction."
        )


# -- what the database says -----------------------------------------------------------------------------

_PASSING = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock not available in lock_timeout
    "57014",  # statement_timeout
    "57P01",  # the server is being stopped
    "57P02",  # the server crashed
    "57P03",  # the server is starting
    "25P03",  # idle in transaction for too long
    "53300",  # too many connections
}


def passes_over(error: BaseException) -> bool:
    """Whether pressing again may help: serialization, deadlock, lock, time, or the connection itself."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = _sqlstate(error)
    return state is None or state in _PASSING or state.startswith("08")


def sentence_of(error: BaseException) -> str | None:
    """The sentence of the law this error names; None when no law was broken but the program is wrong."""
    cause = error.__cause__
    diag = getattr(cause, "diag", None)
    name = getattr(diag, "constraint_name", None)
    if name:
        sentence = law_sentences.get(name) or _model_sentences().get(name)
        if sentence:
            return sentence
        # Laws that are triggers speak for themselves: their message is a constant sentence without row values.
        if name.startswith("law_"):
            return str(getattr(diag, "message_primary", TAKEN))
    # A unique or foreign key without words of its own: somebody was there first.
    if isinstance(error, IntegrityError) and _sqlstate(error) in {"23503", "23505", "23P01"}:
        return TAKEN
    return None


@functools.cache
def _model_sentences() -> dict[str, str]:
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_models(include_auto_created=True)
        for constraint in model._meta.constraints
        if constraint.violation_error_message
        and constraint.violation_error_message != constraint.default_violation_error_message
    }


def raise_bare(error: BaseException) -> NoReturn:
    """Raise the error again with PostgreSQL's own sentence only, without DETAIL, which quotes rows."""
    diag = getattr(error.__cause__, "diag", None)
    primary = getattr(diag, "message_primary", None) or str(error).split("\n")[0]
    name = getattr(diag, "constraint_name", None)
    bare = type(error)(f"{primary} [{_sqlstate(error)}{f' {name}' if name else ''}]")
    raise bare.with_traceback(error.__traceback__) from None


def answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The page for a refusal, by whoever was registered with `answer_with`."""
    if _answer is None:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return _answer(request, status, sentence)


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _lead(request: HttpRequest, link: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": link})
    return HttpResponseRedirect(link)


def _drop_broken_connection() -> None:
    """Forget a connection that died, so that the next use opens a fresh one."""
    if not connection.in_atomic_block and connection.connection is not None and not connection.is_usable():
        connection.close()
