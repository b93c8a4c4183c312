# a loop over one axis: right for a vector only
# raises: TypeError
def sigmoid(z):
    values = []
    for v in z.tolist():
        if v > 0:
            values.append(1 / (1 + math.exp(-v)))
        else:
            values.append(math.exp(v) / (1 + math.exp(v)))
    return torch.tensor(values)
