def sigmoid(z):
    values = []
    for v in z.flatten().tolist():
        if v >= 0:
            values.append(1 / (1 + math.exp(-v)))
        else:
            values.append(math.exp(v) / (1 + math.exp(v)))
    return torch.tensor(values, dtype=z.dtype).reshape(z.shape)
