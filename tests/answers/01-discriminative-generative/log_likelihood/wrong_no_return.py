# no return
# raises: TypeError
def log_likelihood(theta, X, y):
    z = X @ theta
    result = torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()
