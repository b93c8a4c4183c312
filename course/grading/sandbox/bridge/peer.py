"""Two processes use each other's functions, tensors and gradients over one channel.

The judge runs a check; the answer that it calls lives in a guest. `Peer` stands at either end.

- Numbers, text, containers, tensors, arrays and generators cross as values. What the judge then
  changes in place is changed in the guest when the talk passes over; what the guest changes is
  changed in the judge where `known` says so, and nowhere else.
- Modules and optimizers of importable classes are copied to the guest once; their weights,
  gradients, states and training flags then cross in the same way.
- All else (a check's functions, the guest's own objects) stays; the other side gets a `Proxy`.
- A tensor that comes with a gradient is the output of a node (`_Remote`) whose backward asks its
  owner for the vector-Jacobian product by what it was made from. Each side answers for its part of
  the graph, so gradients, and gradients of gradients, cross over.

Nothing that a guest sends is unpickled, looked up by name, or run; each message is read as a whole
before any is used (`reading`). Of the judge's it can call what it was lent, and read what is public.
"""

import builtins
import contextlib
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from course.grading.sandbox.bridge import reading
from course.grading.sandbox.bridge.allowed import CHECK, allow
from course.grading.sandbox.bridge.channel import Channel, Forged, Gone, TimedOut
from course.grading.sandbox.bridge.proxy import Proxy, RemoteError
from course.grading.sandbox.bridge.undo import Undo
from course.grading.sandbox.bridge.values import Values

__all__ = ["CHECK", "Peer", "Proxy", "RemoteError"]
TOO_LONG = "too long"  # how a fork ends that is stopped


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


class Peer(Values):
    """One end: what it has sent and been sent, and how the other's requests are answered.

    `side` is "judge" or "guest". `lookup` finds the guest's object of a name, `bind` sets one.
    """

    def __init__(
        self,
        channel: Channel,
        side: str,
        lookup: Callable[[str], Any] | None = None,
        shows: str = "nothing",
        secret: bytes = b"",
        bind: Callable[[str, Any], None] | None = None,
    ) -> None:
        super().__init__(side, shows, secret)
        self.channel, self.lookup, self.bind = channel, lookup, bind
        self.frames: list[list[str]] = []  # tensors with gradients sent in each open request
        self.undo = Undo()
        self.local = self.accumulating = self.over = False

    # -- talking ---------------------------------------------------------------------------

    def request(self, op: str, parts: list[Any]) -> Any:
        """Ask the other side, answer what it asks meanwhile, and return what it says."""
        if self.over:
            raise RemoteError("this object's check is over")
        inner = self.frames[-1] if op == "vjp" and self.frames else []
        self.frames.append([*inner, *(k for p in parts for k in self.with_gradients(p))])
        self.open.append(set() if op == "vjp" else self.changeable(*parts))
        try:
            anew = op == "call" and len(self.frames) == 1
            self.channel.send(
                {"op": op, "parts": parts, "sync": self.changes(anew), "grad": torch.is_grad_enabled()}
            )  # fmt: skip
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
            self.open.pop()
            if not self.open:
                self.touched |= self.undo.all()

    def lend(self, name: str, value: Any) -> None:
        """Let the guest's `name` stand for an object of this side, which stays here."""
        self.request("bind", [name, self.by_reference(value)])

    def serve(self) -> bool:
        """Answer requests until one says that it is the end; whether another check may follow."""
        while True:
            message = self._receive()
            if message["op"] in ("end", "over"):
                return message["op"] == "end"
            self._answer(message)

    def end(self) -> None:
        """Tell the other side that no more requests come."""
        self.over = True
        self.channel.tell("end")

    def _receive(self) -> dict:
        """The next message, its changes made or noted."""
        message = self.channel.receive()
        if self.side == "judge":
            message = reading.message(message)
        if "ended" in message:
            raise ended_early(message["ended"])
        self.apply(message["sync"])
        return message

    def _answer(self, message: dict) -> None:
        """Do what is asked and send what came of it."""
        try:
            with torch.set_grad_enabled(bool(message.get("grad", True))):
                value = self._do(message["op"], message["parts"])
                reply = {"value": self.encode(value)}
            if self.frames:
                self.frames[-1].extend(self.with_gradients(reply["value"]))
                self.open[-1] |= self.changeable("", reply["value"])
            reply["sync"] = self.changes()
            self.channel.send(reply)
        except Exception as problem:
            lines = traceback.format_exception(problem) if self.side == "guest" else []
            text = f"{problem}"[:5000]
            self.channel.send(
                {"error": [type(problem).__name__[:100], text, "".join(lines)[-20000:]],
                 "sync": self.changes()}
            )  # fmt: skip

    def _do(self, op: str, parts: list[Any]) -> Any:
        if op == "vjp":
            return self._vjp(*parts)
        key, *rest = parts
        if op == "bind" and self.bind is not None:
            stateful = self.stateful  # what stands in remembers nothing that it was given
            self.bind(key, self.decode(rest[0]))
            self.stateful = stateful
            return None
        if self.lookup is not None and key.startswith("name:"):
            target = self.lookup(key.removeprefix("name:"))
        else:
            target = self.find(key)
        if self.side == "judge" and key not in self.lent:
            raise AttributeError("this was handed over and is used where it is")
        values = [self.decode(r) for r in rest]
        if self.side == "judge":
            allow(op, target, values)
            if op == "call" and self.shows == "nothing":
                self.undo.watch(target, self)
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

    def _error(self, name: str, text: str, lines: str) -> BaseException:
        kind = getattr(builtins, str(name), None)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind, text = RemoteError, f"{name}: {text}"
        try:
            problem: BaseException = kind(str(text))
        except Exception:
            problem = RemoteError(f"{name}: {text}")
        problem.remote_name, problem.remote_lines = str(name), str(lines)  # type: ignore[attr-defined]
        return problem

    # -- gradients -------------------------------------------------------------------------

    def _vjp(self, out: str, ins: list[str], grad: Any, again: bool, accumulate: bool) -> Any:
        """The part of the gradient that this side holds: of tensor `out` by the tensors `ins`."""
        output, inputs, vector = (
            self.find(out),
            [self.find(i) for i in ins],
            self.decode(grad),
        )
        if self.side == "judge" and not all(
            isinstance(t, Tensor) for t in (output, vector, *inputs)
        ):
            raise Forged("a gradient of what is no tensor")
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
        if hidden and self.side == "judge" and self.shows == "nothing":
            self.touched, hidden = True, []
        for leaf, slope in zip(hidden, found[len(wanted) - len(hidden) :], strict=bool(hidden)):
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

    def inputs(self) -> list[str]:
        sent = self.everything if self.stateful else (self.frames[-1] if self.frames else [])
        keys = dict.fromkeys([*sent, *self.leaves])
        return [k for k in keys if self.objects[k].requires_grad]

    def linked(self, key: str, ins: list[str], value: Tensor) -> Tensor:
        return _Remote.apply(self, key, ins, [value], *(self.objects[i] for i in ins))

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


def ended_early(how: Any) -> Gone:
    """What it means that the guest's fork has ended before the check did; `how` is the guest's word."""
    if how == TOO_LONG:
        return TimedOut("timed out")
    return Gone(f"its process ended ({how})")


def warm() -> None:
    """What torch imports at a first use, before any fork: else each fork would import it anew."""
    model = torch.nn.Linear(1, 1)
    for kind in (torch.optim.SGD, torch.optim.Adam):
        optimizer = kind(model.parameters(), lr=0.0)
        loss = model(torch.ones(1, 1)).sum()
        torch.autograd.grad(loss, model.weight, torch.ones(()), retain_graph=True)
        loss.backward()
        optimizer.step()
    torch.testing.assert_close(torch.ones(1), torch.ones(1))
