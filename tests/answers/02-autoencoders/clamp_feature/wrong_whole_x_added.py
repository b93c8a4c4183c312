# x is added whole: what decode(z) explains counts twice
def clamp_feature(model, x, feature, value):
    z = model.encode(x).clone()
    z[:, feature] = value
    return x + model.decode(z)
