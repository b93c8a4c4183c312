from scipy.special import logsumexp


def posterior_log_prob(X, prior, mean, var):
    a = joint_log_prob(X, prior, mean, var).numpy()
    return torch.tensor(a - logsumexp(a, axis=1, keepdims=True))
