# the perceptron's rule
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(10):
        for x, label in zip(X, y):
            theta = theta + 0.1 * (label - (x @ theta > 0).to(X.dtype)) * x
    return theta
