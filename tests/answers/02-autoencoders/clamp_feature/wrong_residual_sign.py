# the residual has the wrong sign
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = value
    return model.decode(clamped) + model.decode(z) - x
