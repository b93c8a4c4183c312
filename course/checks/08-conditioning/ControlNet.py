"""TITLE."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.controlnet import ControlNet as definition


def cases(g):
    raise NotImplementedError


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


def wrong_added_to_output(self, xt, t, cond=None, control=None, mask=None):
    """the control is added to what comes out"""
    # SAID: the control is added to the output: the branch reads it
    # RAISES: RuntimeError
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return control + self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_added_to_xt(self, xt, t, cond=None, control=None, mask=None):
    """the control is added to the noisy picture"""
    # SAID: the control is added to xt: only the branch sees it
    # RAISES: RuntimeError
    if control is None:
        return self.unet(xt, t, cond, mask)

    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt + control), *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_branch_decoded(self, xt, t, cond=None, control=None, mask=None):
    """the branch's own encoder takes the locked one's place"""
    # SAID: without a condition: the first row of the first picture should be [0.6693315581689624, 0.03486361437410729, 0.5684420808161905, 0.09947098005189928], got [0.3771239758855043, -0.9158248890320078, -1.2435112718980077, -0.5864245834445901]
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)

    h, kept = self.branch.copy.encode(
        self.branch.copy.enter(xt) + self.branch.hint(control), *condition
    )
    return self.unet.decode(h, kept, *condition)


def wrong_branch_sees_the_control(self, xt, t, cond=None, control=None, mask=None):
    """the branch sees the control in place of the picture"""
    # SAID: without a condition: the branch sees the control in place of xt; it takes both
    # RAISES: ValueError
    if control is None:
        return self.unet(xt, t, cond, mask)

    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    middle, extra = self.branch(control, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_branch_step(self, xt, t, cond=None, control=None, mask=None):
    """the branch is told step 1"""
    # SAID: without a condition: the branch is not told the steps t
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, torch.ones_like(t), cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_branch_without_condition(self, xt, t, cond=None, control=None, mask=None):
    """the branch is told condition 0 for all"""
    # SAID: with classes: the branch is not told the condition
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    blank = None if cond is None else torch.zeros_like(cond)
    middle, extra = self.branch(xt, t, blank, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_control_ignored(self, xt, t, cond=None, control=None, mask=None):
    """the control is ignored"""
    # SAID: without a condition: the control changes nothing: what the branch gives has to be added
    return self.unet(xt, t, cond, mask)


def wrong_control_of_first_row(self, xt, t, cond=None, control=None, mask=None):
    """the first row's control for all"""
    # SAID: without a condition: each row has its own control; this is the first one's for all
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control[:1].expand_as(control), mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_control_without_picture(self, xt, t, cond=None, control=None, mask=None):
    """an empty picture for the branch"""
    # SAID: without a condition: the branch sees no xt; it takes xt and the control
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(torch.zeros_like(xt), t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_decoder_condition(self, xt, t, cond=None, control=None, mask=None):
    """the decoder is told step 1"""
    # SAID: without a condition: the zero convolutions are still 0, so nothing should have changed yet. Add what the branch gives, and replace, multiply, or halve nothing
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    condition = self.unet.condition(xt, torch.ones_like(t), cond, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_detached(self, xt, t, cond=None, control=None, mask=None):
    """what the branch gives is detached"""
    # SAID: no gradient comes back to the branch: no no_grad round the decoder, no .detach()
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(
        h + middle.detach(), [k + e.detach() for k, e in zip(kept, extra)], *condition
    )


def wrong_first_only(self, xt, t, cond=None, control=None, mask=None):
    """the first kept map alone"""
    # SAID: without a condition: only the first map gets something: add to each of them
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    kept[0] = kept[0] + extra[0]
    return self.unet.decode(h + middle, kept, *condition)


def wrong_kept_replaced(self, xt, t, cond=None, control=None, mask=None):
    """the kept maps are replaced, the middle is added"""
    # SAID: without a condition: the zero convolutions are still 0, so nothing should have changed yet. Add what the branch gives, and replace, multiply, or halve nothing
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, extra, *condition)


def wrong_last_only(self, xt, t, cond=None, control=None, mask=None):
    """the last kept map alone"""
    # SAID: without a condition: only the last map gets something: add to each of them
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    kept[-1] = kept[-1] + extra[-1]
    return self.unet.decode(h + middle, kept, *condition)


def wrong_mask_forgotten(self, xt, t, cond=None, control=None, mask=None):
    """the branch is not told the mask"""
    # SAID: with a context and its mask: the branch is not told the mask
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, None)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_mask_forgotten_by_unet(self, xt, t, cond=None, control=None, mask=None):
    """the locked network is not told the mask"""
    # SAID: with a context and its mask: the locked network is not told the mask
    condition = self.unet.condition(xt, t, cond, None)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_mean(self, xt, t, cond=None, control=None, mask=None):
    """the mean of both"""
    # SAID: without a condition: the zero convolutions are still 0, so nothing should have changed yet. Add what the branch gives, and replace, multiply, or halve nothing
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(
        (h + middle) / 2, [(k + e) / 2 for k, e in zip(kept, extra)], *condition
    )


def wrong_middle_only(self, xt, t, cond=None, control=None, mask=None):
    """the middle alone gets something"""
    # SAID: without a condition: the kept maps get nothing: add to each of them, too
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, kept, *condition)


def wrong_multiplied(self, xt, t, cond=None, control=None, mask=None):
    """multiplied by 1 + what the branch gives"""
    # SAID: without a condition: the first row of the first picture should be [0.6693315581689624, 0.03486361437410729, 0.5684420808161905, 0.09947098005189928], got [0.2085478580420912, -0.1799994215774463, 0.3303042303031549, -0.5085250912893016]
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(
        h * (1 + middle), [k * (1 + e) for k, e in zip(kept, extra)], *condition
    )


def wrong_no_grad(self, xt, t, cond=None, control=None, mask=None):
    """the locked network under no_grad: no gradient reaches the branch through the decoder"""
    # SAID: no gradient comes back to the branch: no no_grad round the decoder, no .detach()
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    with torch.no_grad():
        return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_no_middle(self, xt, t, cond=None, control=None, mask=None):
    """the middle gets nothing"""
    # SAID: without a condition: nothing is added to the middle
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_no_return(self, xt, t, cond=None, control=None, mask=None):
    """no return"""
    # SAID: with a control, too, return a tensor
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    out = self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_none_is_zeros(self, xt, t, cond=None, control=None, mask=None):
    """without a control: a control of zeros, which is not the same"""
    # SAID: without a condition, control None: the branch has no part in it, not even with a control of zeros
    # RAISES: RuntimeError
    control = torch.zeros_like(xt[:, :1]) if control is None else control

    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_none_refused(self, xt, t, cond=None, control=None, mask=None):
    """fails without a control"""
    # SAID: without a condition, control None: the locked network should speak alone, and pixel_unshuffle(): argument 'input' (position 1) must be Tensor, not NoneType
    # RAISES: TypeError
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_nothing(self, xt, t, cond=None, control=None, mask=None):
    """the branch runs and nothing is added"""
    # SAID: without a condition: the control changes nothing: what the branch gives has to be added
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h, kept, *condition)


def wrong_pair(self, xt, t, cond=None, control=None, mask=None):
    """gives the middle back too"""
    # SAID: with a control, too, return a tensor
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition), middle


def wrong_replaced(self, xt, t, cond=None, control=None, mask=None):
    """the branch's maps take the place of the locked ones"""
    # SAID: without a condition: the zero convolutions are still 0, so nothing should have changed yet. Add what the branch gives, and replace, multiply, or halve nothing
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(middle, extra, *condition)


def wrong_reversed(self, xt, t, cond=None, control=None, mask=None):
    """the last map is added to the first"""
    # SAID: without a condition: the maps are in the same order in both lists: turn none round
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)

    extra = [e if e.shape == k.shape else torch.zeros_like(k) for k, e in zip(kept, extra[::-1])]
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)


def wrong_reversed_plain(self, xt, t, cond=None, control=None, mask=None):
    """zipped in the opposite order"""
    # SAID: without a condition: the maps are in the same order in both lists: turn none round
    # RAISES: RuntimeError
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, reversed(extra))], *condition)


def wrong_scaled(self, xt, t, cond=None, control=None, mask=None):
    """half of what the branch gives"""
    # SAID: without a condition: what the branch gives is to be added whole, not half
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(
        h + 0.5 * middle, [k + 0.5 * e for k, e in zip(kept, extra)], *condition
    )


def wrong_subtracted(self, xt, t, cond=None, control=None, mask=None):
    """subtracted in place of added"""
    # SAID: without a condition: what the branch gives is to be added, not subtracted
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h - middle, [k - e for k, e in zip(kept, extra)], *condition)


def wrong_twice(self, xt, t, cond=None, control=None, mask=None):
    """the whole network once more is added"""
    # SAID: without a condition: the zero convolutions are still 0, so nothing should have changed yet. Add what the branch gives, and replace, multiply, or halve nothing
    condition = self.unet.condition(xt, t, cond, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet(xt, t, cond, mask) + self.unet.decode(
        h + middle, [k + e for k, e in zip(kept, extra)], *condition
    )


def wrong_unet_without_condition(self, xt, t, cond=None, control=None, mask=None):
    """the locked network is told condition 0 for all"""
    # SAID: with classes, control None: this is not what the locked network says
    blank = None if cond is None else torch.zeros_like(cond)

    condition = self.unet.condition(xt, t, blank, mask)
    h, kept = self.unet.encode(self.unet.enter(xt), *condition)
    if control is None:
        return self.unet.decode(h, kept, *condition)
    middle, extra = self.branch(xt, t, cond, control, mask)
    return self.unet.decode(h + middle, [k + e for k, e in zip(kept, extra)], *condition)
