# the absolute value without telling the sides apart
def sigmoid(z):
    return 1 / (1 + torch.exp(-torch.abs(z)))
