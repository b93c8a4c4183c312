# z is clamped in place, so the caller's log-odds change
def sigmoid(z):
    z.clamp_(-100, 100)
    return 1 / (1 + torch.exp(-z))
