def attention_macs(shape):
    b, c, h, w = torch.tensor(shape).unbind()
    n = h * w
    return b * (4 * n * c.square() + 2 * n.square() * c)
