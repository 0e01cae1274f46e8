"""How far a build is: a bar where a person looks on, a line a step where nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from etl.log import LOG

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

        def print_step(step: str) -> None:
            LOG.info(step)
            console.print(f"· {steps.index(step) + 1}/{len(steps)} {step}" if step in steps else f"· {step}")

        yield print_step
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("read", total=len(steps))

        def move_bar(step: str) -> None:
            LOG.info(step)
            bar.update(task, description=step, completed=steps.index(step) if step in steps else None)

        yield move_bar
