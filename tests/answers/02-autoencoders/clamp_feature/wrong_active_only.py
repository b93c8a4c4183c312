# only where the feature is active already
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = torch.where(z[:, feature] > 0, value, z[:, feature])
    return x + model.decode(clamped) - model.decode(z)
