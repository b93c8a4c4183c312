def sigmoid(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))

    return torch.tensor([one(v) for v in z.reshape(-1).tolist()]).reshape(z.shape)
