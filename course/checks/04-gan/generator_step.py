"""4.6 A step of the generator."""

import torch

from course.checks import draw, players
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.gan import generator_loss
from dgm.gan import generator_step as definition


def cases(g):
    """Each kind and the default; at the last no network holds gradients."""
    for words, held, options in (
        ("the default kind", True, {}),
        ("kind = 'minimax'", True, {"kind": "minimax"}),
        ("kind = 'non_saturating', no network holds gradients", False, {"kind": "non_saturating"}),
    ):
        state = draw.seeded(g)
        case = Doing(
            words,
            lambda answer, state=state, held=held, options=options: players.play(
                answer, "G", state, ((0, 7),), held=held, **options
            ),
        )
        yield case.but(clue="If exercise 4 does not pass yet, mend that first")


# Right, in ways that differ.


def right_autograd_grad(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    weights = [p for group in opt_g.param_groups for p in group["params"]]
    for p, slope in zip(weights, torch.autograd.grad(loss, weights)):
        p.grad = slope
    opt_g.step()
    return loss.detach()


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
    return loss.item()


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

    return opt_g.step(closure).detach()


def right_frozen_and_thawed(net_g, net_d, z, opt_g, kind="non_saturating"):
    """D is frozen meanwhile, and thawed again"""
    net_d.requires_grad_(False)
    loss = generator_loss(net_d(net_g(z)), kind)
    net_g.zero_grad()
    loss.backward()
    opt_g.step()
    net_d.requires_grad_(True)
    return loss.detach()


def right_inputs(net_g, net_d, z, opt_g, kind="non_saturating"):
    """no gradient is left in D"""
    opt_g.zero_grad()
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward(inputs=[*net_g.parameters()])
    opt_g.step()
    return loss.detach()


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

ZERO, STEP, RETURN = "    opt_g.zero_grad()\n", "    opt_g.step()\n", "return loss.detach()"
INPUTS = "inputs=list(net_g.parameters())"  # for `change`: what a student hardly writes
BACK = f"    loss.backward({INPUTS})  # and none for the discriminator's\n"
LOSS = "generator_loss(net_d(net_g(z)), kind)"
CLIPPED = "the gradients are clipped: the step takes them as they are"
D_MOVED = "D's weights have changed: this is G's step, and opt_g is the only optimizer"
D_LOSS = "this is the loss of D, made small: G wants D to be wrong"
EARLY = "the step came before backward: it used gradients from before"
OTHER = "this is the step of the other loss: is kind handed on, and what is the default?"
STALE = "the gradients that G held before are in the step: drop them before you go backward"
STILL = (
    "G has not moved: the graph must reach from the loss to G, so nothing is detached; then zero, "
    "backward, step, in this order"
)
UPHILL = "G went uphill: it helps D. Make the loss small; if exercise 4 passes, no minus here"

wrong_ascends = change(UPHILL, "    loss.backward", "    (-loss).backward")
wrong_data_of_output = change(STILL, "net_g(z)", "net_g(z).data", INPUTS, "")
wrong_default_minimax = change(OTHER, 'kind: str = "non_saturating"', 'kind: str = "minimax"')
wrong_discriminator_frozen_too_late = change(
    "D's parameters are frozen for good, and D could never learn again: thaw them",
    RETURN,
    "net_d.requires_grad_(False)\n    " + RETURN,
)
wrong_discriminator_in_evaluation_mode = change(
    "D answered in evaluation mode: take the networks as they come, without .eval()",
    LOSS,
    f"(net_d.eval(), {LOSS}, net_d.train())[1]",
)
wrong_discriminator_moved_by_hand = change(
    D_MOVED,
    INPUTS,
    "",
    STEP,
    STEP + "    for p in net_d.parameters():\n        p.data += 0.02 * p.grad\n",
)
wrong_discriminator_updated = change(
    D_MOVED,
    INPUTS,
    "",
    ZERO,
    "    opt = torch.optim.Adam([*net_g.parameters(), *net_d.parameters()], lr=1e-3)\n    opt.zero_grad()\n",
    STEP,
    STEP + "    opt.step()\n",
)
wrong_discriminator_without_grad = change(
    "D's answer stands under no_grad, and there is no way back to G: nothing is cut in this step",
    "net_d(net_g(z))",
    "torch.no_grad()(net_d)(net_g(z))",
    INPUTS,
    "",
)
wrong_discriminators_gradient_used = change(
    D_LOSS, LOSS, "discriminator_loss(net_d(net_g(z).detach()), net_d(net_g(z)))"
)
wrong_discriminators_loss = change(D_LOSS, LOSS, "-logsigmoid(-net_d(net_g(z))).mean()")
wrong_evaluation_mode = change(
    "G and D are left in evaluation mode: take the networks as they come",
    "    loss = g",
    "    net_g.eval(), net_d.eval()\n    loss = g",
)
wrong_fake_detached = change(STILL, "net_g(z)", "net_g(z).detach()", INPUTS, "")
wrong_frozen_for_ever = change(
    "D's parameters are frozen for good, and D could never learn again: thaw them",
    "    loss = g",
    "    net_d.requires_grad_(False)\n    loss = g",
)
wrong_generator_in_evaluation_mode = change(
    "G generated in evaluation mode: take the networks as they come, without .eval()",
    LOSS,
    f"(net_g.eval(), {LOSS}, net_g.train())[1]",
)
wrong_gradient_clipped = change(
    CLIPPED, STEP, "    nn.utils.clip_grad_norm_(net_g.parameters(), 0.01)\n" + STEP
)
wrong_gradient_clipped_at_five = change(
    CLIPPED, STEP, "    nn.utils.clip_grad_norm_(net_g.parameters(), 5.0)\n" + STEP
)
wrong_gradient_values_clipped = change(
    CLIPPED, STEP, "    nn.utils.clip_grad_value_(net_g.parameters(), 0.5)\n" + STEP
)
wrong_graph_returned = change(
    "the loss comes back with its graph: return loss.detach()", RETURN, "return loss"
)
wrong_half = change("half a step: there is no 1/2", LOSS, LOSS + " / 2")
wrong_half_returned = change(
    "the step is right, but half the loss comes back", RETURN, RETURN + " / 2"
)
wrong_kind_ignored = change(OTHER, LOSS, LOSS.replace(", kind", ""))
wrong_left_in_evaluation_mode = change(
    "D is left in evaluation mode: take the networks as they come",
    ZERO,
    "    net_d.eval()\n" + ZERO,
)
wrong_loss_after = change(
    "the step is right, and this is the loss after it: the loss before the step is wanted",
    RETURN,
    f"return {LOSS}.detach()",
)
wrong_loss_turned = change(
    "the step is right, but the loss comes back with its sign turned",
    RETURN,
    "return -loss.detach()",
)
wrong_mean_logit = change(
    "each sample has a loss of its own: the mean of the losses, not the loss of the mean logit",
    LOSS,
    "generator_loss(net_d(net_g(z)).mean()[None], kind)",
)
wrong_minimax_sign = change(
    "the minimax step went uphill: it is made small as it is. If exercise 4 passes, no minus here",
    LOSS,
    LOSS + ' * (-1 if kind == "minimax" else 1)',
)
wrong_minimax_used = change(OTHER, LOSS, LOSS.replace("kind", '"minimax"'))
wrong_no_return = change("forgot to return", RETURN, "loss.detach()")
wrong_no_step = change(STILL, STEP, "")
wrong_no_zero_grad = change(STALE, ZERO, "")
wrong_own_noise = change(
    "these are other codes: generate from the z that is given, and draw nothing",
    "net_g(z)",
    "net_g(torch.randn_like(z))",
)
wrong_own_optimizer = change(
    "G's weights have moved, but opt_g took no step: use the optimizer that is given",
    "    loss = g",
    "    opt_g = torch.optim.Adam(net_g.parameters(), lr=opt_g.param_groups[0]['lr'])\n    loss = g",
)
wrong_step_before_backward = change(EARLY, ZERO, STEP + ZERO, BACK + STEP, BACK.replace(INPUTS, ""))
wrong_step_first = change(EARLY, "    loss = g", STEP + "    loss = g", BACK + STEP, BACK)
wrong_sum = change("a sum over the batch: the loss is a mean", LOSS, LOSS + " * len(z)")
wrong_two_steps = change(
    "two steps in place of one",
    ZERO,
    ZERO + f"    {LOSS}.backward()\n" + STEP + f"    loss = {LOSS}\n" + ZERO,
)
wrong_z_normalised = change(
    "z is changed, and it belongs to the caller: generate from it as it comes",
    "net_g(z)",
    "net_g(z.div_(z.norm(dim=1, keepdim=True)))",
)
wrong_zero_grad_at_the_end = change(
    STALE, ZERO, "", STEP, STEP + "    opt_g.zero_grad(set_to_none=True)\n"
)
wrong_zero_grad_of_discriminator = change(STALE, ZERO, "    net_d.zero_grad()\n")
wrong_zero_grad_too_late = change(
    STILL, ZERO, "", STEP, "    opt_g.zero_grad(set_to_none=True)\n" + STEP
)


def wrong_in_pieces(net_g, net_d, z, opt_g, kind="non_saturating"):
    """a step for each piece of the batch: one step is wanted, for all of it"""
    total = 0.0
    for part in z.split([len(z) - 2, 2]) if len(z) > 3 else [z]:
        loss = generator_loss(net_d(net_g(part)), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
        total += loss.item() * len(part) / len(z)
    return total
