"""4.5 A step of the discriminator."""

import torch
import torch.nn.functional as F

from course.checks import draw, players
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.gan import discriminator_loss
from dgm.gan import discriminator_step as definition


def cases(g):
    """First G holds gradients of steps before; then none, and none may come."""
    for words, options in (
        ("nine rows of data and six codes, both networks hold old gradients", {}),
        ("smooth = 0.3, six rows and nine codes, no network holds gradients", {"smooth": 0.3}),
    ):
        state = draw.seeded(g)
        rows, held = ((6, 9), False) if options else ((9, 6), True)
        case = Doing(
            words,
            lambda answer, state=state, rows=rows, held=held, options=options: players.play(
                answer, "D", state, (rows,), held=held, **options
            ),
        )
        yield case.but(clue="If exercise 3 does not pass yet, mend that first")


# Right, in ways that differ.


def right_autograd_grad(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    parameters = list(net_d.parameters())
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = slope
    opt_d.step()
    return loss.detach()


def right_backward_inputs(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """the fakes keep their graph, and only D's parameters are asked for"""
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward(inputs=list(net_d.parameters()))
    opt_d.step()
    return loss.detach()


def right_closure(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    fake = net_g(z).data

    def closure():
        opt_d.zero_grad()
        loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
        loss.backward()
        return loss

    return opt_d.step(closure).item()


def right_detach(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    opt_d.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    return loss.detach()


def right_frozen_and_thawed(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    net_g.requires_grad_(False)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    net_g.requires_grad_(True)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def right_inference_copy(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    with torch.inference_mode():
        fake = net_g(z)
    fake = fake.clone()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    net_d.zero_grad()
    loss.backward()
    opt_d.step()
    with torch.no_grad():
        return 1 * loss


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

ZERO, STEP, BACK = "    opt_d.zero_grad()\n", "    opt_d.step()\n", "    loss.backward()\n"
LOSS = "discriminator_loss(net_d(x), net_d(x_fake), smooth=smooth)"
CLIPPED = "the gradients are clipped: the step takes them as they are"
DEAF = "D learns nothing from generated samples: cut the graph behind the sample, not D's answer"
DROPPED = "G's gradients are dropped: cut the graph at the samples, and there is nothing to clear"
G_MOVED = "G's weights have changed: this is D's step, and opt_d is the only optimizer"
OWN = "D's weights have moved, but opt_d took no step: use the optimizer that is given"
REACHED = "a gradient has reached G: cut the graph at the samples, with .detach() or no_grad"
STALE = "the gradients that D held before are in the step: drop them before you go backward"
STILL = "D has not moved: zero_grad comes first, backward fills the gradients, the step uses them"
EARLY = "the step came before backward: it used gradients from before"
NO_GRAPH = ("    with torch.no_grad():\n        x_fake = net_g(z)\n", "    x_fake = net_g(z)\n")


def after(words, line):
    """One more line after the step."""
    return change(words, STEP, f"{STEP}    {line}\n")


def first(words, line):
    """One more line at the start."""
    return change(words, "    with", f"    {line}\n    with")


def clipped(line):
    return change(CLIPPED, STEP, f"    nn.utils.{line}\n{STEP}")


def other(words, loss):
    return change(words, LOSS, loss)


wrong_all_without_grad = other(
    "under no_grad backward has nothing to go back through: only G's samples belong there",
    LOSS.replace("net_d", "torch.no_grad()(net_d)"),
)
wrong_ascends = change(
    "D went uphill: the loss is made small. If exercise 3 passes, no minus here",
    BACK,
    "    (-loss).backward()\n",
)
wrong_batches_cut = other(
    "rows are lost: x and z need not have equally many",
    "discriminator_loss(*(net_d(t[: min(len(x), len(z))]) for t in (x, x_fake)), smooth=smooth)",
)
wrong_both_gradients_dropped = change(DROPPED, ZERO, ZERO + "    net_g.zero_grad()\n")
wrong_clipped = after(
    "D's weights are clamped after the step: that belongs to another kind of GAN",
    "[p.data.clamp_(-0.01, 0.01) for p in net_d.parameters()]",
)
wrong_data_clamped = change(
    "x is clamped, and in place: D sees the data as they come, and x belongs to the caller",
    "net_d(x)",
    "net_d(x.clamp_(-1, 1))",
)
wrong_data_detached = change(DEAF, "net_d(x_fake)", "net_d(x_fake).detach()")
wrong_discriminator_frozen = after(
    "D's parameters are frozen for good: switch requires_grad on again",
    "net_d.requires_grad_(False)",
)
wrong_discriminator_in_evaluation_mode = other(
    "D answered in evaluation mode: take the networks as they come, without .eval()",
    f"(net_d.eval(), {LOSS}, net_d.train())[1]",
)
wrong_discriminator_left_in_evaluation_mode = after(
    "D is left in evaluation mode: take the networks as they come", "net_d.eval()"
)
wrong_evaluation_mode = first(
    "G is left in evaluation mode: take the networks as they come", "net_g.eval()"
)
wrong_fake_logits_without_grad = change(DEAF, "net_d(x_fake)", "torch.no_grad()(net_d)(x_fake)")
wrong_frozen_for_ever = first(
    "G's parameters are frozen for good: switch requires_grad on again",
    "net_g.requires_grad_(False)",
)
wrong_generator_in_evaluation_mode = change(
    "G generated in evaluation mode: take the networks as they come, without .eval()",
    "x_fake = net_g(z)\n",
    "x_fake = net_g.eval()(z)\n    net_g.train()\n",
)
wrong_generators_gradients_dropped = change(
    "G's gradients have been dropped in place of D's: opt_d.zero_grad() drops D's",
    ZERO,
    "    net_g.zero_grad()\n",
)
wrong_gradient_clipped = clipped("clip_grad_norm_(net_d.parameters(), 0.1)")
wrong_gradient_clipped_at_five = clipped("clip_grad_norm_(net_d.parameters(), 5.0)")
wrong_gradient_values_clipped = clipped("clip_grad_value_(net_d.parameters(), 1.0)")
wrong_graph_returned = change(
    "the loss comes back with its graph: return loss.detach()", "loss.detach()", "loss"
)
wrong_half = change(
    "half a step: the loss is the sum of the two means, not divided by 2", LOSS, LOSS + " / 2"
)
wrong_half_returned = change(
    "the step is right, but half the loss comes back", "loss.detach()", "loss.detach() / 2"
)
wrong_labels_swapped = other(
    "data and generated samples have changed places, or the labels",
    "discriminator_loss(net_d(x_fake), net_d(x), smooth=smooth)",
)
wrong_loss_after = change(
    "the step is right, and this is the loss after it: the loss before the step is wanted",
    "loss.detach()",
    f"{LOSS}.detach()",
)
wrong_loss_turned = change(
    "the step is right, but the loss comes back with its sign turned", "loss.detach()", "-loss.detach()"
)  # fmt: skip
wrong_mean_of_logits = other(
    "each row has a loss of its own: the mean of the losses, not the loss of the mean logit",
    "discriminator_loss(net_d(x).mean()[None], net_d(x_fake).mean()[None], smooth=smooth)",
)
wrong_no_backward = change(STILL, BACK, "")
wrong_no_return = change("forgot to return", "return loss.detach()", "loss.detach()")
wrong_no_step = change(STILL, STEP, "")
wrong_no_zero_grad = change(STALE, ZERO, "")
wrong_noise_as_fakes = change(
    "D is shown the codes in place of samples: G makes samples of them", "net_d(x_fake)", "net_d(z)"
)
wrong_noise_on_the_data = change(
    "noise is drawn for D's inputs: draw nothing, and show D the data as they come",
    "net_d(x)",
    "net_d(x + 0.1 * torch.randn_like(x))",
)
wrong_not_detached = change(REACHED, *NO_GRAPH)
wrong_not_detached_then_cleared = change(DROPPED, *NO_GRAPH, STEP, STEP + "    net_g.zero_grad()\n")
wrong_one_batch = other(
    "data and samples went through D in one call: its batch norm mixes them. Two calls",
    "discriminator_loss(*net_d(torch.cat([x, x_fake])).split([len(x), len(z)]), smooth=smooth)",
)
wrong_own_noise = change(
    "these are other codes: generate from the z that is given, and draw nothing",
    "net_g(z)",
    "net_g(torch.randn_like(z))",
)
wrong_own_optimizer = first(
    OWN, "opt_d = torch.optim.Adam(net_d.parameters(), lr=opt_d.param_groups[0]['lr'])"
)
wrong_real_only = change(DEAF, LOSS, "discriminator_loss(net_d(x), net_d(x_fake).detach() - 99)")
wrong_smooth_by_default = change(
    "without smooth the labels of the data are 1: its default is 0", "smooth: float = 0.0", "smooth: float = 0.1"
)  # fmt: skip
wrong_smooth_ignored = change(
    "smooth is not handed on to discriminator_loss", ", smooth=smooth", ""
)
wrong_step_before_backward = change(EARLY, ZERO + BACK + STEP, STEP + ZERO + BACK)
wrong_step_first = change(EARLY, ZERO + BACK + STEP, BACK, "    with", STEP + ZERO + "    with")
wrong_two_steps = change("two steps in place of one", STEP, STEP + f"    loss_ = {LOSS}\n" + ZERO + "    loss_.backward()\n" + STEP)  # fmt: skip
wrong_zero_grad_at_the_end = change(STALE, ZERO, "", STEP, STEP + ZERO)
wrong_zero_grad_too_late = change(STILL, ZERO, "", BACK, BACK + ZERO)
wrong_both_steps = after(
    G_MOVED, "generator_step(net_g, net_d, z, torch.optim.Adam(net_g.parameters(), lr=1e-3))"
)
wrong_generator_updated = change(
    G_MOVED,
    *NO_GRAPH,
    STEP,
    STEP + "    torch.optim.SGD(net_g.parameters(), lr=0.01).step()\n",
)
wrong_step_by_hand = change(
    OWN,
    STEP,
    "    for p in net_d.parameters():\n        p.data -= opt_d.param_groups[0]['lr'] * p.grad\n",
)


def wrong_two_separate_steps(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    """a step for each of the two terms: one step is wanted, on their sum"""
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
