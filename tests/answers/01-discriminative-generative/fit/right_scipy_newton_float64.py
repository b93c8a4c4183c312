from scipy.optimize import minimize


def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    X, penalty = X.double(), penalty.double()
    result = minimize(
        lambda t: -log_posterior(torch.tensor(t), X, y, penalty).item(),
        torch.zeros(X.shape[1]).double().numpy(),
        jac=lambda t: (penalty * torch.tensor(t) - gradient(torch.tensor(t), X, y)).numpy(),
        hess=lambda t: information(torch.tensor(t), X, penalty).numpy(),
        method="trust-exact",
    )
    return torch.tensor(result.x)
