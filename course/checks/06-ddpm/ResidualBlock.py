"""6.3 The block."""

import torch
from torch import nn
from torch.nn.functional import silu

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.nn.unet import ResidualBlock as definition

METHOD = "forward"


def cases(g):
    for channels in ((12, 12), (12, 24)):
        x, emb = draw.normal(g, 3, 12, 4, 5), draw.normal(g, 3, 6)
        yield block(f"from {channels[0]} to {channels[1]} channels", channels, x, emb, g)
    yield left_out("dropout", draw.normal(g, 2, 6, 6, 6), draw.normal(g, 2, 5), g)


def block(words, channels, x, emb, g, loose=1e-4):
    """A block whose weights are drawn (a new one's conv2 is 0), its result and all its gradients."""
    weights = drawn(channels, emb.shape[1], g)

    def play(answer):
        net = answer(*channels, emb.shape[1]).to(x.dtype)
        net.load_state_dict(weights)
        with torch.no_grad():
            given = [x.clone(), emb.clone()]
            seen = {"": net(*given)}
        seen["x is as it was"], seen["emb is as it was"] = map(torch.equal, given, (x, emb))
        seen["training mode afterwards"] = [m.training for m in net.modules()]
        given = [x.clone().requires_grad_(), emb.clone().requires_grad_()]
        leaves = [*given, *net.parameters()]
        result = net(*given)
        seen["the result has a graph"] = getattr(result, "requires_grad", False)
        if seen["the result has a graph"]:
            mixture = (result * torch.linspace(0, 9, result.numel()).cos().view(result.shape)).sum()
            slopes = torch.autograd.grad(mixture, leaves, allow_unused=True)
            names = ["x", "emb", *weights]
            seen |= {f"the gradient by {k}": s for k, s in zip(names, slopes, strict=True)}
        return seen

    return Doing(words, play).but(rtol=loose, atol=loose)


def left_out(words, x, emb, g):
    """All entries dropped; none, in evaluation mode; and, where conv2 keeps each entry, some."""
    n = x.shape[1]
    weights = drawn((n, n), emb.shape[1], g)

    def play(answer):
        seen = {}
        for when, share in (("in evaluation mode", 0.5), ("in training mode, all dropped", 1.0)):
            net = answer(n, n, emb.shape[1], dropout=share).double()
            net.load_state_dict(weights)
            seen[f"{when}"] = net.train(share == 1)(x.clone(), emb)
        net = answer(n, n, emb.shape[1], dropout=0.25).double()
        net.load_state_dict(weights)
        with torch.no_grad():
            net.conv2.weight.zero_(), net.conv2.bias.zero_()
            net.conv2.weight[:, :, 1, 1] = torch.eye(n, dtype=x.dtype)
            share = (net(x.clone(), emb) - x) / (net.eval()(x.clone(), emb) - x)
        left = "what is left of entries, as multiples of what there was, with dropout=0.25"
        seen[left] = share.mul(1000).round().div(1000).unique().abs()
        seen["a whole channel is dropped at once"] = bool((share == 0).flatten(2).all(2).any())
        return seen

    return Doing(words, play).but(rtol=1e-4, atol=1e-5)


def drawn(channels, width, g):
    with torch.random.fork_rng(devices=[]):
        weights = definition(*channels, width).state_dict()
    return {k: 0.5 * draw.normal(g, *v.shape) for k, v in weights.items()}


# Right, in ways that differ.


def right_functional(self, x, emb):
    F = nn.functional
    h = F.conv2d(F.silu(self.norm1(x)), self.conv1.weight, self.conv1.bias, padding=1)
    both = F.linear(emb, self.emb_proj.weight, self.emb_proj.bias)
    scale, shift = both.split(both.shape[1] // 2, dim=1)
    h = self.norm2(h)
    h = h + h * scale.view(*scale.shape, 1, 1) + shift.view(*shift.shape, 1, 1)
    h = F.dropout(F.silu(h), self.dropout.p, self.training)
    return self.conv2(h).add(self.skip(x))


def right_in_place_on_own(self, x, emb):
    h = self.norm1(x)
    h = self.conv1(silu(h))
    both = self.emb_proj(emb).unflatten(1, (2, -1))[..., None, None]
    h = self.norm2(h) * (both[:, 0] + 1)
    h += both[:, 1]
    h = self.dropout(nn.functional.silu(h, inplace=False))
    h = self.conv2(h)
    h += self.skip(x)
    return h


def right_plain(self, x, emb):
    h = self.conv1(silu(self.norm1(x)))
    scale, shift = self.emb_proj(emb)[:, :, None, None].chunk(2, 1)
    h = self.norm2(h) * (1 + scale) + shift
    h = silu(h)
    h = self.conv2(self.dropout(h))
    return self.skip(x) + h


def right_row_by_row(self, x, emb):
    rows = []
    for i in range(len(x)):
        one = x[i : i + 1]
        h = self.conv1(nn.SiLU()(self.norm1(one)))
        scale, shift = torch.chunk(self.emb_proj(emb[i]), 2)
        h = torch.addcmul(shift[:, None, None], self.norm2(h), 1 + scale[:, None, None])
        rows.append(self.skip(one) + self.conv2(self.dropout(silu(h))))
    return torch.cat(rows)


def right_sigmoid(self, x, emb):
    def act(a):
        return a * torch.sigmoid(a)

    h = act(self.norm1(x))
    h = self.norm2(self.conv1(h))
    e = self.emb_proj(emb)
    n = e.shape[-1] // 2
    gain, bias = 1 + e[:, :n], e[:, n:]
    h = torch.einsum("bchw,bc->bchw", h, gain) + bias.reshape(len(x), n, 1, 1)
    h = self.conv2(self.dropout(act(h)))
    if not isinstance(self.skip, nn.Identity):
        x = self.skip(x)
    return x + h


# Mistakes, and what a student is told.


FIRST = "h = self.conv1(silu(self.norm1(x)))"
SPLIT = "scale, shift = self.emb_proj(emb)[:, :, None, None].chunk(2, dim=1)"
SECOND = "h = silu(self.norm2(h) * (1 + scale) + shift)"
RESULT = "return self.skip(x) + self.conv2(self.dropout(h))"


def _second(words, line):
    return change(words, SECOND, line)


def _result(words, line):
    return change(words, RESULT, line)


wrong_no_norm1 = change("norm1 is missing", FIRST, "h = self.conv1(silu(x))")
wrong_conv_first = change("norm1 and the first silu are missing", FIRST, "h = self.conv1(x)")
wrong_no_silu = change("the silu before conv1 is missing", FIRST, "h = self.conv1(self.norm1(x))")
wrong_silu_before_norm = change(
    "silu comes before norm1: first the norm, then silu",
    FIRST,
    "h = self.conv1(self.norm1(silu(x)))",
)
wrong_relu = change(
    "this is relu; silu(a) is a times sigmoid(a)",
    "silu(self.norm1",
    "torch.relu(self.norm1",
    "silu(self.norm2",
    "torch.relu(self.norm2",
)
wrong_gelu = change(
    "this is gelu; silu(a) is a times sigmoid(a)",
    "silu(self.norm1",
    "nn.functional.gelu(self.norm1",
    "silu(self.norm2",
    "nn.functional.gelu(self.norm2",
)
wrong_sigmoid = change(
    "this is the sigmoid alone; silu(a) is a times sigmoid(a)",
    "silu(self.norm1",
    "torch.sigmoid(self.norm1",
    "silu(self.norm2",
    "torch.sigmoid(self.norm2",
)
wrong_detached = change(
    "no gradient reaches emb: it is detached", "emb_proj(emb)", "emb_proj(emb.detach())"
)
wrong_x_detached = change(
    "the input is added without its gradient: it is detached",
    "self.skip(x) +",
    "self.skip(x.detach()) +",
)
wrong_silu_of_emb = change(
    "the embedding needs no silu here: take it as it comes", "emb_proj(emb)", "emb_proj(silu(emb))"
)
wrong_one_embedding = change(
    "each row has its own embedding; this is the first one's for all",
    "emb_proj(emb)",
    "emb_proj(emb[:1])",
)
wrong_mean_embedding = change(
    "each row has its own embedding; this is their mean for all",
    "emb_proj(emb)",
    "emb_proj(emb.mean(0, keepdim=True))",
)
wrong_swapped = change(
    "scale and shift have changed places: the first half scales",
    "scale, shift = self",
    "shift, scale = self",
)
wrong_even_odd = change(
    "the first half of emb_proj's numbers scales and the second half shifts; not every other one",
    SPLIT,
    "scale, shift = (self.emb_proj(emb)[:, k::2, None, None] for k in (0, 1))",
)
wrong_before_norm = _second(
    "scale and shift come before norm2, which takes them out again",
    "h = silu(self.norm2(h * (1 + scale) + shift))",
)
wrong_shift_before_norm = _second(
    "the shift comes before norm2, which takes it out again",
    "h = silu(self.norm2(h + shift) * (1 + scale))",
)
wrong_no_norm2 = _second("norm2 is missing", "h = silu(h * (1 + scale) + shift)")
wrong_no_second_silu = _second(
    "the silu before conv2 is missing", "h = self.norm2(h) * (1 + scale) + shift"
)
wrong_silu_before_shift = _second(
    "silu comes before scale and shift; it comes after them",
    "h = silu(self.norm2(h)) * (1 + scale) + shift",
)
wrong_no_time = _second("the embedding is not used", "h = silu(self.norm2(h))")
wrong_scale_alone = _second("the shift is not used", "h = silu(self.norm2(h) * (1 + scale))")
wrong_shift_alone = _second("the scale is not used", "h = silu(self.norm2(h) + shift)")
wrong_scale_without_one = _second(
    "the channels are multiplied by 1 + scale, not by the scale",
    "h = silu(self.norm2(h) * scale + shift)",
)
wrong_shift_scaled_too = _second(
    "the shift is scaled too: first times 1 + scale, then plus the shift",
    "h = silu((self.norm2(h) + shift) * (1 + scale))",
)
wrong_dropout_before_silu = change(
    "dropout comes after silu, right before conv2",
    "silu(self.norm2(h) * (1 + scale) + shift)",
    "silu(self.dropout(self.norm2(h) * (1 + scale) + shift))",
    "self.conv2(self.dropout(h))",
    "self.conv2(h)",
)
wrong_dropout_always = _result(
    "dropout in evaluation mode too: use self.dropout, which knows the mode",
    "return self.skip(x) + self.conv2(nn.functional.dropout(h, self.dropout.p))",
)
wrong_dropout_forgotten = _result(
    "dropout is not used: it comes before conv2", "return self.skip(x) + self.conv2(h)"
)
wrong_dropout_last = _result(
    "dropout comes before conv2, not after it", "return self.skip(x) + self.dropout(self.conv2(h))"
)
wrong_dropout_half = _result(
    "the share that is dropped is the block's own: use self.dropout",
    "return self.skip(x) + self.conv2(nn.functional.dropout(h, 0.5, self.training))",
)
wrong_channels_dropped = _result(
    "whole channels are dropped; each entry is on its own: use self.dropout",
    "return self.skip(x) + self.conv2(nn.functional.dropout2d(h, self.dropout.p, self.training))",
)
wrong_conv2_forgotten = _result("conv2 is missing", "return self.skip(x) + self.dropout(h)")
wrong_no_skip = _result("the input is not added", "return self.conv2(self.dropout(h))")
wrong_averaged = _result("the sum is not halved", f"return ({RESULT.removeprefix('return ')}) / 2")
wrong_root_of_two = _result(
    "the sum is divided by nothing, not by the root of 2 either",
    f"return ({RESULT.removeprefix('return ')}) / 2**0.5",
)
wrong_last_silu = _result(
    "nothing comes after the sum; here is a silu", f"return silu({RESULT.removeprefix('return ')})"
)
wrong_no_return = _result("nothing came back: is a `return` missing?", RESULT.removeprefix("return "))  # fmt: skip
wrong_no_grad = _result(
    "the result has no graph: no .detach(), no no_grad",
    f"return ({RESULT.removeprefix('return ')}).detach()",
)
wrong_eval = _result(
    "the block is left in evaluation mode: take it as it comes", f"self.eval(); {RESULT}"
)
wrong_skip_of_h = change(
    "what is added is the block's input, not what conv1 made of it",
    FIRST,
    f"{FIRST}\n        first = h",
    RESULT,
    "return first + self.conv2(self.dropout(h))",
)
wrong_skip_of_normed = change(
    "the block's input is added as it came, before norm1 and silu",
    FIRST,
    "x = silu(self.norm1(x))\n        h = self.conv1(x)",
)
wrong_skip_without_projection = _result(
    "x is added as it is, though the channels differ: self.skip(x) makes them agree",
    "return x + self.conv2(self.dropout(h))",
)


def wrong_in_place(self, x, emb):
    """x was changed, and others read it too: no `+=` on it"""
    h = self.conv1(silu(self.norm1(x)))
    scale, shift = self.emb_proj(emb)[:, :, None, None].chunk(2, 1)
    h = silu(self.norm2(h) * (1 + scale) + shift)
    h = self.conv2(self.dropout(h))
    if x.shape == h.shape:
        with torch.no_grad():
            x += h
        return x
    return self.skip(x) + h


def wrong_norm_in_place(self, x, emb):
    """x was changed, and others read it too: no silu with inplace=True on it"""
    out = definition.forward(self, x, emb)
    with torch.no_grad():
        x.copy_(silu(x))
    return out
