# what the autoencoder does not explain is lost
def clamp_feature(model, x, feature, value):
    z = model.encode(x).clone()
    z[:, feature] = value
    return model.decode(z)
