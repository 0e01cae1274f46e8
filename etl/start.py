"""The program `pembe` from its first moment: Ctrl-C while it is still being loaded ends it in one sentence as well."""

from etl.leave import end_interrupted, leave_after


def main() -> None:
    """Load the commands and run the one that was asked for."""
    try:
        from etl.cli import main as run

        leave_after(run)
    except KeyboardInterrupt:
        end_interrupted()


if __name__ == "__main__":
    main()
