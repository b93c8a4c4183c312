# the residual is taken after clamping: x comes back
def clamp_feature(model, x, feature, value):
    clamped = model.encode(x).clone()
    clamped[:, feature] = value
    x_hat = model.decode(clamped)
    return x_hat + (x - x_hat)
