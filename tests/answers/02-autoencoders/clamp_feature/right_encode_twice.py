def clamp_feature(model, x, feature, value):
    left_out = x - model(x)
    with torch.no_grad():
        code = model.encode(x)
        code[:, feature] = value
        return model.decode(code) + left_out
