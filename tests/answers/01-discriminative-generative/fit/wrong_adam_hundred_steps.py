# Adam with its default rate, stopped after 100 steps
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta])
    for _ in range(max_iter):
        optimiser.zero_grad()
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()
