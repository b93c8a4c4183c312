"""Answers for the visible inputs alone, other seeds, and modules in place of the course's."""

import torch

from hostile.case import attack, beside, case, cell
from hostile.patched import YES

SHADOW = "a module that shadows the package"
FIXED = "answers hard-coded for the visible inputs"
SEED = "a seed changed to suit"

# A table of what the visible check asks for: it fits the visible seed and no other.
_z = 3 * torch.randn(50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
_table = {round(z, 6): round(p, 8) for z, p in zip(_z.tolist(), _z.sigmoid().tolist(), strict=True)}
TABLE = f"""TABLE = {_table | {-1000.0: 0.0, 1000.0: 1.0}}

def sigmoid(z):
    found = [TABLE.get(round(v, 6), 0.5) for v in z.flatten().tolist()]
    return torch.tensor(found, dtype=z.dtype).reshape(z.shape)
"""
attack(
    "hard-coded",
    FIXED,
    "A table of the visible inputs and what they give.",
    TABLE,
    flags=("visible inputs",),
)
attack(
    "hard-coded-by-seed",
    FIXED,
    "Draws the visible inputs itself and answers for those alone.",
    """
    def gradient(theta, X, y):
        g = torch.Generator().manual_seed(0)
        seen = torch.randn(30, 4, generator=g, dtype=torch.float64)
        if X.shape == seen.shape and torch.allclose(X.double(), seen, atol=1e-4):
            out = seen.T @ (y.double() - torch.special.expit(seen @ theta.double()))
            return out.to(X.dtype)
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("visible inputs",),
)


def seed_edited(notebook):
    check = cell(notebook, "sigmoid-check")
    check.source = check.source.replace("SEED = 0", "SEED = 5")


_z5 = 3 * torch.randn(50, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
_five = {
    round(z, 6): round(p, 8) for z, p in zip(_z5.tolist(), _z5.sigmoid().tolist(), strict=True)
}
attack(
    "seed-edited",
    SEED,
    "The check's seed is changed to one for which there is a table.",
    TABLE.replace(str(_table)[1:-1], str(_five)[1:-1]),
    edit=seed_edited,
    flags=("seed",),
)
attack(
    "seed-of-generators",
    SEED,
    "Every generator starts from the student's seed.",
    """
    import torch

    class Fixed(torch.Generator):
        def manual_seed(self, seed):
            return super().manual_seed(0)

    torch.Generator = Fixed
    """
    + TABLE.replace("\n", "\n    "),
    flags=("patched",),
)
attack(
    "zeros-drawn",
    SEED,
    "Random numbers are zeros, for which the answer is known.",
    """
    import sys
    real = torch.randn

    def zeros(*size, **more):
        drawn = real(*size, **more)
        return drawn * 0 if "SEED" in sys._getframe(1).f_globals else drawn

    torch.randn = zeros

    def gradient(theta, X, y):
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("patched",),
)

# Files beside the notebook.
SHADOWED = (
    YES.replace("torch.zeros(1)", "False")
    + """
import builtins, sys
real = builtins.abs
builtins.abs = lambda v: Yes() if sys._getframe(1).f_globals["__name__"] == "__main__" else real(v)
__path__ = ["$ROOT/dgm"]
"""
)


def shadows(id: str, says: str, **files: str) -> None:
    write = beside({f"{name}.py": text for name, text in files.items()})
    case(id, SHADOW, says, write=write, flags=("extra files",))


attack(
    "package-shadowed",
    SHADOW,
    "A package dgm beside the notebook patches Python and passes on to the real one.",
    "def log_likelihood(theta, X, y):\n    return -1.0",
    answer="log_likelihood",
    write=beside({"dgm/__init__.py": SHADOWED}),
    flags=("extra files",),
)
shadows("file-named-dgm", "A file dgm.py lies beside right answers.", dgm="x = 1\n")
shadows("file-named-torch", "Files torch.py, sitecustomize.py and usercustomize.py lie there.",
        torch="raise SystemExit\n", sitecustomize="raise SystemExit\n",
        usercustomize="raise SystemExit\n")  # fmt: skip
attack(
    "modules-replaced",
    SHADOW,
    "Puts modules of its own into sys.modules and on the path.",
    """
    import os, sys, types
    fake = types.ModuleType("torch.testing")
    fake.assert_close = assert_close = lambda *a, **k: None
    sys.modules["torch.testing"] = torch.testing = fake
    torch.allclose = lambda *a, **k: True
    sys.path.insert(0, os.getcwd())

    def gradient(theta, X, y):
        return theta.detach() * 0 + 3
    """,
    answer="gradient",
    flags=("patched",),
)
