"""9.6 The affine coupling."""

import torch

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.flow import AffineCoupling as definition


def cases(g):
    for dim, hidden, first in ((4, 6, False), (2, 5, True), (2, 5, False), (5, 7, True), (5, 4, False)):  # fmt: skip
        yield layer(dim, hidden, first, 3, g)


def layer(dim, hidden, first, B, g, dtype=draw.DOUBLE, loose=1e-5):
    """A coupling whose weights are drawn (a new one is the identity), both its ways and gradients."""
    with torch.random.fork_rng(devices=[]):
        weights = definition(dim, hidden, first).state_dict()
    weights = {k: 0.7 * draw.normal(g, *v.shape, dtype=dtype) for k, v in weights.items()}
    x, z = draw.normal(g, B, dim, dtype=dtype), draw.normal(g, B, dim, dtype=dtype)
    mix = draw.normal(g, B, dim, dtype=dtype)

    def play(answer):
        net = answer(dim, hidden, first).to(dtype)
        net.load_state_dict(weights)
        given = [x.clone(), z.clone()]
        with torch.no_grad():
            seen = {"forward": net(given[0]), "inverse": net.inverse(given[1])}
        kept = [torch.equal(a, b) for a, b in zip(given, (x, z), strict=True)]
        seen["the x that forward is given is as it was"] = kept[0]
        seen["the z that inverse is given is as it was"] = kept[1]
        if not all(kept) or not pair(seen["forward"]) or not torch.is_tensor(seen["inverse"]):
            return seen
        given = [x.clone().requires_grad_(), z.clone().requires_grad_()]
        leaves = list(net.parameters())  # before the calls: what they are made of is followed
        there, back = net(given[0]), net.inverse(given[1])
        for name, value, leaf in (
            ("z", there[0], given[0]),
            ("the log-determinants", there[1], given[0]),
            ("inverse", back, given[1]),
        ):
            seen[f"{name}: there is a graph"] = value.requires_grad
            if value.requires_grad and value.shape in (mix.shape, mix.shape[:1]):
                total = (value * (mix if value.dim() == 2 else mix[:, 0])).sum()
                slopes = torch.autograd.grad(total, [leaf, *leaves], retain_graph=True, allow_unused=True)  # fmt: skip
                for which, slope in zip(["what it is given", *weights], slopes, strict=True):
                    seen[f"the gradient of {name} by {which}"] = 0.0 if slope is None else slope
        return seen

    rows = f"{B} row{'s' if B > 1 else ''} of {dim} columns, first={first}"
    return Doing(rows, play).but(rtol=loose, atol=loose)


def pair(found):
    """Whether forward gave two tensors."""
    return isinstance(found, (tuple, list)) and len(found) == 2 and all(map(torch.is_tensor, found))


# Right, in ways that differ.


class right_logarithm_of_the_product(definition):
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


class right_masked(definition):
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


class right_plain(definition):
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


class right_rows(definition):
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


class right_transform(definition):
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


class right_on_a_copy(definition):
    """in place, but on tensors of its own"""

    def forward(self, x):
        kept, changed = (part.clone() for part in self.split(x))
        s, t = self.scale_and_shift(kept)
        changed *= s.exp()
        changed += t
        return self.join(kept, changed), torch.einsum("bd->b", s)

    def inverse(self, z):
        kept, changed = self.split(z)
        s, t = self.scale_and_shift(kept)
        out = changed - t
        out /= s.exp()
        return self.join(kept, out)


# Mistakes, and what a student is told.


Z, X = "self.join(kept, changed * torch.exp(s) + t)", "self.join(kept, (changed - t) * torch.exp(-s))"  # fmt: skip
LOG_DET, AND = "s.sum(1)", "\n        s, t = self.scale_and_shift(kept)\n        return"
OF_X, OF_Z = f"self.split(x){AND}", f"self.split(z){AND}"
SPLIT = "it is cut and put together by split and join, which know the half that stays"


def _forward(words, z):
    return change(words, Z, z)


def _log_det(words, found):
    return change(words, LOG_DET, found)


def _inverse(words, x):
    return change(words, X, x)


def _both(words, z, log_det, x):
    return change(words, f"{Z}, {LOG_DET}", f"{z}, {log_det}", X, x)


def _read(words, old, new):
    """`old` in the text of both ways up to `return`, once in each."""
    return change(words, OF_X, OF_X.replace(old, new), OF_Z, OF_Z.replace(old, new))


wrong_changed_alone = _forward(
    "forward: the half that stays is missing in z: join both", "changed * torch.exp(s) + t"
)
wrong_kept_zero = _forward(
    "forward: the half that stays is lost: it is in z as it was",
    Z.replace("kept", "torch.zeros_like(kept)"),
)
wrong_kept_changed_too = _forward(
    "forward: the half that stays is stretched too: it is in z as it was",
    Z.replace("kept", "kept * torch.exp(s.mean(1, keepdim=True))"),
)
wrong_concatenated = _both(
    SPLIT,
    Z.replace("self.join(kept, ", "torch.cat([kept, ").replace("+ t)", "+ t], 1)"),
    LOG_DET,
    X.replace("self.join(kept, ", "torch.cat([kept, ").replace("(-s))", "(-s)], 1)"),
)
wrong_chunks = change(
    SPLIT,
    OF_X,
    OF_X.replace("self.split(x)", "x.chunk(2, 1)"),
    OF_Z,
    OF_Z.replace("self.split(z)", "z.chunk(2, 1)"),
)
wrong_halves_swapped = change(
    "forward: the halves are in each other's place: join takes the one that stays first",
    Z,
    "self.join(changed * torch.exp(s) + t, kept)",
    f"kept, changed = {OF_Z}",
    f"changed, kept = {OF_Z}",
)
wrong_reads_the_changed = _read(
    "the network reads the half that is changed; it reads the one that stays", "(kept)", "(changed)"
)
wrong_s_and_t = _read("s comes first from scale_and_shift, then t", "s, t =", "t, s =")
wrong_unbounded = _read(
    "take s from scale_and_shift, which keeps it within bounds",
    "self.scale_and_shift(kept)",
    "self.net(kept).chunk(2, dim=1)",
)
wrong_clamped = _read(
    "s is cut off: take it as it comes from scale_and_shift",
    "(kept)",
    "(kept); s = s.clamp(-1, 1)",
)
wrong_network_detached = _read(
    "no gradient reaches the network: nothing is detached, no torch.no_grad",
    "(kept)",
    "(kept); s, t = s.detach(), t.detach() + 0 * s",
)
wrong_no_exp = _both(
    "the factor is exp(s), which is above 0; here it is s",
    "self.join(kept, changed * s + t)",
    "s.abs().log().sum(1)",
    "self.join(kept, (changed - t) / s)",
)
wrong_one_plus_s = _both(
    "the factor is exp(s), not 1 + s",
    "self.join(kept, changed * (1 + s) + t)",
    LOG_DET,
    "self.join(kept, (changed - t) / (1 + s))",
)
wrong_exp2 = _both(
    "the factor is e to the power of s, not 2 to its power",
    Z.replace("exp", "exp2"),
    LOG_DET,
    X.replace("exp", "exp2"),
)
wrong_sigmoid = _both(
    "the factor is exp(s), not a sigmoid of s",
    Z.replace("exp", "sigmoid"),
    "torch.sigmoid(s).log().sum(1)",
    "self.join(kept, (changed - t) / torch.sigmoid(s))",
)
wrong_no_shift = _both(
    "the shift t is missing",
    "self.join(kept, changed * torch.exp(s))",
    LOG_DET,
    "self.join(kept, changed * torch.exp(-s))",
)
wrong_no_stretch = _both(
    "the stretching by exp(s) is missing",
    "self.join(kept, changed + t)",
    LOG_DET,
    "self.join(kept, changed - t)",
)
wrong_shift_first = _both(
    "forward: stretch first, then move",
    "self.join(kept, (changed + t) * torch.exp(s))",
    LOG_DET,
    "self.join(kept, changed * torch.exp(-s) - t)",
)
wrong_minus_t = _both(
    "forward: t is added, not taken off",
    "self.join(kept, changed * torch.exp(s) - t)",
    LOG_DET,
    "self.join(kept, (changed + t) * torch.exp(-s))",
)
wrong_turned = _both(
    "forward and inverse have changed places: forward multiplies by exp(s) and adds t",
    "self.join(kept, (changed - t) / torch.exp(s))",
    "-s.sum(1)",
    Z,
)
wrong_float32 = change(
    "forward: z and the log-determinants have the dtype of x, not always float32",
    f"{Z}, {LOG_DET}",
    f"{Z}.float(), {LOG_DET}.float()",
)
wrong_no_grad = change(
    "forward: z and the log-determinants have no graph: nothing is detached, no torch.no_grad",
    Z,
    f"{Z}.detach()",
    LOG_DET,
    f"{LOG_DET}.detach()",
)
wrong_z_detached = _forward("forward: z has no graph: nothing is detached", f"{Z}.detach()")
wrong_no_return = change(
    "forward: nothing came back: is a `return` missing?",
    f"return {Z}, {LOG_DET}",
    f"{Z}, {LOG_DET}",
)
wrong_in_place = change(
    "forward: x was changed, and belongs to the caller: no `*=`, no `+=`; work on a copy",
    f"return {Z}",
    "changed *= s.exp().detach(); changed += t.detach(); return self.join(kept, changed)",
)
wrong_log_det_missing = change(
    "forward gives two tensors: z, and the log-determinant of each row", f"{Z}, {LOG_DET}", Z
)
wrong_log_det_swapped = change(
    "forward: z comes first, then the log-determinants", f"{Z}, {LOG_DET}", f"{LOG_DET}, {Z}"
)
wrong_log_det_each = _log_det(
    "forward: one log-determinant for each row is wanted: sum over its columns", "s"
)
wrong_log_det_column = _log_det(
    "forward: the log-determinants have shape (B,), without an axis of length 1",
    "s.sum(1, keepdim=True)",
)
wrong_log_det_one_number = _log_det(
    "forward: each row has a log-determinant of its own; here is one for all", "s.sum()"
)
wrong_log_det_mean_of_rows = _log_det(
    "forward: each row has a log-determinant of its own; here all have the same",
    "s.sum(1).mean().expand(len(s))",
)
wrong_log_det_batch = _log_det("forward: sum s over the columns, not over the batch", "s.sum(0)")
wrong_log_det_mean = _log_det(
    "forward: a sum of s over the columns, not a mean: the determinant is a product", "s.mean(1)"
)
wrong_log_det_mean_of_all = _log_det(
    "forward: a sum of s over the columns: it is divided by nothing", "s.sum(1) / self.dim"
)
wrong_log_det_first = _log_det(
    "forward: all columns that are changed count, not the first alone", "s[:, 0]"
)
wrong_log_det_sign = _log_det(
    "forward: the sign is turned: this is the log-determinant of the inverse", "-s.sum(1)"
)
wrong_log_det_absolute = _log_det(
    "forward: s may be below 0, where the layer shrinks: no absolute values", "s.abs().sum(1)"
)
wrong_det = _log_det("forward: this is the determinant; its logarithm is wanted", "s.exp().prod(1)")
wrong_log_det_exp = _log_det(
    "forward: the logarithm of the product is the sum of s; these are sums of exp(s)",
    "s.exp().sum(1)",
)
wrong_log_of_sum = _log_det(
    "forward: the determinant is a product, whose logarithm is the sum of s; this is that of a sum",
    "s.logsumexp(1)",
)
wrong_log_abs_s = _log_det(
    "forward: s is a logarithm already: take none of it", "s.abs().log().sum(1)"
)
wrong_log_det_t = _log_det(
    "forward: the shift does not stretch: t is no part of the log-determinant", "(s + t).sum(1)"
)
wrong_log_det_halved = _log_det(
    "forward: s is the logarithm of the factor, no log-variance: no half", "s.sum(1) / 2"
)
wrong_log_det_zero = _log_det(
    "forward: the volume does change: the log-determinant is the sum of s", "x.new_zeros(len(x))"
)
wrong_log_det_detached = _log_det(
    "forward: the log-determinants have no graph: nothing is detached", "s.detach().sum(1)"
)
wrong_inverse_order = _inverse(
    "inverse: undo the last step first: take t off, then shrink",
    "self.join(kept, changed * torch.exp(-s) - t)",
)
wrong_inverse_plus = _inverse("inverse: t was added, so it is taken off", X.replace("- t", "+ t"))
wrong_inverse_times = _inverse(
    "inverse: it was multiplied by exp(s), so it is divided by exp(s)", X.replace("-s", "s")
)
wrong_inverse_divided = _inverse(
    "inverse: divide by exp(s), not by s", "self.join(kept, (changed - t) / s)"
)
wrong_inverse_forward = _inverse("inverse: this is forward once more", Z)
wrong_inverse_same = _inverse("inverse: this is z itself", "self.join(kept, changed)")
wrong_inverse_without_shift = _inverse(
    "inverse: the shift is still in it: take t off", "self.join(kept, changed * torch.exp(-s))"
)
wrong_inverse_remembers = change(
    "inverse: s and t belong to the z that it is given; these are from the last call of forward",
    f"return {Z}",
    f"self.last = s.detach(), t.detach(); return {Z}",
    f"return {X}",
    f"s, t = self.last; return {X}",
)
wrong_inverse_detached = change(
    "inverse: the half that stays is detached, and gradients flow through it too",
    OF_Z,
    OF_Z.replace("(kept)", "(kept.detach())"),
)
wrong_inverse_no_grad = _inverse(
    "inverse: there is no graph: nothing is detached, no torch.no_grad", f"{X}.detach()"
)
wrong_inverse_no_return = change(
    "inverse: nothing came back: is a `return` missing?", f"return {X}", X
)
wrong_inverse_pair = _inverse("inverse gives one tensor, x", f"{X}, -s.sum(1)")
wrong_inverse_float32 = _inverse(
    "inverse: x has the dtype of z, not always float32", f"{X}.float()"
)
wrong_inverse_in_place = change(
    "inverse: z was changed, and belongs to the caller: no `-=`, no `*=`; work on a copy",
    f"return {X}",
    "changed -= t; changed *= torch.exp(-s); return self.join(kept, changed)",
)
