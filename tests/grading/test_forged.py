"""What a guest may send a judge is read strictly; whatever else it sends ends the exchange."""

import gc
import resource
from typing import Any

import msgpack
import numpy as np
import pytest
import torch
from bridges import judge_that_hears
from hypothesis import strategies as st
from torch import nn

from course.grading.sandbox.bridge import frames, reading
from course.grading.sandbox.bridge.channel import Forged, Gone
from course.grading.sandbox.bridge.peer import CHECK
from course.grading.sandbox.bridge.tensors import to_bytes
from course.grading.sandbox.bridge.values import DEEPEST, Values

HUGE = 600_000_000  # numbers in a tensor that nobody sends


def says(value: Any, sync: Any = ()) -> dict[str, Any]:
    return {"value": value, "sync": list(sync)}


def tensor(
    dtype: str = "float32", shape: Any = (1,), data: Any = b"1234", **more: Any
) -> list[Any]:
    parts = {"key": "g1", "dtype": dtype, "shape": list(shape), "data": data, "wants": False,
             "leaf": True, "parameter": False, "slope": None}  # fmt: skip
    return ["T", *(parts | more).values()]


FORGED = {
    "a tensor without data": says(tensor(shape=[HUGE], data=b"")),
    "a small tensor without data": says(tensor(shape=[1000], data=b"")),
    "a gradient without data": says(tensor(wants=True, slope=b"")),
    "too little data": says(tensor(shape=[2])),
    "too much data": says(tensor(data=b"12345678")),
    "a shape that overflows": says(tensor(shape=[2**33, 2**33], data=b"")),
    "an endless empty shape": says(tensor(shape=[0, 2**62], data=b"")),
    "truths of 7": says(tensor("bool", data=b"\7")),
    "a dtype that torch has": says(tensor("qint8", data=b"1")),
    "an array of objects": says(["n", "g1", "|O", [1], b"12345678"]),
    "an array without data": says(["n", "g1", "<f8", [HUGE], b""]),
    "an array of records": says(["n", "g1", "8f8", [1], b"1" * 64]),
    "a state for a generator": says(["g", "g1", b"0" * 5056]),
    "the judge's own key": says(["T", "j9", *tensor()[2:]]),
    "a number for a flag": says(["T", "g1", "float32", [1], b"1234", 0, True, False, None]),
    "a long text for a whole number": says(["i", "9" * 5000]),
    "a message in a message": {"value": 1, "sync": [], "more": 1},
    "a value and a request": {"value": 1, "sync": [], "op": "len", "parts": ["j1"], "grad": True},
    "a request of no kind": {"op": "eval", "parts": ["j1", "1"], "sync": [], "grad": True},
    "a state for the judge's generators": says(1, [["rng", b"0" * 5056]]),
    "a gradient of the wrong size": says(1, [["T", "j1", None, False, b""]]),
    "data of the wrong size": says(1, [["T", "j1", b"", False, False]]),
    "a change of an unknown object": says(1, [["T", "j7", None, False, False]]),
    "flags of a tensor": says(1, [["o", "j1", [True]]]),
    "a list that is announced": b"\xdd\xff\xff\xff\xff",
    "a text that is announced": b"\xdb\xff\xff\xff\xff",
    "a map that is announced": b"\xdf\xff\xff\xff\xff",
    "an extension": b"\xc7\x01\x00a",
    "a list of a million lists": b"\xdd" + (2_000_000).to_bytes(4, "big") + b"\x90" * 2_000_000,
    "very many lists in lists": b"\x91" * 100_000 + b"\xc0",
    "something behind it": msgpack.packb(says(1)) + b"\xc0",
    "nothing": b"",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_ends_the_exchange(name):
    x = torch.ones(2)
    with pytest.raises(Forged):
        judge_that_hears(FORGED[name], shows="all")(x)
    assert x.tolist() == [1, 1]
    assert x.grad is None


@pytest.mark.parametrize("name", ["a tensor without data", "an array without data",
                                  "a list of a million lists", "a list that is announced"])  # fmt: skip
def test_a_forged_message_takes_no_memory(name):
    hears = judge_that_hears(FORGED[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Forged):
        hears()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_many_messages_together_have_a_limit(monkeypatch):
    monkeypatch.setattr("course.grading.sandbox.bridge.known.HEAVIEST", 10_000)
    asks = [
        {"op": "call", "parts": ["j1", ["t", [tensor(shape=[500], data=b"1234" * 500, key=f"g{k}")]],
                                 ["d", []]], "sync": [], "grad": True}
        for k in range(1, 9)
    ]  # fmt: skip
    kept: list[Any] = []
    with pytest.raises(Gone, match="ended"):
        judge_that_hears(*asks)(lambda t: kept.append(t))
    assert len(kept) == 5


def test_only_what_was_lent_can_be_asked():
    asks = {"op": "item", "parts": ["j1", 0], "sync": [], "grad": True}
    heard: list[Any] = []
    peer_says = judge_that_hears(asks, says(3))
    heard.append(peer_says(torch.ones(2)))  # the request is refused, the answer's value is taken
    assert heard == [3]


def test_of_a_module_of_the_check_only_what_is_safe_is_reached():
    names: dict[str, Any] = {"__name__": CHECK, "nn": nn}
    exec("class Net(nn.Module):\n    own = 1\n    def forward(self, x):\n        return x", names)
    from course.grading.sandbox.bridge.allowed import allow

    net = names["Net"]()
    for name in ("own", "forward", "parameters", "eval"):
        allow("get", net, [name])
    for name in ("register_forward_hook", "apply", "load_state_dict", "add_module", "_modules"):
        with pytest.raises(AttributeError):
            allow("get", net, [name])
    with pytest.raises(AttributeError):
        allow("set", net, ["own", 2])


def test_a_cells_outputs_are_read_too():
    good = [{"output_type": "stream", "name": "stdout", "text": "x"},
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a"]},
            {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}]  # fmt: skip
    assert reading.outputs({"outputs": good}) == good
    for bad in (None, 1, {}, {"outputs": 3}, {"outputs": [1]}, {"outputs": [{"output_type": "x"}]},
                {"outputs": [good[1] | {"traceback": 5}]},
                {"outputs": [good[2] | {"data": {"text/plain": 3}}]}):  # fmt: skip
        with pytest.raises(Forged):
            reading.outputs(bad)


def test_a_value_as_deep_as_a_guest_may_send_is_read():
    guest, value = Values("guest"), {"a": 1}
    for k in range(DEEPEST - 1):
        value = {"a": value} if k % 2 else (value,)
    code = {"value": guest.encode(value), "sync": []}
    frames.measure(msgpack.packb(code))
    assert reading.message(code) is code
    with pytest.raises(ValueError, match="deep"):
        guest.encode({"a": [{"a": value}]})


# -- what `fuzz` lets judges hear ------------------------------------------------------------------------------

KEYS = st.sampled_from(
    ["g1", "g2", "g3", "j1", "j2", "j3", "j4", "j5", "j6", "j99", "x", "name:f", 1]
)
SHAPES = st.lists(st.sampled_from([0, 1, 2, 3, 7, -1, 2**40, 2.0, None]), max_size=3)
WORDS = st.sampled_from([*reading.SIZES, *reading.ARRAYS, *reading.OPS, "vjp", "O", "", "weight"])
FLAGS = st.sampled_from([True, False, 0, 1, None])
BYTES = st.one_of(st.binary(max_size=24), st.sampled_from([b"", b"\0" * 4, b"\1" * 8, b"\2" * 16, b"a" * 5056]))  # fmt: skip
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), WORDS, BYTES)  # fmt: skip


def fitting(draw: Any) -> list[Any]:
    """A tensor or an array that mostly fits, and a part of it that may not."""
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    array = draw(st.booleans())
    dtype = draw(st.sampled_from(sorted(reading.ARRAYS if array else reading.SIZES)))
    size = int(np.prod(shape, dtype=int)) * (reading.ARRAYS if array else reading.SIZES)[dtype]
    data = draw(st.sampled_from([b"\1" * size, b"\0" * size, b"\1" * (size + 1), b""]))
    key = draw(st.sampled_from(["g1", "g2", "g3", "g4", "j1"]))
    if array:
        return ["n", key, dtype, shape, data]
    slope = draw(st.sampled_from([None, None, data, b""]))
    return ["T", key, dtype, shape, data, draw(FLAGS), draw(FLAGS), draw(st.booleans()), slope]


CODES = st.recursive(
    st.one_of(
        PLAIN,
        st.composite(fitting)(),
        st.tuples(st.just("T"), KEYS, WORDS, SHAPES, BYTES, FLAGS, FLAGS, FLAGS, PLAIN),
        st.tuples(st.just("n"), KEYS, WORDS, SHAPES, BYTES),
        st.tuples(st.sampled_from(["k", "r", "g", "i", "c", "dtype", "device", "...", "p", "o"]), KEYS),
        st.tuples(st.sampled_from(["r", "g", "c", "o"]), KEYS, PLAIN),
    ),
    lambda codes: st.one_of(
        st.tuples(st.sampled_from(["l", "t", "s", "it"]), st.lists(codes, max_size=3)),
        st.tuples(st.just("d"), st.lists(st.tuples(codes, codes), max_size=2)),
        st.tuples(st.just("slice"), codes, codes, codes),
        st.lists(codes, max_size=3),
    ),
    max_leaves=4,
)  # fmt: skip
CHANGES = st.one_of(
    st.tuples(st.just("T"), KEYS, st.none() | BYTES, FLAGS, FLAGS | BYTES),
    st.tuples(st.sampled_from(["n", "g", "o"]), KEYS, BYTES | CODES | st.lists(FLAGS, max_size=4)),
    st.tuples(st.just("rng"), BYTES),
    CODES,
)
SYNC = st.one_of(st.just([]), st.lists(CHANGES, max_size=2), PLAIN)
MESSAGES = st.one_of(
    st.fixed_dictionaries({"value": CODES, "sync": SYNC}),
    st.fixed_dictionaries({"error": st.lists(WORDS, min_size=3, max_size=3) | PLAIN, "sync": SYNC}),
    st.fixed_dictionaries({"op": WORDS, "parts": st.lists(KEYS | CODES, max_size=5), "sync": SYNC, "grad": FLAGS}),
    st.fixed_dictionaries({"ended": PLAIN}),
    CODES,
).map(msgpack.packb) | st.binary(max_size=60)  # fmt: skip


def numbers(code: Any) -> set[bytes]:
    """All bytes in what was sent."""
    if isinstance(code, dict):
        code = list(code.values())
    if isinstance(code, (list, tuple)):
        return set().union(*map(numbers, code))
    return {code} if isinstance(code, bytes) else set()


def tried(messages: list[bytes]) -> None:
    """Judges hear them all: one that has ended an exchange is followed by another."""
    while messages:
        messages = messages[heard(messages) :]


def heard(messages: list[bytes]) -> int:
    """How many of them a judge hears; it takes them or not, and what it takes is what was sent."""
    x, a, g = torch.ones(2), np.ones(3), torch.Generator().manual_seed(1)
    net, handed, sent = nn.Linear(2, 2), [], {b""}
    weights = [p.detach().clone() for p in net.parameters()]
    for message in messages:
        try:
            frames.measure(message)
            sent |= numbers(msgpack.unpackb(message, strict_map_key=False))
        except (Gone, ValueError, TypeError):
            continue
    call = judge_that_hears(*messages)

    def lent(*values: Any) -> Any:
        handed.extend(values)
        return values[0] if values else None

    try:
        handed.append(call(x, a, g, net, lent))
    except Gone:
        pass
    except (ValueError, TypeError):
        pass
    except Exception as problem:
        if not hasattr(problem, "remote_name"):
            raise
    for value in handed:
        mine = any(value is one for one in (x, a, *net.parameters()))
        if isinstance(value, (torch.Tensor, np.ndarray)) and not mine:
            data = to_bytes(value.detach()) if isinstance(value, torch.Tensor) else value.tobytes()
            assert data in sent
    assert x.tolist() == [1, 1]
    assert a.tolist() == [1, 1, 1]
    for old, new in zip(weights, net.parameters(), strict=True):
        assert torch.equal(old, new)
    return call.heard  # type: ignore[attr-defined]


def test_messages_leave_nothing_behind():
    small = [m if isinstance(m, bytes) else msgpack.packb(m) for m in FORGED.values()]
    small = [m for m in small if len(m) < 10_000]
    sizes = []
    for _ in range(3):
        for _ in range(10):
            tried(small)
        gc.collect()
        with open("/proc/self/statm") as file:
            sizes.append(int(file.read().split()[1]) * resource.getpagesize())
    assert sizes[2] - sizes[1] < 10_000_000
