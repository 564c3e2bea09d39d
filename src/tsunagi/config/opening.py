"""`tsunagi setup`: a real city from its file, what stands written back as a file, and the guard before serving."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from tsunagi.shared.refusal import Refused


def example() -> str:
    """The commented example of an invented town, as it is shipped."""
    return (resources.files("tsunagi.setup") / "data" / "example.yaml").read_text(encoding="utf-8")


def exported() -> str:
    """What stands, as a file that can be loaded again. It names workers: keep it like the register of staff."""
    from tsunagi.setup.queries import standing
    from tsunagi.setup.rules.writing import write

    head = "つなぎ 開設ファイル(いま登録されているもの)\n職員の氏名が入っています。職員名簿と同じに扱ってください。パスワードは入っていません。"
    return write(standing().document, head=head)


def open_from(file: Path, *, check: bool, passwords: Path | None, at: datetime) -> int:
    """Read, tell every problem, and load unless it is only a check; the process's exit code."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError:
        return _tell(f"ファイル {file} を読めません。場所と名前を確かめてください。")
    if passwords is not None and passwords.exists():
        return _tell(f"{passwords} はすでにあります。上書きしないよう、別の名前にしてください。")
    from tsunagi.setup.actions import open_city
    from tsunagi.setup.queries import standing
    from tsunagi.setup.rules.planning import plan
    from tsunagi.setup.rules.reading import read
    from tsunagi.shared import edges

    reading = read(data)
    planned = plan(reading.document, standing())
    for note in [*reading.notes, *planned.notes]:
        _say(f"{file}:{note.line}: (覚え) {note.sentence}")
    problems = sorted({*reading.problems, *planned.problems})
    if problems:
        for problem in problems:
            _tell(f"{file}:{problem.line}: {problem.sentence}")
        return _tell(
            f"直すところが{len(problems)}か所あります。何も登録していません。直してから、もう一度実行してください。"
        )
    _say_plan(planned)
    if check:
        _say("確かめました(何も登録していません)。登録するときは、--check をつけずに実行します。")
        return 0
    try:
        with edges.opened_trail(None, "cli", at):
            opened = open_city(reading.document, at=at)
    except Refused as refusal:
        return _tell(f"{file}: {refusal}\n何も登録していません。直してから、もう一度実行してください。")
    _say(
        f"{len(opened.plan.steps)}件を登録しました。"
        if opened.plan.steps
        else "変わるところはありませんでした。"
    )
    if opened.passwords:
        _hand_over(opened.passwords, passwords)
    _say_what_is_missing(at)
    return 0


def _say_plan(planned: Any) -> None:
    for step in planned.steps:
        _say(f"  ・{step.sentence}")
    if planned.left:
        _say("ファイルにないもの(消さずに残します):")
        for line in planned.left:
            _say(f"  ・{line}")


def _hand_over(passwords: dict[str, str], file: Path | None) -> None:
    """The new passwords: on the screen, or into a file that only its owner reads."""
    if file is not None:
        text = "サインイン名,パスワード\r\n" + "".join(
            f"{name},{word}\r\n" for name, word in passwords.items()
        )
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as stream:
            stream.write(text)
        _say(
            f"{len(passwords)}人のパスワードを {file} に書きました。印刷して本人に手渡し、ファイルは消してください。"
        )
        return
    width = max(map(len, passwords))
    _say("パスワード(一度だけ出ます。紙に写して本人に手渡し、最初のサインインのあとで変えてもらってください)")
    for name, word in passwords.items():
        _say(f"  {name:<{width}}  {word}")


def _say_what_is_missing(at: datetime) -> None:
    from tsunagi.setup.queries import readiness
    from tsunagi.shared.days import day_of

    found = readiness(on=day_of(at))
    if found.missing:
        _say("開く前に、まだ要ること(管理 → 開設の点検 でも見られます):")
        for line in found.missing:
            _say(f"  × {line.title}: {line.what_to_do}")
    else:
        _say("開くために要ることは、そろっています。tsunagi serve で動かせます。")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def _tell(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
