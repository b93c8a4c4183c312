"""Makes and grades the course: notebooks woven from `dgm`, answers tried, submissions graded.

`python -m course --help` lists what there is. Nothing in `dgm` imports this package.
"""
