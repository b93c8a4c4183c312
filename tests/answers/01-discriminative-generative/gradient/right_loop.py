def gradient(theta, X, y):
    total = torch.zeros_like(theta)
    for x_i, y_i in zip(X, y):
        total = total + (y_i - sigmoid(x_i @ theta)) * x_i
    return total
