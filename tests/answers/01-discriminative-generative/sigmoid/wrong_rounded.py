# rounded to three decimals
def sigmoid(z):
    return torch.round(1 / (1 + torch.exp(-z)), decimals=3)
