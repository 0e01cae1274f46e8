"""The key of an installation, of which draws, salts and names of editions are derived; no edition and no log holds it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from etl.errors import SourceError
from etl.private import private

VARIABLE = "PEMBE_SECRET_KEY"
FILE = "secret.key"
# What a key must be: a key that somebody made up can be guessed, and with it every number that is held back.
LEAST = 32
DIFFERENT = 8
REPEATED = 8
MAKE = "python3 -c 'import secrets; print(secrets.token_hex(32))'"
RULE = (
    f"a key has at least {LEAST} hexadecimal digits, letters and figures, of which nothing repeats or counts up; "
    f"restore yours from its backup, or draw a new one with {MAKE}"
)


def secret(data: Path) -> bytes:
    """Give the key of this installation: `PEMBE_SECRET_KEY`, or `data/secret.key`, made at first need for its owner only.

    Errors: SourceError for a weak key, for a key file that others may read, and for one that is gone beside editions.
    """
    text = os.environ.get(VARIABLE)
    if text is not None:
        _refuse_weak(VARIABLE, text)
        return text.encode()
    path = data / FILE
    if not path.exists():
        if any((data / "editions").glob("*/manifest.json")):
            raise SourceError(
                f"{FILE} is gone, and the editions here were made with it; restore it from its backup, or say `--new-key` if "
                "the next edition is meant to have another key and other numbers"
            )
        make_key(data)
    if path.stat().st_mode & 0o077:
        raise SourceError(f"{path.name} can be read by others; run chmod 600 on it")
    key = path.read_bytes().strip()
    _refuse_weak(FILE, key.decode("utf-8", errors="replace"))
    return key


def accept_key(data: Path, made_with: str | None, new_key: bool) -> bytes:
    """Give the key for a build beside editions that were made with the key of the fingerprint `made_with`.

    made_with: None where there is no edition, or where it is of a program that recorded no fingerprint. new_key: whether
    a lost or another key is meant; a lost one is then drawn anew.

    Errors: SourceError for a lost or another key that is not meant, and as `secret`.
    """
    if new_key and VARIABLE not in os.environ and not (data / FILE).exists():
        make_key(data)
    key = secret(data)
    if made_with is not None and made_with != fingerprint(key) and not new_key:
        origin = VARIABLE if VARIABLE in os.environ else FILE
        raise SourceError(
            f"{origin} is not the key of the current edition (fingerprints {fingerprint(key)} and {made_with}); restore that "
            "key from its backup, or say `--new-key` if the next edition is meant to have another key and other numbers"
        )
    return key


def fingerprint(key: bytes) -> str:
    """Give the 16 hexadecimal digits by which a key is known without being told."""
    return derived(key, b"fingerprint").hex()[:16]


def derived(key: bytes, purpose: bytes) -> bytes:
    """Derive the key of one purpose, so that what is made for one purpose tells nothing of another (HMAC-SHA-256)."""
    return hmac.new(key, purpose, hashlib.sha256).digest()


def is_strong(key: str) -> bool:
    """Say whether a key has the form of one that was drawn at random; see `RULE`."""
    if re.fullmatch(rf"[0-9a-fA-F]{{{LEAST},}}", key) is None:
        return False
    figures = [int(digit, 16) for digit in key]
    if len(set(figures)) < DIFFERENT or max(figures) < 10 or min(figures) >= 10:
        return False
    parts = [key.lower()[start : start + REPEATED] for start in range(len(key) - REPEATED + 1)]
    near = sum(abs(one - other) <= 1 for one, other in pairwise(figures))
    return len(set(parts)) == len(parts) and 2 * near <= len(figures)


def make_key(data: Path) -> None:
    """Draw a key and write it aside, then link it into place, so that a build that dies leaves all of it or nothing."""
    path = data / FILE
    with private():
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_drawn().encode())
            stream.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):  # another build made it meanwhile, and its key holds
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def salt_for(data: Path, country: str) -> str:
    """Give the salt of one country's case numbers, so that equal numbers of two countries do not meet.

    128 bits, in 32 hexadecimal characters: with a number of up to 22 characters they fill one block of SHA-256.
    """
    return derived(secret(data), b"salt:" + country.encode()).hex()[:32]


def _drawn() -> str:
    """Draw 256 bits; one in some millions looks as if it repeated itself, and is drawn again."""
    while not is_strong(key := secrets.token_hex(32)):
        pass
    return key


def _refuse_weak(origin: str, key: str) -> None:
    if len(key) < LEAST:
        raise SourceError(f"{origin} is shorter than {LEAST} characters; {RULE}")
    if not is_strong(key):
        raise SourceError(f"{origin} is no random key and could be guessed; {RULE}")
