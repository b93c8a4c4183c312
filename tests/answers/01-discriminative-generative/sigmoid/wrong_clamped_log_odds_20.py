# log-odds cut at 20, so the left tail ends at 2e-9
def sigmoid(z):
    z = torch.clamp(z, min=-20.0, max=20.0)
    return 1 / (1 + torch.exp(-z))
