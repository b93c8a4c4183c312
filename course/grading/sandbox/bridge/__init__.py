"""How a check and an answer in two processes use each other's objects; both sides hold this package.

Begin at `peer`. What a message may hold is told by `values`, kind by kind; `channel` carries it.
It imports nothing else of `course`: a copy of it is all that the sandbox has of the judge's code.
"""
