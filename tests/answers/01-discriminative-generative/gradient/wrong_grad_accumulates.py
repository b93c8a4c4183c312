# theta.grad is never emptied: a second call gives the sum of both
def gradient(theta, X, y):
    theta.requires_grad_(True)
    log_likelihood(theta, X, y).backward()
    return theta.grad
