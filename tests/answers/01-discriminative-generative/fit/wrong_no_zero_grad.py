# slopes are never set back to zero, so they pile up
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.SGD([theta], lr=0.01)
    for _ in range(300):
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()
