# no return
def sigmoid(z):
    p = 1 / (1 + torch.exp(-z))
