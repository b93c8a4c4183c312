"""Two processes use each other's functions, tensors and gradients over one channel.

The judge runs a check; the answer that it calls lives in a guest. `Peer` stands at either end.

- Numbers, text, containers, tensors, arrays and generators cross as values. A tensor or generator
  that is changed in place on one side is changed on the other when the talk passes over.
- Modules and optimizers of importable classes are copied to the guest once; their weights,
  gradients, states and training flags are then kept equal in the same way.
- All else (functions of the check cell, the guest's own objects) stays where it is; the other
  side gets a `Far` stand-in, whose use is a call back.
- A tensor that comes with a gradient is the output of a node (`_Remote`) whose backward asks its
  owner for the vector-Jacobian product with respect to what it was made from. Each side answers for
  the part of the graph that it holds, so gradients, and gradients of gradients, cross over.

Nothing that a guest sends is unpickled, looked up by name, or run. Of the judge's objects it can
only call what it was handed and read public attributes of objects that the check itself made.
"""

import builtins
import contextlib
import io
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from course.grading.wire import Channel

DTYPES = {
    str(d).removeprefix("torch."): d
    for d in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64,
              torch.complex128, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
              torch.bool)
}  # fmt: skip
CHECK = "__check__"  # the module name of what a check cell defines
DEEPEST = 50  # containers in containers


class FarError(RuntimeError):
    """An error of a kind that only the other side knows."""


class Far:
    """Stands for an object of the other side; using it asks that side."""

    def __init__(self, peer: "Peer", key: str, name: str) -> None:
        object.__setattr__(self, "_far", (peer, key))
        object.__setattr__(self, "__name__", name)

    def __repr__(self) -> str:
        return f"<{self.__name__} of the answer>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _ask(self, "call", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self, "get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "set", name, value)

    def __getitem__(self, place: Any) -> Any:
        return _ask(self, "item", place)

    def __len__(self) -> int:
        return int(_ask(self, "len"))

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Any:
        return _ask(self, "iter")

    def __next__(self) -> Any:
        return _ask(self, "next")

    def __enter__(self) -> Any:
        return _ask(self, "call_method", "__enter__")

    def __exit__(self, *about: Any) -> None:
        _ask(self, "call_method", "__exit__", None, None, None)


def _ask(far: Far, op: str, *parts: Any) -> Any:
    peer, key = object.__getattribute__(far, "_far")
    return peer.request(op, [key, *(peer.encode(p) for p in parts)])


class _Remote(torch.autograd.Function):
    """A tensor of the other side, as a function of what that side made it from."""

    @staticmethod
    def forward(
        ctx: Any, peer: "Peer", out: str, ins: list[str], value: list, *_: Tensor
    ) -> Tensor:
        ctx.peer, ctx.out, ctx.ins = peer, out, ins
        return value[0]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        if ctx.peer.local:  # the other side asks for its part alone and follows this one itself
            return (None,) * (4 + len(ctx.ins))
        again = torch.is_grad_enabled()  # gradients of gradients are wanted
        ctx.peer.frames.append(list(ctx.ins) if again else [])
        try:
            found = ctx.peer.request(
                "vjp", [ctx.out, ctx.ins, ctx.peer.encode(grads[0]), again, ctx.peer.accumulating]
            )
        finally:
            ctx.peer.frames.pop()
        return (None, None, None, None, *found)


class Peer:
    """One end: what it has sent and been sent, and how the other's requests are answered.

    `side` is "judge" or "guest". `lookup` finds the guest's object of a name. A `firm` judge lets no
    change in place reach a plain tensor or array of its own: it will compare with them yet.
    """

    def __init__(
        self,
        channel: Channel,
        side: str,
        lookup: Callable[[str], Any] | None = None,
        firm: bool = False,
    ) -> None:
        self.channel, self.side, self.lookup, self.firm = channel, side, lookup, firm
        self.objects: dict[str, Any] = {}  # by key; both sides use the same keys
        self.keys: dict[int, str] = {}  # by id(); the objects above keep these alive
        self.states: dict[str, Any] = {}  # of what can be changed in place, when last equal
        self.frames: list[list[str]] = []  # tensors with gradients sent in each open request
        self.inside: dict[str, list[str]] = {}  # those in a module or optimizer
        self.leaves: list[str] = []  # leaves of the other side that want gradients
        self.everything: list[str] = []  # all tensors with gradients ever sent
        self.stateful = False  # the other side has objects that may remember what they were given
        self.local = self.accumulating = self.over = False
        self.random = torch.get_rng_state()
        self.count = 0

    # -- talking ---------------------------------------------------------------------------

    def request(self, op: str, parts: list[Any]) -> Any:
        """Ask the other side, answer what it asks meanwhile, and return what it says."""
        if self.over:
            raise FarError("this object's check is over")
        inner = self.frames[-1] if op == "vjp" and self.frames else []
        self.frames.append([*inner, *(k for p in parts for k in self._with_gradients(p))])
        try:
            self.channel.send(
                {"op": op, "parts": parts, "sync": self.changes(), "grad": torch.is_grad_enabled()}
            )
            while True:
                message = self._receive()
                if "op" not in message:
                    break
                self._answer(message)
            if "error" in message:
                raise self._error(*message["error"])
            return self.decode(message["value"])
        finally:
            self.frames.pop()

    def serve(self) -> None:
        """Answer requests until one says `end`."""
        while True:
            message = self._receive()
            if message["op"] == "end":
                return
            self._answer(message)

    def end(self) -> None:
        """Tell the other side that no more requests come."""
        self.over = True
        self.channel.send({"op": "end", "parts": [], "sync": [], "grad": True})

    def _receive(self) -> dict:
        message = self.channel.receive()
        if not isinstance(message, dict) or not ({"op", "value", "error"} & message.keys()):
            raise ValueError("what came is no message")
        self.apply(message.get("sync", []))
        return message

    def _answer(self, message: dict) -> None:
        """Do what is asked and send what came of it."""
        try:
            with torch.set_grad_enabled(bool(message.get("grad", True))):
                value = self._do(message["op"], message["parts"])
                reply = {"value": self.encode(value)}
            if self.frames:
                self.frames[-1].extend(self._with_gradients(reply["value"]))
            reply["sync"] = self.changes()
            self.channel.send(reply)
        except Exception as problem:
            lines = traceback.format_exception(problem) if self.side == "guest" else []
            text = f"{problem}"[:5000]
            self.channel.send(
                {"error": [type(problem).__name__, text, "".join(lines)[-20000:]],
                 "sync": self.changes()}
            )  # fmt: skip

    def _do(self, op: str, parts: list[Any]) -> Any:
        if op == "vjp":
            return self._vjp(*parts)
        key, *rest = parts
        if self.lookup is not None and key.startswith("name:"):
            target = self.lookup(key.removeprefix("name:"))
        else:
            target = self.objects[key]
        values = [self.decode(r) for r in rest]
        if self.side == "judge":
            self._allow(op, target, values)
        match op:
            case "call":
                return target(*values[0], **values[1])
            case "get":
                return getattr(target, values[0])
            case "set":
                return setattr(target, values[0], values[1])
            case "item":
                return target[values[0]]
            case "len":
                return len(target)
            case "iter":
                return iter(target)
            case "next":
                return next(target)
            case "call_method":
                return getattr(target, values[0])(*values[1:])
        raise ValueError(f"nobody knows the request {op!r}")

    def _allow(self, op: str, target: Any, values: list[Any]) -> None:
        """Refuse a guest what would show it more of the check than it was handed."""
        made_here = type(target).__module__ == CHECK
        if op in ("get", "set", "call_method") and not (
            made_here and isinstance(values[0], str) and not values[0].startswith("_")
        ):
            raise AttributeError("this belongs to the check: it can be called and no more")

    def _error(self, name: str, text: str, lines: str) -> BaseException:
        kind = getattr(builtins, str(name), None)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind, text = FarError, f"{name}: {text}"
        try:
            problem: BaseException = kind(str(text))
        except Exception:
            problem = FarError(f"{name}: {text}")
        problem.far_name, problem.far_lines = str(name), str(lines)  # type: ignore[attr-defined]
        return problem

    # -- gradients -------------------------------------------------------------------------

    def _vjp(self, out: str, ins: list[str], grad: Any, again: bool, accumulate: bool) -> Any:
        """The part of the gradient that this side holds: of tensor `out` by the tensors `ins`."""
        output, inputs, vector = (
            self.objects[out],
            [self.objects[i] for i in ins],
            self.decode(grad),
        )
        hidden = self._hidden_leaves(output, inputs) if accumulate else []
        wanted = [t for t in inputs if t.requires_grad] + hidden
        if not output.requires_grad or not wanted:
            return [None] * len(ins)
        before, self.local = self.local, True
        try:
            with torch.set_grad_enabled(again):
                found = torch.autograd.grad(
                    output, wanted, vector, retain_graph=True, create_graph=again, allow_unused=True
                )
        finally:
            self.local = before
        for leaf, slope in zip(hidden, found[len(wanted) - len(hidden) :], strict=True):
            if slope is not None:
                leaf.grad = slope if leaf.grad is None else leaf.grad + slope
        by_input = iter(found)
        return [next(by_input) if t.requires_grad else None for t in inputs]

    def _hidden_leaves(self, output: Tensor, inputs: list[Tensor]) -> list[Tensor]:
        """Leaves that `output` depends on and the other side has never seen."""
        known, leaves, todo, seen = {id(t) for t in inputs}, [], [output.grad_fn], set()
        while todo:
            node = todo.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            leaf = getattr(node, "variable", None)
            if leaf is not None and id(leaf) not in known and id(leaf) not in self.keys:
                leaves.append(leaf)
            todo += [n for n, _ in node.next_functions]
        return leaves

    def _inputs(self) -> list[str]:
        """What a tensor that comes now may have been made from, on the other side."""
        sent = self.everything if self.stateful else (self.frames[-1] if self.frames else [])
        keys = dict.fromkeys([*sent, *self.leaves])
        return [k for k in keys if self.objects[k].requires_grad]

    def _with_gradients(self, encoded: Any) -> Iterator[str]:
        """The keys of tensors with gradients in a value that this side has encoded."""
        match encoded:
            case ["T" | "k", key, *_]:
                value = self.objects.get(key)
                if isinstance(value, Tensor) and value.requires_grad:
                    yield key
                yield from self.inside.get(key, ())
            case ["l" | "t" | "s", parts]:
                for part in parts:
                    yield from self._with_gradients(part)
            case ["d", pairs]:
                for _, part in pairs:
                    yield from self._with_gradients(part)
            case ["p", *_, tensors] | ["o", *_, tensors]:
                yield from tensors

    # -- values ----------------------------------------------------------------------------

    def encode(self, value: Any, depth: int = 0) -> Any:
        """`value` as msgpack can carry it."""
        if value is None or type(value) in (bool, float, str, bytes):
            return value
        if type(value) is int:
            return value if -(2**63) <= value < 2**63 else ["i", str(value)]
        if depth > DEEPEST:
            raise ValueError(f"containers in containers, more than {DEEPEST} deep")
        kind = self._container(value)
        if kind in ("l", "t", "s"):
            return [kind, [self.encode(v, depth + 1) for v in value]]
        if kind == "d":
            return ["d", [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()]]  # fmt: skip
        if isinstance(value, Tensor):
            return self._tensor_out(value)
        if isinstance(value, Far) and object.__getattribute__(value, "_far")[0] is self:
            return ["k", object.__getattribute__(value, "_far")[1]]
        if id(value) in self.keys:
            return ["k", self.keys[id(value)]]
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            key = self._keep(value)
            self.states[key] = value.copy()
            return ["n", key, value.dtype.str, list(value.shape), value.tobytes()]
        if isinstance(value, np.generic):
            return self.encode(value.item())
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, slice):
            return ["slice", *(self.encode(v) for v in (value.start, value.stop, value.step))]
        if isinstance(value, torch.dtype):
            return ["dtype", str(value).removeprefix("torch.")]
        if isinstance(value, torch.device):
            return ["device"]
        if value is Ellipsis:
            return ["..."]
        if isinstance(value, torch.Generator):
            key = self._keep(value)
            self.states[key] = value.get_state()
            return ["g", key, self.states[key].numpy().tobytes()]
        if self.side == "judge":
            return self._by_pickle(value)
        return self._by_reference(value)

    def _container(self, value: Any) -> str:
        """The tag of a container that crosses as a value; a guest's named tuple is a tuple."""
        for tag, kind in (
            ("l", list),
            ("t", (tuple, torch.Size)),
            ("s", (set, frozenset)),
            ("d", dict),
        ):
            if isinstance(value, kind) and (
                self.side == "guest"
                or type(value) in (list, tuple, torch.Size, set, frozenset, dict)
            ):
                return tag
        return ""

    def _keep(self, value: Any, key: str = "") -> str:
        if not key:
            self.count += 1
            key = f"{self.side[0]}{self.count}"
        self.objects[key] = value
        self.keys[id(value)] = key
        return key

    def _by_reference(self, value: Any) -> Any:
        return ["r", self._keep(value), getattr(value, "__name__", type(value).__name__)]

    def _tensor_out(self, t: Tensor) -> Any:
        key = self.keys.get(id(t), "")
        theirs = key and not key.startswith(self.side[0])
        if key and not (theirs and t.requires_grad and not t.is_leaf):
            if t.requires_grad:
                self.everything.append(key)
            return ["k", key]
        plain = t.detach()
        if plain.layout != torch.strided or plain.device.type != "cpu":
            plain = plain.to_dense().cpu()
        name = str(plain.dtype).removeprefix("torch.")
        if name not in DTYPES:
            raise ValueError(f"a tensor of {plain.dtype} cannot be handed over")
        key = self._keep(t)
        self.states[key] = _state(t)
        if t.requires_grad:
            self.everything.append(key)
        return ["T", key, name, list(t.shape), _bytes(plain), t.requires_grad,
                t.is_leaf, isinstance(t, nn.Parameter)]  # fmt: skip

    def _by_pickle(self, value: Any) -> Any:
        """An object of an importable class as a copy; another one by reference."""
        kind = type(value)
        if kind.__module__ == CHECK or getattr(value, "__module__", "") == CHECK:
            return self._by_reference(value)
        keep = isinstance(value, (nn.Module, torch.optim.Optimizer))
        buffer = io.BytesIO()
        pickler = _Pickler(buffer, self)
        try:
            pickler.dump(value)
        except Exception:
            return self._by_reference(value)
        tensors = [k for k in pickler.used if self.objects[k].requires_grad]
        self.everything += tensors
        if not keep:
            return ["p", buffer.getvalue(), pickler.parts, tensors]
        key = self._keep(value)
        self.states[key], self.inside[key] = self._kept_state(value), tensors
        return ["o", key, buffer.getvalue(), pickler.parts, tensors]

    def decode(self, code: Any, depth: int = 0) -> Any:
        """The value that `encode` of the other side was given. Raises `ValueError` for nonsense."""
        if not isinstance(code, list):
            if code is None or type(code) in (bool, int, float, str, bytes):
                return code
            raise ValueError("what came is no value")
        if depth > DEEPEST + 5:
            raise ValueError("containers in containers, too deep")
        tag, *rest = code
        match tag:
            case "l" | "t" | "s":
                kind = {"l": list, "t": tuple, "s": set}[tag]
                return kind(self.decode(v, depth + 1) for v in rest[0])
            case "d":
                return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in rest[0]}
            case "i":
                return int(str(rest[0])[:4000])
            case "c":
                return complex(float(rest[0]), float(rest[1]))
            case "slice":
                return slice(*(self.decode(v, depth + 1) for v in rest))
            case "dtype":
                return DTYPES[rest[0]]
            case "device":
                return torch.device("cpu")
            case "...":
                return Ellipsis
            case "k":
                return self.objects[rest[0]]
            case "T":
                return self._tensor_in(*rest)
            case "n":
                array = np.frombuffer(rest[3], np.dtype(rest[1])).reshape(rest[2]).copy()
                self._take(array, rest[0])
                self.states[rest[0]] = array.copy()
                return array
            case "g":
                generator = torch.Generator()
                generator.set_state(_tensor(rest[1], "uint8", [len(rest[1])]))
                self._take(generator, rest[0])
                self.states[rest[0]] = generator.get_state()
                return generator
            case "r":
                self.stateful = True
                far = Far(self, str(rest[0]), str(rest[1])[:100])
                self._take(far, rest[0])
                return far
            case "p" | "o" if self.side == "guest":
                return self._unpickle(tag, rest)
        raise ValueError(f"nobody knows a value of the kind {tag!r}")

    def _take(self, value: Any, key: str) -> None:
        """Remember an object of the other side; it cannot take the place of another."""
        if not isinstance(key, str) or key.startswith(self.side[0]) or key in self.objects:
            raise ValueError(f"the key {key!r} is not the other side's to give")
        self._keep(value, key)

    def _tensor_in(self, key: str, dtype: str, shape: list[int], data: bytes, wants_grad: bool,
                   leaf: bool, parameter: bool) -> Tensor:  # fmt: skip
        value = _tensor(data, dtype, shape)
        if wants_grad and (value.is_floating_point() or value.is_complex()):
            ins = [] if leaf else self._inputs()
            if ins and torch.is_grad_enabled():
                value = _Remote.apply(self, key, ins, [value], *(self.objects[i] for i in ins))
            elif parameter:
                value = nn.Parameter(value)
            else:
                value.requires_grad_()
            if leaf:
                self.leaves.append(key)
        self._take(value, key)
        self.states[key] = _state(value)
        return value

    def _unpickle(self, tag: str, rest: list[Any]) -> Any:
        key, data, parts = ("", rest[0], rest[1]) if tag == "p" else rest[:3]
        loader = pickle.Unpickler(io.BytesIO(data))
        decoded = [self.decode(p) for p in parts]
        loader.persistent_load = lambda number: decoded[number]  # type: ignore[method-assign]
        value = loader.load()
        if key:
            self._take(value, key)
            self.states[key] = self._kept_state(value)
        return value

    # -- changes in place ------------------------------------------------------------------

    def changes(self) -> list[Any]:
        """What has changed on this side since both were equal; from now on they are equal again."""
        found: list[Any] = []
        for key in list(self.states):
            value, old = self.objects[key], self.states[key]
            if isinstance(value, Tensor):
                new = _state(value)
                if new != old:
                    data = _bytes(value.detach()) if new[0] != old[0] else None
                    slope: Any = False
                    if new[2:] != old[2:]:
                        slope = None if value.grad is None else _bytes(value.grad.detach())
                    found.append(["T", key, data, value.requires_grad, slope])
            elif isinstance(value, torch.Generator):
                new = value.get_state()
                if not torch.equal(new, old):
                    found.append(["g", key, new.numpy().tobytes()])
            elif isinstance(value, np.ndarray):
                new = value.copy()
                if new.tobytes() != old.tobytes():
                    found.append(["n", key, value.tobytes()])
            else:
                new = self._kept_state(value)
                if new != old:
                    found.append(["o", key, self._kept_out(value)])
                    new = self._kept_state(value)
            self.states[key] = new
        state = torch.get_rng_state()
        if not torch.equal(state, self.random):
            found.append(["rng", state.numpy().tobytes()])
            self.random = state
        return found

    def apply(self, changes: list[Any]) -> None:
        """Make the changes of the other side here too."""
        for kind, *rest in changes:
            if kind == "rng":
                torch.set_rng_state(_tensor(rest[0], "uint8", [len(rest[0])]))
                self.random = torch.get_rng_state()
                continue
            key, value = rest[0], self.objects[rest[0]]
            if kind == "T":
                _, data, wants_grad, slope = rest
                name = str(value.dtype).removeprefix("torch.")
                plain = not isinstance(value, nn.Parameter) and not any(
                    key in k for k in self.inside.values()
                )
                if data is not None and not (self.firm and plain):
                    with torch.no_grad():
                        value.copy_(_tensor(data, name, list(value.shape)))
                if value.is_leaf and value.is_floating_point():
                    value.requires_grad_(bool(wants_grad))
                    if slope is not False:
                        value.grad = None if slope is None else _tensor(slope, name, list(value.shape))  # fmt: skip
                self.states[key] = _state(value)
            elif kind == "g":
                value.set_state(_tensor(rest[1], "uint8", [len(rest[1])]))
                self.states[key] = value.get_state()
            elif kind == "n" and not self.firm:
                value[...] = np.frombuffer(rest[1], value.dtype).reshape(value.shape)
                self.states[key] = value.copy()
            elif kind == "o":
                self._kept_in(value, rest[1])
                self.states[key] = self._kept_state(value)

    @staticmethod
    def _kept_state(value: Any) -> Any:
        """What tells whether a module (its training flags) or an optimizer has changed."""
        if isinstance(value, nn.Module):
            return [m.training for m in value.modules()]
        groups = [{k: v for k, v in g.items() if k != "params"} for g in value.param_groups]
        inner = [
            _Same(v) if isinstance(v, Tensor) else v
            for s in value.state.values() for v in s.values()
        ]  # fmt: skip
        return [repr(groups), inner]

    def _kept_out(self, value: Any) -> Any:
        if isinstance(value, nn.Module):
            return self._kept_state(value)
        fresh = Peer(self.channel, self.side)  # its tensors are copies; they keep no key here
        fresh.count = 10**9 + self.count
        return fresh.encode(value.state_dict())

    def _kept_in(self, value: Any, code: Any) -> None:
        if isinstance(value, nn.Module):
            for module, flag in zip(value.modules(), code, strict=True):
                module.training = bool(flag)
        elif isinstance(value, torch.optim.Optimizer):
            value.load_state_dict(Peer(self.channel, self.side).decode(code))

    @contextlib.contextmanager
    def watching_backward(self) -> Iterator[None]:
        """While inside, `.backward()` fills `.grad` of leaves that only the other side holds."""
        true = torch.autograd.backward

        def backward(*args: Any, **kwargs: Any) -> None:
            before, self.accumulating = self.accumulating, True
            try:
                true(*args, **kwargs)
            finally:
                self.accumulating = before

        torch.autograd.backward = backward
        try:
            yield
        finally:
            torch.autograd.backward = true


class _Pickler(pickle.Pickler):
    """Pickles by value what can be imported; tensors and what the check made go by key."""

    def __init__(self, file: io.BytesIO, peer: Peer) -> None:
        super().__init__(file)
        self.peer, self.parts, self.used = peer, [], []  # type: ignore[var-annotated]
        self.numbers: dict[int, int] = {}

    def persistent_id(self, value: Any) -> int | None:
        mine = getattr(value, "__module__", None) == CHECK or type(value).__module__ == CHECK
        if not (mine or isinstance(value, (Tensor, torch.Generator, Far))):
            return None
        if id(value) not in self.numbers:
            code = self.peer._by_reference(value) if mine else self.peer.encode(value)
            self.used += list(self.peer._with_gradients(code))
            self.numbers[id(value)] = len(self.parts)
            self.parts.append(code)
        return self.numbers[id(value)]


class _Same:
    """Equal to what holds the very same tensor, unchanged; keeps it, so that no other gets its id."""

    def __init__(self, t: Tensor | None) -> None:
        self.tensor, self.version = t, 0 if t is None else t._version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and (self.tensor is other.tensor, self.version) == (
            True,
            other.version,
        )

    __hash__ = None  # type: ignore[assignment]


def _state(t: Tensor) -> tuple:
    version = 0 if t.is_inference() else t._version
    return version, t.requires_grad, _Same(t.grad if t.is_leaf else None)


def _bytes(t: Tensor) -> bytes:
    fresh = t.resolve_conj().clone(memory_format=torch.contiguous_format).reshape(-1)
    return fresh.view(torch.uint8).numpy().tobytes() if fresh.numel() else b""


def _tensor(data: bytes, dtype: str, shape: list[int]) -> Tensor:
    if any(not isinstance(n, int) or n < 0 for n in shape):
        raise ValueError(f"{shape} is no shape")
    kind = DTYPES[dtype]
    if not data:
        return torch.empty(shape, dtype=kind)
    return torch.frombuffer(bytearray(data), dtype=kind).reshape(shape)
