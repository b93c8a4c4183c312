# z and the clamped z are the same tensor: nothing moves
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z
    with torch.no_grad():
        clamped[:, feature] = value
    return x + model.decode(clamped) - model.decode(z)
