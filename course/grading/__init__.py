"""Grading a class of strangers: `batch` for the whole of it, `autograde` for nbgrader's part."""
