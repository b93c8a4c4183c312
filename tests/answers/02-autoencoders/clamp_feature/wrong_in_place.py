# changes the caller's x
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[:, feature] = value
    with torch.no_grad():
        x += model.decode(clamped) - model.decode(z)
    return x
