# softmax over the last axis
def sigmoid(z):
    return torch.softmax(z, dim=-1)
