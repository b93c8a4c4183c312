# a step size of 1 on a summed slope: it jumps to and fro
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        theta = theta + 1.0 * (gradient(theta, X, y) - penalty * theta)
    return theta
