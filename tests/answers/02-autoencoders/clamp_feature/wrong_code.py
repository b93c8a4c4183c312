# returns the code
def clamp_feature(model, x, feature, value):
    z = model.encode(x).clone()
    z[:, feature] = value
    return z
