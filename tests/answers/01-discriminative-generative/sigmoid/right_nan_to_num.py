def sigmoid(z):
    # inf / inf on the far right is nan, and the limit there is 1
    return torch.nan_to_num(torch.exp(z) / (1 + torch.exp(z)), nan=1.0)
