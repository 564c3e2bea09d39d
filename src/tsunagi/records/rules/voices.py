"""苦情・要望: seen by the manager, not by the worker meant, with a day and an answer."""

from __future__ import annotations

from collections.abc import Iterable

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class VoiceKind(Labelled):
    """What was said to us."""

    COMPLAINT = "complaint", "苦情"
    WISH = "wish", "要望"
    PRAISE = "praise", "お礼・よかったこと"


class VoiceFrom(Labelled):
    """Who said it."""

    PERSON = "person", "本人"
    FAMILY = "family", "家族"
    NEIGHBOUR = "neighbour", "近隣・民生委員"
    AGENCY = "agency", "関係機関"
    WORKER = "worker", "職員"
    UNNAMED = "unnamed", "名前を言わない方"


class VoiceState(Labelled):
    """Where it stands."""

    OPEN = "open", "答える前"
    ANSWERED = "answered", "答えました"
    CLOSED = "closed", "返事は要らない"


OPEN_STATES = (VoiceState.OPEN.value,)


def who_answers(*, managers: Iterable[int], about: int | None, others: Iterable[int]) -> int | None:
    """Who answers: the office's manager; where the complaint is about that manager, the one who was named for it."""
    for candidate in (*managers, *others):
        if candidate != about:
            return candidate
    return None


def check_answer(words: str) -> None:
    """Raise Refused for an answer without words."""
    if not words.strip():
        raise Refused(
            "どう答えたかを書いてください。直接話したときは、その日と要点を書きます。", field="answer"
        )
