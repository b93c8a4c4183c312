def log_posterior(theta, X, y, penalty):
    # N(0, 1/lambda), less its value at 0; flat where lambda is 0
    on = penalty > 0
    prior = Normal(torch.zeros_like(theta[on]), 1 / penalty[on].sqrt())
    log_prior = prior.log_prob(theta[on]) - prior.log_prob(torch.zeros_like(theta[on]))
    return log_likelihood(theta, X, y) + log_prior.sum()
