def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    change = value - z[:, feature]  # (B,)
    return x + change[:, None] * model.dictionary[feature]
