# adds value times the direction and leaves the old strength in
def clamp_feature(model, x, feature, value):
    return x + value * model.dictionary[feature]
