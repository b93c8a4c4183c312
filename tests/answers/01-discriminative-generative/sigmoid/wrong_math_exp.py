# a loop with math.exp, which raises an error instead of giving inf
# raises: OverflowError
def sigmoid(z):
    return torch.tensor([1 / (1 + math.exp(-v)) for v in z.flatten().tolist()]).reshape(z.shape)
