# labels made float64, whatever the type of X
# raises: RuntimeError
def log_likelihood(theta, X, y):
    z = X @ theta
    y = y.double()
    logsig = torch.nn.functional.logsigmoid
    return y @ logsig(z) + (1 - y) @ logsig(-z)
