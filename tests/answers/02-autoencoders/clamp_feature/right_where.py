def clamp_feature(model, x, feature, value):
    z = model.encode(x)
    here = torch.arange(z.shape[1]) == feature
    return x - model.decode(z) + model.decode(torch.where(here, torch.full_like(z, value), z))
