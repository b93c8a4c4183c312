# moves along the encoder's column and not the dictionary's row
def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    return x + (value - z[:, feature])[:, None] * model.encoder[:, feature]
