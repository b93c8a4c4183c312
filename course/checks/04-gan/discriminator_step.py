"""One step of the discriminator."""

import torch
import torch.nn.functional as F
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import (
    discriminator_loss,  # discriminator_loss
    generator_loss,  # generator_loss
)
from dgm.gan import discriminator_step as definition


def cases(g):
    for smooth in (0.0, 0.2):
        yield Doing(
            f"smooth = {smooth}",
            lambda answer, smooth=smooth, g=draw.seeded(g): step(answer, smooth, g.clone_state()),
        )


def step(answer, smooth, g, rows=(9, 6)):
    """Two networks that hold gradients of steps before; what they are like after the answer's."""
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=g)))
    net_g, net_d = small(3, 2), small(2, 1, nn.Flatten(0))
    opt_d = torch.optim.SGD(net_d.parameters(), lr=0.3, momentum=0.9)
    x, z = 2 * draw.normal(g, rows[0], 2) + 1, draw.normal(g, rows[1], 3)
    for parameter in [*net_g.parameters(), *net_d.parameters()]:
        parameter.grad = draw.normal(g, *parameter.shape)
    kept = x.clone(), z.clone()
    loss = answer(net_g, net_d, x, z, opt_d, **({"smooth": smooth} if smooth else {}))
    return {
        "D after the step": list(net_d.state_dict().values()),
        "G after D's step": list(net_g.state_dict().values()),
        "G's gradients, which D's step must not touch": [p.grad for p in net_g.parameters()],
        "evaluation mode, frozen parameters": [
            m.training for m in [*net_g.modules(), *net_d.modules()]
        ]
        + [p.requires_grad for p in [*net_g.parameters(), *net_d.parameters()]],
        "opt_d has taken a step": bool(opt_d.state),
        "the loss": None if loss is None else float(loss),
        "the loss has a graph": getattr(loss, "requires_grad", False),
        "x and z": [torch.equal(a, b) for a, b in zip(kept, (x, z), strict=True)],
    }


def small(inputs, outputs, *last):
    """A network with batch norm, which mixes the rows of a call."""
    first = [nn.Linear(inputs, 8, bias=False), nn.BatchNorm1d(8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*first, nn.Linear(8, outputs), *last).double()


# Right, in ways that differ.


def right_autograd_grad(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    parameters = list(net_d.parameters())
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = slope
    opt_d.step()
    return loss


def right_backward_inputs(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the fakes keep their graph, and only D's parameters are asked for"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward(inputs=list(net_d.parameters()))
    opt_d.step()
    return loss


def right_closure(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    fake = net_g(z).data

    def closure():
        opt_d.zero_grad()
        loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
        loss.backward()
        return loss

    return float(opt_d.step(closure))


def right_detach(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    opt_d.zero_grad()
    fake = net_g(z).detach()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    loss.backward()
    opt_d.step()
    return loss.detach()


def right_frozen_and_thawed(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    for parameter in net_g.parameters():
        parameter.requires_grad_(False)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    for parameter in net_g.parameters():
        parameter.requires_grad_(True)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss


def right_no_grad_item(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    with torch.no_grad():
        fake = net_g(z)
    logits_fake, logits_real = net_d(fake), net_d(x)
    loss = discriminator_loss(logits_real, logits_fake, smooth=smooth)
    opt_d.zero_grad(set_to_none=False)
    loss.backward()
    opt_d.step()
    return loss.item()


def right_two_backwards(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the gradients of the two terms are added up by two backward passes"""
    net_d.zero_grad()
    bce = F.binary_cross_entropy_with_logits
    logits = net_d(x)
    real = bce(logits, torch.full_like(logits, 1 - smooth))
    real.backward()
    logits = net_d(net_g(z).detach())
    fake = bce(logits, torch.zeros_like(logits))
    fake.backward()
    opt_d.step()
    return (real + fake).detach()


# Mistakes, and what a student is told.


def wrong_all_without_grad(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """everything without a graph: backward has nothing to go back through"""
    with torch.no_grad():
        loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_ascends(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: D went uphill: the loss is made small. If exercise 3 passes, no minus
    here"""
    loss = -discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return -loss.detach()


def wrong_batches_cut(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: rows are lost: x and z need not have equally many"""
    n = min(len(x), len(z))
    loss = discriminator_loss(net_d(x[:n]), net_d(net_g(z[:n]).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_both_gradients_dropped(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's gradients have been dropped; D's step must not touch them. Cut the graph at the
    samples and there is nothing to clear"""
    net_g.zero_grad()
    net_d.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_both_steps(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's weights have changed: this is D's step, and opt_d is the only optimizer"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    opt_g = torch.optim.Adam(net_g.parameters(), lr=1e-3)
    generator_loss(net_d(net_g(z))).backward()
    opt_g.step()
    return loss.detach()


def wrong_clipped(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    for parameter in net_d.parameters():
        parameter.data.clamp_(-0.01, 0.01)
    return loss.detach()


def wrong_data_detached(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: D learns nothing from generated samples: cut the graph behind the sample,
    not D's answer"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z)).detach(), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_evaluation_mode(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G is left in evaluation mode"""
    net_g.eval()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_fake_logits_without_grad(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: D learns nothing from generated samples: cut the graph behind the sample,
    not D's answer"""
    with torch.no_grad():
        logits_fake = net_d(net_g(z))
    loss = discriminator_loss(net_d(x), logits_fake, smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_frozen_for_ever(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's parameters are frozen for good: switch requires_grad on again"""
    net_g.requires_grad_(False)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_generator_in_evaluation_mode(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    net_g.eval()
    fake = net_g(z).detach()
    net_g.train()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_generator_updated(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's weights have changed: this is D's step, and opt_d is the only optimizer"""
    opt = torch.optim.SGD(net_g.parameters(), lr=0.01)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    opt.zero_grad()
    loss.backward()
    opt_d.step()
    opt.step()
    return loss.detach()


def wrong_generators_gradients_dropped(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's gradients have been dropped; D's step must not touch them. Cut the graph at the
    samples and there is nothing to clear"""
    net_g.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_gradient_clipped(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net_d.parameters(), 0.1)
    opt_d.step()
    return loss.detach()


def wrong_half(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: half a step: the loss is the sum of the two means, not divided by 2"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth) / 2
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_labels_swapped(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: data and generated samples have changed places, or the labels"""
    loss = discriminator_loss(net_d(net_g(z).detach()), net_d(x), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_loss_after(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the step is right, but the loss before it was 1.395439, and 1.391829 comes back. Is it the
    loss after the step?"""
    fake = net_g(z).detach()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return discriminator_loss(net_d(x), net_d(fake), smooth=smooth).detach()


def wrong_loss_turned(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the step is right, but the loss comes back with its sign turned"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return -loss.detach()


def wrong_mean_of_logits(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    real, fake = net_d(x).mean(), net_d(net_g(z).detach()).mean()
    loss = discriminator_loss(real[None], fake[None], smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_no_backward(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D has not moved: backward fills the gradients, the optimizer's step uses them, and
    zero_grad comes before both"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    opt_d.step()
    return loss.detach()


def wrong_no_return(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """forgot to return"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()


def wrong_no_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D has not moved: backward fills the gradients, the optimizer's step uses them, and
    zero_grad comes before both"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    return loss.detach()


def wrong_no_zero_grad(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: the gradients that D held before are in the step: drop them before you go
    backward"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_noise_as_fakes(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """shows D the codes in place of samples"""
    loss = discriminator_loss(net_d(x), net_d(z), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_not_detached(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """a gradient has reached G: cut the graph at the samples, with .detach() or no_grad"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_not_detached_then_cleared(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """G's gradients have been dropped; D's step must not touch them. Cut the graph at the
    samples and there is nothing to clear"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    net_g.zero_grad()
    return loss.detach()


def wrong_one_batch(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: data and samples went through D in one call: its batch norm mixes them.
    Two calls"""
    both = net_d(torch.cat([x, net_g(z).detach()]))
    loss = discriminator_loss(both[: len(x)], both[len(x) :], smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_own_noise(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    fake = net_g(torch.randn_like(z)).detach()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_own_optimizer(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights have moved, but opt_d took no step: use the optimizer you are given"""
    opt = torch.optim.Adam(net_d.parameters(), lr=opt_d.param_groups[0]["lr"])
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.detach()


def wrong_real_only(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: D learns nothing from generated samples: cut the graph behind the sample,
    not D's answer"""
    loss = torch.nn.functional.softplus(-net_d(x)).mean()
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_smooth_ignored(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.2: smooth is not handed on to discriminator_loss"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()))
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def wrong_step_before_backward(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the step comes before the gradients: always one late"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.step()
    opt_d.zero_grad()
    loss.backward()
    return loss.detach()


def wrong_step_by_hand(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights have moved, but opt_d took no step: use the optimizer you are given"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    for parameter in net_d.parameters():
        parameter.data -= opt_d.param_groups[0]["lr"] * parameter.grad
    return loss.detach()


def wrong_step_first(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: the step came before backward: it used gradients from long ago"""
    opt_d.step()
    opt_d.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    return loss.detach()


def wrong_two_separate_steps(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D's weights are not where one step of opt_d on the loss puts them: is it one step on the
    sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"""
    logits = net_d(x)
    real = (F.softplus(-logits) + smooth * logits).mean()
    opt_d.zero_grad()
    real.backward()
    opt_d.step()
    fake = F.softplus(net_d(net_g(z).detach())).mean()
    opt_d.zero_grad()
    fake.backward()
    opt_d.step()
    return (real + fake).detach()


def wrong_two_steps(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: two steps in place of one"""
    fake = net_g(z).detach()
    for _ in range(2):
        loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
    return loss.detach()


def wrong_zero_grad_at_the_end(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """at smooth = 0.0: the gradients that D held before are in the step: drop them before you go
    backward"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    return loss.detach()


def wrong_zero_grad_too_late(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """D has not moved: backward fills the gradients, the optimizer's step uses them, and
    zero_grad comes before both"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.zero_grad()
    opt_d.step()
    return loss.detach()
