# torch.clamp: keeps the feature at the value or less
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = z[:, feature].clamp(max=value)
    return x + model.decode(clamped) - model.decode(z)
