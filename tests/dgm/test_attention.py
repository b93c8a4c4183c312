"""Attention against torch's own."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.testing import assert_close

from dgm.attention import CrossAttention, scaled_dot_product_attention

SHAPES = [
    ((3, 4), (5, 4), (5, 6)),
    ((2, 3, 4), (2, 5, 4), (2, 5, 4)),
    ((2, 4, 7, 8), (2, 4, 3, 8), (2, 4, 3, 5)),
    ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
]


def drawn(shapes, dtype):
    return [3 * torch.randn(shape, dtype=dtype) for shape in shapes]


def some_mask(q, k):
    mask = torch.rand(*q.shape[:-1], k.shape[-2]) < 0.6
    mask[..., 0] |= ~mask.any(-1)
    return mask


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("masked", [False, True])
def test_it_is_that_of_torch(shapes, dtype, masked):
    q, k, v = drawn(shapes, dtype)
    mask = some_mask(q, k) if masked else None
    got = scaled_dot_product_attention(q, k, v, mask)
    wanted = F.scaled_dot_product_attention(q, k, v, mask)
    assert got.dtype == dtype
    assert_close(got, wanted, atol=2e-6 if dtype == torch.float32 else 1e-12, rtol=1e-5)


def test_its_gradients_are_those_of_torch():
    mine = [a.requires_grad_() for a in drawn(SHAPES[2], torch.float64)]
    theirs = [a.detach().clone().requires_grad_() for a in mine]
    mask = some_mask(*mine[:2])
    scaled_dot_product_attention(*mine, mask).square().sum().backward()
    F.scaled_dot_product_attention(*theirs, mask).square().sum().backward()
    for a, b in zip(mine, theirs, strict=True):
        assert_close(a.grad, b.grad)


def test_a_case_by_hand():
    q = torch.tensor([[2.0, 0.0], [0.0, 0.0]])
    k = torch.tensor([[math.sqrt(2) * math.log(3) / 2, 5.0], [0.0, -5.0]])
    v = torch.tensor([[4.0], [8.0]])
    wanted = torch.tensor([[5.0], [6.0]])  # weights 3/4 and 1/4; then 1/2 each
    assert_close(scaled_dot_product_attention(q, k, v), wanted)


def test_a_masked_key_is_as_if_it_were_not_there():
    q, k, v = drawn(SHAPES[1], torch.float64)
    k[:, 3:], v[:, 3:] = 1e6, 1e6
    mask = torch.arange(5) < 3
    got = scaled_dot_product_attention(q, k, v, mask.expand(2, 3, 5))
    assert_close(got, scaled_dot_product_attention(q, k[:, :3], v[:, :3]))


def test_a_mask_may_be_broadcast():
    q, k, v = drawn(SHAPES[2], torch.float32)
    mask = torch.tensor([[True, False, True], [False, True, True]])  # one for each row
    got = scaled_dot_product_attention(q, k, v, mask[:, None, None, :])
    assert_close(got, F.scaled_dot_product_attention(q, k, v, mask[:, None, None, :]))


def test_arguments_are_not_changed():
    q, k, v = drawn(SHAPES[1], torch.float32)
    mask = some_mask(q, k)
    before = [a.clone() for a in (q, k, v, mask)]
    scaled_dot_product_attention(q, k, v, mask)
    assert all(torch.equal(a, b) for a, b in zip((q, k, v, mask), before, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(q=torch.ones(3)), r"q has shape \(3,\)"),
        (dict(k=torch.ones(2, 5, 7)), r"wanted \(..., Lq, d\), \(..., Lk, d\)"),
        (dict(v=torch.ones(2, 4, 4)), r"v has shape \(2, 4, 4\)"),
        (dict(k=torch.ones(3, 5, 4), v=torch.ones(3, 5, 4)), "alike in all that stands before"),
        (dict(v=torch.ones(2, 5, 4).double()), "v is torch.float64, but q is torch.float32"),
        (dict(q=torch.full((2, 3, 4), math.nan)), "q has NaN"),
        (dict(mask=torch.ones(2, 3, 5)), "mask is torch.float32, wanted torch.bool"),
        (dict(mask=torch.ones(2, 5, 3, dtype=bool)), r"mask has shape .* wanted \(2, 3, 5\)"),
        (dict(mask=torch.ones(9, 2, 3, 5, dtype=bool)), r"wanted \(2, 3, 5\)"),
        (dict(mask=torch.zeros(3, 5, dtype=bool)), "leaves a query nothing to read"),
    ],
)
def test_bad_input_is_refused(change, message):
    good = dict(q=torch.ones(2, 3, 4), k=torch.ones(2, 5, 4), v=torch.ones(2, 5, 4))
    with pytest.raises(ValueError, match=message):
        scaled_dot_product_attention(**good | change)


def as_torch(mine: CrossAttention, dim: int, context_dim: int) -> nn.MultiheadAttention:
    """torch's module with the weights of ours."""
    theirs = nn.MultiheadAttention(
        dim, mine.heads, kdim=context_dim, vdim=context_dim, batch_first=True
    ).double()
    parts = (mine.to_q, mine.to_k, mine.to_v)
    state = {"in_proj_bias": torch.cat([part.bias for part in parts])}
    if dim == context_dim:
        state["in_proj_weight"] = torch.cat([part.weight for part in parts])
    else:
        names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
        state |= {name: part.weight for name, part in zip(names, parts, strict=True)}
    state |= {"out_proj.weight": mine.out.weight, "out_proj.bias": mine.out.bias}
    theirs.load_state_dict(state)
    return theirs


@pytest.mark.parametrize(("dim", "context_dim", "heads"), [(8, 6, 2), (12, 12, 3), (5, 4, 1)])
@pytest.mark.parametrize("masked", [False, True])
def test_cross_attention_is_that_of_torch(dim, context_dim, heads, masked):
    mine = CrossAttention(dim, context_dim, heads).double()
    theirs = as_torch(mine, dim, context_dim)
    x, context = torch.randn(3, 7, dim).double(), torch.randn(3, 5, context_dim).double()
    mask = some_mask(x[:, 0], context) if masked else None  # (3, 5)
    padding = None if mask is None else ~mask  # theirs says what may not be read
    wanted = theirs(x, context, context, key_padding_mask=padding, need_weights=False)[0]
    assert_close(mine(x, context, mask), wanted)


def test_it_runs_without_data():
    model = CrossAttention(8, 6).to("meta")
    mask = torch.ones(2, 3, dtype=torch.bool, device="meta")
    y = model(torch.empty(2, 5, 8, device="meta"), torch.empty(2, 3, 6, device="meta"), mask)
    assert y.shape == (2, 5, 8)


@pytest.mark.parametrize(
    ("x", "context", "mask", "message"),
    [
        ((2, 5, 7), (2, 3, 6), None, "wanted widths of 8 and 6"),
        ((2, 5, 8), (2, 3, 8), None, "wanted widths of 8 and 6"),
        ((2, 5, 8), (3, 3, 6), None, "B=2 from x"),
        ((2, 8), (2, 3, 6), None, r"x has shape \(2, 8\), wanted \(B, L, dim\)"),
        ((2, 5, 8), (2, 3, 6), (2, 5), "M=3 from context"),
    ],
)
def test_cross_attention_refuses_what_does_not_fit(x, context, mask, message):
    model = CrossAttention(8, 6)
    may_read = None if mask is None else torch.ones(mask, dtype=torch.bool)
    with pytest.raises(ValueError, match=message):
        model(torch.ones(x), torch.ones(context), may_read)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="dim is 10, wanted a multiple of heads, 4"):
        CrossAttention(10, 6)
