def log_likelihood(theta, X, y):
    logsig = torch.nn.functional.logsigmoid
    result = 0
    for x_i, y_i in zip(X, y):
        z_i = theta @ x_i
        result = result + y_i * logsig(z_i) + (1 - y_i) * logsig(-z_i)
    return result
