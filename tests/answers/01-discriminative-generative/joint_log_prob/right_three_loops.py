def joint_log_prob(X, prior, mean, var):
    n, d = X.shape
    K = len(prior)
    out = torch.zeros(n, K, dtype=X.dtype)
    for i in range(n):
        for k in range(K):
            s = math.log(prior[k])
            for j in range(d):
                v = float(var[k, j])
                s -= 0.5 * math.log(2 * math.pi * v)
                s -= (float(X[i, j]) - float(mean[k, j])) ** 2 / (2 * v)
            out[i, k] = s
    return out
