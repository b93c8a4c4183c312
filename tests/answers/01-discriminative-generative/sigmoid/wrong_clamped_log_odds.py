# log-odds cut at 10, so the tails end at 5e-5
def sigmoid(z):
    z = z.clamp(-10, 10)
    return torch.exp(z) / (1 + torch.exp(z))
