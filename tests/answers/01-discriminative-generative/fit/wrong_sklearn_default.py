# scikit-learn as it comes: its own penalty of 1 for every coefficient
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    model = SklearnLogisticRegression(fit_intercept=False).fit(X.numpy(), y.numpy())
    return torch.tensor(model.coef_[0], dtype=X.dtype)
