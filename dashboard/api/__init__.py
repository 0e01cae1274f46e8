"""The interface for programs: /api/v1, read from public files alone. One declaration describes it and checks its requests."""
