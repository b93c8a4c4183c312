def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta], lr=0.1)
    for _ in range(500):
        theta.grad = penalty * theta.detach() - gradient(theta.detach(), X, y)
        if theta.grad.abs().max() < 1e-3:
            break
        optimiser.step()
    return theta.detach()
