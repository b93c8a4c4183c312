"""TITLE."""

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import (
    discriminator_loss,  # discriminator_loss
    generator_loss,  # generator_loss
)
from dgm.gan import generator_step as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_autograd_grad(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    weights = [p for group in opt_g.param_groups for p in group["params"]]
    for p, slope in zip(weights, torch.autograd.grad(loss, weights)):
        p.grad = slope
    opt_g.step()
    return loss


def right_chain_rule(net_g, net_d, z, opt_g, kind="non_saturating"):
    """the chain rule in two parts: dloss/dx through D, then through G"""
    fake = net_g(z)
    leaf = fake.detach().requires_grad_()
    loss = generator_loss(net_d(leaf), kind)
    (pull,) = torch.autograd.grad(loss, leaf)
    opt_g.zero_grad()
    fake.backward(pull)
    opt_g.step()
    return loss.detach()


def right_clears_both(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D's gradients are dropped too"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    net_d.zero_grad()
    return float(loss)


def right_clears_by_hand(net_g, net_d, z, opt_g, kind="non_saturating"):
    for parameter in net_g.parameters():
        parameter.grad = None
    with torch.enable_grad():
        logits = net_d(net_g(z))
        loss = generator_loss(logits, kind)
        loss.backward()
    opt_g.step()
    return loss.detach().clone()


def right_closure(net_g, net_d, z, opt_g, kind="non_saturating"):
    def closure():
        opt_g.zero_grad()
        loss = generator_loss(net_d(net_g(z)), kind)
        loss.backward()
        return loss

    return opt_g.step(closure)


def right_frozen_and_thawed(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D is frozen meanwhile, and thawed again"""
    net_d.requires_grad_(False)
    loss = generator_loss(net_d(net_g(z)), kind)
    net_g.zero_grad()
    loss.backward()
    opt_g.step()
    net_d.requires_grad_(True)
    return loss


def right_item_set_to_zero(net_g, net_d, z, opt_g, kind="non_saturating"):
    fake = net_g(z)
    loss = generator_loss(net_d(fake), kind=kind)
    opt_g.zero_grad(set_to_none=False)
    loss.backward()
    opt_g.step()
    return loss.item()


def right_plain(net_g, net_d, z, opt_g, kind="non_saturating"):
    opt_g.zero_grad()
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.step()
    return loss.detach()


# Mistakes, and what a student is told.


def wrong_ascends(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': G went uphill: it helps D. Make the loss small; if exercise 4
    passes, no minus here"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    (-loss).backward()
    opt_g.step()
    return loss.detach()


def wrong_data_of_output(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G has not moved: the graph must reach from the loss to G, so nothing is detached; then
    zero, backward, step, in this order"""
    loss = generator_loss(net_d(net_g(z).data), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_default_minimax(net_g, net_d, z, opt_g, kind="minimax"):
    """kind='non_saturating': this is the step of the other loss: is kind handed on, and what is
    the default?"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_discriminator_moved_by_hand(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D's weights have changed: this is G's step, and opt_g is the only optimizer"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    lr = opt_g.param_groups[0]["lr"]
    for p in net_d.parameters():
        p.data += lr * p.grad
    return loss.detach()


def wrong_discriminator_updated(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D's weights have changed: this is G's step, and opt_g is the only optimizer"""
    opt = torch.optim.Adam([*net_g.parameters(), *net_d.parameters()], lr=1e-3)
    loss = generator_loss(net_d(net_g(z)), kind)
    opt.zero_grad()
    loss.backward()
    opt_g.step()
    opt.step()
    return loss.detach()


def wrong_discriminator_without_grad(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D's answer stands under no_grad: no way back to G"""
    fake = net_g(z)
    with torch.no_grad():
        logits = net_d(fake)
    loss = generator_loss(logits, kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_discriminators_gradient_used(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': this is the other loss, uphill: D's own loss made small? G wants D
    to be wrong"""
    fake = net_g(z)
    loss = discriminator_loss(net_d(fake.detach()), net_d(fake))
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_discriminators_loss(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': this is the other loss, uphill: D's own loss made small? G wants D
    to be wrong"""
    loss = F.softplus(net_d(net_g(z))).mean()
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_evaluation_mode(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G is left in evaluation mode"""
    net_g.eval()
    net_d.eval()
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_fake_detached(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G has not moved: the graph must reach from the loss to G, so nothing is detached; then
    zero, backward, step, in this order"""
    loss = generator_loss(net_d(net_g(z).detach()), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_frozen_for_ever(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D's parameters are frozen for good: D could never learn again. Thaw them"""
    for p in net_d.parameters():
        p.requires_grad = False
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_gradient_clipped(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': G's weights are not where one step of opt_g on the loss puts them:
    is it one step for the whole batch, with this z, nothing clipped, zero_grad then backward
    then step?"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net_g.parameters(), 0.01)
    opt_g.step()
    return loss.detach()


def wrong_in_pieces(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': G's weights are not where one step of opt_g on the loss puts them:
    is it one step for the whole batch, with this z, nothing clipped, zero_grad then backward
    then step?"""
    total = 0.0
    for part in z.split([len(z) - 2, 2]) if len(z) > 3 else [z]:
        loss = generator_loss(net_d(net_g(part)), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
        total += loss.item() * len(part) / len(z)
    return total


def wrong_kind_ignored(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='minimax': this is the step of the other loss: is kind handed on, and what is the
    default?"""
    loss = generator_loss(net_d(net_g(z)))
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_left_in_evaluation_mode(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D is left in evaluation mode"""
    loss = generator_loss(net_d(net_g(z)), kind)
    net_d.eval()
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_loss_after(net_g, net_d, z, opt_g, kind="non_saturating"):
    """the step is right, but the loss before it was 2.157538, and 2.150850 comes back. Is it the
    loss after the step?"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return generator_loss(net_d(net_g(z)), kind).detach()


def wrong_loss_turned(net_g, net_d, z, opt_g, kind="non_saturating"):
    """the step is right, but the loss comes back with its sign turned"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return -loss.detach()


def wrong_minimax_sign(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='minimax': G went uphill: it helps D. Make the loss small; if exercise 4 passes, no
    minus here"""
    logits = net_d(net_g(z))
    if kind == "minimax":
        loss = F.softplus(logits).mean()
    else:
        loss = F.softplus(-logits).mean()
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_minimax_used(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': this is the step of the other loss: is kind handed on, and what is
    the default?"""
    loss = generator_loss(net_d(net_g(z)), "minimax")
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_no_return(net_g, net_d, z, opt_g, kind="non_saturating"):
    """forgot to return"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()


def wrong_no_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G has not moved: the graph must reach from the loss to G, so nothing is detached; then
    zero, backward, step, in this order"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    return loss.detach()


def wrong_no_zero_grad(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': the gradients that G held before are in the step: drop them before
    you go backward"""
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_own_noise(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': G's weights are not where one step of opt_g on the loss puts them:
    is it one step for the whole batch, with this z, nothing clipped, zero_grad then backward
    then step?"""
    loss = generator_loss(net_d(net_g(torch.randn_like(z))), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_own_optimizer(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G's weights have moved, but opt_g took no step: use the optimizer you are given"""
    opt = torch.optim.Adam(net_g.parameters(), lr=opt_g.param_groups[0]["lr"])
    loss = generator_loss(net_d(net_g(z)), kind)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.detach()


def wrong_step_before_backward(net_g, net_d, z, opt_g, kind="non_saturating"):
    """the step comes before the gradients"""
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.step()
    opt_g.zero_grad()
    loss.backward()
    return loss.detach()


def wrong_step_first(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': the step came before backward: it used gradients from long ago"""
    opt_g.step()
    opt_g.zero_grad()
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    return loss.detach()


def wrong_two_steps(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': two steps in place of one"""
    for _ in range(2):
        loss = generator_loss(net_d(net_g(z)), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
    return loss.detach()


def wrong_zero_grad_at_the_end(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': the gradients that G held before are in the step: drop them before
    you go backward"""
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.step()
    opt_g.zero_grad()
    return loss.detach()


def wrong_zero_grad_of_discriminator(net_g, net_d, z, opt_g, kind="non_saturating"):
    """kind='non_saturating': the gradients that G held before are in the step: drop them before
    you go backward"""
    net_d.zero_grad()
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.step()
    return loss.detach()


def wrong_zero_grad_too_late(net_g, net_d, z, opt_g, kind="non_saturating"):
    """G has not moved: the graph must reach from the loss to G, so nothing is detached; then
    zero, backward, step, in this order"""
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.zero_grad()
    opt_g.step()
    return loss.detach()
