"""8.8 ControlNet."""

import copy

import torch

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.controlnet import ControlNet as definition
from dgm.nn.unet import UNet

SECONDS = 20.0
SHALLOW = {"multipliers": (1,), "attention": (False,), "blocks": 2}


def cases(g):
    mask = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]]).bool()
    context = {"context_dim": 6, "multipliers": (1,), "attention": (True,)}
    yield steered("without a condition", SHALLOW, (3, 1, 4, 4), g)
    yield steered("with classes", {"classes": 5}, (3, 1, 4, 4), g, torch.tensor([1, 4, 2]))
    yield steered("with a context and its mask", context, (3, 1, 4, 4), g, draw.normal(g, 3, 4, 6), mask)  # fmt: skip


def steered(words, options, shape, g, cond=None, mask=None, channels=1, dtype=draw.DOUBLE):
    """With and without a control, before and after the branch has learned, and its gradients."""
    unet = drawn(lambda: UNet(width=8, **options), g, dtype)
    branch = drawn(lambda: definition(copy.deepcopy(unet), channels).branch, g, dtype).state_dict()
    xt, t = draw.normal(g, *shape, dtype=dtype), draw.steps(g, shape[0], 2, 50)
    control = 2 * draw.uniform(g, shape[0], channels, *shape[2:], dtype=dtype) - 0.5
    pull = draw.normal(g, *shape, dtype=dtype)

    def play(answer):
        net = answer(copy.deepcopy(unet), channels)
        given = xt.clone(), t.clone(), copy.copy(cond), control.clone(), copy.copy(mask)
        bare, blank = (*given[:3], None, mask), (*given[:3], 0 * control, mask)
        seen = {}
        with torch.no_grad():
            seen["with control=None"] = net(*bare)
            seen["with a control, while the zero convolutions are 0"] = net(*given)
            for name, p in net.named_parameters():
                if name.startswith("branch."):
                    p.copy_(branch[name.removeprefix("branch.")])
        learning = {k: p for k, p in net.named_parameters() if k.startswith("branch.")}
        result = net(*given)
        seen["with a control, once the branch has learned"] = result
        with torch.no_grad():
            seen["with control=None, once the branch has learned"] = net(*bare)
            seen["with a control of zeros, once the branch has learned"] = net(*blank)
        names = "xt", "t", "cond", "control", "mask"
        for name, a, b in zip(names, given, (xt, t, cond, control, mask), strict=True):
            seen[f"{name} is as it was"] = b is None or torch.equal(a, b)
        for name, part, learns in (
            ("locked network", net.unet, False),
            ("branch", net.branch, True),
        ):
            seen[f"the {name} asks for gradients"] = (
                all(p.requires_grad == learns for p in part.parameters()) == learns
            )
            seen[f"the {name} is in training mode"] = (
                all(m.training == learns for m in part.modules()) == learns
            )
        seen["the result has a graph"] = getattr(result, "requires_grad", False)
        if seen["the result has a graph"] and result.shape == xt.shape:
            slopes = torch.autograd.grad(
                (result * pull).sum(), list(learning.values()), allow_unused=True
            )
            seen["the gradient by"] = {
                k: torch.zeros_like(p) if slope is None else slope
                for (k, p), slope in zip(learning.items(), slopes, strict=True)
            }
        return seen

    loose = 1e-6 if dtype == draw.DOUBLE else 1e-2
    clue = "If exercise 7 does not pass yet, mend that first"
    return Doing(words, play).but(clue, rtol=loose, atol=loose)


def drawn(build, g, dtype):
    """A network whose weights are drawn."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        net = build().to(dtype)
        for p in net.parameters():
            p.copy_(0.4 * draw.normal(g, *p.shape, dtype=dtype))
    return net


# Right, in ways that differ.


def right_encoder_without_graph(self, xt, t, cond=None, control=None, mask=None):
    unet = self.unet
    with torch.no_grad():
        emb, context, m = unet.condition(xt, t, cond, mask)
        h, kept = unet.encode(unet.enter(xt), emb, context, m)
    if control is not None:
        middle, extra = self.branch(xt, t, cond, control.to(xt.dtype), mask)
        h = h + middle
        kept = [kept[i] + extra[i] for i in range(len(kept))]
    return unet.decode(h, kept, emb, context, m)


def right_in_place(self, xt, t, cond=None, control=None, mask=None):
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    for k, e in zip(kept, extra):
        k += e
    h += middle
    return self.unet.decode(h, kept, *condition)


def right_plain(self, xt, t, cond=None, control=None, mask=None):
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def right_unet_called(self, xt, t, cond=None, control=None, mask=None):
    if control is None:
        return self.unet(xt, t, cond, mask)
    condition = self.unet.condition(xt, t, cond, mask)
    first = self.unet.enter(xt)
    h, kept = self.unet.encode(first, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(torch.add(h, middle), list(map(torch.add, kept, extra)), *condition)


def right_zeros(self, xt, t, cond=None, control=None, mask=None):
    unet = self.unet
    condition = unet.condition(xt, t, cond, mask)
    h, kept = unet.encode(unet.enter(xt), *condition)
    add = (0, [0] * len(kept))
    if control is not None:
        if len(control) != len(xt):
            raise ValueError("a control for each row")
        add = self.branch(xt, t, cond, control, mask=mask)
    return unet.decode(h + add[0], [sum(pair) for pair in zip(kept, add[1])], *condition)


# Mistakes, and what a student is told.


CONDITION, ENTER = "unet.condition(xt, t, cond, mask)", "unet.enter(xt)"
BRANCH = "self.branch(xt, t, cond, control.to(xt.dtype), mask)"
SUMS, LAST = "[k + e for k, e in zip(kept, extra, strict=True)]", "return unet.decode(h + middle, kept, *condition)"  # fmt: skip
ALONE = "        if control is None:\n            return unet.decode(h, kept, *condition)\n"


def _told(words, line):
    return change(words, BRANCH, line)


def _summed(words, line, *more):
    return change(words, SUMS, line, *more)


def _last(words, line, *more):
    return change(words, LAST, line, *more)


REVERSED = "the maps are in the same order in both lists: turn none round"
NO_GRADIENT = "no gradient comes back to the branch: no no_grad round the decoder, no .detach()"
ZEROS = "without a control the branch has no part in it, not even with a control of zeros"

wrong_added_to_output = _last(
    "the control is added to the output: the branch reads it",
    LAST.replace("return ", "return control + "),
)
wrong_added_to_xt = change(
    "the control is added to xt: only the branch sees it",
    ENTER,
    "unet.enter(xt if control is None else xt + control)",
)
wrong_branch_decoded = _summed(
    "the branch's own encoder takes the locked one's place; what it gives is added",
    "kept",
    BRANCH,
    "0, 0\n        h, kept = self.branch.copy.encode(self.branch.copy.enter(xt) + self.branch.hint(control), *condition)",
    "h + middle",
    "h",
)
wrong_branch_sees_the_control = _told(
    "the branch sees the control in place of xt; it takes both",
    BRANCH.replace("(xt, t", "(control, t"),
)
wrong_branch_step = _told(
    "the branch is told step 1; it is told the steps t",
    BRANCH.replace(" t,", " torch.ones_like(t),"),
)
wrong_branch_without_condition = _told(
    "the branch is not told the condition",
    BRANCH.replace("cond,", "None if cond is None else torch.zeros_like(cond),"),
)
wrong_control_of_first_row = _told(
    "each row has its own control; this is the first one's for all",
    BRANCH.replace("control.to(xt.dtype)", "control[:1].expand_as(control)"),
)
wrong_control_without_picture = _told(
    "the branch sees no xt; it takes xt and the control", BRANCH.replace("(xt, t", "(0 * xt, t")
)
wrong_binarised = _told(
    "the control is made 0 and 1; the branch reads it as it comes",
    BRANCH.replace("control.to", "(control > 0.5).to"),
)
wrong_clamped = _told(
    "the control is clipped; the branch reads it as it comes",
    BRANCH.replace("control.to", "control.clamp(0, 1).to"),
)
wrong_mask_forgotten = _told("the branch is not told the mask", BRANCH.replace("mask)", "None)"))
wrong_mask_forgotten_by_unet = change(
    "the locked network is not told the mask", CONDITION, CONDITION.replace("mask)", "None)")
)
wrong_unet_step = change(
    "the locked network is told step 1; it is told the steps t",
    CONDITION,
    CONDITION.replace(" t,", " torch.ones_like(t),"),
)
wrong_unet_without_condition = change(
    "the locked network is not told the condition",
    CONDITION,
    CONDITION.replace("cond,", "None if cond is None else torch.zeros_like(cond),"),
)
wrong_decoder_condition = _last(
    "the decoder is told step 1: it is told what the encoder is",
    f"condition = {CONDITION.replace(' t,', ' torch.ones_like(t),')}\n        {LAST}",
)
wrong_detached = _last(
    NO_GRADIENT,
    LAST.replace("middle", "middle.detach()"),
    SUMS,
    SUMS.replace("+ e", "+ e.detach()"),
)
wrong_middle_detached = _last(
    "what the branch gives to the middle is detached: no gradient comes back from there",
    LAST.replace("middle", "middle.detach()"),
)
wrong_maps_detached = _summed(
    "what the branch gives to the maps is detached: no gradient comes back from there",
    SUMS.replace("+ e", "+ e.detach()"),
)
wrong_no_grad = _last(
    NO_GRADIENT,
    f"with torch.no_grad():\n            {LAST}",
)
wrong_eval = _last("the branch is put into evaluation mode: take it as it comes", f"self.eval()\n        {LAST}")  # fmt: skip
wrong_train = _last("the locked network is put into training mode: take it as it comes", f"unet.train()\n        {LAST}")  # fmt: skip
wrong_unlocked = _last(
    "the locked network is unlocked: gradients pass through locked weights, too",
    f"unet.requires_grad_(True)\n        {LAST}",
)
wrong_first_only = _summed(
    "only the first map gets something: add to each of them", "[kept[0] + extra[0], *kept[1:]]"
)
wrong_last_only = _summed(
    "only the last map gets something: add to each of them", "[*kept[:-1], kept[-1] + extra[-1]]"
)
wrong_middle_only = _summed("the maps get nothing: add to each of them, too", "kept")
wrong_kept_replaced = _summed(
    "the branch's maps take the place of the kept ones: add them", "extra"
)
wrong_no_middle = _last("nothing is added to the middle", LAST.replace("h + middle", "h"))
wrong_mean = _last(
    "the sums are halved: add what the branch gives, and halve nothing",
    LAST.replace("h + middle", "(h + middle) / 2"),
    SUMS,
    SUMS.replace("k + e", "(k + e) / 2"),
)
wrong_multiplied = _last(
    "the branch's results multiply the locked ones: add them",
    LAST.replace("h + middle", "h * (1 + middle)"),
    SUMS,
    SUMS.replace("k + e", "k * (1 + e)"),
)
wrong_replaced = _last(
    "what the branch gives takes the place of the locked results: add it",
    LAST.replace("h + middle", "middle"),
    SUMS,
    "extra",
)
wrong_scaled = _last(
    "what the branch gives is added whole, not half",
    LAST.replace("+ middle", "+ middle / 2"),
    SUMS,
    SUMS.replace("+ e", "+ e / 2"),
)
wrong_subtracted = _last(
    "what the branch gives is added, not subtracted",
    LAST.replace("+ middle", "- middle"),
    SUMS,
    SUMS.replace("+ e", "- e"),
)
wrong_reversed = _summed(
    REVERSED,
    "[k + e if k.shape == e.shape else k for k, e in zip(kept, extra[::-1], strict=True)]",
)
wrong_reversed_plain = _summed(REVERSED, SUMS.replace("extra", "extra[::-1]"))
wrong_twice = _last(
    "the locked network's own prediction is added once more: the decoder gives the whole",
    LAST.replace("return ", "return unet(xt, t, cond, mask) + "),
)
wrong_control_ignored = _last(
    "the control changes nothing: add what the branch gives", "return unet(xt, t, cond, mask)"
)
wrong_nothing = _last(
    "the control changes nothing: add what the branch gives",
    LAST.replace("h + middle", "h"),
    SUMS,
    "kept",
)
wrong_no_return = _last("nothing came back: is a `return` missing?", LAST.removeprefix("return "))
wrong_pair = _last("the middle came back, too: the prediction alone is wanted", f"{LAST}, middle")
wrong_squeezed = _last(
    "an axis of length 1 is lost: squeeze takes all of them", f"{LAST}.squeeze()"
)
wrong_none_is_zeros = change(
    ZEROS, ALONE, "        control = xt[:, :1] * 0 if control is None else control\n"
)
wrong_zeros_is_none = change(
    "a control of zeros is a control, too: None alone is none",
    "if control is None:",
    "if control is None or not control.any():",
)
wrong_control_changed = _told(
    "the control was changed, and belongs to the caller: work on a copy",
    BRANCH.replace("control.to", "control.sub_(0.5).to"),
)
wrong_xt_changed = _told(
    "xt was changed, and belongs to the caller: no `+=` on it",
    BRANCH.replace("(xt, t", "(xt.add_(control), t"),
)


def wrong_none_refused(self, xt, t, cond=None, control=None, mask=None):
    """without a control the locked network speaks alone: ask for None first"""
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)
