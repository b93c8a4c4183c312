"""The wall between a submission and everything else, and what stands behind it."""
