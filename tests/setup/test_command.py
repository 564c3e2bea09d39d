"""`tsunagi setup`, as a city's engineer types it, and the guard before serving."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.test_cli import a_free_port, run
from tsunagi.config.embedded import Cluster


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty TSUNAGI_VAR."""
    folder = tmp_path_factory.mktemp("machi")
    yield folder
    Cluster(folder).erase()


def test_from_the_example_to_a_city_that_may_open(var: Path, tmp_path: Path) -> None:
    file, words = tmp_path / "machi.yaml", tmp_path / "passwords.csv"
    example = run(var, "setup", "--example").stdout
    assert "みどり町" in example
    file.write_bytes(example.replace("当番: sato", "当番: satou").encode("cp932"))

    wrong = run(var, "setup", str(file), "--check")
    assert wrong.returncode == 1
    assert "「sato」のことですか" in wrong.stderr
    assert f"{file}:" in wrong.stderr
    assert "何も登録していません" in wrong.stderr

    file.write_text(example)
    checked = run(var, "setup", str(file), "--check")
    assert checked.returncode == 0, checked.stderr
    assert "46" not in run(var, "setup", "--export").stdout  # nothing stands yet

    done = run(var, "setup", str(file), "--passwords", str(words))
    assert done.returncode == 0, done.stderr
    assert "登録しました" in done.stdout
    assert oct(os.stat(words).st_mode)[-3:] == "600"
    assert words.read_text(encoding="utf-8-sig").count("-") == 8 * 3
    assert "watanabe" in words.read_text(encoding="utf-8-sig")

    again = run(var, "setup", str(file))
    assert "変わるところはありませんでした" in again.stdout
    exported = tmp_path / "now.yaml"
    exported.write_text(run(var, "setup", "--export").stdout)
    assert "変わるところはありませんでした" in run(var, "setup", str(exported)).stdout

    # Another file of passwords is never written over, and the demo does not come into a real city.
    assert "上書きしない" in run(var, "setup", str(file), "--passwords", str(words)).stderr
    demo = run(var, "demo", "--size", "small", "--no-serve")
    assert demo.returncode == 1
    assert "入れられません" in demo.stderr
    as_demo = run(var, "serve", "--demo", "--port", str(a_free_port()))
    assert as_demo.returncode == 1
    assert "練習用の設定" in as_demo.stderr
    assert "本番" in run(var, "doctor").stdout


def test_no_file_and_a_missing_file_are_said_plainly(var: Path) -> None:
    assert "--example" in run(var, "setup").stderr
    missing = run(var, "setup", "nowhere.yaml")
    assert missing.returncode == 1
    assert "読めません" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_a_demo_city_is_not_served_as_a_real_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    var = tmp_path_factory.mktemp("demo")
    try:
        assert run(var, "demo", "--size", "small", "--no-serve").returncode == 0
        refused = run(var, "serve", "--port", str(a_free_port()))
        assert refused.returncode == 1
        assert "tsunagi serve --demo" in refused.stderr
        doctor = run(var, "doctor")
        assert doctor.returncode == 1
        assert "架空の市(デモ)" in doctor.stdout
        assert len(doctor.stdout.splitlines()) <= 24
        opened = run(var, "setup", "--export")
        assert opened.returncode == 0
        file = var / "machi.yaml"
        file.write_text(run(var, "setup", "--example").stdout)
        assert run(var, "setup", str(file)).returncode == 1
    finally:
        Cluster(var).erase()
