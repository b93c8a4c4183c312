# log(1 + exp(z)), which overflows
def log_likelihood(theta, X, y):
    z = X @ theta
    return (y * z - torch.log(1 + torch.exp(z))).sum()
