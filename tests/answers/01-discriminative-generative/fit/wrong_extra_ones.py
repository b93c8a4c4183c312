# a second column of ones is added, so theta is one longer
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    X = torch.cat([X.new_ones(len(X), 1), X], dim=1)
    penalty = torch.cat([penalty.new_zeros(1), penalty])
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta
