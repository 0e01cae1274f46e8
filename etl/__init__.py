"""From a file that a ministry sent to a published edition."""
