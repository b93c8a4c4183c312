"""What comes in: received, read without trust, rebuilt from the release, looked through.

In their order: `collect` (a class as a platform gives it, by way of `sources`), `receive` (one
submission; its bytes are read by `notebook`), `pieces` and `rebuild` (its cells, moved into the release), `suspicion`.
"""
