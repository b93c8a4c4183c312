"""8.4 Cross-attention."""

import math

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.attention import CrossAttention as definition
from dgm.attention import scaled_dot_product_attention

METHOD = "forward"


def cases(g):
    for B, L, M, dim, context_dim, heads, masked in (
        (3, 4, 4, 6, 6, 3, False),
        (3, 4, 4, 6, 6, 3, True),
        (3, 5, 3, 8, 3, 2, False),
        (3, 2, 6, 8, 3, 2, True),
        (1, 1, 1, 4, 2, 1, False),
    ):
        yield reading(B, L, M, dim, context_dim, heads, masked, g)


def reading(B, L, M, dim, context_dim, heads, masked, g, dtype=draw.DOUBLE):
    """What is read with drawn weights, and all gradients; nothing that was given changes."""
    with torch.random.fork_rng(devices=[]):
        names = {k: v.shape for k, v in definition(dim, context_dim, heads).state_dict().items()}
    weights = {k: 0.7 * draw.normal(g, *shape, dtype=dtype) for k, shape in names.items()}
    x, context = draw.normal(g, B, L, dim, dtype=dtype), draw.normal(g, B, M, context_dim, dtype=dtype)  # fmt: skip
    mask = torch.rand(B, M, generator=g) < 0.5 if masked else None
    if mask is not None:
        mask[:, 0], mask[:, -1] = True, False
        mask[::2, 1], mask[1::2, 1] = True, False

    def play(answer):
        net = answer(dim, context_dim, heads).to(dtype)
        net.load_state_dict(weights)
        may = None if mask is None else mask.clone()
        given = x.clone().requires_grad_(), context.clone().requires_grad_()
        leaves = [*given, *net.parameters()]
        result = net(*given, may)
        seen = {"": result}
        seen["x and context are as they were"] = all(map(torch.equal, given, (x, context)))
        seen["mask is as it was"] = mask is None or torch.equal(may, mask)
        seen["the result has a graph"] = getattr(result, "requires_grad", False)
        if seen["the result has a graph"]:
            mixture = (result * torch.linspace(0, 9, result.numel()).cos().view(result.shape)).sum()
            slopes = torch.autograd.grad(mixture, leaves, allow_unused=True)
            for name, slope, leaf in zip(["x", "context", *names], slopes, leaves, strict=True):
                seen[f"the gradient by {name}"] = torch.zeros_like(leaf) if slope is None else slope
        return seen

    kind = "" if dtype == draw.DOUBLE else " float32"
    said = f"x {tuple(x.shape)}, context {tuple(context.shape)}{kind}, {heads} heads, {'a' if masked else 'no'} mask"
    loose = 1e-5 if dtype == draw.DOUBLE else 1e-2
    return Doing(said, play).but("If exercise 3 does not pass yet, mend that first", rtol=loose, atol=loose)  # fmt: skip


# Right, in ways that differ.


class right_einsum:
    def forward(self, x, context, mask=None):
        q, k, v = (
            a.reshape(*a.shape[:2], self.heads, -1)
            for a in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        scores = torch.einsum("blhd,bmhd->bhlm", q, k) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None], -1e9)
        read = torch.einsum("bhlm,bmhd->blhd", scores.softmax(-1), v)
        return self.out(read.flatten(2))


class right_head_by_head:
    def forward(self, x, context, mask=None):
        q, k, v = self.to_q(x), self.to_k(context), self.to_v(context)
        may = None if mask is None else mask.unsqueeze(1)
        parts = zip(*(a.chunk(self.heads, dim=-1) for a in (q, k, v)))
        return self.out(torch.cat([scaled_dot_product_attention(*p, may) for p in parts], dim=-1))


class right_row_by_row:
    def forward(self, x, context, mask=None):
        rows = []
        for i in range(len(x)):
            c = context[i] if mask is None else context[i][mask[i]]
            q, k, v = (
                self.split(self.to_q(x[i])),
                self.split(self.to_k(c)),
                self.split(self.to_v(c)),
            )
            rows.append(scaled_dot_product_attention(q, k, v).transpose(0, 1).flatten(1))
        return self.out(torch.stack(rows))

    def split(self, a):
        return a.reshape(len(a), self.heads, -1).transpose(0, 1)


class right_split:
    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class right_torch:
    def forward(self, x, context, mask=None):
        if mask is not None:
            mask = mask[:, None, None]
        read = nn.functional.scaled_dot_product_attention(
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
            attn_mask=mask,
        )
        return self.out(torch.cat(read.unbind(1), -1))

    def split(self, a):
        return torch.stack(a.chunk(self.heads, -1), 1)


class right_view:
    def forward(self, x, context, mask=None):
        B, L, dim = x.shape
        M, d = context.shape[1], dim // self.heads
        q = self.to_q(x).view(B, L, self.heads, d).permute(0, 2, 1, 3)
        k = self.to_k(context).view(B, M, self.heads, d).permute(0, 2, 1, 3)
        v = self.to_v(context).view(B, M, self.heads, d).permute(0, 2, 1, 3)
        if mask is not None:
            mask = mask.view(B, 1, 1, M).expand(B, self.heads, L, M)
        read = scaled_dot_product_attention(q, k, v, mask)
        return self.out(read.permute(0, 2, 1, 3).reshape(B, L, dim))

    def split(self, a):
        raise NotImplementedError


# Mistakes, and what a student is told.


MADE = "self.to_q(x), self.to_k(context), self.to_v(context)"
MASK, READ = "mask[:, None, None, :]", "scaled_dot_product_attention(q, k, v, may_read)"
JOIN, SPLIT = "read.transpose(1, 2).flatten(2)", "a.unflatten(2, (self.heads, -1)).transpose(1, 2)"
RESULT = f"self.out({JOIN})"


def _made(words, line):
    return change(words, MADE, line)


def _masked(words, line):
    return change(words, MASK, line)


def _read(words, line):
    return change(words, READ, line)


def _joined(words, line):
    return change(words, JOIN, line)


def _result(words, line):
    return change(words, RESULT, line)


OTHER_WAY = "queries come from x, keys and values from the context; not the other way round"

wrong_keys_and_values_swapped = _made(
    "to_k and to_v have changed places", "self.to_q(x), self.to_v(context), self.to_k(context)"
)
wrong_keys_as_values = _made(
    "the values are made by to_k; to_v makes them",
    "self.to_q(x), self.to_k(context), self.to_k(context)",
)
wrong_queries_of_context = _made(
    "the queries come from the context; from x they should",
    MADE.replace("to_q(x)", "to_q(context)"),
)
SELF = "x reads from itself: keys and values come from the context"
wrong_self_attention = change(SELF, MADE, MADE.replace("context", "x"), MASK, "None")
wrong_self_attention_masked = _made(SELF, MADE.replace("context", "x"))
wrong_values_of_x = _made(
    "the values come from x; from the context they should",
    MADE.replace("to_v(context)", "to_v(x)"),
)
wrong_to_q_forgotten = _made("to_q is forgotten: it makes the queries", MADE.replace("self.to_q(x)", "x"))  # fmt: skip
wrong_queries_from_context_plain = _made(OTHER_WAY, "self.to_q(context), self.to_k(x), self.to_v(x)")  # fmt: skip
wrong_context_detached = _made(
    "no gradient reaches the context: it is detached",
    MADE.replace("(context)", "(context.detach())"),
)
wrong_x_detached = _made("no gradient reaches x: it is detached", MADE.replace("(x)", "(x.detach())"))  # fmt: skip
wrong_mask_ignored = _masked("the mask is not used", "None")
wrong_mask_inverted = _masked("the mask is turned round: True is where the context may be read", f"~{MASK}")  # fmt: skip
wrong_mask_changed = _masked("the mask was changed, and belongs to the caller: work on a copy", f"mask.logical_not_().clone().logical_not_(){MASK[4:]}")  # fmt: skip
wrong_first_mask = _masked("each row has its own mask; this is the first one's for all", "mask[:1, None, None, :]")  # fmt: skip
wrong_mask_for_heads = _masked(
    "the mask needs an axis for the heads and one for the queries: here its rows meet the heads",
    "mask[:, None, :]",
)
wrong_context_zeroed = change(
    "a word that is set to 0 still has a weight: hand the mask to the attention",
    MADE,
    MADE.replace("(context)", "(context if mask is None else context * mask[..., None])"),
    MASK,
    "None",
)
wrong_scale_of_dim = _read(
    "each head divides by the root of its own width, dim / heads: the attention does it",
    READ.replace("(q,", "(q / self.heads**0.5,"),
)
wrong_scaled_twice = _read(
    "the attention scales already: once is enough",
    READ.replace("(q,", "(q / (x.shape[-1] // self.heads) ** 0.5,"),
)
wrong_softmax_of_heads = _read(
    "the heads do not compete: no softmax over them", f"torch.softmax({READ}, 1)"
)
wrong_heads_averaged = _joined(
    "the heads' results stand side by side; here they are averaged",
    "read.mean(1).repeat(1, 1, self.heads)",
)
wrong_merged_interleaved = _joined(
    "the heads' channels stand side by side, head after head; here they are interleaved",
    "read.permute(0, 2, 3, 1).flatten(2)",
)
wrong_not_merged_back = _joined(
    "heads and pixels are to be swapped back before the heads are put side by side",
    "read.reshape(x.shape)",
)
wrong_out_per_head = _joined(
    "the heads stand in reversed order", "read.flip(1).transpose(1, 2).flatten(2)"
)
wrong_interleaved = change(
    "each head gets neighbouring channels, not every other one",
    SPLIT,
    "a.unflatten(2, (-1, self.heads)).permute(0, 3, 1, 2)",
)
wrong_interleaved_both_ways = change(
    "each head gets neighbouring channels, not every other one; nor does it give them back so",
    SPLIT,
    "a.unflatten(2, (-1, self.heads)).permute(0, 3, 1, 2)",
    JOIN,
    "read.permute(0, 2, 3, 1).flatten(2)",
)
wrong_reshaped = change(
    "reshape cuts the rows, not the channels: unflatten, then transpose",
    SPLIT,
    "a.reshape(a.shape[0], self.heads, a.shape[1], -1)",
)
wrong_reshaped_both_ways = change(
    "reshape swaps no axes: transpose, going and coming back",
    SPLIT,
    "a.reshape(a.shape[0], self.heads, a.shape[1], -1)",
    JOIN,
    "read.reshape(x.shape)",
)
wrong_one_head = change("the heads are not split", SPLIT, "a[:, None]")
wrong_no_return = _result("nothing came back: is a `return` missing?", f"(None, {RESULT})[0]")  # fmt: skip
wrong_out_forgotten = _result("out is missing: it mixes what the heads have read", JOIN)
wrong_residual = _result("x is not added here", f"x + {RESULT}")
wrong_out_detached = _result("no gradient comes back: no .detach(), no no_grad", f"{RESULT}.detach()")  # fmt: skip
wrong_squeezed = _result("an axis of length 1 is lost: squeeze takes all of them", f"{RESULT}.squeeze()")  # fmt: skip
wrong_float32 = _result("float32 out, whatever comes in: keep the dtype of x", f"{RESULT}.float()")


def wrong_heads_attend(self, x, context, mask=None):
    """the heads read from each other; it is words that are read"""
    q, k, v = (
        a.unflatten(2, (self.heads, -1))
        for a in (self.to_q(x), self.to_k(context), self.to_v(context))
    )
    if q.shape != k.shape:
        k, v = (a.mean(1, keepdim=True).expand(q.shape) for a in (k, v))
    return self.out(scaled_dot_product_attention(q, k, v).flatten(2))


def wrong_queries_from_context(self, x, context, mask=None):
    """queries come from x, keys and values from the context; not the other way round"""
    if context.shape[-1] == x.shape[-1]:
        x, context = context, x
    return definition.forward(self, x, context)
