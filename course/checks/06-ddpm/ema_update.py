"""6.8 The moving average."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.nn.ema import ema_update as definition


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    yield Doing("", lambda answer: updates(answer, layers, (9, 3), (0.9, 0.6, 0.97), seed))


def layers():
    return nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2)


def updates(answer, layers, rows, decays, seed, mode=True, dtype=draw.DOUBLE):
    """What two networks are like after each of these updates; the model is trained in between."""
    g = torch.Generator().manual_seed(seed)
    model = nn.Sequential(*layers()).to(dtype)
    shake(model, rows, g)
    ema = copy.deepcopy(model).train(mode)
    shake(model, rows, g)
    model[-1].bias.requires_grad_(False)
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    bound, flags, seen = list(ema.parameters()), [requires(n) for n in (ema, model)], {}
    for number, decay in enumerate(decays, 1):
        when = f"update {number}, decay = {decay}"
        before = copy.deepcopy(model.state_dict())
        returned = answer(ema, model, decay)
        seen[f"{when}: ema's parameters"] = dict(ema.named_parameters())
        seen[f"{when}: ema's buffers, which are copied"] = dict(ema.named_buffers())
        now = model.state_dict()
        seen[f"{when}: the model is as it was"] = all(torch.equal(now[k], before[k]) for k in now)
        seen[f"{when}: what comes back"] = returned
        seen = {k: copy.deepcopy(v) for k, v in seen.items()}
        kept = copy.deepcopy(ema.state_dict())
        shake(model, rows, g)
        still = all(torch.equal(v, kept[k]) for k, v in ema.state_dict().items())
        seen[f"{when}: ema stays as it is while the model is trained"] = still
    same = all(a is b for a, b in zip(bound, ema.parameters(), strict=True))
    seen["ema's parameters are the ones that it had, changed in place"] = same
    seen["training mode of ema and model"] = [m.training for n in (ema, model) for m in n.modules()]
    seen["what wants gradients"] = [requires(n) for n in (ema, model)] == flags
    seen["gradients are as they were"] = [
        p.grad is None if n is ema else p.grad is not None and bool((p.grad == 1).all())
        for n in (ema, model)
        for p in n.parameters()
    ]
    seen["ema's parameters hang in no graph"] = all(p.is_leaf for p in ema.parameters())
    return seen


def shake(net, rows, g):
    """Other weights, and other running means."""
    with torch.no_grad():
        for p in net.parameters():
            p += draw.normal(g, *p.shape, dtype=p.dtype)
        net(3 * draw.normal(g, *rows, dtype=p.dtype) + 1)


def requires(net):
    return [p.requires_grad for p in net.parameters()]


# Right, in ways that differ.


def right_by_name(ema, model, decay):
    theirs = dict(model.named_parameters())
    with torch.inference_mode(False), torch.no_grad():
        for name, p in ema.named_parameters():
            p -= (1 - decay) * (p - theirs[name])
        fresh = dict(model.named_buffers())
        for name, b in ema.named_buffers():
            b[...] = fresh[name]


def right_copy(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.copy_(decay * p + (1 - decay) * q)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def right_data(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data = decay * p.data + (1 - decay) * q.data
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data = c.data.clone()


def right_data_in_place(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data.mul_(decay)
        p.data.add_((1 - decay) * q.data)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)


def right_detached(ema, model, decay):
    for p, q in zip(ema.parameters(), model.parameters()):
        p.detach().mul_(decay).add_(q.detach(), alpha=1 - decay)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.copy_(c)


def right_foreach(ema, model, decay):
    with torch.no_grad():
        p, q = list(ema.parameters()), list(model.parameters())
        torch._foreach_mul_(p, decay)
        torch._foreach_add_(p, q, alpha=1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def right_lerp(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def right_mul_add(ema, model, decay):
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.mul_(decay).add_(q, alpha=1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def right_state_dict(ema, model, decay):
    mine, theirs = ema.state_dict(), model.state_dict()
    names = {name for name, _ in model.named_parameters()}
    new = {k: decay * mine[k] + (1 - decay) * v if k in names else v for k, v in theirs.items()}
    ema.load_state_dict(new)


# Mistakes, and what a student is told.


MOVE, COPY = "mean.mul_(decay).add_(new, alpha=1 - decay)", "kept.copy_(now)"
LOOP = "for mean, new in zip(ema.parameters(), model.parameters(), strict=True):"
BUFFERS = (
    f"    for kept, now in zip(ema.buffers(), model.buffers(), strict=True):\n        {COPY}\n"
)


def _move(words, line):
    return change(words, MOVE, line)


def _first(words, line):
    return change(words, LOOP, f"{line}\n    {LOOP}")


wrong_buffers_averaged = change(
    "buffers are copied, not averaged", COPY, "kept.copy_(decay * kept + (1 - decay) * now)"
)
wrong_buffers_shared = change(
    "the model's buffers are handed to ema, and share memory: copy values, not tensors",
    COPY,
    "kept.data = now.data",
)
wrong_no_buffers = change("the buffers are not copied", BUFFERS, "")
wrong_float_buffers_only = change(
    "whole-number buffers are copied too", COPY, f"kept.is_floating_point() and {COPY}"
)
wrong_buffers_swapped = change(
    "the model's buffers are overwritten by ema's: copy the other way", COPY, "now.copy_(kept)"
)
wrong_buffers_first_copied = change(
    "this is a copy of the model; it should move by 1 - decay of the way",
    BUFFERS,
    "    ema.load_state_dict(model.state_dict())\n",
)
wrong_copied = _move(
    "this is a copy of the model; it should move by 1 - decay of the way", "mean.copy_(new)"
)
wrong_decay_hard_coded = _move("decay is an argument; this is 0.999", "mean.lerp_(new, 0.001)")
wrong_decay_99 = _move("decay is an argument; this is 0.99", "mean.lerp_(new, 0.01)")
wrong_half = _move("this is the mean of both; decay is not used", "mean.copy_((mean + new) / 2)")
wrong_sum = _move("the model counts with weight 1 - decay, not 1", "mean.mul_(decay).add_(new)")
wrong_swapped = _move("decay and 1 - decay have changed places", "mean.lerp_(new, decay)")
wrong_not_weighed = _move(
    "the old average counts with weight decay, not 1", "mean.add_(new, alpha=1 - decay)"
)
wrong_root = _move(
    "the average is one of the weights themselves, not of their squares",
    "mean.copy_((decay * mean**2 + (1 - decay) * new**2).sqrt())",
)
wrong_eval_mode = _first(
    "a network is left in evaluation mode: take them as they come", "model.eval()"
)
wrong_ema_eval_mode = _first(
    "a network is left in evaluation mode: take them as they come", "ema.eval()"
)
wrong_frozen = _first(
    "parameters are frozen for good: no_grad is enough",
    "ema.requires_grad_(False), model.requires_grad_(False)",
)
wrong_ema_frozen = _first(
    "parameters are frozen for good: no_grad is enough", "ema.requires_grad_(False)"
)
wrong_gradients_dropped = _first(
    "the model's gradients are dropped; the model stays as it is", "model.zero_grad()"
)
wrong_first_copied_then_shared = _move(
    "the model has changed: only ema moves", "mean.data = new.data.lerp_(mean.data, decay)"
)
wrong_shared = _move(
    "the model has changed: only ema moves",
    "new.data.mul_(1 - decay).add_(mean.data, alpha=decay); mean.data = new.data",
)
wrong_model_changed = _move("the model has changed: only ema moves", "new.lerp_(mean, 1 - decay)")
wrong_first_only = _move("only the first parameter has moved", f"{MOVE}\n        break")
wrong_matrices_only = _move(
    "only the matrices have moved; biases are parameters too", f"mean.dim() > 1 and {MOVE}"
)
wrong_not_frozen_only = _move(
    "parameters that want no gradient are left out; they move too", f"new.requires_grad and {MOVE}"
)
wrong_rebinds = _move(
    "ema has not moved: `p = …` only names a new tensor; change p in place",
    "mean = decay * mean + (1 - decay) * new",
)
wrong_grad_on = change(
    "torch changes no leaf in place while it records: keep the line `@torch.no_grad()`",
    "@torch.no_grad()\n",
    "",
)
wrong_returns_ema = change(
    "ema comes back; nothing is to be returned", f"{BUFFERS}", f"{BUFFERS}    return ema\n"
)


def wrong_gradients_averaged(ema, model, decay):
    """ema has not moved: the weights are averaged, not their gradients"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            if q.grad is not None:
                p.grad = decay * (p.grad if p.grad is not None else 0) + (1 - decay) * q.grad
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_new_model(ema, model, decay):
    """ema has not moved: change it in place, a new network is no use to the caller"""
    new = copy.deepcopy(ema)
    with torch.no_grad():
        for p, q in zip(new.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(new.buffers(), model.buffers()):
            b.copy_(c)
    return new


def wrong_replaced(ema, model, decay):
    """ema holds other parameters than before: change the old ones in place"""
    for (name, p), q in zip(list(ema.named_parameters()), model.parameters()):
        owner = ema.get_submodule(name.rpartition(".")[0])
        setattr(
            owner,
            name.rpartition(".")[2],
            nn.Parameter(decay * p.detach() + (1 - decay) * q.detach()),
        )
    for b, c in zip(ema.buffers(), model.buffers()):
        b.copy_(c)
