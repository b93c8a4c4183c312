def gradient(theta, X, y):
    n, d = X.shape
    out = [0.0] * d
    for i in range(n):
        z = sum(X[i, j].item() * theta[j].item() for j in range(d))
        p = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
        for j in range(d):
            out[j] += (y[i].item() - p) * X[i, j].item()
    return torch.tensor(out)
