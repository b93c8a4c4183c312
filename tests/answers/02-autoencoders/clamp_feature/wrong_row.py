# sets row number `feature`, all features of one x
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    clamped = z.clone()
    clamped[feature] = value
    return x + model.decode(clamped) - model.decode(z)
