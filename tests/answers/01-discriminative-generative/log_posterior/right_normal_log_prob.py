def log_posterior(theta, X, y, penalty):
    # with the prior's own constant, which does not depend on theta
    log_prior = 0.0
    for t, lam in zip(theta, penalty):
        if lam > 0:
            log_prior = log_prior + Normal(0.0, 1 / lam.sqrt()).log_prob(t)
    return log_likelihood(theta, X, y) + log_prior
