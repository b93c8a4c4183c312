"""8.2 Guidance."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing
from dgm.guidance import ClassifierFreeGuidance as definition
from dgm.guidance import null_like


def cases(g):
    table = draw.normal(g, 5, 3, 2)

    def network(xt, t, cond, control=None):
        extra = 0 if control is None else control
        return torch.sin(xt + table[cond]) + 0.1 * t.reshape(-1, 1, 1) * xt + extra

    for w, rows in ((1.5, 6), (0, 6), (-1.0, 6), (0.3, 1), (2.5, 6)):
        xt, t, cond = draw.normal(g, rows, 3, 2), draw.steps(g, rows, 2, 9), 1 + torch.arange(rows) % 3  # fmt: skip
        also = (draw.normal(g, rows, 3, 2),) if w == 2.5 else ()
        said = f"w = {w:g}, null = 4, {rows} row{'s' * (rows > 1)}" + " and a control" * len(also)
        yield guided(said, network, w, 4, xt, t, cond, *also)
    yield captions(g, 5, 3, draw.DOUBLE)
    yield guided("a network in training mode", Net(g), 1.5, 4, xt.float(), t, cond)


def guided(words, network, w, null, *given):
    """What comes back, and whether all that was given is as it was."""

    def play(answer):
        mine, empty, chance = copy.deepcopy(given), copy.deepcopy(null), torch.get_rng_state()
        seen = {"": answer(network, w, empty)(*mine)}
        names = "xt", "t", "cond", *(f"number {k} of what else came" for k in range(1, 9))
        for name, a, b in zip(names, mine, given, strict=False):
            seen[f"{name} is as it was"] = torch.equal(a, b)
        seen["null is as it was"] = torch.equal(torch.as_tensor(empty), torch.as_tensor(null))
        seen["nothing is drawn"] = torch.equal(chance, torch.get_rng_state())
        if isinstance(network, nn.Module):
            seen["the network is in training mode"] = [m.training for m in network.modules()]
            network.train()
        return seen

    loose = 1e-7 if given[0].dtype == draw.DOUBLE else 1e-4
    return Doing(words, play).but(rtol=loose, atol=loose)


def captions(g, rows, length, dtype):
    """Tokens in place of labels, and two more things for the network."""
    table, empty = draw.normal(g, 9, 4, dtype=dtype), torch.tensor([1, *[0] * (length - 1)])

    def network(xt, t, tokens, one, two):
        place = torch.arange(1, length + 1)[:, None]
        return xt * (table[tokens] * place).sum(1).sin() + one - two * t[:, None]

    xt, one = draw.normal(g, 2, rows, 4, dtype=dtype)
    tokens, t = torch.randint(2, 9, (rows, length), generator=g), draw.steps(g, rows, 2, 60)
    two = draw.normal(g, rows, 1, dtype=dtype)
    return guided("captions of tokens, w = 4", network, 4.0, empty, xt, t, tokens, one, two)


class Net(nn.Module):
    """A small network in training mode."""

    def __init__(self, g):
        super().__init__()
        self.table = nn.Parameter(draw.normal(g, 5, 3, 2, dtype=draw.SINGLE))
        self.norm = nn.Identity()

    def forward(self, xt, t, cond):
        return self.norm(xt * self.table[cond] + t.reshape(-1, 1, 1))


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


def _both(self, xt, t, cond, *also):
    null = null_like(self.null, cond)
    return self.model(xt, t, cond, *also), self.model(xt, t, null, *also)


def wrong_also_forgotten(self, xt, t, cond, *also):
    """what else has come is not handed on to the network"""
    c, u = _both(self, xt, t, cond)
    return (1 + self.w) * c - self.w * u


def wrong_first_also(self, xt, t, cond, *also):
    """all that else has come is handed on, not the first of it alone"""
    c, u = _both(self, xt, t, cond, *also[:1])
    return (1 + self.w) * c - self.w * u


def wrong_also_nulled(self, xt, t, cond, *also):
    """what else has come is 0 for the unconditional prediction; both get it as it is"""
    c, _ = _both(self, xt, t, cond, *also)
    _, u = _both(self, xt, t, cond, *(0 * a for a in also))
    return (1 + self.w) * c - self.w * u


def wrong_also_for_one(self, xt, t, cond, *also):
    """what else has come is handed on to the conditional prediction alone; both get it"""
    c = self.model(xt, t, cond, *also)
    return (1 + self.w) * c - self.w * self.model(xt, t, null_like(self.null, cond))


def wrong_always_three(self, xt, t, cond, *also):
    """w is not used: 3 is written in"""
    c, u = _both(self, xt, t, cond, *also)
    return 4 * c - 3 * u


def wrong_mean(self, xt, t, cond, *also):
    """the mean of both: w is not used"""
    c, u = _both(self, xt, t, cond, *also)
    return (c + u) / 2


def wrong_both_conditional(self, xt, t, cond, *also):
    """this is the conditional prediction alone"""
    c, _ = _both(self, xt, t, cond, *also)
    return (1 + self.w) * c - self.w * c


def wrong_conditional_only(self, xt, t, cond, *also):
    """this is the conditional prediction alone"""
    return self.model(xt, t, cond, *also)


def wrong_unconditional_only(self, xt, t, cond, *also):
    """this is the unconditional prediction alone"""
    return _both(self, xt, t, cond, *also)[1]


def wrong_c_minus_wu(self, xt, t, cond, *also):
    """the conditional prediction weighs 1 + w, not 1"""
    c, u = _both(self, xt, t, cond, *also)
    return c - self.w * u


def wrong_chunks_swapped(self, xt, t, cond, *also):
    """conditional and unconditional prediction have changed places"""
    conds = torch.cat([null_like(self.null, cond), cond])
    twice = (torch.cat([a, a]) for a in also)
    c, u = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *twice).chunk(2)
    return (1 + self.w) * c - self.w * u


def wrong_swapped(self, xt, t, cond, *also):
    """conditional and unconditional prediction have changed places"""
    u, c = _both(self, xt, t, cond, *also)
    return (1 + self.w) * c - self.w * u


def wrong_clipped(self, xt, t, cond, *also):
    """nothing is clipped here"""
    return definition.forward(self, xt, t, cond, *also).clamp(-1, 1)


def wrong_double(self, xt, t, cond, *also):
    """both parts came back, one below the other: add them"""
    c, u = _both(self, xt, t, cond, *also)
    return torch.cat([(1 + self.w) * c, -self.w * u])


def wrong_pair(self, xt, t, cond, *also):
    """both predictions came back; one is made of them"""
    return _both(self, xt, t, cond, *also)


def wrong_first_t(self, xt, t, cond, *also):
    """each row has its own step; this is the first one's for all"""
    return definition.forward(self, xt, t[:1].expand(len(xt)), cond, *also)


def wrong_first_condition(self, xt, t, cond, *also):
    """each row has its own condition; this is the first one's for all"""
    return definition.forward(self, xt, t, cond[:1].expand_as(cond), *also)


def wrong_t_zero(self, xt, t, cond, *also):
    """the unconditional prediction is told step 1; both are told the same steps"""
    c, _ = _both(self, xt, t, cond, *also)
    _, u = _both(self, xt, torch.ones_like(t), cond, *also)
    return (1 + self.w) * c - self.w * u


def wrong_noise_input(self, xt, t, cond, *also):
    """the unconditional prediction is one for other noise; both see the same xt"""
    c, _ = _both(self, xt, t, cond, *also)
    _, u = _both(self, torch.randn_like(xt), t, cond, *also)
    return (1 + self.w) * c - self.w * u


def wrong_halves_mixed(self, xt, t, cond, *also):
    """one call on twice the batch gives one half, then the other: not every other row"""
    conds = torch.cat([cond, null_like(self.null, cond)])
    twice = (torch.cat([a, a]) for a in also)
    eps = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *twice)
    return (1 + self.w) * eps[::2] - self.w * eps[1::2]


def wrong_in_place(self, xt, t, cond, *also):
    """cond was changed, and the next step needs it: work on a copy"""
    c = self.model(xt, t, cond.clone(), *also)
    cond[:] = torch.as_tensor(self.null, dtype=cond.dtype)
    return (1 + self.w) * c - self.w * self.model(xt, t, cond, *also)


def wrong_xt_in_place(self, xt, t, cond, *also):
    """xt was changed, and belongs to the caller: work on a copy"""
    eps = definition.forward(self, xt.clone(), t, cond, *also)
    return xt.copy_(eps)


def wrong_no_one(self, xt, t, cond, *also):
    """only the difference: at w = 0 the conditional prediction is left"""
    c, u = _both(self, xt, t, cond, *also)
    return self.w * (c - u)


def wrong_one_plus_twice(self, xt, t, cond, *also):
    """the conditional prediction weighs 1 + w and the unconditional one w, not both 1 + w"""
    c, u = _both(self, xt, t, cond, *also)
    return (1 + self.w) * (c - u)


def wrong_no_return(self, xt, t, cond, *also):
    """nothing came back: is a `return` missing?"""
    definition.forward(self, xt, t, cond, *also)


def wrong_normalised(self, xt, t, cond, *also):
    """the weights add up to 1 already: divide by nothing"""
    return definition.forward(self, xt, t, cond, *also) / (1 + 2 * self.w)


def wrong_null_zero(self, xt, t, cond, *also):
    """the null condition is self.null; here 0 has been taken"""
    c, u = (self.model(xt, t, k, *also) for k in (cond, torch.zeros_like(cond)))
    return (1 + self.w) * c - self.w * u


def wrong_plus(self, xt, t, cond, *also):
    """minus w times the unconditional prediction, not plus"""
    c, u = _both(self, xt, t, cond, *also)
    return (1 + self.w) * c + self.w * u


def wrong_sign(self, xt, t, cond, *also):
    """the sign of w is wrong: this goes away from the condition"""
    c, u = _both(self, xt, t, cond, *also)
    return (1 - self.w) * c + self.w * u


def wrong_squared(self, xt, t, cond, *also):
    """w itself is wanted, not its square"""
    c, u = _both(self, xt, t, cond, *also)
    return c + self.w**2 * (c - u)


def wrong_no_negative(self, xt, t, cond, *also):
    """a w below 0 counts, too: at w = -1 the unconditional prediction is left"""
    c, u = _both(self, xt, t, cond, *also)
    return c + max(self.w, 0) * (c - u)


def wrong_uncond_plus(self, xt, t, cond, *also):
    """w and 1 + w are confused: the conditional prediction weighs 1 + w, the other -w"""
    c, u = _both(self, xt, t, cond, *also)
    return u + self.w * (c - u)


def wrong_w_for_one_plus_w(self, xt, t, cond, *also):
    """w and 1 + w are confused: the conditional prediction weighs 1 + w, the other -w"""
    c, u = _both(self, xt, t, cond, *also)
    return self.w * c + (1 - self.w) * u


def wrong_float32(self, xt, t, cond, *also):
    """float32 out, whatever comes in: keep the dtype of xt"""
    return definition.forward(self, xt, t, cond, *also).float()


def wrong_squeezed(self, xt, t, cond, *also):
    """an axis of length 1 is lost: squeeze takes all of them"""
    return definition.forward(self, xt, t, cond, *also).squeeze()


def wrong_eval(self, xt, t, cond, *also):
    """the network is left in evaluation mode: take it as it comes"""
    if isinstance(self.model, nn.Module):
        self.model.eval()
    return definition.forward(self, xt, t, cond, *also)
