# the value is added to the feature
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] += value
    return x + model.decode(clamped) - model.decode(z)
