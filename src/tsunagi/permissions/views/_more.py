"""What the lists of 管理 share: the way to the next page."""

from __future__ import annotations

from typing import Any

from tsunagi.shared.edges import Request


def next_page(request: Request, name: str, following: int | None, total: int) -> dict[str, Any]:
    """`total`, `next_url` and `first_url` for `{% pager %}`; `name` is the query's field that carries the number."""
    asked = request.GET.copy()
    began = asked.pop(name, [""])
    first = f"{request.path}?{asked.urlencode()}"
    asked[name] = str(following)
    return {
        "total": total,
        "next_url": f"{request.path}?{asked.urlencode()}" if following else "",
        "first_url": first if began != [""] else "",
    }
