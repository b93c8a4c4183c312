"""TITLE."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.nn.ema import ema_update as definition


def cases(g):
    raise NotImplementedError


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


def wrong_buffers_averaged(ema, model, decay):
    """buffers are copied, not averaged"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(decay * b + (1 - decay) * c)


def wrong_buffers_shared(ema, model, decay):
    """training the model has moved ema: they share memory. Copy values, not tensors"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.data = c.data


def wrong_copied(ema, model, decay):
    """this is a copy of the model; it should move by 1 - decay of the way"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.copy_(q)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_decay_hard_coded(ema, model, decay):
    """decay is an argument; this is 0.999"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 0.001)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_eval_mode(ema, model, decay):
    """a network is left in evaluation mode: take them as they come"""
    model.eval()
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_first_copied_then_shared(ema, model, decay):
    """the model has changed: only ema moves"""
    for p, q in zip(ema.parameters(), model.parameters()):
        p.data = q.data.lerp_(p.data, decay)
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)


def wrong_first_only(ema, model, decay):
    """only the first parameter"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
            break
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_float_buffers_only(ema, model, decay):
    """buffers are copied too: 1.num_batches_tracked are not the model's"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            if b.is_floating_point():
                b.copy_(c)


def wrong_frozen(ema, model, decay):
    """the model's parameters are frozen for good"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.requires_grad_(False)
            q.requires_grad_(False)
            p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_grad_on(ema, model, decay):
    """without no_grad: torch refuses to change a leaf in place"""
    for p, q in zip(ema.parameters(), model.parameters()):
        p.mul_(decay).add_((1 - decay) * q)


def wrong_gradients_averaged(ema, model, decay):
    """ema has not moved. `p = …` only names a new tensor: change p in place"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            if q.grad is not None:
                p.grad = decay * (p.grad if p.grad is not None else 0) + (1 - decay) * q.grad
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_half(ema, model, decay):
    """this is the mean of both; decay is not used"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.copy_((p + q) / 2)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_matrices_only(ema, model, decay):
    """only the matrices; biases are forgotten"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            if p.dim() > 1:
                p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_model_changed(ema, model, decay):
    """the model has changed: only ema moves"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            q.lerp_(p, 1 - decay)
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


def wrong_no_buffers(ema, model, decay):
    """buffers are copied too: 1.running_mean, 1.running_var, 1.num_batches_tracked are not the
    model's"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, 1 - decay)


def wrong_not_frozen_only(ema, model, decay):
    """parameters that want no gradient are left out"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            if q.requires_grad:
                p.lerp_(q, 1 - decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_rebinds(ema, model, decay):
    """ema has not moved. `p = …` only names a new tensor: change p in place"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p = decay * p + (1 - decay) * q
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


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


def wrong_shared(ema, model, decay):
    """the model has changed: only ema moves"""
    for p, q in zip(ema.parameters(), model.parameters()):
        q.data.mul_(1 - decay).add_(p.data, alpha=decay)
        p.data = q.data
    for b, c in zip(ema.buffers(), model.buffers()):
        b.data.copy_(c.data)


def wrong_sum(ema, model, decay):
    """the model counts with weight 1 - decay, not 1"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.mul_(decay).add_(q)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)


def wrong_swapped(ema, model, decay):
    """decay and 1 - decay have changed places"""
    with torch.no_grad():
        for p, q in zip(ema.parameters(), model.parameters()):
            p.lerp_(q, decay)
        for b, c in zip(ema.buffers(), model.buffers()):
            b.copy_(c)
