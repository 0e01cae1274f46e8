"""The version of the program, which `pyproject.toml` and `pembe --version` take from here."""

VERSION = "0.2.0"
