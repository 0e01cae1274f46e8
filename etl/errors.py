"""The fault of a file, a declaration or a command, told in one sentence. Everything else that goes wrong is ours and crashes."""

from __future__ import annotations


class SourceError(Exception):
    """Say what was met, where, and what to do, in one sentence that the person who sent the file can act on."""


class SourceErrors(SourceError):
    """Hold several faults met in one run, so that they are mended together; `faults` has one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
