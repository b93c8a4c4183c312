"""What one process asks of another is what it would get at home: values, gradients, changes."""

import os
import socket
from typing import Any

import numpy as np
import pytest
import torch
from bridges import judge_that_hears, pair, proxy
from torch import nn
from torch.testing import assert_close

from course.grading.sandbox.bridge.allowed import allow
from course.grading.sandbox.bridge.channel import Channel, Gone, TimedOut
from course.grading.sandbox.bridge.peer import CHECK, TOO_LONG

# -- what the "student" wrote; it runs in a forked process -----------------------------------


def echo(value):
    return value


def square_sum(x, w=None):
    return (x**2 if w is None else w * x**2).sum()


def double_in_place(x):
    x *= 2
    return None


def through(model, x):
    return model(x).square().sum(), "done"


def slope_of(f, x):
    (g,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    return g


def step(model, x, optimizer):
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def train(model, batches, optimizer):
    for x in batches:
        yield step(model, x, optimizer)


def draw(n, generator=None):
    return torch.randn(n, generator=generator)


class Scale(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.gain = nn.Parameter(torch.full((d,), 3.0))

    def forward(self, x):
        return self.gain * x


def fails(kind):
    raise {"value": ValueError("too small"), "own": type("Own", (Exception,), {})("odd")}[kind]


def largest(x):
    return torch.max(x, dim=1)


def old_gradient(model):
    return model.weight.grad.clone()


def clear(model):
    model.zero_grad()


def shrink(model, how):
    for weight in [model.weight, model.running_var]:
        if how == "rebind":
            weight.data = weight.data / 2
        elif how == "data":
            weight.data.mul_(0.5)
        else:
            weight.detach().mul_(0.5)


def peek(f):
    return f.__globals__


def never(x):
    while True:
        pass


STUDENT = {k: v for k, v in globals().items() if callable(v)}


@pytest.fixture
def peer():
    yield from pair(STUDENT, shows="all")


@pytest.fixture
def firm():
    yield from pair(STUDENT, shows="modules")


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -(10**30), 2.5, float("inf"), "text", b"bytes", [1, [2, (3,)]], {"a": {1, 2}},
     (), 1 + 2j, slice(1, None), torch.float16, ..., {(1, 2): [None]}],
    ids=str,
)  # fmt: skip
def test_values_come_back_as_they_went(peer, value):
    back = proxy(peer, "echo")(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.int64, torch.bool])  # fmt: skip
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (4, 1, 2)])
def test_tensors_come_back_as_they_went(peer, dtype, shape):
    t = torch.arange(torch.Size(shape).numel()).reshape(shape).to(dtype)
    assert proxy(peer, "echo")(t) is t
    fresh = proxy(peer, "echo")([t.clone(), t.T if t.dim() == 2 else t])
    assert_close(fresh[0], t)
    assert fresh[0].dtype == dtype


def test_arrays_and_named_tuples(peer):
    a = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(proxy(peer, "echo")(a), a)
    values, places = proxy(peer, "largest")(torch.tensor([[1.0, 5.0], [7.0, 2.0]]))
    assert (values.tolist(), places.tolist()) == ([5, 7], [1, 0])


def test_a_gradient_crosses(peer):
    x, w = torch.randn(4, requires_grad=True), torch.randn(4, requires_grad=True)
    value = proxy(peer, "square_sum")(x, w=w)
    slopes = torch.autograd.grad(2 * value, (x, w))
    assert_close(slopes, (4 * w * x, 2 * x**2))
    proxy(peer, "square_sum")(x).backward()
    assert_close(x.grad, 2 * x)


def test_a_second_derivative_crosses(peer):
    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    (g,) = torch.autograd.grad(proxy(peer, "square_sum")(x**2), x, create_graph=True)
    assert_close(g, 4 * x**3)
    (h,) = torch.autograd.grad(g.sum(), x)
    assert_close(h, 12 * x**2)


def test_no_grad_is_kept(peer):
    x = torch.randn(3, requires_grad=True)
    with torch.no_grad():
        assert not proxy(peer, "square_sum")(x).requires_grad


def test_a_function_of_the_check_is_called_back_with_its_gradients(peer):
    gain = torch.tensor([2.0, 3.0], requires_grad=True)
    seen = []

    def model(x):
        seen.append(x.detach().clone())
        return gain * x

    x = torch.tensor([1.0, 4.0], requires_grad=True)
    value, word = proxy(peer, "through")(model, x)
    assert word == "done"
    assert_close(seen, [x.detach()])
    slopes = torch.autograd.grad(value, (gain, x))
    assert_close(slopes, ((2 * gain * x**2).detach(), (2 * gain**2 * x).detach()))


def test_the_student_differentiates_a_function_of_the_check(peer):
    a = torch.tensor(3.0, requires_grad=True)
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    slope = proxy(peer, "slope_of")(lambda v: a * v**3, x)
    assert_close(slope, 3 * a * x**2)
    by_a, by_x = torch.autograd.grad(slope.sum(), (a, x))
    assert_close((by_a, by_x), ((3 * x**2).sum().detach(), (6 * a * x).detach()))


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam])
def test_training_there_is_training_here(peer, kind):
    torch.manual_seed(0)
    here = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    there = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    there.load_state_dict(here.state_dict())
    mine, theirs = kind(here.parameters(), lr=0.1), kind(there.parameters(), lr=0.1)
    batches = list(torch.randn(4, 5, 3))
    for x in batches[:2]:
        assert step(here, x, mine) == pytest.approx(proxy(peer, "step")(there, x, theirs))
    assert step(here, batches[2], mine) == pytest.approx(step(there, batches[2], theirs))
    assert [*train(here, batches, mine)] == pytest.approx([*proxy(peer, "train")(there, batches, theirs)])  # fmt: skip
    for a, b in zip(here.parameters(), there.parameters(), strict=True):
        assert_close(a, b)
        assert_close(a.grad, b.grad)


def test_old_gradients_are_there_and_can_be_cleared(peer):
    model = nn.Linear(2, 1)
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    assert_close(proxy(peer, "old_gradient")(model), torch.ones(1, 2))
    proxy(peer, "clear")(model)
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("how", ["rebind", "data", "detach"])
@pytest.mark.parametrize("kind", ["peer", "firm"])
def test_weights_and_buffers_changed_in_any_way_change_here(request, kind, how):
    peer, model = request.getfixturevalue(kind), nn.BatchNorm1d(3, dtype=torch.float64)
    for turn in (2, 4):
        proxy(peer, "shrink")(model, how)
        assert_close(model.weight.detach(), torch.full((3,), 1 / turn, dtype=torch.float64))
        assert_close(model.running_var, torch.full((3,), 1 / turn, dtype=torch.float64))


def test_modes_of_a_module_are_kept_equal(peer):
    model = nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(2)).eval()
    proxy(peer, "through")(model, torch.ones(3, 2))
    model.train()
    proxy(peer, "through")(model, torch.ones(3, 2))
    assert model[1].num_batches_tracked == 1


def test_a_students_class_lives_there(peer):
    model = proxy(peer, "Scale")(2)
    (gain,) = list(model.parameters())
    assert isinstance(gain, torch.Tensor)
    x = torch.tensor([1.0, 2.0])
    (slope,) = torch.autograd.grad(model(x).sum(), gain)
    assert_close(slope, x)
    with torch.no_grad():
        gain.fill_(5.0)
    assert_close(model(x).detach(), 5 * x)


def test_the_weights_of_a_students_module_come_in_one_message(peer, monkeypatch):
    model = proxy(peer, "Scale")(2)
    asked = []
    request = peer.request
    monkeypatch.setattr(
        peer, "request", lambda op, parts: (asked.append(op), request(op, parts))[1]
    )
    weights = model.named_parameters()
    ((name, gain),) = weights
    assert (name, gain.tolist(), list(weights)) == ("gain", [3.0, 3.0], [])
    assert asked == ["get", "call"]
    (slope,) = torch.autograd.grad(model(torch.ones(2)).sum(), gain)
    assert_close(slope, torch.ones(2))


def test_generators_and_the_global_state_go_on_in_the_guest(peer):
    g, same = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    for _ in range(2):
        assert_close(proxy(peer, "draw")(4, generator=g), torch.randn(4, generator=same))
    torch.manual_seed(5)
    first = [proxy(peer, "draw")(3), proxy(peer, "draw")(2)]
    torch.manual_seed(5)
    assert_close(first, [torch.randn(3), torch.randn(2)])


def test_a_change_in_place_is_seen(peer):
    x, a = torch.ones(3), np.ones(2)
    proxy(peer, "double_in_place")(x)
    proxy(peer, "double_in_place")(a)
    assert x.tolist() == [2, 2, 2]
    assert a.tolist() == [2, 2]


def test_where_modules_are_shown_a_judge_keeps_what_it_will_compare_with(firm):
    x, a = torch.ones(3), np.ones(2)
    proxy(firm, "double_in_place")(x)
    proxy(firm, "double_in_place")(a)
    assert x.tolist() == [1, 1, 1]
    assert a.tolist() == [1, 1]
    model = nn.Linear(2, 1)
    before = model.weight.detach().clone()
    proxy(firm, "step")(model, torch.ones(1, 2), torch.optim.SGD(model.parameters(), lr=0.1))
    assert not torch.equal(model.weight, before)


def test_errors_come_with_their_kind(peer):
    with pytest.raises(ValueError, match="too small") as caught:
        proxy(peer, "fails")("value")
    assert caught.value.remote_name == "ValueError"
    with pytest.raises(RuntimeError, match="Own: odd"):
        proxy(peer, "fails")("own")


def test_what_hangs_is_given_up(peer):
    with peer.channel.within(0.5), pytest.raises(TimedOut):
        proxy(peer, "never")(1)
    peer.end = lambda: None  # type: ignore[method-assign]
    os.kill(_child_of_this(), 9)


def _child_of_this() -> int:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return int(file.read().split()[-1])


# -- what a guest must not be able to do ------------------------------------------------------


PICKLE = b"cos\nsystem\n(S'touch /tmp/pwned'\ntR."


@pytest.mark.parametrize(
    "value",
    [["p", PICKLE, [], []], ["o", "g1", PICKLE, [], []], ["zzz"], [], ["T", "g1", "float32", [10**9], b"1234", False, True, False],
     ["T", "g1", "float32", [-1], b"1234", False, True, False], ["T", "g1", "object", [1], b"1234", False, True, False],
     ["T", "j1", "float32", [1], b"1234", False, True, False], ["k", "j999"], ["n", "g1", "|O", [1], b"12345678"],
     ["n", "g1", "<f8", [5], b"12345678"], ["g", "g1", b"12"], ["dtype", "__doc__"], {"a": 1}],
    ids=lambda v: str(v)[:30],
)  # fmt: skip
def test_nonsense_from_a_guest_is_an_error_of_the_answer(value):
    with pytest.raises((ValueError, Gone)):
        judge_that_hears({"value": value, "sync": []})()


@pytest.mark.parametrize("sync", [[["T", "j9", b"", False, False]], [["o", "j1", ["p", PICKLE, [], []]]],
                                  [["T", "j1", b"1", False, False]], [["rng", b"12"]], [["?"]], 3],
                         ids=str)  # fmt: skip
def test_forged_changes_are_an_error_of_the_answer(sync):
    with pytest.raises(Gone):
        judge_that_hears({"value": 1, "sync": sync})()


def test_a_guest_cannot_look_into_the_check(peer):
    names: dict[str, Any] = {"__name__": CHECK, "SECRET": 42}
    exec(
        "def model(x):\n    return x\nclass Thing:\n    open = 1\n    _shut = 2\nthing = Thing()",
        names,
    )
    with pytest.raises(AttributeError):
        proxy(peer, "peek")(names["model"])
    for place, word in ((names["thing"], "_shut"), (names["model"], "__code__"), (names["thing"], "__class__")):  # fmt: skip
        with pytest.raises(AttributeError):
            allow("get", place, [word])
    allow("get", names["thing"], ["open"])


def test_too_much_is_refused(peer):
    with pytest.raises(ValueError, match="MiB"):
        proxy(peer, "echo")(torch.zeros(20_000_000))


@pytest.mark.parametrize("how", ["timed out", 9, None, [TOO_LONG], TOO_LONG])
def test_only_a_fork_that_was_stopped_took_too_long(how):
    with pytest.raises(Gone) as caught:
        judge_that_hears({"ended": how})()
    assert (type(caught.value) is TimedOut) == (how == TOO_LONG)


def test_a_broken_frame_is_an_end():
    mine, theirs = socket.socketpair()
    theirs.sendall((2**40).to_bytes(8, "big"))
    with pytest.raises(Gone, match="announced"):
        Channel(mine).receive()
    mine, theirs = socket.socketpair()
    theirs.sendall((3).to_bytes(8, "big") + b"\xc1\xc1\xc1")
    with pytest.raises(Gone, match="nobody sends"):
        Channel(mine).receive()
