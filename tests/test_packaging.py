"""Pembe installed as a package, away from its checkout: the samples come with it, and editions go to the user's folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from pembe import ROOT
from schemas.folders import data_folder
from schemas.version import VERSION

PARTS = ("schemas", "etl", "dashboard", "data", "pyproject.toml", "README.md", "LICENSE", "Procfile")
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def test_every_folder_of_samples_and_published_figures_is_part_of_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = {name: files for name, files in settings["tool"]["setuptools"]["data-files"].items()}
    folders = [path.parent for kind in ("samples", "published") for path in (ROOT / "data" / kind).rglob("*") if path.is_file()]
    names = {folder.relative_to(ROOT / "data").as_posix() for folder in folders}
    assert listed == {f"share/pembe/{name}": [f"data/{name}/*"] for name in names}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the tree and install it into an environment that borrows the packages of this one."""
    folder = tmp_path_factory.mktemp("package")
    tree = folder / "tree"
    tree.mkdir()
    for part in PARTS:
        path = ROOT / part
        ignored = shutil.ignore_patterns("__pycache__", "editions", "raw", "secret.key")
        shutil.copytree(path, tree / part, ignore=ignored) if path.is_dir() else shutil.copy(path, tree / part)
    run = subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=tree, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr[-2000:]
    home = folder / "environment"
    venv.create(home, with_pip=True, symlinks=True)
    python = home / "bin" / "python"
    wheel = folder / f"pembe-{VERSION}-py3-none-any.whl"
    command = [str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr[-2000:]
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, encoding="utf-8"
    )
    (Path(site.stdout.strip()) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    shutil.rmtree(tree)
    return home


def pembe(installed: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PEMBE_DATA", "XDG_DATA_HOME")}
    environment = {**kept, "HOME": str(home), "COLUMNS": "200"}
    command = [str(installed / "bin" / "pembe"), *words]
    return subprocess.run(command, cwd=home, capture_output=True, encoding="utf-8", env=environment)


def test_an_installed_pembe_builds_the_samples_into_the_folder_of_the_user_and_exports_them(
    installed: Path, tmp_path: Path
) -> None:
    assert pembe(installed, tmp_path, "--version").stdout == f"pembe {VERSION}\n"
    missing = pembe(installed, tmp_path, "verify")
    assert (missing.returncode, missing.stderr) == (1, "no edition has been built yet; run `pembe build --samples`\n")
    build = pembe(installed, tmp_path, "--log", "pembe.log", "build", "--samples")
    assert build.returncode == 0, build.stderr
    pointer = tmp_path / ".local" / "share" / "pembe" / "editions" / "current"
    assert pointer.read_text().strip() in build.stdout
    log = (tmp_path / "pembe.log").read_text("utf-8")
    assert " INFO ken_ahtcpu_register\n" in log and (tmp_path / "pembe.log").stat().st_mode & 0o777 == 0o600
    export = pembe(installed, tmp_path, "export", "csv", "--country", "KEN", "--output", "kenya.csv")
    assert export.returncode == 0, export.stderr
    assert "TIP_VIC_DET" in (tmp_path / "kenya.csv").read_text("utf-8")


def test_an_installed_pembe_offers_completion_and_names_itself_in_its_help(installed: Path, tmp_path: Path) -> None:
    helped = pembe(installed, tmp_path, "build", "--help").stdout
    assert "Usage: pembe build" in helped and "PEMBE_DATA" in helped
    words = {"_PEMBE_COMPLETE": "complete_bash", "COMP_WORDS": "pembe buil", "COMP_CWORD": "1"}
    environment = {**os.environ, "HOME": str(tmp_path), **words}
    run = subprocess.run([str(installed / "bin" / "pembe")], capture_output=True, encoding="utf-8", env=environment)
    assert run.stdout.split() == ["build"]


def test_the_folder_that_is_named_goes_before_that_of_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PEMBE_DATA", raising=False)
    assert data_folder() == ROOT / "data"
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    assert data_folder() == tmp_path
