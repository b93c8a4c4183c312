"""Returned things that hurt whoever takes them: that answer is lost and no other."""

from hostile.case import attack

ITEM = "memory bomb"


def gives(id: str, says: str, body: str, before: str = "", item: str = ITEM) -> None:
    attack(id, item, says, f"{before}\ndef sigmoid(z):\n    {body}")


gives("gives-10-gb", "Returns a tensor of 10 GB that takes no memory where it is made.",
      "return torch.zeros(1).expand(2_500_000_000)")  # fmt: skip
gives("gives-long-text", "Returns a text of 1 GB.", "return 'x' * 2**30")
gives("gives-long-number", "Returns a whole number of three million digits.", "return 10 ** 3_000_000")  # fmt: skip
gives("gives-generator", "Returns a generator that never ends.", "return iter(int, 1)", item="infinite loop")  # fmt: skip
gives("gives-itself", "Returns a list that holds itself.", "a = [z]; a.append(a); return a")
gives("gives-deep-list", "Returns a list nested 200,000 deep.",
      "a = []\n    for _ in range(200_000): a = [a]\n    return a")  # fmt: skip
gives("gives-hook", "Returns a tensor whose gradient hook ends the process.",
      "p = (z.detach().clone().requires_grad_() * 1); p.register_hook(lambda g: os._exit(1)); return p",
      "import os", "`os._exit`")  # fmt: skip
gives(
    "gives-meta", "Returns a tensor without numbers.", "return torch.empty(z.shape, device='meta')"
)
gives("gives-sparse", "Returns a sparse tensor with indices out of range.",
      "return torch.sparse_coo_tensor([[10**9]], [1.0], (10**12,), check_invariants=False)")  # fmt: skip
gives(
    "gives-pickle",
    "Returns an object whose unpickling writes a file.",
    "return Loaded()",
    """import os
class Loaded:
    def __reduce__(self):
        return os.system, ("echo 1 > $OUTSIDE/pickle-$MARK",)
""",
    "`gc` and `ctypes` tricks",
)
gives(
    "gives-strange-object",
    "Returns an object that answers to every name and claims to be a tensor.",
    "return Any()",
    """import torch
class Any:
    __class__ = property(lambda self: torch.Tensor)
    def __getattribute__(self, name):
        return Any() if name != "__class__" else torch.Tensor
    def __call__(self, *a, **k): return Any()
    def __len__(self): return 2**62
    def __iter__(self): return iter(Any, 1)
""",
    "an object equal to everything",
)
gives(
    "gives-twice",
    "Forks in the call, so that two processes return.",
    "os.fork() == 0 and ctypes.CDLL(None).prctl(15, b'$MARK'); return z * 0 + 0.5",
    "import ctypes, os",
    "forged kernel messages",
)
