# 1 / 1 + exp(-z): brackets are missing
def sigmoid(z):
    return 1 / 1 + torch.exp(-z)
