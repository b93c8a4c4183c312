def log_posterior(theta, X, y, penalty):
    log_prior = -0.5 * torch.einsum("j,j,j->", penalty, theta, theta)
    return log_prior + log_likelihood(theta, X, y)
