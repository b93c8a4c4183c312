# sets an activation and not a feature
# raises: IndexError
def clamp_feature(model, x, feature, value):
    out = x.clone()
    out[:, feature] = value
    return out
