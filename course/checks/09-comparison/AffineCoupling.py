"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.flow import LOG_SCALE
from dgm.flow import AffineCoupling as definition
from dgm.nn.networks import mlp, zeroed


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


# WHOLE CLASS: its other methods differ from the definition's
class right_logarithm_of_the_product(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        kept, changed = self.split(x)
        s, t = self.scale_and_shift(kept)
        gain = torch.exp(s)
        z = self.join(kept, gain * changed + t)
        return z, gain.prod(1).log()

    def inverse(self, z):
        kept, changed = self.split(z)
        s, t = self.scale_and_shift(kept)
        return self.join(kept, changed * torch.exp(-s) - t * torch.exp(-s))


# WHOLE CLASS: its other methods differ from the definition's
class right_masked(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        n = self.dim // 2
        keep = torch.arange(self.dim) < n
        keep = keep if self.first else ~keep
        s, t = self.scale_and_shift(x[:, keep])
        factor = torch.ones_like(x)
        factor[:, ~keep] = torch.exp(s)
        move = torch.zeros_like(x)
        move[:, ~keep] = t
        return x * factor + move, factor.log().sum(1)

    def inverse(self, z):
        keep = torch.arange(self.dim) < self.dim // 2
        keep = keep if self.first else ~keep
        s, t = self.scale_and_shift(z[:, keep])
        x = z.clone()
        x[:, ~keep] = (z[:, ~keep] - t) * torch.exp(-s)
        return x


# WHOLE CLASS: its other methods differ from the definition's
class right_plain(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class right_rows(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        rows, logs = [], []
        for row in x.split(1):
            kept, changed = self.split(row)
            s, t = self.scale_and_shift(kept)
            rows.append(self.join(kept, torch.addcmul(t, changed, s.exp())))
            logs.append(s.sum())
        return torch.cat(rows), torch.stack(logs)

    def inverse(self, z):
        return torch.cat([self.back(row) for row in z.split(1)])

    def back(self, row):
        kept, changed = self.split(row)
        s, t = self.scale_and_shift(kept)
        return self.join(kept, (changed - t).div(s.exp()))


# WHOLE CLASS: its other methods differ from the definition's
class right_transform(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def transform(self, kept):
        s, t = self.scale_and_shift(kept)
        return torch.distributions.AffineTransform(t, s.exp(), event_dim=1)

    def forward(self, x):
        kept, changed = self.split(x)
        map = self.transform(kept)
        z = map(changed)
        return [self.join(kept, z), map.log_abs_det_jacobian(changed, z)]

    def inverse(self, z):
        kept, changed = self.split(z)
        return self.join(kept, self.transform(kept).inv(changed))


# Mistakes, and what a student is told.


# WHOLE CLASS: its other methods differ from the definition's
class wrong_changed_alone(nn.Module):
    """the half that stays is missing"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return b, s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_chunks(nn.Module):
    """always the first half is kept, and cut otherwise"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = z.chunk(2, dim=1)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_concatenated(nn.Module):
    """the kept half always first"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return torch.cat([a, b], dim=1), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return torch.cat([a, b], dim=1)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_det(nn.Module):
    """the determinant, not its logarithm"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.exp().prod(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_float32(nn.Module):
    """the dtype is lost"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b).float(), s.sum(dim=1).float()

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_halves_swapped(nn.Module):
    """the halves come back in each other's place"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(b, a), s.sum(dim=1)

    def inverse(self, z):
        b, a = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_in_place(nn.Module):
    """the input is changed"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b *= s.exp().detach()
        b += t.detach()
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_detached(nn.Module):
    """the inverse cuts its input off"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a.detach())
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_divided(nn.Module):
    """the inverse divides by s"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_forward(nn.Module):
    """the inverse is forward again"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_in_place(nn.Module):
    """the inverse changes what it is given"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        kept, changed = self.split(z)
        s, t = self.scale_and_shift(kept)
        changed -= t
        changed *= torch.exp(-s)
        return self.join(kept, changed)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_no_grad(nn.Module):
    """no gradient through the inverse"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    @torch.no_grad()
    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_no_return(nn.Module):
    """the inverse returns nothing"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        x = self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_order(nn.Module):
    """the inverse takes the steps in the order of forward"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = b / s.exp() - t
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_pair(nn.Module):
    """the inverse gives a pair"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b), -s.sum(1)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_plus(nn.Module):
    """the inverse adds the shift"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b + t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_inverse_times(nn.Module):
    """the inverse stretches again"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) * s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_kept_zero(nn.Module):
    """the half that stays is lost"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(torch.zeros_like(a), b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_abs_s(nn.Module):
    """the logarithm of s, which is one already"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.abs().log().sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_batch(nn.Module):
    """the sum over the batch"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=0)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_column(nn.Module):
    """an axis too many"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1, keepdim=True)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_detached(nn.Module):
    """the log-determinant is cut off from the network"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.detach().sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_each(nn.Module):
    """s itself"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_exp(nn.Module):
    """the sum of the factors"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.exp().sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_first(nn.Module):
    """right for two columns alone"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s[:, 0]

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_halved(nn.Module):
    """s is no log-variance"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1) / 2

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_mean(nn.Module):
    """the mean of s in place of the sum"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.mean(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_missing(nn.Module):
    """the log-determinant is missing"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_one_number(nn.Module):
    """one number for the batch"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum()

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_sign(nn.Module):
    """the sign of the log-determinant"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), -s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_swapped(nn.Module):
    """the log-determinant first"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return s.sum(dim=1), self.join(a, b)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_t(nn.Module):
    """the shift is counted too"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), (s + t).sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_log_det_zero(nn.Module):
    """no log-determinant"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), torch.zeros(len(x), dtype=x.dtype)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_exp(nn.Module):
    """s as the factor, without exp"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s + t
        return self.join(a, b), s.abs().log().sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_grad(nn.Module):
    """no gradient"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    @torch.no_grad()
    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_return(nn.Module):
    """forward returns nothing"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        z = self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_shift(nn.Module):
    """the shift is missing"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp()
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = b / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_one_plus_s(nn.Module):
    """1 + s as the factor"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * (1 + s) + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = (b - t) / (1 + s)
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_reads_the_changed(nn.Module):
    """the network reads the half that is changed"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(b)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(b)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_s_and_t(nn.Module):
    """s and t have changed places"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        t, s = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        t, s = self.scale_and_shift(a)
        b = (b - t) / s.exp()
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_shift_first(nn.Module):
    """moved before it is stretched"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = (b + t) * s.exp()
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = b / s.exp() - t
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_turned(nn.Module):
    """forward and inverse have changed places"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = (b - t) * (-s).exp()
        return self.join(a, b), -s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_unbounded(nn.Module):
    """s without its bounds"""

    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        a, b = self.split(x)
        s, t = self.net(a).chunk(2, dim=1)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        a, b = self.split(z)
        s, t = self.net(a).chunk(2, dim=1)
        b = (b - t) / s.exp()
        return self.join(a, b)
