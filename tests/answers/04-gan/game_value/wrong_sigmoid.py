# d is taken for a logit
def game_value(d, p, q, dx):
    d = torch.sigmoid(d)
    return (p * d.log() + q * (1 - d).log()).sum() * dx
