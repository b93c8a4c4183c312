# dropout with its scale taken back: it still does not know the generator
def masking_noise(x, p, generator=None):
    return torch.nn.functional.dropout(x, p) * (1 - p)
