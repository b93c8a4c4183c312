"""TITLE."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.sparse import clamp_feature as definition


def cases(g):
    raise NotImplementedError


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


# Mistakes, and what a student is told.


def wrong_active_only(model, x, feature, value):
    """rows where the feature is off should get the value too"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = torch.where(z[:, feature] > 0, value, z[:, feature])
    return x + model.decode(clamped) - model.decode(z)


def wrong_added(model, x, feature, value):
    """the value is added to the feature; it should take its place"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] += value
    return x + model.decode(clamped) - model.decode(z)


def wrong_alias(model, x, feature, value):
    """nothing has moved: is z a copy, and the bracket made with the old z?"""
    z = model.encode(x)
    clamped = z
    with torch.no_grad():
        clamped[:, feature] = value
    return x + model.decode(clamped) - model.decode(z)


def wrong_code(model, x, feature, value):
    """activations are wanted, (40, 4); got (40, 9). Did you decode the code?"""
    z = model.encode(x).clone()
    z[:, feature] = value
    return z


def wrong_encoder_direction(model, x, feature, value):
    """moves along the encoder's column and not the dictionary's row"""
    z = model.encode(x)
    return x + (value - z[:, feature])[:, None] * model.encoder[:, feature]


def wrong_in_place(model, x, feature, value):
    """clamp_feature has changed the x it was given: work on a copy"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = value
    with torch.no_grad():
        x += model.decode(clamped) - model.decode(z)
    return x


def wrong_maximum(model, x, feature, value):
    """the value takes the feature's place; it is not an upper limit"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = z[:, feature].clamp(max=value)
    return x + model.decode(clamped) - model.decode(z)


def wrong_minimum(model, x, feature, value):
    """the value takes the feature's place; it is not a lower limit"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = z[:, feature].clamp(min=value)
    return x + model.decode(clamped) - model.decode(z)


def wrong_multiplied(model, x, feature, value):
    """the feature is multiplied by the value; the value should take its place"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] *= value
    return x + model.decode(clamped) - model.decode(z)


def wrong_no_residual(model, x, feature, value):
    """what the autoencoder does not explain is lost: add x - decode(z)"""
    z = model.encode(x).clone()
    z[:, feature] = value
    return model.decode(z)


def wrong_old_strength_left(model, x, feature, value):
    """the value is added to the feature; it should take its place"""
    return x + value * model.dictionary[feature]


def wrong_others_zero(model, x, feature, value):
    """the other features should stay; you put them to 0"""
    z = model.encode(x)
    clamped = torch.zeros_like(z)
    clamped[:, feature] = value
    return x + model.decode(clamped) - model.decode(z)


def wrong_pixel(model, x, feature, value):
    """sets an activation and not a feature"""
    out = x.clone()
    out[:, feature] = value
    return out


def wrong_residual_of_clamped(model, x, feature, value):
    """nothing has moved: is z a copy, and the bracket made with the old z?"""
    clamped = model.encode(x).clone()
    clamped[:, feature] = value
    x_hat = model.decode(clamped)
    return x_hat + (x - x_hat)


def wrong_residual_sign(model, x, feature, value):
    """the bracket has the wrong sign"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = value
    return model.decode(clamped) + model.decode(z) - x


def wrong_row(model, x, feature, value):
    """sets row number `feature`, all features of one x"""
    z = model.encode(x)
    clamped = z.clone()
    clamped[feature] = value
    return x + model.decode(clamped) - model.decode(z)


def wrong_whole_x_added(model, x, feature, value):
    """x is added whole: take decode(z) off"""
    z = model.encode(x).clone()
    z[:, feature] = value
    return x + model.decode(z)
