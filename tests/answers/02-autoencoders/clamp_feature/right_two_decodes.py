def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    z_new = z.clone()
    z_new[:, feature] = value
    return model.decode(z_new) + (x - model.decode(z))
