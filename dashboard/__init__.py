"""A window on the current edition, in a browser."""
