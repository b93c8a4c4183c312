# exactly a share p of each row: entries are not lost alone
def masking_noise(x, p, generator=None):
    flat = x.flatten(1).clone()
    n = round(p * flat.shape[1])
    order = torch.rand(flat.shape, generator=generator).argsort(1)
    return flat.scatter(1, order[:, :n], 0.0).reshape(x.shape)
