"""Makes and grades the course: notebooks woven from `dgm`, answers tried, submissions graded.

`python -m course --help` lists what there is. Nothing in `dgm` imports this package.
"""

import sys

# jsonschema, by which nbformat reads notebooks, looks for it in order to check international
# addresses, and does without. A notebook has none, and importing it builds 38 grammars: more than a
# second of every command and of every worker.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
