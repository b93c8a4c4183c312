"""2.10 Hold a feature fast."""

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.sparse import SparseAutoencoder
from dgm.sparse import clamp_feature as definition


def cases(g):
    model, x = draw.module(g, lambda: SparseAutoencoder(4, 9)), 2 * draw.normal(g, 40, 4)
    with torch.no_grad():
        z = model.encode(x)
    feature = int(((z > 0).double().mean(0) - 0.5).abs().argmin())  # on in some rows, off in others
    strength = round(z[:, feature][z[:, feature] > 0].mean().item(), 2)
    for m, value in ((feature, strength), (feature, 0.0), (0, -1.5), (8, 2.5)):
        yield Call(model, x, m, value).but(dtype="float")


# Right, in ways that differ.


def right_along_direction(model, x, feature, value):
    z = model.encode(x)
    change = value - z[:, feature]  # (B,)
    return x + change[:, None] * model.dictionary[feature]


def right_encode_twice(model, x, feature, value):
    left_out = x - model(x)
    with torch.no_grad():
        code = model.encode(x)
        code[:, feature] = value
        return model.decode(code) + left_out


def right_rows(model, x, feature, value):
    rows = []
    for row in x:
        z = model.encode(row[None])
        other = torch.cat(
            [z[:, :feature], torch.full((1, 1), value).to(z), z[:, feature + 1 :]], dim=1
        )
        rows.append(row + (model.decode(other) - model.decode(z))[0])
    return torch.stack(rows)


def right_two_decodes(model, x, feature, value):
    z = model.encode(x)
    z_new = z.clone()
    z_new[:, feature] = value
    return model.decode(z_new) + (x - model.decode(z))


def right_where(model, x, feature, value):
    z = model.encode(x)
    here = torch.arange(z.shape[1]) == feature
    return x - model.decode(z) + model.decode(torch.where(here, torch.full_like(z, value), z))


def right_one_hot(model, x, feature, value):
    z = model.encode(x)
    off = torch.nn.functional.one_hot(torch.tensor(feature), z.shape[1]).to(z)
    return x + model.decode(z * (1 - off) + value * off) - model.decode(z)


# Mistakes, and what a student is told.

SET, RETURN = "clamped[:, feature] = value", "x + model.decode(clamped) - model.decode(z)"

wrong_active_only = change(
    "the value stands only where the feature is on; it belongs in every row",
    SET,
    "clamped[:, feature] = torch.where(z[:, feature] > 0, value, z[:, feature])",
)
wrong_added = change("the value is added to the feature; it takes its place", SET, "clamped[:, feature] += value")  # fmt: skip
wrong_alias = change("nothing moves: z' is a copy of z, and the bracket has the old z", "z.clone()", "z")  # fmt: skip
wrong_bias_twice = change(
    "decode adds its bias: of a difference of codes it counts once too often",
    RETURN,
    "x + model.decode(clamped - z)",
)
wrong_code = change("the code comes back; decode it", RETURN, "clamped")
wrong_encoder_direction = change(
    "x moves along the encoder's column; decode moves it along the dictionary's row",
    RETURN,
    "x + (value - z[:, [feature]]) * model.encoder[:, feature]",
)
wrong_evaluation_mode = change(
    "the model's mode is changed: it belongs to the caller",
    "model.encode(x)",
    "model.eval().encode(x)",
)
wrong_in_place = change(
    "x is changed in place: it belongs to the caller, so work on a copy",
    RETURN,
    "x.add_((model.decode(clamped) - model.decode(z)).detach())",
)
wrong_encoded_again = change(
    "the bracket has x and its own code, not what is clamped and encoded again",
    RETURN,
    "(c := model.decode(clamped)) + x - model.decode(model.encode(c))",
)
wrong_maximum = change(
    "the value is an upper limit; it takes the feature's place",
    SET,
    "clamped[:, feature] = z[:, feature].clamp(max=value)",
)
wrong_minimum = change(
    "the value is a lower limit; it takes the feature's place",
    SET,
    "clamped[:, feature] = z[:, feature].clamp(min=value)",
)
wrong_multiplied = change(
    "the feature is multiplied by the value; the value takes its place",
    SET,
    "clamped[:, feature] *= value",
)
wrong_no_residual = change("what the autoencoder does not explain is lost: add x - decode(z)", RETURN, "model.decode(clamped)")  # fmt: skip
wrong_not_below_zero = change("a value below 0 is put to 0; it is held as it is", SET, "clamped[:, feature] = max(value, 0)")  # fmt: skip
wrong_old_strength_left = change(
    "the value is added to the feature; it takes its place",
    RETURN,
    "x + value * model.dictionary[feature]",
)
wrong_one_based = change("features count from 0; this is the one before", "[:, feature]", "[:, feature - 1]")  # fmt: skip
wrong_others_zero = change("the other features are put to 0; they stay as they are", "z.clone()", "torch.zeros_like(z)")  # fmt: skip
wrong_residual_of_clamped = change(
    "nothing moves: z' is a copy of z, and the bracket has the old z",
    RETURN,
    "model.decode(clamped) + (x - model.decode(clamped))",
)
wrong_residual_sign = change("the bracket has its sign turned", RETURN, "model.decode(clamped) + model.decode(z) - x")  # fmt: skip
wrong_row = change("a row of z is set, all features of one x; a feature is a column", "[:, feature]", "[feature]")  # fmt: skip
wrong_row_and_column = change("one row has the feature set; every row has it", "[:, feature]", "[0, feature]")  # fmt: skip
wrong_weights_changed = change("the model is changed: its weights belong to the caller", SET, SET + "\n    model.normalize()")  # fmt: skip
wrong_whole_x_added = change("x is added whole: take decode(z) off", RETURN, "x + model.decode(clamped)")  # fmt: skip
wrong_zero_ignored = change(
    "a value of 0 is taken for no value; it takes the feature out",
    SET,
    "clamped[:, feature] = value or z[:, feature]",
)


def wrong_pixel(model, x, feature, value):
    """an entry of x is set; the feature is an entry of its code"""
    out = x.clone()
    out[:, feature] = value
    return out
