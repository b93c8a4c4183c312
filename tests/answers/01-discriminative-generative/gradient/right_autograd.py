def gradient(theta, X, y):
    t = theta.detach().clone().requires_grad_(True)
    value = log_likelihood(t, X, y)
    value.backward()
    return t.grad
