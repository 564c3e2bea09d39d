"""Pages for what went wrong: what happened, what to do next. They ask the database nothing."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.csrf import requires_csrf_token

from tsunagi.shared import edges

TITLES = {
    400: "受け取れない内容でした",
    401: "サインインが必要です",
    403: "この操作はできません",
    404: "ご覧になれません",
    409: "保存できませんでした",
    413: "大きすぎて受け取れません",
    500: "こちらの不具合です",
    503: "いま混み合っています",
}
SENTENCES = {
    400: "送られた内容を読み取れませんでした。前の画面に戻り、もう一度入力してください。",
    403: "この操作をする役割ではないようです。必要なときは、所属の管理職に相談してください。",
    404: "このページはないか、あなたの担当ではありません。番号を確かめるか、今日の画面に戻ってください。",
    413: "送るものが大きすぎます。前の画面に戻り、文章は何回かに分けて、ファイルは分けるか小さくして、もう一度送ってください。",
    500: "画面を作れませんでした。少し待って開き直してください。続くときは、時刻と操作をシステム管理者に伝えてください。",
    503: edges.AGAIN,
}


def show(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    """The page (for htmx: the sentence alone, as an alert) for this status."""
    sentence = sentence or SENTENCES[status]
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(
            format_html('<p role="alert" class="alert alert-error">{}</p>', sentence), status=status
        )
    context = {"status": status, "title": TITLES[status], "sentence": sentence}
    return HttpResponse(render_to_string("errors/error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 for what is larger than a form may be."""
    return show(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return show(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what is not there and for what is not yours. A number has a button that answers alike, too."""
    if not _asks_for_a_number(request) or request.headers.get("HX-Request") == "true":
        return show(request, 404)
    context = {"status": 404, "title": TITLES[404], "sentence": NOT_YOURS, "address": request.path[:200]}
    return HttpResponse(render_to_string("errors/not_yours.html", context, request), status=404)


NOT_YOURS = "担当がいれば声をかけます。番号を確かめるか、今日の画面に戻ってください。"


def _asks_for_a_number(request: HttpRequest) -> bool:
    """Whether the address names a record by its number, whoever it is or is not: the address alone decides."""
    match = request.resolver_match
    return match is not None and any(isinstance(value, int) for value in match.kwargs.values())


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that could not be reached (also outside the edges)."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)) and edges.passes_over(error):
        return show(request, 503)
    return show(request, 500)


def refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The edges' answer: 409 with a law's sentence, 503 with "press again"."""
    if status == 503 and request.method == "POST" and request.headers.get("HX-Request") != "true":
        return _kept(request, status, sentence)
    return show(request, status, sentence)


SIGNED_OUT = "しばらく操作がなかったため、サインインが切れました。"


def signed_out_fragment(request: HttpRequest) -> HttpResponse:
    """401 for htmx: never a redirect that looks like success."""
    words = format_html(
        '<p role="alert" class="alert alert-error">{}入力はこの画面に残っています。'
        '<a href="{}" target="_blank" rel="noopener">別の画面でサインイン</a>してから、もう一度押してください。</p>',
        SIGNED_OUT,
        reverse("account_login"),
    )
    return HttpResponse(words, status=401)


@requires_csrf_token
def signed_out(request: HttpRequest) -> HttpResponse:
    """401 for a form: what was typed is shown back and can be sent again after signing in."""
    return _kept(
        request,
        401,
        f"{SIGNED_OUT}入力した内容は下に残っています。サインインしてから「もう一度送る」を押してください。",
    )


ENROL = "先に、二つ目の確認を登録してください。"


@requires_csrf_token
def enrol_first(request: HttpRequest) -> HttpResponse:
    """401 where a second factor must be registered first: what was typed is shown back, for htmx it stays in the page."""
    address = reverse("accounts:second_factor")
    if request.headers.get("HX-Request") == "true":
        words = format_html(
            '<p role="alert" class="alert alert-error">{}入力はこの画面に残っています。'
            '<a href="{}" target="_blank" rel="noopener">別の画面で登録</a>してから、もう一度押してください。</p>',
            ENROL,
            address,
        )
        return HttpResponse(words, status=401)
    return _kept(
        request,
        401,
        f"{ENROL}入力した内容は下に残っています。登録してから「もう一度送る」を押してください。",
        enrol_at=address,
    )


@requires_csrf_token
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check: an old form of ours may be sent again; a form of another site may not."""
    if request.headers.get("HX-Request") == "true":
        return show(request, 403, "画面が古くなっています。入力を残したまま、画面を開き直してください。")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or _foreign(
        request
    ):
        return show(request, 403, "別のサイトからの送信は受け付けません。")
    return _kept(
        request,
        403,
        "画面が古くなっていたため、まだ保存していません。内容を確かめて「もう一度送る」を押してください。",
    )


def _foreign(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    ours = f"{request.scheme}://{request.get_host()}"
    return bool(origin) and origin != ours and not str(origin).startswith(f"{ours}/")


def _kept(request: HttpRequest, status: int, sentence: str, *, enrol_at: str = "") -> HttpResponse:
    """A page that carries everything that was typed, to be sent again to the same address."""
    secret = ("csrfmiddlewaretoken", "password")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name for word in secret)
        for value in values
    ]
    context = {
        "status": status,
        "title": TITLES[status],
        "sentence": sentence,
        "address": request.get_full_path(),
        "kept": kept,
        "texts": [value for _, value in kept if len(str(value)) > 3 and not str(value).isdigit()],
        "had_files": bool(request.FILES),
        "enrol_at": enrol_at,
    }
    return HttpResponse(render_to_string("errors/kept.html", context, request), status=status)
