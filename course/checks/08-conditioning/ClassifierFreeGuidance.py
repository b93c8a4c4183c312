"""TITLE."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.guidance import ClassifierFreeGuidance as definition
from dgm.guidance import null_like


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_interleaved(self, xt, t, cond, *also):
    twice = lambda a: a.repeat_interleave(2, 0)
    conds = twice(cond).clone()
    conds[1::2] = torch.as_tensor(self.null, dtype=cond.dtype)
    eps = self.model(twice(xt), twice(t), conds, *[twice(a) for a in also])
    return (1 + self.w) * eps[::2] - self.w * eps[1::2]


def right_lerp(self, xt, t, cond, *also):
    with torch.no_grad():
        none = self.model(xt, t, null_like(self.null, cond).clone(), *also)
        full = self.model(xt, t, cond, *also)
        return torch.lerp(none, full, 1.0 + self.w)


def right_null_first(self, xt, t, cond, *also):
    b = len(xt)
    conds = torch.cat((null_like(self.null, cond), cond), dim=0)
    more = [torch.cat((a, a)) for a in also]
    eps = self.model(xt.repeat(2, *[1] * (xt.ndim - 1)), t.repeat(2), conds, *more)
    return eps[:b] + (1 + self.w) * (eps[b:] - eps[:b])


def right_one_call(self, xt, t, cond, *also):
    conds = torch.cat([cond, null_like(self.null, cond)])
    eps = self.model(
        torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also)
    )
    eps_cond, eps_uncond = eps.chunk(2)
    return eps_cond + self.w * (eps_cond - eps_uncond)


def right_rows(self, xt, t, cond, *also):
    out = []
    for i in range(len(xt)):
        s = slice(i, i + 1)
        rest = [a[s] for a in also]
        c = self.model(xt[s], t[s], cond[s], *rest)
        u = self.model(xt[s], t[s], null_like(self.null, cond[s]), *rest)
        out.append(c + self.w * c - self.w * u)
    return torch.cat(out)


def right_two_calls(self, xt, t, cond, *also):
    eps_cond = self.model(xt, t, cond, *also)
    eps_uncond = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w) * eps_cond - self.w * eps_uncond


# Mistakes, and what a student is told.


def wrong_also_forgotten(self, xt, t, cond, *also):
    """with w = 3 and a control: what else has come is to be handed on to the network"""
    c = self.model(xt, t, cond)
    u = self.model(xt, t, null_like(self.null, cond))
    return (1 + self.w) * c - self.w * u


def wrong_also_nulled(self, xt, t, cond, *also):
    """with w = 3 and a control: what else has come is handed on to both predictions"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *(0 * a for a in also))
    return (1 + self.w) * c - self.w * u


def wrong_always_three(self, xt, t, cond, *also):
    """with w = 1.5: w is not used"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return 4 * c - 3 * u


def wrong_both_conditional(self, xt, t, cond, *also):
    """with w = 1.5: this is the conditional prediction alone"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, cond, *also)
    return (1 + self.w) * c - self.w * u


def wrong_c_minus_wu(self, xt, t, cond, *also):
    """with w = 1.5: the conditional one weighs 1 + w"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return c - self.w * u


def wrong_chunks_swapped(self, xt, t, cond, *also):
    """with w = 1.5: conditional and unconditional prediction have changed places"""
    conds = torch.cat([null_like(self.null, cond), cond])
    eps_cond, eps_uncond = self.model(
        torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also)
    ).chunk(2)
    return (1 + self.w) * eps_cond - self.w * eps_uncond


def wrong_clipped(self, xt, t, cond, *also):
    """with w = 1.5: nothing is clipped here"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return ((1 + self.w) * c - self.w * u).clamp(-1, 1)


def wrong_conditional_only(self, xt, t, cond, *also):
    """with w = 1.5: this is the conditional prediction alone"""
    return self.model(xt, t, cond, *also)


def wrong_double(self, xt, t, cond, *also):
    """gives twice the batch back"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return torch.cat([(1 + self.w) * c, -self.w * u])


def wrong_first_t(self, xt, t, cond, *also):
    """with w = 1.5: each row has its own step; this is the first one's for all"""
    t = t[:1].expand(len(xt))
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w) * c - self.w * u


def wrong_halves_mixed(self, xt, t, cond, *also):
    """with w = 1.5: one call on twice the batch gives first one half, then the other: take
    halves, not every other row"""
    conds = torch.cat([cond, null_like(self.null, cond)])
    eps = self.model(
        torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also)
    )
    return (1 + self.w) * eps[::2] - self.w * eps[1::2]


def wrong_in_place(self, xt, t, cond, *also):
    """the caller's conditions are overwritten"""
    c = self.model(xt, t, cond.clone(), *also)
    cond[:] = torch.as_tensor(self.null, dtype=cond.dtype)
    u = self.model(xt, t, cond, *also)
    return (1 + self.w) * c - self.w * u


def wrong_mean(self, xt, t, cond, *also):
    """with w = 1.5: w is not used"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (c + u) / 2


def wrong_no_one(self, xt, t, cond, *also):
    """with w = 1.5: only the difference; at w = 0 the conditional prediction should be left"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return self.w * (c - u)


def wrong_no_return(self, xt, t, cond, *also):
    """no return"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    out = (1 + self.w) * c - self.w * u


def wrong_noise_input(self, xt, t, cond, *also):
    """the network is shown another xt than the one that came"""
    c = self.model(xt, t, cond, *also)
    u = self.model(torch.randn_like(xt), t, null_like(self.null, cond), *also)
    return (1 + self.w) * c - self.w * u


def wrong_normalised(self, xt, t, cond, *also):
    """with w = 1.5: the weights add up to 1 already: divide by nothing"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return ((1 + self.w) * c - self.w * u) / (1 + 2 * self.w)


def wrong_null_zero(self, xt, t, cond, *also):
    """with w = 1.5: the null condition is self.null; here it is 4, and 0 has been taken"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, torch.zeros_like(cond), *also)
    return (1 + self.w) * c - self.w * u


def wrong_one_plus_twice(self, xt, t, cond, *also):
    """with w = 1.5: the conditional one weighs 1 + w and the unconditional one w"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w) * (c - u)


def wrong_pair(self, xt, t, cond, *also):
    """gives both predictions back"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return c, u


def wrong_plus(self, xt, t, cond, *also):
    """with w = 1.5: minus w times the unconditional one, not plus"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w) * c + self.w * u


def wrong_sign(self, xt, t, cond, *also):
    """with w = 1.5: the sign of w is wrong: this goes away from the condition"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 - self.w) * c + self.w * u


def wrong_squared(self, xt, t, cond, *also):
    """with w = 1.5: w itself is wanted, not its square"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w**2) * c - self.w**2 * u


def wrong_swapped(self, xt, t, cond, *also):
    """with w = 1.5: conditional and unconditional prediction have changed places"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return (1 + self.w) * u - self.w * c


def wrong_t_zero(self, xt, t, cond, *also):
    """the unconditional one is told another step"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, torch.ones_like(t), null_like(self.null, cond), *also)
    return (1 + self.w) * c - self.w * u


def wrong_uncond_plus(self, xt, t, cond, *also):
    """with w = 1.5: w and 1 + w confused: the conditional one weighs 1 + w, the other -w"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return u + self.w * (c - u)


def wrong_w_for_one_plus_w(self, xt, t, cond, *also):
    """with w = 1.5: w and 1 + w confused: the conditional one weighs 1 + w, the other -w"""
    c = self.model(xt, t, cond, *also)
    u = self.model(xt, t, null_like(self.null, cond), *also)
    return self.w * c + (1 - self.w) * u
