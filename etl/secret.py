"""The secret from which keys of records and salts of case numbers are drawn; it is never in an edition, a log or an error."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from etl.errors import SourceError

VARIABLE = "PEMBE_SECRET_KEY"
LEAST = 16


def secret(data: Path) -> bytes:
    """Give the secret of this installation: `PEMBE_SECRET_KEY`, or `data/secret.key`, made at first need for its owner only.

    Errors: SourceError for a secret that is too short or a key file that others may read.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        if len(given) < LEAST:
            raise SourceError(f"{VARIABLE} is shorter than {LEAST} characters; set a long random one")
        return given.encode()
    path = data / "secret.key"
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise SourceError(f"{path.name} can be read by others; run chmod 600 on it")
    held = path.read_bytes().strip()
    if len(held) < LEAST:
        raise SourceError(f"{path.name} is shorter than {LEAST} characters; restore it from where it is kept safe")
    return held


def _make(path: Path) -> None:
    """Write the key aside and link it whole, so that a build that dies leaves all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_hex(32).encode())
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
    return hmac.new(secret(data), b"salt:" + country.encode(), hashlib.sha256).hexdigest()[:32]
