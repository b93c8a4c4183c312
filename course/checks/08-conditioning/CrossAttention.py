"""TITLE."""

import math

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.attention import CrossAttention as definition
from dgm.attention import (
    scaled_dot_product_attention,  # scaled_dot_product_attention
)


def cases(g):
    raise NotImplementedError


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


class wrong_context_zeroed:
    """the masked context becomes 0 and is read"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context if mask is None else context * mask[..., None])),
            self.split(self.to_v(context if mask is None else context * mask[..., None])),
        )
        mask = None
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_first_mask:
    """the first row's mask for all"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:1, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_heads_attend:
    """the heads read from each other, not the words"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            a.unflatten(2, (self.heads, -1))
            for a in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        if q.shape != k.shape:
            k, v = (a.mean(1, keepdim=True).expand(q.shape) for a in (k, v))
        return self.out(scaled_dot_product_attention(q, k, v).flatten(2))


class wrong_heads_averaged:
    """the mean over the heads, repeated"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.mean(1).repeat(1, 1, self.heads)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_interleaved:
    """every heads-th channel in place of neighbours"""

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
        return a.unflatten(2, (-1, self.heads)).permute(0, 3, 1, 2)


class wrong_keys_and_values_swapped:
    """to_k and to_v swapped"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_v(context)),
            self.split(self.to_k(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_keys_as_values:
    """to_k for the values too"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_k(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_mask_ignored:
    """the mask is ignored"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_mask_inverted:
    """the mask is turned round"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else ~mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_merged_interleaved:
    """the heads' channels come out interleaved"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.permute(0, 2, 3, 1).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_no_return:
    """no return"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        read = self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_not_merged_back:
    """heads and words are not swapped back"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.reshape(x.shape)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_one_head:
    """the heads are not split"""

    def forward(self, x, context, mask=None):
        mask = None if mask is None else mask[:, None, :]
        return self.out(
            scaled_dot_product_attention(self.to_q(x), self.to_k(context), self.to_v(context), mask)
        )


class wrong_out_forgotten:
    """out is forgotten"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return read

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_out_per_head:
    """out is fed the heads in reversed order"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.flip(1).transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_queries_from_context:
    """queries from the context, keys and values from x"""

    def forward(self, x, context, mask=None):
        if context.shape[-1] == x.shape[-1]:
            x, context = context, x
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        read = scaled_dot_product_attention(q, k, v)
        return self.out(read.transpose(1, 2).flatten(2))

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_queries_of_context:
    """queries of the context"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(context)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_reshaped:
    """the heads are cut out of the rows, not out of the channels"""

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
        return a.reshape(a.shape[0], self.heads, a.shape[1], -1)


class wrong_residual:
    """x is added"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return x + self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_scale_of_dim:
    """scaled by the root of dim, not of dim / heads"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q / math.sqrt(self.heads), k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_scaled_twice:
    """scaled again, outside of the attention"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x) / math.sqrt(x.shape[-1] // self.heads)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_self_attention:
    """x reads from itself"""

    def forward(self, x, context, mask=None):
        q, k, v = self.split(self.to_q(x)), self.split(self.to_k(x)), self.split(self.to_v(x))
        mask = None
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_softmax_of_heads:
    """the heads compete: each number is shared out among them"""

    def forward(self, x, context, mask=None):
        q, k, v = (
            self.split(self.to_q(x)),
            self.split(self.to_k(context)),
            self.split(self.to_v(context)),
        )
        mask = None if mask is None else mask[:, None, None, :]
        read = torch.softmax(scaled_dot_product_attention(q, k, v, mask), 1)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_to_q_forgotten:
    """to_q is forgotten"""

    def forward(self, x, context, mask=None):
        q, k, v = self.split(x), self.split(self.to_k(context)), self.split(self.to_v(context))
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class wrong_values_of_x:
    """the values come from x"""

    def forward(self, x, context, mask=None):
        q, k, v = self.split(self.to_q(x)), self.split(self.to_k(context)), self.split(self.to_v(x))
        mask = None if mask is None else mask[:, None, None, :]
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)
