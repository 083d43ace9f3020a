"""What is shipped: the wheel's contents, the locks, the commands of the Makefile and of continuous integration."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import LONGEST

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED = ("bot", "commands", "locales")


def run(*words: str | Path, cwd: Path) -> str:
    """Run a program to its end; its output is part of the failure when it fails."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pins(lock: str) -> dict[str, set[str]]:
    """Package name to the pinned lines (version and marker) of a lock."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            found.setdefault(line.partition("==")[0], set()).add(line.removesuffix("\\").strip())
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that the checkout stays as it is."""
    copy = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    target = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("--no-index", "--wheel-dir", target, "."),
        cwd=copy,
    )
    return next(target.glob("flushwatch-*.whl"))


def test_every_file_that_is_begun_first_is_there() -> None:
    """The list of the longest files of tests names each once, and none that was renamed."""
    assert len(set(LONGEST)) == len(LONGEST)
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_every_package_is_listed() -> None:
    """A folder of Python files that pyproject.toml forgets would be missing from the wheel."""
    folders = {path.parent for name in ("bot", "commands") for path in (ROOT / name).rglob("*.py")}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert names | {"locales"} == set(PROJECT["tool"]["setuptools"]["packages"])


def test_the_wheel_holds_every_file_of_the_program(wheel: Path) -> None:
    """Code, words, the page's files and the typing marker all arrive; tests and documents do not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        path.relative_to(ROOT).as_posix()
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"bot/py.typed", "locales/en/core.ftl", "locales/es/core.ftl"} <= expected
    assert {name for name in names if ".dist-info/" not in name} == expected


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Installed from the runtime lock alone, far from the checkout, the command line answers a question."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    lock = ROOT / "requirements" / "runtime.txt"
    run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock, cwd=tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    answer = run(python.with_name("flushwatch"), "ask", "/funding BTC", "--recording", "article", cwd=tmp_path)
    assert "BTC funding" in answer
    assert "/8h" in answer


@pytest.mark.parametrize(("lock", "group"), [("runtime.txt", "build"), ("test.txt", "test"), ("bench.txt", "bench")])
def test_a_lock_satisfies_pyproject(lock: str, group: str) -> None:
    """Every dependency that pyproject.toml names is pinned in the lock at a version it allows."""
    wanted = PROJECT["project"]["dependencies"] + [
        line for line in PROJECT["dependency-groups"][group] if isinstance(line, str)
    ]
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        lines = locked.get(canonicalize_name(requirement.name), set())
        assert lines, f"{requirement.name} is not in {lock}; run `make lock`"
        versions = [line.partition("==")[2].partition(";")[0].strip() for line in lines]
        assert all(requirement.specifier.contains(version) for version in versions), lines


def test_the_test_lock_holds_the_runtime_lock() -> None:
    """What is tested is what runs: both locks agree on every package of the running program."""
    runtime, test = pins("runtime.txt"), pins("test.txt")
    assert {name: test.get(name) for name in runtime} == runtime


def test_the_bench_lock_holds_the_test_lock() -> None:
    """What is measured is what runs: the bench lock has other versions only of what ccxt asks for in one version."""
    test, bench = pins("test.txt"), pins("bench.txt")
    assert {name for name in test if bench.get(name) != test[name]} <= {"idna", "multidict", "propcache"}


@pytest.mark.parametrize("lock", ["runtime.txt", "test.txt", "bench.txt"])
def test_a_lock_installs_anywhere(lock: str) -> None:
    """Every pin carries hashes, and nothing in the lock names an index, a folder or an address."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"--(?:extra-)?index-url|--find-links|\S*://\S*|^#.* /\S+", text, flags=re.MULTILINE) == []


def test_continuous_integration_runs_what_the_readme_says() -> None:
    """The test command of the README is the last step of .ci/run, and it is a target of the Makefile."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    steps = re.findall(r"^step (\w+) (.+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE)
    name, command = steps[-1]
    assert name == "tests"
    assert re.search(rf"^{command}$", readme, flags=re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{word.removeprefix('make ')}: " in makefile for _, word in steps)


def test_the_makefile_refuses_an_old_python(tmp_path: Path) -> None:
    """Without a Python that is new enough, make says which one it needs instead of failing somewhere later."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", ".venv/bin/python", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
