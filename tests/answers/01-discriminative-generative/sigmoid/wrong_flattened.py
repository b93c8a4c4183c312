# the shape of z is lost
def sigmoid(z):
    z = z.flatten()
    return torch.exp(z.clamp(max=0)) / (torch.exp(z.clamp(max=0)) + torch.exp((-z).clamp(max=0)))
