"""Where I am signed in, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.access import own_session_for
from tsunagi.accounts.actions import sessions as deeds
from tsunagi.accounts.queries.sign_in import sessions_of
from tsunagi.shared.edges import Request, writes
from tsunagi.ui.pages import page


@writes
def sessions(request: Request) -> HttpResponse:
    """Where I am signed in now; POST ends all but the one I sit at."""
    here = request.session.session_key
    if request.method == "POST":
        ended = deeds.end_sessions(request.worker, by=request.worker.pk, at=request.now, besides=here)
        words = (
            f"ほかの{ended}か所のサインインを終えました。"
            if ended
            else "ほかにサインインしている端末はありません。"
        )
        messages.success(request, words)
        return redirect("accounts:sessions")
    found = sessions_of(request.worker.pk, at=request.now, here=here)
    others = sum(not one.is_here for one in found)
    return page(request, "accounts/sessions.html", sessions=found, others=others)


@writes
def end_session(request: Request, sign_in_id: int) -> HttpResponse:
    """End one of my sessions."""
    found = own_session_for(request.worker, sign_in_id)
    if request.method == "POST":
        deeds.end_session(found, by=request.worker, at=request.now)
        messages.success(request, f"{found.browser}のサインインを終えました。")
    return redirect("accounts:sessions")
