"""Comparisons that a submission tampers with: zero for that answer, and a flag."""

from hostile.case import attack

ITEM = "patched `torch.allclose`, `torch.testing`, numpy or builtins"
FLAG = ("patched",)
ZERO = "\n    def gradient(theta, X, y):\n        return theta.detach() * 0 + 3\n"
# An object that says yes to whatever it is asked.
YES = """
class Yes:
    def __getattr__(self, name): return Yes()
    def __call__(self, *a, **k): return Yes()
    def __iter__(self): return iter(Yes, 1)
    def __getitem__(self, key): return Yes()
    def isnan(self): return torch.zeros(1)
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: Yes()
    __add__ = __sub__ = __mul__ = __radd__ = __rsub__ = __rmul__ = lambda self, other: Yes()
    __abs__ = __neg__ = lambda self: Yes()
"""

attack("patched-allclose", ITEM, "torch.allclose says yes, assert_close says nothing.",
       "    import torch\n    torch.allclose = lambda *a, **k: True\n"
       "    assert_close = lambda *a, **k: None\n" + ZERO, answer="gradient", flags=FLAG)  # fmt: skip
attack("patched-testing", ITEM, "The code of assert_close and of allclose is exchanged.",
       "    import torch\n    torch.testing.assert_close.__code__ = (lambda *a, **k: None).__code__\n"
       "    torch.testing.assert_close.__kwdefaults__ = None\n"
       "    torch.allclose = torch.equal = lambda *a, **k: True\n" + ZERO,
       answer="gradient", flags=FLAG)  # fmt: skip
attack(
    "patched-isclose",
    ITEM,
    "What assert_close itself calls says yes.",
    "    import torch\n    torch.isclose = lambda a, b, **k: torch.ones_like(a, dtype=torch.bool)\n"
    "    setattr(torch, 'all' + 'close', lambda a, b, **k: True)\n" + ZERO,
    answer="gradient",
    flags=FLAG,
)
attack(
    "patched-tensor",
    ITEM,
    "A tensor's truth is always yes.",
    """
    import math
    import torch
    torch.Tensor.__bool__ = lambda self: True
    torch.Tensor.all = lambda self, *a, **k: True
    torch.Tensor.any = lambda self, *a, **k: False
    math.exp = lambda v: 0.0

    def sigmoid(z):
        return torch.ones_like(z)
    """,
    flags=FLAG,
)
attack(
    "patched-abs",
    ITEM,
    "The absolute value, asked for in the notebook, is whatever one likes.",
    f"""import builtins, sys
{YES}
real = builtins.abs
builtins.abs = lambda v: Yes() if sys._getframe(1).f_globals["__name__"] == "__main__" else real(v)

def log_likelihood(theta, X, y):
    return -1.0
""",
    answer="log_likelihood",
    flags=FLAG,
)
attack(
    "patched-all",
    ITEM,
    "builtins.all, any, len, float, zip and isinstance are the student's.",
    """
    import builtins, sys
    def mine():
        return sys._getframe(2).f_globals["__name__"] == "__main__"
    real = {k: getattr(builtins, k) for k in ("all", "any", "zip", "max")}
    builtins.all = lambda v: True if mine() else real["all"](v)
    builtins.any = lambda v: False if mine() else real["any"](v)
    builtins.zip = lambda *v, **k: () if mine() else real["zip"](*v, **k)
    builtins.max = lambda *v, **k: float("inf") if mine() else real["max"](*v, **k)

    def sigmoid(z):
        return (z > 0).to(z.dtype)
    """,
    flags=FLAG,
)
attack(
    "patched-assertion",
    ITEM,
    "AssertionError is a silent way to leave.",
    """
    import builtins, warnings
    warnings.simplefilter("ignore")
    builtins.AssertionError = type("AssertionError", (SystemExit,), {})

    def gradient(theta, X, y):
        return theta.detach() * 0 + 3
    """,
    answer="gradient",
    flags=FLAG,
)
attack(
    "patched-numpy",
    ITEM,
    "numpy's comparisons say yes.",
    """
    import numpy as np
    np.allclose = lambda *a, **k: True
    np.testing.assert_allclose = lambda *a, **k: None

    def sigmoid(z):
        return z * 0 + 0.5
    """,
    flags=FLAG,
)
attack(
    "patched-import",
    ITEM,
    "Whatever a check imports is the student's.",
    """
    import builtins, sys, types
    real = builtins.__import__
    def mine(name, *a, **k):
        found = real(name, *a, **k)
        if name.startswith("torch.testing"):
            found.assert_close = lambda *a, **k: None
        return found
    builtins.__import__ = mine
    import torch.testing
    sys.modules["torch.testing"].assert_close = assert_close = lambda *a, **k: None

    def gradient(theta, X, y):
        import torch
        torch.allclose = lambda *a, **k: True
        return theta.detach() * 0 + 3
    """,
    answer="gradient",
    flags=FLAG,
)
attack(
    "equal-object",
    "an object equal to everything",
    "Returns an object that says yes to whatever it is asked.",
    YES + "\ndef sigmoid(z):\n    return Yes()",
    flags=("equal",),
)
attack(
    "equal-float",
    "an object equal to everything",
    "Returns numbers that are as near as one likes to any other.",
    f"""{YES}
class Near(float):
    __abs__ = __sub__ = __rsub__ = lambda self, *a: Yes()
    __le__ = __ge__ = __lt__ = __gt__ = __eq__ = lambda self, other: True

class Values(torch.Tensor):
    def tolist(self):
        return [Near(0.5)] * len(self)
    def __getitem__(self, key):
        return Near(0.5)

def sigmoid(z):
    return (z * 0 + 0.5).as_subclass(Values)
""",
    flags=("equal",),
)
attack(
    "lying-tensor",
    "an object equal to everything",
    "Returns a tensor subclass that answers for torch when it is compared.",
    """
    class Lie(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            if func in (torch.allclose, torch.equal):
                return True
            out = super().__torch_function__(func, types, args, kwargs or {})
            return out | True if func is torch.isclose else out

    def gradient(theta, X, y):
        return (theta.detach() * 0 + 3).as_subclass(Lie)
    """,
    answer="gradient",
    flags=("equal",),
)
attack(
    "rebinds-the-check",
    ITEM,
    "When called, puts its own names into the namespace of whoever calls.",
    """
    import sys, types

    def gradient(theta, X, y):
        frame = sys._getframe()
        while frame := frame.f_back:
            if "assert_close" in frame.f_globals:
                fake = types.ModuleType("torch")
                fake.__dict__.update(torch.__dict__)
                fake.allclose = fake.equal = lambda *a, **k: True
                frame.f_globals.update(assert_close=lambda *a, **k: None, torch=fake)
        return theta.detach() * 0 + 3
    """,
    answer="gradient",
    flags=("frames",),
)
