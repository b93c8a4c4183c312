def joint_log_prob(X, prior, mean, var):
    out = torch.zeros(len(X), len(prior))
    for k in range(len(prior)):
        out[:, k] = torch.log(prior[k])
        for j in range(X.shape[1]):
            out[:, k] += Normal(mean[k, j], var[k, j] ** 0.5).log_prob(X[:, j])
    return out
