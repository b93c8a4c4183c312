# the other features are put to 0
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = torch.zeros_like(z)
    clamped[:, feature] = value
    return x + model.decode(clamped) - model.decode(z)
