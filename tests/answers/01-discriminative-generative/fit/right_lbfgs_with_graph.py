def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.nn.Parameter(torch.zeros(X.shape[1], dtype=X.dtype))
    optimiser = torch.optim.LBFGS([theta], lr=1, max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        z = X @ theta
        nll = binary_cross_entropy_with_logits(z, y.to(X.dtype), reduction="sum")
        loss = nll + 0.5 * (penalty * theta**2).sum()
        loss.backward()
        return loss

    for _ in range(5):
        optimiser.step(closure)
    return theta
