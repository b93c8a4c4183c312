# each formula on the side where it overflows
def sigmoid(z):
    return torch.where(z < 0, 1 / (1 + torch.exp(-z)), torch.exp(z) / (1 + torch.exp(z)))
