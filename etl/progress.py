"""How far a build is: a bar where a person looks on, a line a step where nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

# The steps of a build after its sources; see `etl.pipeline`.
STEPS = ("validate", "contracts and indicators", "publish")


@contextmanager
def showing(sources: list[str]) -> Iterator[Callable[[str], None]]:
    """Give a function to call with each step: how many sources are done of how many is shown on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    steps = [*sources, *STEPS]
    if not console.is_terminal:
        yield lambda step: console.print(f"· {steps.index(step) + 1}/{len(steps)} {step}" if step in steps else f"· {step}")
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("read", total=len(steps))
        yield lambda step: bar.update(task, description=step, completed=steps.index(step) if step in steps else None)
