# the feature is multiplied by the value
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] *= value
    return x + model.decode(clamped) - model.decode(z)
