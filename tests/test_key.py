"""The key of an installation: random or refused, known by its fingerprint, and never lost or changed without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small import REGISTER, House
from warm import Warm

from etl.diff import compare
from etl.editions import current, list_editions
from etl.errors import SourceError
from etl.secret import fingerprint, is_strong, secret

NAME = "ken_station_register"
# Invented for these tests alone.
FIRST, SECOND = "9f3c07d1e85ab264c01d7fe3926b48a5", "5be1f09a47c83d62e90b74ad1c6f8253"


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture
def house(tmp_path: Path, warm: Warm) -> House:
    made = House(tmp_path / "house", warm)
    made.declare(NAME)
    made.receive(NAME)
    return made


def give_key(house: House, key: str) -> None:
    path = house.data / "secret.key"
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(key, "utf-8")


@pytest.mark.parametrize(
    "key",
    [
        "a" * 64,
        "secretsecretsecretsecretsecretsecretsecret",
        "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdeffedcba9876543210",
        "123456789101112131415161718192021222324252627",
        "10203040506070809000102030405060708090",
        "9f3c07d1e85ab264c01d7fe3926b48a",
        "correct horse battery staple and more",
        "an invented secret for tests, long enough",
        "",
    ],
)
def test_a_key_that_somebody_could_guess_is_refused(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_SECRET_KEY", key)
    with pytest.raises(SourceError, match=r"PEMBE_SECRET_KEY is .* a key has at least 32 hexadecimal digits") as fault:
        secret(tmp_path)
    assert not key or key not in str(fault.value)


@pytest.mark.parametrize("key", [FIRST, SECOND, FIRST.upper(), FIRST + SECOND])
def test_a_key_that_was_drawn_at_random_is_taken(key: str) -> None:
    assert is_strong(key)


def test_the_key_is_drawn_at_first_need_for_its_owner_alone(tmp_path: Path) -> None:
    key = secret(tmp_path)
    assert re.fullmatch(rb"[0-9a-f]{64}", key) and secret(tmp_path) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_the_manifest_names_the_key_by_a_fingerprint_that_is_not_the_key(house: House) -> None:
    give_key(house, FIRST)
    assert house.build().code == 0
    manifest = json.loads((current(house.data).folder / "manifest.json").read_text("utf-8"))
    # HMAC-SHA-256 of "fingerprint" under the key, its first 16 digits
    assert manifest["key"] == "5218966367e5ba42" == fingerprint(FIRST.encode())
    assert FIRST not in json.dumps(manifest)


def test_two_installations_with_two_keys_have_two_names_for_the_same_files(house: House, tmp_path: Path) -> None:
    other = House(tmp_path / "other", house.warm)
    other.declare(NAME)
    other.receive(NAME)
    for one, key in ((house, FIRST), (other, SECOND)):
        give_key(one, key)
        assert one.build().code == 0
    names = [current(one.data).name for one in (house, other)]
    assert names[0] != names[1]
    assert all(re.fullmatch(r"2026-01-31-[0-9a-f]{16}", name) for name in names)


def test_a_lost_key_stops_the_build_and_the_check_with_the_option_that_says_it_is_meant(house: House) -> None:
    give_key(house, FIRST)
    assert house.build().code == 0
    before = current(house.data)
    (house.data / "secret.key").unlink()
    told = (
        "secret.key is gone, and the editions here were made with it; restore it from its backup, or say `--new-key` if the "
        "next edition is meant to have another key and other numbers"
    )
    ended = house.build("2026-02-01")
    assert (ended.code, ended.err.strip().splitlines()[-1]) == (1, told)
    words = [*house.words()[house.words().index("--raw") :]]
    checked = house.warm.run("check", str(house.folder / "sources" / f"{NAME}.yml"), *words)
    assert (checked.code, checked.err.strip().splitlines()[-1]) == (1, told)
    assert not (house.data / "secret.key").exists() and list_editions(house.data) == [before]
    assert house.warm.run(*house.words("2026-02-01"), "--new-key").code == 0
    assert current(house.data).key != before.key
    assert house.build("2026-02-02").code == 0


def test_another_key_stops_the_build_until_the_right_one_is_back_or_the_other_is_meant(house: House) -> None:
    give_key(house, FIRST)
    assert house.build().code == 0
    give_key(house, SECOND)
    ended = house.build("2026-02-01")
    assert ended.code == 1
    told = "secret.key is not the key of the current edition (fingerprints 8e3d235a0837ef9b and 5218966367e5ba42); restore that"
    assert ended.err.strip().splitlines()[-1].startswith(told)
    give_key(house, FIRST)
    assert house.build("2026-02-01").code == 0
    give_key(house, SECOND)
    assert house.warm.run(*house.words("2026-02-02"), "--new-key").code == 0
    assert house.build("2026-02-03").code == 0


def test_the_comparison_of_two_editions_names_the_key_as_a_cause(house: House) -> None:
    give_key(house, FIRST)
    assert house.build().code == 0
    give_key(house, SECOND)
    house.receive(NAME, REGISTER.replace("Uganda", "Rwanda"))
    assert house.warm.run(*house.words("2026-02-01"), "--new-key").code == 0
    older, newer = list_editions(house.data)
    report = compare(older, newer)
    assert "they were made with two keys (fingerprints 5218966367e5ba42 and 8e3d235a0837ef9b)" in report.sentences[-1]
    assert ("key", "changed") in next(one.rows for one in report.listings if one.title == "lists, rules and program")
    with duckdb.connect(str(newer.public), read_only=True) as connection:
        causes = connection.execute("SELECT kind, what FROM edition_cause WHERE name = 'key'").fetchall()
    assert causes == [("list", "changed")]
